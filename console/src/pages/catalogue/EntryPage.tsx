import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { entryGet } from "../../api/calls";
import type { Entry } from "../../api/types";
import { CartButton, CartLink } from "../../components/CartButton";
import { Failed } from "../../components/Failed";
import { History } from "../../components/History";
import { Loading } from "../../components/Loading";
import { GradeMark, StateMark } from "../../components/Marks";
import { PageHead } from "../../components/PageHead";
import { PapersPanel } from "../../components/PapersPanel";
import { useSession } from "../../components/RequireSession";
import { SentBackNote } from "../../components/SentBackNote";
import { CatalogueAct, type CatalogueVerb, DANGEROUS } from "../../forms/catalogue-act";
import { useArticle } from "../../i18n/article";
import { moment } from "../../i18n/format";
import { useWords } from "../../i18n/words";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";
import { Panel } from "../../ui/Panel";
import { Tabs } from "../../ui/Tabs";
import { ChangesPanel, VersionsTab, WorkPanel } from "./EntryFollows";
import { BasisTab, ItemsTab } from "./EntryParts";

export function EntryPage() {
  const { id = "" } = useParams();
  const entry = useQuery({ queryKey: ["entry", id], queryFn: () => entryGet(id) });
  if (entry.isPending) return <Loading />;
  if (entry.isError) return <Failed error={entry.error} />;
  return <EntryView entry={entry.data} />;
}

function EntryView({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const { person } = useSession();
  // The papers of an entry are for its department and for the authority. Who only looks for data does not ask for them:
  // being told no is recorded, and looking at a page is nothing that should stand there as a denial.
  const mayHavePapers = person.roles.some((role) => (entry.access === "own" ? ["data_officer", "office_head", "department_head"] : ["authority_officer"]).includes(role));
  const tabs = [
    { key: "items", label: `${t("tabs.items")} (${entry.items.length})`, content: <ItemsTab entry={entry} /> },
    { key: "conditions", label: t("tabs.conditions"), content: <BasisTab entry={entry} /> },
    ...(entry.version ? [{ key: "versions", label: t("tabs.versions"), content: <VersionsTab id={entry.id} /> }] : []),
    { key: "history", label: t("tabs.history"), content: <History items={entry.history} /> },
  ];
  return (
    <>
      <PageHead
        title={entry.name || entry.id}
        lead={entry.summary}
        trail={[entry.access === "own" ? { to: paths.ownEntries, text: t("own.title") } : { to: paths.catalogue, text: t("search.title") }]}
        marks={
          <>
            <StateMark list="entry_state" state={entry.state} />
            {entry.published_at ? <StateMark list="access" state={entry.access} /> : null}
          </>
        }
      />
      <SentBackNote title={t("act.returned")} sent={entry.work?.returned ?? entry.returned} />
      <div className="columns columns-main">
        <div>
          <WorkPanel entry={entry} />
          <ChangesPanel entry={entry} />
          <Panel>
            <Facts
              facts={[
                { term: t("provider"), value: entry.provider.name },
                { term: t("number"), value: entry.catalogue_number ? <code>{entry.catalogue_number}</code> : null },
                { term: t("code"), value: entry.code ? <code>{entry.code}</code> : null },
                { term: t("own.version"), value: entry.version ? t("versions.version", { version: entry.version }) : null },
                { term: t("announcements.number"), value: entry.announcement ? <code>{entry.announcement}</code> : null },
                { term: t("attribute"), value: words("sharing_attribute", entry.sharing_attribute) },
                { term: t("grade"), value: <GradeMark grade={entry.classification.grade} /> },
                { term: t("format"), value: words("data_format", entry.data_format) },
                { term: t("frequency"), value: words("update_frequency", entry.update_frequency) },
                { term: t("methods"), value: entry.methods.map((method) => words("method", method)).join(" · ") },
                { term: t("category"), value: entry.classification.category },
                ...(entry.subjects_min ? [{ term: t("threshold"), value: t("threshold_text", { subjects: entry.subjects_min }) }] : []),
                { term: t("head"), value: entry.head_approval ? `${entry.head_approval.name} · ${moment(entry.head_approval.at)}` : null },
                { term: t("published_at"), value: moment(entry.published_at) },
              ]}
            />
          </Panel>
          <Panel>
            <Tabs tabs={tabs} label={entry.name} />
          </Panel>
          {mayHavePapers ? <PapersPanel subject={entry.id} revision={entry.revision} /> : null}
        </div>
        <aside className="side-column" aria-label={t("use.title")}>
          {entry.published_at && entry.access !== "own" ? <UsePanel entry={entry} /> : null}
          <ActPanel entry={entry} />
          {entry.statutory && entry.sharing_attribute !== "not_shared" ? <TimePanel entry={entry} /> : null}
        </aside>
      </div>
    </>
  );
}

/** Whether this department can use the data, and the one button that leads there. */
function UsePanel({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const texts = { granted: t("use.granted"), direct: t("use.direct"), apply: t("use.apply_text"), not_shared: t("use.not_shared"), own: t("use.own") };
  const mayAsk = entry.may_request;
  return (
    <Panel title={t("use.title")} tone="accent">
      <p>{texts[entry.access]}</p>
      {entry.access === "granted" ? (
        <Link className="button-link" to={paths.grants}>
          {t("use.grants")}
        </Link>
      ) : null}
      {mayAsk ? (
        <Link className="button-link primary big" to={paths.requestNew(entry.id)}>
          {entry.access === "granted" ? t("use.again") : t("use.apply")}
        </Link>
      ) : entry.access === "apply" || entry.access === "direct" ? (
        <>
          <Button type="primary" block size="large" disabled aria-describedby="use-reason">
            {t("use.apply")}
          </Button>
          <p id="use-reason" className="muted small">
            {t("use.not_allowed")}
          </p>
        </>
      ) : null}
      {mayAsk ? (
        <div className="gap">
          <CartButton entry={entry.id} block />
          <CartLink />
        </div>
      ) : null}
    </Panel>
  );
}

const VERBS: CatalogueVerb[] = ["submit", "approve", "publish", "retire", "return", "update", "discard", "propose_retirement"];

function ActPanel({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const words = useWords();
  const [verb, setVerb] = useState<CatalogueVerb | null>(null);
  const offered = VERBS.filter((each) => entry.allowed.includes(each));
  const mayEdit = entry.allowed.includes("edit");
  if (offered.length === 0 && !mayEdit) return null;
  return (
    <Panel title={t("act.title")} tone="accent">
      <div className="act-buttons">
        {mayEdit ? (
          <Link className="button-link" to={paths.entryEdit(entry.id)}>
            {t("common:edit")}
          </Link>
        ) : null}
        {offered.map((each) => (
          <Button key={each} size="large" block type={DANGEROUS.includes(each) ? "default" : "primary"} danger={DANGEROUS.includes(each)} onClick={() => setVerb(each)}>
            {words("verb", each)}
          </Button>
        ))}
      </div>
      {verb ? <CatalogueAct entry={entry} verb={verb} close={() => setVerb(null)} /> : null}
    </Panel>
  );
}

/** Where the law gives the time for delivery; the number of days is the server's. */
const DELIVERY_ARTICLE = "22(1)";

function TimePanel({ entry }: { entry: Entry }) {
  const { t } = useTranslation(["catalogue", "common"]);
  const inWords = useArticle();
  if (!entry.statutory) return null;
  const { reply_working_days, delivery_working_days, article } = entry.statutory;
  return (
    <Panel title={t("time.title")}>
      <ul className="plain-list">
        <li>{t("time.reply", { count: reply_working_days })}</li>
        <li>{t("time.delivery", { count: delivery_working_days })}</li>
      </ul>
      <p className="muted small">{t("common:article", { article: [article, DELIVERY_ARTICLE].map(inWords).join(t("common:joiner")) })}</p>
    </Panel>
  );
}
