// The stub's data plane: made-up rows behind the same address and the same refusals.
import { ago, mint, now } from "./stub-data.mjs";

const rows = [
  ["520302****0017", "王**", "520302"], ["520302****1225", "李*", "520302"], ["520302****3341", "欧阳**", "520302"], ["520302****482X", "陈*", "520302"],
];
export function grantOf(request, entry, systems, person) {
  const id = mint("grt");
  const url = `http://127.0.0.1:8080/data/v1/grants/${id}/query`;
  const body = { purpose: request.number, items: request.items, conditions: [{ item: "county_code", prefix: "520302" }], limit: 20 };
  return {
    id, number: `SQ-${request.number}`, revision: 1, state: "active", requester: request.requester, provider: request.provider, entry: entry.id,
    entry_name: entry.name, request: request.id, purpose: request.number, purpose_text: request.purpose,
    items: entry.items.filter((item) => request.items.includes(item.name)).map(({ name, title, item_type, grade, mask }) => ({ name, title, item_type, grade, mask })),
    rows: request.rows, row_text_zh: "户籍地行政区划属于 520302（遵义市红花岗区）及其下级", row_text_en: "Region of registered residence within 520302 (Honghuagang District, Zunyi)",
    methods: [request.method], systems: systems.filter((system) => request.systems.includes(system.id)).map(({ id: systemId, name }) => ({ id: systemId, name })),
    calls_per_second: 5, rows_per_call: 100, rows_per_day: 10_000, valid_from: request.valid_from, valid_until: request.valid_until, suspension: null, consents: [], open_cases: [], revocation: null, agreed_at: now(), agreed_by: person.name, record: null,
    call: { url, example_body: body, curl: `curl -sS ${url} \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '${JSON.stringify(body)}'`, java: `var body = """\n    ${JSON.stringify(body)}""";\nvar request = HttpRequest.newBuilder(URI.create("${url}"))\n    .header("Authorization", "Bearer " + token)\n    .header("Content-Type", "application/json")\n    .POST(BodyPublishers.ofString(body)).build();\nvar answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());`, python: `import httpx\n\nanswer = httpx.post(\n    "${url}",\n    headers={"Authorization": f"Bearer {token}"},\n    json=${JSON.stringify(body)},\n)\nanswer.raise_for_status()` },
    usage: { calls: 1284, rows: 25_640, refused: 3, last_at: ago(0.1) },
    usage_records: [
      { index: 412, at: ago(0.1), grant: id, caller: systems[0].id, organisation: request.requester.id, method: "service_interface", outcome: { delivered: { rows: 20, bytes: 1840, digest: "9c1f…" } }, items: request.items, request_id: "01" },
      { index: 398, at: ago(0.4), grant: id, caller: systems[0].id, organisation: request.requester.id, method: "service_interface", outcome: { refused: { code: "item_not_granted" } }, items: ["phone"], request_id: "02" },
    ],
  };
}
export function dataPlane({ url, body }, grants, Refusal) {
  const grant = grants.find((each) => url.pathname.includes(each.id));
  if (!grant) throw new Refusal(403, "grant_missing", { request_url: "/catalogue" });
  if (body.purpose !== grant.purpose) throw new Refusal(403, "purpose_mismatch", { params: { granted: grant.purpose } });
  if (body.limit > grant.rows_per_call) throw new Refusal(422, "limit_too_large", { params: { limit: body.limit, granted: grant.rows_per_call } });
  const names = body.items?.length ? body.items : grant.items.map((item) => item.name);
  const order = ["id_number", "name", "county_code"];
  return {
    items: names.map((name) => ({ name, type: "text", masked: Boolean(grant.items.find((item) => item.name === name)?.mask) })),
    rows: rows.slice(0, body.limit).map((row) => names.map((name) => row[order.indexOf(name)] ?? null)), next: "b3BhcXVl", record: { index: 413, log: "zunyi/usage" },
  };
}
