// Every address of the console. Only ids, tabs and search words stand in them, never a value of the data itself.
export const paths = {
  login: "/login",
  welcome: "/welcome",
  workbench: "/",
  inbox: "/inbox",
  inboxTab: (tab: string) => `/inbox?tab=${tab}`,
  catalogue: "/catalogue",
  ownEntries: "/catalogue/own",
  announcements: "/catalogue/announcements",
  elements: "/elements",
  entryNew: "/catalogue/new",
  entryImport: "/catalogue/import",
  entry: (id: string) => `/catalogue/${id}`,
  entryEdit: (id: string) => `/catalogue/${id}/edit`,
  sources: "/sources",
  source: (id: string) => `/sources/${id}`,
  requests: "/requests",
  requestsBox: (box: string) => `/requests?box=${box}`,
  requestNew: (entry: string) => `/requests/new?entry=${entry}`,
  request: (id: string) => `/requests/${id}`,
  cart: "/requests/cart",
  application: (id: string) => `/applications/${id}`,
  requestEdit: (id: string) => `/requests/${id}/edit`,
  grants: "/grants",
  grant: (id: string) => `/grants/${id}`,
  grantUsage: (id: string) => `/grants/${id}/usage`,
  cases: "/cases",
  casesBox: (box: string, kind = "") => `/cases?box=${box}${kind ? `&kind=${kind}` : ""}`,
  case: (id: string) => `/cases/${id}`,
  /** With the ids of what it is about; of several under one name each stands there. */
  caseNew: (kind: string, about: object = {}) => {
    const asked = new URLSearchParams({ kind });
    for (const [name, given] of Object.entries(about)) for (const each of [given].flat()) if (each) asked.append(name, String(each));
    return `/cases/new?${asked.toString()}`;
  },
  record: "/record",
  recordOf: (subject: string) => `/record?subject=${subject}`,
  recordEntry: (index: number) => `/record/${index}`,
  leaks: "/leaks",
  scorecards: (period = "", unit = "", indicator = "") => {
    const asked = new URLSearchParams(Object.entries({ period, unit, indicator }).filter(([, value]) => value !== ""));
    return asked.size > 0 ? `/scorecards?${asked.toString()}` : "/scorecards";
  },
  calendar: "/calendar",
  rules: "/rules",
  systems: "/systems",
  gateways: "/gateways",
  system: (id: string) => `/systems/${id}`,
  refusal: (reference = "") => (reference ? `/refusals?id=${encodeURIComponent(reference)}` : "/refusals"),
  people: "/admin/people",
  organisations: "/admin/organisations",
  verify: (number: string) => `/verify/${number}`,
  forbidden: "/403",
} as const;
