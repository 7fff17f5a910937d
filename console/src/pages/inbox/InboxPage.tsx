import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useSearchParams } from "react-router";
import { inboxGet } from "../../api/calls";
import type { InboxItem, InboxTab } from "../../api/types";
import { InboxTable, inboxPath } from "../../components/InboxTable";
import { PageHead } from "../../components/PageHead";
import { ProblemAlert } from "../../components/ProblemAlert";
import { paths } from "../../paths";
import { Panel } from "../../ui/Panel";

const NONE: InboxItem[] = [];
const TABS: InboxTab[] = ["todo", "doing", "done", "started", "overdue"];

export function InboxPage() {
  const { t } = useTranslation(["inbox", "common"]);
  const [search] = useSearchParams();
  const tab = TABS.find((each) => each === search.get("tab")) ?? "todo";
  const inbox = useQuery({ queryKey: ["inbox", tab], queryFn: () => inboxGet(tab) });
  const items = inbox.data?.items ?? NONE;
  const counts = inbox.data?.counts;
  const current = useRowKeys(items, tab);
  return (
    <>
      <PageHead title={t("title")} lead={<span className="wide-only">{t("keys")}</span>} />
      <nav aria-label={t("title")} className="tabs">
        {TABS.map((each) => (
          <Link key={each} to={paths.inboxTab(each)} replace className="tab" aria-current={each === tab ? "page" : undefined}>
            {t(`tabs.${each}`)}
            {counts ? <span className="tab-count">{counts[each]}</span> : null}
          </Link>
        ))}
      </nav>
      <Panel flush>
        {inbox.error ? <ProblemAlert error={inbox.error} /> : <InboxTable items={items} empty={inbox.isPending ? t("common:loading") : t("empty")} current={current} />}
      </Panel>
    </>
  );
}

const TYPING = ["INPUT", "TEXTAREA", "SELECT"];

/** j and k move through the rows, Enter opens the one that is marked. Keys typed into a field are left alone. */
function useRowKeys(items: InboxItem[], tab: string): number {
  const [marked, setMarked] = useState({ tab, row: -1 });
  const current = marked.tab === tab ? Math.min(marked.row, items.length - 1) : -1;
  const navigate = useNavigate();
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      if (event.ctrlKey || event.metaKey || event.altKey || (target && TYPING.includes(target.tagName))) return;
      if (event.key === "j") setMarked({ tab, row: Math.min(current + 1, items.length - 1) });
      if (event.key === "k") setMarked({ tab, row: Math.max(current - 1, 0) });
      const item = items[current];
      const free = target === null || target === document.body || target.id === "content";
      if (event.key === "Enter" && item && free) void navigate(inboxPath(item));
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [items, current, navigate, tab]);
  useEffect(() => {
    document.querySelector(`[data-row="${current}"]`)?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return current;
}
