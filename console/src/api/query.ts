import { QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import { ProblemError } from "./problem";

/** Answers that will not change by asking again at once. */
function isFinal(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status < 500;
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: (count, error) => !isFinal(error) && count < 2, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

/** A write. Afterwards everything on screen is asked for again: the server alone knows what a step has changed. */
export function useWrite<In, Out>(write: (input: In) => Promise<Out>, done?: (out: Out, input: In) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: async (out, input) => {
      done?.(out, input);
      await client.invalidateQueries();
    },
  });
}
