// Short names for the shapes of the HTTP API. The shapes themselves are generated from openapi.json (`npm run codegen`).
import type { components, paths } from "./schema";

type Schema = components["schemas"];

export type Level = Schema["Level"];
export type OrganisationKind = Schema["OrganisationKind"];
export type Role = Schema["Role"];
export type SharingAttribute = Schema["SharingAttribute"];
export type SharingMethod = Schema["SharingMethod"];
export type DataFormat = Schema["DataFormat"];
export type UpdateFrequency = Schema["UpdateFrequency"];
export type Grade = Schema["Grade"];
export type ItemType = Schema["ItemType"];
export type SourceKind = Schema["SourceKind"];
export type BasisRank = Schema["BasisRank"];
export type Literal = Schema["Literal"];
export type Mask = Schema["Mask"];

export interface Page<T> {
  items: T[];
  next: string | null;
}

export type LeakTrace = Schema["LeakTrace"];
export type LeakForm = paths["/api/v1/leaks/trace"]["post"]["parameters"]["query"]["form"];
export type ImportReport = Schema["ImportReport"];
export type ImportProblem = Schema["ImportProblem"];
export type ImportedEntry = Schema["ImportedEntry"];
export type Session = Schema["Session"];
export type Action = Schema["Action"];
export type Person = Schema["Person"];
export type PersonNew = Schema["PersonNew"];
export type Organisation = Schema["Organisation"];
export type OrganisationNew = Schema["OrganisationNew"];
export type Region = Schema["Region"];

export type Paper = Schema["Paper"];
export type PaperKind = Schema["PaperKind"];
export type PaperVerification = Schema["PaperVerification"];

export type TableStructure = Schema["Table"];
export type Source = Schema["Source"];
export type SourceNew = Schema["SourceNew"];
export type ServiceNew = Schema["ServiceNew"];
export type IntakeFile = Schema["IntakeFile"];

export type Item = Schema["Item"];
export type Basis = Schema["Basis"];
export type EntryContent = Schema["EntryContent"];
export type Entry = Schema["Entry"];
export type EntryHit = Schema["EntryHit"];
export type Difference = Schema["Difference"];
export type Change = Schema["Change"];
export type ChangeKind = Schema["ChangeKind"];
export type VersionLine = Schema["VersionLine"];
export type Announcement = Schema["Announcement"];
export type FieldProblem = Schema["FieldProblem"];
export type HistoryItem = Schema["HistoryLine"];
export type SentBack = Schema["SentBack"];

export type RowCondition = Schema["RowCondition"];
export type RequestContent = Schema["RequestContent"];
export type SharingRequest = Schema["SharingRequest"];
export type SharingRequestHit = Schema["SharingRequestHit"];
export type NewCart = Schema["NewCart"];
export type CartEntry = Schema["CartEntry"];
export type Cart = Schema["Cart"];
export type CartPart = Schema["CartPart"];
export type ConditionKey = Schema["ConditionKey"];
export type Clock = Schema["Clock"];
export type Narrowing = Schema["Narrowing"];
export type RefusalReason = Schema["RefusalReason"];
export type Decision = Schema["Decision"];
export type Decided = Schema["Decided"];

export type Case = Schema["Case"];
export type CaseHit = Schema["CaseHit"];
export type CaseKind = Schema["CaseKind"];
export type CaseMatter = Schema["CaseMatter"];
export type CaseAct = Schema["CaseAct"];

export type DataElement = Schema["DataElement"];
export type RepeatedElement = Schema["RepeatedElement"];
export type RepeatedItem = Schema["RepeatedItem"];

export type InboxItem = Schema["InboxItem"];
export type InboxTab = keyof Schema["InboxCounts"];

export type Grant = Schema["Grant"];
export type Responsible = Schema["Responsible"];
export type SharingLink = Schema["SharingLink"];
export type RevocationGround = Schema["RevocationGround"];
export type UsageRecord = Schema["UsageRecord"];
export type DepartmentSystem = Schema["System"];
export type Gateway = Schema["Gateway"];
export type SystemKey = Schema["SystemKey"];
export type SystemKeyNew = Schema["SystemKeyNew"];
export type SystemCalling = Schema["SystemCalling"];
export type NationalAccess = Schema["NationalAccess"];
export type Refusal = Schema["Refusal"];

export type Reminder = Schema["Reminder"];
export type CalendarYear = Schema["CalendarYear"];
export type CalendarNotice = Schema["CalendarNotice"];
export type CalendarNoticeNew = Schema["CalendarNoticeNew"];
export type ClockId = Schema["ClockId"];
export type RulePolicies = Schema["RulePolicies"];
export type RuleSet = Schema["RuleSet"];
export type RuleSetNew = Schema["RuleSetNew"];
export type Deadline = Schema["Deadline"];

export type JournalItem = Schema["JournalItem"];
export type JournalEntry = Schema["JournalEntry"];
export type Score = Schema["Score"];
export type ScoreAim = Schema["ScoreAim"];
export type ScoreCase = Schema["ScoreCase"];
export type ScoreCell = Schema["ScoreCell"];
export type ScoreColumn = Schema["ScoreColumn"];
export type ScoreLight = Schema["ScoreLight"];
export type ScoreMeasure = Schema["ScoreMeasure"];
export type ScoreRow = Schema["ScoreRow"];
export type ScorecardTable = Schema["ScorecardTable"];
export type RecomputedScorecard = Schema["RecomputedScorecard"];
export type Statistics = Schema["Statistics"];

/** Cells are of any JSON type; the document cannot say so of an array. */
export type DataAnswer = Omit<Schema["DataAnswer"], "rows"> & { rows: Literal[][] | (Literal | null)[][] };
export type DataQuery = Schema["DataQuery"];
