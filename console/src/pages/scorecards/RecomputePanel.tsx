import { useMutation } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { scorecardRecomputed } from "../../api/calls";
import type { RecomputedScorecard, Score } from "../../api/types";
import { ProblemAlert } from "../../components/ProblemAlert";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { CaseLink, useIndicator, useScoreValue } from "./score";

/** For those who check: the same numbers from the journal alone, and which of them differ. */
export function RecomputePanel({ period, unit }: { period: string; unit: string | undefined }) {
  const { t } = useTranslation("scorecards");
  const recompute = useMutation({ mutationFn: () => scorecardRecomputed({ period, unit }) });
  return (
    <Panel
      title={t("recompute.title")}
      extra={
        <Button type="primary" loading={recompute.isPending} onClick={() => recompute.mutate()}>
          {t("recompute.act")}
        </Button>
      }
    >
      <p className="muted score-note">{t("recompute.lead")}</p>
      <div role="status">{recompute.data ? <Result both={recompute.data} /> : null}</div>
      {recompute.error ? <ProblemAlert error={recompute.error} /> : null}
    </Panel>
  );
}

interface Difference {
  shown: Score;
  recomputed: Score;
}

function Result({ both }: { both: RecomputedScorecard }) {
  const { t } = useTranslation("scorecards");
  const indicator = useIndicator();
  const value = useScoreValue();
  const differ = new Set(both.agreements.filter((each) => !each.agrees).map((each) => each.code));
  if (differ.size === 0) return <Alert type="success" showIcon title={t("recompute.same", { count: both.agreements.length })} />;
  const rows = both.shown.scores.flatMap((shown): Difference[] => {
    const recomputed = both.recomputed.scores.find((each) => each.code === shown.code);
    return differ.has(shown.code) && recomputed ? [{ shown, recomputed }] : [];
  });
  const one = (score: Score) => (
    <span className="tabular nowrap">
      {value(score.value, score.measure)} ({t("counted_of", { part: score.numerator, whole: score.denominator })})
    </span>
  );
  return (
    <>
      <Alert type="error" showIcon title={t("recompute.differ", { count: differ.size })} />
      <DataTable
        caption={t("recompute.title")}
        rows={rows}
        rowKey={(row) => row.shown.code}
        empty="—"
        columns={[
          { key: "code", title: t("code"), main: true, cell: (row) => `${row.shown.code} ${indicator.name(row.shown.code)}` },
          { key: "shown", title: t("recompute.shown"), cell: (row) => one(row.shown) },
          { key: "recomputed", title: t("recompute.recomputed"), cell: (row) => one(row.recomputed) },
          { key: "which", title: t("recompute.which"), cell: (row) => <Which difference={row} /> },
        ]}
      />
    </>
  );
}

/** The cases that one side has and the other has not, or has otherwise. */
function Which({ difference: { shown, recomputed } }: { difference: Difference }) {
  const lines = (score: Score) => new Map([...score.cases, ...score.running].map((each) => [JSON.stringify(each), each]));
  const [one, other] = [lines(shown), lines(recomputed)];
  const only = [...[...one].filter(([key]) => !other.has(key)), ...[...other].filter(([key]) => !one.has(key))];
  const cases = new Map(only.map(([, each]) => [each.id, each]));
  return (
    <ul className="plain-list">
      {[...cases.values()].map((each) => (
        <li key={each.id}>
          <CaseLink id={each.id} number={each.number} />
        </li>
      ))}
    </ul>
  );
}
