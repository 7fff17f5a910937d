import type { Item, ItemType, RowCondition } from "../api/types";

/** How a condition is asked for on the form. A region is a prefix whose value is picked from the divisions. */
export type ConditionKind = "region" | "eq" | "in" | "prefix" | "range";

/** An item that holds a division code, by its name or title. Only a convenience: any text may be typed as a prefix. */
export function isRegionItem(item: Pick<Item, "name" | "title" | "item_type">): boolean {
  return item.item_type === "text" && (/region|county|area|division|xzqh|qh$|_qh/i.test(item.name) || /区划|行政区/.test(item.title ?? ""));
}

export function kindsFor(item: Pick<Item, "name" | "title" | "item_type">): ConditionKind[] {
  switch (item.item_type) {
    case "text":
      return isRegionItem(item) ? ["region", "prefix", "in", "eq"] : ["eq", "in", "prefix"];
    case "boolean":
      return ["eq"];
    default:
      return ["range", "eq", "in"];
  }
}

export function kindOf(row: RowCondition, item: Pick<Item, "name" | "title" | "item_type"> | undefined): ConditionKind {
  if (row.prefix !== undefined) return item && isRegionItem(item) && /^\d*$/.test(row.prefix) ? "region" : "prefix";
  if (row.in) return "in";
  if (row.range) return "range";
  return "eq";
}

/** A typed literal, as JSON wants it: whole numbers as numbers, the rest as written. */
function literal(text: string, itemType: ItemType | undefined): string | number | boolean {
  if (itemType === "integer" && /^-?\d{1,15}$/.test(text)) return Number(text);
  if (itemType === "boolean") return text === "true" || text === "1" || text === "是";
  return text;
}

/** A range with one end set anew; an empty end is open. */
export function rangeOf(row: RowCondition, ends: { from?: string; to?: string }, itemType: ItemType | undefined): RowCondition {
  const kept: NonNullable<RowCondition["range"]> = { ...row.range };
  for (const end of ["from", "to"] as const) {
    const text = ends[end];
    if (text === "") delete kept[end];
    else if (text !== undefined) kept[end] = literal(text, itemType);
  }
  return { item: row.item, range: kept };
}

export function conditionOf(item: string, kind: ConditionKind, text: string, itemType?: ItemType): RowCondition {
  switch (kind) {
    case "region":
    case "prefix":
      return { item, prefix: text };
    case "in":
      return { item, in: text.split(/[,，、]/).map((part) => literal(part.trim(), itemType)) };
    case "range":
      return { item, range: {} };
    case "eq":
      return { item, eq: literal(text, itemType) };
  }
}

/** A condition whose value was not filled in; taken as it stands it would let no row through. */
export function isUnfinished(row: RowCondition): boolean {
  if (row.range) return row.range.from === undefined && row.range.to === undefined;
  if (row.in) return row.in.every((value) => value === "");
  return (row.prefix ?? row.eq ?? "") === "";
}
