import { PlusOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { catalogueList } from "../../api/calls";
import type { EntryHit } from "../../api/types";
import { ClockMark, GradeMark, StateMark } from "../../components/Marks";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { usePages } from "../../components/usePages";
import { CatalogueExport } from "../../forms/catalogue-export";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

export function OwnEntriesPage() {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const session = useSession();
  const [search] = useSearchParams();
  const scope = search.get("scope") === "review" ? "review" : "mine";
  const list = usePages<EntryHit>(["catalogue", scope], (after) => catalogueList({ scope, after }));
  return (
    <>
      <PageHead
        title={t("own.title")}
        lead={t("own.lead")}
        actions={
          session.can.includes("catalogue_create") ? (
            <>
              <CatalogueExport query={{ scope }} />
              <Link to={paths.entryImport} className="button-link">
                {t("import.title")}
              </Link>
              <Link to={paths.entryNew} className="button-link primary">
                <PlusOutlined aria-hidden="true" /> {t("own.create")}
              </Link>
            </>
          ) : (
            <CatalogueExport query={{ scope }} />
          )
        }
      />
      <nav aria-label={t("own.title")} className="tabs">
        <Link to={paths.ownEntries} replace className="tab" aria-current={scope === "mine" ? "page" : undefined}>
          {t("own.tab_mine")}
        </Link>
        <Link to={`${paths.ownEntries}?scope=review`} replace className="tab" aria-current={scope === "review" ? "page" : undefined}>
          {t("own.tab_review")}
        </Link>
      </nav>
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("own.title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("own.empty")}
          columns={[
            { key: "name", title: t("name"), main: true, cell: (row) => <Link to={paths.entry(row.id)}>{row.name || row.id}</Link> },
            { key: "state", title: t("own.state"), narrow: true, cell: (row) => <StateMark list="entry_state" state={row.state} /> },
            { key: "clock", title: t("own.clock"), narrow: true, cell: (row) => <ClockMark clock={row.clock} /> },
            { key: "provider", title: t("provider"), cell: (row) => row.provider.name },
            { key: "attribute", title: t("attribute"), narrow: true, cell: (row) => words("sharing_attribute", row.sharing_attribute) },
            { key: "grade", title: t("grade"), narrow: true, cell: (row) => <GradeMark grade={row.grade} /> },
            { key: "frequency", title: t("frequency"), narrow: true, cell: (row) => words("update_frequency", row.update_frequency) },
          ]}
        />
      </Panel>
      <More list={list} />
    </>
  );
}
