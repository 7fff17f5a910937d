import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { itemsProposal, sourceGet, sourcesList } from "../api/calls";
import { Loading } from "../components/Loading";
import { ProblemAlert } from "../components/ProblemAlert";
import { StructureTable } from "../components/StructureTable";
import { count } from "../i18n/format";
import { paths } from "../paths";
import { Field } from "../ui/Field";
import type { StepProps } from "./catalogue-content";

/** First step: where the data lie, and what the structure proposes as items. */
export function SourceStep({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const sources = useQuery({ queryKey: ["sources"], queryFn: () => sourcesList() });
  const chosen = content.resource?.source ?? "";
  const source = useQuery({ queryKey: ["source", chosen], queryFn: () => sourceGet(chosen), enabled: chosen !== "" });
  const propose = useMutation({
    mutationFn: ({ from, table }: { from: string; table: string }) => itemsProposal(from, table),
    onSuccess: (proposal) => change({ items: proposal.items }),
  });
  if (sources.isPending) return <Loading />;
  if (sources.isError) return <ProblemAlert error={sources.error} />;
  const tables = source.data?.structure.tables ?? [];
  const table = tables.find((each) => each.name === content.resource?.table);
  const chooseTable = (name: string) => {
    change({ resource: { source: chosen, table: name } });
    if (content.items.length === 0) propose.mutate({ from: chosen, table: name });
  };
  return (
    <div className="stack">
      {sources.data.items.length === 0 ? (
        <Alert type="info" showIcon title={t("source.none")} action={<Link to={paths.sources}>{t("source.connect")}</Link>} />
      ) : null}
      <div className="field-grid">
        <Field label={t("source.choose")} required>
          {(control) => (
            <Select
              {...control}
              className="full"
              value={chosen || undefined}
              onChange={(id: string) => change({ resource: { source: id, table: "" } })}
              options={sources.data.items.map((each) => ({ value: each.id, label: each.name }))}
            />
          )}
        </Field>
        <Field label={t("source.table")} required hint={table?.rows_estimate ? t("source.rows", { count: count(table.rows_estimate) as never }) : undefined}>
          {(control) => (
            <Select
              {...control}
              className="full"
              disabled={tables.length === 0}
              value={content.resource?.table || undefined}
              onChange={chooseTable}
              options={tables.map((each) => ({ value: each.name, label: t("source.table_option", { name: each.name, columns: each.columns.length }) }))}
            />
          )}
        </Field>
      </div>
      {propose.error ? <ProblemAlert error={propose.error} /> : null}
      {propose.isSuccess ? <Alert type="success" showIcon title={t("source.proposed", { count: content.items.length })} /> : null}
      {table ? (
        <>
          <div className="row">
            <Button loading={propose.isPending} onClick={() => propose.mutate({ from: chosen, table: table.name })}>
              {t("source.propose")}
            </Button>
            {content.items.length > 0 ? <span className="muted">{t("source.replace", { count: content.items.length })}</span> : null}
          </div>
          <h3>{t("source.preview")}</h3>
          <StructureTable table={table} />
        </>
      ) : null}
    </div>
  );
}
