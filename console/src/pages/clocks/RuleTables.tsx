import { useTranslation } from "react-i18next";
import type { RulePolicies, RuleSet } from "../../api/types";
import { useWords } from "../../i18n/words";
import { DataTable } from "../../ui/DataTable";
import { Panel } from "../../ui/Panel";
import { points, usePolicyWords } from "./policies";

/** The sets that were adopted: where each holds, what it makes shorter and what it reads otherwise. */
export function AdoptedSets({ sets }: { sets: RuleSet[] }) {
  const { t } = useTranslation("clocks");
  const words = useWords();
  const read = usePolicyWords();
  return (
    <Panel title={t("rules.sets")} flush>
      <DataTable
        caption={t("rules.sets")}
        rows={sets}
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
  );
}

/** The points that the Decree leaves open, by name, and how each is read where no set speaks of it. */
export function OpenPoints({ defaults }: { defaults: RulePolicies }) {
  const { t } = useTranslation("clocks");
  const read = usePolicyWords();
  return (
    <Panel title={t("rules.policies")} flush>
      <p className="panel-lead muted small">{t("rules.policies_lead")}</p>
      <DataTable
        caption={t("rules.policies")}
        rows={points.map((point) => ({ point }))}
        rowKey={(row) => row.point}
        empty="—"
        columns={[
          { key: "point", title: t("rules.point"), main: true, cell: (row) => t(`rules.policy.${row.point}`) },
          { key: "default", title: t("rules.default"), cell: (row) => read(row.point, defaults) },
        ]}
      />
    </Panel>
  );
}
