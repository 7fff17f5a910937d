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
const [authority, police, labour, civil] = organisations;
export const people = [
  who(1, "police.officer", "李晓峰", police, ["data_officer", "developer"]),
  who(2, "police.office", "王建国", police, ["office_head"]),
  who(3, "police.head", "陈卫东", police, ["department_head"]),
  who(4, "authority", "赵敏", authority, ["authority_officer"]),
  who(5, "labour.officer", "周婷", labour, ["data_officer", "developer"]),
  who(6, "labour.office", "吴涛", labour, ["office_head"]),
  who(7, "auditor", "郑洁", authority, ["auditor"]),
  who(8, "admin", "孙立", authority, ["system_administrator"]),
];
export const capabilities = {
  data_officer: ["source_create", "catalogue_create", "request_create", "system_create"],
  developer: ["system_create"],
  auditor: ["journal_read"],
  authority_officer: ["journal_read"],
  system_administrator: ["person_create", "organisation_create", "journal_read"],
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
      name: "rk_jbxx", rows_estimate: 6_610_752, key: ["gmsfhm"],
      columns: [
        column("gmsfhm", "text", "TEXT"), column("xm", "text", "TEXT"), column("xb", "text", "TEXT"), column("csrq", "date", "DATE"),
        column("hjdz_qh", "text", "TEXT"), column("hjdz", "text", "TEXT", true), column("hyzk", "text", "TEXT", true),
        column("lxdh", "text", "TEXT", true), column("gxsj", "date_time", "DATETIME"),
      ],
    },
    { name: "rk_swxx", rows_estimate: 41_208, key: ["gmsfhm"], columns: [column("gmsfhm", "text", "TEXT"), column("swrq", "date", "DATE")] },
  ],
};
const item = (name, title, columnName, item_type, grade, extra = {}) => ({
  name, title, column: columnName, item_type, grade, sharing_attribute: null, personal: true, sensitive: false, mask: null,
  filterable: false, description: null, ...extra,
});
export const items = [
  item("citizen_id", "公民身份号码", "gmsfhm", "text", "l3", { sensitive: true, mask: { kind: "keep_ends", head: 6, tail: 4 } }),
  item("person_name", "姓名", "xm", "text", "l2", { mask: { kind: "keep_ends", head: 1, tail: 0 } }),
  item("sex", "性别", "xb", "text", "l1"),
  item("birth_date", "出生日期", "csrq", "date", "l2", { mask: { kind: "year_only" } }),
  item("region_code", "户籍地行政区划", "hjdz_qh", "text", "l1", { personal: false, filterable: true }),
  item("household_address", "户籍地址", "hjdz", "text", "l3", { sensitive: true, mask: { kind: "redact" } }),
  item("marital_status", "婚姻状况", "hyzk", "text", "l2"),
  item("phone", "联系电话", "lxdh", "text", "l3", { sensitive: true, mask: { kind: "keyed_hash" } }),
  item("updated_at", "更新时间", "gxsj", "date_time", "l1", { personal: false, filterable: true }),
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
  secrecy: { state_secret: false, work_secret: false, declared_by_name: "李晓峰", statement: "本目录不含国家秘密和工作秘密。" },
  personal_information: {
    contains: true,
    assessment: { lawful_purpose: "依法履行户籍管理职责所采集", impact: "泄露可能对个人权益造成一般至严重危害", safeguards: "脱敏、限行、限频、全程留痕", assessor: "李晓峰", date: ahead(-20) },
  },
  secrecy_review: { reviewer: "刘保密", date: ahead(-18), conclusion: "不涉及国家秘密、工作秘密，可以共享", document_number: "遵公保审〔2026〕12号" },
  resource: { source: `src_${hex(1)}`, table: "rk_jbxx", key: ["gmsfhm"] },
  limits: { calls_per_second_max: 20, rows_per_call_max: 500, rows_per_day_max: 200_000 }, items, ...over,
});
const entry = (n, provider, state, over, extra = {}) => ({
  id: `cat_${hex(n)}`, revision: 3, state, version: 1, catalogue_number: state === "published" ? `520300-${100 + n}/000${n}` : null,
  provider, head_approval: state === "draft" ? null : { person: `per_${hex(3)}`, name: "陈卫东", at: ago(16) },
  published_at: state === "published" ? ago(14) : null,
  history: [
    { at: ago(20), event: "CatalogueEntryDrafted", person_name: "李晓峰", organisation_name: provider.name },
    ...(state === "draft" ? [] : [{ at: ago(17), event: "CatalogueEntrySubmitted", person_name: "李晓峰", organisation_name: provider.name }]),
    ...(state === "published" ? [
      { at: ago(16), event: "CatalogueEntryApprovedByHead", person_name: "陈卫东", organisation_name: provider.name, note: "同意报送" },
      { at: ago(14), event: "CatalogueEntryPublished", person_name: "赵敏", organisation_name: authority.name },
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
  entry(7, police, "draft", { name: "机动车登记信息", summary: "", collection_basis: null, secrecy_review: null }),
];
export const sources = [{
  id: `src_${hex(1)}`, revision: 1, owner: police.id, name: "人口库", kind: "sqlite", location: "renkou.db", encoding: null, structure,
  described_at: ago(21), allowed: ["describe"],
}];
export const systems = [{ id: `sys_${hex(1)}`, revision: 1, owner: labour.id, name: "社会保险业务系统", state: "active", created_at: ago(30) }];
export const requestContent = (over = {}) => ({
  entry: `cat_${hex(1)}`, basis: { rank: "law", title: "中华人民共和国社会保险法", article: "第五十七条" },
  scenario: "城乡居民养老保险参保资格核验", scope_of_use: "市人社局社会保险经办机构",
  purpose: "核验参保申请人的身份和户籍所在地，避免群众重复提交户籍证明", items: ["citizen_id", "person_name", "region_code"],
  rows: [{ item: "region_code", prefix: "520302" }], method: "service_interface", systems: [`sys_${hex(1)}`], calls_per_second: 5,
  rows_per_call: 100, rows_per_day: 20_000, valid_from: ahead(0), valid_until: ahead(365),
  safeguards: "等保三级；专人专机；结果不落地，仅保留核验结论", contact: { name: "周婷", phone: "0851-2822XXXX" }, attestation: true, ...over,
});
