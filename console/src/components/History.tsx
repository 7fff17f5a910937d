import { useTranslation } from "react-i18next";
import type { HistoryItem } from "../api/types";
import { moment } from "../i18n/format";
import { useWords } from "../i18n/words";

/** What happened, newest first. */
export function History({ items }: { items: HistoryItem[] }) {
  const { t } = useTranslation();
  const words = useWords();
  if (items.length === 0) return <p className="muted">{t("nothing_yet")}</p>;
  // Events of one moment keep the order in which they happened, turned round like the rest.
  const newestFirst = items.toReversed().toSorted((a, b) => b.at.localeCompare(a.at));
  return (
    <ol className="history">
      {newestFirst.map((item) => (
        <li key={`${item.at}-${item.event}`}>
          <p className="history-event">{words("event", item.event)}</p>
          <p className="history-who">
            <time dateTime={item.at}>{moment(item.at)}</time>
            {item.person_name ? <span>{item.person_name}</span> : null}
            {item.organisation_name ? <span>{item.organisation_name}</span> : null}
          </p>
          {item.note ? <p className="history-note">{item.note}</p> : null}
        </li>
      ))}
    </ol>
  );
}
