// Small controlled fields that several forms share: text, choice, number, date, legal basis.
import { DatePicker, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import type { Basis, BasisRank } from "../api/types";
import { type List, useWords } from "../i18n/words";
import { Field } from "../ui/Field";

interface Shared {
  label: string;
  problem?: string | null;
  required?: boolean;
  wide?: boolean;
  hint?: string;
}

export function TextField({ value, onChange, rows, maxLength = 200, placeholder, ...field }: Shared & { value: string | null | undefined; onChange: (text: string) => void; rows?: number; maxLength?: number; placeholder?: string }) {
  return (
    <Field {...field}>
      {(control) =>
        rows ? (
          <Input.TextArea {...control} rows={rows} maxLength={maxLength} value={value ?? ""} placeholder={placeholder} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <Input {...control} maxLength={maxLength} value={value ?? ""} placeholder={placeholder} onChange={(event) => onChange(event.target.value)} />
        )
      }
    </Field>
  );
}

export function NumberField({ value, onChange, min = 1, max, ...field }: Shared & { value: number | null | undefined; onChange: (value: number | null) => void; min?: number; max?: number }) {
  return (
    <Field {...field}>
      {(control) => <InputNumber {...control} className="full" min={min} max={max} precision={0} value={value ?? null} onChange={onChange} />}
    </Field>
  );
}

export function DateField({ value, onChange, ...field }: Shared & { value: string | null | undefined; onChange: (date: string | null) => void }) {
  return (
    <Field {...field}>
      {({ id, status, "aria-describedby": described }) => (
        <DatePicker id={id} status={status} aria-describedby={described} className="full" value={value ? dayjs(value) : null} onChange={(date) => onChange(date ? date.format("YYYY-MM-DD") : null)} />
      )}
    </Field>
  );
}

interface ChoiceProps<Value extends string> extends Shared {
  list: List;
  values: readonly Value[];
  value: Value | null | undefined;
  onChange: (value: Value) => void;
}

export function ChoiceField<Value extends string>({ list, values, value, onChange, ...field }: ChoiceProps<Value>) {
  const words = useWords();
  return (
    <Field {...field}>
      {(control) => (
        <Select<Value> {...control} className="full" value={value ?? undefined} onChange={onChange} options={values.map((each) => ({ value: each, label: words(list, each) }))} />
      )}
    </Field>
  );
}

interface ManyProps<Value extends string> extends Shared {
  list: List;
  values: readonly Value[];
  value: Value[];
  onChange: (values: Value[]) => void;
  placeholder?: string;
}

export function ManyField<Value extends string>({ list, values, value, onChange, placeholder, ...field }: ManyProps<Value>) {
  const words = useWords();
  return (
    <Field {...field}>
      {(control) => (
        <Select<Value[]> {...control} mode="multiple" className="full" value={value} placeholder={placeholder} onChange={onChange} options={values.map((each) => ({ value: each, label: words(list, each) }))} />
      )}
    </Field>
  );
}

export const BASIS_RANKS = ["law", "administrative_regulation", "state_council_decision", "local_regulation", "rule", "normative_document"] as const;

/** A legal basis in three controls: rank, title, article. */
export function BasisFields({ value, onChange, problem, ranks = BASIS_RANKS }: { value: Basis | null | undefined; onChange: (basis: Basis) => void; problem?: string | null; ranks?: readonly BasisRank[] }) {
  const { t } = useTranslation("entry");
  const basis: Basis = value ?? { rank: "law", title: "", article: "" };
  return (
    <>
      <ChoiceField label={t("fields.rank")} list="basis_rank" values={ranks} value={basis.rank} onChange={(rank) => onChange({ ...basis, rank })} />
      <TextField label={t("fields.basis_title")} required value={basis.title} problem={problem} onChange={(title) => onChange({ ...basis, title })} />
      <TextField label={t("fields.basis_article")} required value={basis.article} onChange={(article) => onChange({ ...basis, article })} />
    </>
  );
}
