// What a visitor of the demo with its story finds on the grants of files and of batch exchange, and how a file that leaked is
// traced, in a real browser.
//
//   node e2e/in-bulk.mjs <links.json> [pictures folder]
//
// `links.json` is what `shuqiao demo --links` writes. Prints `ok <step>` for each step; ends with 1 when a step, the browser
// or axe (serious, critical) complains.
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { arrive, press } from "./acts.mjs";
import { faults, openPage, startBrowser, walker } from "./browser.mjs";

const told = JSON.parse(process.argv[2] ? readFileSync(process.argv[2], "utf8") : "{}");
const out = process.argv[3] ?? join(tmpdir(), "shuqiao-e2e-in-bulk");
const LOGIN = "social.officer";
if (!told.base || !told.links?.[LOGIN]) {
  console.error("usage: node e2e/in-bulk.mjs <links.json> [pictures folder]");
  process.exit(2);
}

const { browser, close } = await startBrowser(out);
const seen = walker(out);

/** The demo's grants in bulk: a task of batch exchange is run and brings its rows, a file is made. The newest comes first. */
async function inBulk(page) {
  const grants = () => page.getByRole("link", { name: "企业登记基本信息（合成数据）", exact: true });
  await page.goto("/grants");
  await grants().nth(0).click();
  await page.getByRole("heading", { name: "批量交换" }).waitFor();
  const task = page.getByRole("region", { name: "enterprises" });
  await task.getByText("尚未运行。").waitFor();
  await seen(page, "requester sees a task of batch exchange");
  await press(page, "立即运行 enterprises");
  await task.getByText("已完成", { exact: true }).waitFor();
  await task.getByRole("button", { name: "填报核对结果" }).waitFor();
  await seen(page, "requester sees what a run brought");
  await page.goto("/grants");
  await grants().nth(1).click();
  await page.getByRole("heading", { name: "文件下载" }).waitFor();
  await seen(page, "requester may order a file");
  await press(page, "生成文件");
  const download = page.getByRole("link", { name: "下载" }).first();
  await download.waitFor();
  await seen(page, "requester sees the file");
  const [file] = await Promise.all([page.waitForEvent("download"), download.click()]);
  const leaked = join(out, `leaked-${file.suggestedFilename()}`);
  await file.saveAs(leaked);
  return leaked;
}

/** The file turns up outside: the auditor finds whose copy it is, on a wide screen and on a narrow one. */
async function traced(page, leaked) {
  await page.getByRole("link", { name: "泄露追溯" }).click();
  await page.getByLabel("选择文件").setInputFiles(leaked);
  await press(page, "查找");
  const grants = page.getByRole("table", { name: "按授权" });
  await grants.getByText("遵义市人力资源和社会保障局").first().waitFor();
  await seen(page, "auditor finds whose copy leaked");
  await page.setViewportSize({ width: 390, height: 844 });
  await seen(page, "auditor finds it on a narrow screen");
  await page.getByRole("link", { name: /^存证记录第/ }).click();
  await page.getByText("追溯泄露文件", { exact: true }).first().waitFor();
}

const pages = [];
const arrived = async (login) => {
  const page = await openPage(browser, told.base, login);
  pages.push(page);
  await arrive(page, told.links[login], login);
  return page;
};
try {
  const leaked = await inBulk(await arrived(LOGIN));
  await traced(await arrived("auditor"), leaked);
} catch (error) {
  faults.push(String(error?.stack ?? error));
  await pages.at(-1)?.screenshot({ path: join(out, "failed.png"), fullPage: true }).catch(() => undefined);
}
await close();
for (const fault of faults) console.error(`not ok ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
