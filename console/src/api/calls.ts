// Every call that the pages make, noun first, one line each.
import { client, got } from "./client";
import { problemOf, ProblemError } from "./problem";
import type { paths } from "./schema";
import type {
  CalendarNoticeNew, Case, CaseAct, CaseMatter, ChangeKind, DataAnswer, DataQuery, Decision, DepartmentSystem, Entry, EntryContent, Gateway,
  Grant, InboxTab, LeakForm, NationalAccess, NewCart, OrganisationNew, PaperKind, PersonNew, RequestContent, RevocationGround, RuleSetNew,
  SharingRequest, Source, SourceNew, SystemCalling, SystemKeyNew,
} from "./types";

type QueryOf<Path extends keyof paths> = paths[Path] extends { get: { parameters: { query?: infer Query } } } ? Query : never;

/** A code of the data plane in both languages. */
export interface ProblemMeaning {
  code: string;
  title_zh: string;
  title_en: string;
  next_zh: string;
  next_en: string;
}

/** A request of an application, and the revision of it that was seen. */
interface SeenRequest {
  id: string;
  revision: number;
}

const named = (id: string) => ({ params: { path: { id } } });
/** A write on what was seen: its id, and the revision for If-Match. */
const seen = ({ id, revision }: { id: string; revision: number }) => ({ params: { path: { id }, header: { "If-Match": `"${revision}"` } } });

// session and people
export const sessionGet = () => got(client.GET("/api/v1/session"));
export const sessionOpen = (login: string, password: string) => got(client.POST("/api/v1/session", { body: { login, password } }));
export const sessionClose = () => got(client.DELETE("/api/v1/session"));
export const firstLoginCheck = (token: string) => got(client.POST("/api/v1/first-login/check", { body: { token } }));
export const firstLogin = (token: string, password: string) => got(client.POST("/api/v1/first-login", { body: { token, password } }));
export const peopleList = () => got(client.GET("/api/v1/people"));
export const personCreate = (body: PersonNew) => got(client.POST("/api/v1/people", { body }));
export const personReset = (id: string) => got(client.POST("/api/v1/people/{id}/reset", named(id)));
export const personUnlock = (id: string) => got(client.POST("/api/v1/people/{id}/unlock", named(id)));
export const personDeactivate = (id: string) => got(client.POST("/api/v1/people/{id}/deactivate", named(id)));
export const organisationsList = () => got(client.GET("/api/v1/organisations"));
export const organisationCreate = (body: OrganisationNew) => got(client.POST("/api/v1/organisations", { body }));
export const regionsList = (parent?: string) => got(client.GET("/api/v1/regions", { params: { query: { parent } } }));
export const statisticsGet = () => got(client.GET("/api/v1/statistics"));

// sources
export const sourcesList = () => got(client.GET("/api/v1/sources"));
export const sourceGet = (id: string) => got(client.GET("/api/v1/sources/{id}", named(id)));
export const sourceCreate = (body: SourceNew) => got(client.POST("/api/v1/sources", { body }));
export const sourceCheck = (body: SourceNew) => got(client.POST("/api/v1/sources/check", { body }));
export const sourceDescribe = (source: Source) => got(client.POST("/api/v1/sources/{id}/describe", seen(source)));
export const itemsProposal = (id: string, table: string) =>
  got(client.GET("/api/v1/sources/{id}/tables/{table}/proposal", { params: { path: { id, table } } }));
export const intakeList = () => got(client.GET("/api/v1/intake"));
export const intakePut = (file: File) =>
  got(
    client.PUT("/api/v1/intake/{name}", {
      params: { path: { name: file.name } },
      headers: { "content-type": "application/octet-stream" },
      // The document knows the body as bytes in a text; what is sent is the file itself, as it is.
      body: "",
      bodySerializer: () => file,
    }),
  );

// catalogue
export const catalogueList = (query: QueryOf<"/api/v1/catalogue">) => got(client.GET("/api/v1/catalogue", { params: { query } }));
const asFile = (file: File) => ({
  headers: { "content-type": "application/octet-stream" },
  // The document knows the body as bytes in a text; what is sent is the file itself, as it is.
  body: "",
  bodySerializer: () => file,
});
export const entriesImport = (profile: string, file: File, check: boolean) =>
  got(client.POST("/api/v1/catalogue/import", { params: { query: { profile, check } }, ...asFile(file) }));
export const leakTrace = (form: LeakForm, file: File) => got(client.POST("/api/v1/leaks/trace", { params: { query: { form } }, ...asFile(file) }));
export const entriesImportReport = (profile: string, file: File) =>
  got<Blob>(client.POST("/api/v1/catalogue/import/report", { params: { query: { profile } }, parseAs: "blob", ...asFile(file) }));
export const entriesExport = (query: QueryOf<"/api/v1/catalogue/export">) =>
  got<Blob>(client.GET("/api/v1/catalogue/export", { params: { query }, parseAs: "blob" }));
export const entryGet = (id: string) => got(client.GET("/api/v1/catalogue/{id}", named(id)));
export const entryCreate = (body: EntryContent) => got(client.POST("/api/v1/catalogue", { body }));
export const entryPut = (entry: Entry, body: EntryContent) => got(client.PUT("/api/v1/catalogue/{id}", { ...seen(entry), body }));
export const entrySubmit = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/submit", seen(entry)));
export const entryApprove = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/approve", seen(entry)));
export const entryPublish = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/publish", seen(entry)));
export const entryUpdate = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/update", seen(entry)));
export const entryDiscard = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/discard", seen(entry)));
export const entryRetire = (entry: Entry) => got(client.POST("/api/v1/catalogue/{id}/retire", seen(entry)));
export const entryProposeRetirement = (entry: Entry, reason: string) =>
  got(client.POST("/api/v1/catalogue/{id}/propose_retirement", { ...seen(entry), body: { reason } }));
export const entryRecordChange = (entry: Entry, body: { kind: ChangeKind; title: string; occurred: string }) =>
  got(client.POST("/api/v1/catalogue/{id}/changes", { ...seen(entry), body }));
const ofChange = (entry: Entry, change: number) => ({ params: { ...seen(entry).params, path: { id: entry.id, change } } });
export const entryAskExtension = (entry: Entry, change: number, reason: string) =>
  got(client.POST("/api/v1/catalogue/{id}/changes/{change}/extension", { ...ofChange(entry, change), body: { reason } }));
export const entryDecideExtension = (entry: Entry, change: number, consent: boolean, opinion: string) =>
  got(client.POST("/api/v1/catalogue/{id}/changes/{change}/extension/decision", { ...ofChange(entry, change), body: { consent, opinion } }));
export const entryVersions = (id: string) => got(client.GET("/api/v1/catalogue/{id}/versions", named(id)));
export const announcementsList = (query: QueryOf<"/api/v1/announcements">) => got(client.GET("/api/v1/announcements", { params: { query } }));
export const entryReturn = (entry: Entry, reason: string) =>
  got(client.POST("/api/v1/catalogue/{id}/return", { ...seen(entry), body: { reason } }));

// applications for several entries
const seenRequests = (requests: SeenRequest[]) => ({ requests: requests.map(({ id, revision }) => ({ id, revision })) });
export const cartCreate = (body: NewCart) => got(client.POST("/api/v1/carts", { body }));
export const cartGet = (id: string) => got(client.GET("/api/v1/carts/{id}", named(id)));
export const cartSubmit = (id: string, requests: SeenRequest[]) => got(client.POST("/api/v1/carts/{id}/submit", { ...named(id), body: seenRequests(requests) }));
export const cartConsent = (id: string, requests: SeenRequest[]) => got(client.POST("/api/v1/carts/{id}/consent", { ...named(id), body: seenRequests(requests) }));

// requests
export const requestsList = (query: QueryOf<"/api/v1/requests">) => got(client.GET("/api/v1/requests", { params: { query } }));
export const requestGet = (id: string) => got(client.GET("/api/v1/requests/{id}", named(id)));
export const requestCreate = (body: RequestContent) => got(client.POST("/api/v1/requests", { body }));
export const requestPut = (request: SharingRequest, body: RequestContent) =>
  got(client.PUT("/api/v1/requests/{id}", { ...seen(request), body }));
export const requestSubmit = (request: SharingRequest) => got(client.POST("/api/v1/requests/{id}/submit", seen(request)));
export const requestConsent = (request: SharingRequest) => got(client.POST("/api/v1/requests/{id}/consent", seen(request)));
export const requestDecide = (request: SharingRequest) => got(client.POST("/api/v1/requests/{id}/decide", seen(request)));
export const requestDecline = (request: SharingRequest, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/decline", { ...seen(request), body: { reason } }));
export const requestWithdraw = (request: SharingRequest, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/withdraw", { ...seen(request), body: { reason } }));
export const requestReturnProposal = (request: SharingRequest, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/return_proposal", { ...seen(request), body: { reason } }));
export const requestAskSupplement = (request: SharingRequest, missing: string[], answer_by: string | null) =>
  got(client.POST("/api/v1/requests/{id}/ask_supplement", { ...seen(request), body: { missing, answer_by } }));
export const requestAskExtension = (request: SharingRequest, working_days: number, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/ask_extension", { ...seen(request), body: { working_days, reason } }));
export const requestGrantExtension = (request: SharingRequest) => got(client.POST("/api/v1/requests/{id}/grant_extension", seen(request)));
export const requestRefuseExtension = (request: SharingRequest, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/refuse_extension", { ...seen(request), body: { reason } }));
export const requestConfirmDelivery = (request: SharingRequest) => got(client.POST("/api/v1/requests/{id}/confirm_delivery", seen(request)));
export const requestReportUndelivered = (request: SharingRequest, reason: string) =>
  got(client.POST("/api/v1/requests/{id}/report_undelivered", { ...seen(request), body: { reason } }));
export const requestSupplement = (request: SharingRequest, answers: string) =>
  got(client.POST("/api/v1/requests/{id}/supplement", { ...seen(request), body: { answers } }));
export const requestPropose = (request: SharingRequest, decision: Decision) =>
  got(client.POST("/api/v1/requests/{id}/propose", { ...seen(request), body: { decision } }));
export const inboxGet = (tab: InboxTab) => got(client.GET("/api/v1/inbox", { params: { query: { tab } } }));

// cases
export const casesList = (query: QueryOf<"/api/v1/cases">) => got(client.GET("/api/v1/cases", { params: { query } }));
export const caseGet = (id: string) => got(client.GET("/api/v1/cases/{id}", named(id)));
export const caseOpen = (body: CaseMatter) => got(client.POST("/api/v1/cases", { body }));
export const caseAct = (found: Case, body: CaseAct) => got(client.POST("/api/v1/cases/{id}/acts", { ...seen(found), body }));

// data elements
export const elementsList = () => got(client.GET("/api/v1/data_elements"));
export const elementRepeats = () => got(client.GET("/api/v1/data_elements/repeats"));

// grants
export const grantsList = (query: QueryOf<"/api/v1/grants">) => got(client.GET("/api/v1/grants", { params: { query } }));
export const grantGet = (id: string) => got(client.GET("/api/v1/grants/{id}", named(id)));
export const grantRevoke = (grant: Grant, ground: RevocationGround) =>
  got(client.POST("/api/v1/grants/{id}/revoke", { ...seen(grant), body: { ground } }));
export const grantProof = (id: string) => got(client.GET("/api/v1/grants/{id}/proof", { ...named(id), parseAs: "text" }));
export const grantResponsibilities = (id: string) => got(client.GET("/api/v1/grants/{id}/responsibilities", named(id)));
export const grantUsage = (id: string) => got(client.GET("/api/v1/grants/{id}/usage", named(id)));
export const trialToken = (id: string) => got(client.POST("/api/v1/grants/{id}/trial_token", named(id)));

/** Calls the data plane as a system would: with a token, and with nothing of the session. */
export async function dataQuery(grant: string, token: string, query: DataQuery): Promise<DataAnswer> {
  const answer = await fetch(`/data/v1/grants/${encodeURIComponent(grant)}/query`, {
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

// clocks
export const remindersGet = () => got(client.GET("/api/v1/reminders"));
export const remindersRead = (ids: string[]) => got(client.POST("/api/v1/reminders/read", { body: { ids } }));
export const calendarGet = (query: QueryOf<"/api/v1/calendar">) => got(client.GET("/api/v1/calendar", { params: { query } }));
export const calendarNoticesList = () => got(client.GET("/api/v1/calendar/notices"));
export const calendarNoticeAdd = (body: CalendarNoticeNew) => got(client.POST("/api/v1/calendar/notices", { body }));
export const rulesGet = () => got(client.GET("/api/v1/rules"));
export const ruleSetAdopt = (body: RuleSetNew) => got(client.POST("/api/v1/rules", { body }));
export const deadlineGet = (query: QueryOf<"/api/v1/deadlines">) => got(client.GET("/api/v1/deadlines", { params: { query } }));
// papers
export const papersList = (subject: string) => got(client.GET("/api/v1/papers", { params: { query: { subject } } }));
export const paperIssue = (kind: PaperKind, subject: string) => got(client.POST("/api/v1/papers", { body: { kind, subject } }));
export const paperFile = (number: string): Promise<Blob> =>
  got(client.GET("/api/v1/papers/{number}/file", { params: { path: { number } }, parseAs: "blob" })) as Promise<unknown> as Promise<Blob>;
export const paperVerify = (number: string) => got(client.GET("/api/v1/verify/papers/{number}", { params: { path: { number } } }));

// gateways
export const gatewaysList = () => got(client.GET("/api/v1/gateways"));
export const gatewayCreate = (name: string) => got(client.POST("/api/v1/gateways", { body: { name } }));
export const gatewayRemove = (gateway: Gateway) => got(client.POST("/api/v1/gateways/{id}/remove", named(gateway.id)));

// systems
export const systemsList = () => got(client.GET("/api/v1/systems"));
export const systemCreate = (name: string) => got(client.POST("/api/v1/systems", { body: { name } }));
export const systemRotate = (system: DepartmentSystem) => got(client.POST("/api/v1/systems/{id}/rotate", named(system.id)));
export const systemDeactivate = (system: DepartmentSystem) => got(client.POST("/api/v1/systems/{id}/deactivate", named(system.id)));
export const systemKeyAdd = (id: string, key: SystemKeyNew) => got(client.POST("/api/v1/systems/{id}/keys", { ...named(id), body: key }));
export const systemKeyRetire = (id: string, kid: string) => got(client.POST("/api/v1/systems/{id}/keys/{kid}/retire", { params: { path: { id, kid } } }));
export const systemCallingSet = (id: string, calling: SystemCalling) => got(client.POST("/api/v1/systems/{id}/calling", { ...named(id), body: calling }));
export const systemNationalSet = (id: string, access: NationalAccess) => got(client.POST("/api/v1/systems/{id}/national", { ...named(id), body: access }));
export const systemNationalEnd = (id: string) => got(client.POST("/api/v1/systems/{id}/national/end", named(id)));
export const systemNationalList = () => got(client.GET("/api/v1/systems/national"));
export const refusalGet = (reference: string) => got(client.GET("/api/v1/refusals/{request_id}", { params: { path: { request_id: reference } } }));
/** What a code of the data plane means and what to do about it; null for a code that it does not know. */
export const problemGet = async (code: string): Promise<ProblemMeaning | null> => {
  const answer = await fetch(`/data/v1/problems/${encodeURIComponent(code)}`);
  return answer.ok ? ((await answer.json()) as ProblemMeaning) : null;
};

// record
export const scorecardGet = (query: QueryOf<"/api/v1/scorecards">) => got(client.GET("/api/v1/scorecards", { params: { query } }));
export const scorecardDepartments = (query: QueryOf<"/api/v1/scorecards/departments">) => got(client.GET("/api/v1/scorecards/departments", { params: { query } }));
export const scorecardRecomputed = (query: QueryOf<"/api/v1/scorecards/recomputed">) => got(client.GET("/api/v1/scorecards/recomputed", { params: { query } }));
export const journalList = (query: QueryOf<"/api/v1/journal">) => got(client.GET("/api/v1/journal", { params: { query } }));
export const journalGet = (index: number) => got(client.GET("/api/v1/journal/{index}", { params: { path: { index } } }));
export const journalProof = (index: number) =>
  got(client.GET("/api/v1/journal/{index}/proof", { params: { path: { index } }, parseAs: "text" }));
export const journalCheckpoint = () => got(client.GET("/api/v1/journal/checkpoint"));
