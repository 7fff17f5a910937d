// The one place that talks to the server. Everything it can do, an SDK can do: there is no private route.
import { problemOf, ProblemError } from "./problem";

const PREFIX = "/api/v1";
const JSON_TYPE = "application/json";

interface Options {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  query?: Record<string, string | number | null | undefined>;
  body?: unknown;
  raw?: Blob;
  revision?: number;
  text?: boolean;
}

function urlOf(path: string, query: Options["query"]): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== "") search.set(name, String(value));
  }
  const tail = search.size > 0 ? `?${search}` : "";
  return `${PREFIX}${path}${tail}`;
}

function headersOf(options: Options): Headers {
  const language = document.documentElement.lang || "zh-CN";
  const headers = new Headers({ accept: options.text ? "text/plain, */*" : JSON_TYPE, "accept-language": language });
  if (options.body !== undefined) headers.set("content-type", JSON_TYPE);
  if (options.raw) headers.set("content-type", "application/octet-stream");
  if (options.revision !== undefined) headers.set("if-match", `"${options.revision}"`);
  return headers;
}

/** The body of an answer as JSON where it says so, else as text. */
async function bodyOf(answer: Response): Promise<unknown> {
  const kind = answer.headers.get("content-type") ?? "";
  const text = await answer.text();
  if (!kind.includes("json") || text === "") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Sends one request and returns the answer's body; a refusal becomes a ProblemError. */
export async function send<T>(path: string, options: Options = {}): Promise<T> {
  const answer = await fetch(urlOf(path, options.query), {
    method: options.method ?? "GET",
    headers: headersOf(options),
    body: options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
    credentials: "same-origin",
    cache: "no-store",
  });
  const body = await bodyOf(answer);
  if (!answer.ok) throw new ProblemError(problemOf(answer.status, body, answer.headers));
  return body as T;
}
