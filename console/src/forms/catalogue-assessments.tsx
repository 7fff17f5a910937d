import { Alert, Checkbox } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { EntryContent } from "../api/types";
import { useSession } from "../components/RequireSession";
import { FieldGroup } from "../ui/Field";
import type { StepProps } from "./catalogue-content";
import { DateField, TextField } from "./fields";

const TEXT_MAX = 2000;
type Secrecy = NonNullable<EntryContent["secrecy"]>;
type Review = NonNullable<EntryContent["secrecy_review"]>;
type Assessment = NonNullable<EntryContent["personal_information"]["assessment"]>;

/** Fourth step: the assessments of Article 13 and the declaration that no secrets are inside (Article 3). */
export function AssessmentsStep(props: StepProps) {
  return (
    <div className="stack">
      <SecrecyGroup {...props} />
      <ReviewGroup {...props} />
      <ImpactGroup {...props} />
    </div>
  );
}

function SecrecyGroup({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const { person } = useSession();
  const secrecy = content.secrecy ?? { state_secret: false, work_secret: false, declared_by_name: person.name, statement: t("assess.statement_default") };
  const set = (patch: Partial<Secrecy>) => change({ secrecy: { ...secrecy, ...patch } });
  const untouched = content.secrecy === null;
  // The declaration is offered ready-made; it counts once the officer has seen this step and saved it.
  useEffect(() => {
    if (untouched) change({ secrecy });
    // oxlint-disable-next-line react/exhaustive-deps -- once, when the step opens on an entry without a declaration
  }, [untouched]);
  return (
    <FieldGroup title={t("assess.secrecy")}>
      {secrecy.state_secret || secrecy.work_secret ? <Alert className="wide" type="error" showIcon title={t("assess.stop")} /> : null}
      <div className="wide row">
        <Checkbox checked={secrecy.state_secret} onChange={(event) => set({ state_secret: event.target.checked })}>
          {t("assess.state_secret")}
        </Checkbox>
        <Checkbox checked={secrecy.work_secret} onChange={(event) => set({ work_secret: event.target.checked })}>
          {t("assess.work_secret")}
        </Checkbox>
      </div>
      <TextField label={t("assess.declared_by")} required value={secrecy.declared_by_name} onChange={(declared_by_name) => set({ declared_by_name })} />
      <TextField label={t("assess.statement")} required wide maxLength={TEXT_MAX} value={secrecy.statement} onChange={(statement) => set({ statement })} />
    </FieldGroup>
  );
}

function ReviewGroup({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const review = content.secrecy_review ?? { reviewer: "", date: "", conclusion: "", document_number: "" };
  const set = (patch: Partial<Review>) => change({ secrecy_review: { ...review, ...patch } });
  return (
    <FieldGroup title={t("assess.review")}>
      <TextField label={t("assess.reviewer")} required value={review.reviewer} onChange={(reviewer) => set({ reviewer })} />
      <DateField label={t("assess.review_date")} required value={review.date} onChange={(date) => set({ date: date ?? "" })} />
      <TextField label={t("assess.document")} required value={review.document_number} onChange={(document_number) => set({ document_number })} />
      <TextField label={t("assess.conclusion")} required wide rows={2} maxLength={TEXT_MAX} value={review.conclusion} onChange={(conclusion) => set({ conclusion })} />
    </FieldGroup>
  );
}

function ImpactGroup({ content, change }: StepProps) {
  const { t } = useTranslation("entry");
  const personal = content.personal_information;
  const assessment = personal.assessment ?? { lawful_purpose: "", impact: "", safeguards: "", assessor: "", date: "" };
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
          <DateField label={t("assess.pia_date")} required value={assessment.date} onChange={(date) => set({ date: date ?? "" })} />
        </>
      ) : null}
    </FieldGroup>
  );
}
