import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { grantsList } from "../../api/calls";
import type { Grant } from "../../api/types";
import { StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { usePages } from "../../components/usePages";
import { count, day } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { NationalUsePanel } from "../systems/NationalUsePanel";

const SIDES = ["mine", "given", "all"] as const;

export function GrantsPage() {
  const { t } = useTranslation(["grants", "common"]);
  const [search] = useSearchParams();
  const side = SIDES.find((each) => each === search.get("side")) ?? "mine";
  const list = usePages<Grant>(["grants", side], (after) => grantsList({ side, after }));
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <nav aria-label={t("title")} className="tabs">
        {SIDES.map((each) => (
          <Link key={each} to={`${paths.grants}?side=${each}`} replace className="tab" aria-current={each === side ? "page" : undefined}>
            {t(`sides.${each}`)}
          </Link>
        ))}
      </nav>
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "entry", title: t("entry"), main: true, cell: (row) => <Link to={paths.grant(row.id)}>{row.entry_name}</Link> },
            { key: "number", title: t("number"), cell: (row) => <code>{row.number}</code> },
            { key: "state", title: t("state"), narrow: true, cell: (row) => <StateMark list="grant_state" state={row.state} /> },
            { key: "requester", title: t("requester"), cell: (row) => row.requester.name },
            { key: "provider", title: t("provider"), cell: (row) => row.provider.name },
            { key: "until", title: t("until"), narrow: true, cell: (row) => <span className="nowrap">{day(row.valid_until)}</span> },
            { key: "calls", title: t("usage_calls"), align: "end", cell: (row) => count(row.usage?.calls) },
          ]}
        />
      </Panel>
      <More list={list} />
      <NationalUsePanel />
    </>
  );
}
