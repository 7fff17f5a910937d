import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { Entry, Item, Mask, Narrowing, SharingRequest } from "../api/types";
import { useMaskWords } from "../components/Marks";
import { RowsInWords } from "../components/RowsInWords";
import { titlesOf } from "../pages/requests/RequestContentView";
import { FieldGroup } from "../ui/Field";
import { DateField, NumberField } from "./fields";
import { MaskChoice } from "./mask-choice";
import { isUnfinished } from "./row-condition";
import { RowsBuilder } from "./rows-builder";

/** Everything as it was asked for. */
export const NO_NARROWING: Narrowing = { items: null, rows: null, calls_per_second: null, rows_per_call: null, rows_per_day: null, valid_until: null, masks: null };
/** Of two partial masks neither is plainly the stronger, so over a published mask only hiding the whole value is less. */
const OVER_A_MASK: readonly Mask["kind"][] = ["redact"];

interface NarrowingFieldsProps {
  request: SharingRequest;
  entry: Entry | null;
  value: Narrowing;
  change: (patch: Partial<Narrowing>) => void;
  /** Whether what is not filled in is to be pointed at. */
  checked: boolean;
}

/** Less than was asked for: fewer items, values masked, more row conditions, lower limits, an earlier end. */
export function NarrowingFields({ request, entry, value, change, checked }: NarrowingFieldsProps) {
  const { t } = useTranslation(["requests", "common"]);
  const titles = titlesOf(entry);
  const items = value.items ?? request.items;
  const setMasks = (masks: [string, Mask][]) => change({ masks: masks.length === 0 ? null : Object.fromEntries(masks) });
  const masks = Object.entries(value.masks ?? {});
  const setItems = (chosen: string[]) => {
    change({ items: chosen.length === request.items.length ? null : request.items.filter((name) => chosen.includes(name)) });
    setMasks(masks.filter(([name]) => chosen.includes(name)));
  };
  const setMask = (name: string, mask: Mask | null) => setMasks([...masks.filter(([of]) => of !== name), ...(mask ? [[name, mask] as [string, Mask]] : [])]);
  const unfinished = (value.rows ?? []).findIndex(isUnfinished);
  const given = (entry?.items ?? []).filter((item) => items.includes(item.name));
  return (
    <FieldGroup title={t("propose.narrow")} hint={t("propose.narrow_hint")}>
      <fieldset className="field wide">
        <legend className="field-label">{t("propose.items")}</legend>
        <Checkbox.Group value={items} onChange={(chosen) => setItems(chosen as string[])} options={request.items.map((name) => ({ value: name, label: titles[name] ?? name }))} />
      </fieldset>
      {given.length > 0 ? <MaskFields items={given} value={value.masks ?? {}} set={setMask} /> : null}
      {entry ? (
        <div className="wide">
          <RowsBuilder items={entry.items} value={value.rows ?? []} onChange={(rows) => change({ rows: rows.length === 0 ? null : rows })} label={t("propose.rows")} hint={t("propose.rows_hint")} problem={checked && unfinished >= 0 ? t("common:rows.unfinished", { n: unfinished + 1 }) : null} />
          <div className="field-hint asked-rows">
            {t("propose.rows_asked")}{" "}
            <RowsInWords rows={request.rows} titles={titles} />
          </div>
        </div>
      ) : null}
      <NumberField label={t("propose.rate")} max={request.calls_per_second ?? undefined} value={value.calls_per_second ?? request.calls_per_second} onChange={(number) => change({ calls_per_second: number === request.calls_per_second ? null : number })} />
      <NumberField label={t("propose.call")} max={request.rows_per_call ?? undefined} value={value.rows_per_call ?? request.rows_per_call} onChange={(number) => change({ rows_per_call: number === request.rows_per_call ? null : number })} />
      <NumberField label={t("propose.day")} max={request.rows_per_day ?? undefined} value={value.rows_per_day ?? request.rows_per_day} onChange={(number) => change({ rows_per_day: number === request.rows_per_day ? null : number })} />
      <DateField label={t("propose.until")} value={value.valid_until ?? request.valid_until} onChange={(date) => change({ valid_until: date === request.valid_until ? null : date })} />
    </FieldGroup>
  );
}

function MaskFields({ items, value, set }: { items: Item[]; value: Record<string, Mask>; set: (name: string, mask: Mask | null) => void }) {
  const { t } = useTranslation("requests");
  const maskWords = useMaskWords();
  return (
    <fieldset className="field wide">
      <legend className="field-label">{t("propose.masks")}</legend>
      <p className="field-hint">{t("propose.masks_hint")}</p>
      <ul className="mask-lines">
        {items.map((item) => (
          <li key={item.name}>
            <span>
              {item.title || item.name} <span className="muted small">{t("propose.mask_published", { mask: maskWords(item.mask) })}</span>
            </span>
            <MaskChoice name={item.title || item.name} itemType={item.item_type} value={value[item.name] ?? null} onChange={(mask) => set(item.name, mask)} none={t("propose.mask_kept")} only={item.mask ? OVER_A_MASK : undefined} />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
