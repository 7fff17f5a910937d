import { useQuery } from "@tanstack/react-query";
import { entryGet, grantGet } from "../api/calls";

/** The name and the data items of the grant or the entry that something is about. */
export function useSubjectItems(grant: unknown, entry: unknown): { name: string; options: { value: string; label: string }[] | undefined } {
  const grantId = typeof grant === "string" ? grant : "";
  const entryId = typeof entry === "string" ? entry : "";
  const ofGrant = useQuery({ queryKey: ["grant", grantId], queryFn: () => grantGet(grantId), enabled: grantId !== "" });
  const ofEntry = useQuery({ queryKey: ["entry", entryId], queryFn: () => entryGet(entryId), enabled: entryId !== "" });
  const items = ofGrant.data?.items ?? ofEntry.data?.items;
  return {
    name: ofGrant.data?.entry_name ?? ofEntry.data?.name ?? "",
    options: items?.map((item) => ({ value: item.name, label: item.title || item.name })),
  };
}
