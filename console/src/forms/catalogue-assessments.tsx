import { Alert, Checkbox } from "antd";
import { useTranslation } from "react-i18next";
import type { EntryContent } from "../api/types";
import { FieldGroup } from "../ui/Field";
import type { StepProps } from "./catalogue-content";
import { DateField, TextField } from "./fields";

const TEXT_MAX = 2000;
type Secrecy = NonNullable<EntryContent["secrecy"]>;
type Assessment = NonNullable<EntryContent["personal_information"]["assessment"]>;

/** Fourth step: the assessments of Article 13 and the declaration that no secrets are inside (Article 3). */
export function AssessmentsStep(props: StepProps) {
  return (
    <div className="stack">
      <SecrecyGroup {...props} />
      <ImpactGroup {...props} />
    </div>
  );
}

function SecrecyGroup({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const secrecy = content.secrecy ?? { state_secret: false, work_secret: false, reviewer: "", date: null, conclusion: "" };
  const set = (patch: Partial<Secrecy>) => change({ secrecy: { ...secrecy, ...patch } });
  return (
    <FieldGroup title={t("assess.secrecy")} columns={3}>
      {secrecy.state_secret || secrecy.work_secret ? <Alert className="wide" type="error" showIcon title={t("assess.stop")} /> : null}
      <div className="wide row">
        <Checkbox checked={secrecy.state_secret} onChange={(event) => set({ state_secret: event.target.checked })}>
          {t("assess.state_secret")}
        </Checkbox>
        <Checkbox checked={secrecy.work_secret} onChange={(event) => set({ work_secret: event.target.checked })}>
          {t("assess.work_secret")}
        </Checkbox>
      </div>
      <TextField label={t("assess.reviewer")} required value={secrecy.reviewer} onChange={(reviewer) => set({ reviewer })} />
      <DateField label={t("assess.review_date")} required value={secrecy.date} onChange={(date) => set({ date })} />
      <TextField label={t("assess.conclusion")} required wide rows={2} maxLength={TEXT_MAX} placeholder={t("assess.conclusion_hint")} value={secrecy.conclusion} onChange={(conclusion) => set({ conclusion })} />
    </FieldGroup>
  );
}

function ImpactGroup({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const personal = content.personal_information;
  const assessment = personal.assessment ?? { lawful_purpose: "", impact: "", safeguards: "", assessor: "", date: null };
  const set = (patch: Partial<Assessment>) => change({ personal_information: { contains: true, assessment: { ...assessment, ...patch } } });
  return (
    <FieldGroup title={t("assess.pia")}>
      <Checkbox
        className="wide"
        checked={personal.contains}
        onChange={(event) => change({ personal_information: { contains: event.target.checked, assessment: event.target.checked ? assessment : null } })}
      >
        {t("assess.contains")}
      </Checkbox>
      {personal.contains ? (
        <>
          <TextField label={t("assess.lawful")} required wide rows={2} maxLength={TEXT_MAX} value={assessment.lawful_purpose} onChange={(lawful_purpose) => set({ lawful_purpose })} />
          <TextField label={t("assess.impact")} required wide rows={2} maxLength={TEXT_MAX} value={assessment.impact} onChange={(impact) => set({ impact })} />
          <TextField label={t("assess.safeguards")} required wide rows={2} maxLength={TEXT_MAX} value={assessment.safeguards} onChange={(safeguards) => set({ safeguards })} />
          <TextField label={t("assess.assessor")} required value={assessment.assessor} onChange={(assessor) => set({ assessor })} />
          <DateField label={t("assess.pia_date")} required value={assessment.date} onChange={(date) => set({ date })} />
        </>
      ) : null}
    </FieldGroup>
  );
}
