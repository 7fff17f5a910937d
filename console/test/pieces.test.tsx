import { fireEvent, screen } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { describe, expect, it } from "vitest";
import type { Clock, RulePolicies } from "../src/api/types";
import { ClockMark, ClockRule } from "../src/components/Marks";
import { conditionOf, kindOf, kindsFor, rangeOf } from "../src/forms/row-condition";
import { chooseLanguage } from "../src/i18n/start";
import { points, usePolicyWords } from "../src/pages/clocks/policies";
import { callerOf } from "../src/pages/grants/caller";
import { InboxPage } from "../src/pages/inbox/InboxPage";
import { paths } from "../src/paths";
import { DataTable } from "../src/ui/DataTable";
import { Tabs } from "../src/ui/Tabs";
import { answer, draw } from "./render";

const clock: Clock = { started: "2026-11-23T01:00:00Z", due: "2026-12-07T15:59:59Z", working_days: 10, article: "21(1)", remaining_working_days: 2, light: "yellow", provisional: false, calendar: "cn-2026", waiting_on_requester_days: 0, gross_working_days: 8, net_working_days: 8, kind: "reply_conditional", rule_set: "decree_809", extended_by: 0, paused_for: 0, counted_from: null };

describe("paths", () => {
  it("are for ever", () => {
    const all = Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, typeof path === "string" ? path : path("X" as never)]));
    expect(all).toMatchInlineSnapshot(`
      {
        "announcements": "/catalogue/announcements",
        "application": "/applications/X",
        "calendar": "/calendar",
        "cart": "/requests/cart",
        "case": "/cases/X",
        "caseNew": "/cases/new?kind=X",
        "cases": "/cases",
        "casesBox": "/cases?box=X",
        "catalogue": "/catalogue",
        "elements": "/elements",
        "entry": "/catalogue/X",
        "entryEdit": "/catalogue/X/edit",
        "entryImport": "/catalogue/import",
        "entryNew": "/catalogue/new",
        "forbidden": "/403",
        "gateways": "/gateways",
        "grant": "/grants/X",
        "grantUsage": "/grants/X/usage",
        "grants": "/grants",
        "inbox": "/inbox",
        "inboxTab": "/inbox?tab=X",
        "leaks": "/leaks",
        "login": "/login",
        "organisations": "/admin/organisations",
        "ownEntries": "/catalogue/own",
        "people": "/admin/people",
        "record": "/record",
        "recordEntry": "/record/X",
        "recordOf": "/record?subject=X",
        "refusal": "/refusals?id=X",
        "request": "/requests/X",
        "requestEdit": "/requests/X/edit",
        "requestNew": "/requests/new?entry=X",
        "requests": "/requests",
        "requestsBox": "/requests?box=X",
        "rules": "/rules",
        "scorecards": "/scorecards?period=X",
        "source": "/sources/X",
        "sources": "/sources",
        "system": "/systems/X",
        "systems": "/systems",
        "verify": "/verify/X",
        "welcome": "/welcome",
        "workbench": "/",
      }
    `);
  });
});

function Points({ policies }: { policies: RulePolicies }) {
  const read = usePolicyWords();
  return points.map((point) => <p key={point}>{read(point, policies)}</p>);
}

describe("the open points of the law", () => {
  it("are each said in words, and not at all where nothing is said of them", () => {
    const defaults: RulePolicies = { supplement: "run_on", extension_for_unconditional: "allowed", due_hour: 24, update_stop: "filing", objection_days: 5, common_authority: "lowest", usage_retention_years: 3 };
    const said = (policies: RulePolicies) => [...draw(<Points policies={policies} />).container.querySelectorAll("p")].map((point) => point.textContent);
    expect(said(defaults)).toEqual(["不停止计算", "可以延期", "24 时", "报送审核之时", "5 个工作日", "双方共同的最低一级", "3 年"]);
    expect(said({ objection_days: 2, common_authority: "above" })).toEqual(["—", "—", "—", "—", "2 个工作日", "双方主管部门的上一级", "—"]);
  });
});

describe("clock", () => {
  it("says light, days and due moment in words", () => {
    draw(<ClockMark clock={clock} />);
    expect(screen.getByRole("button").textContent).toBe("临期剩 2 个工作日2026-12-07 23:59 到期");
  });

  it("shows of what its days are the sum, and by which rules", () => {
    const { container } = draw(<ClockRule clock={{ ...clock, extended_by: 5, paused_for: 3, rule_set: "rls_1" }} />);
    expect([...container.querySelectorAll("div")].map((line) => line.textContent)).toEqual([expect.stringContaining("10 个工作日"), "共 18 个工作日: 时限 10 + 延期 5 + 暂停 3", "按规则集 rls_1 执行"]);
  });

  it("speaks of days that are over, of today, and of a stopped clock", () => {
    chooseLanguage("en");
    draw(
      <>
        <ClockMark clock={{ ...clock, light: "red", remaining_working_days: -1 }} />
        <ClockMark clock={{ ...clock, light: "orange", remaining_working_days: 0 }} />
        <ClockMark clock={{ ...clock, light: "grey", remaining_working_days: 4 }} />
      </>,
    );
    const texts = screen.getAllByRole("button").map((button) => button.textContent);
    expect(texts).toEqual([expect.stringContaining("1 working day over"), expect.stringContaining("due today"), expect.stringContaining("stopped")]);
  });
});

describe("table", () => {
  it("has a caption, column heads and a row head", () => {
    const columns = [{ key: "a", title: "名称", main: true, cell: (row: string) => row }];
    draw(<DataTable caption="目录" columns={columns} rows={["人口"]} rowKey={(row) => row} empty="没有" />);
    expect(screen.getByRole("table", { name: "目录" })).toBeTruthy();
    expect(screen.getByRole("columnheader", { name: "名称" })).toBeTruthy();
    expect(screen.getByRole("rowheader", { name: "人口" })).toBeTruthy();
  });
});

describe("tabs", () => {
  it("move with the arrow keys", () => {
    draw(<Tabs label="示例" tabs={["a", "b"].map((key) => ({ key, label: key, content: `content ${key}` }))} />);
    fireEvent.keyDown(screen.getByRole("tab", { name: "a" }), { key: "ArrowRight" });
    expect(screen.getByRole("tab", { name: "b" }).getAttribute("aria-selected")).toBe("true");
    expect(screen.getByRole("tabpanel").textContent).toBe("content b");
    fireEvent.keyDown(screen.getByRole("tab", { name: "b" }), { key: "ArrowRight" });
    expect(screen.getByRole("tabpanel").textContent).toBe("content a");
  });
});

describe("row conditions", () => {
  const county = { name: "county_code", title: "户籍地行政区划", item_type: "text" as const };
  const date = { name: "birth_date", title: "出生日期", item_type: "date" as const };

  it("offers what fits the item", () => {
    expect(kindsFor(county)[0]).toBe("region");
    expect(kindsFor(date)[0]).toBe("range");
    expect(kindOf({ item: "county_code", prefix: "5203" }, county)).toBe("region");
    expect(kindOf({ item: "name", prefix: "王" }, { ...county, name: "name", title: "姓名" })).toBe("prefix");
  });

  it("writes literals as JSON wants them, and leaves open ends out", () => {
    expect(conditionOf("n", "eq", "12", "integer")).toEqual({ item: "n", eq: 12 });
    expect(conditionOf("n", "eq", "012345678901234567", "text")).toEqual({ item: "n", eq: "012345678901234567" });
    expect(conditionOf("n", "in", "a，b、c")).toEqual({ item: "n", in: ["a", "b", "c"] });
    const from = rangeOf({ item: "d", range: {} }, { from: "2020-01-01" }, "date");
    expect(from).toEqual({ item: "d", range: { from: "2020-01-01" } });
    expect(rangeOf(from, { from: "" }, "date")).toEqual({ item: "d", range: {} });
  });
});

describe("callers", () => {
  it("are told apart by their ids", () => {
    expect(callerOf("per_0a")).toEqual({ kind: "person", id: "per_0a" });
    expect(callerOf({ system: "sys_0b" })).toEqual({ kind: "system", id: "sys_0b" });
  });
});

describe("inbox", () => {
  it("goes by j and k and opens with Enter", async () => {
    const item = (id: string) => ({ kind: "request", id, title: `事项 ${id}`, from: { id: "org_1", name: "市公安局" }, step: "propose", received: null, clock, revision: 1 });
    answer({ "/api/v1/inbox": { body: { items: [item("req_1"), item("req_2")], next: null, counts: { todo: 2, doing: 0, done: 0, started: 0, overdue: 0 } } } });
    draw(
      <Routes>
        <Route path="/inbox" element={<InboxPage />} />
        <Route path="/requests/:id" element={<p>opened</p>} />
      </Routes>,
      "/inbox",
    );
    await screen.findByRole("link", { name: "事项 req_1" });
    for (const key of ["j", "j", "k", "j"]) fireEvent.keyDown(document.body, { key });
    expect(document.querySelector("tr.current")?.textContent).toContain("事项 req_2");
    fireEvent.keyDown(document.body, { key: "Enter" });
    expect(await screen.findByText("opened")).toBeTruthy();
  });
});
