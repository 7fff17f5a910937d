// A real browser for the walks: one context per person, a picture per step, axe on every page that is seen.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PLACES = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync",
];
const PATIENCE = 20_000;
const BAD = ["serious", "critical"];

/** What the walk found wrong beside its own steps; any of it fails the walk at its end. */
export const faults = [];

export async function startBrowser(out) {
  mkdirSync(out, { recursive: true });
  const executablePath = PLACES.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error("no Chromium found: set CHROMIUM to its path");
  const home = mkdtempSync(join(tmpdir(), "shuqiao-e2e-"));
  const browser = await chromium.launch({ executablePath, headless: true, args: [...FLAGS, `--crash-dumps-dir=${home}`] });
  const close = async () => {
    await browser.close();
    rmSync(home, { recursive: true, force: true });
  };
  return { browser, close };
}

/** A page for one person, with everything the browser complains about written down. */
export async function openPage(browser, base, who) {
  const context = await browser.newContext({ baseURL: base, viewport: { width: 1440, height: 900 }, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on("pageerror", (error) => faults.push(`${who}: ${error.message}`));
  page.on("console", (message) => {
    // A 401 before the login is the server's answer, not a fault of the page.
    const isAnswer = /the server responded with a status of 4\d\d/.test(message.text());
    if (message.type() === "error" && !isAnswer) faults.push(`${who}: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) faults.push(`${who}: asked another host: ${request.url()}`);
  });
  return page;
}

export function walker(out) {
  let steps = 0;
  return async function seen(page, name) {
    await page.waitForLoadState("networkidle");
    // A list that was chosen from is still closing: what is looked at is the page after it.
    await page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").first().waitFor({ state: "hidden" });
    steps += 1;
    const file = `${String(steps).padStart(2, "0")}-${name.replaceAll(/[^a-z0-9]+/gi, "-")}.png`;
    await page.screenshot({ path: join(out, file), fullPage: true });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    for (const each of violations.filter(({ impact }) => BAD.includes(impact))) {
      faults.push(`${name}: axe ${each.impact} ${each.id}: ${each.nodes[0]?.html.slice(0, 160)}`);
    }
    console.log(`ok ${name}`);
  };
}
