import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { chooseLanguage } from "../src/i18n/start";
import { ResponsibilityPanel } from "../src/pages/grants/ResponsibilityPanel";
import { answer, draw } from "./render";

const police = { id: "org_p", name: "市公安局" };
const social = { id: "org_s", name: "市人社局" };
const one = (link: string, part: string, organisation: typeof police, person_name: string | null = null, contractor: string | null = null, engagement: string | null = null) => ({ link, part, organisation, person_name, contractor, engagement });
const items = [
  ...["collect", "store", "process", "provide"].map((link) => one(link, "provider_head", police, "刘主任")),
  ...["use", "destroy"].flatMap((link) => [one(link, "requester_officer", social, "李娜"), one(link, "contractor", social, "郑开发", "某科技公司", "EN-2026-000001")]),
];
const rowOf = async (name: RegExp) => within(await screen.findByRole("table")).getByRole("row", { name });

describe("who answers for what", () => {
  it.each([
    ["zh-CN", "责任清单", /^提供/, "刘主任 市公安局 · 提供部门工作机构负责人", /^使用/, "受托单位：某科技公司（委托案件 EN-2026-000001）", /^传输/, /^传输本环节尚无责任人。请系统管理员/],
    ["en", "Who answers for what", /^Providing/, "刘主任 市公安局 · provider's office head", /^Using/, "Contractor: 某科技公司 (engagement EN-2026-000001)", /^Transferring/, /^TransferringNobody is named for this link\. The system/],
  ] as const)("names people for each link, and says of a link without anybody what to do (%s)", async (language, title, provide, head, use, contractor, transfer, nobody) => {
    chooseLanguage(language);
    answer({ "/api/v1/grants/grt_1/responsibilities": { body: { items } } });
    draw(<ResponsibilityPanel grant="grt_1" />);
    expect(await screen.findByRole("table", { name: title })).toBeTruthy();
    expect((await rowOf(provide)).textContent).toContain(head);
    expect((await rowOf(use)).textContent).toContain(contractor);
    // The label of the cell stands between the two for those who see, on a narrow screen.
    const words = [...(await rowOf(transfer)).querySelectorAll(".cell-value")].map((cell) => cell.textContent).join("");
    expect(words).toMatch(nobody);
    expect(within(screen.getByRole("table")).getAllByRole("rowheader").length).toBe(7);
  });

  it("says that an organisation names no person", async () => {
    chooseLanguage("zh-CN");
    answer({ "/api/v1/grants/grt_1/responsibilities": { body: { items: [...items, one("transfer", "platform_operator", { id: "org_a", name: "市数据局" })] } } });
    draw(<ResponsibilityPanel grant="grt_1" />);
    expect((await rowOf(/^传输/)).textContent).toContain("市数据局 · 平台建设管理单位 未登记具体责任人，请向该单位确认。");
  });

  it("says why the list could not be read", async () => {
    chooseLanguage("zh-CN");
    answer({ "/api/v1/grants/grt_1/responsibilities": { status: 500, body: { code: "internal", status: 500, params: {}, request_id: "r1" } } });
    draw(<ResponsibilityPanel grant="grt_1" />);
    expect(await screen.findByRole("alert")).toBeTruthy();
    expect(screen.queryByRole("table")).toBeNull();
  });
});
