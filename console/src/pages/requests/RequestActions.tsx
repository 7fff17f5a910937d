import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Entry, SharingRequest } from "../../api/types";
import { ClockRule, useDaysLeft } from "../../components/Marks";
import { RequestAct, type RequestVerb } from "../../forms/request-act";
import { RequestPropose } from "../../forms/request-propose";
import { day, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { lightLook, Mark } from "../../ui/Mark";
import { Panel } from "../../ui/Panel";

const FORWARD: RequestVerb[] = ["submit", "consent", "supplement", "decide", "grant_extension", "confirm_delivery"];
const OTHER: RequestVerb[] = ["ask_supplement", "return_proposal", "decline", "withdraw", "ask_extension", "refuse_extension", "report_undelivered"];
const DANGER: RequestVerb[] = ["decline", "withdraw", "refuse_extension", "report_undelivered"];

/** The steps that the server allows this person now; nothing else is offered. */
export function RequestActions({ request, entry }: { request: SharingRequest; entry: Entry | null }) {
  const { t } = useTranslation(["requests", "common"]);
  const words = useWords();
  const [verb, setVerb] = useState<RequestVerb | "propose" | null>(null);
  const { allowed } = request;
  const close = () => setVerb(null);
  const mayEdit = allowed.includes("edit");
  const offered = [...FORWARD, ...OTHER].filter((each) => allowed.includes(each));
  if (offered.length === 0 && !mayEdit && !allowed.includes("propose")) {
    return (
      <Panel title={t("detail.actions")}>
        <p className="muted">{t("common:no_action")}</p>
      </Panel>
    );
  }
  return (
    <Panel title={t("detail.actions")} tone="accent">
      <div className="act-buttons">
        {allowed.includes("propose") ? (
          <Button type="primary" size="large" block onClick={() => setVerb("propose")}>
            {words("verb", "propose")}
          </Button>
        ) : null}
        {offered.map((each) => (
          <Button key={each} block size={FORWARD.includes(each) ? "large" : "middle"} type={FORWARD.includes(each) ? "primary" : "default"} danger={DANGER.includes(each)} onClick={() => setVerb(each)}>
            {words("verb", each)}
          </Button>
        ))}
        {mayEdit ? (
          <Link className="button-link" to={paths.requestEdit(request.id)}>
            {t("common:edit")}
          </Link>
        ) : null}
      </div>
      {verb === "propose" ? <RequestPropose request={request} entry={entry} close={close} /> : null}
      {verb !== null && verb !== "propose" ? <RequestAct request={request} verb={verb} close={close} /> : null}
    </Panel>
  );
}

/** The legal clock as the server computed it. */
export function ClockPanel({ request }: { request: SharingRequest }) {
  const { t } = useTranslation("common");
  const words = useWords();
  const daysLeft = useDaysLeft();
  const { clock } = request;
  if (!clock) {
    return (
      <Panel title={t("clock.title")}>
        <p className="muted">{t("clock.not_started")}</p>
      </Panel>
    );
  }
  const look = lightLook(clock.light);
  return (
    <Panel title={t("clock.title")}>
      <p className="clock-big">
        <Mark tone={look.tone} icon={look.icon} strong>
          {words("light", clock.light)}
        </Mark>
        <span className="clock-days">{daysLeft(clock)}</span>
      </p>
      <Facts
        columns={1}
        facts={[
          { term: t("clock.started"), value: day(clock.started) },
          { term: t("clock.due"), value: moment(clock.due) },
          ...(clock.waiting_on_requester_days ? [{ term: t("clock.waiting"), value: t("clock.waiting_days", { count: clock.waiting_on_requester_days }) }] : []),
          ...(clock.calendar ? [{ term: t("clock.calendar"), value: <code>{clock.calendar}</code> }] : []),
        ]}
      />
      <div className="muted small">
        <ClockRule clock={clock} />
      </div>
    </Panel>
  );
}
