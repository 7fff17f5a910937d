import { screen } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { problemText } from "../src/api/problem";
import { SourceConnectForm } from "../src/forms/source-connect";
import { chooseLanguage } from "../src/i18n/start";
import { answer, draw } from "./render";

describe("the form that connects a service", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("asks for what the way of paging and of logging in needs", async () => {
    answer({ "/api/v1/intake": { body: { items: [] } } });
    draw(<SourceConnectForm close={() => undefined} />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });
    const choose = async (label: RegExp, option: string) => {
      await user.click(screen.getByLabelText(label));
      await user.click(screen.getByTitle(option));
    };
    const connect = () => screen.getByRole("button", { name: /连 ?接并/u }).hasAttribute("disabled");
    await choose(/数据源类型/u, "HTTP 接口服务");
    await user.type(screen.getByLabelText(/^数据源名称/u), "人口服务");
    expect(connect()).toBe(true);
    await user.type(screen.getByLabelText(/^服务地址/u), "https://api.example");
    expect(connect()).toBe(false);
    await choose(/分页方式/u, "按页码");
    expect(screen.getByLabelText<HTMLInputElement>(/^首页页码/u).value).toBe("1");
    expect(screen.queryByLabelText(/^游标参数名/u)).toBeNull();
    await choose(/认证方式/u, "OAuth2 客户端凭据");
    expect(screen.getByLabelText<HTMLInputElement>(/客户端密钥/u).type).toBe("password");
    // Four lists are opened, which takes its time where much else runs.
  }, 60_000);

  it("says which cell a spreadsheet has rounded, in words", () => {
    const params = { table: "人员", row: "2", column: "B", what: "too_many_digits" };
    expect(problemText({ status: 422, code: "source_bad_cell", params })).toBe(
      "工作表或表“人员”第 2 行 B 列：数值超过 15 位，电子表格已将其舍入；请把该列设为文本后重新录入。",
    );
    expect(problemText({ status: 422, code: "source_service_misdescribed", params: { field: "paging" } })).toContain("分页方式");
  });
});
