import {
  CheckCircleOutlined, ClockCircleOutlined, CloseCircleOutlined, EditOutlined, ExclamationCircleOutlined, EyeInvisibleOutlined,
  FieldTimeOutlined, KeyOutlined, LockOutlined, MinusCircleOutlined, PauseCircleOutlined, SendOutlined, SolutionOutlined,
  StopOutlined, WarningOutlined,
} from "@ant-design/icons";
import type { ReactNode } from "react";

export type Tone = "good" | "soon" | "today" | "bad" | "calm" | "info";

interface MarkProps {
  tone: Tone;
  icon: ReactNode;
  children: ReactNode;
  strong?: boolean;
}

/** A state: an icon, a word and a colour, so that the colour never stands alone. */
export function Mark({ tone, icon, children, strong = false }: MarkProps) {
  return (
    <span className={`mark mark-${tone}${strong ? " mark-strong" : ""}`}>
      <span aria-hidden="true" className="mark-icon">
        {icon}
      </span>
      <span>{children}</span>
    </span>
  );
}

const LIGHTS: Record<string, { tone: Tone; icon: ReactNode }> = {
  green: { tone: "good", icon: <CheckCircleOutlined /> },
  yellow: { tone: "soon", icon: <ClockCircleOutlined /> },
  orange: { tone: "today", icon: <ExclamationCircleOutlined /> },
  red: { tone: "bad", icon: <WarningOutlined /> },
  grey: { tone: "calm", icon: <PauseCircleOutlined /> },
};
export const lightLook = (light: string) => LIGHTS[light] ?? { tone: "calm" as Tone, icon: <PauseCircleOutlined /> };

const STATES: Record<string, { tone: Tone; icon: ReactNode }> = {
  draft: { tone: "calm", icon: <EditOutlined /> },
  returned: { tone: "soon", icon: <EditOutlined /> },
  awaiting_head: { tone: "info", icon: <SolutionOutlined /> },
  awaiting_consent: { tone: "info", icon: <SolutionOutlined /> },
  filed: { tone: "info", icon: <SendOutlined /> },
  published: { tone: "good", icon: <CheckCircleOutlined /> },
  received: { tone: "info", icon: <ClockCircleOutlined /> },
  supplement_asked: { tone: "soon", icon: <ExclamationCircleOutlined /> },
  proposed: { tone: "info", icon: <SolutionOutlined /> },
  agreed: { tone: "good", icon: <CheckCircleOutlined /> },
  refused: { tone: "bad", icon: <CloseCircleOutlined /> },
  withdrawn: { tone: "calm", icon: <MinusCircleOutlined /> },
  active: { tone: "good", icon: <CheckCircleOutlined /> },
  not_started: { tone: "info", icon: <FieldTimeOutlined /> },
  expired: { tone: "calm", icon: <FieldTimeOutlined /> },
  revoked: { tone: "bad", icon: <StopOutlined /> },
  suspended: { tone: "soon", icon: <PauseCircleOutlined /> },
  inactive: { tone: "calm", icon: <StopOutlined /> },
  locked: { tone: "soon", icon: <LockOutlined /> },
  invited: { tone: "info", icon: <SendOutlined /> },
  done: { tone: "good", icon: <CheckCircleOutlined /> },
  delivered: { tone: "good", icon: <CheckCircleOutlined /> },
  denied: { tone: "bad", icon: <StopOutlined /> },
  granted: { tone: "good", icon: <KeyOutlined /> },
  direct: { tone: "good", icon: <CheckCircleOutlined /> },
  apply: { tone: "info", icon: <SendOutlined /> },
  not_shared: { tone: "calm", icon: <LockOutlined /> },
  own: { tone: "calm", icon: <SolutionOutlined /> },
  masked: { tone: "soon", icon: <EyeInvisibleOutlined /> },
};
export const stateLook = (state: string) => STATES[state] ?? { tone: "calm" as Tone, icon: <MinusCircleOutlined /> };

const GRADES: Record<string, Tone> = { l1: "calm", l2: "calm", l3: "soon", l4: "today", important: "bad", core: "bad" };
export const gradeTone = (grade: string): Tone => GRADES[grade] ?? "calm";
