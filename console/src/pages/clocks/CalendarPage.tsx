import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { calendarGet } from "../../api/calls";
import type { CalendarYear } from "../../api/types";
import { Failed } from "../../components/Failed";
import { PageHead } from "../../components/PageHead";
import { useSession } from "../../components/RequireSession";
import { NoticeAddForm } from "../../forms/calendar-notice";
import { TextField } from "../../forms/fields";
import { Panel } from "../../ui/Panel";
import { DeadlinePanel } from "./DeadlinePanel";

const MONTHS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const WEEK = [0, 1, 2, 3, 4, 5, 6];
const REGION = /^(\d{2}|\d{4}|\d{6})$/;

/** The working days of a year with the numbers of the notices that arrange them, and the calculator of deadlines. */
export function CalendarPage() {
  const { t } = useTranslation("clocks");
  const { can, node } = useSession();
  const [year, setYear] = useState(dayjs().year());
  const [region, setRegion] = useState("");
  const [adding, setAdding] = useState(false);
  const asked = REGION.test(region) ? region : undefined;
  const calendar = useQuery({ queryKey: ["calendar", year, asked], queryFn: () => calendarGet({ year, region: asked }) });
  const actions = can.includes("calendar_notice_add") ? <Button onClick={() => setAdding(true)}>{t("notice.add")}</Button> : undefined;
  return (
    <>
      <PageHead title={t("calendar.title")} lead={t("calendar.lead")} actions={actions} />
      <Panel
        title={t("calendar.year", { year })}
        extra={
          <>
            <Button onClick={() => setYear(year - 1)}>{year - 1}</Button> <Button onClick={() => setYear(year + 1)}>{year + 1}</Button>
          </>
        }
      >
        <TextField label={t("calendar.region")} hint={t("calendar.region_hint", { code: node.region_code })} maxLength={6} value={region} onChange={setRegion} />
        <div className="stack calendar">
        {calendar.error ? <Failed error={calendar.error} /> : null}
        {calendar.data ? <Year calendar={calendar.data} /> : null}
        </div>
      </Panel>
      <DeadlinePanel />
      {adding ? <NoticeAddForm close={() => setAdding(false)} /> : null}
    </>
  );
}

function Year({ calendar }: { calendar: CalendarYear }) {
  const { t } = useTranslation("clocks");
  const arranged = new Map(calendar.days.map((day) => [day.date, day.works]));
  return (
    <>
      {calendar.announced ? null : <p role="status">{t("calendar.provisional")}</p>}
      <ul className="plain-list">
        {[...calendar.notices, ...calendar.regional_notices].map((notice) => (
          <li key={notice.number}>{notice.url ? <a href={notice.url}>{notice.number}</a> : notice.number}</li>
        ))}
      </ul>
      <p className="muted">
        {t("calendar.version")} <code>{calendar.version}</code>
      </p>
      <div className="year-grid">
        {MONTHS.map((month) => (
          <Month key={month} year={calendar.year} month={month} arranged={arranged} working={calendar.working_days_by_month[month] ?? 0} />
        ))}
      </div>
    </>
  );
}

/** One month from Monday to Sunday. Rest and worked weekends are told by a word, not by colour alone. */
function Month({ year, month, arranged, working }: { year: number; month: number; arranged: Map<string, boolean>; working: number }) {
  const { t, i18n } = useTranslation("clocks");
  const name = new Intl.DateTimeFormat(i18n.language, { month: "long" }).format(new Date(year, month, 1));
  const first = dayjs(new Date(year, month, 1));
  const lead = (first.day() + 6) % 7;
  const weeks = Math.ceil((lead + first.daysInMonth()) / 7);
  const cell = (week: number, weekday: number) => {
    const number = week * 7 + weekday - lead + 1;
    if (number < 1 || number > first.daysInMonth()) return <td key={weekday}>{"\u00a0"}</td>;
    const works = arranged.get(first.date(number).format("YYYY-MM-DD"));
    const mark = works === undefined ? "" : works ? t("calendar.work_mark") : t("calendar.rest_mark");
    const look = works === undefined ? (weekday > 4 ? "day-weekend" : "") : works ? "day-work" : "day-rest";
    return (
      <td key={weekday} className={look}>
        {number}
        {mark ? <span className="day-mark"> {mark}</span> : null}
      </td>
    );
  };
  return (
    <table className="month">
      <caption>{t("calendar.month", { month: name, count: working })}</caption>
      <thead>
        <tr>
          {WEEK.map((weekday) => (
            <th key={weekday} scope="col">
              {t(`calendar.weekday.${String(weekday) as "0"}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {Array.from({ length: weeks }, (_, week) => (
          <tr key={week}>{WEEK.map((weekday) => cell(week, weekday))}</tr>
        ))}
      </tbody>
    </table>
  );
}
