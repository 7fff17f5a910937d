// What a visitor of the demo with its story finds on the grants of files and of batch exchange, in a real browser.
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
  await page.getByRole("link", { name: "下载" }).first().waitFor();
  await seen(page, "requester sees the file");
}

const page = await openPage(browser, told.base, LOGIN);
try {
  await arrive(page, told.links[LOGIN], LOGIN);
  await inBulk(page);
} catch (error) {
  faults.push(String(error?.stack ?? error));
  await page.screenshot({ path: join(out, "failed.png"), fullPage: true }).catch(() => undefined);
}
await close();
for (const fault of faults) console.error(`not ok ${fault}`);
process.exit(faults.length === 0 ? 0 : 1);
