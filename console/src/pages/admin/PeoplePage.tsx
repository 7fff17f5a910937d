import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { peopleList, personDeactivate, personReset, personUnlock } from "../../api/calls";
import type { Person } from "../../api/types";
import { ActDialog } from "../../components/ActDialog";
import { Failed } from "../../components/Failed";
import { StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { OneTimeSecret } from "../../components/OneTimeSecret";
import { PageHead } from "../../components/PageHead";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { PersonCreateForm } from "../../forms/person-create";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

const VERBS = ["reset", "unlock", "deactivate"] as const;
type Verb = (typeof VERBS)[number];
const ACTS = { reset: personReset, unlock: personUnlock, deactivate: personDeactivate };

export function PeoplePage() {
  const { t } = useTranslation(["admin", "common"]);
  const words = useWords();
  const { can } = useSession();
  const [creating, setCreating] = useState(false);
  const [act, setAct] = useState<{ person: Person; verb: Verb } | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const list = useItems(["people"], peopleList);
  const mayAct = VERBS.some((verb) => can.includes(`person_${verb}`));
  const keep = (answer: { one_time_link?: string }) => setLink(answer.one_time_link ?? null);
  if (list.error) return <Failed error={list.error} />;
  return (
    <>
      <PageHead
        title={t("people.title")}
        lead={t("people.lead")}
        actions={
          can.includes("person_create") ? (
            <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setCreating(true)}>
              {t("people.create")}
            </Button>
          ) : undefined
        }
      />
      <Panel flush>
        <DataTable
          caption={t("people.title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("people.empty")}
          columns={[
            { key: "name", title: t("people.name"), main: true, cell: (row) => row.name },
            { key: "login", title: t("people.login"), cell: (row) => <code>{row.login}</code> },
            { key: "organisation", title: t("people.organisation"), cell: (row) => row.organisation?.name ?? "—" },
            { key: "roles", title: t("people.roles"), cell: (row) => row.roles.map((role) => words("role", role)).join("、") },
            { key: "state", title: t("people.state"), narrow: true, cell: (row) => <StateMark list="person_state" state={row.state ?? "active"} /> },
            // Whoever may do none of it is not shown an empty column.
            ...(mayAct ? [{ key: "actions", title: t("people.actions"), cell: (row: Person) => <PersonActions person={row} choose={(verb) => setAct({ person: row, verb })} /> }] : []),
          ]}
        />
      </Panel>
      <More list={list} />
      {creating ? <PersonCreateForm close={() => setCreating(false)} created={keep} /> : null}
      {act ? (
        <ActDialog title={`${t(`people.${act.verb}`)} · ${act.person.name}`} text={t(`people.${act.verb}_text`)} confirm={t(`people.${act.verb}`)} danger={act.verb === "deactivate"} act={() => ACTS[act.verb](act.person.id).then(keep)} close={() => setAct(null)} />
      ) : null}
      {link ? <OneTimeSecret title={t("people.link_title")} label={t("people.link_title")} secret={link} warning={t("people.link_warning")} close={() => setLink(null)} /> : null}
    </>
  );
}

/** What the server says such a person may do at all; an account that is closed stays closed. */
function PersonActions({ person, choose }: { person: Person; choose: (verb: Verb) => void }) {
  const { t } = useTranslation(["admin", "common"]);
  const { can } = useSession();
  const offered = person.state === "active" ? VERBS.filter((verb) => can.includes(`person_${verb}`)) : [];
  if (offered.length === 0) return <span className="muted">—</span>;
  return (
    <span className="row">
      {offered.map((verb) => (
        <Button key={verb} size="small" danger={verb === "deactivate"} aria-label={`${t(`people.${verb}`)} ${person.name}`} onClick={() => choose(verb)}>
          {t(`people.${verb}`)}
        </Button>
      ))}
    </span>
  );
}
