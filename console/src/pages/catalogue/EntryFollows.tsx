import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { entryVersions } from "../../api/calls";
import type { Change, Difference, Entry } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { ClockMark, StateMark } from "../../components/Marks";
import { ChangeRecord, ExtensionAct, type ExtensionStep } from "../../forms/catalogue-change";
import { day, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

function Differences({ rows }: { rows: Difference[] }) {
  const { t } = useTranslation("catalogue");
  return (
    <DataTable
      caption={t("difference.title")}
      rows={rows}
      rowKey={(row) => row.field}
      empty={t("work.same")}
      columns={[
        { key: "field", title: t("difference.field"), main: true, cell: (row) => <code>{row.field}</code> },
        { key: "before", title: t("difference.before"), cell: (row) => row.before },
        { key: "after", title: t("difference.after"), cell: (row) => row.after },
      ]}
    />
  );
}

/** What is under way with a published entry; the published version holds meanwhile. */
export function WorkPanel({ entry }: { entry: Entry }) {
  const { t } = useTranslation("catalogue");
  if (!entry.work) return null;
  const { kind, drafted_by_name, reason, differences } = entry.work;
  return (
    <Panel title={t("work.title")} tone="accent">
      <p>
        {t(`work.${kind}`, { name: drafted_by_name })} {t("work.holds", { version: entry.version })}
      </p>
      {reason ? <p>{reason}</p> : null}
      {kind === "update" ? <Differences rows={differences} /> : null}
    </Panel>
  );
}

/** What the entry must follow, with the clocks of the department and of the authority. */
export function ChangesPanel({ entry }: { entry: Entry }) {
  const { t } = useTranslation("catalogue");
  const [recording, setRecording] = useState(false);
  const mayRecord = entry.allowed.includes("record_change");
  if (!mayRecord && entry.changes.length === 0 && entry.reviews.length === 0) return null;
  return (
    <Panel title={t("change.title")} extra={mayRecord ? <Button onClick={() => setRecording(true)}>{t("change.record")}</Button> : undefined}>
      <ul className="plain-list">
        {entry.changes.map((change) => (
          <li key={change.place}>
            <ChangeLine entry={entry} change={change} />
          </li>
        ))}
        {entry.reviews.map((review) => (
          <li key={review.clock.started}>
            <ClockMark clock={review.clock} /> {t("change.review")} {review.ended_at ? moment(review.ended_at) : null}
          </li>
        ))}
      </ul>
      {recording ? <ChangeRecord entry={entry} close={() => setRecording(false)} /> : null}
    </Panel>
  );
}

function ChangeLine({ entry, change }: { entry: Entry; change: Change }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const [step, setStep] = useState<ExtensionStep | null>(null);
  const { extension, recorded } = change;
  const mayAsk = change.extendable && entry.allowed.includes("ask_extension");
  const mayDecide = extension?.consented === null && change.state === "open" && entry.allowed.includes("decide_extension");
  return (
    <>
      <p>
        <ClockMark clock={change.clock} /> <StateMark list="change_state" state={change.state} /> {change.title}
      </p>
      <p className="muted small">
        {words("change_kind", change.kind)} · {day(change.occurred)} · {t("change.recorded", { name: recorded.name, organisation: recorded.organisation_name })}
      </p>
      {extension ? (
        <p className="small">
          {t("change.extension", { reason: extension.reason })} · {extension.consented === null ? t("change.pending") : extension.consented ? t("change.consented") : t("change.refused")}
          {extension.opinion ? ` · ${extension.opinion}` : ""}
        </p>
      ) : null}
      {mayAsk ? <Button onClick={() => setStep("ask")}>{words("verb", "ask_extension")}</Button> : null}
      {mayDecide ? (
        <>
          <Button type="primary" onClick={() => setStep("consent")}>
            {t("change.consent")}
          </Button>{" "}
          <Button danger onClick={() => setStep("refuse")}>
            {t("change.refuse")}
          </Button>
        </>
      ) : null}
      {step ? <ExtensionAct entry={entry} change={change.place} step={step} close={() => setStep(null)} /> : null}
    </>
  );
}

/** The published versions, the newest first, each with what it changed. */
export function VersionsTab({ id }: { id: string }) {
  const { t } = useTranslation("catalogue");
  const versions = useQuery({ queryKey: ["versions", id], queryFn: () => entryVersions(id) });
  if (versions.isPending) return <Loading />;
  if (versions.isError) return <Failed error={versions.error} />;
  return (
    <ol className="plain-list">
      {versions.data.items.toReversed().map((each) => (
        <li key={each.version}>
          <h3>
            {t("versions.version", { version: each.version })} {each.current ? `· ${t("versions.current")}` : ""}
          </h3>
          <p className="muted small">
            {t("versions.approved")} {each.head_approval.name} · {t("versions.published")} {each.published.name} {moment(each.published.at)}
            {each.announcement ? ` · ${t("versions.announcement")} ${each.announcement}` : ""}
          </p>
          {each.version === 1 ? <p>{t("versions.first")}</p> : <Differences rows={each.differences} />}
        </li>
      ))}
    </ol>
  );
}
