import type { Entry, EntryContent } from "../api/types";

/** What every step of the editor gets. */
export interface StepProps {
  content: EntryContent;
  change: (patch: Partial<EntryContent>) => void;
}

export const GRADES = ["l1", "l2", "l3", "l4", "important", "core"] as const;

export function emptyContent(): EntryContent {
  return {
    name: "",
    code: null,
    summary: "",
    data_format: "database",
    update_frequency: null,
    sharing_attribute: null,
    conditions: null,
    not_shared_basis: null,
    methods: ["service_interface"],
    classification: { category: "", grade: null },
    collection_basis: null,
    secrecy: null,
    personal_information: { contains: false, assessment: null },
    resource: null,
    limits: { calls_per_second_max: 10, rows_per_call_max: 500, rows_per_day_max: 100_000 },
    items: [],
  };
}

/** The part of an entry that its drafter writes, without what the server adds. */
export function contentOf(entry: Entry): EntryContent {
  return {
    name: entry.name,
    code: entry.code,
    summary: entry.summary,
    data_format: entry.data_format,
    update_frequency: entry.update_frequency,
    sharing_attribute: entry.sharing_attribute,
    conditions: entry.conditions,
    not_shared_basis: entry.not_shared_basis,
    methods: entry.methods,
    classification: entry.classification,
    collection_basis: entry.collection_basis,
    secrecy: entry.secrecy,
    personal_information: entry.personal_information,
    resource: entry.resource,
    limits: entry.limits,
    items: entry.items,
  };
}

/** The grade of an entry is the highest of its items (就高从严). */
export function highestGrade(content: EntryContent): EntryContent["classification"]["grade"] {
  const ranks = content.items.map((item) => (item.grade ? GRADES.indexOf(item.grade) : -1));
  return GRADES[Math.max(-1, ...ranks)] ?? null;
}
