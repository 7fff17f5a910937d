// What a field of a case names is chosen by its name, never typed as a number: organisations, people, systems, grants,
// entries, requests, cases.
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { casesList, catalogueList, entryGet, grantsList, organisationsList, peopleList, requestsList, systemsList } from "../api/calls";
import { useCaseWords } from "../components/useCaseWords";

interface Option {
  value: string;
  label: string;
}

interface PickerProps {
  id: string;
  prefix: string;
  many: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  status: "error" | undefined;
  "aria-describedby": string | undefined;
}

/** As many as a list offers at once; entries are searched by the server instead. */
const LIMIT = 100;

const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function Picker({ id, prefix, many, value, onChange, status, ...aria }: PickerProps) {
  const { t } = useTranslation();
  const [sought, setSought] = useState("");
  const { options, pending } = useOptions(prefix, sought, typeof value === "string" ? value : "");
  const search = prefix === "cat" ? { filterOption: false as const, onSearch: setSought } : { optionFilterProp: "label" };
  const shared = { id, ...aria, status, className: "full", showSearch: search, options, loading: pending, placeholder: t("choose") };
  const empty = pending ? t("loading") : t("nothing_to_choose");
  if (many) return <Select {...shared} mode="multiple" notFoundContent={empty} value={list(value)} onChange={onChange} />;
  return <Select {...shared} allowClear notFoundContent={empty} value={typeof value === "string" ? value : undefined} onChange={onChange} />;
}

function useOptions(prefix: string, sought: string, chosen: string): { options: Option[]; pending: boolean } {
  const words = useCaseWords();
  const organisations = useQuery({ queryKey: ["organisations"], queryFn: organisationsList, enabled: prefix === "org" });
  const people = useQuery({ queryKey: ["people"], queryFn: peopleList, enabled: prefix === "per" });
  const systems = useQuery({ queryKey: ["systems"], queryFn: systemsList, enabled: prefix === "sys" });
  const grants = useQuery({ queryKey: ["grants", "choose"], queryFn: () => grantsList({ side: "all", limit: LIMIT }), enabled: prefix === "grt" });
  const requests = useQuery({ queryKey: ["requests", "choose"], queryFn: () => requestsList({ box: "all", limit: LIMIT }), enabled: prefix === "req" });
  const cases = useQuery({ queryKey: ["cases", "choose"], queryFn: () => casesList({ all: true, limit: LIMIT }), enabled: prefix === "cas" });
  const entries = useQuery({ queryKey: ["catalogue", "choose", sought], queryFn: () => catalogueList({ q: sought || undefined, limit: 20 }), enabled: prefix === "cat" });
  // An entry that was chosen may not be among those that are sought now.
  const entry = useQuery({ queryKey: ["entry", chosen], queryFn: () => entryGet(chosen), enabled: prefix === "cat" && chosen !== "" });
  const named = (items: { id: string; name: string }[] = []) => items.map((each) => ({ value: each.id, label: each.name }));
  switch (prefix) {
    case "org":
      return { options: named(organisations.data?.items), pending: organisations.isPending };
    case "per":
      return { options: named(people.data?.items), pending: people.isPending };
    case "sys":
      return { options: named(systems.data?.items), pending: systems.isPending };
    case "grt":
      return { options: (grants.data?.items ?? []).map((each) => ({ value: each.id, label: `${each.entry_name} · ${each.requester.name} · ${each.number}` })), pending: grants.isPending };
    case "req":
      return { options: (requests.data?.items ?? []).map((each) => ({ value: each.id, label: `${each.entry_name} · ${each.requester.name} · ${each.number}` })), pending: requests.isPending };
    case "cas":
      return { options: (cases.data?.items ?? []).map((each) => ({ value: each.id, label: `${words.kind(each.kind)} · ${each.title} · ${each.number}` })), pending: cases.isPending };
    default: {
      const found = (entries.data?.items ?? []).map((each) => ({ value: each.id, label: `${each.name} · ${each.provider.name}` }));
      const missing = entry.data && !found.some((each) => each.value === chosen) ? [{ value: chosen, label: entry.data.name }] : [];
      return { options: [...missing, ...found], pending: entries.isPending };
    }
  }
}
