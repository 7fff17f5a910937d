import { type ReactNode, useId } from "react";

interface PanelProps {
  title?: ReactNode;
  extra?: ReactNode;
  children: ReactNode;
  flush?: boolean;
  tone?: "plain" | "accent";
}

/** A titled part of a page. `flush` lets a table reach the edges. */
export function Panel({ title, extra, children, flush = false, tone = "plain" }: PanelProps) {
  const id = useId();
  return (
    <section className={`panel panel-${tone}`} aria-labelledby={title ? id : undefined}>
      {title ? (
        <div className="panel-head">
          <h2 id={id}>{title}</h2>
          {extra ? <div className="panel-extra">{extra}</div> : null}
        </div>
      ) : null}
      <div className={flush ? "panel-body flush" : "panel-body"}>{children}</div>
    </section>
  );
}
