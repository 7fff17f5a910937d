// Every call that the pages make, one line each.
import { send } from "./client";
import { problemOf, ProblemError } from "./problem";
import type {
  DataAnswer, DepartmentSystem, Entry, EntryContent, EntryHit, Grant, Inbox, InboxTab, IntakeFile, Item, JournalCheckpoint,
  JournalEntry, JournalItem, Organisation, Page, Person, Region, RequestContent, Role, Session, SharingRequest, Source,
  SourceConnect, Statistics, UsageRecord,
} from "./types";

type Query = Record<string, string | number | null | undefined>;
type Draft<T> = Partial<T>;
const id = encodeURIComponent;

// session and people
export const sessionGet = () => send<Session>("/session");
export const sessionOpen = (login: string, password: string) =>
  send<Session>("/session", { method: "POST", body: { login, password } });
export const sessionClose = () => send<void>("/session", { method: "DELETE" });
export const firstLoginCheck = (token: string) =>
  send<{ login: string; name: string }>("/first-login/check", { method: "POST", body: { token } });
export const firstLogin = (token: string, password: string) =>
  send<void>("/first-login", { method: "POST", body: { token, password } });
export const peopleList = (query: Query) => send<Page<Person>>("/people", { query });
export const personCreate = (body: { login: string; name: string; organisation: string; roles: Role[] }) =>
  send<Person>("/people", { method: "POST", body });
export const personVerb = (person: string, verb: string) =>
  send<Person | undefined>(`/people/${id(person)}/${verb}`, { method: "POST", body: {} });
export const organisationsList = (query: Query = {}) => send<Page<Organisation>>("/organisations", { query });
export const organisationCreate = (body: Partial<Organisation>) =>
  send<Organisation>("/organisations", { method: "POST", body });
export const regionsList = (parent?: string) => send<{ items: Region[] }>("/regions", { query: { parent } });
export const statisticsGet = () => send<Statistics>("/statistics");

// sources
export const sourcesList = (query: Query = {}) => send<Page<Source>>("/sources", { query });
export const sourceGet = (source: string) => send<Source>(`/sources/${id(source)}`);
export const sourceCreate = (body: SourceConnect) => send<Source>("/sources", { method: "POST", body });
export const sourceDescribe = (source: Source) =>
  send<Source>(`/sources/${id(source.id)}/describe`, { method: "POST", body: {}, revision: source.revision });
export const itemsProposal = (source: string, table: string) =>
  send<{ items: Item[] } | Item[]>(`/sources/${id(source)}/tables/${id(table)}/proposal`);
export const intakeList = () => send<{ items: IntakeFile[] }>("/intake");
export const intakePut = (file: File) => send<IntakeFile>(`/intake/${id(file.name)}`, { method: "PUT", raw: file });

// catalogue
export const catalogueList = (query: Query) => send<Page<EntryHit>>("/catalogue", { query });
export const entryGet = (entry: string) => send<Entry>(`/catalogue/${id(entry)}`);
export const entryCreate = (body: Draft<EntryContent>) => send<Entry>("/catalogue", { method: "POST", body });
export const entryPut = (entry: Entry, body: Draft<EntryContent>) =>
  send<Entry>(`/catalogue/${id(entry.id)}`, { method: "PUT", body, revision: entry.revision });
export const entryVerb = (entry: { id: string; revision: number }, verb: string, body: unknown = {}) =>
  send<Entry>(`/catalogue/${id(entry.id)}/${verb}`, { method: "POST", body, revision: entry.revision });

// requests
export const requestsList = (query: Query) => send<Page<SharingRequest>>("/requests", { query });
export const requestGet = (request: string) => send<SharingRequest>(`/requests/${id(request)}`);
export const requestCreate = (body: Draft<RequestContent>) => send<SharingRequest>("/requests", { method: "POST", body });
export const requestPut = (request: SharingRequest, body: Draft<RequestContent>) =>
  send<SharingRequest>(`/requests/${id(request.id)}`, { method: "PUT", body, revision: request.revision });
export const requestVerb = (request: { id: string; revision: number }, verb: string, body: unknown = {}) =>
  send<SharingRequest>(`/requests/${id(request.id)}/${verb}`, { method: "POST", body, revision: request.revision });
export const inboxGet = (tab: InboxTab, after?: string | null) => send<Inbox>("/inbox", { query: { tab, after, limit: 50 } });

// grants
export const grantsList = (query: Query) => send<Page<Grant>>("/grants", { query });
export const grantGet = (grant: string) => send<Grant>(`/grants/${id(grant)}`);
export const grantRevoke = (grant: Grant, ground: { kind: string; text: string; filing_number?: string }) =>
  send<Grant>(`/grants/${id(grant.id)}/revoke`, { method: "POST", body: { ground }, revision: grant.revision });
export const grantProof = (grant: string) => send<string>(`/grants/${id(grant)}/proof`, { text: true });
export const grantUsage = (grant: string, limit = 100) =>
  send<{ items: UsageRecord[] } | UsageRecord[]>(`/grants/${id(grant)}/usage`, { query: { limit } });
export const trialToken = (grant: string) =>
  send<{ access_token: string; expires_in: number }>(`/grants/${id(grant)}/trial_token`, { method: "POST", body: {} });

/** Calls the data plane as a system would: with a token, and with nothing of the session. */
export async function dataQuery(grant: string, token: string, query: unknown): Promise<DataAnswer> {
  const answer = await fetch(`/data/v1/grants/${id(grant)}/query`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(query),
    credentials: "omit",
    cache: "no-store",
  });
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw new ProblemError(problemOf(answer.status, body, answer.headers));
  return body as DataAnswer;
}

// systems
export const systemsList = (query: Query = {}) => send<Page<DepartmentSystem>>("/systems", { query });
export const systemCreate = (name: string) => send<DepartmentSystem>("/systems", { method: "POST", body: { name } });
export const systemVerb = (system: DepartmentSystem, verb: string) =>
  send<DepartmentSystem | undefined>(`/systems/${id(system.id)}/${verb}`, {
    method: "POST",
    body: {},
    revision: system.revision,
  });

// record
export const journalList = (query: Query) => send<Page<JournalItem>>("/journal", { query });
export const journalGet = (index: number) => send<JournalEntry>(`/journal/${index}`);
export const journalProof = (index: number) => send<string>(`/journal/${index}/proof`, { text: true });
export const journalCheckpoint = () => send<JournalCheckpoint>("/journal/checkpoint");
