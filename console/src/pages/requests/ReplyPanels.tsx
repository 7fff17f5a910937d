import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Decided, Decision, Entry, SharingRequest } from "../../api/types";
import { StateMark, useMaskWords } from "../../components/Marks";
import { RowsInWords } from "../../components/RowsInWords";
import { SentBackNote } from "../../components/SentBackNote";
import { count, day, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { titlesOf } from "./RequestContentView";

/** What was answered so far: the supplement, the proposal, the reply in force. */
export function ReplyPanels({ request, entry }: { request: SharingRequest; entry: Entry | null }) {
  const { t } = useTranslation("requests");
  const { supplement, proposal, decision } = request;
  return (
    <>
      <SentBackNote title={t("detail.declined")} sent={request.declined} />
      <SentBackNote title={t("detail.proposal_returned")} sent={request.proposal_returned} />
      <SentBackNote title={t("stage.withdrawn")} sent={request.withdrawn} />
      {decision ? (
        <Panel title={t("detail.decision")} tone="accent">
          <DecisionView decision={decision} entry={entry} />
          {request.grant ? (
            <Link className="button-link primary" to={paths.grant(request.grant)}>
              {t("detail.grant")}
            </Link>
          ) : null}
        </Panel>
      ) : null}
      {proposal && !decision ? (
        <Panel title={t("detail.proposal")} tone="accent">
          <DecisionView decision={proposal} entry={entry} />
        </Panel>
      ) : null}
      {supplement ? (
        <Panel title={t("detail.supplement")}>
          <p>
            <b>{t("detail.asked")}</b> <span className="muted">{moment(supplement.asked_at)}</span>
          </p>
          <ul>
            {supplement.missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
          {supplement.answer_by && !supplement.answers ? <p className="muted">{t("detail.answer_by", { at: moment(supplement.answer_by) })}</p> : null}
          {supplement.answers ? (
            <p>
              <b>{t("detail.answered")}</b> {supplement.answers} <span className="muted">{moment(supplement.answered_at)}</span>
            </p>
          ) : null}
        </Panel>
      ) : null}
    </>
  );
}

function DecisionView({ decision, entry }: { decision: Decided; entry: Entry | null }) {
  const { t } = useTranslation("requests");
  const words = useWords();
  return (
    <>
      <p className="row">
        <StateMark list="request_state" state={decision.kind === "agree" ? "agreed" : "refused"} />
        {decision.by_name ? <span className="muted">{t("detail.by", { name: decision.by_name, at: moment(decision.at) })}</span> : null}
      </p>
      {decision.kind === "agree" ? (
        <>
          <Narrowed decision={decision} entry={entry} />
          {decision.opinion ? <p>{decision.opinion}</p> : null}
        </>
      ) : (
        <ol>
          {decision.reasons.map((reason) => (
            <li key={reason.code + reason.text}>
              <b>{words("refusal", reason.code)}</b>：{reason.text}
              {reason.condition ? <span className="muted">（{words("condition", reason.condition)}）</span> : null}
            </li>
          ))}
        </ol>
      )}
      {decision.self_made_conditions?.length ? (
        <Alert type="warning" showIcon title={t("detail.self_made", { conditions: decision.self_made_conditions.map((each) => words("condition", each)).join("；") })} />
      ) : null}
    </>
  );
}

function Narrowed({ decision, entry }: { decision: Extract<Decision, { kind: "agree" }>; entry: Entry | null }) {
  const { t } = useTranslation("requests");
  const titles = titlesOf(entry);
  const maskWords = useMaskWords();
  const narrowing = decision.narrowing;
  const masks = Object.entries(narrowing?.masks ?? {});
  const facts = [
    narrowing?.items ? { term: t("form.items"), value: narrowing.items.map((name) => titles[name] ?? name).join("、"), wide: true } : null,
    masks.length > 0 ? { term: t("propose.masks"), value: masks.map(([name, mask]) => `${titles[name] ?? name}：${maskWords(mask)}`).join("；"), wide: true } : null,
    narrowing?.rows?.length ? { term: t("propose.rows"), value: <RowsInWords rows={narrowing.rows} titles={titles} />, wide: true } : null,
    narrowing?.calls_per_second ? { term: t("form.calls"), value: count(narrowing.calls_per_second) } : null,
    narrowing?.rows_per_call ? { term: t("form.per_call"), value: count(narrowing.rows_per_call) } : null,
    narrowing?.rows_per_day ? { term: t("form.per_day"), value: count(narrowing.rows_per_day) } : null,
    narrowing?.valid_until ? { term: t("form.until"), value: day(narrowing.valid_until) } : null,
  ].filter((fact) => fact !== null);
  if (facts.length === 0) return <p>{t("detail.as_asked")}</p>;
  return (
    <>
      <h3>{t("detail.narrowed")}</h3>
      <Facts facts={facts} />
    </>
  );
}
