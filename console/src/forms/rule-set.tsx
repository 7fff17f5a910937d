import { Modal } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleSetAdopt } from "../api/calls";
import { useWrite } from "../api/query";
import type { ClockId } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { useSession } from "../components/RequireSession";
import { useWords } from "../i18n/words";
import { ChoiceField, DateField, NumberField, TextField } from "./fields";

const SUPPLEMENTS = ["run_on", "pause", "restart"] as const;
const EXTENSIONS = ["allowed", "off"] as const;

/** Adopts a rule set: only what is filled in differs from what holds without it. */
export function RuleSetForm({ decree, close }: { decree: { clock: ClockId; working_days: number }[]; close: () => void }) {
  const { t } = useTranslation(["clocks", "common"]);
  const words = useWords();
  const { node } = useSession();
  const [form, setForm] = useState({ title: "", number: "", from: dayjs().format("YYYY-MM-DD"), region: node.region_code });
  const [terms, setTerms] = useState<Partial<Record<ClockId, number>>>({});
  const [supplement, setSupplement] = useState<(typeof SUPPLEMENTS)[number] | null>(null);
  const [extension, setExtension] = useState<(typeof EXTENSIONS)[number] | null>(null);
  const set = (patch: Partial<typeof form>) => setForm((before) => ({ ...before, ...patch }));
  const term = (clock: ClockId, days: number | null) =>
    setTerms((before) => {
      const { [clock]: _old, ...others } = before;
      return days === null ? others : { ...others, [clock]: days };
    });
  const adopt = useWrite(
    () =>
      ruleSetAdopt({
        title: form.title.trim(),
        number: form.number.trim(),
        from: form.from,
        region_code: form.region.trim() || null,
        terms: terms as Record<string, number>,
        policies: { supplement, extension_for_unconditional: extension },
      }),
    close,
  );
  const ready = form.title.trim() !== "" && form.number.trim() !== "";
  return (
    <Modal open title={t("rules.adopt")} okText={t("rules.adopt")} cancelText={t("common:cancel")} okButtonProps={{ loading: adopt.isPending, disabled: !ready }} onOk={() => adopt.mutate(undefined)} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        {adopt.error ? <ProblemAlert error={adopt.error} /> : null}
        <p className="muted">{t("rules.adopt_hint")}</p>
        <TextField label={t("rules.name")} required maxLength={120} value={form.title} onChange={(title) => set({ title })} />
        <TextField label={t("rules.number")} required maxLength={60} value={form.number} onChange={(number) => set({ number })} />
        <DateField label={t("rules.from")} required value={form.from} onChange={(from) => set({ from: from ?? form.from })} />
        <TextField label={t("calendar.region")} maxLength={12} value={form.region} onChange={(region) => set({ region })} />
        {decree.map(({ clock, working_days }) => (
          <NumberField key={clock} label={t("rules.term_of", { clock: words("clock", clock), count: working_days })} min={0} max={working_days} value={terms[clock] ?? null} onChange={(days) => term(clock, days)} />
        ))}
        <ChoiceField label={t("rules.supplement")} list="supplement_policy" values={SUPPLEMENTS} value={supplement} onChange={setSupplement} />
        <ChoiceField label={t("rules.extension")} list="extension_policy" values={EXTENSIONS} value={extension} onChange={setExtension} />
      </div>
    </Modal>
  );
}
