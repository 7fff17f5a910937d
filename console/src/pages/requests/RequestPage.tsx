import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { entryGet, requestGet } from "../../api/calls";
import type { Entry, SharingRequest } from "../../api/types";
import { CasesPanel } from "../../components/CasesPanel";
import { Failed } from "../../components/Failed";
import { History } from "../../components/History";
import { Loading } from "../../components/Loading";
import { StateMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { PapersPanel } from "../../components/PapersPanel";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";
import { type Stage, Stages } from "../../ui/Stages";
import { ClockPanel, RequestActions } from "./RequestActions";
import { RequestContentView } from "./RequestContentView";
import { ReplyPanels } from "./ReplyPanels";
import { DeliveryPanel, ExtensionPanel } from "./TimePanels";

export function RequestPage() {
  const { id = "" } = useParams();
  const request = useQuery({ queryKey: ["request", id], queryFn: () => requestGet(id) });
  const entryId = request.data?.entry ?? "";
  const entry = useQuery({ queryKey: ["entry", entryId], queryFn: () => entryGet(entryId), enabled: entryId !== "" });
  if (request.isPending || (entryId !== "" && entry.isPending)) return <Loading />;
  if (request.isError) return <Failed error={request.error} />;
  return <RequestView request={request.data} entry={entry.data ?? null} />;
}

/** Left the stages, in the middle what is asked and answered, right the clock, the steps to take and the history. */
function RequestView({ request, entry }: { request: SharingRequest; entry: Entry | null }) {
  const { t } = useTranslation("requests");
  return (
    <>
      <PageHead
        title={request.entry_name}
        trail={[{ to: paths.requests, text: t("title") }]}
        marks={<StateMark list="request_state" state={request.state} />}
        lead={
          <>
            <code>{request.number}</code> · {request.requester.name} → {request.provider.name}
            {request.cart ? (
              <>
                {" · "}
                <Link to={paths.application(request.cart.id)}>{t("application.part_of", { number: request.cart.number })}</Link>
              </>
            ) : null}
          </>
        }
      />
      <div className="columns columns-request">
        <div className="request-stages">
          <Panel title={t("detail.stages")}>
            <RequestStages request={request} />
          </Panel>
        </div>
        <div className="request-side">
          <RequestActions request={request} entry={entry} />
          <DeliveryPanel request={request} />
          <ClockPanel request={request} />
          <ExtensionPanel request={request} />
          <CasesPanel about={{ request: request.id }} />
          <div className="request-history">
            <Panel title={t("detail.timeline")}>
              <History items={request.history} />
            </Panel>
          </div>
        </div>
        <div className="request-middle">
          <ReplyPanels request={request} entry={entry} />
          <RequestContentView request={request} entry={entry} />
          <PapersPanel subject={request.id} revision={request.revision} />
        </div>
      </div>
    </>
  );
}

const PLACE: Record<string, number> = { draft: 0, awaiting_consent: 1, received: 2, supplement_asked: 2, proposed: 3, agreed: 5, refused: 5, withdrawn: 5 };

function RequestStages({ request }: { request: SharingRequest }) {
  const { t } = useTranslation("requests");
  const place = PLACE[request.state] ?? 0;
  const ended = request.state === "refused" || request.state === "withdrawn";
  const last = request.state === "agreed" || ended ? t(`stage.${request.state as "agreed" | "refused" | "withdrawn"}`) : t("stage.done");
  const titles = [t("stage.draft"), t("stage.consent"), t("stage.review"), t("stage.head"), last];
  const notes = [request.requester.name, request.consent?.name, request.provider.name, request.decision?.by_name, null];
  const stages: Stage[] = titles.map((title, index) => ({
    title,
    note: notes[index] ?? undefined,
    at: index === titles.length - 1 && ended ? "stopped" : index < place ? "past" : index === place ? "present" : "future",
  }));
  return <Stages stages={stages} label={t("detail.stages")} />;
}
