import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { problemGet } from "../../api/calls";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";
import { NotFoundPage } from "../NotFoundPage";

/** What a problem's `type` points at: what the code means and what to do. */
export function ProblemPage() {
  const { code = "" } = useParams();
  const { t, i18n } = useTranslation("systems");
  const query = useQuery({ queryKey: ["problem", code], queryFn: () => problemGet(code) });
  if (query.isPending) return <Loading />;
  if (!query.data) return <NotFoundPage />;
  const english = i18n.language === "en";
  return (
    <>
      <PageHead title={english ? query.data.title_en : query.data.title_zh} lead={<code>{code}</code>} />
      <Panel title={t("refusal_next")}>
        <p>{english ? query.data.next_en : query.data.next_zh}</p>
        <p>
          <Link to={paths.refusal()}>{t("refusal")}</Link>
        </p>
      </Panel>
    </>
  );
}
