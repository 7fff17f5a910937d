// The one place that talks to the server. Everything it can do, an SDK can do: there is no private route.
import createClient from "openapi-fetch";
import { problemOf, ProblemError } from "./problem";
import type { paths } from "./schema";

export const client = createClient<paths>({
  baseUrl: window.location.origin,
  cache: "no-store",
  // Looked up at each call, so that a test can put its own in place.
  fetch: (request) => globalThis.fetch(request),
});

client.use({
  onRequest({ request }) {
    request.headers.set("accept-language", document.documentElement.lang || "zh-CN");
    // A form of another site cannot send this type: the server asks for it on every write, also on one without a body.
    if (request.method !== "GET" && !request.headers.has("content-type")) request.headers.set("content-type", "application/json");
    return request;
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; a refusal becomes a ProblemError. */
export async function got<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw new ProblemError(problemOf(response.status, error, response.headers));
  return data as T;
}
