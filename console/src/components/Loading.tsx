import { useTranslation } from "react-i18next";

/** Shown only after a moment (see pieces.css), so that quick answers do not flicker. */
export function Loading() {
  const { t } = useTranslation();
  return (
    <div className="loading" role="status">
      {t("loading")}
    </div>
  );
}
