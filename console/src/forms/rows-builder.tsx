import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { Item, RowCondition } from "../api/types";
import { RegionPicker } from "../components/RegionPicker";
import { useSession } from "../components/RequireSession";
import { type ConditionKind, conditionOf, isRegionItem, kindOf, kindsFor, rangeOf } from "./row-condition";

interface RowsBuilderProps {
  items: Item[];
  value: RowCondition[];
  onChange: (rows: RowCondition[]) => void;
  /** Other words for what the conditions do, where they do not make up an application. */
  label?: string;
  hint?: string;
  problem?: string | null;
}

/** Row conditions that must all hold. Nobody chooses by an item that is not shared. */
export function RowsBuilder({ items, value, onChange, label, hint, problem }: RowsBuilderProps) {
  const { t } = useTranslation(["common", "requests"]);
  const session = useSession();
  const usable = items.filter((item) => item.sharing_attribute !== "not_shared");
  const first = usable.find(isRegionItem) ?? usable[0];
  const set = (index: number, row: RowCondition) => onChange(value.map((each, at) => (at === index ? row : each)));
  const add = () => {
    if (!first) return;
    const kind = kindsFor(first)[0] ?? "eq";
    onChange([...value, conditionOf(first.name, kind, kind === "region" ? session.node.region_code : "")]);
  };
  return (
    <fieldset className="field">
      <legend className="field-label">{label ?? t("requests:form.rows")}</legend>
      <p className="field-hint">{usable.length === 0 ? t("rows.none_filterable") : (hint ?? t("rows.explain"))}</p>
      {value.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- conditions have no identity but their place
        <div key={index} className="condition">
          <ConditionRow n={index + 1} row={row} items={usable} set={(next) => set(index, next)} />
          <Button type="text" icon={<DeleteOutlined aria-hidden="true" />} aria-label={t("rows.remove", { n: index + 1 })} onClick={() => onChange(value.filter((_, at) => at !== index))} />
        </div>
      ))}
      {problem ? (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      ) : null}
      {usable.length > 0 ? (
        <Button icon={<PlusOutlined aria-hidden="true" />} onClick={add}>
          {t("rows.add")}
        </Button>
      ) : null}
    </fieldset>
  );
}

interface ConditionRowProps {
  n: number;
  row: RowCondition;
  items: Item[];
  set: (row: RowCondition) => void;
}

function ConditionRow({ n, row, items, set }: ConditionRowProps) {
  const { t } = useTranslation(["common", "requests"]);
  const { node } = useSession();
  const item = items.find((each) => each.name === row.item);
  const kind = kindOf(row, item);
  const kinds = item ? kindsFor(item) : (["eq"] as ConditionKind[]);
  const start = (name: string, next: ConditionKind) => set(conditionOf(name, next, next === "region" ? node.region_code : ""));
  return (
    <>
      <Select
        aria-label={`${t("rows.item")} ${n}`}
        className="condition-item"
        value={row.item}
        onChange={(name: string) => {
          const chosen = items.find((each) => each.name === name);
          start(name, (chosen && kindsFor(chosen)[0]) ?? "eq");
        }}
        options={items.map((each) => ({ value: each.name, label: each.title || each.name }))}
      />
      <Select aria-label={`${t("rows.test")} ${n}`} className="condition-test" value={kind} onChange={(next: ConditionKind) => start(row.item, next)} options={kinds.map((each) => ({ value: each, label: t(`rows.tests.${each}`) }))} />
      <span className="condition-value">
        {kind === "region" ? (
          <RegionPicker base={node.region_code} baseName={node.region_name} value={row.prefix ?? ""} label={t("rows.pick_region", { n })} onChange={(code) => set(conditionOf(row.item, "region", code))} />
        ) : null}
        {kind === "eq" || kind === "prefix" ? (
          <Input aria-label={`${t("rows.value")} ${n}`} value={String((kind === "eq" ? row.eq : row.prefix) ?? "")} onChange={(event) => set(conditionOf(row.item, kind, event.target.value, item?.item_type))} />
        ) : null}
        {kind === "in" ? (
          <Input aria-label={`${t("rows.value")} ${n}`} placeholder={t("rows.in_hint")} value={(row.in ?? []).join(",")} onChange={(event) => set(conditionOf(row.item, "in", event.target.value, item?.item_type))} />
        ) : null}
        {kind === "range" ? (
          <span className="row">
            <Input aria-label={`${t("rows.from")} ${n}`} placeholder={t("rows.from")} value={String(row.range?.from ?? "")} onChange={(event) => set(rangeOf(row, { from: event.target.value }, item?.item_type))} />
            <Input aria-label={`${t("rows.to")} ${n}`} placeholder={t("rows.to")} value={String(row.range?.to ?? "")} onChange={(event) => set(rangeOf(row, { to: event.target.value }, item?.item_type))} />
          </span>
        ) : null}
      </span>
    </>
  );
}
