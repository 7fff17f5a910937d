import {
  AimOutlined, ApartmentOutlined, AppstoreOutlined, AuditOutlined, BarChartOutlined, CalendarOutlined, DatabaseOutlined, DeploymentUnitOutlined,
  DesktopOutlined, FieldTimeOutlined, FileSearchOutlined, FormOutlined, GatewayOutlined, InboxOutlined, KeyOutlined, NotificationOutlined, ProfileOutlined, SolutionOutlined, TeamOutlined,
} from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { inboxGet } from "../api/calls";
import type { Action, Session } from "../api/types";
import { paths } from "../paths";

type Place =
  | "workbench" | "inbox" | "cases" | "calendar" | "catalogue" | "announcements" | "elements" | "own_entries" | "sources" | "gateways" | "requests" | "grants" | "systems"
  | "scorecards" | "record" | "leaks" | "people" | "organisations" | "rules";

interface Entry {
  place: Place;
  to: string;
  icon: ReactNode;
  needs?: Action;
  end?: boolean;
}
interface Group {
  title: "work" | "use" | "provide" | "oversee" | "admin";
  entries: Entry[];
}

const GROUPS: Group[] = [
  {
    title: "work",
    entries: [
      { place: "workbench", to: paths.workbench, icon: <AppstoreOutlined aria-hidden="true" />, end: true },
      { place: "inbox", to: paths.inbox, icon: <InboxOutlined aria-hidden="true" /> },
      { place: "cases", to: paths.cases, icon: <SolutionOutlined aria-hidden="true" /> },
      { place: "calendar", to: paths.calendar, icon: <CalendarOutlined aria-hidden="true" />, needs: "calendar_read" },
    ],
  },
  {
    title: "use",
    entries: [
      { place: "catalogue", to: paths.catalogue, icon: <FileSearchOutlined aria-hidden="true" />, end: true },
      { place: "announcements", to: paths.announcements, icon: <NotificationOutlined aria-hidden="true" /> },
      { place: "elements", to: paths.elements, icon: <DeploymentUnitOutlined aria-hidden="true" />, needs: "data_element_read" },
      { place: "requests", to: paths.requests, icon: <FormOutlined aria-hidden="true" /> },
      { place: "grants", to: paths.grants, icon: <KeyOutlined aria-hidden="true" /> },
      { place: "systems", to: paths.systems, icon: <DesktopOutlined aria-hidden="true" />, needs: "system_create" },
    ],
  },
  {
    title: "provide",
    entries: [
      { place: "own_entries", to: paths.ownEntries, icon: <ProfileOutlined aria-hidden="true" /> },
      { place: "sources", to: paths.sources, icon: <DatabaseOutlined aria-hidden="true" />, needs: "source_create" },
      { place: "gateways", to: paths.gateways, icon: <GatewayOutlined aria-hidden="true" />, needs: "gateway_create" },
    ],
  },
  {
    title: "oversee",
    entries: [
      { place: "scorecards", to: paths.scorecards(), icon: <BarChartOutlined aria-hidden="true" />, needs: "scorecard_read" },
      { place: "record", to: paths.record, icon: <AuditOutlined aria-hidden="true" />, needs: "journal_read" },
      { place: "leaks", to: paths.leaks, icon: <AimOutlined aria-hidden="true" />, needs: "leak_trace_read" },
      { place: "rules", to: paths.rules, icon: <FieldTimeOutlined aria-hidden="true" />, needs: "calendar_read" },
    ],
  },
  {
    title: "admin",
    entries: [
      { place: "people", to: paths.people, icon: <TeamOutlined aria-hidden="true" />, needs: "person_create" },
      { place: "organisations", to: paths.organisations, icon: <ApartmentOutlined aria-hidden="true" />, needs: "organisation_create" },
    ],
  },
];

/** The places of the console. What the server says this person cannot do is not offered. */
export function Nav({ session, go }: { session: Session; go?: () => void }) {
  const { t } = useTranslation();
  const inbox = useQuery({ queryKey: ["inbox", "todo"], queryFn: () => inboxGet("todo"), staleTime: 15_000 });
  const groups = GROUPS.map((group) => ({
    ...group,
    entries: group.entries.filter((entry) => !entry.needs || session.can.includes(entry.needs)),
  })).filter((group) => group.entries.length > 0);
  return (
    <>
      {groups.map((group) => (
        <div key={group.title} className="nav-group">
          <p className="nav-title">{t(`nav.group.${group.title}`)}</p>
          <ul>
            {group.entries.map((entry) => (
              <li key={entry.place}>
                <NavLink to={entry.to} end={entry.end} className="nav-link" onClick={go}>
                  <span aria-hidden="true">{entry.icon}</span>
                  <span>{t(`nav.${entry.place}`)}</span>
                  {entry.place === "inbox" ? <Count value={inbox.data?.counts.todo ?? 0} /> : null}
                </NavLink>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Count({ value }: { value: number }) {
  const { t } = useTranslation();
  if (value === 0) return null;
  return (
    <span className="nav-count">
      <span aria-hidden="true">{value}</span>
      <span className="visually-hidden">{t("nav.todo_count", { count: value })}</span>
    </span>
  );
}
