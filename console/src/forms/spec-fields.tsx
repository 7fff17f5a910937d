// Controls for fields that the interface describes (see api/form-schema.ts): text, choice, date, number, ids, lists.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, DatePicker, Input, InputNumber, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { FieldSpec } from "../api/form-schema";
import { useCaseWords } from "../components/useCaseWords";
import { useSubjectItems } from "../components/useSubjectItems";
import { Field } from "../ui/Field";
import { DigestField } from "./digest-field";
import { Picker } from "./spec-pickers";
import { isRequired } from "./spec-required";

export type Values = Record<string, unknown>;

interface SpecFieldsProps {
  kind: string;
  fields: FieldSpec[];
  values: Values;
  set: (values: Values) => void;
  /** Values that stand already, such as the grant a case is about; their fields are not shown. */
  given?: Values;
  /** What is wrong, by the path of the field: `doubt`, `duty.title`, `documents[0].sha256`. */
  problems?: Record<string, string>;
}

/** Texts of one line: names, numbers, titles. */
const SHORT = new Set([
  "article", "approval", "code", "contractor", "element", "file_reference", "filing_number", "government", "name", "number", "office", "project",
  "reference", "subject", "title", "to",
]);

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const rows = (value: unknown): Values[] => (Array.isArray(value) ? (value as Values[]) : []);

/** Problems of what lies inside a field, by their paths from there. */
function inside(problems: Record<string, string>, prefix: string): Record<string, string> {
  return Object.fromEntries(Object.entries(problems).flatMap(([path, words]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), words]] : [])));
}

/** Every field of a form, in the order in which the interface lists them. */
export function SpecFields({ kind, fields, values, set, given = {}, problems = {} }: SpecFieldsProps) {
  const asked = fields.filter((field) => !(field.name in given));
  const namesItems = fields.some((field) => field.list === "ItemName");
  const about = { ...values, ...given };
  // Items are chosen from those of the grant or the entry that this form names.
  const { options } = useSubjectItems(namesItems ? about.grant : undefined, namesItems ? about.entry : undefined);
  return (
    <>
      {asked.map((field) => (
        <SpecField key={field.name} kind={kind} field={field} items={options} problems={problems} value={values[field.name]} onChange={(value) => set({ ...values, [field.name]: value })} />
      ))}
    </>
  );
}

interface OneProps {
  kind: string;
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  items: { value: string; label: string }[] | undefined;
  problems: Record<string, string>;
}

function SpecField({ kind, field, value, onChange, items, problems }: OneProps) {
  const { t } = useTranslation();
  const words = useCaseWords();
  const label = words.field(kind, field.name);
  if (field.type === "flag" && !field.required) {
    return (
      <Checkbox checked={value === true} onChange={(event) => onChange(event.target.checked)}>
        {label}
      </Checkbox>
    );
  }
  if (field.type === "object") {
    return (
      <fieldset className="field-group">
        <legend>{label}</legend>
        <div className="stack">
          <SpecFields kind={kind} fields={field.fields} values={(value ?? {}) as Values} set={onChange} problems={inside(problems, `${field.name}.`)} />
        </div>
      </fieldset>
    );
  }
  if (field.type === "objects") return <RowFields kind={kind} field={field} label={label} value={value} onChange={onChange} problems={problems} />;
  const isItem = field.list === "ItemName";
  const choices = isItem ? (items ?? []) : field.values.map((each) => ({ value: each, label: words.choice(field.list, each) }));
  return (
    <Field label={label} required={isRequired(kind, field)} hint={words.hint(kind, field.name)} problem={problems[field.name] ?? null}>
      {({ id, status, ...aria }) => {
        const full = { id, ...aria, status, className: "full" };
        switch (field.type) {
          case "choice":
            return <Select {...full} allowClear={!field.required} placeholder={t("choose")} value={text(value) || undefined} onChange={onChange} options={choices} />;
          case "flag":
            return <Radio.Group id={id} value={value} onChange={(event) => onChange(event.target.value)} options={[{ value: true, label: t("yes") }, { value: false, label: t("no") }]} />;
          case "number":
            return <InputNumber {...full} min={0} precision={0} value={typeof value === "number" ? value : null} onChange={(number) => onChange(number ?? undefined)} />;
          case "numbers":
            // What is no number is not taken: the server wants numbers, and would not say which of them was none.
            return <Select {...full} mode="tags" open={false} suffixIcon={null} tokenSeparators={[" ", ",", "，", "、"]} value={list(value)} onChange={(all: string[]) => onChange(all.map((each) => each.trim()).filter((each) => /^\d+$/.test(each)).map(Number))} />;
          case "date":
            return <DatePicker {...full} value={text(value) ? dayjs(text(value)) : null} onChange={(date) => onChange(date ? date.format("YYYY-MM-DD") : undefined)} />;
          case "id":
          case "ids":
            return <Picker id={id} {...aria} status={status} prefix={field.idPrefix} many={field.type === "ids"} value={value} onChange={onChange} />;
          case "texts":
            if (isItem || choices.length > 0) return <Select {...full} mode="multiple" placeholder={t("choose")} notFoundContent={t("nothing_to_choose")} optionFilterProp="label" value={list(value)} onChange={onChange} options={choices} />;
            return <Select {...full} mode="tags" open={false} suffixIcon={null} tokenSeparators={["，", "、", ";", "；"]} value={list(value)} onChange={onChange} />;
          default:
            if (isItem) return <Select {...full} placeholder={t("choose")} notFoundContent={t("nothing_to_choose")} value={text(value) || undefined} onChange={onChange} options={choices} />;
            if (field.list === "Sha256" || (kind === "disposal" && field.name === "document")) return <DigestField id={id} {...aria} status={status} value={text(value)} onChange={onChange} />;
            if (SHORT.has(field.name)) return <Input id={id} {...aria} status={status} maxLength={200} value={text(value)} onChange={(event) => onChange(event.target.value || undefined)} />;
            return <Input.TextArea id={id} {...aria} status={status} rows={3} maxLength={2000} value={text(value)} onChange={(event) => onChange(event.target.value)} />;
        }
      }}
    </Field>
  );
}

/** A list of small forms, each of which can be taken away again. */
function RowFields({ kind, field, label, value, onChange, problems }: Omit<OneProps, "items"> & { label: string }) {
  const { t } = useTranslation();
  const all = rows(value);
  const problem = problems[field.name];
  return (
    <fieldset className="field-group">
      <legend>
        {label}
        {isRequired(kind, field) ? (
          <span className="field-star" aria-hidden="true">
            *
          </span>
        ) : null}
      </legend>
      <div className="stack">
        {all.map((row, index) => (
          // Rows have no names of their own; only the last ones come and go.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="stack">
            <SpecFields kind={kind} fields={field.fields} values={row} set={(changed) => onChange(all.map((each, at) => (at === index ? changed : each)))} problems={inside(problems, `${field.name}[${index}].`)} />
            <div>
              <Button icon={<DeleteOutlined aria-hidden="true" />} onClick={() => onChange(all.filter((_, at) => at !== index))}>
                {t("remove")}
              </Button>
            </div>
          </div>
        ))}
        {problem ? (
          <p className="field-problem" role="alert">
            {problem}
          </p>
        ) : null}
        <div>
          <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => onChange([...all, {}])}>
            {t("add_one", { what: label })}
          </Button>
        </div>
      </div>
    </fieldset>
  );
}
