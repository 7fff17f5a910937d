import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ScorecardTable, ScoreCell, ScoreColumn, ScoreRow } from "../../api/types";
import { paths } from "../../paths";
import { type Column, DataTable } from "../../ui/DataTable";
import { ScoreMark, useIndicator, useScoreValue } from "./score";

/** Departments and their indicators: each number leads to its cases. */
export function DepartmentsTable({ table }: { table: ScorecardTable }) {
  const { t } = useTranslation("scorecards");
  const indicator = useIndicator();
  const columns: Column<ScoreRow>[] = table.columns.map((column, place) => ({
    key: column.code,
    align: "end",
    title: (
      <span title={indicator.how(column.code)}>
        <code className="score-code">{column.code}</code> {indicator.name(column.code)}
      </span>
    ),
    cell: (row) => <Cell row={row} column={column} cell={row.scores[place]} period={table.period} />,
  }));
  const department: Column<ScoreRow> = {
    key: "department",
    title: t("department"),
    main: true,
    cell: (row) => <Link to={paths.scorecards(table.period, row.organisation)}>{row.name}</Link>,
  };
  return (
    <div className="score-departments">
      <DataTable caption={t("departments")} rows={table.rows} rowKey={(row) => row.organisation} empty={t("no_departments")} columns={[department, ...columns]} />
    </div>
  );
}

function Cell({ row, column, cell, period }: { row: ScoreRow; column: ScoreColumn; cell: ScoreCell | undefined; period: string }) {
  const { t } = useTranslation("scorecards");
  const inWords = useScoreValue();
  if (!cell || cell.denominator + cell.running === 0) return <span className="muted">—</span>;
  return (
    <Link to={paths.scorecards(period, row.organisation, column.code)} className="score-cell">
      <ScoreMark light={cell.light} value={inWords(cell.value, column.measure)} />
      <span className="muted tabular nowrap">{t("counted_of", { part: cell.numerator, whole: cell.denominator })}</span>
    </Link>
  );
}
