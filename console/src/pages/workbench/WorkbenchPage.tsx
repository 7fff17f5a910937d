import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { inboxGet, requestsList, statisticsGet } from "../../api/calls";
import type { Action, Statistics } from "../../api/types";
import { InboxTable } from "../../components/InboxTable";
import { ClockMark, StateMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { count } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

const FEW = 6;

export function WorkbenchPage() {
  const { t } = useTranslation(["workbench", "catalogue", "common", "requests"]);
  const words = useWords();
  const session = useSession();
  const { person } = session;
  const todo = useQuery({ queryKey: ["inbox", "todo"], queryFn: () => inboxGet("todo") });
  return (
    <>
      <PageHead
        title={t("greeting", { name: person.name })}
        lead={t("lead", { organisation: person.organisation.name, roles: person.roles.map((role) => words("role", role)).join("、") })}
      />
      <Numbers />
      <div className="columns columns-main">
        <div>
          <Panel title={t("todo")} flush extra={<Link to={paths.inbox}>{t("all_todo")}</Link>}>
            {todo.error ? <ProblemAlert error={todo.error} /> : <InboxTable brief items={(todo.data?.items ?? []).slice(0, FEW)} empty={t("todo_empty")} />}
          </Panel>
          {session.can.includes("request_create") ? <OwnRequests /> : null}
        </div>
        <div>
          <FindBox />
          <Shortcuts />
        </div>
      </div>
    </>
  );
}

const NUMBERS: (keyof Statistics)[] = ["entries_published", "requests_open", "grants_active", "calls_today", "overdue"];

function Numbers() {
  const { t } = useTranslation(["workbench", "catalogue", "common", "requests"]);
  const numbers = useQuery({ queryKey: ["statistics"], queryFn: statisticsGet });
  if (numbers.isError) return null;
  return (
    <section aria-label={t("numbers")}>
      <dl className="numbers">
        {NUMBERS.map((name) => (
          <div key={name} className={name === "overdue" && (numbers.data?.overdue ?? 0) > 0 ? "number number-bad" : "number"}>
            <dt>{t(name)}</dt>
            <dd>{count(numbers.data?.[name])}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function FindBox() {
  const { t } = useTranslation(["workbench", "catalogue", "common", "requests"]);
  const navigate = useNavigate();
  const [text, setText] = useState("");
  return (
    <Panel title={t("find")} tone="accent">
      <form
        role="search"
        className="find-box"
        onSubmit={(event) => {
          event.preventDefault();
          void navigate(`${paths.catalogue}?q=${encodeURIComponent(text.trim())}`);
        }}
      >
        <Input aria-label={t("find")} placeholder={t("find_hint")} value={text} onChange={(event) => setText(event.target.value)} maxLength={100} />
        <Button type="primary" htmlType="submit" icon={<SearchOutlined aria-hidden="true" />}>
          {t("common:search")}
        </Button>
      </form>
    </Panel>
  );
}

function Shortcuts() {
  const { t } = useTranslation(["workbench", "catalogue", "common", "requests"]);
  const { can } = useSession();
  const all: { needs: Action | null; to: string; text: string }[] = [
    { needs: "catalogue_create", to: paths.entryNew, text: t("catalogue:own.create") },
    { needs: "source_create", to: paths.sources, text: t("common:nav.sources") },
    { needs: "system_create", to: paths.systems, text: t("common:nav.systems") },
    { needs: "journal_read", to: paths.record, text: t("common:nav.record") },
    { needs: "person_create", to: paths.people, text: t("common:nav.people") },
    { needs: null, to: paths.grants, text: t("common:nav.grants") },
  ];
  return (
    <Panel title={t("quick")}>
      <ul className="shortcuts">
        {all
          .filter((each) => each.needs === null || can.includes(each.needs))
          .map((each) => (
            <li key={each.to}>
              <Link to={each.to}>{each.text}</Link>
            </li>
          ))}
      </ul>
    </Panel>
  );
}

function OwnRequests() {
  const { t } = useTranslation(["workbench", "catalogue", "common", "requests"]);
  const list = useQuery({ queryKey: ["requests", "mine", "few"], queryFn: () => requestsList({ box: "mine", limit: FEW }) });
  return (
    <Panel title={t("mine")} flush extra={<Link to={paths.requests}>{t("common:all")}</Link>}>
      <DataTable
        caption={t("mine")}
        rows={list.data?.items ?? []}
        rowKey={(row) => row.id}
        empty={t("requests_empty")}
        columns={[
          { key: "entry", title: t("requests:entry"), main: true, cell: (row) => <Link to={paths.request(row.id)}>{row.entry_name}</Link> },
          { key: "provider", title: t("requests:provider"), cell: (row) => row.provider.name },
          { key: "state", title: t("requests:state"), narrow: true, cell: (row) => <StateMark list="request_state" state={row.state} /> },
          { key: "clock", title: t("requests:clock"), cell: (row) => <ClockMark clock={row.clock} /> },
        ]}
      />
    </Panel>
  );
}
