// The values of a case's matter, or of a step, in words. Which list a word belongs to is read from the description.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { caseGet, entryGet, grantGet, requestGet } from "../../api/calls";
import type { FieldSpec } from "../../api/form-schema";
import { useCaseWords } from "../../components/useCaseWords";
import { useSubjectItems } from "../../components/useSubjectItems";
import { useArticle } from "../../i18n/article";
import { day } from "../../i18n/format";
import { paths } from "../../paths";
import { Facts } from "../../ui/Facts";

interface CaseValuesProps {
  kind: string;
  fields: FieldSpec[];
  values: Record<string, unknown>;
  names: Record<string, string>;
  columns?: 1 | 2;
}

const PAGES: Record<string, (id: string) => string> = { grt: paths.grant, req: paths.request, cat: paths.entry, cas: paths.case };

export function CaseValues({ kind, fields, values, names, columns = 2 }: CaseValuesProps) {
  const words = useCaseWords();
  // A row that names an entry or a grant, and items of it: the items are told by their titles.
  const namesItems = fields.some((field) => field.list === "ItemName") && Object.keys(values).length > 0;
  const { options } = useSubjectItems(namesItems ? values.grant : undefined, namesItems ? values.entry : undefined);
  const all = options ? { ...names, ...Object.fromEntries(options.map((item) => [item.value, item.label])) } : names;
  const said = fields.filter((field) => !isEmpty(values[field.name]));
  if (said.length === 0) return null;
  return <Facts columns={columns} facts={said.map((field) => ({ term: words.field(kind, field.name), value: <Value kind={kind} field={field} value={values[field.name]} names={all} />, wide: field.type === "text" || field.type === "objects" }))} />;
}

const isEmpty = (value: unknown) => value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);

function Value({ kind, field, value, names }: { kind: string; field: FieldSpec; value: unknown; names: Record<string, string> }) {
  const { t } = useTranslation();
  const words = useCaseWords();
  const inWords = useArticle();
  switch (field.type) {
    case "flag":
      return value === true ? t("yes") : t("no");
    case "choice":
      return words.choice(field.list, String(value));
    case "date":
      return <span className="nowrap">{day(String(value))}</span>;
    case "id":
      return <Named prefix={field.idPrefix} id={String(value)} names={names} />;
    case "ids":
    case "numbers":
    case "texts":
      return (value as unknown[]).map((each) => names[String(each)] ?? (field.values.length > 0 ? words.choice(field.list, String(each)) : String(each))).join(t("joiner"));
    case "object":
      return <CaseValues kind={kind} fields={field.fields} values={value as Record<string, unknown>} names={names} columns={1} />;
    case "objects":
      return (
        <div className="stack">
          {(value as Record<string, unknown>[]).map((row) => (
            <CaseValues key={JSON.stringify(row)} kind={kind} fields={field.fields} values={row} names={names} columns={2} />
          ))}
        </div>
      );
    default:
      return <span className="long-text">{field.list === "ItemName" ? (names[String(value)] ?? String(value)) : field.list === "Article" ? inWords(String(value)) : String(value)}</span>;
  }
}

/** The thing that an id names, by its name: a link where the console has a page for it. */
function Named({ prefix, id, names }: { prefix: string; id: string; names: Record<string, string> }) {
  const { t } = useTranslation("cases");
  const words = useCaseWords();
  const isKnown = names[id] !== undefined;
  const entry = useQuery({ queryKey: ["entry", id], queryFn: () => entryGet(id), enabled: prefix === "cat" && !isKnown, retry: false });
  const grant = useQuery({ queryKey: ["grant", id], queryFn: () => grantGet(id), enabled: prefix === "grt" && !isKnown, retry: false });
  const other = useQuery({ queryKey: ["case", id], queryFn: () => caseGet(id), enabled: prefix === "cas" && !isKnown, retry: false });
  const request = useQuery({ queryKey: ["request", id], queryFn: () => requestGet(id), enabled: prefix === "req" && !isKnown, retry: false });
  const about = other.data ? `${words.kind(other.data.kind)} ${other.data.number}` : undefined;
  const name = names[id] ?? entry.data?.name ?? grant.data?.entry_name ?? about ?? request.data?.number;
  const page = PAGES[prefix];
  if (!page) return <>{name ?? id}</>;
  return <Link to={page(id)}>{name ?? t("see")}</Link>;
}
