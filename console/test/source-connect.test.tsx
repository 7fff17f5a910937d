import { screen } from "@testing-library/react";
import userEvent, { PointerEventsCheckLevel } from "@testing-library/user-event";
import { beforeEach, describe, expect, it } from "vitest";
import { SourceConnectForm } from "../src/forms/source-connect";
import { chooseLanguage } from "../src/i18n/start";
import { answer, draw } from "./render";

describe("the form that connects a source", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("asks for what the kind needs, with its usual port unless another was typed", async () => {
    answer({ "/api/v1/intake": { body: { items: [] } } });
    draw(<SourceConnectForm close={() => undefined} />);
    const user = userEvent.setup({ delay: null, pointerEventsCheck: PointerEventsCheckLevel.Never });
    const choose = async (kind: string) => {
      await user.click(screen.getByLabelText(/数据源类型/u));
      await user.click(screen.getByTitle(kind));
    };
    const port = () => screen.getByLabelText<HTMLInputElement>(/端口/u).value;
    await choose("PostgreSQL 数据库");
    expect(port()).toBe("5432");
    await choose("MySQL 或 MariaDB 数据库");
    expect(port()).toBe("3306");
    await user.clear(screen.getByLabelText(/端口/u));
    await user.type(screen.getByLabelText(/端口/u), "6033");
    await choose("PostgreSQL 数据库");
    expect(port()).toBe("6033");
    await choose("ODBC 数据源");
    expect(screen.queryByLabelText(/端口/u)).toBeNull();
    await user.type(screen.getByLabelText(/^数据源名称/u), "户籍库");
    const connect = () => screen.getByRole("button", { name: /连 ?接/u }).hasAttribute("disabled");
    expect(connect()).toBe(true);
    await user.type(screen.getByLabelText(/DSN/u), "hukou");
    expect(connect()).toBe(false);
    // A list that is closing takes no pointer for a moment, as nobody would notice. The list is opened four times, which takes its time where much else runs.
  }, 60_000);
});
