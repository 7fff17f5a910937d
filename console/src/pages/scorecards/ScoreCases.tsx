import { Button } from "antd";
import { useTranslation } from "react-i18next";
import type { Score, ScoreCase } from "../../api/types";
import { day } from "../../i18n/format";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { CaseLink, useIndicator } from "./score";

type Line = { id: string; number: string; counted: ScoreCase | null };

/** The cases behind an indicator: those that it counts, then those that still run. */
export function ScoreCases({ score, close }: { score: Score; close: () => void }) {
  const { t } = useTranslation("scorecards");
  const indicator = useIndicator();
  const title = t("cases_of", { indicator: indicator.name(score.code) });
  const lines: Line[] = [
    ...score.cases.map((counted) => ({ id: counted.id, number: counted.number, counted })),
    ...score.running.map((running) => ({ ...running, counted: null })),
  ];
  const standing = ({ counted }: Line) => (counted === null ? t("still_running") : counted.counts ? t("counts") : t("counts_not"));
  return (
    <Panel title={title} flush extra={<Button onClick={close}>{t("close_cases")}</Button>}>
      <DataTable
        caption={title}
        rows={lines}
        // One case can stand there once for each of its terms.
        rowKey={(line) => `${line.id} ${line.counted?.due ?? ""}`}
        empty={t("no_cases")}
        columns={[
          { key: "number", title: t("number"), main: true, cell: (line) => <CaseLink id={line.id} number={line.number} /> },
          { key: "due", title: t("due"), cell: (line) => <span className="tabular nowrap">{day(line.counted?.due)}</span> },
          { key: "standing", title: t("standing"), cell: standing },
          { key: "days", title: t("working_days"), align: "end", cell: (line) => line.counted?.working_days ?? "—" },
          { key: "waiting", title: t("waiting_days"), align: "end", cell: (line) => (line.counted?.waiting_days ? line.counted.waiting_days : "—") },
        ]}
      />
    </Panel>
  );
}
