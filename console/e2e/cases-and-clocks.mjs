// What comes after the main job: a correction asked for and answered, the calendar, a paper made and verified, the
// announcements, who answers for what, the data elements, and some of these pages in English on a narrow screen.
import { choose, fill, follow, openTodo, press } from "./acts.mjs";
import { faults } from "./browser.mjs";

const NARROW = { width: 390, height: 844 };
const WIDE = { width: 1440, height: 900 };

/** Chooses in a list that takes several; it stays open, so its label is pressed to close it. */
async function tick(page, label, options) {
  await page.getByRole("combobox", { name: label }).click();
  const list = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)");
  for (const option of options) await list.getByTitle(option, { exact: true }).last().click();
  await page.getByRole("heading", { level: 1 }).click();
  await list.first().waitFor({ state: "hidden" });
}

/** Opens the first grant of this entry. */
async function openGrant(page, entry) {
  await page.goto("/grants");
  await follow(page, entry);
  await page.getByRole("heading", { name: "究竟可以流出什么" }).waitFor();
}

async function correct({ as, seen, entry }) {
  const page = await as("social.officer");
  await openGrant(page, entry);
  await press(page, "提出案件");
  await page.getByRole("menuitem", { name: "校核纠错", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "校核纠错" }).waitFor();
  await press(page, "提出校核纠错");
  // Whatever is missing is said at once, each at its own field.
  const missing = await page.getByText("此项必填").count();
  if (missing < 3) faults.push(`an empty correction names ${missing} missing fields`);
  await tick(page, "数据项", ["name"]);
  await fill(page, "涉及的行", "红花岗区上月迁入的人员");
  await fill(page, "存在的问题", "姓名有缺字");
  await fill(page, "佐证", "抽查二十条，三条不符");
  await seen(page, "requester doubts the data");
  await press(page, "提出校核纠错");
  await page.getByText("待核实", { exact: true }).first().waitFor();
  await seen(page, "requester sees the correction and its clock");
  const address = new URL(page.url()).pathname;

  const provider = await as("police.officer");
  await openTodo(provider, new RegExp(entry));
  await press(provider, "反馈结果");
  const dialog = provider.getByRole("dialog");
  await choose(provider, "核实结果", "已更正", { exact: false });
  await dialog.getByRole("textbox", { name: "核实与处理情况" }).fill("三条均已更正。");
  await seen(provider, "provider answers the correction");
  await dialog.getByRole("button", { name: "反馈结果", exact: true }).click();
  await provider.getByText("已反馈", { exact: true }).first().waitFor();
  await seen(provider, "provider has answered");
  await page.goto(address);
  await page.getByText("三条均已更正。").waitFor();
  await seen(page, "requester reads the answer");
  return address;
}

async function calendar({ as, seen }) {
  const page = await as("social.officer");
  await page.goto("/calendar");
  await page.getByRole("table").nth(11).waitFor();
  await page.getByRole("heading", { name: "期限计算" }).waitFor();
  await page.getByText(/^届满/).waitFor();
  await seen(page, "requester looks at working days");
}

/** Returns the address under which everybody can check the paper. */
async function paper({ as, seen, entry }) {
  const page = await as("social.officer");
  await openGrant(page, entry);
  await press(page, "出具授权书");
  const link = page.locator('a[href^="/verify/"]').first();
  await link.waitFor({ timeout: 120_000 });
  await seen(page, "requester has the authorisation printed");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: /^下载 .* 的 PDF$/ }).first().click();
  const file = await (await download).path();
  await link.click();
  await page.getByRole("heading", { level: 1, name: "文书核验" }).waitFor();
  await page.locator('input[type="file"]').setInputFiles(file);
  await page.getByText("文件与出具时一致，未被改动。").waitFor();
  await seen(page, "anybody verifies the paper");
  return new URL(page.url()).pathname;
}

async function announcements({ as, seen, entry }) {
  const page = await as("market.officer");
  await page.goto("/catalogue/announcements");
  await page.getByRole("link", { name: entry }).waitFor();
  await seen(page, "another department reads the announcements");
}

/** Who answers for each link under the grant, with names. Returns the grant's address. */
async function responsibilities({ as, seen, entry }) {
  const page = await as("social.officer");
  await openGrant(page, entry);
  const table = page.getByRole("table", { name: "责任清单" });
  await table.waitFor();
  const links = await table.getByRole("rowheader").allTextContents();
  if (links.join() !== "收集,存储,加工,传输,提供,使用,销毁") faults.push(`the links of sharing are ${links.join()}`);
  await table.getByRole("row", { name: /^提供 .*刘主任.*遵义市公安局/ }).waitFor();
  await table.getByRole("row", { name: /^使用 .*李娜.*遵义市人力资源和社会保障局/ }).waitFor();
  await seen(page, "requester sees who answers for what");
  return new URL(page.url()).pathname;
}

/** One entry alone: nothing is collected twice, and both tables say so; the authority can designate all the same. */
async function elements({ as, seen }) {
  const page = await as("authority");
  await follow(page, "数据元与数源");
  await page.getByRole("heading", { level: 1, name: "数据元与数源" }).waitFor();
  await page.getByText("还没有明确数源部门的数据元。").waitFor();
  await page.getByText("没有发现重复收集").waitFor();
  await seen(page, "authority looks at the data elements");
  await follow(page, "指定数源部门");
  await page.getByRole("button", { name: "提出数源部门认定", exact: true }).waitFor();
  await seen(page, "authority begins to designate a source");
}

/** In English and narrow: nothing may stick out, and no Chinese of the page itself may be left. */
async function english({ as, seen }, addresses) {
  const page = await as("social.officer");
  await page.goto("/");
  await press(page, "English");
  await page.setViewportSize(NARROW);
  for (const address of addresses) {
    await page.goto(address);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await seen(page, `in English and narrow ${address.split("/")[1]}`);
    const { wide, lost } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      lost: [...document.querySelectorAll("h2, dt, label, th, button")].map((each) => each.textContent ?? "").filter((text) => /[一-龥]/.test(text)),
    }));
    if (wide > 1) faults.push(`${address} is ${wide} px too wide`);
    for (const text of lost.filter((each) => !/^(中文|.*李娜.*)$/.test(each.trim()))) faults.push(`${address} says in Chinese: ${text}`);
  }
  await page.setViewportSize(WIDE);
  await page.goto("/");
  await press(page, "中文");
}

/** `as(login)` is that person's page, `seen` looks at a page, `entry` is the name of an entry that a grant is about. */
export async function casesAndClocks(walk) {
  const correction = await correct(walk);
  await calendar(walk);
  const verification = await paper(walk);
  await announcements(walk);
  const grant = await responsibilities(walk);
  await elements(walk);
  await english(walk, [correction, "/calendar", verification, grant, "/elements"]);
}
