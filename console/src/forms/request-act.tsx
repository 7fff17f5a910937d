import { Alert } from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  requestAskExtension, requestAskSupplement, requestConfirmDelivery, requestConsent, requestDecide, requestDecline, requestGrantExtension,
  requestRefuseExtension, requestReportUndelivered, requestReturnProposal, requestSubmit, requestSupplement, requestWithdraw,
} from "../api/calls";
import type { SharingRequest } from "../api/types";
import { ActDialog } from "../components/ActDialog";
import { useWords } from "../i18n/words";
import { DateField, NumberField } from "./fields";

export type RequestVerb = "submit" | "consent" | "supplement" | "decide" | "ask_supplement" | "return_proposal" | "decline" | "withdraw" | ExtensionVerb | DeliveryVerb;
type ExtensionVerb = "ask_extension" | "grant_extension" | "refuse_extension";
type DeliveryVerb = "confirm_delivery" | "report_undelivered";

/** The most days that the law adds to the term. */
const EXTENSION_DAYS_MAX = 10;

interface Look {
  text: ReactNode;
  note?: { label: string; required: boolean };
  act: (said: string) => Promise<unknown>;
  danger?: boolean;
}

const lines = (text: string) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");

/** What the office head's consent brings about; a condition of one's own making is told before it. */
function DecideText({ request }: { request: SharingRequest }) {
  const { t } = useTranslation("requests");
  const own = request.proposal?.self_made_conditions ?? [];
  return (
    <>
      <p>{request.proposal?.kind === "refuse" ? t("act.decide_refuse") : t("act.decide_agree")}</p>
      {own.length > 0 ? <Alert type="warning" showIcon title={t("detail.self_made", { conditions: own.join("；") })} /> : null}
    </>
  );
}

/** One step of a request, with the words that go with it. */
export function RequestAct({ request, verb, close }: { request: SharingRequest; verb: RequestVerb; close: () => void }) {
  const { t } = useTranslation("requests");
  const words = useWords();
  const reason = { label: t("act.reason"), required: true };
  const [days, setDays] = useState<number | null>(EXTENSION_DAYS_MAX);
  const [answerBy, setAnswerBy] = useState<string | null>(null);
  const looks: Record<RequestVerb, Look> = {
    submit: { text: t("act.submit"), act: () => requestSubmit(request) },
    consent: { text: t("act.consent"), act: () => requestConsent(request) },
    supplement: { text: t("act.supplement"), note: { label: t("act.answers"), required: true }, act: (said) => requestSupplement(request, said) },
    decide: { text: <DecideText request={request} />, act: () => requestDecide(request) },
    ask_supplement: {
      text: (
        <>
          <p>{t("act.ask_supplement")}</p>
          <DateField label={t("act.answer_by")} hint={t("act.answer_by_hint")} value={answerBy} onChange={setAnswerBy} />
        </>
      ),
      note: { label: t("act.missing"), required: true },
      act: (said) => requestAskSupplement(request, lines(said), answerBy),
    },
    ask_extension: {
      text: (
        <>
          <p>{t("act.ask_extension")}</p>
          <NumberField label={t("act.extension_days")} required max={EXTENSION_DAYS_MAX} value={days} onChange={setDays} />
        </>
      ),
      note: { label: t("act.special_reason"), required: true },
      act: (said) => requestAskExtension(request, days ?? 0, said),
    },
    grant_extension: { text: t("act.grant_extension", { days: request.extension?.working_days ?? 0 }), act: () => requestGrantExtension(request) },
    refuse_extension: { text: t("act.refuse_extension"), note: reason, act: (said) => requestRefuseExtension(request, said), danger: true },
    confirm_delivery: { text: t("act.confirm_delivery"), act: () => requestConfirmDelivery(request) },
    report_undelivered: { text: t("act.report_undelivered"), note: reason, act: (said) => requestReportUndelivered(request, said), danger: true },
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
