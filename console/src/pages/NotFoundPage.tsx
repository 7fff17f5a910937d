import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageHead } from "../components/PageHead";
import { paths } from "../paths";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <div className="blank-page">
      <p className="blank-code" aria-hidden="true">
        404
      </p>
      <PageHead title={t("not_found.title")} lead={t("not_found.text")} />
      <Link to={paths.workbench} className="button-link">
        {t("not_found.home")}
      </Link>
    </div>
  );
}
