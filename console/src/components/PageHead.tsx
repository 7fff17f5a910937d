import { type ReactNode, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

interface PageHeadProps {
  title: string;
  lead?: ReactNode;
  marks?: ReactNode;
  actions?: ReactNode;
  trail?: { to: string; text: string }[];
}

/** The heading of a page, which also names the browser's tab. */
export function PageHead({ title, lead, marks, actions, trail = [] }: PageHeadProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t("brand")}`;
  }, [title, t]);
  return (
    <div className="page-head">
      {trail.length > 0 ? (
        <nav aria-label={t("trail")} className="trail">
          <ol>
            {trail.map((step) => (
              <li key={step.to}>
                <Link to={step.to}>{step.text}</Link>
              </li>
            ))}
          </ol>
        </nav>
      ) : null}
      <div className="page-head-row">
        <div className="page-head-text">
          <div className="page-title">
            <h1>{title}</h1>
            {marks}
          </div>
          {lead ? <p className="lead">{lead}</p> : null}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </div>
    </div>
  );
}
