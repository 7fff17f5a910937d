import { useTranslation } from "react-i18next";
import type { RowCondition } from "../api/types";
import { useRegionName } from "./useRegionName";

type Titles = Record<string, string>;

/** Row conditions as sentences, one a line; no condition means every row, and that is said. */
export function RowsInWords({ rows, titles }: { rows: RowCondition[]; titles: Titles }) {
  const { t } = useTranslation();
  if (rows.length === 0) return <span>{t("rows.all")}</span>;
  return (
    <ul className="plain-list">
      {rows.map((row) => (
        <li key={JSON.stringify(row)}>
          <OneCondition row={row} title={titles[row.item] ?? row.item} />
        </li>
      ))}
    </ul>
  );
}

function OneCondition({ row, title }: { row: RowCondition; title: string }) {
  const { t } = useTranslation();
  const region = useRegionName(row.prefix);
  if (row.prefix !== undefined) {
    return <>{region ? t("rows.region", { title, code: row.prefix, name: region }) : t("rows.prefix", { title, value: row.prefix })}</>;
  }
  if (row.in) return <>{t("rows.in", { title, value: row.in.join(", ") })}</>;
  if (row.range) return <>{t("rows.range", { title, from: String(row.range.from ?? "…"), to: String(row.range.to ?? "…") })}</>;
  return <>{t("rows.eq", { title, value: String(row.eq) })}</>;
}
