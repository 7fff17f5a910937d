import { useTranslation } from "react-i18next";
import { entryVerb } from "../api/calls";
import type { Entry } from "../api/types";
import { ActDialog } from "../components/ActDialog";
import { useWords } from "../i18n/words";

export type CatalogueVerb = "submit" | "approve" | "publish" | "return";

/** One step of a catalogue entry, with the words that go with it. */
export function CatalogueAct({ entry, verb, close }: { entry: Entry; verb: CatalogueVerb; close: () => void }) {
  const { t } = useTranslation("catalogue");
  const words = useWords();
  const looks = {
    submit: { text: t("act.submit_text"), note: undefined, body: () => ({}) },
    approve: { text: t("act.approve_text"), note: { label: t("act.opinion"), required: false }, body: (said: string) => (said ? { opinion: said } : {}) },
    publish: { text: t("act.publish_text"), note: { label: t("act.announcement"), required: false }, body: (said: string) => (said ? { announcement: said } : {}) },
    return: { text: t("act.return_text"), note: { label: t("act.reason"), required: true }, body: (said: string) => ({ reason: said }) },
  };
  const look = looks[verb];
  return (
    <ActDialog
      title={`${words("verb", verb)} · ${entry.name}`}
      text={look.text}
      note={look.note}
      confirm={words("verb", verb)}
      danger={verb === "return"}
      act={(said) => entryVerb(entry, verb, look.body(said))}
      close={close}
    />
  );
}
