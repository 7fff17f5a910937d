// What the stub server starts with: three departments of one city and their matters.

export const now = () => new Date().toISOString().replace(/\.\d+Z$/, "Z");
export const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
export const ahead = (days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const hex = (n) => n.toString(16).padStart(32, "0");
let serial = 100;
export const mint = (prefix) => `${prefix}_${hex(serial++)}`;

const org = (n, name, short_name, kind, level = "city", code = null) => ({
  id: `org_${hex(n)}`, name, short_name, kind, level, region_code: "5203", parent: null, code,
});
export const organisations = [
  org(1, "遵义市大数据发展管理局", "市大数据局", "sharing_authority", "city", "11520300MB1A12345X"),
  org(2, "遵义市公安局", "市公安局", "department", "city", "115203000096A10012"),
  org(3, "遵义市人力资源和社会保障局", "市人社局", "department", "city", "115203000096B20023"),
  org(4, "遵义市民政局", "市民政局", "department", "city", "115203000096C30034"),
];
const who = (n, login, name, organisation, roles) => ({ id: `per_${hex(n)}`, login, name, roles, organisation, state: "active" });
const [authority, police, social, civil] = organisations;
export const people = [
  who(1, "police.officer", "王立", police, ["data_officer"]),
  who(2, "police.office", "刘主任", police, ["office_head"]),
  who(3, "police.head", "陈局长", police, ["department_head"]),
  who(4, "authority", "周主管", authority, ["authority_officer"]),
  who(5, "social.officer", "李娜", social, ["data_officer"]),
  who(6, "social.office", "吴主任", social, ["office_head"]),
  who(7, "auditor", "沈审计", authority, ["auditor"]),
  who(8, "admin", "程系统", authority, ["system_administrator"]),
  who(9, "social.developer", "郑开发", social, ["developer"]),
];
export const capabilities = {
  data_officer: ["source_create", "catalogue_create", "request_create"],
  developer: ["system_create"],
  auditor: ["journal_read"],
  authority_officer: ["journal_read"],
  system_administrator: ["person_create", "person_reset", "person_deactivate", "organisation_create"],
};
export const regions = {
  52: [["5203", "遵义市"], ["5201", "贵阳市"]],
  5203: [["520302", "红花岗区"], ["520303", "汇川区"], ["520304", "播州区"], ["520322", "桐梓县"], ["520323", "绥阳县"], ["520382", "仁怀市"]],
};

const column = (name, item_type, native_type, nullable = false) => ({ name, item_type, nullable, native_type });
export const structure = {
  digest: "5f1c1f0d2a9ce5e4b4a1c54f1dd1b6b06d0f5a2b5b7a3a9be0f6d1f0aa11c2d3",
  tables: [
    {
      name: "persons", rows_estimate: 6_610_752, key: ["id_number"],
      columns: [
        column("id_number", "text", "TEXT"), column("name", "text", "TEXT"), column("sex", "text", "TEXT"), column("birth_date", "date", "DATE"),
        column("county_code", "text", "TEXT"), column("address", "text", "TEXT", true), column("marital_status", "text", "TEXT", true),
        column("phone", "text", "TEXT", true), column("registered_on", "date_time", "DATETIME"),
      ],
    },
    { name: "deaths", rows_estimate: 41_208, key: ["id_number"], columns: [column("id_number", "text", "TEXT"), column("died_on", "date", "DATE")] },
  ],
};
const item = (name, title, columnName, item_type, grade, extra = {}) => ({
  name, title, column: columnName, item_type, grade, sharing_attribute: null, personal: true, sensitive: false, mask: null,
  description: "", ...extra,
});
export const items = [
  item("id_number", "公民身份号码", "id_number", "text", "l3", { sensitive: true, mask: { kind: "keep_ends", head: 6, tail: 4 } }),
  item("name", "姓名", "name", "text", "l2", { mask: { kind: "keep_ends", head: 1, tail: 0 } }),
  item("sex", "性别", "sex", "text", "l1"),
  item("birth_date", "出生日期", "birth_date", "date", "l2", { mask: { kind: "year_only" } }),
  item("county_code", "户籍地行政区划", "county_code", "text", "l1", { personal: false }),
  item("address", "户籍地址", "address", "text", "l3", { sensitive: true, mask: { kind: "redact" } }),
  item("marital_status", "婚姻状况", "marital_status", "text", "l2"),
  item("phone", "联系电话", "phone", "text", "l3", { sensitive: true, mask: { kind: "keyed_hash" } }),
  item("registered_on", "更新时间", "registered_on", "date_time", "l1", { personal: false }),
];

export const content = (over = {}) => ({
  name: "人口基础信息", summary: "全市户籍人口的身份、户籍地和婚姻状况等基础信息，由派出所在办理户籍业务时采集并逐日更新。",
  data_format: "database", update_frequency: "daily", sharing_attribute: "conditional",
  conditions: {
    allowed_organisation_kinds: ["department", "authorised_organisation"], allowed_levels: ["province", "city", "county"],
    purposes: ["社会保险参保资格核验", "社会救助对象身份核验"], subject_consent_required: false, note: "仅限与履行职责直接相关的核验",
  },
  not_shared_basis: null, methods: ["service_interface"], classification: { category: "基础信息资源/人口/户籍", grade: "l3" },
  collection_basis: { rank: "law", title: "中华人民共和国户口登记条例", article: "第四条" },
  secrecy: { state_secret: false, work_secret: false, reviewer: "市公安局保密办", date: ahead(-18), conclusion: "经审查，不涉及国家秘密和工作秘密，可按目录所列属性共享。" },
  personal_information: {
    contains: true,
    assessment: { lawful_purpose: "依法履行户籍管理职责所采集", impact: "泄露可能对个人权益造成一般至严重危害", safeguards: "脱敏、限行、限频、全程留痕", assessor: "王立", date: ahead(-20) },
  },
  resource: { source: `src_${hex(1)}`, table: "persons" },
  limits: { calls_per_second_max: 20, rows_per_call_max: 500, rows_per_day_max: 200_000 }, items, ...over,
});
const entry = (n, provider, state, over, extra = {}) => ({
  id: `cat_${hex(n)}`, revision: 3, state, version: 1, catalogue_number: state === "published" ? `520300-${100 + n}/000${n}` : null,
  provider, head_approval: state === "draft" ? null : { person: `per_${hex(3)}`, name: "陈局长", at: ago(16) },
  published_at: state === "published" ? ago(14) : null,
  history: [
    { at: ago(20), event: "CatalogueEntryDrafted", person_name: "王立", organisation_name: provider.name },
    ...(state === "draft" ? [] : [{ at: ago(17), event: "CatalogueEntrySubmitted", person_name: "王立", organisation_name: provider.name }]),
    ...(state === "published" ? [
      { at: ago(16), event: "CatalogueEntryApprovedByHead", person_name: "陈局长", organisation_name: provider.name, note: "同意报送" },
      { at: ago(14), event: "CatalogueEntryPublished", person_name: "周主管", organisation_name: authority.name },
    ] : []),
  ],
  ...content(over), ...extra,
});
export const entries = [
  entry(1, police, "published", {}),
  entry(2, police, "published", { name: "人口死亡信息", summary: "户籍人口死亡登记及注销户口信息，按日更新。", sharing_attribute: "unconditional", conditions: null, items: items.slice(0, 3), classification: { category: "基础信息资源/人口/户籍", grade: "l2" } }),
  entry(3, civil, "published", { name: "婚姻登记信息", summary: "本市婚姻登记机关办理的结婚、离婚登记信息。", update_frequency: "monthly" }),
  entry(4, police, "published", { name: "治安重点人员信息", summary: "依法不予共享的治安管理信息。", sharing_attribute: "not_shared", not_shared_basis: { rank: "law", title: "中华人民共和国人民警察法", article: "第二十二条", reason: "法律规定不得向其他单位提供" } }),
  entry(5, police, "awaiting_head", { name: "居住证信息", summary: "流动人口居住证申领、签注信息。" }),
  entry(6, civil, "filed", { name: "社会救助对象信息", summary: "城乡低保、特困供养、临时救助对象信息。" }),
  entry(7, police, "draft", { name: "机动车登记信息", summary: "", collection_basis: null, secrecy: null }),
];
export const sources = [{
  id: `src_${hex(1)}`, revision: 1, owner: police.id, name: "人口库", kind: "sqlite", location: "persons.db", encoding: null, structure,
  described_at: ago(21), allowed: ["describe"],
}];
export const systems = [{ id: `sys_${hex(1)}`, revision: 1, owner: social.id, name: "社会保险业务系统", state: "active", created_at: ago(30) }];
export const requestContent = (over = {}) => ({
  entry: `cat_${hex(1)}`, basis: { rank: "law", title: "中华人民共和国社会保险法", article: "第五十七条" },
  scenario: "城乡居民养老保险参保资格核验", scope_of_use: "市人社局社会保险经办机构",
  purpose: "核验参保申请人的身份和户籍所在地，避免群众重复提交户籍证明", items: ["id_number", "name", "county_code"],
  rows: [{ item: "county_code", prefix: "520302" }], method: "service_interface", systems: [`sys_${hex(1)}`], calls_per_second: 5,
  rows_per_call: 100, rows_per_day: 20_000, valid_from: ahead(0), valid_until: ahead(365),
  safeguards: "等保三级；专人专机；结果不落地，仅保留核验结论", contact: { name: "李娜", phone: "0851-2822XXXX" }, attestation: true, ...over,
});
