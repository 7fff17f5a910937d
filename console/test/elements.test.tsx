import { readFileSync } from "node:fs";
import { join } from "node:path";
import { screen, within } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { RequireSession } from "../src/components/RequireSession";
import { chooseLanguage } from "../src/i18n/start";
import { CaseNewPage } from "../src/pages/cases/CaseNewPage";
import { ElementsPage } from "../src/pages/elements/ElementsPage";
import { answer, draw } from "./render";

const police = { id: "org_p", name: "市公安局" };
const social = { id: "org_s", name: "市人社局" };
const market = { id: "org_m", name: "市市场监管局" };
const person = (can: string[], roles: string[], organisation = { id: "org_x", name: "市民政局" }) => ({
  person: { id: "per_1", login: "a", name: "李航", organisation: { ...organisation, short_name: organisation.name }, roles },
  node: { name: "贵州省遵义市节点", level: "city", region_code: "5203", region_name: "遵义市" },
  can: ["data_element_read", ...can],
});
const element = {
  element: "出生日期", definition: "公民出生的年月日", case: "cas_1", number: "SD-2026-000001", collectors: [police, social],
  carriers: [{ entry: "cat_p", item: "birth_date" }], source: police, designated_at: "2026-11-05T16:30:00Z", not_cooperating: [social],
};
const heard = { ...element, element: "姓名", case: "cas_2", number: "SD-2026-000002", carriers: [{ entry: "cat_p", item: "name" }], source: null, designated_at: null, not_cooperating: [] };
const basis = { rank: "law", title: "中华人民共和国户口登记条例", article: "第三条" };
const item = (provider: typeof police, entry: string, name: string, title: string) => ({ entry, entry_name: `${provider.name}的目录`, provider, item: name, title, personal: true, basis });
const repeats = [
  { element: "出生日期", source: police, items: [item(police, "cat_p", "birth_date", "出生日期"), item(social, "cat_s", "born", "出生日期")] },
  { element: "姓名", source: null, items: [item(police, "cat_p", "name", "姓名"), item(social, "cat_s", "name", "姓名")] },
  { element: "统一社会信用代码", source: null, items: [item(market, "cat_m", "code", "统一社会信用代码"), item(social, "cat_s", "credit_code", "统一社会信用代码")] },
];
const around = {
  "/api/v1/inbox": { body: { items: [], next: null, counts: { todo: 0, doing: 0, done: 0, started: 0, overdue: 0 } } },
  "/api/v1/reminders": { body: { items: [], unread: 0 } },
  "/api/v1/data_elements": { body: { items: [element, heard] } },
  "/api/v1/data_elements/repeats": { body: { items: repeats } },
};
const page = (
  <Routes>
    <Route element={<RequireSession />}>
      <Route path="/elements" element={<ElementsPage />} />
    </Route>
  </Routes>
);
const open = (session: unknown, more: Record<string, { status?: number; body: unknown }> = {}) => {
  answer({ "/api/v1/session": { body: session }, ...around, ...more });
  draw(page, "/elements");
};
const hrefs = (inside: HTMLElement) => within(inside).queryAllByRole("link").map((link) => link.getAttribute("href"));

describe("data elements", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("show who collects, who is the source since when, and who does not cooperate", async () => {
    open(person(["source_designation_open"], ["authority_officer"]));
    const table = await screen.findByRole("table", { name: "数据元" });
    const row = within(table).getByRole("row", { name: /公民出生的年月日.*2026-11-06/ });
    for (const text of ["2026-11-06 起", "由数源部门反映，等待说明"]) expect(within(row).getByText(text)).toBeTruthy();
    // Once as a collector, once as the source; once as a collector, once as the one that does not cooperate.
    for (const name of ["市公安局", "市人社局"]) expect(within(row).getAllByText(name).length).toBe(2);
    expect(hrefs(row)).toEqual(["/catalogue/cat_p", "/cases/cas_1"]);
    // The entry is called by its name, which the list of repeats knows.
    expect(within(row).getByRole("link", { name: "市公安局的目录" })).toBeTruthy();
    expect(within(within(table).getByRole("row", { name: /^姓名.*SD-2026-000002/ })).getByText("尚未明确")).toBeTruthy();
  });

  it("show what is collected although a source shares it, with the entries", async () => {
    open(person([], ["data_officer"]));
    const row = within(await screen.findByRole("table", { name: "疑似重复收集" })).getByRole("row", { name: /^出生日期/ });
    expect(within(row).getByText("市公安局已是数源部门，其他部门应当申请共享，不再重复收集。")).toBeTruthy();
    expect(within(row).getAllByText("数源").length).toBe(1);
    expect(hrefs(row)).toEqual(["/catalogue/cat_p", "/catalogue/cat_s"]);
    expect(row.textContent).toContain("依据《中华人民共和国户口登记条例》第三条");
  });

  it("let the authority begin a designation with what was found, once", async () => {
    open(person(["source_designation_open"], ["authority_officer"]));
    const table = await screen.findByRole("table", { name: "疑似重复收集" });
    const begun = within(table).getAllByRole("link", { name: /^指定数源部门/ });
    expect(begun.map((link) => link.getAttribute("aria-label"))).toEqual(["指定数源部门：统一社会信用代码"]);
    const asked = new URL(begun[0]?.getAttribute("href") ?? "", "http://x").searchParams;
    expect([asked.get("kind"), asked.get("element"), asked.getAll("carrier")]).toEqual(["source_designation", "统一社会信用代码", ["cat_m:code", "cat_s:credit_code"]]);
    // The departments are already heard about the name: no second case.
    expect(within(table).getByRole("row", { name: /^姓名.*正在征求意见 SD-2026-000002/ })).toBeTruthy();
    expect(screen.getByRole("link", { name: "指定数源部门" }).getAttribute("href")).toBe("/cases/new?kind=source_designation");
  });

  it.each([
    ["a collecting department", person([], ["data_officer"], social), true],
    ["an auditor", person([], ["auditor"]), true],
    ["another department", person([], ["data_officer"]), false],
  ])("lead %s to the case only if it may be read", async (_, session, leads) => {
    open(session);
    await screen.findByRole("table", { name: "疑似重复收集" });
    expect(screen.queryAllByRole("link", { name: "SD-2026-000001" }).length > 0).toBe(leads);
    expect(screen.getByText("SD-2026-000001")).toBeTruthy();
    expect(screen.queryByRole("link", { name: /^指定数源部门/ })).toBeNull();
  });

  it("say in sentences that there is nothing", async () => {
    open(person([], ["data_officer"]), { "/api/v1/data_elements": { body: { items: [] } }, "/api/v1/data_elements/repeats": { body: { items: [] } } });
    expect(await screen.findByText(/^还没有明确数源部门的数据元。/)).toBeTruthy();
    expect(await screen.findByText(/^没有发现重复收集：/)).toBeTruthy();
  });
});

describe("a designation that is begun from what was found", () => {
  it("has the element and its items filled in, to be changed by whoever opens it", async () => {
    chooseLanguage("zh-CN");
    const entry = (id: string, name: string, code: string) => ({ body: { id, name, provider: police, items: [{ name: code, title: "姓名" }] } });
    answer({
      "/openapi.json": { body: JSON.parse(readFileSync(join(import.meta.dirname, "../../openapi.json"), "utf8")) },
      "/api/v1/catalogue": { body: { items: [], next: null } },
      "/api/v1/catalogue/cat_p": entry("cat_p", "人口基础信息", "name"),
      "/api/v1/catalogue/cat_s": entry("cat_s", "参保信息", "insured"),
    });
    draw(<CaseNewPage />, "/cases/new?kind=source_designation&element=%E5%A7%93%E5%90%8D&carrier=cat_p%3Aname&carrier=cat_s%3Ainsured");
    const named: HTMLInputElement = await screen.findByRole("textbox", { name: /^数据元/ });
    expect(named.value).toBe("姓名");
    expect(screen.getAllByRole("button", { name: /移 ?除/u }).length).toBe(2);
    for (const name of ["人口基础信息", "参保信息"]) expect(await screen.findByText(name)).toBeTruthy();
  });
});

describe("navigation", () => {
  it.each([
    ["whoever may read data elements", ["data_element_read"], true],
    ["a contractor, who may not", [], false],
  ])("offers the page to %s", async (_, can, offered) => {
    chooseLanguage("zh-CN");
    open({ ...person([], []), can });
    await screen.findAllByRole("navigation", { name: "主导航" });
    expect(screen.queryAllByRole("link", { name: "数据元与数源" }).length > 0).toBe(offered);
  });
});
