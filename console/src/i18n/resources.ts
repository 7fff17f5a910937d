// Texts of both languages, by area. A test holds the keys of the two together.
import adminEn from "./en/admin.json";
import adminZh from "./zh-CN/admin.json";
import authEn from "./en/auth.json";
import authZh from "./zh-CN/auth.json";
import batchEn from "./en/batch.json";
import batchZh from "./zh-CN/batch.json";
import casesEn from "./en/cases.json";
import casesZh from "./zh-CN/cases.json";
import catalogueEn from "./en/catalogue.json";
import catalogueZh from "./zh-CN/catalogue.json";
import clocksEn from "./en/clocks.json";
import clocksZh from "./zh-CN/clocks.json";
import commonEn from "./en/common.json";
import commonZh from "./zh-CN/common.json";
import elementsEn from "./en/elements.json";
import elementsZh from "./zh-CN/elements.json";
import entryEn from "./en/entry.json";
import entryZh from "./zh-CN/entry.json";
import gatewaysEn from "./en/gateways.json";
import gatewaysZh from "./zh-CN/gateways.json";
import grantsEn from "./en/grants.json";
import grantsZh from "./zh-CN/grants.json";
import inboxEn from "./en/inbox.json";
import inboxZh from "./zh-CN/inbox.json";
import listsEn from "./en/lists.json";
import listsZh from "./zh-CN/lists.json";
import papersEn from "./en/papers.json";
import papersZh from "./zh-CN/papers.json";
import problemsEn from "./en/problems.json";
import problemsZh from "./zh-CN/problems.json";
import recordEn from "./en/record.json";
import recordZh from "./zh-CN/record.json";
import requestsEn from "./en/requests.json";
import requestsZh from "./zh-CN/requests.json";
import scorecardsEn from "./en/scorecards.json";
import scorecardsZh from "./zh-CN/scorecards.json";
import sourcesEn from "./en/sources.json";
import sourcesZh from "./zh-CN/sources.json";
import systemsEn from "./en/systems.json";
import systemsZh from "./zh-CN/systems.json";
import workbenchEn from "./en/workbench.json";
import workbenchZh from "./zh-CN/workbench.json";

export const resources = {
  "zh-CN": {
    admin: adminZh,
    auth: authZh,
    batch: batchZh,
    cases: casesZh,
    catalogue: catalogueZh,
    clocks: clocksZh,
    common: commonZh,
    elements: elementsZh,
    entry: entryZh,
    gateways: gatewaysZh,
    grants: grantsZh,
    inbox: inboxZh,
    lists: listsZh,
    papers: papersZh,
    problems: problemsZh,
    record: recordZh,
    requests: requestsZh,
    scorecards: scorecardsZh,
    sources: sourcesZh,
    systems: systemsZh,
    workbench: workbenchZh,
  },
  en: {
    admin: adminEn,
    auth: authEn,
    batch: batchEn,
    cases: casesEn,
    catalogue: catalogueEn,
    clocks: clocksEn,
    common: commonEn,
    elements: elementsEn,
    entry: entryEn,
    gateways: gatewaysEn,
    grants: grantsEn,
    inbox: inboxEn,
    lists: listsEn,
    papers: papersEn,
    problems: problemsEn,
    record: recordEn,
    requests: requestsEn,
    scorecards: scorecardsEn,
    sources: sourcesEn,
    systems: systemsEn,
    workbench: workbenchEn,
  },
} as const;
