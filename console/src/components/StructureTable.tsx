import { useTranslation } from "react-i18next";
import type { TableStructure } from "../api/types";
import { useWords } from "../i18n/words";
import { DataTable } from "../ui/DataTable";

/** The columns of one table of a source. */
export function StructureTable({ table }: { table: TableStructure }) {
  const { t } = useTranslation(["sources", "common"]);
  const words = useWords();
  return (
    <DataTable
      caption={table.name}
      rows={table.columns}
      rowKey={(row) => row.name}
      empty={t("common:nothing_yet")}
      columns={[
        { key: "name", title: t("column"), main: true, cell: (row) => <code>{row.name}</code> },
        { key: "type", title: t("type"), narrow: true, cell: (row) => words("item_type", row.item_type) },
        { key: "native", title: t("native"), cell: (row) => <code>{row.native_type}</code> },
        { key: "null", title: t("nullable"), cell: (row) => (row.nullable ? t("common:yes") : t("common:no")) },
        { key: "key", title: t("key"), cell: (row) => (table.key.includes(row.name) ? t("common:yes") : t("common:no")) },
      ]}
    />
  );
}
