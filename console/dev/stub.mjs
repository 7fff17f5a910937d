// A stand-in for the server while pages are drawn: same addresses and shapes, everything in memory, no law inside.
// It is an aid of development. Tests never use it in place of the real server.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import * as data from "./stub-data.mjs";
import { makeLog } from "./stub-log.mjs";
import { dataPlane, grantOf } from "./stub-plane.mjs";

const PORT = Number(process.env.PORT ?? 8080);
const DIST = new URL("../dist", import.meta.url).pathname;
const CSP = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const { people, organisations, entries, sources, systems, mint, now, ago } = data;
const requests = [];
const grants = [];
const sessions = new Map();
const invitations = new Map(people.map((person) => [`welcome-${person.login}`, person]));
const log = makeLog("zunyi/record");
const has = (person, ...roles) => roles.some((role) => person.roles.includes(role));
const named = ({ id, name }) => ({ id, name });

const EVENTS = {
  catalogue_edit: "CatalogueEntryRevised", catalogue_submit: "CatalogueEntrySubmitted", catalogue_approve: "CatalogueEntryApprovedByHead",
  catalogue_return: "CatalogueEntryReturnedByHead", catalogue_publish: "CatalogueEntryPublished", request_edit: "SharingRequestRevised",
  request_submit: "SharingRequestSubmitted", request_consent: "SharingRequestReceived", request_decline: "SharingRequestDeclinedByOfficeHead",
  request_withdraw: "SharingRequestWithdrawn", request_ask_supplement: "SharingRequestSupplementAsked", request_supplement: "SharingRequestSupplemented",
  request_propose: "SharingRequestReplyProposed", request_return_proposal: "SharingRequestProposalReturned", request_decide: "SharingRequestAgreed",
};

class Refusal extends Error {
  constructor(status, code, extra = {}) {
    super(code);
    this.body = { type: `/problems/${code}`, status, code, title: code, params: {}, ground: null, request_id: mint("rid"), ...extra };
  }
}
function record(person, event, subject, result = "done", body = {}) {
  return log.append(now(), event, { kind: "person", id: person.id, name: person.name, organisation: person.organisation.id, organisation_name: person.organisation.name }, subject, result, body);
}
function step(thing, person, event, note) {
  thing.revision += 1;
  thing.history.push({ at: now(), event, person_name: person.name, organisation_name: person.organisation.name, note });
  record(person, event, thing.id, "done", { note });
}

// catalogue
function missing(entry) {
  const problems = [];
  const need = (ok, field, article) => ok || problems.push({ field, code: "required", params: {}, article });
  need(entry.name, "name", "13(2)");
  need(entry.summary, "summary", "13(2)");
  need(entry.collection_basis?.title, "collection_basis", "19(1)");
  need(entry.secrecy?.conclusion, "secrecy", "13(1)");
  need(entry.items?.length && entry.items.every((each) => each.grade), "items", "13(2)");
  need(entry.data_format, "data_format", "13(2)");
  need(entry.update_frequency, "update_frequency", "13(2)");
  need(entry.sharing_attribute, "sharing_attribute", "14");
  return problems;
}
function entryFor(entry, person) {
  const own = entry.provider.id === person.organisation.id;
  const allowed = [];
  if (own && has(person, "data_officer") && entry.state === "draft") allowed.push("edit", "submit");
  if (own && has(person, "department_head") && entry.state === "awaiting_head") allowed.push("approve", "return");
  if (has(person, "authority_officer") && entry.state === "filed") allowed.push("publish", "return");
  const may_request = !own && entry.state === "published" && entry.sharing_attribute !== "not_shared" && has(person, "data_officer");
  const granted = grants.some((grant) => grant.entry === entry.id && grant.requester.id === person.organisation.id);
  const access = own ? "own" : granted ? "granted" : { unconditional: "direct", conditional: "apply", not_shared: "not_shared" }[entry.sharing_attribute];
  const days = entry.sharing_attribute === "unconditional" ? 1 : 10;
  return { ...entry, provider: { ...named(entry.provider), code: entry.provider.code ?? null }, returned: null, access, may_request, allowed, completeness: { problems: missing(entry) }, statutory: { reply_working_days: days, article: "21(1)", delivery_working_days: 20 } };
}
const entryVerbs = {
  submit: (entry) => {
    const problems = missing(entry);
    if (problems.length) throw new Refusal(422, "entry_incomplete", { problems, ground: { article: "13(2)", zh: "第十三条第二款" } });
    entry.state = "awaiting_head";
  },
  approve: (entry, person) => { entry.state = "filed"; entry.head_approval = { person: person.id, name: person.name, at: now() }; },
  return: (entry) => { entry.state = "draft"; },
  publish: (entry) => { entry.state = "published"; entry.published_at = now(); entry.catalogue_number = `520300-${entries.length}/0001`; },
};

// requests
const officer = (person, side) => has(person, "data_officer") && side;
function requestFor(request, person) {
  const mine = request.requester.id === person.organisation.id;
  const theirs = request.provider.id === person.organisation.id;
  const allowed = {
    draft: officer(person, mine) ? ["edit", "submit", "withdraw"] : [],
    awaiting_consent: has(person, "office_head") && mine ? ["consent", "decline"] : officer(person, mine) ? ["withdraw"] : [],
    received: officer(person, theirs) ? ["propose", ...(request.supplement ? [] : ["ask_supplement"])] : officer(person, mine) ? ["withdraw"] : [],
    supplement_asked: officer(person, mine) ? ["edit", "supplement", "withdraw"] : [],
    proposed: has(person, "office_head") && theirs ? ["decide", "return_proposal"] : [],
  }[request.state] ?? [];
  return { ...request, allowed };
}
const clock = (days, left, light) => ({ started: now(), due: `${data.ahead(days)}T15:59:59Z`, working_days: 10, article: "21(1)", remaining_working_days: left, light, provisional: false, calendar: "cn-2026", waiting_on_requester_days: 0 });
const requestVerbs = {
  submit: (request) => {
    if (!request.attestation || !request.items.length) throw new Refusal(422, "request_incomplete", { ground: { article: "20(2)", zh: "第二十条第二款" }, problems: [{ field: "attestation", code: "required", params: {}, article: "20(2)" }] });
    request.state = "awaiting_consent";
  },
  consent: (request, person) => { request.state = "received"; request.received_at = now(); request.consent = { name: person.name, at: now() }; request.clock = clock(14, 10, "green"); },
  decline: (request) => { request.state = "draft"; },
  withdraw: (request) => { request.state = "withdrawn"; },
  ask_supplement: (request, person, body) => { request.state = "supplement_asked"; request.supplement = { asked_at: now(), missing: body.missing, answered_at: null, answers: null }; },
  supplement: (request, person, body) => { request.state = "received"; Object.assign(request.supplement, { answered_at: now(), answers: body.answers }); },
  propose: (request, person, body) => { request.state = "proposed"; request.proposal = { ...body.decision, by_name: person.name, at: now() }; },
  return_proposal: (request) => { request.state = "received"; request.proposal = null; },
  decide: (request, person) => {
    request.decision = { ...request.proposal, by_name: person.name, at: now() };
    request.state = request.proposal.kind === "agree" ? "agreed" : "refused";
    request.clock = { ...request.clock, light: "grey" };
    if (request.state === "agreed") {
      const grant = grantOf(request, entries.find((entry) => entry.id === request.entry), systems, person);
      grants.push(grant);
      request.grant = grant.id;
      grant.record = { index: record(person, "GrantBegun", grant.id, "done", { request: request.number }) };
    }
  },
};
function newRequest(body, person) {
  const entry = entries.find((each) => each.id === body.entry);
  const request = { ...data.requestContent({ basis: null, scenario: "", scope_of_use: "", purpose: "", items: [], rows: [], systems: [], safeguards: "", attestation: false }), ...body, id: mint("req"), number: `2026-${String(requests.length + 1).padStart(6, "0")}`, revision: 0, state: "draft", requester: named(person.organisation), provider: named(entry.provider), entry_name: entry.name, received_at: null, clock: null, consent: null, supplement: null, proposal: null, decision: null, grant: null, precheck: [{ code: "sensitive_items", severity: "warning", params: { items: "公民身份号码" } }], system_names: [], declined: null, proposal_returned: null, withdrawn: null, cart: null, extension: null, delivery: null, published_conditions: Object.keys(entry.conditions ?? {}).includes("purposes") ? ["purposes"] : [], completeness: { problems: [] }, history: [] };
  requests.unshift(request);
  step(request, person, "SharingRequestDrafted");
  return request;
}

function inboxFor(person, tab) {
  const verbsOf = (each) => each.allowed.find((verb) => ["approve", "publish", "consent", "propose", "decide", "supplement"].includes(verb));
  const all = [
    ...requests.map((each) => requestFor(each, person)).map((each) => ({ each, item: { kind: "request", id: each.id, title: `${each.entry_name}（${each.number}）`, from: each.requester, step: verbsOf(each), received: each.received_at ?? each.history[0].at, clock: each.clock, revision: each.revision } })),
    ...entries.map((each) => entryFor(each, person)).map((each) => ({ each, item: { kind: "catalogue", id: each.id, title: each.name, from: named(each.provider), step: verbsOf(each), received: each.history.at(-1).at, clock: null, revision: each.revision } })),
  ];
  const tabs = {
    todo: all.filter(({ item }) => item.step),
    doing: all.filter(({ each, item }) => !item.step && ["received", "proposed", "awaiting_consent", "awaiting_head", "filed"].includes(each.state)),
    done: all.filter(({ each }) => ["agreed", "refused"].includes(each.state)),
    started: all.filter(({ each }) => each.requester?.id === person.organisation.id),
    overdue: all.filter(({ item }) => item.clock?.light === "red"),
  };
  const counts = Object.fromEntries(Object.entries(tabs).map(([key, list]) => [key, list.length]));
  return { items: (tabs[tab] ?? tabs.todo).map(({ item }) => ({ ...item, step: item.step ?? "view" })), next: null, counts };
}
const find = (list, id) => list.find((each) => each.id === id) ?? (() => { throw new Refusal(404, "not_found"); })();
const page = (items) => ({ items, next: null });
function act(list, verbs, view) {
  return ({ person, id, verb, body, revision }) => {
    const thing = find(list, id);
    if (revision !== thing.revision) throw new Refusal(revision === null ? 428 : 409, revision === null ? "revision_required" : "stale_revision");
    if (!view(thing, person).allowed.includes(verb)) throw new Refusal(403, "not_permitted", { params: { action: verb } });
    if (verb === "edit") Object.assign(thing, body);
    else verbs[verb](thing, person, body);
    step(thing, person, EVENTS[`${thing.number ? "request" : "catalogue"}_${verb}`], body.opinion ?? body.reason);
    return view(thing, person);
  };
}
const actOnEntry = act(entries, entryVerbs, entryFor);
const actOnRequest = act(requests, requestVerbs, requestFor);
const grantFor = (grant, person) => ({ ...grant, allowed: [...(grant.requester.id === person.organisation.id ? ["try"] : []), ...(grant.provider.id === person.organisation.id && grant.state === "active" ? ["revoke"] : [])] });
const sessionView = (person) => ({ person: { ...person, organisation: person.organisation }, node: { name: "遵义市政务数据共享节点", level: "city", region_code: "5203", region_name: "遵义市" }, can: [...new Set(person.roles.flatMap((role) => data.capabilities[role] ?? []))] });
const hit = (entry, q) => ({ id: entry.id, name: entry.name, summary: entry.summary, provider: entry.provider, sharing_attribute: entry.sharing_attribute, grade: entry.classification.grade, update_frequency: entry.update_frequency, methods: entry.methods, state: entry.state, published_at: entry.published_at, version: entry.version, matched: q ? ["name", "summary"].filter((field) => entry[field].includes(q)) : [], access: entry.access });

const journalItem = ({ index, at, event, actor, subject, result, leaf }) => ({ index, at, event, actor, subject, result, summary: {}, leaf_hash: leaf.toString("hex") });
const routes = [
  ["GET", "/session", ({ person }) => sessionView(person)],
  ["GET", "/statistics", () => ({ entries_published: 214, requests_open: requests.length + 11, grants_active: grants.length + 86, calls_today: 15_382, overdue: 1 })],
  ["GET", "/regions", ({ query }) => ({ items: (data.regions[query.get("parent") ?? "52"] ?? []).map(([code, name]) => ({ code, name })) })],
  ["GET", "/organisations", () => page(organisations)],
  ["POST", "/organisations", ({ body }) => organisations[organisations.push({ id: mint("org"), ...body }) - 1]],
  ["GET", "/people", () => page(people)],
  ["POST", "/people", ({ body }) => ({ ...people[people.push({ id: mint("per"), state: "active", ...body, organisation: find(organisations, body.organisation) }) - 1], one_time_link: "http://127.0.0.1:8080/welcome#7Qm2vN0c4sXqW8tJ1yRb" })],
  ["POST", "/people/:id/:verb", ({ verb }) => (verb === "reset" ? { one_time_link: "http://127.0.0.1:8080/welcome#7Qm2vN0c4sXqW8tJ1yRb" } : {})],
  ["GET", "/inbox", ({ person, query }) => inboxFor(person, query.get("tab"))],
  ["GET", "/sources", ({ person }) => page(sources.filter((each) => each.owner === person.organisation.id))],
  ["POST", "/sources", ({ body, person }) => sources[sources.push({ id: mint("src"), revision: 1, owner: person.organisation.id, name: body.name, kind: body.kind, location: body.file ?? `${body.host}:${body.port}/${body.database}`, encoding: body.kind === "csv" ? "GB18030" : null, structure: data.structure, described_at: now(), allowed: ["describe"] }) - 1]],
  ["GET", "/sources/:id", ({ id }) => find(sources, id)],
  ["POST", "/sources/:id/describe", ({ id }) => Object.assign(find(sources, id), { described_at: now() })],
  ["GET", "/sources/:id/tables/:table/proposal", ({ table }) => ({ items: data.structure.tables.find((each) => each.name === table).columns.map(({ name, item_type }) => ({ name, title: name, column: name, item_type, grade: null, sharing_attribute: null, personal: false, sensitive: false, mask: null, description: "" })) })],
  ["GET", "/intake", () => ({ items: [{ name: "persons.db", bytes: 1_288_490_188, modified: ago(22) }, { name: "juzhuzheng-2026.csv", bytes: 48_234_496, modified: ago(1) }] })],
  ["PUT", "/intake/:id", ({ id }) => ({ name: id, bytes: 1024, modified: now() })],
  ["GET", "/catalogue", ({ person, query }) => {
    const q = query.get("q") ?? "";
    const scope = query.get("scope") ?? "published";
    const own = (entry) => entry.provider.id === person.organisation.id;
    const list = entries.filter((entry) => (scope === "mine" ? own(entry) : scope === "review" ? entry.state === "filed" : entry.state === "published"));
    return page(list.map((entry) => hit(entryFor(entry, person), q)).filter((each) => (!q || each.matched.length) && [null, "", each.sharing_attribute].includes(query.get("attribute")) && [null, "", each.provider.id].includes(query.get("provider"))));
  }],
  ["POST", "/catalogue", ({ body, person }) => { const entry = { ...data.content({ name: "", summary: "", items: [], collection_basis: null, secrecy: null, resource: null, limits: null, conditions: null }), ...body, id: mint("cat"), revision: 1, state: "draft", version: 1, catalogue_number: null, provider: person.organisation, head_approval: null, published_at: null, history: [] }; entries.push(entry); step(entry, person, "CatalogueEntryDrafted"); return entryFor(entry, person); }],
  ["GET", "/catalogue/:id", ({ id, person }) => entryFor(find(entries, id), person)],
  ["PUT", "/catalogue/:id", (call) => actOnEntry({ ...call, verb: "edit" })],
  ["POST", "/catalogue/:id/:verb", actOnEntry],
  ["GET", "/requests", ({ person, query }) => page(requests.map((each) => requestFor(each, person)).filter((each) => ({ mine: each.requester.id, received: each.state !== "draft" && each.provider.id })[query.get("box")] === person.organisation.id || query.get("box") === "all"))],
  ["POST", "/requests", ({ body, person }) => requestFor(newRequest(body, person), person)],
  ["GET", "/requests/:id", ({ id, person }) => requestFor(find(requests, id), person)],
  ["PUT", "/requests/:id", (call) => actOnRequest({ ...call, verb: "edit" })],
  ["POST", "/requests/:id/:verb", actOnRequest],
  ["GET", "/grants", ({ person, query }) => page(grants.map((each) => grantFor(each, person)).filter((each) => ({ mine: each.requester.id, given: each.provider.id })[query.get("side")] === person.organisation.id || query.get("side") === "all"))],
  ["GET", "/grants/:id", ({ id, person }) => grantFor(find(grants, id), person)],
  ["GET", "/grants/:id/proof", ({ id }) => log.proof(find(grants, id).record.index)],
  ["GET", "/grants/:id/usage", ({ id }) => ({ items: find(grants, id).usage_records })],
  ["POST", "/grants/:id/trial_token", () => ({ access_token: "trial", expires_in: 120 })],
  ["POST", "/grants/:id/revoke", ({ id, person }) => { const grant = find(grants, id); grant.state = "revoked"; grant.revision += 1; record(person, "GrantRevoked", id); return grantFor(grant, person); }],
  ["GET", "/systems", ({ person }) => page(systems.filter((each) => each.owner === person.organisation.id))],
  ["POST", "/systems", ({ body, person }) => ({ ...systems[systems.push({ id: mint("sys"), revision: 1, owner: person.organisation.id, name: body.name, state: "active", created_at: now() }) - 1], client_secret: "vG3kq0R0s2mB8cYp1nXw4tLz7uHjE5dA" })],
  ["POST", "/systems/:id/:verb", ({ id, verb }) => (verb === "rotate" ? { ...find(systems, id), client_secret: "Zt7pWm2bQe9xKc4nVh1sLr6yUj3aFd8g" } : Object.assign(find(systems, id), { state: "inactive" }))],
  ["GET", "/journal", ({ query }) => page(log.entries.toReversed().filter((each) => !query.get("subject") || each.subject === query.get("subject")).filter((each) => !query.get("event") || each.event === query.get("event")).map(journalItem))],
  ["GET", "/journal/checkpoint", () => log.checkpoint()],
  ["GET", "/journal/:id", ({ id }) => { const each = log.entries[Number(id)]; if (!each) throw new Refusal(404, "not_found"); return { ...journalItem(each), entry: each.entry, body: each.body, salt: each.salt }; }],
  ["GET", "/journal/:id/proof", ({ id }) => log.proof(Number(id))],
].map(([method, path, make]) => ({ method, pattern: new RegExp(`^/api/v1${path.replace(/:(\w+)/g, "(?<$1>[^/]+)")}$`), make }));

const publicRoutes = {
  "POST /api/v1/session": ({ body, response }) => {
    const person = people.find((each) => each.login === body.login);
    if (!person || !body.password) throw new Refusal(401, "login_failed");
    const token = mint("ses");
    sessions.set(token, person);
    response.setHeader("set-cookie", `shuqiao_session=${token}; HttpOnly; SameSite=Strict; Path=/`);
    return sessionView(person);
  },
  "DELETE /api/v1/session": ({ token }) => void sessions.delete(token),
  "POST /api/v1/first-login/check": ({ body }) => { const person = invitations.get(body.token); if (!person) throw new Refusal(422, "link_invalid"); return { login: person.login, name: person.name }; },
  "POST /api/v1/first-login": ({ body }) => { if (body.password.length < 12) throw new Refusal(422, "password_weak"); },
  "GET /.well-known/shuqiao-log": () => ({ origin: "zunyi/record", verifier_key: log.verifierKey }),
};

function answer(call) {
  const open = publicRoutes[`${call.method} ${call.url.pathname}`];
  if (open) return open(call);
  if (call.url.pathname.startsWith("/data/")) return dataPlane(call, grants, Refusal);
  if (!call.person) throw new Refusal(401, "session_missing");
  for (const route of routes) {
    const found = route.method === call.method && route.pattern.exec(call.url.pathname);
    if (found) return route.make({ ...call, ...found.groups });
  }
  throw new Refusal(404, "not_found");
}
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
function file(pathname, response) {
  const wanted = join(DIST, normalize(pathname));
  const path = extname(wanted) && existsSync(wanted) ? wanted : join(DIST, "index.html");
  response.writeHead(200, { "content-type": TYPES[extname(path)] ?? "application/octet-stream", "content-security-policy": CSP });
  createReadStream(path).pipe(response);
}
createServer(async (request, response) => {
  const url = new URL(request.url, "http://stub");
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  if (!/^\/(api|data|oauth2|\.well-known)\//.test(url.pathname)) return file(url.pathname, response);
  const raw = Buffer.concat(chunks).toString();
  const token = /shuqiao_session=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
  const match = request.headers["if-match"];
  try {
    const body = raw.startsWith("{") ? JSON.parse(raw) : {};
    const out = answer({ method: request.method, url, query: url.searchParams, body, person: sessions.get(token), token, revision: match ? Number(match.replaceAll('"', "")) : null, request, response });
    const isText = typeof out === "string";
    response.writeHead(out === undefined ? 204 : 200, { "content-type": isText ? "text/plain; charset=utf-8" : "application/json" });
    response.end(out === undefined ? undefined : isText ? out : JSON.stringify(out));
  } catch (error) {
    const refusal = error instanceof Refusal ? error : new Refusal(500, "fault", { detail: String(error.stack) });
    response.writeHead(refusal.body.status, { "content-type": "application/problem+json" });
    response.end(JSON.stringify(refusal.body));
  }
}).listen(PORT, "127.0.0.1", () => console.log(`stub on http://127.0.0.1:${PORT}`));

// One matter in each state worth looking at.
const [officerOfSocial, headOfSocial] = [people[4], people[5]];
for (const entry of entries) for (const each of entry.history) log.append(each.at, each.event, { kind: "person", id: people[0].id, name: each.person_name, organisation: people[0].organisation.id, organisation_name: each.organisation_name }, entry.id, "done", {});
for (const [stage, light, left] of [[5, "grey", 4], [4, "yellow", 2], [3, "red", -2], [3, "green", 8], [2, "", 0], [1, "", 0]]) {
  const request = newRequest(data.requestContent(stage === 3 ? { scenario: "失业保险金申领资格核验" } : {}), officerOfSocial);
  const provider = people[0];
  const go = [["submit", officerOfSocial, {}], ["consent", headOfSocial, { opinion: "确为履职所需，同意申请" }], ["propose", provider, { decision: { kind: "agree", opinion: "符合共享条件", narrowing: { rows_per_day: 10_000 } } }], ["decide", people[1], {}]];
  for (const [verb, person, body] of go.slice(0, stage - 1)) actOnRequest({ person, id: request.id, verb, body, revision: request.revision });
  if (request.clock && stage < 5) Object.assign(request.clock, { light, remaining_working_days: left });
}
