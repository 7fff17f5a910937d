import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { caseGet, organisationsList, peopleList } from "../../api/calls";
import { actFields, type Description, describe, openingFields } from "../../api/form-schema";
import type { Case } from "../../api/types";
import { CasesPanel } from "../../components/CasesPanel";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { ClockMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { PapersPanel } from "../../components/PapersPanel";
import { useCaseWords } from "../../components/useCaseWords";
import { useSubjectItems } from "../../components/useSubjectItems";
import { day, moment } from "../../i18n/format";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { Mark, stateLook } from "../../ui/Mark";
import { Panel } from "../../ui/Panel";
import { CaseActForm } from "./CaseActForm";
import { CaseValues } from "./CaseValues";

export function CasePage() {
  const { id = "" } = useParams();
  const found = useQuery({ queryKey: ["case", id], queryFn: () => caseGet(id) });
  if (found.isPending) return <Loading />;
  if (found.isError) return <Failed error={found.error} />;
  return <CaseView found={found.data} />;
}

/** What the case is about, what was done in it and by whom; beside it the clock, the parties and the steps to take. */
function CaseView({ found }: { found: Case }) {
  const { t } = useTranslation(["cases", "common"]);
  const words = useCaseWords();
  const [acting, setActing] = useState<string | null>(null);
  const all = useQuery({ queryKey: ["openapi"], queryFn: describe, staleTime: Number.POSITIVE_INFINITY });
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: organisationsList });
  // Only an engagement names people, and only its own department sees who they are.
  const people = useQuery({ queryKey: ["people"], queryFn: peopleList, enabled: found.kind === "engagement", retry: false });
  const subject = useSubjectItems(found.about.grant, found.about.entry);
  const names = Object.fromEntries([
    ...[...(organisations.data?.items ?? []), ...(people.data?.items ?? [])].map((each) => [each.id, each.name]),
    ...(subject.options ?? []).map((item) => [item.value, item.label]),
    ...[found.about.grant, found.about.entry].filter((id) => id && subject.name).map((id) => [id, subject.name]),
  ]) as Record<string, string>;
  const matter: Record<string, unknown> = { ...found.matter };
  const look = stateLook(found.settled ? "done" : "received");
  const state = words.state(found.kind, found.state);
  return (
    <>
      <PageHead
        title={found.title || words.kind(found.kind)}
        trail={[{ to: paths.cases, text: t("title") }]}
        marks={<Mark tone={look.tone} icon={look.icon}>{state}</Mark>}
        lead={
          <>
            {words.kind(found.kind)} · <code>{found.number}</code>
          </>
        }
        actions={found.allowed.map((verb, at) => (
          <Button key={verb} type={at === 0 ? "primary" : "default"} disabled={!all.data} onClick={() => setActing(verb)}>
            {words.verb(found.kind, verb)}
          </Button>
        ))}
      />
      <Panel tone="accent">
        <p>
          <b>{t("next_title")}</b> · {words.next(found.kind, found.state)}
        </p>
      </Panel>
      <div className="columns columns-main">
        <div>
          <Panel title={t("matter")}>{all.data ? <CaseValues kind={found.kind} fields={openingFields(found.kind, all.data)} values={matter} names={names} /> : null}</Panel>
          <Steps found={found} all={all.data} names={names} />
          <PapersPanel subject={found.id} revision={found.revision} />
        </div>
        <div className="side-column">
          <Panel title={t("clock")}>{found.clock ? <ClockMark clock={found.clock} /> : <p className="muted">{found.kept_until ? t("kept_until", { day: day(found.kept_until) }) : t("no_clock")}</p>}</Panel>
          <Parties found={found} />
          <CasesPanel about={{ case: found.id }} />
        </div>
      </div>
      {acting && all.data ? <CaseActForm found={found} verb={acting} fields={actFields(found.kind, acting, all.data)} close={() => setActing(null)} /> : null}
    </>
  );
}

/** What was done in the case, the newest first, down to its opening. */
function Steps({ found, all, names }: { found: Case; all: Description | undefined; names: Record<string, string> }) {
  const { t } = useTranslation(["cases", "common"]);
  const words = useCaseWords();
  return (
    <Panel title={t("steps")}>
        <ol className="history">
          {found.steps.toReversed().map((step, index) => (
            <li key={`${step.by.at}-${step.act.verb}`}>
              <p className="history-event">
                {found.steps.length - index}. {words.verb(found.kind, step.act.verb)}
              </p>
              <p className="history-who">
                <time dateTime={step.by.at}>{moment(step.by.at)}</time>
                <span>{step.by.name}</span>
                <span>{step.organisation}</span>
              </p>
              {all ? <CaseValues kind={found.kind} fields={actFields(found.kind, step.act.verb, all)} values={{ ...step.act }} names={names} /> : null}
            </li>
          ))}
          <li>
            <p className="history-event">{t("opened")}</p>
            <p className="history-who">
              <time dateTime={found.opened.at}>{moment(found.opened.at)}</time>
              <span>{found.opened.name}</span>
              <span>{found.opener.name}</span>
            </p>
          </li>
        </ol>
      </Panel>
  );
}

function Parties({ found }: { found: Case }) {
  const { t } = useTranslation(["cases", "common"]);
  const { about } = found;
  const links = [
    { id: about.entry, to: paths.entry, text: t("about.entry") },
    { id: about.request, to: paths.request, text: t("about.request") },
    { id: about.grant, to: paths.grant, text: t("about.grant") },
    { id: about.case, to: paths.case, text: t("about.case") },
  ].filter((link) => link.id);
  return (
    <Panel title={t("parties")}>
      <Facts
        columns={1}
        facts={[
          { term: t("opener"), value: found.opener.name },
          { term: t("respondent"), value: found.respondent?.name },
          { term: t("authority"), value: found.authority?.name },
          { term: t("concerned"), value: found.concerned.map((each) => each.name).join(t("common:joiner")) },
          { term: t("about_title"), value: links.length > 0 ? [<span key="links" className="row">{links.map((link) => <Link key={link.text} to={link.to(link.id ?? "")}>{link.text}</Link>)}</span>] : [] },
        ].filter(({ value }) => value && value.length > 0)}
      />
    </Panel>
  );
}
