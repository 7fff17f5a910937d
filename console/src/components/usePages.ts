import { useInfiniteQuery } from "@tanstack/react-query";
import type { Page } from "../api/types";

/** A list that the server gives in pages; `more` asks for the next one. */
export function usePages<Row>(key: readonly unknown[], load: (after: string | undefined) => Promise<Page<Row>>) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  return {
    rows: query.data?.pages.flatMap((page) => page.items) ?? [],
    first: query.data?.pages[0],
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    more: () => void query.fetchNextPage(),
    isMoving: query.isFetchingNextPage,
  };
}
