import { useQuery } from "@tanstack/react-query";

/** A list that the server gives whole. It looks to a page like one that comes in parts, so that both are drawn alike. */
export function useItems<Row>(key: readonly unknown[], load: () => Promise<{ items: Row[] }>) {
  const query = useQuery({ queryKey: key, queryFn: load });
  return { rows: query.data?.items ?? [], isPending: query.isPending, error: query.error, hasMore: false, more: () => undefined, isMoving: false };
}
