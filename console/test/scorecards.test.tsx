import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { RequireSession } from "../src/components/RequireSession";
import { chooseLanguage } from "../src/i18n/start";
import { isEvaluated, partsOf, periodsUpTo } from "../src/pages/scorecards/period";
import { ScorecardsPage } from "../src/pages/scorecards/ScorecardsPage";
import { answer, draw } from "./render";

const person = (can: string[]) => ({
  person: { id: "per_1", login: "a", name: "李航", organisation: { id: "org_1", name: "市公安局", short_name: "公安局" }, roles: [] },
  node: { name: "贵州省遵义市节点", level: "city", region_code: "5203", region_name: "遵义市" },
  can,
});
const line = (id: string, number: string, counts: boolean) => ({ id, number, counts, due: "2026-11-05T15:59:59Z", working_days: 4, waiting_days: 0 });
const replies = {
  code: "S2", measure: "share", value: 5000, aim: "at_least", target: 10000, light: "red", few: true, numerator: 1, denominator: 2,
  cases: [line("req_1", "2026-000001", true), line("cas_2", "2026-000002", false)],
  running: [{ id: "req_3", number: "2026-000003" }],
};
const watched = { ...replies, code: "S6.overturned", value: null, aim: "watch", target: null, light: null, few: true, numerator: 0, denominator: 0, cases: [], running: [] };
const card = { unit: null, period: "2026-Q4", at: "2026-11-23T01:00:00Z", calendar: "cn-2026", scores: [replies, watched] };
const better = { ...replies, value: 10000, light: "green", numerator: 2, cases: [line("req_1", "2026-000001", true), line("cas_2", "2026-000002", true)] };
const cell = { code: "S2", value: 5000, light: "red", few: true, numerator: 1, denominator: 2, running: 1 };
const table = {
  period: "2026-Q4", at: card.at, calendar: card.calendar,
  columns: [{ code: "S2", measure: "share", aim: "at_least", target: 10000 }],
  rows: [{ organisation: "org_9", name: "市民政局", scores: [cell] }, { organisation: "org_8", name: "市医保局", scores: [{ ...cell, value: null, light: null, numerator: 0, denominator: 0, running: 0 }] }],
};
const around = {
  "/api/v1/inbox": { body: { items: [], next: null, counts: { todo: 0, doing: 0, done: 0, started: 0, overdue: 0 } } },
  "/api/v1/reminders": { body: { items: [], unread: 0 } },
  "/api/v1/organisations": { body: { items: [{ id: "org_9", name: "市民政局" }], next: null } },
  "/api/v1/scorecards": { body: card },
  "/api/v1/scorecards/departments": { body: table },
};
const page = (
  <Routes>
    <Route element={<RequireSession />}>
      <Route path="/scorecards" element={<ScorecardsPage />} />
    </Route>
  </Routes>
);

describe("periods", () => {
  it("are the ones up to today, the newest first", () => {
    expect(periodsUpTo("month", "2026-02-03").slice(0, 3)).toEqual(["2026-02", "2026-01", "2025-12"]);
    expect(periodsUpTo("quarter", "2026-01-31").slice(0, 2)).toEqual(["2026-Q1", "2025-Q4"]);
    expect(periodsUpTo("quarter", "2026-12-01")[0]).toBe("2026-Q4");
    expect(periodsUpTo("year", "2026-12-01").slice(0, 2)).toEqual(["2026", "2025"]);
    expect(partsOf("2026-Q4")).toEqual({ kind: "quarter", year: 2026, part: "4" });
    expect(partsOf("2026-Q5")).toBeNull();
  });

  it("have a circular when they are a quarter or a year that is over", () => {
    for (const over of ["2026-Q3", "2025-Q4", "2025"]) expect(isEvaluated(over, "2026-11-23")).toBe(true);
    for (const not of ["2026-Q4", "2026", "2026-10", "2027-Q1", ""]) expect(isEvaluated(not, "2026-11-23")).toBe(false);
  });
});

describe("scorecards", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("show a department its own, with the cases behind a number", async () => {
    const sent = answer({ "/api/v1/session": { body: person(["scorecard_read"]) }, ...around });
    draw(page, "/scorecards?period=2026-Q4");
    const scores = await screen.findByRole("table", { name: "本部门指标 · 2026 年第 4 季度" });
    const row = within(scores).getByRole("row", { name: /S2 答复及时率/ });
    for (const text of ["50 %", "未达标", "≥ 100 %", "1 / 2", "不足 10 件，不排名"]) expect(within(row).getByText(text)).toBeTruthy();
    expect(within(within(scores).getByRole("row", { name: /S6.overturned/ })).getByText("仅监测")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "复算" })).toBeNull();
    expect(sent.some(({ url }) => url === "/api/v1/scorecards?period=2026-Q4&unit=org_1")).toBe(true);
    await userEvent.click(within(row).getByRole("button", { name: "答复及时率: 查看 3 件" }));
    const cases = await screen.findByRole("table", { name: "答复及时率：所统计的申请、事项" });
    const links = within(cases).getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual(["/requests/req_1", "/cases/cas_2", "/requests/req_3"]);
    expect(within(cases).getAllByText("2026-11-05").length).toBe(2);
  });

  it("show whoever supervises all departments, each number leading to its cases", async () => {
    answer({ "/api/v1/session": { body: person(["scorecard_read", "scorecard_recomputed_read"]) }, ...around });
    draw(page, "/scorecards?period=2026-Q4");
    const departments = await screen.findByRole("table", { name: "各部门指标" });
    const number = within(departments).getByRole("link", { name: /50 %/ });
    expect(number.getAttribute("href")).toBe("/scorecards?period=2026-Q4&unit=org_9&indicator=S2");
    expect(number.textContent).toContain("未达标");
    expect(within(within(departments).getByRole("row", { name: /市医保局/ })).getByText("—")).toBeTruthy();
  });

  it.each([
    ["the same", [true, true], card, "一致：2 项指标"],
    ["which differ", [false, true], { ...card, scores: [better, watched] }, "不一致：有 1 项指标"],
  ])("say after recomputing: %s", async (_, agrees, recomputed, words) => {
    const agreements = card.scores.map(({ code }, place) => ({ code, agrees: agrees[place] }));
    answer({
      "/api/v1/session": { body: person(["scorecard_read", "scorecard_recomputed_read"]) },
      ...around,
      "/api/v1/scorecards/recomputed": { body: { shown: card, recomputed, agreements } },
    });
    draw(page, "/scorecards?period=2026-Q4");
    await userEvent.click(await screen.findByRole("button", { name: /复 ?算/u }));
    expect(await screen.findByText(new RegExp(words, "u"))).toBeTruthy();
    if (agrees[0]) return;
    const differing = screen.getByRole("table", { name: "按存证记录复算" });
    expect(within(differing).getByText("100 % (2 / 2)")).toBeTruthy();
    expect(within(differing).getAllByRole("link").map((link) => link.textContent)).toEqual(["2026-000002"]);
  });
});

describe("circulars", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  const authority = { id: "org_7", name: "市数据局", short_name: "数据局", kind: "sharing_authority", level: "city", region_code: "5203" };
  const overseeing = (organisation: object) => {
    const session = person(["scorecard_read", "scorecard_recomputed_read"]);
    return { ...session, person: { ...session.person, organisation: { ...session.person.organisation, ...organisation } } };
  };

  it("let the authority make the circular of a period that is over", async () => {
    const subject = "sco_7_2025-Q4";
    const papers = `/api/v1/papers?subject=${subject}`;
    const sent = answer({
      "/api/v1/session": { body: overseeing(authority) },
      ...around,
      [papers]: { body: { items: [], kinds: ["evaluation_circular"] } },
      "/api/v1/papers": { status: 201, body: {} },
    });
    draw(page, "/scorecards?period=2025-Q4");
    await userEvent.click(await screen.findByRole("button", { name: "出具评价通报" }));
    expect(sent.filter(({ url }) => url === "/api/v1/papers").length).toBe(1);
  });

  it("show an auditor the circulars of the authority of the same place", async () => {
    const made = {
      number: "PJTB-2026-000001", kind: "evaluation_circular", title: { zh: "政务数据共享评价通报", en: "" }, subject: "sco_7_2025",
      subject_revision: 5, issuer: { id: "org_7", name: "市数据局" }, issued_at: "2026-01-05T01:00:00Z",
      digests: { content_sm3: "", file_sm3: "", file_sha256: "" }, record_index: 9,
    };
    const sent = answer({
      "/api/v1/session": { body: overseeing({ kind: "department", level: "city", region_code: "5203" }) },
      ...around,
      "/api/v1/organisations": { body: { items: [{ ...authority, id: "org_8", region_code: "5201" }, authority], next: null } },
      "/api/v1/papers": { body: { items: [made], kinds: [] } },
    });
    draw(page, "/scorecards?period=2025");
    expect((await screen.findByRole("link", { name: "PJTB-2026-000001" })).getAttribute("href")).toBe("/verify/PJTB-2026-000001");
    expect(screen.queryByRole("button", { name: "出具评价通报" })).toBeNull();
    expect(sent.some(({ url }) => url === "/api/v1/papers?subject=sco_7_2025")).toBe(true);
  });

  it("ask for no circular of a period that still runs, nor of a month", async () => {
    const sent = answer({ "/api/v1/session": { body: overseeing(authority) }, ...around });
    draw(page, "/scorecards?period=2025-11");
    await screen.findByRole("table", { name: "各部门指标" });
    expect(sent.some(({ url }) => url.startsWith("/api/v1/papers"))).toBe(false);
  });
});
