import { DownloadOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { journalCheckpoint, journalGet, journalProof } from "../../api/calls";
import type { JournalEntry } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { StateMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { exactMoment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { CodeBlock } from "../../ui/CodeBlock";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { saveText } from "../../ui/save";
import { actorOf } from "./actor";
import { Verification } from "./Verification";

export function RecordEntryPage() {
  const { t } = useTranslation(["record", "common"]);
  const { index: indexText = "" } = useParams();
  const index = Number(indexText);
  const entry = useQuery({ queryKey: ["journal", index], queryFn: () => journalGet(index), refetchOnWindowFocus: false });
  const proof = useQuery({ queryKey: ["proof", index], queryFn: () => journalProof(index), refetchOnWindowFocus: false });
  const checkpoint = useQuery({ queryKey: ["checkpoint"], queryFn: journalCheckpoint });
  const error = entry.error ?? proof.error ?? checkpoint.error;
  if (error) return <Failed error={error} />;
  if (!entry.data || proof.data === undefined || !checkpoint.data) return <Loading />;
  const key = checkpoint.data.verifier_key;
  const file = `record-${index}.tlog-proof`;
  return (
    <>
      <PageHead title={t("entry.title", { index })} trail={[{ to: paths.record, text: t("title") }]} marks={<StateMark list="result" state={entry.data.result} />} />
      <div className="columns columns-main">
        <div>
          <WhoPanel entry={entry.data} />
          <Panel title={t("entry.bytes")}>
            <p className="muted">{t("entry.bytes_hint")}</p>
            <CodeBlock code={entry.data.entry} label={t("entry.bytes")} copyLabel={t("common:copy")} copiedLabel={t("common:copied")} />
          </Panel>
          <BodyPanel entry={entry.data} />
        </div>
        <div className="side-column">
          <Panel title={t("entry.proof")} tone="accent">
            <Verification entry={entry.data} proof={proof.data} verifierKey={key} />
            <Button block icon={<DownloadOutlined aria-hidden="true" />} onClick={() => saveText(file, proof.data)}>
              {t("entry.download")}
            </Button>
          </Panel>
          <Panel title={t("entry.offline")}>
            <p className="muted">{t("entry.offline_hint")}</p>
            <CodeBlock code={`printf '%s\\n' '${key}' > record.key\nshuqiao verify ${file} --key record.key`} label={t("entry.offline")} copyLabel={t("common:copy")} copiedLabel={t("common:copied")} />
          </Panel>
        </div>
      </div>
    </>
  );
}

/** The page of the matter that an id names. */
function pathOf(subject: string): string | null {
  if (subject.startsWith("req_")) return paths.request(subject);
  if (subject.startsWith("grt_")) return paths.grant(subject);
  if (subject.startsWith("cat_")) return paths.entry(subject);
  return null;
}

function WhoPanel({ entry }: { entry: JournalEntry }) {
  const { t } = useTranslation(["record", "common"]);
  const words = useWords();
  const path = entry.subject ? pathOf(entry.subject) : null;
  return (
    <Panel title={t("entry.who")}>
      <Facts
        facts={[
          { term: t("event"), value: words("event", entry.event) },
          { term: t("at"), value: <time dateTime={entry.at}>{exactMoment(entry.at)}</time> },
          { term: t("who"), value: actorOf(entry.actor).name },
          { term: t("organisation"), value: actorOf(entry.actor).organisation },
          {
            term: t("subject"), wide: true,
            value: entry.subject ? (
              <span className="row">
                <code className="hash">{entry.subject}</code>
                {path ? <Link to={path}>{t("entry.see")}</Link> : null}
              </span>
            ) : null,
          },
          { term: t("entry.leaf"), value: <code className="hash">{entry.leaf_hash}</code>, wide: true },
        ]}
      />
    </Panel>
  );
}

export const bodyText = (body: unknown): string => (typeof body === "string" ? body : JSON.stringify(body));

function BodyPanel({ entry }: { entry: JournalEntry }) {
  const { t } = useTranslation(["record", "common"]);
  if (entry.body === undefined || entry.body === null) return null;
  return (
    <Panel title={t("entry.body")}>
      <CodeBlock code={bodyText(entry.body)} label={t("entry.body")} copyLabel={t("common:copy")} copiedLabel={t("common:copied")} />
      {entry.salt ? (
        <p className="muted small">
          {t("entry.salt")} <code className="hash">{entry.salt}</code>
        </p>
      ) : null}
    </Panel>
  );
}
