import { useQuery } from "@tanstack/react-query";
import { useParams, useSearchParams } from "react-router";
import { entryGet, requestGet } from "../../api/calls";
import { Failed } from "../../components/Failed";
import { Loading } from "../../components/Loading";
import { RequestForm } from "../../forms/request-edit";

/** A new request for an entry, or the draft of one. */
export function RequestEditPage() {
  const { id } = useParams();
  const [search] = useSearchParams();
  const request = useQuery({ queryKey: ["request", id], queryFn: () => requestGet(id ?? ""), enabled: id !== undefined, refetchOnWindowFocus: false });
  const entryId = request.data?.entry ?? search.get("entry") ?? "";
  const entry = useQuery({ queryKey: ["entry", entryId], queryFn: () => entryGet(entryId), enabled: entryId !== "", refetchOnWindowFocus: false });
  if (request.isError) return <Failed error={request.error} />;
  if (entry.isError) return <Failed error={entry.error} />;
  if (!entry.data || (id !== undefined && !request.data)) return <Loading />;
  return <RequestForm key={id ?? "new"} entry={entry.data} request={request.data ?? null} />;
}
