import { useTranslation } from "react-i18next";
import type { Clock, SharingRequest } from "../../api/types";
import { ClockRule, useDaysLeft } from "../../components/Marks";
import { SentBackNote } from "../../components/SentBackNote";
import { day, moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { Facts } from "../../ui/Facts";
import { lightLook, Mark } from "../../ui/Mark";
import { Panel } from "../../ui/Panel";

/** More time to reply: what was asked, what the authority said, when the requester was told. */
export function ExtensionPanel({ request }: { request: SharingRequest }) {
  const { t } = useTranslation("requests");
  const { extension } = request;
  if (!extension) return null;
  return (
    <Panel title={t("extension.title")}>
      <Facts
        columns={1}
        facts={[
          { term: t("extension.days"), value: t("extension.days_count", { count: extension.working_days }) },
          { term: t("extension.reason"), value: extension.reason },
          { term: t("extension.asked"), value: `${extension.asked_by_name} · ${moment(extension.asked_at)}` },
          { term: t("extension.original_due"), value: moment(extension.original_due) },
          ...(extension.extended_due ? [{ term: t("extension.extended_due"), value: <b>{moment(extension.extended_due)}</b> }] : []),
          ...(extension.granted ? [{ term: t("extension.granted"), value: `${extension.granted.name} · ${moment(extension.granted.at)}` }] : []),
          ...(extension.requester_notified_at ? [{ term: t("extension.notified"), value: moment(extension.requester_notified_at) }] : []),
        ]}
      />
      {!extension.granted && !extension.refused ? <p className="muted">{t("extension.awaited")}</p> : null}
      <SentBackNote title={t("extension.refused")} sent={extension.refused} />
    </Panel>
  );
}

/** The clock of delivery: 20 working days from the agreeing reply, stopped by the first usable delivery. */
export function DeliveryPanel({ request }: { request: SharingRequest }) {
  const { t } = useTranslation("requests");
  const { delivery } = request;
  if (!delivery) return null;
  const settled = delivery.settled ? t(`delivery.settled_${delivery.settled}`) : null;
  return (
    <Panel title={t("delivery.title")}>
      <DeliveryClock clock={delivery.clock} />
      <Facts
        columns={1}
        facts={[
          { term: t("delivery.first"), value: delivery.first_at ? moment(delivery.first_at) : t("delivery.none_yet") },
          ...(settled ? [{ term: t("delivery.settled"), value: `${settled} · ${moment(delivery.stopped_at)}` }] : []),
        ]}
      />
      {settled ? null : <p className="muted small">{t("delivery.silence", { count: delivery.objection_working_days })}</p>}
      <SentBackNote title={t("delivery.objection")} sent={delivery.objection} />
    </Panel>
  );
}

/** Light, days left and due moment of a delivery; the grant's page shows the same. */
export function DeliveryClock({ clock }: { clock: Clock }) {
  const { t } = useTranslation(["requests", "common"]);
  const words = useWords();
  const daysLeft = useDaysLeft();
  const look = lightLook(clock.light);
  return (
    <>
      <p className="clock-big">
        <Mark tone={look.tone} icon={look.icon} strong>
          {words("light", clock.light)}
        </Mark>
        <span className="clock-days">{daysLeft(clock)}</span>
      </p>
      <Facts columns={1} facts={[{ term: t("delivery.started"), value: day(clock.started) }, { term: t("common:clock.due"), value: moment(clock.due) }]} />
      <div className="muted small">
        <ClockRule clock={clock} />
      </div>
    </>
  );
}
