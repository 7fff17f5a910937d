import { DeleteOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Grade, Item } from "../api/types";
import { useWords } from "../i18n/words";
import { DataTable } from "../ui/DataTable";
import { GRADES, type StepProps } from "./catalogue-content";
import { MaskChoice } from "./mask-choice";

/** Second step: each item's title, grade and mask. */
export function ItemsStep({ content, change }: StepProps) {
  const { t } = useTranslation(["entry", "catalogue"]);
  const words = useWords();
  const set = (name: string, patch: Partial<Item>) =>
    change({ items: content.items.map((item) => (item.name === name ? { ...item, ...patch } : item)) });
  const grades = GRADES.map((grade) => ({ value: grade, label: words("grade", grade) }));
  const gradeRest = (grade: Grade) => change({ items: content.items.map((item) => ({ ...item, grade: item.grade ?? grade })) });
  return (
    <div className="stack">
      <div className="row spread">
        <p className="muted">{t("items.lead")}</p>
        {content.items.some((item) => !item.grade) ? (
          <label className="row">
            <span>{t("items.grade_all")}</span>
            <Select aria-label={t("items.grade_all")} value={null} className="grade-select" onChange={(grade: Grade | null) => grade && gradeRest(grade)} options={grades} />
          </label>
        ) : null}
      </div>
      <DataTable
        caption={t("steps.items")}
        rows={content.items}
        rowKey={(row) => row.column}
        empty={t("items.none")}
        columns={[
          {
            key: "title", title: t("items.title"), main: true,
            cell: (row) => (
              <span className="item-title">
                <Input aria-label={t("items.title_of", { name: row.name })} value={row.title} maxLength={64} onChange={(event) => set(row.name, { title: event.target.value })} />
                <span className="muted small">
                  <code>{row.column}</code> · {words("item_type", row.item_type)}
                </span>
              </span>
            ),
          },
          {
            key: "grade", title: t("catalogue:item.grade"),
            cell: (row) => <Select aria-label={t("items.grade_of", { name: row.name })} className="grade-select" value={row.grade ?? undefined} status={row.grade ? undefined : "warning"} onChange={(grade: Grade) => set(row.name, { grade })} options={grades} />,
          },
          {
            key: "personal", title: t("catalogue:item.personal"),
            cell: (row) => <Checkbox aria-label={t("items.personal_of", { name: row.name })} checked={row.personal} onChange={(event) => set(row.name, { personal: event.target.checked })} />,
          },
          {
            key: "sensitive", title: t("items.sensitive"),
            cell: (row) => <Checkbox aria-label={t("items.sensitive_of", { name: row.name })} checked={row.sensitive} onChange={(event) => set(row.name, { sensitive: event.target.checked })} />,
          },
          { key: "mask", title: t("items.mask"), cell: (row) => <MaskChoice name={row.name} itemType={row.item_type} value={row.mask} onChange={(mask) => set(row.name, { mask })} /> },
          {
            key: "remove", title: t("items.action"),
            cell: (row) => <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t("items.remove_of", { name: row.name })} onClick={() => change({ items: content.items.filter((item) => item.name !== row.name) })} />,
          },
        ]}
      />
    </div>
  );
}
