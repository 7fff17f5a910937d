import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { systemNationalList } from "../../api/calls";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { count, moment } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

/** Who still uses the national platform's call signature; nothing is shown where nobody may. */
export function NationalUsePanel() {
  const { t } = useTranslation("systems");
  const { person } = useSession();
  const list = useItems(["systems", "national"], systemNationalList);
  if (list.rows.length === 0) return null;
  return (
    <Panel title={t("national_use")} flush>
      <DataTable
        caption={t("national_use")}
        rows={list.rows}
        rowKey={(row) => `${row.system} ${row.service}`}
        empty={t("national_use_none")}
        columns={[
          {
            key: "name",
            title: t("name"),
            main: true,
            // Another department's system has no page here.
            cell: (row) => (row.organisation.id === person.organisation.id ? <Link to={paths.system(row.system)}>{row.name}</Link> : row.name),
          },
          { key: "organisation", title: t("organisation"), cell: (row) => row.organisation.name },
          { key: "service", title: t("service"), cell: (row) => <Link to={paths.grant(row.grant)}>{row.service}</Link> },
          { key: "calls", title: t("calls"), align: "end", cell: (row) => count(row.calls) },
          { key: "last", title: t("last_at"), cell: (row) => moment(row.last_at) },
        ]}
      />
    </Panel>
  );
}
