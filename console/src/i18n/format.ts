// How moments, dates and numbers are written. Legal days are days of Asia/Shanghai, whatever the reader's machine says.

const SHANGHAI = "Asia/Shanghai";
const parts = new Intl.DateTimeFormat("sv-SE", {
  timeZone: SHANGHAI, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** `2026-11-23 09:30`, Beijing time. */
export function moment(text: string | null | undefined): string {
  if (!text) return "—";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : parts.format(at).slice(0, 16);
}

/** `2026-11-23 09:30:15`, Beijing time. */
export function exactMoment(text: string | null | undefined): string {
  if (!text) return "—";
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? text : parts.format(at);
}

/** `2026-11-23`: the day in Beijing, or the date as it stands. */
export function day(text: string | null | undefined): string {
  if (!text) return "—";
  return text.includes("T") ? moment(text).slice(0, 10) : text;
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "—" : value.toLocaleString("en-US");
}

const STEP = 1024;
export function bytes(size: number): string {
  const units = ["B", "KB", "MB", "GB"];
  let left = size;
  let unit = 0;
  while (left >= STEP && unit < units.length - 1) {
    left /= STEP;
    unit += 1;
  }
  return `${unit === 0 ? left : left.toFixed(1)} ${units[unit]}`;
}

/** A probability by its decimal logarithm, never said smaller than it is: `0.013`, `≤ 10^-40`. */
export function probability(log10: number): string {
  return log10 > -3 ? (10 ** log10).toFixed(3) : `≤ 10^${Math.ceil(log10)}`;
}
