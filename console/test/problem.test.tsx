import { screen } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { requestConsent, sessionGet } from "../src/api/calls";
import { knownText, problemFrom, type Problem, problemOf, ProblemError, problemText } from "../src/api/problem";
import type { SharingRequest } from "../src/api/types";
import { ProblemAlert } from "../src/components/ProblemAlert";
import { chooseLanguage } from "../src/i18n/start";
import { answer, draw } from "./render";

const limit = { status: 422, code: "limit_too_large", params: { limit: 5000, granted: 100 } };

describe("problems", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("become sentences in both languages", () => {
    expect(problemText(limit)).toBe("单次最多 100 行，本次要求 5000 行。");
    chooseLanguage("en");
    expect(problemText(limit)).toBe("At most 100 rows a call; 5000 were asked for.");
  });

  it("join lists as the language does", () => {
    const params = { items: ["a", "b"] };
    expect(knownText("item_not_granted", params)).toContain("a、b");
    chooseLanguage("en");
    expect(knownText("item_not_granted", params)).toContain("a, b");
  });

  it("fall back to the server's own title for a code of tomorrow", () => {
    const unknown = { status: 422, code: "code_of_tomorrow", title_zh: "明天的代码", title_en: "A code of tomorrow" };
    expect(problemText(unknown)).toBe("明天的代码");
    chooseLanguage("en");
    expect(problemText(unknown)).toBe("A code of tomorrow");
    expect(problemText({ status: 418, code: "teapot" })).toContain("teapot");
  });

  it("say at least the status when the body is no problem, and that nobody answered when nobody did", () => {
    expect(problemOf(502, "<html>")).toMatchObject({ status: 502, code: "http_502" });
    expect(problemOf(429, { code: "rate_exceeded" }, new Headers({ "retry-after": "7" })).retry_after).toBe(7);
    expect(problemFrom(new TypeError("fetch failed")).code).toBe("unreachable");
  });

  it("show every problem with its field and article, and the lawful way on", () => {
    const problem: Problem = {
      status: 422, code: "entry_incomplete", ground: { article: "13(2)", zh: "第十三条第二款" }, request_id: "r-1", request_url: "http://node.example/catalogue/cat_1",
      problems: [{ field: "summary", code: "required", params: {}, article: "13(2)" }, { field: "items[0].grade", code: "required", params: {}, article: null }],
    };
    draw(<ProblemAlert error={new ProblemError(problem)} />);
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(screen.getByText(/摘要/)).toBeTruthy();
    expect(screen.getByText("依据：第十三条第二款")).toBeTruthy();
    expect(screen.getByRole("link", { name: "依法申请所缺的权限" }).getAttribute("href")).toBe("/catalogue/cat_1");
  });

  it("never link to another site", () => {
    draw(<ProblemAlert error={new ProblemError({ status: 403, code: "grant_missing", request_url: "https://evil.example/requests/new" })} />);
    expect(screen.getByRole("link").getAttribute("href")).toBe("/requests/new");
  });
});

describe("the client", () => {
  it("sends the revision it saw, and turns refusals into problems", async () => {
    const sent = answer({ "/api/v1/requests/req_1/consent": { status: 409, body: { code: "stale_revision", status: 409 } } });
    await expect(requestConsent({ id: "req_1", revision: 7 } as SharingRequest)).rejects.toMatchObject({ problem: { code: "stale_revision", status: 409 } });
    const first = sent[0];
    expect(first?.headers.get("if-match")).toBe('"7"');
  });

  it("reads what is there", async () => {
    answer({ "/api/v1/session": { body: { can: ["journal_read"] } } });
    expect((await sessionGet()).can).toEqual(["journal_read"]);
  });
});
