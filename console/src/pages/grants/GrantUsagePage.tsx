import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { grantGet, grantUsage } from "../../api/calls";
import { knownText } from "../../api/problem";
import type { UsageRecord } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { bytes, count, exactMoment } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Mark, stateLook } from "../../ui/Mark";
import { Panel } from "../../ui/Panel";
import { callerOf } from "./caller";

export function GrantUsagePage() {
  const { t } = useTranslation("grants");
  const { id = "" } = useParams();
  const grant = useQuery({ queryKey: ["grant", id], queryFn: () => grantGet(id) });
  const usage = useQuery({ queryKey: ["usage", id], queryFn: () => grantUsage(id) });
  if (grant.isPending || usage.isPending) return <Loading />;
  if (grant.isError || usage.isError) return <Failed error={grant.error ?? usage.error} />;
  const records = usage.data.items;
  const systems = Object.fromEntries(grant.data.systems.map((system) => [system.id, system.name]));
  const caller = (record: UsageRecord) => {
    const { kind, id: who } = callerOf(record.caller);
    return kind === "person" ? t("usage.trial") : (systems[who] ?? who ?? t("usage.system"));
  };
  return (
    <>
      <PageHead title={t("usage.title")} lead={t("usage.lead")} trail={[{ to: paths.grant(id), text: grant.data.entry_name }]} />
      <Panel flush>
        <DataTable
          caption={t("usage.title")}
          rows={records}
          rowKey={(row) => String(row.index)}
          empty={t("usage.empty")}
          columns={[
            { key: "at", title: t("usage.at"), main: true, cell: (row) => <span className="tabular">{exactMoment(row.at)}</span> },
            { key: "index", title: t("usage.index"), align: "end", cell: (row) => row.index },
            { key: "caller", title: t("usage.caller"), cell: caller },
            { key: "result", title: t("usage.result"), narrow: true, cell: (row) => <Outcome record={row} /> },
            { key: "rows", title: t("usage.rows"), align: "end", cell: (row) => count(deliveredOf(row)?.rows) },
            { key: "bytes", title: t("usage.bytes"), align: "end", cell: (row) => bytesOf(row) },
            { key: "items", title: t("usage.items"), cell: (row) => row.items.join(", ") },
          ]}
        />
      </Panel>
    </>
  );
}

const deliveredOf = ({ outcome }: UsageRecord) => ("delivered" in outcome ? outcome.delivered : null);
const bytesOf = (record: UsageRecord) => {
  const delivered = deliveredOf(record);
  return delivered ? bytes(delivered.bytes) : "—";
};

function Outcome({ record }: { record: UsageRecord }) {
  const { t } = useTranslation("grants");
  const refused = "refused" in record.outcome ? record.outcome.refused : null;
  const look = stateLook(refused ? "denied" : "delivered");
  return (
    <Mark tone={look.tone} icon={look.icon}>
      {refused ? `${t("usage.refused")}：${knownText(refused.code) ?? refused.code}` : t("usage.delivered")}
    </Mark>
  );
}
