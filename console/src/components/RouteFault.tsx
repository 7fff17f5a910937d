import { Button } from "antd";
import { useTranslation } from "react-i18next";

/** A page that could not be drawn or fetched. Nothing is guessed about the cause; the way on is to load it again. */
export function RouteFault() {
  const { t } = useTranslation();
  return (
    <main className="lone">
      <h1>{t("fault.title")}</h1>
      <p>{t("fault.text")}</p>
      <Button type="primary" onClick={() => window.location.reload()}>
        {t("fault.reload")}
      </Button>
    </main>
  );
}
