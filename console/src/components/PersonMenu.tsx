import { DownOutlined, FontSizeOutlined, GlobalOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sessionClose } from "../api/calls";
import type { Session } from "../api/types";
import { chooseLanguage } from "../i18n/start";
import { useWords } from "../i18n/words";
import { paths } from "../paths";
import { readScale, writeScale } from "../ui/theme";

export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const english = i18n.language === "en";
  return (
    <Button type="text" className="top-tool" icon={<GlobalOutlined aria-hidden="true" />} onClick={() => chooseLanguage(english ? "zh-CN" : "en")}>
      <span lang={english ? "zh-CN" : "en"}>{t("other_language")}</span>
    </Button>
  );
}

export function ScaleSwitch() {
  const { t } = useTranslation();
  const large = readScale() === "large";
  return (
    <Button
      type="text"
      className="top-tool"
      icon={<FontSizeOutlined aria-hidden="true" />}
      aria-pressed={large}
      onClick={() => writeScale(large ? "normal" : "large")}
    >
      <span className="wide-text">{t("large_text")}</span>
    </Button>
  );
}

export function PersonMenu({ session }: { session: Session }) {
  const { t } = useTranslation();
  const words = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const { person } = session;
  const leave = async () => {
    await sessionClose().catch(() => undefined);
    client.clear();
    await navigate(paths.login, { replace: true });
  };
  const card = (
    <div className="person-card">
      <b>{person.name}</b>
      <span>{person.organisation.name}</span>
      <span className="muted">{person.roles.map((role) => words("role", role)).join(" · ")}</span>
      <Button block onClick={() => void leave()}>
        {t("sign_out")}
      </Button>
    </div>
  );
  return (
    <div className="top-tools">
      <ScaleSwitch />
      <LanguageSwitch />
      <Popover content={card} trigger="click" placement="bottomRight">
        <Button type="text" className="top-tool" aria-haspopup="dialog">
          <span>{person.name}</span>
          <span className="top-org">{person.organisation.name}</span>
          <DownOutlined aria-hidden="true" />
        </Button>
      </Popover>
    </div>
  );
}
