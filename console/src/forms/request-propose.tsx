import { PlusOutlined } from "@ant-design/icons";
import { Alert, Button, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { requestPropose } from "../api/calls";
import { useWrite } from "../api/query";
import type { ConditionKey, Decision, Entry, Narrowing, RefusalReason, SharingRequest } from "../api/types";
import { ProblemAlert } from "../components/ProblemAlert";
import { useWords } from "../i18n/words";
import { Field, FieldGroup } from "../ui/Field";
import { ChoiceField, TextField } from "./fields";
import { NarrowingFields, NO_NARROWING } from "./request-narrow";
import { isUnfinished } from "./row-condition";

const REASONS = ["condition_not_met", "not_lawful", "not_necessary", "beyond_scope", "safeguards_insufficient", "supplement_not_given"] as const;
const TEXT_MAX = 2000;
const firstReason: RefusalReason = { code: "condition_not_met", text: "" };

interface ProposeProps {
  request: SharingRequest;
  entry: Entry | null;
  close: () => void;
}

/** The reply that the provider's officer puts before his office head: agree, perhaps narrowed, or refuse with reasons. */
export function RequestPropose({ request, entry, close }: ProposeProps) {
  const { t } = useTranslation(["requests", "common"]);
  const [kind, setKind] = useState<Decision["kind"]>("agree");
  const [narrowing, setNarrowing] = useState<Narrowing>(NO_NARROWING);
  const [opinion, setOpinion] = useState("");
  const [reasons, setReasons] = useState<RefusalReason[]>([firstReason]);
  const decision: Decision = kind === "agree" ? { kind, narrowing, opinion: opinion.trim() || null } : { kind, reasons };
  const propose = useWrite(() => requestPropose(request, decision), close);
  const [tried, setTried] = useState(false);
  const put = () => {
    setTried(true);
    if (kind === "agree" && (narrowing.rows ?? []).some(isUnfinished)) return;
    propose.mutate(undefined);
  };
  return (
    <Modal open width={720} title={`${t("propose.title")} · ${request.number}`} okText={t("propose.submit")} cancelText={t("common:cancel")} okButtonProps={{ loading: propose.isPending }} onOk={put} onCancel={close} mask={{ closable: false }}>
      <div className="stack">
        <fieldset className="field">
          <legend className="field-label">{t("propose.kind")}</legend>
          <Radio.Group
            value={kind}
            onChange={(event) => setKind(event.target.value as Decision["kind"])}
            options={[{ value: "agree", label: t("propose.agree") }, { value: "refuse", label: t("propose.refuse") }]}
          />
        </fieldset>
        {kind === "agree" ? (
          <>
            <NarrowingFields request={request} entry={entry} value={narrowing} checked={tried} change={(patch) => setNarrowing((before) => ({ ...before, ...patch }))} />
            <TextField label={t("propose.opinion")} wide rows={2} maxLength={TEXT_MAX} value={opinion} onChange={setOpinion} />
          </>
        ) : (
          <ReasonFields reasons={reasons} change={setReasons} published={request.published_conditions} />
        )}
        {propose.error ? <ProblemAlert error={propose.error} /> : null}
      </div>
    </Modal>
  );
}

function ReasonFields({ reasons, change, published }: { reasons: RefusalReason[]; change: (reasons: RefusalReason[]) => void; published: ConditionKey[] }) {
  const { t } = useTranslation(["requests", "common"]);
  const words = useWords();
  const isPublished = (condition: string | null | undefined) => published.some((key) => key === condition);
  const set = (index: number, patch: Partial<RefusalReason>) => change(reasons.map((reason, at) => (at === index ? { ...reason, ...patch } : reason)));
  return (
    <>
      <Alert type="info" showIcon title={t("propose.basis_note")} />
      {reasons.map((reason, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- reasons are only appended
        <FieldGroup key={index} title={t("propose.reason_n", { n: index + 1 })}>
          <ChoiceField label={t("propose.reason")} required list="refusal" values={REASONS} value={reason.code} onChange={(code) => set(index, { code })} />
          <Field label={t("propose.condition")} hint={published.length === 0 ? t("propose.no_conditions") : undefined}>
            {(control) => (
              <Select<string>
                {...control}
                allowClear
                className="full"
                value={isPublished(reason.condition) ? (reason.condition ?? undefined) : undefined}
                onChange={(condition?: string) => set(index, { condition: condition ?? null })}
                options={published.map((key) => ({ value: key, label: words("condition", key) }))}
              />
            )}
          </Field>
          {reason.code === "condition_not_met" && !isPublished(reason.condition) ? <Alert type="warning" showIcon className="wide" title={t("propose.self_made")} /> : null}
          <TextField label={t("propose.text")} required wide rows={2} maxLength={TEXT_MAX} value={reason.text} onChange={(text) => set(index, { text })} />
        </FieldGroup>
      ))}
      <div>
        <Button icon={<PlusOutlined aria-hidden="true" />} onClick={() => change([...reasons, firstReason])}>
          {t("propose.add_reason")}
        </Button>
      </div>
    </>
  );
}
