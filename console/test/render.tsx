import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { vi } from "vitest";

/** Draws something below what every page stands below, at an address. */
export function draw(what: ReactNode, at = "/") {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <QueryClientProvider client={client}>
      <MemoryRouter initialEntries={[at]}>{what}</MemoryRouter>
    </QueryClientProvider>,
  );
}

/** Answers by path (with its query), each with a status and a JSON body; what was sent is kept. */
export function answer(answers: Record<string, { status?: number; body: unknown }>) {
  const sent: { url: string; headers: Headers; request: Request | null }[] = [];
  vi.stubGlobal("fetch", (input: string | Request, init?: RequestInit) => {
    const url = typeof input === "string" ? input : input.url;
    const path = url.replace(/^https?:\/\/[^/]+/, "");
    sent.push({ url: path, headers: input instanceof Request ? input.headers : new Headers(init?.headers), request: input instanceof Request ? input.clone() : null });
    const found = answers[path] ?? answers[path.split("?")[0] ?? ""];
    if (!found) return Promise.reject(new Error(`not stubbed: ${path}`));
    const type = (found.status ?? 200) < 400 ? "application/json" : "application/problem+json";
    return Promise.resolve(new Response(JSON.stringify(found.body), { status: found.status ?? 200, headers: { "content-type": type } }));
  });
  return sent;
}
