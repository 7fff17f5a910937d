import { Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { EntryContent } from "../api/types";
import { FieldGroup } from "../ui/Field";
import { GRADES, highestGrade, type StepProps } from "./catalogue-content";
import { BasisFields, ChoiceField, DateField, ManyField, NumberField, TextField } from "./fields";

const FORMATS = ["database", "spreadsheet", "document", "image", "stream", "self_describing", "service_interface"] as const;
const FREQUENCIES = ["real_time", "daily", "weekly", "monthly", "quarterly", "half_yearly", "yearly", "irregular", "never"] as const;
const ATTRIBUTES = ["unconditional", "conditional", "not_shared"] as const;
const METHODS = ["service_interface", "batch_exchange", "file_download"] as const;
const KINDS = ["department", "authorised_organisation", "sharing_authority"] as const;
const LEVELS = ["nation", "ministry", "province", "city", "county", "township"] as const;
/** Only these may forbid sharing (Art. 14); the server decides, the list only spares a detour. */
const FORBIDDING_RANKS = ["law", "administrative_regulation", "state_council_decision"] as const;
const TEXT_MAX = 2000;

/** Third step: the nine fields of Article 13. */
export function FieldsStep({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const setClass = (patch: Partial<EntryContent["classification"]>) => change({ classification: { ...content.classification, ...patch } });
  return (
    <div className="stack">
      <FieldGroup title={t("fields.basics")} columns={3}>
        <TextField label={t("fields.name")} required value={content.name} onChange={(name) => change({ name })} />
        <TextField label={t("fields.code")} maxLength={40} placeholder="306019/000001" value={content.code} onChange={(code) => change({ code: code.trim() || null })} />
        <TextField label={t("fields.category")} required value={content.classification.category} onChange={(category) => setClass({ category })} />
        <ChoiceField label={t("fields.grade")} required list="grade" values={GRADES} value={content.classification.grade ?? highestGrade(content)} onChange={(grade) => setClass({ grade })} />
        <TextField label={t("fields.summary")} required wide rows={3} maxLength={TEXT_MAX} value={content.summary} onChange={(summary) => change({ summary })} />
        <ChoiceField label={t("fields.data_format")} required list="data_format" values={FORMATS} value={content.data_format} onChange={(data_format) => change({ data_format })} />
        <ChoiceField label={t("fields.update_frequency")} required list="update_frequency" values={FREQUENCIES} value={content.update_frequency} onChange={(update_frequency) => change({ update_frequency })} />
      </FieldGroup>
      <FieldGroup title={t("fields.sharing")}>
        <ChoiceField label={t("fields.sharing_attribute")} required list="sharing_attribute" values={ATTRIBUTES} value={content.sharing_attribute} onChange={(sharing_attribute) => change({ sharing_attribute, classification: { ...content.classification, grade: content.classification.grade ?? highestGrade(content) } })} />
        <ManyField label={t("fields.methods")} required list="method" values={METHODS} value={content.methods} onChange={(methods) => change({ methods })} />
      </FieldGroup>
      {content.sharing_attribute === "conditional" ? <Conditions content={content} change={change} /> : null}
      {content.sharing_attribute === "not_shared" ? <NotShared content={content} change={change} /> : null}
      <FieldGroup title={t("fields.collection")} columns={3}>
        <BasisFields value={content.collection_basis} onChange={(collection_basis) => change({ collection_basis })} />
      </FieldGroup>
      {content.sharing_attribute === "not_shared" ? null : <Limits content={content} change={change} />}
    </div>
  );
}

function Conditions({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const conditions = content.conditions ?? { allowed_organisation_kinds: [], allowed_levels: [], purposes: [], subject_consent_required: false, note: "" };
  const set = (patch: Partial<NonNullable<EntryContent["conditions"]>>) => change({ conditions: { ...conditions, ...patch } });
  return (
    <FieldGroup title={t("fields.conditions")}>
      <ManyField label={t("fields.kinds")} list="organisation_kind" values={KINDS} placeholder={t("fields.any")} value={conditions.allowed_organisation_kinds} onChange={(allowed_organisation_kinds) => set({ allowed_organisation_kinds })} />
      <ManyField label={t("fields.levels")} list="level" values={LEVELS} placeholder={t("fields.any")} value={conditions.allowed_levels} onChange={(allowed_levels) => set({ allowed_levels })} />
      <TextField label={t("fields.purposes")} wide rows={3} maxLength={TEXT_MAX} value={(conditions.purposes ?? []).join("\n")} onChange={(text) => set({ purposes: text === "" ? [] : text.split("\n") })} />
      <TextField label={t("fields.note")} wide maxLength={TEXT_MAX} value={conditions.note} onChange={(note) => set({ note })} />
      <Checkbox className="wide" checked={conditions.subject_consent_required} onChange={(event) => set({ subject_consent_required: event.target.checked })}>
        {t("fields.consent")}
      </Checkbox>
    </FieldGroup>
  );
}

function NotShared({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const basis: NonNullable<EntryContent["not_shared_basis"]> = content.not_shared_basis ?? { rank: "law", title: "", article: "", reason: "", review_by: null };
  return (
    <FieldGroup title={t("fields.not_shared")} columns={3}>
      <BasisFields value={basis} ranks={FORBIDDING_RANKS} onChange={(next) => change({ not_shared_basis: { ...basis, ...next } })} />
      <TextField label={t("fields.not_shared_reason")} required wide rows={2} maxLength={TEXT_MAX} value={basis.reason} onChange={(reason) => change({ not_shared_basis: { ...basis, reason } })} />
      <DateField label={t("fields.review_by")} required value={basis.review_by} onChange={(review_by) => change({ not_shared_basis: { ...basis, review_by } })} />
    </FieldGroup>
  );
}

function Limits({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const limits = content.limits ?? { calls_per_second_max: 0, rows_per_call_max: 0, rows_per_day_max: 0 };
  const set = (patch: Partial<typeof limits>) => change({ limits: { ...limits, ...patch } });
  return (
    <FieldGroup title={t("fields.limits")} columns={3}>
      <NumberField label={t("fields.calls")} required value={limits.calls_per_second_max} onChange={(value) => set({ calls_per_second_max: value ?? 0 })} />
      <NumberField label={t("fields.rows")} required value={limits.rows_per_call_max} onChange={(value) => set({ rows_per_call_max: value ?? 0 })} />
      <NumberField label={t("fields.day")} required value={limits.rows_per_day_max} onChange={(value) => set({ rows_per_day_max: value ?? 0 })} />
    </FieldGroup>
  );
}
