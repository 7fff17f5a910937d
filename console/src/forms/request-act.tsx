import { useTranslation } from "react-i18next";
import {
  requestAskSupplement, requestConsent, requestDecide, requestDecline, requestReturnProposal, requestSubmit, requestSupplement, requestWithdraw,
} from "../api/calls";
import type { SharingRequest } from "../api/types";
import { ActDialog } from "../components/ActDialog";
import { useWords } from "../i18n/words";

export type RequestVerb = "submit" | "consent" | "supplement" | "decide" | "ask_supplement" | "return_proposal" | "decline" | "withdraw";

interface Look {
  text: string;
  note?: { label: string; required: boolean };
  act: (said: string) => Promise<unknown>;
  danger?: boolean;
}

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

/** One step of a request, with the words that go with it. */
export function RequestAct({ request, verb, close }: { request: SharingRequest; verb: RequestVerb; close: () => void }) {
  const { t } = useTranslation("requests");
  const words = useWords();
  const reason = { label: t("act.reason"), required: true };
  const looks: Record<RequestVerb, Look> = {
    submit: { text: t("act.submit"), act: () => requestSubmit(request) },
    consent: { text: t("act.consent"), act: () => requestConsent(request) },
    supplement: { text: t("act.supplement"), note: { label: t("act.answers"), required: true }, act: (said) => requestSupplement(request, said) },
    decide: { text: request.proposal?.kind === "refuse" ? t("act.decide_refuse") : t("act.decide_agree"), act: () => requestDecide(request) },
    ask_supplement: { text: t("act.ask_supplement"), note: { label: t("act.missing"), required: true }, act: (said) => requestAskSupplement(request, lines(said)) },
    return_proposal: { text: t("act.return_proposal"), note: reason, act: (said) => requestReturnProposal(request, said) },
    decline: { text: t("act.decline"), note: reason, act: (said) => requestDecline(request, said), danger: true },
    withdraw: { text: t("act.withdraw"), note: reason, act: (said) => requestWithdraw(request, said), danger: true },
  };
  const look = looks[verb];
  return (
    <ActDialog
      title={`${words("verb", verb)} · ${request.number}`}
      text={look.text}
      note={look.note}
      confirm={words("verb", verb)}
      danger={look.danger}
      act={look.act}
      close={close}
    />
  );
}
