import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch, ScaleSwitch } from "./PersonMenu";

/** The frame of pages before the session: what this system is on one side, one form on the other. */
export function LoneFrame({ children }: { children: ReactNode }) {
  const { t } = useTranslation(["auth", "common"]);
  return (
    <div className="gate">
      <header className="gate-side">
        <div className="gate-brand">
          <img src="/mark.svg" alt="" width="44" height="44" />
          <div>
            <p className="gate-name">{t("common:brand")}</p>
            <p className="gate-full">{t("common:brand_full")}</p>
          </div>
        </div>
        <ul className="gate-points">
          <li>{t("points.catalogue")}</li>
          <li>{t("points.clock")}</li>
          <li>{t("points.proof")}</li>
        </ul>
        <p className="gate-law">{t("lead")}</p>
      </header>
      <main className="gate-main" id="content">
        <div className="gate-tools">
          <ScaleSwitch />
          <LanguageSwitch />
        </div>
        <div className="gate-form">{children}</div>
      </main>
    </div>
  );
}
