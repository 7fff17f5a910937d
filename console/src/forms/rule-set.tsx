import { Modal } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ruleSetAdopt } from "../api/calls";
import { useWrite } from "../api/query";
import type { ClockId, RulePolicies } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { useSession } from "../components/RequireSession";
import { useWords } from "../i18n/words";
import { ChoiceField, DateField, NumberField, TextField } from "./fields";

const SUPPLEMENTS = ["run_on", "pause", "restart"] as const;
const EXTENSIONS = ["allowed", "off"] as const;
const UPDATE_STOPS = ["filing", "publication"] as const;
const COMMON_AUTHORITIES = ["lowest", "above"] as const;
/** What the server holds too: a last day ends in its second half; the Decree keeps records for 3 years at least. */
const BOUNDS = { due_hour: { min: 12, max: 24 }, objection_days: { min: 1, max: 20 }, usage_retention_years: { min: 3, max: 100 } } as const;

/** Adopts a rule set: only what is filled in differs from what holds without it. */
export function RuleSetForm({ decree, close }: { decree: { clock: ClockId; working_days: number }[]; close: () => void }) {
  const { t } = useTranslation(["clocks", "common"]);
  const words = useWords();
  const { node } = useSession();
  const [form, setForm] = useState({ title: "", number: "", from: dayjs().format("YYYY-MM-DD"), region: node.region_code });
  const [terms, setTerms] = useState<Partial<Record<ClockId, number>>>({});
  const [policies, setPolicies] = useState<RulePolicies>({});
  const policy = (patch: RulePolicies) => setPolicies((before) => ({ ...before, ...patch }));
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
        policies,
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
        <ChoiceField label={t("rules.policy.supplement")} list="supplement_policy" values={SUPPLEMENTS} value={policies.supplement} onChange={(supplement) => policy({ supplement })} />
        <ChoiceField label={t("rules.policy.extension_for_unconditional")} list="extension_policy" values={EXTENSIONS} value={policies.extension_for_unconditional} onChange={(extension) => policy({ extension_for_unconditional: extension })} />
        <ChoiceField label={t("rules.policy.update_stop")} list="update_stop_policy" values={UPDATE_STOPS} value={policies.update_stop} onChange={(update_stop) => policy({ update_stop })} />
        <ChoiceField label={t("rules.policy.common_authority")} list="common_authority_policy" values={COMMON_AUTHORITIES} value={policies.common_authority} onChange={(common_authority) => policy({ common_authority })} />
        {(["due_hour", "objection_days", "usage_retention_years"] as const).map((point) => (
          <NumberField key={point} label={t(`rules.policy.${point}`)} {...BOUNDS[point]} value={policies[point]} onChange={(value) => policy({ [point]: value })} />
        ))}
      </div>
    </Modal>
  );
}
