import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Dropdown } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { casesList } from "../api/calls";
import { caseKinds, describe, openingFields } from "../api/form-schema";
import { paths } from "../paths";
import { Panel } from "../ui/Panel";
import { ClockMark } from "./Marks";
import { useSession } from "./RequireSession";
import { useCaseWords } from "./useCaseWords";

/** What a case is about: one of these. */
export interface Subject {
  grant?: string;
  request?: string;
  entry?: string;
  case?: string;
}

/** The kinds that this person may open, about this thing when one is named. */
function useOpenable(about?: Subject): string[] {
  const { can } = useSession();
  const all = useQuery({ queryKey: ["openapi"], queryFn: describe, staleTime: Number.POSITIVE_INFINITY });
  if (!all.data) return [];
  const { data } = all;
  const subject = about ? Object.keys(about)[0] : undefined;
  const fits = (kind: string) => {
    const ids = openingFields(kind, data).filter((field) => ["grant", "request", "entry", "case"].includes(field.name));
    return subject === undefined || ids.some((field) => field.name === subject);
  };
  return caseKinds(data).filter((kind) => (can as readonly string[]).includes(`${kind}_open`) && fits(kind));
}

/** A menu of the cases that can be opened here; nothing when there is none. */
export function CaseOpenMenu({ about }: { about?: Subject }) {
  const { t } = useTranslation("cases");
  const words = useCaseWords();
  const navigate = useNavigate();
  const kinds = useOpenable(about);
  if (kinds.length === 0) return null;
  return (
    <Dropdown trigger={["click"]} menu={{ items: kinds.map((kind) => ({ key: kind, label: words.kind(kind) })), onClick: ({ key }) => void navigate(paths.caseNew(key, about)) }}>
      <Button icon={<PlusOutlined aria-hidden="true" />}>{t("open_menu")}</Button>
    </Dropdown>
  );
}

/** The cases about a thing, and which can be opened about it. */
export function CasesPanel({ about }: { about: Subject }) {
  const { t } = useTranslation("cases");
  const words = useCaseWords();
  const list = useQuery({ queryKey: ["cases-about", about], queryFn: () => casesList({ ...about, all: true, limit: 20 }) });
  const openable = useOpenable(about);
  const items = list.data?.items ?? [];
  if (items.length === 0 && openable.length === 0) return null;
  return (
    <Panel title={t("title")} extra={<CaseOpenMenu about={about} />}>
      {items.length === 0 ? <p className="muted">{t("none_about")}</p> : null}
      <ul className="plain-list">
        {items.map((each) => (
          <li key={each.id}>
            <Link to={paths.case(each.id)}>{words.kind(each.kind)}</Link> <code>{each.number}</code> · {words.state(each.kind, each.state)} {each.clock ? <ClockMark clock={each.clock} /> : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
