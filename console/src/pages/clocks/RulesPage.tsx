import { Button } from "antd";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rulesGet } from "../../api/calls";
import { Failed } from "../../components/Failed";
import { PageHead } from "../../components/PageHead";
import { useSession } from "../../components/RequireSession";
import { RuleSetForm } from "../../forms/rule-set";
import { useArticle } from "../../i18n/article";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { AdoptedSets, OpenPoints } from "./RuleTables";

/** The rule sets: what the Decree says, and who has made it shorter where. Nothing here is ever edited. */
export function RulesPage() {
  const { t } = useTranslation("clocks");
  const words = useWords();
  const article = useArticle();
  const { can } = useSession();
  const [adopting, setAdopting] = useState(false);
  const rules = useQuery({ queryKey: ["rules"], queryFn: rulesGet });
  if (rules.error) return <Failed error={rules.error} />;
  const decree = rules.data?.decree ?? [];
  const adopt = can.includes("rule_set_adopt");
  return (
    <>
      <PageHead
        title={t("rules.title")}
        lead={t("rules.lead")}
        actions={
          adopt ? (
            <Button type="primary" onClick={() => setAdopting(true)}>
              {t("rules.adopt")}
            </Button>
          ) : undefined
        }
      />
      <AdoptedSets sets={rules.data?.items ?? []} />
      <Panel title={t("rules.decree")} flush>
        <DataTable
          caption={t("rules.decree")}
          rows={decree}
          rowKey={(row) => row.clock}
          empty="—"
          columns={[
            { key: "clock", title: t("deadline.clock"), main: true, cell: (row) => words("clock", row.clock) },
            { key: "days", title: t("rules.days"), align: "end", cell: (row) => row.working_days },
            { key: "article", title: t("rules.article"), cell: (row) => article(row.article) },
          ]}
        />
      </Panel>
      {rules.data ? <OpenPoints defaults={rules.data.defaults} /> : null}
      {adopting ? <RuleSetForm decree={decree} close={() => setAdopting(false)} /> : null}
    </>
  );
}
