import { Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { entryAskExtension, entryDecideExtension, entryRecordChange } from "../api/calls";
import { useWrite } from "../api/query";
import type { ChangeKind, Entry } from "../api/types";
import { ActDialog } from "../components/ActDialog";
import { ProblemAlert } from "../components/ProblemAlert";
import { useWords } from "../i18n/words";
import { ChoiceField, DateField, TextField } from "./fields";

const KINDS = ["law_changed", "state_council_decision", "duty_changed"] as const;

/** Records what the entry must follow; the term counts from the day it happened (Art. 17). */
export function ChangeRecord({ entry, close }: { entry: Entry; close: () => void }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const [kind, setKind] = useState<ChangeKind>("law_changed");
  const [title, setTitle] = useState("");
  const [occurred, setOccurred] = useState<string | null>(null);
  const write = useWrite(() => entryRecordChange(entry, { kind, title, occurred: occurred ?? "" }), close);
  return (
    <Modal
      open
      title={words("verb", "record_change")}
      okText={t("change.record")}
      cancelText={t("common:cancel")}
      okButtonProps={{ loading: write.isPending, disabled: !occurred || title.trim() === "" }}
      onOk={() => write.mutate(undefined)}
      onCancel={close}
      mask={{ closable: false }}
    >
      <ChoiceField list="change_kind" values={KINDS} label={t("change.kind")} required value={kind} onChange={(next) => setKind(next ?? "law_changed")} />
      <TextField label={t("change.name")} required value={title} onChange={setTitle} />
      <DateField label={t("change.occurred")} required value={occurred} onChange={setOccurred} />
      {write.error ? <ProblemAlert error={write.error} /> : null}
    </Modal>
  );
}

export type ExtensionStep = "ask" | "consent" | "refuse";

/** Asks for more time, or decides on it as the authority. */
export function ExtensionAct({ entry, change, step, close }: { entry: Entry; change: number; step: ExtensionStep; close: () => void }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const ask = step === "ask";
  return (
    <ActDialog
      title={words("verb", ask ? "ask_extension" : "decide_extension")}
      text={ask ? t("change.ask_text") : undefined}
      note={{ label: ask ? t("change.reason") : t("change.opinion"), required: step !== "consent" }}
      confirm={ask ? words("verb", "ask_extension") : t(`change.${step}`)}
      danger={step === "refuse"}
      act={(said) => (ask ? entryAskExtension(entry, change, said) : entryDecideExtension(entry, change, step === "consent", said))}
      close={close}
    />
  );
}
