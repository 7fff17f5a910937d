import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { Route, Routes } from "react-router";
import { beforeEach, describe, expect, it } from "vitest";
import { RequireSession } from "../src/components/RequireSession";
import { chooseLanguage } from "../src/i18n/start";
import { GatewaysPage } from "../src/pages/gateways/GatewaysPage";
import { answer, draw } from "./render";

const session = (can: string[]) => ({
  person: { id: "per_1", login: "a", name: "李航", organisation: { id: "org_p", name: "市公安局", short_name: "公安" }, roles: ["data_officer"] },
  node: { name: "贵州省遵义市节点", level: "city", region_code: "5203", region_name: "遵义市" },
  can,
});
const gateway = {
  id: "gtw_1", name: "公安网关", registered_at: "2026-11-05T08:30:00Z", removed_at: null, seen_at: "2026-11-06T01:02:03Z", epoch: 41, lag: 2,
  log: "n/gateway/gtw_1/usage", log_size: 7, log_key: "k",
};
const silent = { ...gateway, id: "gtw_2", name: "备用网关", seen_at: null, epoch: null, lag: null, log: null, log_size: null, log_key: null };
const removed = { ...gateway, id: "gtw_3", name: "旧网关", removed_at: "2026-11-06T01:02:03Z" };
const open = (can: string[]) => {
  const around = {
    "/api/v1/inbox": { body: { items: [], next: null, counts: { todo: 0, doing: 0, done: 0, started: 0, overdue: 0 } } },
    "/api/v1/reminders": { body: { items: [], unread: 0 } },
    "/api/v1/gateways": { body: { items: [gateway, silent, removed], next: null } },
    "/api/v1/gateways/gtw_1/remove": { body: { ...gateway, removed_at: "2026-11-06T01:02:03Z" } },
  };
  const sent = answer({ "/api/v1/session": { body: session(can) }, ...around });
  draw(
    <Routes>
      <Route element={<RequireSession />}>
        <Route path="/gateways" element={<GatewaysPage />} />
      </Route>
    </Routes>,
    "/gateways",
  );
  return sent;
};

describe("gateways", () => {
  beforeEach(() => chooseLanguage("zh-CN"));

  it("show when each was last heard of and how far behind it is", async () => {
    open(["gateway_create"]);
    const table = await screen.findByRole("table", { name: "网关" });
    const row = await within(table).findByRole("row", { name: /公安网关/ });
    for (const text of ["2026-11-06 09:02:03", "41 · 落后 2 版", "7", "在用"]) expect(within(row).getByText(text)).toBeTruthy();
    expect(within(within(table).getByRole("row", { name: /备用网关/ })).getByText("尚未联系")).toBeTruthy();
    const gone = within(table).getByRole("row", { name: /旧网关/ });
    expect(within(gone).getByText("已移除")).toBeTruthy();
    expect(within(gone).queryByRole("button")).toBeNull();
  });

  it("are removed after a question", async () => {
    const sent = open(["gateway_create"]);
    fireEvent.click(await screen.findByRole("button", { name: "移除 公安网关" }));
    const dialog = await screen.findByRole("dialog");
    expect(within(dialog).getByText(/五秒内停止服务/)).toBeTruthy();
    const confirm = within(dialog).getAllByRole("button").find((button) => /移\s*除/.test(button.textContent ?? ""));
    fireEvent.click(confirm as HTMLElement);
    await waitFor(() => expect(sent.some((one) => one.url === "/api/v1/gateways/gtw_1/remove")).toBe(true));
  });

  it("offer nothing to those who only look", async () => {
    open([]);
    await screen.findByRole("row", { name: /公安网关/ });
    expect(screen.queryByRole("button", { name: /登记网关|移除/ })).toBeNull();
  });
});
