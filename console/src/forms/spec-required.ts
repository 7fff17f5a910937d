// Which fields of a case's form must be filled in. The interface leaves texts and lists open, so that the server can
// answer with its own words and article; nearly all of them are asked for by the law, so here stand those that are not.
import type { FieldSpec } from "../api/form-schema";
import type { Values } from "./spec-fields";

const MAY_BE_EMPTY = new Set([
  "correction.proposal", "disposal.basis", "dispute.note", "dispute.number", "incident.also", "inspection.cases",
  "inspection.records", "lead.note", "return_flow.note", "service_change.note",
]);
const OPEN_TYPES = new Set(["text", "texts", "numbers", "ids", "objects"]);

export const isRequired = (kind: string, field: FieldSpec): boolean => field.required || (OPEN_TYPES.has(field.type) && !MAY_BE_EMPTY.has(`${kind}.${field.name}`));

const isEmpty = (value: unknown) => value === undefined || value === null || (typeof value === "string" && value.trim() === "") || (Array.isArray(value) && value.length === 0);

/** Paths of required fields that are still empty: `doubt`, `duty.title`, `documents[0].sha256`. */
export function missingFields(kind: string, fields: FieldSpec[], values: Values): string[] {
  return fields.flatMap((field) => {
    const value = values[field.name];
    if (field.type === "object") return missingFields(kind, field.fields, (value ?? {}) as Values).map((path) => `${field.name}.${path}`);
    if (isEmpty(value)) return isRequired(kind, field) ? [field.name] : [];
    if (field.type !== "objects") return [];
    return (value as Values[]).flatMap((row, at) => missingFields(kind, field.fields, row).map((path) => `${field.name}[${at}].${path}`));
  });
}
