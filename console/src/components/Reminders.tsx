import { BellOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { remindersGet, remindersRead } from "../api/calls";
import { useWrite } from "../api/query";
import type { Reminder } from "../api/types";
import { moment } from "../i18n/format";
import { useWords } from "../i18n/words";
import { paths } from "../paths";

const ASK_EVERY_MS = 60_000;

/** Where a reminder leads: to its case, as far as the console has a page for it. */
function place(reminder: Reminder): string {
  const pages: Record<string, (id: string) => string> = { request: paths.request, delivery: paths.request, case: paths.case, catalogue: paths.entry, catalogue_review: paths.entry };
  return pages[reminder.subject_kind]?.(reminder.subject) ?? paths.inbox;
}

/** The bell: what runs out, newest first. The number beside it is told in words too. */
export function Reminders() {
  const { t } = useTranslation("clocks");
  const words = useWords();
  const [open, setOpen] = useState(false);
  const list = useQuery({ queryKey: ["reminders"], queryFn: remindersGet, refetchInterval: ASK_EVERY_MS });
  const read = useWrite(remindersRead);
  const items = list.data?.items ?? [];
  const unread = list.data?.unread ?? 0;
  const fresh = items.filter((item) => !item.read).map((item) => item.id);
  const card = (
    <div className="person-card">
      <b>{t("reminders.title")}</b>
      {items.length === 0 ? <span className="muted">{t("reminders.empty")}</span> : null}
      <ul className="plain-list">
        {items.slice(0, 20).map((item) => (
          <li key={item.id}>
            <Link to={place(item)} onClick={() => setOpen(false)}>
              {item.read ? null : <span className="visually-hidden">{t("reminders.unread_one")}</span>}
              <b>{words("reminder_kind", item.kind)}</b> {item.number}
            </Link>
            <div className="muted">
              {t("reminders.due", { moment: moment(item.due) })}
              {item.step > 0 ? t("reminders.over", { count: item.step }) : null}
            </div>
          </li>
        ))}
      </ul>
      {fresh.length > 0 ? (
        <Button block loading={read.isPending} onClick={() => read.mutate(fresh)}>
          {t("reminders.read_all")}
        </Button>
      ) : null}
    </div>
  );
  return (
    <Popover content={card} trigger="click" placement="bottomRight" open={open} onOpenChange={setOpen}>
      <Button type="text" className="top-tool" aria-haspopup="dialog" aria-expanded={open} aria-label={t("reminders.bell", { count: unread })}>
        <BellOutlined aria-hidden="true" />
        {unread > 0 ? <span className="nav-count" aria-hidden="true">{unread}</span> : null}
      </Button>
    </Popover>
  );
}
