import type { ThemeConfig } from "antd";

/** Size of letters: the large one is for people who need it (age-friendly rules of MIIT). */
export type Scale = "normal" | "large";

const KEY = "shuqiao.scale";
const EVENT = "shuqiao:scale";

export function readScale(): Scale {
  return localStorage.getItem(KEY) === "large" ? "large" : "normal";
}

export function writeScale(scale: Scale): void {
  localStorage.setItem(KEY, scale);
  window.dispatchEvent(new CustomEvent(EVENT));
}

export function scaleChanged(tell: (scale: Scale) => void): () => void {
  const listen = () => tell(readScale());
  window.addEventListener(EVENT, listen);
  return () => window.removeEventListener(EVENT, listen);
}

const FONT =
  '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", "HarmonyOS Sans SC", system-ui, sans-serif';
const MONO = '"JetBrains Mono", "Cascadia Mono", Consolas, "DejaVu Sans Mono", "Noto Sans Mono CJK SC", monospace';

/** One restrained blue, square corners, hairlines instead of shadows. Every text colour passes 4.5:1 on its ground. */
export function themeFor(scale: Scale): ThemeConfig {
  const large = scale === "large";
  return {
    token: {
      colorPrimary: "#1d4f91",
      colorInfo: "#1d4f91",
      colorLink: "#1d4f91",
      colorSuccess: "#1b6e3c",
      colorWarning: "#8a5a00",
      colorError: "#b3261e",
      colorSuccessBg: "#eaf5ee",
      colorSuccessBorder: "#bfe0cb",
      colorWarningBg: "#fdf4df",
      colorWarningBorder: "#efd9a2",
      colorErrorBg: "#fbecea",
      colorErrorBorder: "#efc4c0",
      colorInfoBg: "#eef3f9",
      colorInfoBorder: "#c4d5ea",
      colorText: "#1b2430",
      colorTextSecondary: "#4a5666",
      colorTextTertiary: "#566273",
      colorTextDescription: "#4a5666",
      colorTextPlaceholder: "#667182",
      colorTextDisabled: "#667182",
      colorBorder: "#b9c2ce",
      colorBorderSecondary: "#dde3ea",
      colorBgLayout: "#f3f5f8",
      borderRadius: 3,
      borderRadiusLG: 4,
      borderRadiusSM: 2,
      fontFamily: FONT,
      fontFamilyCode: MONO,
      fontSize: large ? 17 : 14,
      controlHeight: large ? 40 : 34,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
      boxShadow: "0 2px 8px rgba(18, 38, 63, 0.14)",
      boxShadowSecondary: "0 4px 16px rgba(18, 38, 63, 0.16)",
    },
    components: {
      Button: { primaryShadow: "none", defaultShadow: "none", dangerShadow: "none", fontWeight: 500 },
      Tabs: { horizontalItemPadding: "10px 0", horizontalItemGutter: 28 },
      Form: { itemMarginBottom: 18, verticalLabelPadding: "0 0 4px", labelColor: "#1b2430" },
      Tag: { defaultBg: "#f3f5f8", defaultColor: "#1b2430" },
      Modal: { titleFontSize: 17 },
    },
  };
}
