import { Checkbox, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { batchTaskCreate, type BatchTaskNew } from "../api/batch";
import { useWrite } from "../api/query";
import type { Grant } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { Field } from "../ui/Field";
import { NumberField, TextField } from "./fields";

const PORTS = { postgres: 5432, mysql: 3306 } as const;
const TARGETS = ["postgres", "mysql", "folder"] as const;
const FORMATS = ["csv", "parquet"] as const;
/** Items that can say what changed: they grow. */
const GROWING = ["integer", "date", "date_time"];
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

interface Draft {
  target: (typeof TARGETS)[number];
  format: (typeof FORMATS)[number];
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  tls: boolean;
  table: string;
  mode: "full" | "incremental";
  change: string | undefined;
  overlap: number;
  schedule: "manual" | "daily" | "weekly";
  weekday: number;
  time: string;
}

const EMPTY: Draft = {
  target: "postgres", format: "csv", host: "", port: PORTS.postgres, database: "", user: "", password: "", tls: true, table: "", mode: "full", change: undefined, overlap: 0,
  schedule: "manual", weekday: 1, time: "02:00",
};

interface PartProps {
  form: Draft;
  set: (patch: Partial<Draft>) => void;
}

/** Sets a task of batch exchange up; the node tries grant, target and table before it keeps it. */
export function BatchTaskForm({ grant, close }: { grant: Grant; close: () => void }) {
  const { t } = useTranslation(["batch", "common"]);
  const [form, setForm] = useState(EMPTY);
  const set = (patch: Partial<Draft>) => setForm((before) => ({ ...before, ...patch }));
  const create = useWrite(() => batchTaskCreate(wanted(form, grant.id)), close);
  return (
    <Modal open title={t("form.title")} okText={t("form.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: create.isPending, disabled: !isFilled(form) }} onOk={() => create.mutate(undefined)} onCancel={close} mask={{ closable: false }} width={560}>
      <div className="stack">
        {create.error ? <ProblemAlert error={create.error} /> : null}
        <fieldset className="field">
          <legend className="field-label">{t("form.target")}</legend>
          <Radio.Group value={form.target} onChange={(event) => set(toTarget(form, event.target.value as Draft["target"]))} options={TARGETS.map((value) => ({ value, label: t(`form.${value}`) }))} />
        </fieldset>
        {form.target === "folder" ? <FormatField form={form} set={set} /> : <DatabaseFields form={form} set={set} port={PORTS[form.target]} />}
        <TextField label={t(form.target === "folder" ? "form.subfolder" : "form.table")} hint={t(TABLE_HINTS[form.target])} required maxLength={120} value={form.table} onChange={(table) => set({ table })} />
        <ModeFields grant={grant} form={form} set={set} />
        <ScheduleFields form={form} set={set} />
      </div>
    </Modal>
  );
}

function FormatField({ form, set }: PartProps) {
  const { t } = useTranslation("batch");
  return (
    <fieldset className="field">
      <legend className="field-label">{t("form.format")}</legend>
      <Radio.Group value={form.format} onChange={(event) => set({ format: event.target.value as Draft["format"] })} options={FORMATS.map((value) => ({ value, label: t(`form.formats.${value}`) }))} />
      <p className="field-hint">{t(`form.format_hints.${form.format}`)}</p>
    </fieldset>
  );
}

/** What is said of the table, for each target. */
const TABLE_HINTS = { postgres: "form.table_hint", mysql: "form.table_hint_mysql", folder: "form.subfolder_hint" } as const;

/** Another kind of database listens on another port; one that somebody has typed stays. */
function toTarget(form: Draft, target: Draft["target"]): Partial<Draft> {
  const untouched = form.target !== "folder" && form.port === PORTS[form.target];
  return target !== "folder" && (untouched || form.target === "folder") ? { target, port: PORTS[target] } : { target };
}

function DatabaseFields({ form, set, port: usual }: PartProps & { port: number }) {
  const { t } = useTranslation(["batch", "sources"]);
  return (
    <>
      <div className="field-grid">
        <TextField label={t("sources:form.host")} hint={t("form.host_hint")} required value={form.host} onChange={(host) => set({ host })} />
        <NumberField label={t("sources:form.port")} required max={65_535} value={form.port} onChange={(port) => set({ port: port ?? usual })} />
        <TextField label={t("sources:form.database")} required value={form.database} onChange={(database) => set({ database })} />
        <TextField label={t("form.user")} required value={form.user} onChange={(user) => set({ user })} />
      </div>
      <Field label={t("sources:form.password")} hint={t("sources:form.sealed")}>
        {({ status, ...control }) => <Input.Password {...control} status={status} autoComplete="off" value={form.password} onChange={(event) => set({ password: event.target.value })} />}
      </Field>
      <Checkbox checked={form.tls} onChange={(event) => set({ tls: event.target.checked })}>
        {t("sources:form.tls")}
      </Checkbox>
    </>
  );
}

function ModeFields({ grant, form, set }: PartProps & { grant: Grant }) {
  const { t } = useTranslation("batch");
  const growing = grant.items.filter((item) => !item.mask && GROWING.includes(item.item_type));
  return (
    <>
      <fieldset className="field">
        <legend className="field-label">{t("form.mode")}</legend>
        <Radio.Group value={form.mode} onChange={(event) => set({ mode: event.target.value as Draft["mode"] })} options={[{ value: "full", label: t("mode.full") }, { value: "incremental", label: t("mode.incremental"), disabled: growing.length === 0 }]} />
        <p className="field-hint">{t(`form.${form.mode}_hint`)}</p>
      </fieldset>
      {form.mode === "incremental" ? (
        <div className="field-grid">
          <Field label={t("form.change")} hint={t("form.change_hint")} required>
            {(control) => <Select {...control} className="full" value={form.change} onChange={(change: string) => set({ change })} options={growing.map((item) => ({ value: item.name, label: item.title || item.name }))} />}
          </Field>
          <NumberField label={t("form.overlap")} hint={t("form.overlap_hint")} min={0} max={4_294_967_295} value={form.overlap} onChange={(overlap) => set({ overlap: overlap ?? 0 })} />
        </div>
      ) : null}
    </>
  );
}

function ScheduleFields({ form, set }: PartProps) {
  const { t } = useTranslation("batch");
  const wrong = form.schedule !== "manual" && !TIME.test(form.time);
  return (
    <>
      <fieldset className="field">
        <legend className="field-label">{t("form.schedule")}</legend>
        <Radio.Group value={form.schedule} onChange={(event) => set({ schedule: event.target.value as Draft["schedule"] })} options={(["manual", "daily", "weekly"] as const).map((value) => ({ value, label: t(`form.schedules.${value}`) }))} />
      </fieldset>
      {form.schedule === "manual" ? null : (
        <div className="field-grid">
          {form.schedule === "weekly" ? (
            <Field label={t("form.weekday")} required>
              {(control) => <Select {...control} className="full" value={form.weekday} onChange={(weekday: number) => set({ weekday })} options={WEEKDAYS.map((value) => ({ value, label: t(`weekdays.${value}`) }))} />}
            </Field>
          ) : null}
          <TextField label={t("form.time")} hint={t("form.time_hint")} required maxLength={5} problem={wrong ? t("form.time_wrong") : null} value={form.time} onChange={(time) => set({ time })} />
        </div>
      )}
    </>
  );
}

function isFilled(form: Draft): boolean {
  const target = form.target === "folder" || Boolean(form.host && form.port && form.database && form.user);
  const mode = form.mode === "full" || Boolean(form.change);
  return target && mode && form.table.trim() !== "" && (form.schedule === "manual" || TIME.test(form.time));
}

/** Only what belongs to the choices is sent. */
function wanted(form: Draft, grant: string): BatchTaskNew {
  const { host, port, database, user, password, tls, table, change, overlap, weekday } = form;
  const [hours = 0, minutes = 0] = form.time.split(":").map(Number);
  const minute = hours * 60 + minutes;
  return {
    grant,
    table,
    target: form.target === "folder" ? { kind: "folder", format: form.format } : { kind: form.target, host, port, database, user, password, tls },
    mode: form.mode === "full" ? { kind: "full" } : { kind: "incremental", change: change ?? "", overlap },
    schedule: form.schedule === "manual" ? { kind: "manual" } : form.schedule === "daily" ? { kind: "daily", minute } : { kind: "weekly", weekday, minute },
  };
}
