import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { systemCreate, systemDeactivate, systemRotate, systemsList } from "../../api/calls";
import type { DepartmentSystem } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { OneTimeSecret } from "../../components/OneTimeSecret";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { paths } from "../../paths";
import { CodeBlock } from "../../ui/CodeBlock";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { NationalUsePanel } from "./NationalUsePanel";

const VERBS = ["rotate", "deactivate"] as const;
type Verb = (typeof VERBS)[number];
const ACTS = { rotate: systemRotate, deactivate: systemDeactivate };

export function SystemsPage() {
  const { t } = useTranslation(["systems", "common"]);
  const { can } = useSession();
  const [creating, setCreating] = useState(false);
  const [act, setAct] = useState<{ system: DepartmentSystem; verb: Verb } | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const list = useItems(["systems"], systemsList);
  const keep = (system: DepartmentSystem) => setSecret(system.client_secret ?? null);
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <Link to={paths.refusal()}>{t("refusal")}</Link>
            {can.includes("system_create") ? (
              <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setCreating(true)}>
                {t("create")}
              </Button>
            ) : null}
          </>
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
            { key: "name", title: t("name"), main: true, cell: (row) => <Link to={paths.system(row.id)}>{row.name}</Link> },
            { key: "id", title: t("id"), cell: (row) => <code className="hash">{row.id}</code> },
            { key: "state", title: t("state"), narrow: true, cell: (row) => <StateMark list="system_state" state={row.state ?? "active"} /> },
            { key: "actions", title: t("actions"), cell: (row) => <SystemActions system={row} choose={(verb) => setAct({ system: row, verb })} /> },
          ]}
        />
      </Panel>
      <More list={list} />
      <Panel title={t("token")}>
        <p className="muted">{t("token_lead")}</p>
        <CodeBlock
          code={`curl -sS -u "$CLIENT_ID:$CLIENT_SECRET" -d grant_type=client_credentials ${window.location.origin}/oauth2/token`}
          label={t("token")}
          copyLabel={t("copy")}
          copiedLabel={t("common:copied")}
        />
      </Panel>
      <NationalUsePanel />
      {creating ? (
        <ActDialog title={t("create")} note={{ label: t("name"), required: true }} confirm={t("create")} act={(name) => systemCreate(name).then(keep)} close={() => setCreating(false)} />
      ) : null}
      {act ? (
        <ActDialog title={`${t(act.verb)} · ${act.system.name}`} text={t(`${act.verb}_text`)} confirm={t(act.verb)} danger={act.verb === "deactivate"} act={() => ACTS[act.verb](act.system).then(keep)} close={() => setAct(null)} />
      ) : null}
      {secret ? <OneTimeSecret title={t("secret_title")} label={t("secret_title")} secret={secret} warning={t("secret_warning")} close={() => setSecret(null)} /> : null}
    </>
  );
}

function SystemActions({ system, choose }: { system: DepartmentSystem; choose: (verb: Verb) => void }) {
  const { t } = useTranslation(["systems", "common"]);
  const { can } = useSession();
  const offered = system.state === "active" ? VERBS.filter((verb) => can.includes(`system_${verb}`)) : [];
  return (
    <span className="row">
      {offered.map((verb) => (
        <Button key={verb} size="small" danger={verb === "deactivate"} aria-label={`${t(verb)} ${system.name}`} onClick={() => choose(verb)}>
          {t(verb)}
        </Button>
      ))}
    </span>
  );
}
