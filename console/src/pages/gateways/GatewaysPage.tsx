import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { gatewayCreate, gatewayRemove, gatewaysList } from "../../api/calls";
import type { Gateway } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { More } from "../../components/More";
import { OneTimeSecret } from "../../components/OneTimeSecret";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { exactMoment } from "../../i18n/format";
import { CodeBlock } from "../../ui/CodeBlock";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

/** The gateways of a provider: what they are, and when they were last heard of. */
export function GatewaysPage() {
  const { t } = useTranslation(["gateways", "common"]);
  const { can } = useSession();
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<Gateway | null>(null);
  const [enrolment, setEnrolment] = useState<string | null>(null);
  const list = useItems(["gateways"], gatewaysList);
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          can.includes("gateway_create") ? (
            <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setCreating(true)}>
              {t("create")}
            </Button>
          ) : undefined
        }
      />
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "name", title: t("name"), main: true, cell: (row) => row.name },
            { key: "id", title: t("id"), cell: (row) => <code className="hash">{row.id}</code> },
            { key: "state", title: t("state"), narrow: true, cell: (row) => t(row.removed_at ? "removed" : "standing") },
            { key: "seen", title: t("seen"), cell: (row) => <Seen gateway={row} /> },
            { key: "epoch", title: t("epoch"), cell: (row) => <Epoch gateway={row} /> },
            { key: "log", title: t("log"), narrow: true, cell: (row) => row.log_size ?? "—" },
            { key: "actions", title: t("actions"), cell: (row) => <Remove gateway={row} choose={setRemoving} /> },
          ]}
        />
      </Panel>
      <More list={list} />
      <Panel title={t("run")}>
        <p className="muted">{t("run_lead")}</p>
        <CodeBlock
          code={`shuqiao gateway --upstream ${window.location.origin} --enrolment enrolment.json --data gateway-data --listen 0.0.0.0:8091`}
          label={t("run")}
          copyLabel={t("copy")}
          copiedLabel={t("common:copied")}
        />
      </Panel>
      {creating ? (
        <ActDialog
          title={t("create")}
          note={{ label: t("name"), required: true }}
          confirm={t("create")}
          act={(name) => gatewayCreate(name).then((gateway) => setEnrolment(gateway.enrolment ?? null))}
          close={() => setCreating(false)}
        />
      ) : null}
      {removing ? (
        <ActDialog title={`${t("remove")} · ${removing.name}`} text={t("remove_text")} confirm={t("remove")} danger act={() => gatewayRemove(removing)} close={() => setRemoving(null)} />
      ) : null}
      {enrolment ? <OneTimeSecret title={t("enrolment")} label={t("enrolment")} secret={enrolment} warning={t("enrolment_warning")} close={() => setEnrolment(null)} /> : null}
    </>
  );
}

function Seen({ gateway }: { gateway: Gateway }) {
  const { t } = useTranslation("gateways");
  return <>{gateway.seen_at ? exactMoment(gateway.seen_at) : t("never")}</>;
}

function Epoch({ gateway }: { gateway: Gateway }) {
  const { t } = useTranslation("gateways");
  if (gateway.epoch === null) return <>—</>;
  return <>{gateway.lag ? `${gateway.epoch} · ${t("lag_count", { count: gateway.lag })}` : gateway.epoch}</>;
}

function Remove({ gateway, choose }: { gateway: Gateway; choose: (gateway: Gateway) => void }) {
  const { t } = useTranslation("gateways");
  const { can } = useSession();
  if (gateway.removed_at || !can.includes("gateway_create")) return null;
  return (
    <Button size="small" danger aria-label={`${t("remove")} ${gateway.name}`} onClick={() => choose(gateway)}>
      {t("remove")}
    </Button>
  );
}
