import { CheckOutlined, CloseOutlined } from "@ant-design/icons";
import type { ReactNode } from "react";

export interface Stage {
  title: ReactNode;
  note?: ReactNode;
  at: "past" | "present" | "future" | "stopped";
}

/** The way a matter goes, with the place where it stands. */
export function Stages({ stages, label, flat = false }: { stages: Stage[]; label: string; flat?: boolean }) {
  return (
    <ol className={flat ? "stages flat" : "stages"} aria-label={label}>
      {stages.map((stage, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- the stages of one matter never change places
        <li key={index} className={`stage ${stage.at}`} aria-current={stage.at === "present" ? "step" : undefined}>
          <span className="stage-dot" aria-hidden="true">
            {stage.at === "past" ? <CheckOutlined aria-hidden="true" /> : stage.at === "stopped" ? <CloseOutlined aria-hidden="true" /> : index + 1}
          </span>
          <span className="stage-text">
            <span className="stage-title">{stage.title}</span>
            {stage.note ? <span className="stage-note">{stage.note}</span> : null}
          </span>
        </li>
      ))}
    </ol>
  );
}
