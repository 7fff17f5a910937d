import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { articleInChinese } from "../src/i18n/article";
import { bytes, count, day, exactMoment, moment } from "../src/i18n/format";
import { resources } from "../src/i18n/resources";

function leaves(node: unknown, path = ""): [string, string][] {
  if (typeof node === "string") return [[path, node]];
  return Object.entries(node as Record<string, unknown>).flatMap(([key, value]) => leaves(value, path ? `${path}.${key}` : key));
}
const zh = new Map(leaves(resources["zh-CN"]));
const en = new Map(leaves(resources.en));
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1]).toSorted();

describe("texts", () => {
  it("stand in both languages", () => {
    expect([...zh.keys()]).toEqual([...en.keys()]);
  });

  it("say something, with the same slots", () => {
    for (const [key, text] of zh) {
      expect(text, key).not.toBe("");
      expect(slots(en.get(key) ?? ""), key).toEqual(slots(text));
    }
  });

  it.each([
    ["crates/http/src/problem_titles.rs", /^ {4}\(\s*"([a-z0-9_]+)",/gm, 50],
    ["crates/plane/src/problem.rs", /^ {4}\w+ = "([a-z0-9_]+)" \d{3} /gm, 20],
  ])("know every code of %s", (file, pattern, least) => {
    const path = join(import.meta.dirname, "../..", file);
    if (!existsSync(path)) {
      expect(process.env.CI, `${file} is not beside the console`).toBeUndefined();
      return;
    }
    const codes = [...readFileSync(path, "utf8").matchAll(pattern)].map((found) => found[1]);
    expect(codes.length).toBeGreaterThan(least);
    expect(codes.filter((code) => !zh.has(`problems.code.${code}`))).toEqual([]);
  });
});

describe("events", () => {
  it("have words, every one that the node records", () => {
    const folders = ["crates/app/src", "crates/domain/src"].map((folder) => join(import.meta.dirname, "../..", folder));
    if (!folders.every((folder) => existsSync(folder))) {
      expect(process.env.CI, "the node's sources are not beside the console").toBeUndefined();
      return;
    }
    const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)));
    const sources = files.filter((name) => name.endsWith(".rs")).map((name) => readFileSync(name, "utf8"));
    const events = new Set(sources.flatMap((text) => [...text.matchAll(/"((?:[A-Z][a-z]+){2,})"/g)].map((found) => found[1])));
    expect(events.size).toBeGreaterThan(30);
    expect([...events].filter((event) => !zh.has(`lists.event.${event}`))).toEqual([]);
  });
});

describe("formats", () => {
  it("writes moments in Beijing time whatever the machine says", () => {
    expect(moment("2026-11-23T16:30:05Z")).toBe("2026-11-24 00:30");
    expect(exactMoment("2026-11-23T16:30:05.123456Z")).toBe("2026-11-24 00:30:05");
    expect(day("2026-11-23T15:59:59Z")).toBe("2026-11-23");
    expect(day("2026-11-23")).toBe("2026-11-23");
    expect(moment(null)).toBe("—");
    expect(moment("not a moment")).toBe("not a moment");
  });

  it("writes numbers and sizes", () => {
    expect(count(1_234_567)).toBe("1,234,567");
    expect(count(null)).toBe("—");
    expect(bytes(512)).toBe("512 B");
    expect(bytes(1_572_864)).toBe("1.5 MB");
  });

  it("writes articles as the law does", () => {
    expect(articleInChinese("21(1)")).toBe("第二十一条第一款");
    expect(articleInChinese("10")).toBe("第十条");
    expect(articleInChinese("39(1)(4)")).toBe("第三十九条第一款第四项");
    expect(articleInChinese("law of another kind")).toBe("law of another kind");
  });
});
