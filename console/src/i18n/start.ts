import i18n from "i18next";
import { initReactI18next } from "react-i18next";
import { resources } from "./resources";

export type Language = "zh-CN" | "en";
const KEY = "shuqiao.language";

function stored(): Language {
  return localStorage.getItem(KEY) === "en" ? "en" : "zh-CN";
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(KEY, language);
  void i18n.changeLanguage(language);
}

/** Both languages are in the bundle, so starting is immediate. */
export function startI18n(language: Language = stored()): void {
  void i18n.use(initReactI18next).init({
    resources,
    lng: language,
    fallbackLng: "zh-CN",
    defaultNS: "common",
    ns: Object.keys(resources["zh-CN"]),
    interpolation: { escapeValue: false },
    initAsync: false,
    react: { useSuspense: false },
  });
}
