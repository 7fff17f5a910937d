import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { announcementsList } from "../../api/calls";
import type { Announcement } from "../../api/types";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { usePages } from "../../components/usePages";
import { day } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

/** What the authority announced to all departments (通告, Art. 16). */
export function AnnouncementsPage() {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const list = usePages<Announcement>(["announcements"], (after) => announcementsList({ after }));
  return (
    <>
      <PageHead title={t("announcements.title")} lead={t("announcements.lead")} />
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("announcements.title")}
          rows={list.rows}
          rowKey={(row) => row.number}
          empty={list.isPending ? t("common:loading") : t("announcements.empty")}
          columns={[
            { key: "number", title: t("announcements.number"), narrow: true, cell: (row) => <code>{row.number}</code> },
            { key: "date", title: t("announcements.date"), narrow: true, cell: (row) => day(row.at) },
            { key: "kind", title: t("announcements.kind"), narrow: true, cell: (row) => words("announcement_kind", row.kind) },
            {
              key: "entries", title: t("announcements.entries"), main: true,
              cell: (row) =>
                row.entries.map((each) => (
                  <span key={each.id} className="two-lines">
                    <Link to={paths.entry(each.id)}>{each.name}</Link>
                    <span className="muted small">{each.provider.name} · {t("versions.version", { version: each.version })}</span>
                  </span>
                )),
            },
            { key: "authority", title: t("announcements.authority"), cell: (row) => row.authority.name },
          ]}
        />
      </Panel>
      <More list={list} />
    </>
  );
}
