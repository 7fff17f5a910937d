import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Score } from "../../api/types";
import { DataTable } from "../../ui/DataTable";
import { ScoreMark, useIndicator, useScoreValue, useTarget } from "./score";

/** The indicators of one department or of all together, one line each. */
export function ScoreTable({ caption, scores, choose }: { caption: string; scores: Score[]; choose: (code: string) => void }) {
  const { t } = useTranslation("scorecards");
  const indicator = useIndicator();
  const value = useScoreValue();
  const target = useTarget();
  return (
    <DataTable
      caption={caption}
      rows={scores}
      rowKey={(row) => row.code}
      empty="—"
      columns={[
        {
          key: "code",
          title: t("code"),
          main: true,
          cell: (row) => (
            <>
              <code>{row.code}</code> {indicator.name(row.code)}
              <span className="score-how">{indicator.how(row.code)}</span>
            </>
          ),
        },
        { key: "value", title: t("value"), align: "end", cell: (row) => <span className="tabular nowrap">{value(row.value, row.measure)}</span> },
        { key: "light", title: t("light.label"), cell: (row) => <ScoreMark light={row.light} /> },
        { key: "target", title: t("target"), cell: (row) => <span className="nowrap">{target(row.aim, row.target, row.measure)}</span> },
        {
          key: "counted",
          title: t("counted"),
          cell: (row) => (
            <>
              <span className="tabular nowrap">{t("counted_of", { part: row.numerator, whole: row.denominator })}</span>
              {row.few && row.denominator > 0 ? <span className="muted score-few">{t("few")}</span> : null}
            </>
          ),
        },
        { key: "running", title: t("running"), align: "end", narrow: true, cell: (row) => row.running.length || "—" },
        { key: "cases", title: t("cases"), cell: (row) => <ShowCases row={row} name={indicator.name(row.code)} choose={choose} /> },
      ]}
    />
  );
}

function ShowCases({ row, name, choose }: { row: Score; name: string; choose: (code: string) => void }) {
  const { t } = useTranslation("scorecards");
  const found = row.cases.length + row.running.length;
  if (found === 0) return <span className="muted">—</span>;
  return (
    <Button size="small" onClick={() => choose(row.code)} aria-label={`${name}: ${t("show_cases", { count: found })}`}>
      {t("show_cases", { count: found })}
    </Button>
  );
}
