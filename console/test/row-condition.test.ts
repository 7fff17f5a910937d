import { describe, expect, it } from "vitest";
import { isUnfinished } from "../src/forms/row-condition";

describe("a row condition", () => {
  it("is unfinished until a value is filled in", () => {
    for (const row of [{ item: "a", eq: "" }, { item: "a", prefix: "" }, { item: "a", in: [""] }, { item: "a", range: {} }]) expect(isUnfinished(row)).toBe(true);
  });

  it("is finished with a value, be it zero or no, and with one end of a range", () => {
    for (const row of [{ item: "a", eq: 0 }, { item: "a", eq: false }, { item: "a", prefix: "52" }, { item: "a", in: ["", "x"] }, { item: "a", range: { to: 0 } }]) expect(isUnfinished(row)).toBe(false);
  });
});
