/** Who called, from whatever form the record gives it: an id with its prefix, or an object that holds one. */
export function callerOf(caller: unknown): { kind: "person" | "system"; id: string } {
  const text = typeof caller === "string" ? caller : JSON.stringify(caller ?? "");
  const id = /(?:per|sys)_[0-9a-f]+/.exec(text)?.[0] ?? "";
  return { kind: id.startsWith("per_") ? "person" : "system", id };
}
