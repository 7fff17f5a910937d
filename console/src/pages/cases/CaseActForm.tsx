import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { caseAct } from "../../api/calls";
import type { FieldSpec } from "../../api/form-schema";
import { useWrite } from "../../api/query";
import type { Case, CaseAct } from "../../api/types";
import { ProblemAlert } from "../../components/ProblemAlert";
import { useCaseWords } from "../../components/useCaseWords";
import { SpecFields, type Values } from "../../forms/spec-fields";

/** One act in a case: what it asks for, and why it was refused. */
export function CaseActForm({ found, verb, fields, close }: { found: Case; verb: string; fields: FieldSpec[]; close: () => void }) {
  const { t } = useTranslation();
  const words = useCaseWords();
  const [values, setValues] = useState<Values>({});
  // The server checks every field; what this form cannot know it does not pretend to check.
  const write = useWrite(() => caseAct(found, { ...values, kind: found.kind, verb } as unknown as CaseAct), close);
  return (
    <Modal open title={words.verb(found.kind, verb)} okText={words.verb(found.kind, verb)} cancelText={t("cancel")} okButtonProps={{ loading: write.isPending }} onOk={() => write.mutate(undefined)} onCancel={close} mask={{ closable: false }} width={640}>
      <div className="stack">
        <SpecFields kind={found.kind} fields={fields} values={values} set={setValues} />
        {write.error ? <ProblemAlert error={write.error} /> : null}
      </div>
    </Modal>
  );
}
