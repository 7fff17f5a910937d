// The periods that can be chosen: `2026-11`, `2026-Q4`, `2026`, the newest first.
export const KINDS = ["month", "quarter", "year"] as const;
export type PeriodKind = (typeof KINDS)[number];

/** How many are offered. */
const OFFERED: Record<PeriodKind, number> = { month: 24, quarter: 12, year: 5 };
const FORM = /^(\d{4})(?:-(?:Q([1-4])|(\d{2})))?$/;
const MONTHS = 12;
const QUARTERS = 4;

export interface PeriodParts {
  kind: PeriodKind;
  year: number;
  part: string;
}

/** What a period says; null for a text that is none. */
export function partsOf(period: string): PeriodParts | null {
  const found = FORM.exec(period);
  if (!found) return null;
  const [, year = "", quarter, month] = found;
  if (quarter) return { kind: "quarter", year: Number(year), part: quarter };
  return month ? { kind: "month", year: Number(year), part: month } : { kind: "year", year: Number(year), part: "" };
}

/** The periods of a kind up to the one that a day (`2026-11-23`) lies in. */
export function periodsUpTo(kind: PeriodKind, today: string): string[] {
  const year = Number(today.slice(0, 4));
  const month = Number(today.slice(5, 7)) - 1;
  const steps = Array.from({ length: OFFERED[kind] }, (_, step) => step);
  if (kind === "year") return steps.map((step) => String(year - step));
  const each = kind === "month" ? MONTHS : QUARTERS;
  const now = kind === "month" ? month : Math.floor((month * QUARTERS) / MONTHS);
  return steps.map((step) => {
    const at = year * each + now - step;
    const part = (at % each) + 1;
    const shown = kind === "month" ? String(part).padStart(2, "0") : `Q${part}`;
    return `${Math.floor(at / each)}-${shown}`;
  });
}

/** Whether a circular can be made of a period: a quarter or a year that is over on a day (`2026-11-23`). */
export function isEvaluated(period: string, today: string): boolean {
  const kind = partsOf(period)?.kind;
  if (!kind || kind === "month") return false;
  const [current = ""] = periodsUpTo(kind, today);
  return period < current;
}
