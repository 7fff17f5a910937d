// A view: one SELECT over tables of the organisation's own sources. It is looked at before it is saved.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Checkbox, Input, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { sourceCheck, sourceCreate } from "../api/calls";
import { problemFrom } from "../api/problem";
import { useWrite } from "../api/query";
import type { Source, SourceNew } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { useWords } from "../i18n/words";
import { paths } from "../paths";
import { DataTable } from "../ui/DataTable";
import { Field } from "../ui/Field";
import { NumberField, TextField } from "./fields";

const SQL_MAX = 20_000;
/** A class smaller than this is commonly held to give single people away. */
const SUBJECTS_USUAL = 5;

interface InputRow {
  /** Only to tell rows apart on the screen. */
  row: number;
  source: string;
  table: string;
  alias: string;
}

interface Form {
  name: string;
  inputs: InputRow[];
  sql: string;
  key: string;
  /** Whose data the rows are, and how many of them a group must have. */
  threshold: { input: string; column: string; minimum: number } | null;
}

/** Writes a view over tables of these sources, shows its columns or what is wrong with it, and saves it as a source. */
export function ViewDefineForm({ sources, close }: { sources: Source[]; close: () => void }) {
  const { t } = useTranslation(["sources", "common"]);
  const navigate = useNavigate();
  const [form, setForm] = useState<Form>({ name: "", inputs: [{ row: 0, source: "", table: "", alias: "" }], sql: "", key: "", threshold: null });
  const check = useMutation({ mutationFn: () => sourceCheck(wanted(form)) });
  const save = useWrite(() => sourceCreate(wanted(form)), (source) => void navigate(paths.source(source.id)));
  const set = (patch: Partial<Form>) => {
    // What was found belongs to what was written then.
    check.reset();
    setForm((before) => ({ ...before, ...patch }));
  };
  const readable = isReadable(form);
  const error = save.error ?? check.error;
  return (
    <Modal open title={t("view.title")} okText={t("view.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: save.isPending, disabled: !readable || form.name.trim() === "" }} onOk={() => save.mutate(undefined)} onCancel={close} mask={{ closable: false }} width={760}>
      <div className="stack">
        <p className="muted">{t("view.lead")}</p>
        <TextField label={t("view.name")} hint={t("view.name_hint")} required maxLength={64} value={form.name} onChange={(name) => set({ name })} />
        <InputFields sources={sources} inputs={form.inputs} set={(inputs) => set({ inputs })} />
        <Field label={t("view.sql")} hint={t("view.sql_hint")} required>
          {(control) => <Input.TextArea {...control} rows={8} maxLength={SQL_MAX} spellCheck={false} style={{ fontFamily: "var(--mono)" }} value={form.sql} onChange={(event) => set({ sql: event.target.value })} />}
        </Field>
        <TextField label={t("view.key")} hint={t("view.key_hint")} value={form.key} onChange={(key) => set({ key })} />
        <ThresholdFields sources={sources} form={form} set={(threshold) => set({ threshold })} />
        <div>
          <Button loading={check.isPending} disabled={!readable} onClick={() => check.mutate()}>
            {t("view.check")}
          </Button>
        </div>
        {error ? <Refused error={error} /> : null}
        {check.data ? <Found structure={check.data} /> : null}
      </div>
    </Modal>
  );
}

/** Only what was filled in is sent. */
function wanted({ name, inputs, sql, key, threshold }: Form): SourceNew {
  const names = key.split(/[,，、]/).map((part) => part.trim());
  return { kind: "view", name, sql, inputs: inputs.map(({ source, table, alias }) => ({ source, table, alias })), key: names.filter((part) => part !== ""), threshold };
}

function isReadable({ inputs, sql, threshold }: Form): boolean {
  const held = !threshold || (inputs.some(({ alias }) => alias === threshold.input) && threshold.column !== "");
  return held && sql.trim() !== "" && inputs.length > 0 && inputs.every(({ source, table, alias }) => source && table && alias);
}

function InputFields({ sources, inputs, set }: { sources: Source[]; inputs: InputRow[]; set: (inputs: InputRow[]) => void }) {
  const { t } = useTranslation("sources");
  const change = (row: number, patch: Partial<InputRow>) => set(inputs.map((input) => (input.row === row ? { ...input, ...patch } : input)));
  const next = Math.max(0, ...inputs.map(({ row }) => row)) + 1;
  return (
    <fieldset className="field-group">
      <legend>{t("view.inputs")}</legend>
      <p className="muted">{t("view.inputs_hint")}</p>
      {inputs.map((input) => {
        const tables = sources.find(({ id }) => id === input.source)?.structure.tables ?? [];
        return (
          <div key={input.row} className="field-grid three">
            <Field label={t("view.source")} required>
              {(control) => <Select {...control} className="full" value={input.source || undefined} onChange={(source: string) => change(input.row, { source, table: "" })} options={sources.map(({ id, name }) => ({ value: id, label: name }))} />}
            </Field>
            <Field label={t("view.table")} required>
              {(control) => <Select {...control} className="full" showSearch value={input.table || undefined} onChange={(table: string) => change(input.row, { table, alias: input.alias || aliasOf(table) })} options={tables.map(({ name }) => ({ value: name, label: name }))} />}
            </Field>
            <Field label={t("view.alias")} required>
              {(control) => (
                <Input
                  {...control}
                  maxLength={60}
                  value={input.alias}
                  onChange={(event) => change(input.row, { alias: event.target.value })}
                  suffix={inputs.length > 1 ? <Button type="text" size="small" aria-label={t("view.remove")} icon={<DeleteOutlined aria-hidden="true" />} onClick={() => set(inputs.filter(({ row }) => row !== input.row))} /> : null}
                />
              )}
            </Field>
          </div>
        );
      })}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => set([...inputs, { row: next, source: "", table: "", alias: "" }])}>
        {t("view.add")}
      </Button>
    </fieldset>
  );
}

/** Whose data it is, and how many of them each row must be summed up from. */
function ThresholdFields({ sources, form, set }: { sources: Source[]; form: Form; set: (threshold: Form["threshold"]) => void }) {
  const { t } = useTranslation("sources");
  const { threshold, inputs } = form;
  const named = inputs.filter(({ alias }) => alias !== "");
  const input = named.find(({ alias }) => alias === threshold?.input);
  const table = sources.find(({ id }) => id === input?.source)?.structure.tables.find(({ name }) => name === input?.table);
  return (
    <fieldset className="field-group">
      <legend>{t("view.threshold")}</legend>
      <p className="muted">{t("view.threshold_hint")}</p>
      <Checkbox checked={threshold !== null} onChange={(event) => set(event.target.checked ? { input: named[0]?.alias ?? "", column: "", minimum: SUBJECTS_USUAL } : null)}>
        {t("view.threshold_on")}
      </Checkbox>
      {threshold ? (
        <div className="field-grid three">
          <Field label={t("view.subject_input")} required>
            {(control) => <Select {...control} className="full" value={input?.alias} onChange={(alias: string) => set({ ...threshold, input: alias, column: "" })} options={named.map(({ alias }) => ({ value: alias, label: alias }))} />}
          </Field>
          <Field label={t("view.subject_column")} hint={t("view.subject_hint")} required>
            {(control) => <Select {...control} className="full" showSearch value={threshold.column || undefined} onChange={(column: string) => set({ ...threshold, column })} options={(table?.columns ?? []).map(({ name }) => ({ value: name, label: name }))} />}
          </Field>
          <NumberField label={t("view.subjects_min")} required min={2} max={10_000} value={threshold.minimum} onChange={(minimum) => set({ ...threshold, minimum: minimum ?? SUBJECTS_USUAL })} />
        </div>
      ) : null}
    </fieldset>
  );
}

/** A first alias: the table's name, with what cannot stand in one left out. */
function aliasOf(table: string): string {
  const plain = (table.split(".").at(-1) ?? "").replace(/[^\p{L}\p{N}_]/gu, "_");
  return /^[\p{L}_]/u.test(plain) ? plain : `_${plain}`;
}

/** The refusal, with the place in the SELECT and what it is about. */
function Refused({ error }: { error: unknown }) {
  const { t } = useTranslation("sources");
  const { params } = problemFrom(error);
  const said = (key: string) => (params?.[key] === undefined ? null : String(params[key]));
  const [line, column, about, reason] = [said("line"), said("column"), said("name") ?? said("what"), said("reason")];
  return (
    <div className="stack" role="alert">
      <ProblemAlert error={error} />
      {line && column ? <p>{t("view.at", { line, column })}</p> : null}
      {about ? <p>{t("view.about", { name: about })}</p> : null}
      {reason ? (
        <p className="muted">
          <code>{reason}</code>
        </p>
      ) : null}
    </div>
  );
}

function Found({ structure }: { structure: Source["structure"] }) {
  const { t } = useTranslation("sources");
  const words = useWords();
  const table = structure.tables[0];
  if (!table) return null;
  return (
    <>
      {structure.threshold ? <p>{t("view.held", { subjects: structure.threshold.minimum })}</p> : null}
      <Alert type="success" showIcon title={t("view.checked", { columns: table.columns.length, rows: table.rows_estimate ?? 0 })} />
      <DataTable
        caption={t("view.checked", { columns: table.columns.length, rows: table.rows_estimate ?? 0 })}
        rows={table.columns}
        rowKey={(column) => column.name}
        empty=""
        columns={[
          { key: "name", title: t("column"), main: true, cell: (column) => <code>{column.name}</code> },
          { key: "type", title: t("type"), cell: (column) => words("item_type", column.item_type) },
          { key: "native", title: t("native"), cell: (column) => <code>{column.native_type}</code> },
        ]}
      />
    </>
  );
}
