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
import { points, usePolicyWords } from "./policies";

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
  const read = usePolicyWords();
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
      <Panel title={t("rules.sets")} flush>
        <DataTable
          caption={t("rules.sets")}
          rows={rules.data?.items ?? []}
          rowKey={(row) => row.id}
          empty={t("rules.empty")}
          columns={[
            { key: "title", title: t("rules.name"), main: true, cell: (row) => row.title },
            { key: "number", title: t("rules.number"), cell: (row) => row.number },
            { key: "from", title: t("rules.from"), cell: (row) => row.from },
            {
              key: "place",
              title: t("rules.place"),
              cell: (row) => [row.region_code ?? "", row.level ? words("level", row.level) : ""].join(" ").trim() || t("rules.everywhere"),
            },
            {
              key: "terms",
              title: t("rules.terms"),
              cell: (row) =>
                Object.entries(row.terms)
                  .map(([clock, days]) => t("rules.term", { clock: words("clock", clock), count: days }))
                  .join("；") || "—",
            },
            {
              key: "policies",
              title: t("rules.policies"),
              cell: (row) => points.filter((point) => row.policies[point] != null).map((point) => `${t(`rules.policy.${point}`)}：${read(point, row.policies)}`).join("；") || "—",
            },
          ]}
        />
      </Panel>
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
      <Panel title={t("rules.policies")} flush>
        <p className="muted small">{t("rules.policies_lead")}</p>
        <DataTable
          caption={t("rules.policies")}
          rows={rules.data ? points.map((point) => ({ point })) : []}
          rowKey={(row) => row.point}
          empty="—"
          columns={[
            { key: "point", title: t("rules.point"), main: true, cell: (row) => t(`rules.policy.${row.point}`) },
            { key: "default", title: t("rules.default"), cell: (row) => (rules.data ? read(row.point, rules.data.defaults) : "—") },
          ]}
        />
      </Panel>
      {adopting ? <RuleSetForm decree={decree} close={() => setAdopting(false)} /> : null}
    </>
  );
}
