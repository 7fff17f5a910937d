// What a form asks for, read from the interface's own description: a kind of case that the server knows is a form here
// without a line of code. Only what cases need is understood; anything else is refused by the server in words.
import type { QueryFunction } from "@tanstack/react-query";

interface Schema {
  $ref?: string;
  type?: string | string[];
  enum?: string[];
  pattern?: string;
  format?: string;
  readOnly?: boolean;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  oneOf?: Schema[];
  allOf?: Schema[];
}

export interface Description {
  components: { schemas: Record<string, Schema> };
}

export type FieldType = "id" | "text" | "choice" | "number" | "flag" | "date" | "texts" | "numbers" | "ids" | "object" | "objects";

export interface FieldSpec {
  name: string;
  type: FieldType;
  required: boolean;
  /** Values of a choice. */
  values: string[];
  /** Name of the schema that says what the value is: a choice's list, `ItemName`, `Article`, `Sha256`; empty when none. */
  list: string;
  /** What a text has to look like, as a regular expression; empty when anything goes. */
  pattern: string;
  /** `org`, `grt` … of an id. */
  idPrefix: string;
  /** Fields of an object, or of each object of a list. */
  fields: FieldSpec[];
}

export const describe: QueryFunction<Description> = async () => {
  const answer = await fetch("/openapi.json", { credentials: "omit" });
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  return (await answer.json()) as Description;
};

const nameOf = (schema: Schema) => schema.$ref?.split("/").at(-1) ?? "";

/** The schema itself; what stands beside `null` in a field that may be left out. */
function resolved(schema: Schema, all: Description): { schema: Schema; name: string } {
  const name = nameOf(schema);
  if (name) return { schema: all.components.schemas[name] ?? {}, name };
  const other = schema.oneOf?.find((each) => each.type !== "null");
  return schema.oneOf?.some((each) => each.type === "null") && other ? resolved(other, all) : { schema, name: "" };
}

const typeOf = (schema: Schema) => (Array.isArray(schema.type) ? schema.type.find((each) => each !== "null") : schema.type);

const idPrefixOf = (schema: Schema) => /^\^([a-z]{3})_/.exec(schema.pattern ?? "")?.[1] ?? "";

function fieldOf(name: string, given: Schema, required: boolean, all: Description): FieldSpec {
  const { schema, name: list } = resolved(given, all);
  const spec: FieldSpec = { name, type: "text", required, values: [], list, pattern: schema.pattern ?? "", idPrefix: "", fields: [] };
  if (schema.enum) return { ...spec, type: "choice", values: schema.enum };
  switch (typeOf(schema)) {
    case "boolean":
      return { ...spec, type: "flag" };
    case "integer":
    case "number":
      return { ...spec, type: "number" };
    case "array": {
      const inside = fieldOf(name, schema.items ?? {}, false, all);
      if (inside.type === "object") return { ...inside, required, type: "objects" };
      if (inside.type === "id") return { ...inside, required, type: "ids" };
      return { ...inside, required, type: inside.type === "number" ? "numbers" : "texts" };
    }
    case "object":
      return { ...spec, type: "object", fields: fieldsOf(schema, all) };
    default:
      if (schema.format === "date") return { ...spec, type: "date" };
      return idPrefixOf(schema) ? { ...spec, type: "id", idPrefix: idPrefixOf(schema) } : spec;
  }
}

/** Fields of an object, without those that only say which form it is and those that the server computes. */
function fieldsOf(schema: Schema, all: Description): FieldSpec[] {
  const names = Object.entries(schema.properties ?? {}).filter(([name, inside]) => name !== "verb" && name !== "kind" && inside.readOnly !== true);
  return names.map(([name, inside]) => fieldOf(name, inside, schema.required?.includes(name) ?? false, all));
}

/** The alternatives of a schema that is told apart by a tag, by the tag's value. */
function tagged(schema: Schema, tag: string, all: Description): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const alternative of schema.oneOf ?? []) {
    const parts = (alternative.allOf ?? [alternative]).map((part) => resolved(part, all).schema);
    const value = parts.map((part) => part.properties?.[tag]?.enum?.[0]).find((each) => each !== undefined);
    const form = parts.find((part) => part.properties?.[tag]?.enum === undefined) ?? parts[0];
    if (value !== undefined && form) found.set(value, form);
  }
  return found;
}

/** The kinds of case there are. */
export const caseKinds = (all: Description): string[] => [...tagged(all.components.schemas.CaseMatter ?? {}, "kind", all).keys()];

/** What can be done in a case of this kind, in the interface's order. */
export function caseVerbs(kind: string, all: Description): string[] {
  const acts = tagged(all.components.schemas.CaseAct ?? {}, "kind", all).get(kind);
  return acts ? [...tagged(acts, "verb", all).keys()] : [];
}

/** What opening a case of this kind asks for. */
export function openingFields(kind: string, all: Description): FieldSpec[] {
  const form = tagged(all.components.schemas.CaseMatter ?? {}, "kind", all).get(kind);
  return form ? fieldsOf(form, all) : [];
}

/** What an act in a case of this kind asks for. */
export function actFields(kind: string, verb: string, all: Description): FieldSpec[] {
  const acts = tagged(all.components.schemas.CaseAct ?? {}, "kind", all).get(kind);
  const form = acts ? tagged(acts, "verb", all).get(verb) : undefined;
  return form ? fieldsOf(form, all) : [];
}
