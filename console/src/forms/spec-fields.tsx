// Controls for fields that the interface describes (see api/form-schema.ts): text, choice, date, number, ids, lists.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, DatePicker, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { organisationsList, peopleList, systemsList } from "../api/calls";
import type { FieldSpec } from "../api/form-schema";
import { useCaseWords } from "../components/useCaseWords";
import { Field } from "../ui/Field";

export type Values = Record<string, unknown>;

interface SpecFieldsProps {
  kind: string;
  fields: FieldSpec[];
  values: Values;
  set: (values: Values) => void;
  /** Values that stand already, such as the grant a case is about; their fields are not shown. */
  given?: Values;
  /** What may be chosen in fields that list data items. */
  items?: { value: string; label: string }[];
  problems?: Record<string, string>;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);
const rows = (value: unknown): Values[] => (Array.isArray(value) ? (value as Values[]) : []);

/** Every field of a form, in the order in which the interface lists them. */
export function SpecFields({ kind, fields, values, set, given = {}, items, problems = {} }: SpecFieldsProps) {
  const asked = fields.filter((field) => !(field.name in given));
  return (
    <>
      {asked.map((field) => (
        <SpecField key={field.name} kind={kind} field={field} items={items} problem={problems[field.name]} value={values[field.name]} onChange={(value) => set({ ...values, [field.name]: value })} />
      ))}
    </>
  );
}

interface OneProps {
  kind: string;
  field: FieldSpec;
  value: unknown;
  onChange: (value: unknown) => void;
  items?: { value: string; label: string }[];
  problem?: string;
}

function SpecField({ kind, field, value, onChange, items, problem }: OneProps) {
  const words = useCaseWords();
  const label = words.field(kind, field.name);
  const shared = { label, required: field.required, problem: problem ?? null };
  if (field.type === "flag") {
    return (
      <Checkbox checked={value === true} onChange={(event) => onChange(event.target.checked)}>
        {label}
      </Checkbox>
    );
  }
  if (field.type === "object") {
    const inside = (value ?? {}) as Values;
    return (
      <fieldset className="field-group">
        <legend>{label}</legend>
        <SpecFields kind={kind} fields={field.fields} values={inside} set={onChange} />
      </fieldset>
    );
  }
  if (field.type === "objects") return <RowFields kind={kind} field={field} label={label} value={value} onChange={onChange} />;
  return (
    <Field {...shared}>
      {({ id, status, ...aria }) => {
        switch (field.type) {
          case "choice":
            return <Select id={id} {...aria} status={status} className="full" value={text(value) || undefined} onChange={onChange} options={field.values.map((each) => ({ value: each, label: words.choice(field.list, each) }))} />;
          case "number":
            return <InputNumber id={id} {...aria} status={status} className="full" min={0} precision={0} value={typeof value === "number" ? value : null} onChange={onChange} />;
          case "date":
            return <DatePicker id={id} status={status} className="full" value={text(value) ? dayjs(text(value)) : null} onChange={(date) => onChange(date ? date.format("YYYY-MM-DD") : undefined)} />;
          case "id":
          case "ids":
            return <IdField id={id} prefix={field.idPrefix} many={field.type === "ids"} value={value} onChange={onChange} />;
          case "texts":
            return <Select id={id} {...aria} status={status} mode={items ? "multiple" : "tags"} className="full" value={list(value)} onChange={onChange} options={items ?? (field.values.length > 0 ? field.values.map((each) => ({ value: each, label: words.choice(field.list, each) })) : undefined)} />;
          default:
            return <Input.TextArea id={id} {...aria} status={status} rows={2} maxLength={2000} value={text(value)} onChange={(event) => onChange(event.target.value)} />;
        }
      }}
    </Field>
  );
}

/** An organisation, a person or a system is chosen by name; any other id is written as it is. */
function IdField({ id, prefix, many, value, onChange }: { id: string; prefix: string; many: boolean; value: unknown; onChange: (value: unknown) => void }) {
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: organisationsList, enabled: prefix === "org" });
  const people = useQuery({ queryKey: ["people"], queryFn: peopleList, enabled: prefix === "per" });
  const systems = useQuery({ queryKey: ["systems"], queryFn: systemsList, enabled: prefix === "sys" });
  const options = (organisations.data ?? people.data ?? systems.data)?.items.map((each) => ({ value: each.id, label: each.name }));
  if (many) return <Select id={id} mode={options ? "multiple" : "tags"} className="full" showSearch={{ optionFilterProp: "label" }} value={list(value)} onChange={onChange} options={options} />;
  if (options) return <Select id={id} className="full" showSearch={{ optionFilterProp: "label" }} value={text(value) || undefined} onChange={onChange} options={options} />;
  return <Input id={id} value={text(value)} placeholder={`${prefix}_…`} onChange={(event) => onChange(event.target.value || undefined)} />;
}

/** A list of small forms, each of which can be taken away again. */
function RowFields({ kind, field, label, value, onChange }: { kind: string; field: FieldSpec; label: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation();
  const all = rows(value);
  return (
    <fieldset className="field-group">
      <legend>{label}</legend>
      {all.map((row, index) => (
        // Rows have no names of their own; only the last ones come and go.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="stack">
          <SpecFields kind={kind} fields={field.fields} values={row} set={(changed) => onChange(all.map((each, at) => (at === index ? changed : each)))} />
          <Button icon={<DeleteOutlined aria-hidden="true" />} onClick={() => onChange(all.filter((_, at) => at !== index))}>
            {t("remove")}
          </Button>
        </div>
      ))}
      <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => onChange([...all, {}])}>
        {t("add")}
      </Button>
    </fieldset>
  );
}
