import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { elementRepeats, elementsList } from "../../api/calls";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";
import { ElementsTable } from "./ElementsTable";
import { RepeatsTable } from "./RepeatsTable";

/** Which department is the source of what, and what several departments collect (数据元与数源, Art. 19). */
export function ElementsPage() {
  const { t } = useTranslation("elements");
  const { can } = useSession();
  const elements = useQuery({ queryKey: ["data-elements"], queryFn: elementsList });
  const repeats = useQuery({ queryKey: ["data-element-repeats"], queryFn: elementRepeats });
  if (elements.error) return <Failed error={elements.error} />;
  const entryNames = new Map(repeats.data?.items.flatMap(({ items }) => items.map((each) => [each.entry, each.entry_name])));
  const mayDesignate = can.includes("source_designation_open");
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          mayDesignate ? (
            <Link className="button-link primary" to={paths.caseNew("source_designation")}>
              {t("designate")}
            </Link>
          ) : undefined
        }
      />
      <Panel title={t("elements")} flush>
        {elements.data ? <ElementsTable elements={elements.data.items} entryNames={entryNames} /> : <Loading />}
      </Panel>
      <Panel title={t("repeats")} flush>
        <p className="muted small panel-lead">{t("repeats_lead")}</p>
        {repeats.error ? <ProblemAlert error={repeats.error} /> : null}
        {repeats.isPending ? <Loading /> : null}
        {repeats.data ? <RepeatsTable repeats={repeats.data.items} elements={elements.data?.items ?? []} mayDesignate={mayDesignate} /> : null}
      </Panel>
    </>
  );
}
