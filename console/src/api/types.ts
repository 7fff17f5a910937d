// The shapes of the HTTP API, written by hand from the contract until `npm run codegen` has an openapi.json to read.
// This is the only place: pages import names from here, so that the generated schema can take over behind them.

export type Level = "nation" | "ministry" | "province" | "city" | "county" | "township";
export type OrganisationKind = "sharing_authority" | "department" | "authorised_organisation";
export type Role =
  | "data_officer" | "office_head" | "department_head" | "authority_officer" | "developer" | "auditor" | "inspector"
  | "system_administrator" | "security_administrator";
export type SharingAttribute = "unconditional" | "conditional" | "not_shared";
export type SharingMethod = "service_interface" | "batch_exchange" | "file_download";
export type Grade = "l1" | "l2" | "l3" | "l4" | "important" | "core";
export type ItemType = "text" | "integer" | "decimal" | "date" | "date_time" | "boolean";
export type SourceKind = "sqlite" | "csv" | "postgres";
export type Access = "granted" | "direct" | "apply" | "not_shared" | "own";
export type LightColour = "green" | "yellow" | "orange" | "red" | "grey";

export interface Page<T> {
  items: T[];
  next: string | null;
}
export interface Named {
  id: string;
  name: string;
}
export interface HistoryItem {
  at: string;
  event: string;
  person_name?: string | null;
  organisation_name?: string | null;
  note?: string | null;
}

/** What every aggregate carries: its revision for If-Match and the verbs that this caller may use now. */
export interface Governed {
  id: string;
  revision: number;
  allowed: string[];
}

export interface Session {
  person: {
    id: string;
    login: string;
    name: string;
    roles: Role[];
    organisation: { id: string; name: string; kind: OrganisationKind; level: Level; region_code: string };
  };
  node: { name: string; level: Level; region_code: string; region_name: string };
  can: string[];
}

export interface Person {
  id: string;
  login: string;
  name: string;
  roles: Role[];
  organisation: Named;
  state: string;
  one_time_link?: string | null;
  allowed?: string[];
}
export interface Organisation {
  id: string;
  name: string;
  short_name?: string | null;
  kind: OrganisationKind;
  level: Level;
  region_code: string;
  parent?: string | null;
  code?: string | null;
}
export interface Region {
  code: string;
  name: string;
}

export interface ColumnStructure {
  name: string;
  item_type: ItemType;
  nullable: boolean;
  native_type: string;
}
export interface TableStructure {
  name: string;
  rows_estimate?: number | null;
  key: string[];
  columns: ColumnStructure[];
}
export interface Source extends Governed {
  name: string;
  kind: SourceKind;
  location: string;
  encoding?: string | null;
  structure: { tables: TableStructure[]; digest: string };
  described_at: string;
}
export interface SourceConnect {
  name: string;
  kind: SourceKind;
  file?: string;
  host?: string;
  port?: number;
  database?: string;
  user?: string;
  password?: string;
  tls?: boolean;
}
export interface IntakeFile {
  name: string;
  bytes: number;
  modified: string;
}

export type Mask =
  | { kind: "keep_ends"; head: number; tail: number }
  | { kind: "keyed_hash" }
  | { kind: "year_only" }
  | { kind: "region_only"; digits: number }
  | { kind: "redact" };

export interface Item {
  name: string;
  title: string;
  column: string;
  item_type: ItemType;
  grade: Grade | null;
  sharing_attribute?: SharingAttribute | null;
  personal: boolean;
  sensitive: boolean;
  mask: Mask | null;
  filterable: boolean;
  description?: string | null;
}
export interface Basis {
  rank: string;
  title: string;
  article: string;
}
export interface EntryContent {
  name: string;
  summary: string;
  data_format: string | null;
  update_frequency: string | null;
  sharing_attribute: SharingAttribute | null;
  conditions: {
    allowed_organisation_kinds?: OrganisationKind[];
    allowed_levels?: Level[];
    purposes?: string[];
    subject_consent_required: boolean;
    note?: string | null;
  } | null;
  not_shared_basis: (Basis & { reason: string }) | null;
  methods: SharingMethod[];
  classification: { category: string; grade: Grade | null };
  collection_basis: Basis | null;
  secrecy: { state_secret: boolean; work_secret: boolean; declared_by_name: string; statement: string } | null;
  personal_information: {
    contains: boolean;
    assessment: { lawful_purpose: string; impact: string; safeguards: string; assessor: string; date: string } | null;
  };
  secrecy_review: { reviewer: string; date: string; conclusion: string; document_number: string } | null;
  resource: { source: string; table: string; key?: string[] | null } | null;
  limits: { calls_per_second_max: number; rows_per_call_max: number; rows_per_day_max: number } | null;
  items: Item[];
}
export interface FieldProblem {
  field?: string | null;
  code: string;
  params?: Record<string, unknown> | null;
  article?: string | null;
}
export interface Entry extends EntryContent, Governed {
  state: string;
  version: number;
  catalogue_number: string | null;
  provider: { id: string; name: string; code?: string | null };
  head_approval: { person: string; name: string; at: string } | null;
  published_at: string | null;
  history: HistoryItem[];
  statutory: { reply_working_days: number; article: string; delivery_working_days: number } | null;
  access: Access;
  completeness?: { problems: FieldProblem[] } | null;
}
export interface EntryHit {
  id: string;
  name: string;
  summary: string;
  provider: Named;
  sharing_attribute: SharingAttribute | null;
  grade: Grade | null;
  update_frequency: string | null;
  methods: SharingMethod[];
  state: string;
  published_at: string | null;
  version: number;
  matched: string[];
  access: Access;
}

export interface RowCondition {
  item: string;
  eq?: string | number | boolean;
  in?: (string | number)[];
  prefix?: string;
  range?: { from?: string | number | null; to?: string | number | null };
}
export interface RequestContent {
  entry: string;
  basis: Basis | null;
  scenario: string;
  scope_of_use: string;
  purpose: string;
  items: string[];
  rows: RowCondition[];
  method: SharingMethod | null;
  systems: string[];
  calls_per_second: number | null;
  rows_per_call: number | null;
  rows_per_day: number | null;
  valid_from: string | null;
  valid_until: string | null;
  safeguards: string;
  contact: { name: string; phone: string } | null;
  attestation: boolean;
}
export interface Clock {
  started: string;
  due: string;
  working_days: number;
  article: string;
  remaining_working_days: number;
  light: LightColour;
  provisional: boolean;
  calendar?: string | null;
  waiting_on_requester_days?: number | null;
}
export interface Narrowing {
  items?: string[] | null;
  rows?: RowCondition[] | null;
  calls_per_second?: number | null;
  rows_per_call?: number | null;
  rows_per_day?: number | null;
  valid_until?: string | null;
  masks?: Record<string, Mask> | null;
}
export interface RefusalReason {
  code: string;
  text: string;
  condition?: string | null;
  basis?: Basis | null;
}
export type Decision =
  | { kind: "agree"; narrowing?: Narrowing | null; opinion?: string | null }
  | { kind: "refuse"; reasons: RefusalReason[] };
export type Stamped<T> = T & { by_name?: string | null; at?: string | null };
export interface SharingRequest extends RequestContent, Governed {
  number: string;
  state: string;
  requester: Named;
  provider: Named;
  entry_name: string;
  received_at: string | null;
  clock: Clock | null;
  consent: { name: string; at: string } | null;
  supplement: { asked_at: string; missing: string[]; answered_at?: string | null; answers?: string | null } | null;
  proposal: Stamped<Decision> | null;
  decision: Stamped<Decision> | null;
  grant: string | null;
  precheck: { code: string; severity: string; params?: Record<string, unknown> | null }[];
  history: HistoryItem[];
}

export interface InboxItem {
  kind: "request" | "catalogue";
  id: string;
  title: string;
  from: Named;
  step: string;
  received: string | null;
  clock: Clock | null;
  revision: number;
}
export type InboxTab = "todo" | "doing" | "done" | "started" | "overdue";
export interface Inbox extends Page<InboxItem> {
  counts: Record<InboxTab, number>;
}

export interface GrantedItem {
  name: string;
  title: string;
  item_type: ItemType;
  grade: Grade | null;
  mask: Mask | null;
}
export interface Grant extends Governed {
  number: string;
  state: string;
  requester: Named;
  provider: Named;
  entry: string;
  entry_name: string;
  request: string;
  purpose: string;
  purpose_text: string;
  basis: Basis | null;
  items: GrantedItem[];
  rows: RowCondition[];
  row_text_zh: string;
  row_text_en?: string | null;
  methods: SharingMethod[];
  systems: Named[];
  calls_per_second: number;
  rows_per_call: number;
  rows_per_day: number;
  valid_from: string;
  valid_until: string;
  agreed_at: string;
  agreed_by: string;
  record: { index: number } | null;
  call: { url: string; example_body: unknown; curl: string; java: string; python: string } | null;
  usage: { calls: number; rows: number; refused: number; last_at: string | null } | null;
}
export interface UsageRecord {
  index: number;
  at: string;
  grant: string | null;
  caller: unknown;
  organisation?: string | null;
  method?: string | null;
  outcome: { delivered?: { rows: number; bytes: number; digest: string } | null; refused?: { code: string } | null };
  items: string[];
  request_id?: string | null;
}

export interface DepartmentSystem {
  id: string;
  name: string;
  state?: string | null;
  created_at?: string | null;
  client_secret?: string | null;
  allowed?: string[];
  revision?: number;
}

export interface JournalItem {
  index: number;
  at: string;
  event: string;
  actor: { id: string | null; name: string | null; organisation: string | null } | null;
  subject: string | null;
  result: string;
  summary?: Record<string, unknown> | null;
  leaf_hash: string;
}
export interface JournalEntry extends JournalItem {
  entry: string;
  body?: unknown;
  salt?: string | null;
}
export interface JournalCheckpoint {
  origin: string;
  size: number;
  root: string;
  note: string;
  verifier_key: string;
}
export interface Statistics {
  entries_published: number;
  requests_open: number;
  grants_active: number;
  calls_today: number;
  overdue: number;
}

export interface DataAnswer {
  items: { name: string; type: string; masked: boolean }[];
  rows: (string | number | boolean | null)[][];
  next: string | null;
  record: { index: number; log: string };
}
