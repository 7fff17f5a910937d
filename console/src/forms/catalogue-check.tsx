import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { fieldProblemText } from "../api/problem";
import type { Entry, FieldProblem } from "../api/types";
import { useFieldName } from "../components/useFieldName";
import { useArticle } from "../i18n/article";
import type { StepName } from "../pages/catalogue/EntryEditPage";
import { paths } from "../paths";
import { DataTable } from "../ui/DataTable";
import { CatalogueAct } from "./catalogue-act";

/** Which step a field belongs to. */
function stepOf(field: string): StepName {
  if (field.startsWith("items")) return "items";
  if (field.startsWith("resource")) return "source";
  if (/^(secrecy|personal)/.test(field)) return "assessments";
  return "fields";
}

/** Last step: what the server finds wrong, all at once, each with its field and article; then the submission. */
export function CheckStep({ entry, go }: { entry: Entry; go: (step: StepName) => void }) {
  const { t } = useTranslation(["entry", "common"]);
  const navigate = useNavigate();
  const article = useArticle();
  const fieldName = useFieldName(entry.items);
  const [open, setOpen] = useState(false);
  const problems: FieldProblem[] = entry.completeness?.problems ?? [];
  const close = () => {
    setOpen(false);
    void navigate(paths.entry(entry.id));
  };
  return (
    <div className="stack">
      <Alert type={problems.length === 0 ? "success" : "warning"} showIcon title={problems.length === 0 ? t("check.fine") : t("check.problems", { count: problems.length })} />
      {problems.length > 0 ? (
        <DataTable
          caption={t("check.title")}
          rows={problems}
          rowKey={(row) => `${row.field}-${row.code}-${JSON.stringify(row.params ?? {})}`}
          empty=""
          columns={[
            { key: "field", title: t("check.field"), main: true, cell: (row) => fieldName(row.field) },
            { key: "problem", title: t("check.problem"), cell: (row) => fieldProblemText(row) },
            { key: "article", title: t("check.article"), cell: (row) => (row.article ? t("common:article", { article: article(row.article) }) : "—") },
            {
              key: "go", title: t("items.action"),
              cell: (row) => (
                <Button size="small" onClick={() => go(stepOf(row.field ?? ""))}>
                  {t("check.go")}
                </Button>
              ),
            },
          ]}
        />
      ) : null}
      <div className="row">
        <Button type="primary" size="large" disabled={problems.length > 0 || !entry.allowed.includes("submit")} onClick={() => setOpen(true)}>
          {t("check.submit")}
        </Button>
      </div>
      {open ? <CatalogueAct entry={entry} verb="submit" close={close} /> : null}
    </div>
  );
}
