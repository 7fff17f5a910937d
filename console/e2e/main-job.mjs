// The main job, from a source to a verified record, in a real browser against a real node, each step by the person whose
// duty it is; then what comes after it (cases-and-clocks.mjs).
//
//   node e2e/main-job.mjs <links.json> [pictures folder]
//
// `links.json` is what `shuqiao demo --links` writes: { base, links: { login: one-time link } }. The same may stand in
// the environment variable SHUQIAO_E2E_LINKS. Prints `ok <step>` for each step; ends with 1 when a step, the browser or
// axe (serious, critical) complains.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { act, arrive, choose, date, fill, follow, openTodo, press } from "./acts.mjs";
import { faults, openPage, startBrowser, walker } from "./browser.mjs";
import { casesAndClocks } from "./cases-and-clocks.mjs";

const told = JSON.parse(process.argv[2] ? readFileSync(process.argv[2], "utf8") : (process.env.SHUQIAO_E2E_LINKS ?? "{}"));
const out = process.argv[3] ?? process.env.SHUQIAO_E2E_OUT ?? join(tmpdir(), "shuqiao-e2e");
if (!told.base || !told.links) {
  console.error("usage: node e2e/main-job.mjs <links.json> [pictures folder]");
  process.exit(2);
}

const stamp = Date.now().toString(36);
const SOURCE = `人口库 ${stamp}`;
const ENTRY = `户籍人口核验信息 ${stamp}`;
const SYSTEM = `社会保险经办系统 ${stamp}`;
const TABLE = "persons";
const TODAY = new Date().toISOString().slice(0, 10);
const NEXT_YEAR = new Date(Date.now() + 360 * 86_400_000).toISOString().slice(0, 10);

const { browser, close } = await startBrowser(out);
const seen = walker(out);
const pages = new Map();

async function as(login) {
  const link = told.links[login];
  if (!link) throw new Error(`no one-time link for ${login}`);
  if (!pages.has(login)) {
    const page = await openPage(browser, told.base, login);
    await arrive(page, link, login);
    pages.set(login, page);
  }
  return pages.get(login);
}

async function registerSystem() {
  const page = await as("social.developer");
  await seen(page, "developer at the workbench");
  await page.goto("/systems");
  await act(page, "登记业务系统", SYSTEM);
  await page.getByRole("dialog", { name: "客户端密钥" }).waitFor();
  await press(page, "我已记下");
  await page.getByRole("rowheader", { name: SYSTEM }).waitFor();
  await seen(page, "developer registers a system");
}

async function connectSource() {
  const page = await as("police.officer");
  await page.goto("/sources");
  await press(page, "连接数据源");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("数据源名称").fill(SOURCE);
  await choose(page, "数据源类型", "SQLite 数据库文件", { exact: false });
  await dialog.getByRole("combobox", { name: "接收目录中的文件" }).click();
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").getByText("persons.db").last().click();
  await press(page, "连接并读取结构");
  await page.getByRole("heading", { level: 1, name: SOURCE }).waitFor();
  await seen(page, "provider connects a source");
}

async function writeEntry() {
  const page = await as("police.officer");
  await page.goto("/catalogue/new");
  await choose(page, "数据源", SOURCE, { exact: false });
  await page.getByRole("combobox", { name: "表" }).click();
  await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").getByText(`${TABLE}（`).last().click();
  await page.getByText("已按表结构生成").waitFor();
  await seen(page, "provider chooses the table");
  await press(page, "保存，下一步");
  await page.getByRole("heading", { level: 2, name: "数据项" }).waitFor();
  await choose(page, "未定级的统一定为", "一般3级");
  await choose(page, "id_number 的脱敏", "保留首尾");
  await seen(page, "provider grades the items");
  await press(page, "保存，下一步");
  await page.getByRole("heading", { level: 2, name: "目录要素" }).waitFor();
  await fill(page, "目录名称", ENTRY);
  await fill(page, "分类（类/项/目）", "基础信息/人口");
  await fill(page, "摘要", "全市户籍人口的身份与户籍地信息，供各部门依法履职核验。");
  await choose(page, "更新频率", "每日", { exact: false });
  await choose(page, "共享属性", "有条件共享", { exact: false });
  await fill(page, "限定用途（每行一项）", "社会保险待遇资格核验");
  await fill(page, "依据名称", "中华人民共和国户口登记条例");
  await fill(page, "条款", "第三条");
  await seen(page, "provider fills in the nine fields");
  await press(page, "保存，下一步");
  await page.getByRole("heading", { level: 2, name: "评估与声明" }).waitFor();
  await fill(page, "评估人", "市公安局保密办");
  await date(page, "评估日期", TODAY);
  await fill(page, "评估结论", "经审查，不涉及国家秘密和工作秘密，可以共享。");
  await page.getByRole("checkbox", { name: "含有个人信息" }).check();
  await fill(page, "（一）处理目的、处理方式等是否合法、正当、必要", "为履行法定职责所必需，目的合法、正当、必要。");
  await fill(page, "（二）对个人权益的影响及安全风险", "对个人权益影响可控；主要风险为超范围使用。");
  await fill(page, "（三）保护措施是否合法、有效并与风险程度相适应", "最小必要字段、控行控列、全程留痕。");
  await fill(page, "评估负责人", "数据安全科");
  await date(page, "评估完成日期", TODAY);
  await seen(page, "provider attaches the assessments");
  await press(page, "保存，下一步");
  await page.getByText("要素齐全，可以提交部门负责人审核。").waitFor();
  await seen(page, "provider checks the entry");
  await press(page, "提交部门负责人审核");
  await page.getByRole("dialog").getByRole("button", { name: "提交审核" }).click();
  await page.getByText("待部门负责人审核", { exact: true }).first().waitFor();
  await seen(page, "provider submits the entry");
}

async function approveEntry() {
  const head = await as("police.head");
  await openTodo(head, new RegExp(ENTRY));
  await act(head, "审核同意");
  await head.getByText("已报送，待主管部门审核").first().waitFor();
  await seen(head, "department head approves");
  const authority = await as("authority");
  await openTodo(authority, new RegExp(ENTRY));
  await act(authority, "发布");
  await authority.getByText("已发布", { exact: true }).first().waitFor();
  await seen(authority, "authority publishes");
}

async function apply() {
  const page = await as("social.officer");
  await page.goto("/catalogue");
  await fill(page, "搜索目录", ENTRY);
  await press(page, "搜索");
  await page.getByRole("link", { name: ENTRY }).waitFor();
  await seen(page, "requester finds the entry");
  await follow(page, ENTRY);
  await page.getByRole("link", { name: "申请使用" }).waitFor();
  await seen(page, "requester sees conditions and time");
  await follow(page, "申请使用");
  await fill(page, "依据名称", "中华人民共和国社会保险法");
  await fill(page, "条款", "第七十四条");
  await fill(page, "使用场景", "城乡居民养老保险待遇资格核验");
  await fill(page, "使用范围", "市、县两级社会保险经办机构");
  await fill(page, "用途", "核验参保人身份与户籍，防止冒领待遇");
  for (const item of [/^id_number /, /^name /, /^county_code /]) await page.getByRole("checkbox", { name: item }).check();
  await press(page, "添加行条件");
  await choose(page, "第 1 个条件的行政区划", "红花岗区 520302");
  await date(page, "开始日期", TODAY);
  await date(page, "截止日期", NEXT_YEAR);
  await choose(page, "使用的业务系统", SYSTEM, { exact: false });
  await page.keyboard.press("Escape");
  await fill(page, "安全保障措施", "等保三级；专线访问；最小权限；操作留痕；到期销毁。");
  await fill(page, "联系电话", "0851-00000000");
  await page.getByRole("checkbox", { name: /^承诺/ }).check();
  await press(page, "保存草稿");
  await page.getByText("草稿已保存").waitFor();
  await seen(page, "requester fills in the application");
  await press(page, "提交申请");
  await page.getByText("待本单位负责人同意", { exact: true }).first().waitFor();
  await seen(page, "requester submits");
  const head = await as("social.office");
  await openTodo(head, new RegExp(ENTRY));
  await act(head, "同意申请");
  await head.getByText("提供部门办理中").first().waitFor();
  await seen(head, "requester's office head consents");
}

async function reply() {
  const officer = await as("police.officer");
  await openTodo(officer, new RegExp(ENTRY));
  await seen(officer, "provider sees the request and its clock");
  await press(officer, "拟办答复");
  const dialog = officer.getByRole("dialog");
  await dialog.getByLabel("拟办意见").fill("依据充分、范围必要，同意共享。");
  // The entry gives `name` in clear; this reply masks it for this grant.
  await choose(officer, "name 的脱敏", "保留首尾");
  await dialog.getByRole("spinbutton", { name: "name 保留前几位" }).waitFor();
  await seen(officer, "provider proposes to agree");
  await dialog.getByRole("button", { name: "提交负责人" }).click();
  await dialog.waitFor({ state: "hidden" });
  const head = await as("police.office");
  await openTodo(head, new RegExp(ENTRY));
  await seen(head, "office head sees the proposal");
  await act(head, "同意答复");
  await head.getByText("同意共享", { exact: true }).first().waitFor();
  await seen(head, "office head decides");
}

async function useGrant() {
  const page = await as("social.officer");
  await page.goto("/grants");
  await follow(page, ENTRY);
  await page.getByRole("heading", { name: "究竟可以流出什么" }).waitFor();
  await seen(page, "requester sees what may flow");
  await press(page, "测试一次");
  await page.getByText("调用成功").waitFor();
  // The first column was masked when the entry was written, the name by the reply; no value of either may come in clear.
  const table = page.getByRole("table", { name: "返回的数据" });
  await table.getByRole("rowheader").first().waitFor();
  const titles = await table.getByRole("columnheader").allTextContents();
  const nameAt = titles.findIndex((title) => /^name\b/.test(title.trim()));
  if (nameAt < 1) faults.push(`no column "name" came: ${titles.join(", ")}`);
  for (const row of (await table.getByRole("row").all()).slice(1)) {
    const cells = await row.locator("th, td").allTextContents();
    for (const at of [0, nameAt]) if (!cells[at]?.includes("*")) faults.push(`a masked item came in clear, in column ${at + 1}`);
  }
  await seen(page, "requester tests the call");
  await follow(page, "查看使用记录");
  await page.getByText("已提供").first().waitFor();
  await seen(page, "requester sees the usage record");
}

async function audit() {
  const page = await as("auditor");
  await page.goto("/record");
  await page.getByRole("link", { name: "授权生效" }).first().click();
  await page.getByText("已验证", { exact: true }).waitFor();
  await seen(page, "auditor sees the proof verified");
}

try {
  for (const step of [registerSystem, connectSource, writeEntry, approveEntry, apply, reply, useGrant, audit]) await step();
  await casesAndClocks({ as, seen, entry: ENTRY });
} catch (error) {
  faults.push(String(error?.stack ?? error));
  for (const [login, page] of pages) await page.screenshot({ path: join(out, `failed-${login}.png`), fullPage: true }).catch(() => undefined);
}
await close();
for (const fault of faults) console.error(`not ok ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
