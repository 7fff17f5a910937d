import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { chooseLanguage } from "../src/i18n/start";
import { probability } from "../src/i18n/format";
import { LeakPage } from "../src/pages/record/LeakPage";
import { answer, draw } from "./render";

const grant = "grt_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5";
const found = {
  digest: "ab12", record_index: 41, rows_in_file: 60, rows_compared: 50, deliveries_searched: 9, rows_searched: 1200,
  deliveries_without_fingerprints: 1, records_without_fingerprints: [3], broken_files: [], deliveries_more: 0,
  deliveries: [
    {
      record: 7, at: "2026-11-24T01:00:00Z", grant, caller: "sys_x", caller_name: "救助系统", organisation: "org_x", organisation_name: "市民政局",
      method: "service_interface", rows_found: 48, rows_only_here: 48, rows_delivered: 100, by_chance_log10: -80.4, apart_log10: -31.2,
    },
  ],
  grants: [{ grant, number: "GX-1", requester: "市民政局", provider: "市公安局", rows_found: 48, deliveries: 1 }],
};

const choose = async (file: File) => {
  const user = userEvent.setup({ applyAccept: false });
  await user.upload(screen.getByLabelText("选择文件", { selector: "input" }), file);
  return user;
};
const search = () => screen.getByRole("button", { name: /查 ?找/u });

describe("leak tracing", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("names grant and delivery of a file, with the probability of chance and the record of the search", async () => {
    const sent = answer({ "/api/v1/leaks/trace": { body: found } });
    draw(<LeakPage />);
    expect(search().hasAttribute("disabled")).toBe(true);
    const user = await choose(new File(["a,b"], "网传.JSONL"));
    await user.click(search());
    const deliveries = await screen.findByRole("table", { name: "按交付" });
    for (const text of ["#7", "救助系统 · 市民政局", "48", "≤ 10^-80", "≤ 10^-31"]) expect(within(deliveries).getAllByText(text).length).toBeGreaterThan(0);
    const grants = screen.getByRole("table", { name: "按授权" });
    expect(within(grants).getByRole("link", { name: "GX-1" }).getAttribute("href")).toBe(`/grants/${grant}`);
    expect(screen.getByRole("link", { name: "存证记录第 41 条" }).getAttribute("href")).toBe("/record/41");
    expect(screen.getByRole("status").textContent).toContain("1 次已记录的交付没有指纹（使用记录 3…）");
    expect(sent[0]?.url).toBe("/api/v1/leaks/trace?form=json");
  });

  it("says so when nothing is found, and sends no file that it cannot name", async () => {
    const sent = answer({ "/api/v1/leaks/trace": { body: { ...found, deliveries: [], grants: [], deliveries_without_fingerprints: 0 } } });
    draw(<LeakPage />);
    await choose(new File(["x"], "照片.jpg"));
    expect(screen.getByRole("alert").textContent).toContain("无法从文件名判断格式");
    expect(search().hasAttribute("disabled")).toBe(true);
    const user = await choose(new File(["x"], "清单.csv"));
    await user.click(search());
    await screen.findByText("没有哪次交付含有足以认定的行");
    expect(sent.length).toBe(1);
  });

  it("never says a probability smaller than it is", () => {
    expect([0, -0.5, -3, -79.2].map(probability)).toEqual(["1.000", "0.316", "≤ 10^-3", "≤ 10^-79"]);
  });
});
