import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import type { Source } from "../src/api/types";
import { ViewDefineForm } from "../src/forms/view-define";
import { chooseLanguage } from "../src/i18n/start";
import { answer, draw } from "./render";

const column = { name: "id", item_type: "integer" as const, nullable: false, native_type: "bigint" };
const table = { name: "people", rows_estimate: 3, key: ["id"], columns: [column] };
const source = { id: "src_1", revision: 1, name: "人口库", kind: "sqlite", location: "people.db", encoding: null, structure: { tables: [table], digest: "00" }, described_at: "2026-11-05T16:30:00Z", held_at: null } as Source;

/** Chooses the one option of a select. */
async function choose(label: string, option: string) {
  await userEvent.click(screen.getByLabelText(new RegExp(label)));
  await userEvent.click(await screen.findByTitle(option));
}

async function write(sql: string) {
  draw(<ViewDefineForm sources={[source]} close={() => undefined} />);
  await choose("数据源", "人口库");
  await choose("^表", "people");
  await userEvent.type(screen.getByLabelText(/SELECT 语句/), sql);
  await userEvent.click(screen.getByRole("button", { name: /检\s*查/ }));
}

describe("the form of a view", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("shows the columns that the server found", async () => {
    const sent = answer({ "/api/v1/sources/check": { body: { tables: [{ ...table, name: "view" }], digest: "00" } } });
    await write("SELECT id FROM people");
    expect((await screen.findAllByText("检查通过：1 列，3 行")).length).toBeGreaterThan(0);
    expect(screen.getByLabelText(/别名/)).toHaveProperty("value", "people");
    expect(sent.map(({ url }) => url)).toEqual(["/api/v1/sources/check"]);
  });

  it("sends a threshold of subjects when one is asked for, and says that it is held", async () => {
    const threshold = { input: "people", column: "id", minimum: 5 };
    const sent = answer({ "/api/v1/sources/check": { body: { tables: [{ ...table, name: "view" }], threshold, digest: "00" } } });
    draw(<ViewDefineForm sources={[source]} close={() => undefined} />);
    await choose("数据源", "人口库");
    await choose("^表", "people");
    await userEvent.type(screen.getByLabelText(/SELECT 语句/), "SELECT count(*) AS n FROM people");
    await userEvent.click(screen.getByRole("checkbox", { name: /每组不少于/ }));
    expect(screen.getByRole("button", { name: /检\s*查/ })).toHaveProperty("disabled", true);
    await choose("主体列", "id");
    await userEvent.click(screen.getByRole("button", { name: /检\s*查/ }));
    expect(await screen.findByText(/每组不少于 5 个主体/)).toBeDefined();
    expect(await sent[0]?.request?.json()).toMatchObject({ kind: "view", threshold });
  });

  it("shows a refusal with its place and what it is about", async () => {
    const params = { line: "1", column: "8", name: "now" };
    answer({ "/api/v1/sources/check": { status: 422, body: { code: "view_function", params } } });
    await write("SELECT now()");
    expect(await screen.findByText("视图不允许使用这个函数。")).toBeDefined();
    expect(screen.getByText("第 1 行第 8 列")).toBeDefined();
    expect(screen.getByText("涉及：now")).toBeDefined();
  });
});
