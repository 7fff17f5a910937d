import { useQuery } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { journalCheckpoint, journalList } from "../../api/calls";
import type { JournalItem } from "../../api/types";
import { Failed } from "../../components/Failed";
import { StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { usePages } from "../../components/usePages";
import { count, exactMoment } from "../../i18n/format";
import { resources } from "../../i18n/resources";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { actorOf } from "./actor";
import { DataTable } from "../../ui/DataTable";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";

const EVENTS = Object.keys(resources["zh-CN"].lists.event);

export function RecordPage() {
  const { t } = useTranslation(["record", "common"]);
  const words = useWords();
  const [search, setSearch] = useSearchParams();
  const asked = { subject: search.get("subject") ?? "", event: search.get("event") ?? "" };
  const list = usePages<JournalItem>(["journal", asked], (after) => journalList({ subject: asked.subject || undefined, event: asked.event || undefined, after, limit: 50 }));
  if (list.error) return <Failed error={list.error} />;
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} />
      <CheckpointPanel />
      <Panel
        flush
        title={t("title")}
        extra={<Filter key={asked.subject} asked={asked} set={(next) => setSearch(new URLSearchParams(Object.entries(next).filter(([, value]) => value !== "")), { replace: true })} />}
      >
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => String(row.index)}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "index", title: t("index"), align: "end", narrow: true, cell: (row) => <span className="tabular">{row.index}</span> },
            { key: "event", title: t("event"), main: true, cell: (row) => <Link to={paths.recordEntry(row.index)}>{words("event", row.event)}</Link> },
            { key: "result", title: t("result"), narrow: true, cell: (row) => <StateMark list="result" state={row.result} /> },
            { key: "who", title: t("who"), cell: (row) => actorOf(row.actor).name },
            { key: "organisation", title: t("organisation"), cell: (row) => actorOf(row.actor).organisation },
            { key: "at", title: t("at"), cell: (row) => <span className="tabular nowrap">{exactMoment(row.at)}</span> },
            { key: "subject", title: t("subject"), cell: (row) => (row.subject ? <code className="cut">{row.subject}</code> : "—") },
          ]}
        />
      </Panel>
      <More list={list} />
    </>
  );
}

function Filter({ asked, set }: { asked: { subject: string; event: string }; set: (next: { subject: string; event: string }) => void }) {
  const { t } = useTranslation(["record", "common"]);
  const words = useWords();
  const [subject, setSubject] = useState(asked.subject);
  return (
    <form
      className="row filter"
      role="search"
      aria-label={t("filter")}
      onSubmit={(event) => {
        event.preventDefault();
        set({ ...asked, subject: subject.trim() });
      }}
    >
      <Select
        aria-label={t("event")}
        className="filter-event"
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("any")}
        value={asked.event || undefined}
        onChange={(event?: string) => set({ ...asked, event: event ?? "" })}
        options={EVENTS.map((event) => ({ value: event, label: words("event", event) }))}
      />
      <Input aria-label={t("subject")} placeholder={t("subject")} value={subject} maxLength={64} allowClear onChange={(event) => setSubject(event.target.value)} />
      <Button htmlType="submit">{t("apply")}</Button>
    </form>
  );
}

function CheckpointPanel() {
  const { t } = useTranslation(["record", "common"]);
  const checkpoint = useQuery({ queryKey: ["checkpoint"], queryFn: journalCheckpoint });
  if (!checkpoint.data) return null;
  const { origin, size, root, verifier_key } = checkpoint.data;
  return (
    <Panel title={t("checkpoint")}>
      <Facts
        facts={[
          { term: t("origin"), value: <code>{origin}</code> },
          { term: t("size"), value: count(size) },
          { term: t("root"), value: <code className="hash">{root}</code>, wide: true },
          { term: t("key"), value: <code className="hash">{verifier_key}</code>, wide: true },
        ]}
      />
    </Panel>
  );
}
