import { type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";

export interface Tab {
  key: string;
  label: string;
  content: ReactNode;
}

/** Tabs after the pattern of the ARIA guide: arrow keys move, Home and End jump, one tab is in the order of focus. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const id = useId();
  const [chosen, setChosen] = useState(tabs[0]?.key ?? "");
  const list = useRef<HTMLDivElement>(null);
  const at = tabs.findIndex((tab) => tab.key === chosen);
  const move = (event: KeyboardEvent) => {
    const places: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 };
    const place = places[event.key];
    if (place === undefined) return;
    event.preventDefault();
    const next = (place + tabs.length) % tabs.length;
    setChosen(tabs[next]?.key ?? chosen);
    list.current?.querySelectorAll("button")[next]?.focus();
  };
  return (
    <>
      <div role="tablist" aria-label={label} className="tabs in-panel" ref={list} onKeyDown={move}>
        {tabs.map((tab) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`${id}-${tab.key}`}
            className="tab"
            aria-selected={tab.key === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={tab.key === chosen ? 0 : -1}
            onClick={() => setChosen(tab.key)}
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {tabs[at]?.content}
      </div>
    </>
  );
}
