import { useQuery } from "@tanstack/react-query";
import { Checkbox, Select } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { systemsList } from "../api/calls";
import { GradeMark, useMaskWords } from "../components/Marks";
import { count } from "../i18n/format";
import { paths } from "../paths";
import { Field } from "../ui/Field";
import { ChoiceField, DateField, NumberField } from "./fields";
import type { RequestPartProps } from "./request-edit";
import { RowsBuilder } from "./rows-builder";

/** Which items and which rows. */
export function WhatFields({ entry, content, change, problem }: RequestPartProps) {
  const { t } = useTranslation("requests");
  const maskWords = useMaskWords();
  const toggle = (name: string, on: boolean) => change({ items: entry.items.map((item) => item.name).filter((each) => (each === name ? on : content.items.includes(each))) });
  return (
    <div className="stack">
      <fieldset className="field">
        <legend className="field-label">
          {t("form.items")}
          <span className="muted small"> {t("form.chosen", { count: content.items.length, all: entry.items.length })}</span>
        </legend>
        <p className="field-hint">{t("form.items_hint")}</p>
        {problem("items") ? <p className="field-problem">{problem("items")}</p> : null}
        <div className="item-choice">
          {entry.items.map((item) => (
            <Checkbox key={item.name} checked={content.items.includes(item.name)} onChange={(event) => toggle(item.name, event.target.checked)}>
              <span className="item-choice-title">{item.title || item.name}</span> <GradeMark grade={item.grade} /> <span className="muted small">{maskWords(item.mask)}</span>
            </Checkbox>
          ))}
        </div>
      </fieldset>
      <RowsBuilder items={entry.items} value={content.rows} onChange={(rows) => change({ rows })} />
    </div>
  );
}

/** By which method, how much, how long, by which systems. */
export function HowFields({ entry, content, change, problem }: RequestPartProps) {
  const { t } = useTranslation("requests");
  const { limits } = entry;
  const most = (max: number | undefined) => (max ? t("form.at_most", { max: count(max) }) : undefined);
  return (
    <div className="field-grid four">
      <ChoiceField label={t("form.method")} required list="method" values={entry.methods} problem={problem("method")} value={content.method} onChange={(method) => change({ method })} />
      <DateField label={t("form.from")} required problem={problem("valid_from")} value={content.valid_from} onChange={(valid_from) => change({ valid_from })} />
      <DateField label={t("form.until")} required problem={problem("valid_until")} value={content.valid_until} onChange={(valid_until) => change({ valid_until })} />
      <SystemsField content={content} change={change} problem={problem} />
      <NumberField label={t("form.calls")} required hint={most(limits?.calls_per_second_max)} max={limits?.calls_per_second_max} value={content.calls_per_second} onChange={(calls_per_second) => change({ calls_per_second })} />
      <NumberField label={t("form.per_call")} required hint={most(limits?.rows_per_call_max)} max={limits?.rows_per_call_max} value={content.rows_per_call} onChange={(rows_per_call) => change({ rows_per_call })} />
      <NumberField label={t("form.per_day")} required hint={most(limits?.rows_per_day_max)} max={limits?.rows_per_day_max} value={content.rows_per_day} onChange={(rows_per_day) => change({ rows_per_day })} />
    </div>
  );
}

export function SystemsField({ content, change, problem }: Omit<RequestPartProps, "entry">) {
  const { t } = useTranslation("requests");
  const systems = useQuery({ queryKey: ["systems"], queryFn: () => systemsList() });
  const options = (systems.data?.items ?? []).filter((system) => system.state === "active").map((system) => ({ value: system.id, label: system.name }));
  const isEmpty = systems.isSuccess && options.length === 0;
  return (
    <Field
      label={t("form.systems")}
      required
      problem={problem("systems")}
      hint={
        isEmpty ? (
          <>
            {t("form.no_systems")} <Link to={paths.systems}>{t("form.register")}</Link>
          </>
        ) : undefined
      }
    >
      {(control) => <Select {...control} mode="multiple" className="full" value={content.systems} onChange={(chosen: string[]) => change({ systems: chosen })} options={options} />}
    </Field>
  );
}
