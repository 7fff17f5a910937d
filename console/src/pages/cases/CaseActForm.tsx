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
import { useSpecProblems } from "../../forms/spec-problems";
import { missingFields } from "../../forms/spec-required";

/** One act in a case: what it asks for, and why it was refused. */
export function CaseActForm({ found, verb, fields, close }: { found: Case; verb: string; fields: FieldSpec[]; close: () => void }) {
  const { t } = useTranslation(["common", "cases"]);
  const words = useCaseWords();
  const [values, setValues] = useState<Values>({});
  const [tried, setTried] = useState(false);
  // What is empty is said here, all of it at once; everything else is for the server to check.
  const write = useWrite(() => caseAct(found, { ...values, kind: found.kind, verb } as unknown as CaseAct), close);
  const problems = useSpecProblems(found.kind, fields, values, tried, write.error);
  const send = () => {
    setTried(true);
    if (missingFields(found.kind, fields, values).length === 0) write.mutate(undefined);
  };
  return (
    <Modal open title={words.verb(found.kind, verb)} okText={words.verb(found.kind, verb)} cancelText={t("cancel")} okButtonProps={{ loading: write.isPending }} onOk={send} onCancel={close} mask={{ closable: false }} width={640}>
      <div className="stack">
        {fields.length === 0 ? <p>{t("cases:act_plain")}</p> : null}
        <SpecFields kind={found.kind} fields={fields} values={values} set={setValues} problems={problems} />
        {write.error ? <ProblemAlert error={write.error} fieldName={(path) => words.path(found.kind, path)} /> : null}
      </div>
    </Modal>
  );
}
