import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { InboxItem } from "../api/types";
import { moment } from "../i18n/format";
import { useWords } from "../i18n/words";
import { paths } from "../paths";
import { type Column, DataTable } from "../ui/DataTable";
import { ClockMark } from "./Marks";
import { useCaseWords } from "./useCaseWords";

/** Columns that a brief list does without. */
const LONG = ["kind", "received"];

export function inboxPath(item: InboxItem): string {
  if (item.kind === "request") return paths.request(item.id);
  return item.kind === "catalogue" ? paths.entry(item.id) : paths.case(item.id);
}

const isCase = (item: InboxItem) => item.kind !== "request" && item.kind !== "catalogue";

/** Matters with the light of their clock and the step to take, as the server sorted them. */
export function InboxTable({ items, empty, current, brief = false }: { items: InboxItem[]; empty: string; current?: number; brief?: boolean }) {
  const { t } = useTranslation("inbox");
  const words = useWords();
  const caseWords = useCaseWords();
  const columns: Column<InboxItem>[] = [
    { key: "clock", title: t("light"), narrow: true, cell: (row) => <ClockMark clock={row.clock} /> },
    { key: "title", title: t("matter"), main: true, cell: (row) => <Link to={inboxPath(row)}>{row.title}</Link> },
    { key: "kind", title: t("type"), narrow: true, cell: (row) => (isCase(row) ? caseWords.kind(row.kind) : t(`kind.${row.kind as "request" | "catalogue"}`)) },
    { key: "step", title: t("step"), narrow: true, cell: (row) => <b>{isCase(row) && row.step ? caseWords.verb(row.kind, row.step) : words("verb", row.step)}</b> },
    { key: "from", title: t("from"), cell: (row) => row.from.name },
    { key: "received", title: t("received"), cell: (row) => <span className="nowrap">{moment(row.received)}</span> },
  ];
  return (
    <DataTable
      caption={t("list")}
      rows={items}
      rowKey={(row) => `${row.kind}-${row.id}`}
      empty={empty}
      current={current}
      columns={columns.filter((column) => !brief || !LONG.includes(column.key))}
    />
  );
}
