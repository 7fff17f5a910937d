import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import type { Grant } from "../src/api/types";
import { RequireSession } from "../src/components/RequireSession";
import { chooseLanguage } from "../src/i18n/start";
import { GrantBatch } from "../src/pages/grants/GrantBatch";
import { answer, draw } from "./render";

const session = (organisation: string) => ({
  person: { id: "per_1", login: "a", name: "李航", organisation: { id: organisation, name: "市人社局", short_name: "人社" }, roles: ["data_officer"] },
  node: { name: "贵州省遵义市节点", level: "city", region_code: "5203", region_name: "遵义市" },
  can: [],
});
const grant = {
  id: "grt_1", state: "active", requester: { id: "org_r" }, methods: ["batch_exchange"],
  items: [
    { name: "name", title: "企业名称", item_type: "text", mask: null },
    { name: "established_on", title: "成立日期", item_type: "date", mask: null },
  ],
} as unknown as Grant;
const reason = { code: "target_unreachable", title_zh: "目标无法连接", title_en: "The target cannot be reached", params: {} };
const run = {
  id: "run_1", state: "waiting", begun_at: "2026-11-05T08:30:00Z", updated_at: "2026-11-05T08:31:00Z", rows: 1200, rows_estimate: 3000, put_aside: 2,
  rows_per_second: null, seconds_left: null, reason, next_try_at: "2026-11-05T08:40:00Z", digest: null, records: null, receipt: null, counted: null,
};
const done = { ...run, id: "run_0", state: "finished", reason: null, next_try_at: null, digest: "ab".repeat(32), receipt: "shuqiao batch receipt v1\n", counted: { rows: 1199, digest: "ab".repeat(32), agrees: false } };
const task = {
  id: "bat_1", revision: 3, grant: "grt_1", place: "db.example:5432/received", table: "enterprises", mode: { kind: "incremental", change: "established_on", overlap: 0 },
  schedule: { kind: "weekly", weekday: 7, minute: 125 }, state: "standing", set_up: { name: "李航", at: "2026-11-05T08:00:00Z" }, changed_by: null, changed_at: null,
  allowed: ["run", "pause", "end"], last_run: run,
};
const aside = [{ key_digest: "cd".repeat(32), item: "name", reason: { ...reason, title_zh: "文本超过目标列长度", title_en: "A text is longer than its column" } }];

function open(organisation = "org_r", allowed = task.allowed) {
  const sent = answer({
    "/api/v1/session": { body: session(organisation) },
    "/api/v1/inbox": { body: { items: [], next: null, counts: { todo: 0, doing: 0, done: 0, started: 0, overdue: 0 } } },
    "/api/v1/reminders": { body: { items: [], unread: 0 } },
    "/api/v1/batch-tasks": { body: { items: [{ ...task, allowed }], next: null } },
    "/api/v1/batch-tasks/bat_1/runs": { body: { items: [run, done], next: null } },
    "/api/v1/batch-tasks/bat_1/runs/run_1/put-aside": { body: { items: aside, next: null } },
    "/api/v1/batch-tasks/bat_1/pause": { body: { ...task, state: "paused" } },
  });
  draw(
    <Routes>
      <Route element={<RequireSession />}>
        <Route path="/" element={<GrantBatch grant={grant} />} />
      </Route>
    </Routes>,
  );
  return sent;
}

describe("batch exchange", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("says where, when, how far, and why a run waits", async () => {
    open();
    const section = await screen.findByRole("region", { name: "enterprises" });
    for (const text of ["db.example:5432/received", "增量，按“成立日期”", "每周日 02:05"]) expect(within(section).getByText(text)).toBeTruthy();
    expect(await within(section).findByText("目标无法连接")).toBeTruthy();
    expect(within(section).getByRole("button", { name: "立即运行 enterprises" }).hasAttribute("disabled")).toBe(true);
    expect(within(section).getByRole("button", { name: /下\s*载/ })).toBeTruthy();
  });

  it("shows rows that were put aside by reason and never by value", async () => {
    open();
    const table = await screen.findByRole("table", { name: /运行/ });
    const row = await within(table).findByRole("row", { name: /目标无法连接/ });
    fireEvent.click(within(row).getByRole("button", { name: "2" }));
    expect(await screen.findByText("文本超过目标列长度")).toBeTruthy();
  });

  it("says which revision it saw when it pauses", async () => {
    const sent = open();
    fireEvent.click(await screen.findByRole("button", { name: "暂停 enterprises" }));
    await waitFor(() => expect(sent.find((one) => one.url === "/api/v1/batch-tasks/bat_1/pause")?.headers.get("if-match")).toBe('"3"'));
  });

  it("offers the form to the receiving department alone", async () => {
    open("org_p", []);
    await screen.findByRole("region", { name: "enterprises" });
    expect(screen.queryByRole("button", { name: /设立任务|暂停/ })).toBeNull();
  });

  it("asks for a listed host and sends nothing until the form is filled", async () => {
    open();
    fireEvent.click(await screen.findByRole("button", { name: /设立任务/ }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText(/允许写入的名单/)).toBeTruthy();
    const submit = within(dialog).getByRole("button", { name: "检查并设立" });
    expect(submit.hasAttribute("disabled")).toBe(true);
    fireEvent.click(within(dialog).getByRole("radio", { name: "文件" }));
    fireEvent.change(within(dialog).getByLabelText(/子文件夹/), { target: { value: "enterprises" } });
    expect(submit.hasAttribute("disabled")).toBe(false);
    fireEvent.click(within(dialog).getByRole("radio", { name: "每天" }));
    fireEvent.change(within(dialog).getByLabelText(/时间/, { selector: "input[type=text]" }), { target: { value: "25:00" } });
    expect(submit.hasAttribute("disabled")).toBe(true);
  });
});
