// A refusal as the server says it: a code with parameters and an article. Text in both languages is looked up here by
// code; a code that this console does not know is shown with the server's own title.
import i18n from "i18next";
import type { FieldProblem } from "./types";

export interface Problem {
  status: number;
  code: string;
  title?: string | null;
  title_zh?: string | null;
  title_en?: string | null;
  params?: Record<string, unknown> | null;
  ground?: { article: string; zh?: string | null } | null;
  request_id?: string | null;
  request_url?: string | null;
  problems?: FieldProblem[] | null;
  retry_after?: number | null;
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.code);
    this.name = "ProblemError";
    this.problem = problem;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** The problem in an answer's body, or one that says at least the status when the body is something else. */
export function problemOf(status: number, body: unknown, headers?: Headers): Problem {
  const retryAfter = Number(headers?.get("retry-after"));
  const retry_after = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null;
  const request_id = headers?.get("x-request-id") ?? null;
  if (isRecord(body) && typeof body.code === "string") {
    return { request_id, ...body, code: body.code, status, retry_after } as Problem;
  }
  return { status, code: `http_${status}`, request_id, retry_after };
}

/** What went wrong, as a problem: also when nothing answered at all. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { status: 0, code: "unreachable", title: null };
}

/** Parameters as words: lists joined the way the language joins them. */
function spoken(params: Record<string, unknown> | null | undefined): Record<string, string> {
  const joiner = i18n.language === "en" ? ", " : "、";
  return Object.fromEntries(
    Object.entries(params ?? {}).map(([key, value]) => [key, Array.isArray(value) ? value.join(joiner) : String(value)]),
  );
}

/** The text for a code in the language of the page, or nothing when the console does not know the code. */
export function knownText(code: string, params?: Record<string, unknown> | null): string | null {
  const key = `problems:code.${code}`;
  return i18n.exists(key) ? String(i18n.t(key as never, spoken(params) as never)) : null;
}

/** One sentence for a problem. */
export function problemText(problem: Problem): string {
  const known = knownText(problem.code, problem.params);
  if (known) return known;
  const own = i18n.language === "en" ? problem.title_en : problem.title_zh;
  return own ?? problem.title ?? String(i18n.t("problems:unknown", { status: problem.status, code: problem.code }));
}

/** One sentence for one entry of a list of problems; the code itself when nobody has words for it. */
export function fieldProblemText(problem: Pick<FieldProblem, "params"> & { code: string; title_zh?: string; title_en?: string }): string {
  const own = i18n.language === "en" ? problem.title_en : problem.title_zh;
  return knownText(problem.code, problem.params) ?? own ?? problem.code;
}
