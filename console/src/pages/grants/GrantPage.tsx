import { PauseCircleOutlined, StopOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { grantGet, grantProof } from "../../api/calls";
import type { Grant } from "../../api/types";
import { CasesPanel } from "../../components/CasesPanel";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { GradeMark, Period, StateMark, useMaskWords } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { PapersPanel } from "../../components/PapersPanel";
import { RowsInWords } from "../../components/RowsInWords";
import { useSession } from "../../components/RequireSession";
import { useCaseWords } from "../../components/useCaseWords";
import { GrantRevoke } from "../../forms/grant-revoke";
import { useArticle } from "../../i18n/article";
import { count, day, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { CodeBlock } from "../../ui/CodeBlock";
import { DataTable } from "../../ui/DataTable";
import { saveText } from "../../ui/save";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { DeliveryClock } from "../requests/TimePanels";
import { Tabs } from "../../ui/Tabs";
import { GrantBatch } from "./GrantBatch";
import { GrantFiles } from "./GrantFiles";
import { GrantTest } from "./GrantTest";
import { ResponsibilityPanel } from "./ResponsibilityPanel";

export function GrantPage() {
  const { id = "" } = useParams();
  const grant = useQuery({ queryKey: ["grant", id], queryFn: () => grantGet(id) });
  if (grant.isPending) return <Loading />;
  if (grant.isError) return <Failed error={grant.error} />;
  return <GrantView grant={grant.data} />;
}

/** What exactly may flow, on one page; then the proof, a call to try, and the code for it. */
function GrantView({ grant }: { grant: Grant }) {
  const { t } = useTranslation(["grants", "catalogue", "common", "requests"]);
  const [revoking, setRevoking] = useState(false);
  return (
    <>
      <PageHead
        title={grant.entry_name}
        trail={[{ to: paths.grants, text: t("title") }]}
        marks={<StateMark list="grant_state" state={grant.state} />}
        lead={
          <>
            <code>{grant.number}</code> · {grant.provider.name} → {grant.requester.name}
          </>
        }
        actions={
          grant.allowed.includes("revoke") ? (
            <Button danger icon={<StopOutlined aria-hidden="true" />} onClick={() => setRevoking(true)}>
              {t("revoke.title")}
            </Button>
          ) : undefined
        }
      />
      {grant.suspension ? <SuspensionNote suspension={grant.suspension} /> : null}
      {grant.revocation ? <RevocationNote revocation={grant.revocation} /> : null}
      <div className="columns columns-main">
        <div>
          <Panel title={t("page.what")} tone="accent" flush>
            <GrantedColumns grant={grant} />
            <GrantRows grant={grant} />
          </Panel>
          {grant.consents.length > 0 ? <ConsentsPanel consents={grant.consents} /> : null}
          <ResponsibilityPanel grant={grant.id} />
          <PapersPanel subject={grant.id} revision={grant.revision} />
          {grant.methods.includes("service_interface") ? <GrantTest grant={grant} /> : null}
          {grant.methods.includes("file_download") ? <GrantFiles grant={grant} /> : null}
          {grant.methods.includes("batch_exchange") ? <GrantBatch grant={grant} /> : null}
          {grant.call && grant.methods.includes("service_interface") ? (
            <Panel title={t("page.code")}>
              <CodeSamples call={grant.call} />
            </Panel>
          ) : null}
        </div>
        <div className="side-column">
          {grant.delivery ? (
            <Panel title={t("requests:delivery.title")}>
              <DeliveryClock clock={grant.delivery} />
            </Panel>
          ) : null}
          <TermsPanel grant={grant} />
          <UsagePanel grant={grant} />
          <CasesPanel about={{ grant: grant.id }} />
          <RecordPanel grant={grant} />
        </div>
      </div>
      {revoking ? <GrantRevoke grant={grant} close={() => setRevoking(false)} /> : null}
    </>
  );
}

/** Nothing flows: why, since when, and the rectification that it waits for. */
function SuspensionNote({ suspension }: { suspension: NonNullable<Grant["suspension"]> }) {
  const { t } = useTranslation(["grants", "common"]);
  const article = useArticle();
  const who = `${suspension.by_name} · ${moment(suspension.at)} · ${t("common:article", { article: article(suspension.article) })}`;
  return (
    <Alert
      className="problem"
      type="warning"
      showIcon
      icon={<PauseCircleOutlined aria-hidden="true" />}
      title={t("page.suspended")}
      description={
        <>
          {who} · <Link to={paths.case(suspension.case)}>{suspension.reason}</Link>
        </>
      }
    />
  );
}

/** Other uses of the same items and rows that the provider consented to, each with its case. */
function ConsentsPanel({ consents }: { consents: Grant["consents"] }) {
  const { t } = useTranslation(["grants", "common"]);
  const words = useCaseWords();
  return (
    <Panel title={t("page.consents")}>
      <p className="muted small">{t("page.consents_lead")}</p>
      <Facts
        columns={1}
        facts={consents.map((consent) => ({
          term: words.choice("ConsentKind", consent.kind),
          value: (
            <>
              {consent.text} · {day(consent.from)} · <Link to={paths.case(consent.case)}>{consent.number}</Link>
            </>
          ),
        }))}
      />
    </Panel>
  );
}

function RevocationNote({ revocation }: { revocation: NonNullable<Grant["revocation"]> }) {
  const { t } = useTranslation(["grants", "common"]);
  const words = useWords();
  const article = useArticle();
  const ground = `${words("revoke_ground", revocation.kind)}：${revocation.text}`;
  const who = `${revocation.by_name} · ${moment(revocation.at)} · ${t("common:article", { article: article(revocation.article) })}`;
  return <Alert className="problem" type="warning" showIcon title={ground} description={revocation.filing_number ? `${who} · ${revocation.filing_number}` : who} />;
}

function GrantedColumns({ grant }: { grant: Grant }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  const words = useWords();
  const maskWords = useMaskWords();
  return (
    <DataTable
      caption={t("page.columns")}
      rows={grant.items}
      rowKey={(row) => row.name}
      empty={t("common:nothing_yet")}
      columns={[
        { key: "title", title: t("catalogue:item.name"), main: true, cell: (row) => row.title || row.name },
        { key: "name", title: t("catalogue:item.code"), cell: (row) => <code>{row.name}</code> },
        { key: "type", title: t("catalogue:item.type"), narrow: true, cell: (row) => words("item_type", row.item_type) },
        { key: "grade", title: t("catalogue:item.grade"), narrow: true, cell: (row) => <GradeMark grade={row.grade} /> },
        { key: "mask", title: t("catalogue:item.mask"), cell: (row) => (row.mask ? <StateMarkText text={maskWords(row.mask)} /> : t("page.clear")) },
      ]}
    />
  );
}

function StateMarkText({ text }: { text: string }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  return (
    <span className="mask-text">
      <b>{t("page.masked")}</b> {text}
    </span>
  );
}

function GrantRows({ grant }: { grant: Grant }) {
  const { t, i18n } = useTranslation(["grants", "catalogue", "common"]);
  const titles = Object.fromEntries(grant.items.map((item) => [item.name, item.title]));
  const sentence = i18n.language === "en" ? grant.row_text_en : grant.row_text_zh;
  // As on the request, with regions by their names; a condition on an item that is not given has its title only there.
  const known = grant.rows.every((row) => titles[row.item]);
  return (
    <div className="panel-pad">
      <h3>{t("page.rows")}</h3>
      {sentence && !known ? <p className="row-sentence">{sentence}</p> : <RowsInWords rows={grant.rows} titles={titles} />}
    </div>
  );
}

function TermsPanel({ grant }: { grant: Grant }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  const words = useWords();
  return (
    <Panel title={t("page.terms")}>
      <Facts
        columns={1}
        facts={[
          { term: t("page.purpose"), value: grant.purpose_text },
          { term: t("page.purpose_code"), value: <code>{grant.purpose}</code> },
          { term: t("page.period"), value: <Period from={grant.valid_from} until={grant.valid_until} /> },
          { term: t("page.rate"), value: t("page.rate_text", { n: count(grant.calls_per_second) }) },
          { term: t("page.call_rows"), value: t("page.at_most", { n: count(grant.rows_per_call) }) },
          { term: t("page.day_rows"), value: t("page.at_most", { n: count(grant.rows_per_day) }) },
          { term: t("page.methods"), value: grant.methods.map((method) => words("method", method)).join(" · ") },
          { term: t("page.systems"), value: grant.systems.map((system) => system.name).join("、") },
          { term: t("page.agreed"), value: t("page.agreed_text", { name: grant.agreed_by, at: moment(grant.agreed_at) }) },
          { term: t("page.request"), value: <Link to={paths.request(grant.request)}>{grant.purpose}</Link> },
        ]}
      />
    </Panel>
  );
}

function UsagePanel({ grant }: { grant: Grant }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  const { usage } = grant;
  return (
    <Panel title={t("page.usage")}>
      {usage ? <p>{t("page.usage_text", { calls: count(usage.calls), rows: count(usage.rows), refused: count(usage.refused) })}</p> : null}
      {usage?.last_at ? (
        <p className="muted small">
          {t("page.last")} {moment(usage.last_at)}
        </p>
      ) : null}
      <Link to={paths.grantUsage(grant.id)}>{t("page.usage_link")}</Link>
    </Panel>
  );
}

function RecordPanel({ grant }: { grant: Grant }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  const { can } = useSession();
  const { record } = grant;
  if (!record) return null;
  return (
    <Panel title={t("page.record")}>
      <p>{can.includes("journal_read") ? <Link to={paths.recordEntry(record.index)}>{t("page.record_link", { index: record.index })}</Link> : t("page.record_link", { index: record.index })}</p>
      <Button onClick={() => void grantProof(grant.id).then((text) => saveText(`${grant.number}.tlog-proof`, text))}>{t("page.proof")}</Button>
    </Panel>
  );
}

function CodeSamples({ call }: { call: NonNullable<Grant["call"]> }) {
  const { t } = useTranslation(["grants", "catalogue", "common"]);
  const samples = [
    { key: "curl", label: "curl", code: call.curl },
    { key: "java", label: "Java", code: call.java },
    { key: "python", label: "Python", code: call.python },
  ];
  return (
    <Tabs
      label={t("page.code")}
      tabs={samples.map((sample) => ({
        key: sample.key,
        label: sample.label,
        content: <CodeBlock code={sample.code} label={`${t("page.code")} ${sample.label}`} copyLabel={t("page.copy")} copiedLabel={t("common:copied")} />,
      }))}
    />
  );
}
