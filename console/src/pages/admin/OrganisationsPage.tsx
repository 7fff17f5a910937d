import { PlusOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { organisationsList } from "../../api/calls";
import { Failed } from "../../components/Failed";
import { More } from "../../components/More";
import { PageHead } from "../../components/PageHead";
import { useSession } from "../../components/RequireSession";
import { useItems } from "../../components/useItems";
import { OrganisationCreateForm } from "../../forms/organisation-create";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";

export function OrganisationsPage() {
  const { t } = useTranslation(["admin", "common"]);
  const words = useWords();
  const { can } = useSession();
  const [creating, setCreating] = useState(false);
  const list = useItems(["organisations"], organisationsList);
  if (list.error) return <Failed error={list.error} />;
  return (
    <>
      <PageHead
        title={t("organisations.title")}
        lead={t("organisations.lead")}
        actions={
          can.includes("organisation_create") ? (
            <Button type="primary" icon={<PlusOutlined aria-hidden="true" />} onClick={() => setCreating(true)}>
              {t("organisations.create")}
            </Button>
          ) : undefined
        }
      />
      <Panel flush>
        <DataTable
          caption={t("organisations.title")}
          rows={list.rows}
          rowKey={(row) => row.id}
          empty={list.isPending ? t("common:loading") : t("organisations.empty")}
          columns={[
            { key: "name", title: t("organisations.name"), main: true, cell: (row) => row.name },
            { key: "short", title: t("organisations.short_name"), cell: (row) => row.short_name ?? "—" },
            { key: "kind", title: t("organisations.kind"), narrow: true, cell: (row) => words("organisation_kind", row.kind) },
            { key: "level", title: t("organisations.level"), cell: (row) => words("level", row.level) },
            { key: "region", title: t("organisations.region"), cell: (row) => <code>{row.region_code}</code> },
            { key: "code", title: t("organisations.code"), cell: (row) => (row.code ? <code>{row.code}</code> : "—") },
          ]}
        />
      </Panel>
      <More list={list} />
      {creating ? <OrganisationCreateForm close={() => setCreating(false)} /> : null}
    </>
  );
}
