// What a person does on the pages, by role and label as a reader of the screen knows them.

/** Chooses in a list by its label: the options stand in a list of their own, by their title. */
export async function choose(page, label, option, { exact = true } = {}) {
  const box = page.getByRole("combobox", { name: label, exact });
  await box.click();
  const wanted = page.locator(".ant-select-dropdown:not(.ant-select-dropdown-hidden)").getByTitle(option, { exact: true });
  await wanted.last().click();
}

export async function fill(page, label, text) {
  await page.getByRole("textbox", { name: label, exact: true }).first().fill(text);
}

export async function date(page, label, day) {
  const box = page.getByRole("textbox", { name: label, exact: true }).first();
  await box.fill(day);
  await box.press("Enter");
  // It closes slowly; what is looked at or pressed next is behind it.
  await page.locator(".ant-picker-dropdown:not(.ant-picker-dropdown-hidden)").waitFor({ state: "hidden" });
}

/**
 * A button by its name. One that is at work takes no click. Once, on a busy machine, a button in plain sight was not found
 * by its name: what was seen does not say why; the likely cause is the mark of its work, whose word is part of the name.
 */
export async function press(page, name, exact = true) {
  await page.locator(".ant-btn-loading").first().waitFor({ state: "hidden" });
  const words = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  await page.getByRole("button", { name: exact ? new RegExp(`^(loading )?${words}$`) : name }).click();
}

export const follow = (page, name) => page.getByRole("link", { name, exact: true }).first().click();

/** Presses the button that opens a dialog, fills its text where one is asked, and confirms. */
export async function act(page, name, words) {
  await press(page, name);
  const dialog = page.getByRole("dialog", { name: new RegExp(`^${name}`) });
  await dialog.waitFor();
  if (words) await dialog.getByRole("textbox").first().fill(words);
  await dialog.getByRole("button", { name, exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
}

/** First login by the one-time link, then the login itself. */
export async function arrive(page, link, login) {
  const password = "correct horse battery";
  await page.goto(link);
  await page.getByLabel("新口令", { exact: true }).fill(password);
  await page.getByLabel("再输一次", { exact: true }).fill(password);
  await press(page, "设置并去登录");
  await page.getByRole("heading", { name: "登录" }).waitFor();
  await fill(page, "登录名", login);
  await page.getByLabel("口令", { exact: true }).fill(password);
  await press(page, "登录");
  await page.getByRole("navigation", { name: "主导航" }).waitFor();
}

/** Opens a matter from the list of what is to be done. */
export async function openTodo(page, title) {
  await page.goto("/inbox");
  await page.getByRole("link", { name: title }).first().click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}
