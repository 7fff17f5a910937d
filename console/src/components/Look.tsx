import { ConfigProvider } from "antd";
import enUS from "antd/locale/en_US";
import zhCN from "antd/locale/zh_CN";
import dayjs from "dayjs";
import "dayjs/locale/zh-cn";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { readScale, scaleChanged, themeFor } from "../ui/theme";

/** Theme and language for everything inside. */
export function Look({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const [scale, setScale] = useState(readScale);
  useEffect(() => scaleChanged(setScale), []);
  const english = i18n.language === "en";
  useEffect(() => {
    document.documentElement.lang = english ? "en" : "zh-CN";
    document.documentElement.dataset.scale = scale;
    dayjs.locale(english ? "en" : "zh-cn");
  }, [english, scale]);
  return (
    <ConfigProvider
      locale={english ? enUS : zhCN}
      theme={themeFor(scale)}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
    >
      {children}
    </ConfigProvider>
  );
}
