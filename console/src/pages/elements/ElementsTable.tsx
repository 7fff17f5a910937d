import { WarningOutlined } from "@ant-design/icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { DataElement, Role, Session } from "../../api/types";
import { useSession } from "../../components/RequireSession";
import { day } from "../../i18n/format";
import { paths } from "../../paths";
import { DataTable } from "../../ui/DataTable";
import { Mark } from "../../ui/Mark";

const OF_A_PARTY: Role[] = ["data_officer", "developer", "office_head", "department_head"];
const OF_ALL: Role[] = ["authority_officer", "auditor", "inspector"];

/**
 * Whether this person can open the case of an element, so that nobody is led to a page that is not there for them.
 * Mirrors `cases.read_by_parties`, `cases.read_by_authority` and `cases.read_by_auditors` in crates/policy/policies/cases.cedar.
 */
function mayReadCase({ person }: Session, element: DataElement): boolean {
  const isOne = (roles: Role[]) => person.roles.some((role) => roles.includes(role));
  return isOne(OF_ALL) || (isOne(OF_A_PARTY) && element.collectors.some(({ id }) => id === person.organisation.id));
}

/** The number of the case about an element, as a link for whoever may open it. */
export function ElementCase({ element }: { element: DataElement }) {
  const session = useSession();
  const number = <code>{element.number}</code>;
  return mayReadCase(session, element) ? <Link to={paths.case(element.case)}>{number}</Link> : number;
}

/** The elements about which there is a designation: who collects them, who is the source, who does not cooperate. */
export function ElementsTable({ elements, entryNames }: { elements: DataElement[]; entryNames: Map<string, string> }) {
  const { t } = useTranslation("elements");
  return (
    <DataTable
      caption={t("elements")}
      rows={elements}
      rowKey={(row) => row.case}
      empty={t("no_elements")}
      columns={[
        {
          key: "element",
          title: t("element"),
          main: true,
          cell: (row) => (
            <span className="two-lines">
              {row.element}
              <span className="muted small element-definition">{row.definition}</span>
            </span>
          ),
        },
        { key: "collectors", title: t("collectors"), cell: (row) => <Names all={row.collectors} /> },
        { key: "source", title: t("source"), cell: (row) => <Source element={row} /> },
        { key: "not_cooperating", title: t("not_cooperating"), cell: (row) => <NotCooperating element={row} /> },
        { key: "carriers", title: t("carriers"), cell: (row) => <Carriers element={row} entryNames={entryNames} /> },
        { key: "case", title: t("case"), narrow: true, cell: (row) => <ElementCase element={row} /> },
      ]}
    />
  );
}

function Names({ all }: { all: DataElement["collectors"] }) {
  return (
    <ul className="plain-list">
      {all.map((each) => (
        <li key={each.id}>{each.name}</li>
      ))}
    </ul>
  );
}

function Source({ element: { source, designated_at } }: { element: DataElement }) {
  const { t } = useTranslation("elements");
  if (!source) return <span className="muted">{t("no_source")}</span>;
  return (
    <span className="two-lines">
      <b>{source.name}</b>
      <span className="muted small nowrap">{t("since", { date: day(designated_at) })}</span>
    </span>
  );
}

function NotCooperating({ element: { not_cooperating: all } }: { element: DataElement }) {
  const { t } = useTranslation("elements");
  if (all.length === 0) return <span className="muted">—</span>;
  return (
    <span className="two-lines">
      {all.map((each) => (
        <Mark key={each.id} tone="bad" icon={<WarningOutlined />}>
          {each.name}
        </Mark>
      ))}
      <span className="muted small">{t("cooperate_hint")}</span>
    </span>
  );
}

/** The interface gives the ids of entries alone; names are known of what is collected by several still. */
function Carriers({ element: { carriers }, entryNames }: { element: DataElement; entryNames: Map<string, string> }) {
  return (
    <ul className="plain-list">
      {carriers.map(({ entry, item }) => (
        <li key={`${entry} ${item}`}>
          <span className="two-lines">
            <Link to={paths.entry(entry)}>{entryNames.get(entry) ?? <code>{item}</code>}</Link>
            {entryNames.has(entry) ? <code className="muted small">{item}</code> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}
