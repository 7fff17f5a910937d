import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { ImportPage } from "../src/pages/catalogue/ImportPage";
import { chooseLanguage } from "../src/i18n/start";
import { answer, draw } from "./render";

const report = {
  profile: "dsg-2026",
  digest: "00",
  entries: [
    { sheet: "数据资源目录导入", row: 4, name: "低保对象", items: 3, outcome: "ready", id: null, lacks: 5 },
    { sheet: "数据资源目录导入", row: 8, name: "婚姻登记", items: 1, outcome: "refused", id: null, lacks: 7 },
  ],
  problems: [
    {
      sheet: "数据资源目录导入", row: 8, column: "K", field: "update_frequency", code: "required", params: {}, article: "13",
      fatal: true, title_zh: "必填", title_en: "It must be given",
    },
  ],
  notes: [{ code: "column_not_kept", sheet: "数据资源目录导入", detail: "I 空间范围" }],
};

describe("the import of entries", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("looks at a file first, tells each problem by its cell, and drafts what was seen", async () => {
    const sent = answer({ "/api/v1/catalogue/import": { body: report } });
    draw(<ImportPage />);
    const user = userEvent.setup({ applyAccept: false });
    expect(screen.getByRole("button", { name: /核 ?对/u }).hasAttribute("disabled")).toBe(true);
    await user.upload(screen.getByLabelText("选择文件（.xlsx、.csv）", { selector: "input" }), new File(["x"], "目录.xlsx"));
    await user.click(screen.getByRole("button", { name: /核 ?对/u }));
    const problems = await screen.findByRole("table", { name: "问题（1）" });
    for (const text of ["数据资源目录导入 K8", "更新周期", "必填", "第十三条"]) expect(within(problems).getAllByText(text).length).toBeGreaterThan(0);
    expect(screen.getByRole("status").textContent).toContain("1 条可生成草稿");
    expect(sent[0]?.url).toBe("/api/v1/catalogue/import?profile=dsg-2026&check=true");
    expect(sent[0]?.headers.get("content-type")).toBe("application/octet-stream");
    await user.click(screen.getByRole("button", { name: "生成 1 条草稿" }));
    await screen.findByText(/已生成 0 条草稿/);
    expect(sent[1]?.url).toBe("/api/v1/catalogue/import?profile=dsg-2026&check=false");
  });
});
