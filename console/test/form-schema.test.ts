import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { actFields, caseKinds, caseVerbs, type Description, type FieldSpec, openingFields } from "../src/api/form-schema";
import { COMMON_LISTS } from "../src/components/useCaseWords";
import { resources } from "../src/i18n/resources";

const all = JSON.parse(readFileSync(join(import.meta.dirname, "../../openapi.json"), "utf8")) as Description;
const words = resources["zh-CN"].cases as unknown as Record<string, Record<string, Record<string, string> | string>>;
/** In these nothing is left to do; one sentence says so for all. */
const FINAL = /^(withdrawn|accepted|terminated|verified|in_effect|filing_refused|consented|refused|closed|circulated|returned|ended|dismissed|pursued|referred|settled|decided_against)$/;
const lists = resources["zh-CN"].lists as unknown as Record<string, Record<string, string>>;
const has = (...path: string[]) => path.reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], words) !== undefined;

function unnamed(kind: string, fields: FieldSpec[]): string[] {
  return fields.flatMap((field) => [
    ...(has("field", kind, field.name) || has("field", "common", field.name) ? [] : [`field ${kind}.${field.name}`]),
    ...field.values.filter((value) => !has("choice", field.list, value) && !lists[COMMON_LISTS[field.list] ?? ""]?.[value]).map((value) => `choice ${field.list}.${value}`),
    ...unnamed(kind, field.fields),
  ]);
}

describe("the forms of cases", () => {
  it("have words for every kind, verb, field and choice that the interface describes", () => {
    const missing = caseKinds(all).flatMap((kind) => [
      ...(has("kind", kind) ? [] : [`kind ${kind}`]),
      ...(has("intro", kind) ? [] : [`intro ${kind}`]),
      ...unnamed(kind, openingFields(kind, all)),
      ...caseVerbs(kind, all).flatMap((verb) => [...(has("verb", kind, verb) ? [] : [`verb ${kind}.${verb}`]), ...unnamed(kind, actFields(kind, verb, all))]),
    ]);
    expect([...new Set(missing)]).toEqual([]);
  });

  it("say for every state who goes on with it", () => {
    const states = Object.entries(words.state ?? {}).flatMap(([kind, inside]) => Object.keys(inside).map((state) => [kind, state] as const));
    expect(states.length).toBeGreaterThan(60);
    expect(states.filter(([kind, state]) => !has("next", kind, state) && !FINAL.test(state))).toEqual([]);
  });

  it("ask for numbers where the interface wants numbers", () => {
    const records = actFields("inspection", "find", all).find(({ name }) => name === "records");
    expect(records?.type).toBe("numbers");
  });

  it("know what an id names and what a text has to look like", () => {
    const opening = openingFields("return_flow", all);
    expect(opening.find(({ name }) => name === "entry")).toMatchObject({ type: "id", idPrefix: "cat", required: true });
    expect(opening.find(({ name }) => name === "region_item")).toMatchObject({ type: "text", list: "ItemName" });
    expect(opening.map(({ name }) => name)).not.toContain("region");
    expect(actFields("inspection", "find", all).find(({ name }) => name === "article")?.pattern).toContain("[0-9]");
  });
});
