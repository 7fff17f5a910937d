import { InputNumber, Select } from "antd";
import { useTranslation } from "react-i18next";
import type { ItemType, Mask } from "../api/types";
import { useWords } from "../i18n/words";

const KEPT_MAX = 20;
const fresh: Record<Mask["kind"], Mask> = {
  keep_ends: { kind: "keep_ends", head: 1, tail: 0 },
  keyed_hash: { kind: "keyed_hash" },
  year_only: { kind: "year_only" },
  region_only: { kind: "region_only", digits: 4 },
  redact: { kind: "redact" },
  token: { kind: "token" },
  verify_only: { kind: "verify_only" },
};

function fitting(itemType: ItemType): Mask["kind"][] {
  if (itemType === "text") return ["keep_ends", "keyed_hash", "token", "region_only", "year_only", "redact", "verify_only"];
  if (itemType === "date" || itemType === "date_time") return ["year_only", "keyed_hash", "redact", "verify_only"];
  return ["keyed_hash", "redact", "verify_only"];
}

interface MaskChoiceProps {
  name: string;
  itemType: ItemType;
  value: Mask | null;
  onChange: (mask: Mask | null) => void;
  /** What stands for no choice; without it, that the item is not masked. */
  none?: string;
  /** The only ways that may be chosen, where not every fitting one may. */
  only?: readonly Mask["kind"][];
}

/** How an item is hidden, of the ways that fit its type. */
export function MaskChoice({ name, itemType, value, onChange, none, only }: MaskChoiceProps) {
  const { t } = useTranslation("entry");
  const words = useWords();
  const kinds = [...new Set([...(only ?? fitting(itemType)), ...(value ? [value.kind] : [])])];
  const options = [{ value: "none", label: none ?? words("mask", "none") }, ...kinds.map((kind) => ({ value: kind, label: words("mask", kind) }))];
  return (
    <span className="mask-choice">
      <Select
        aria-label={t("items.mask_of", { name })}
        className="mask-select"
        value={value?.kind ?? "none"}
        onChange={(kind: string) => onChange(kind === "none" ? null : fresh[kind as Mask["kind"]])}
        options={options}
      />
      {value?.kind === "keep_ends" ? (
        <>
          <InputNumber aria-label={t("items.head", { name })} className="kept" prefix={t("items.first")} min={0} max={KEPT_MAX} value={value.head} onChange={(head) => onChange({ ...value, head: head ?? 0 })} />
          <InputNumber aria-label={t("items.tail", { name })} className="kept" prefix={t("items.last")} min={0} max={KEPT_MAX} value={value.tail} onChange={(tail) => onChange({ ...value, tail: tail ?? 0 })} />
        </>
      ) : null}
      {value?.kind === "region_only" ? (
        <Select aria-label={t("items.digits", { name })} value={value.digits} onChange={(digits: number) => onChange({ ...value, digits })} options={[2, 4, 6].map((digits) => ({ value: digits, label: digits }))} />
      ) : null}
    </span>
  );
}
