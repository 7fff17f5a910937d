import { useQuery } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { entryCreate, entryGet, entryPut } from "../../api/calls";
import { useWrite } from "../../api/query";
import type { Entry, EntryContent } from "../../api/types";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { AssessmentsStep } from "../../forms/catalogue-assessments";
import { CheckStep } from "../../forms/catalogue-check";
import { contentOf, emptyContent } from "../../forms/catalogue-content";
import { FieldsStep } from "../../forms/catalogue-fields";
import { ItemsStep } from "../../forms/catalogue-items";
import { SourceStep } from "../../forms/catalogue-source";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";

export const STEPS = ["source", "items", "fields", "assessments", "check"] as const;
export type StepName = (typeof STEPS)[number];

export function EntryEditPage() {
  const { id } = useParams();
  const entry = useQuery({ queryKey: ["entry", id], queryFn: () => entryGet(id ?? ""), enabled: id !== undefined, refetchOnWindowFocus: false });
  if (id === undefined) return <Editor key="new" entry={null} />;
  if (entry.isPending) return <Loading />;
  if (entry.isError) return <Failed error={entry.error} />;
  return <Editor key={entry.data.id} entry={entry.data} />;
}

function Editor({ entry }: { entry: Entry | null }) {
  const { t } = useTranslation(["entry", "catalogue", "common"]);
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const [step, setStep] = useState<StepName>(() => STEPS.find((each) => each === search.get("step")) ?? "source");
  const [content, setContent] = useState<EntryContent>(() => (entry ? (entry.work?.content ?? contentOf(entry)) : emptyContent()));
  const change = (patch: Partial<EntryContent>) => setContent((before) => ({ ...before, ...patch }));
  const save = useWrite<StepName, Entry>(
    () => (entry ? entryPut(entry, content) : entryCreate(content)),
    (saved, next) => {
      if (entry) setStep(next);
      else void navigate(`${paths.entryEdit(saved.id)}?step=${next}`, { replace: true });
    },
  );
  if (entry && !entry.allowed.includes("edit")) {
    return (
      <>
        <PageHead title={entry.name} trail={[{ to: paths.entry(entry.id), text: t("catalogue:own.title") }]} />
        <Alert type="info" showIcon title={t("not_editable")} />
      </>
    );
  }
  const at = STEPS.indexOf(step);
  const next = STEPS[at + 1];
  const before = STEPS[at - 1];
  return (
    <>
      <PageHead
        title={entry?.name ? t("title_edit", { name: entry.name }) : t("title_new")}
        lead={t("lead")}
        trail={[{ to: paths.ownEntries, text: t("catalogue:own.title") }]}
        actions={
          <Button loading={save.isPending} onClick={() => save.mutate(step)}>
            {t("save")}
          </Button>
        }
      />
      <StepBar step={step} go={(to) => save.mutate(to)} />
      {save.error ? <ProblemAlert error={save.error} /> : null}
      <Panel title={t(`steps.${step}`)}>
        {step === "source" ? <SourceStep content={content} change={change} /> : null}
        {step === "items" ? <ItemsStep content={content} change={change} /> : null}
        {step === "fields" ? <FieldsStep content={content} change={change} /> : null}
        {step === "assessments" ? <AssessmentsStep content={content} change={change} /> : null}
        {step === "check" && entry ? <CheckStep entry={entry} go={setStep} /> : null}
      </Panel>
      <div className="step-foot">
        {before ? <Button onClick={() => save.mutate(before)}>{t("common:back")}</Button> : <span />}
        {next ? (
          <Button type="primary" loading={save.isPending} onClick={() => save.mutate(next)}>
            {t("save_next")}
          </Button>
        ) : null}
        <span className="visually-hidden" role="status">
          {save.isSuccess ? t("saved") : ""}
        </span>
      </div>
    </>
  );
}

/** The five steps. Any of them can be opened; what was filled in is saved on the way. */
function StepBar({ step, go }: { step: StepName; go: (step: StepName) => void }) {
  const { t } = useTranslation(["entry", "catalogue", "common"]);
  return (
    <nav aria-label={t("steps.label")}>
      <ol className="step-bar">
        {STEPS.map((each, index) => (
          <li key={each} className={each === step ? "on" : index < STEPS.indexOf(step) ? "past" : ""}>
            <button type="button" aria-current={each === step ? "step" : undefined} onClick={() => go(each)}>
              <span className="step-number" aria-hidden="true">
                {index + 1}
              </span>
              {t(`steps.${each}`)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
