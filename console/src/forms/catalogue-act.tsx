import { useTranslation } from "react-i18next";
import { entryApprove, entryDiscard, entryProposeRetirement, entryPublish, entryRetire, entryReturn, entrySubmit, entryUpdate } from "../api/calls";
import type { Entry } from "../api/types";
import { ActDialog } from "../components/ActDialog";
import { useWords } from "../i18n/words";

export type CatalogueVerb = "submit" | "approve" | "publish" | "return" | "update" | "discard" | "propose_retirement" | "retire";

/** Steps that take something away. */
export const DANGEROUS: readonly CatalogueVerb[] = ["return", "discard", "propose_retirement", "retire"];

interface Look {
  text: string;
  note?: { label: string; required: boolean };
  act: (said: string) => Promise<unknown>;
}

/** One step of a catalogue entry, with the words that go with it. */
export function CatalogueAct({ entry, verb, close }: { entry: Entry; verb: CatalogueVerb; close: () => void }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const looks: Record<CatalogueVerb, Look> = {
    submit: { text: t("act.submit_text"), act: () => entrySubmit(entry) },
    approve: { text: t("act.approve_text"), act: () => entryApprove(entry) },
    publish: { text: t("act.publish_text"), act: () => entryPublish(entry) },
    update: { text: t("act.update_text"), act: () => entryUpdate(entry) },
    discard: { text: t("act.discard_text"), act: () => entryDiscard(entry) },
    propose_retirement: { text: t("act.propose_retirement_text"), note: { label: t("act.reason"), required: true }, act: (reason) => entryProposeRetirement(entry, reason) },
    retire: { text: t("act.retire_text"), act: () => entryRetire(entry) },
    return: { text: t("act.return_text"), note: { label: t("act.reason"), required: true }, act: (reason) => entryReturn(entry, reason) },
  };
  const look = looks[verb];
  return (
    <ActDialog
      title={`${words("verb", verb)} · ${entry.name}`}
      text={look.text}
      note={look.note}
      confirm={words("verb", verb)}
      danger={DANGEROUS.includes(verb)}
      act={look.act}
      close={close}
    />
  );
}
