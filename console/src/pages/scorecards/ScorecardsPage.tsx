import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { organisationsList, scorecardDepartments, scorecardGet } from "../../api/calls";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { PageHead } from "../../components/PageHead";
import { useSession } from "../../components/RequireSession";
import { moment } from "../../i18n/format";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";
import { CircularPanel } from "./CircularPanel";
import { DepartmentsTable } from "./DepartmentsTable";
import { partsOf, periodsUpTo } from "./period";
import { PeriodPicker, today, usePeriodName } from "./PeriodPicker";
import { RecomputePanel } from "./RecomputePanel";
import { ScoreCases } from "./ScoreCases";
import { ScoreTable } from "./ScoreTable";

/** Scorecards: of one's own department, or for those who supervise, of every department of the region. */
export function ScorecardsPage() {
  const { t } = useTranslation("scorecards");
  const { can, person } = useSession();
  const [search, setSearch] = useSearchParams();
  // Who may check the numbers sees all of them; everybody else sees the own department's.
  const oversees = can.includes("scorecard_recomputed_read");
  const asked = search.get("period") ?? "";
  const period = partsOf(asked) ? asked : (periodsUpTo("quarter", today())[0] ?? "");
  const unit = oversees ? (search.get("unit") ?? undefined) : person.organisation.id;
  const to = (next: { period?: string; indicator?: string }) =>
    setSearch(new URLSearchParams(Object.entries({ period, unit: oversees ? (unit ?? "") : "", ...next }).filter(([, value]) => value !== "")), { replace: true });
  const trail = oversees && unit ? [{ to: paths.scorecards(period), text: t("to_departments") }] : [];
  return (
    <>
      <PageHead title={t("title")} lead={t("lead")} trail={trail} />
      <PeriodPicker period={period} choose={(next) => to({ period: next })} />
      {oversees && !unit ? <Departments period={period} /> : null}
      <One key={`${period} ${unit ?? ""}`} period={period} unit={unit} own={!oversees} indicator={search.get("indicator") ?? ""} choose={(indicator) => to({ indicator })} />
      {oversees && !unit ? <CircularPanel period={period} /> : null}
      {oversees ? <RecomputePanel key={`${period} ${unit ?? ""} again`} period={period} unit={unit} /> : null}
    </>
  );
}

function Departments({ period }: { period: string }) {
  const { t } = useTranslation("scorecards");
  const name = usePeriodName();
  const table = useQuery({ queryKey: ["scorecard-departments", period], queryFn: () => scorecardDepartments({ period }) });
  if (table.error) return <Failed error={table.error} />;
  return (
    <Panel title={`${t("departments")} · ${name(period)}`} flush>
      {table.data ? <DepartmentsTable table={table.data} /> : <Loading />}
    </Panel>
  );
}

interface OneProps {
  period: string;
  unit: string | undefined;
  own: boolean;
  indicator: string;
  choose: (indicator: string) => void;
}

function One({ period, unit, own, indicator, choose }: OneProps) {
  const { t } = useTranslation("scorecards");
  const name = usePeriodName();
  const card = useQuery({ queryKey: ["scorecard", period, unit], queryFn: () => scorecardGet({ period, unit }) });
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: organisationsList, enabled: !own && unit !== undefined });
  if (card.error) return <Failed error={card.error} />;
  const called = organisations.data?.items.find((each) => each.id === unit)?.name ?? "";
  const whose = own ? t("own") : unit ? t("one", { name: called }) : t("all_departments");
  const title = `${whose} · ${name(period)}`;
  const chosen = card.data?.scores.find((score) => score.code === indicator);
  return (
    <>
      {chosen ? <ScoreCases score={chosen} close={() => choose("")} /> : null}
      <Panel title={title} flush>
        {card.data ? <ScoreTable caption={title} scores={card.data.scores} choose={choose} /> : <Loading />}
      </Panel>
      {card.data ? <p className="muted score-note">{t("as_of", { moment: moment(card.data.at), calendar: card.data.calendar })}</p> : null}
    </>
  );
}
