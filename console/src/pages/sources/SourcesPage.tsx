import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { sourcesList } from "../../api/calls";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { SourceConnectForm } from "../../forms/source-connect";
import { ViewDefineForm } from "../../forms/view-define";
import { moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

export function SourcesPage() {
  const { t } = useTranslation(["sources", "common"]);
  const words = useWords();
  const { can } = useSession();
  const [open, setOpen] = useState<"connect" | "define" | null>(null);
  const list = useItems(["sources"], sourcesList);
  // A view reads tables, not other views.
  const inputs = list.rows.filter((row) => row.kind !== "view");
  return (
    <>
      <PageHead
        title={t("title")}
        lead={t("lead")}
        actions={
          can.includes("source_create") ? (
            <>
              <Button disabled={inputs.length === 0} onClick={() => setOpen("define")}>
                {t("define")}
              </Button>
              <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setOpen("connect")}>
                {t("connect")}
              </Button>
            </>
          ) : undefined
        }
      />
      <Panel flush>
        {list.error ? <ProblemAlert error={list.error} /> : null}
        <DataTable
          caption={t("title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("empty")}
          columns={[
            { key: "name", title: t("name"), main: true, cell: (row) => <Link to={paths.source(row.id)}>{row.name}</Link> },
            { key: "kind", title: t("kind"), narrow: true, cell: (row) => words("source_kind", row.kind) },
            { key: "location", title: t("location"), cell: (row) => <code>{row.location}</code> },
            { key: "tables", title: t("tables"), align: "end", cell: (row) => row.structure.tables.length },
            { key: "described", title: t("described"), cell: (row) => moment(row.described_at) },
          ]}
        />
      </Panel>
      <More list={list} />
      {open === "connect" ? <SourceConnectForm close={() => setOpen(null)} /> : null}
      {open === "define" ? <ViewDefineForm sources={inputs} close={() => setOpen(null)} /> : null}
    </>
  );
}
