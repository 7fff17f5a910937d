import { cleanup } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import { chooseLanguage, startI18n } from "../src/i18n/start";

startI18n("zh-CN");

beforeEach(() => {
  chooseLanguage("zh-CN");
  // A test that asks a server says what it answers; any other question is a mistake of the test.
  vi.stubGlobal("fetch", (url: string) => Promise.reject(new Error(`not stubbed: ${url}`)));
});

afterEach(() => {
  cleanup();
  localStorage.clear();
});
