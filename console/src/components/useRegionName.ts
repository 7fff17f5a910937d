import { useQuery } from "@tanstack/react-query";
import { regionsList } from "../api/calls";

const LEVELS = [2, 4, 6, 9, 12];

/** The division that a code names, when the server knows it. */
export function useRegionName(code: string | undefined): string | undefined {
  const isCode = code !== undefined && LEVELS.includes(code.length) && /^\d+$/.test(code);
  const parent = isCode ? (LEVELS.filter((length) => length < code.length).at(-1) ?? 0) : 0;
  const parentCode = isCode && parent > 0 ? code.slice(0, parent) : undefined;
  const regions = useQuery({
    queryKey: ["regions", parentCode ?? ""],
    queryFn: () => regionsList(parentCode),
    enabled: isCode,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return regions.data?.items.find((region) => region.code === code)?.name;
}
