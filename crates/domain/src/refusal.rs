//! Refusals: the rules say no, with a code, parameters and the article.

use shuqiao_vocabulary::{Article, closed_list};
use std::{collections::BTreeMap, fmt};

closed_list! {
    /// Why a rule refuses. Codes are for ever (invariant 12).
    RefusalCode {
        /// The aggregate is in a state that does not admit the verb.
        NotInThisState = "not_in_this_state",
        /// A catalogue entry is incomplete or contradicts itself; `problems` names every field.
        EntryIncomplete = "entry_incomplete",
        /// A request is incomplete or asks for more than the entry offers; `problems` names every field.
        RequestIncomplete = "request_incomplete",
        /// The entry is not published.
        EntryNotPublished = "entry_not_published",
        /// The entry's data is not shared.
        EntryNotShared = "entry_not_shared",
        /// A department does not ask itself.
        OwnEntry = "own_entry",
        /// What is missing was already told once.
        SupplementAlreadyAsked = "supplement_already_asked",
        /// A text that must be given is empty or too long.
        TextRequired = "text_required",
        /// A refusal gives no reasons.
        ReasonsRequired = "reasons_required",
        /// A narrowing asks for more than the request did.
        NotNarrower = "not_narrower",
        /// An agreement would leave nothing to share.
        NothingGranted = "nothing_granted",
        /// The calendar cannot say when the term ends.
        DeadlineOutOfRange = "deadline_out_of_range",
        /// The period of use is over before it would begin.
        PeriodOver = "period_over",
        /// Ending a service by agreement needs its filing number.
        FilingNumberRequired = "filing_number_required",
        /// One person would hold two roles that are kept apart.
        RolesConflict = "roles_conflict",
        /// Somebody already has this login.
        LoginTaken = "login_taken",
        /// The password is too weak.
        PasswordWeak = "password_weak",
        /// An account is already deactivated, or a system switched off.
        AlreadyInactive = "already_inactive",
        /// A name or code is already taken, or not well formed.
        NameRefused = "name_refused",
        /// An organisation's region is not one of its level.
        RegionOfOtherLevel = "region_of_other_level",
        /// There is no sharing authority of this level.
        NoAuthorityOfLevel = "no_authority_of_level",
        /// The level and region have a sharing authority already.
        AuthorityExists = "authority_exists",
        /// The source's structure lacks the table or a column.
        StructureMismatch = "structure_mismatch",
        /// A case is incomplete or contradicts itself; `problems` names every field.
        CaseIncomplete = "case_incomplete",
        /// An act is meant for another kind of case.
        CaseKindMismatch = "case_kind_mismatch",
        /// What a case is about is not there.
        CaseSubjectMissing = "case_subject_missing",
        /// Only a party may do this.
        NotAParty = "not_a_party",
        /// A term of a rule set, or an extension, is longer than the Decree allows.
        RuleTooLong = "rule_too_long",
        /// A rule set changes nothing of what holds without it, or is not well formed.
        RuleRefused = "rule_refused",
        /// A notice of the calendar is known, contradicts itself, or changes nothing.
        NoticeRefused = "notice_refused",
        /// A notice of what is missing may still be answered: nothing is refused before.
        NoticeOpen = "notice_open",
        /// What is missing was never told, so its lack is no reason.
        NoticeNotGiven = "notice_not_given",
        /// The day to answer a notice lies outside of the reply's term.
        AnswerDayWrong = "answer_day_wrong",
        /// The term is over: it is not made longer any more.
        TermOver = "term_over",
        /// An extension is open or was granted before.
        ExtensionAlreadyAsked = "extension_already_asked",
        /// An extension of no days, or of more than the law has.
        ExtensionTooLong = "extension_too_long",
        /// No extension waits for a decision.
        ExtensionNotAsked = "extension_not_asked",
        /// The clock of delivery has stopped, or there is none.
        DeliverySettled = "delivery_settled",
        /// An application names no entry, too many, or one twice.
        CartEntries = "cart_entries",
        /// An entry is not retired while grants on it are in force.
        LiveGrants = "live_grants",
        /// A change of law, decision or duty is recorded once it has happened.
        ChangeInFuture = "change_in_future",
        /// More changes wait for an update of the entry than one entry keeps.
        TooManyChanges = "too_many_changes",
        /// A provider has as many gateways as it may have.
        TooManyGateways = "too_many_gateways",
        /// There is no such change, or its clock stands.
        ChangeNotOpen = "change_not_open",
        /// The term is over; it cannot be made longer any more.
        ExtensionTooLate = "extension_too_late",
        /// The thing has no such paper in its state.
        PaperNotFitting = "paper_not_fitting",
        /// Misuse is first to be put right: a grant ends for it only after its rectification failed.
        RectificationFirst = "rectification_first",
        /// A service ends by agreement only after its change was negotiated and filed.
        ServiceChangeFirst = "service_change_first",
        /// A second new date is not set.
        NewDateOnce = "new_date_once",
        /// The day for it has not come.
        NotYet = "not_yet",
        /// There is already such a case about the same thing.
        CaseAlreadyThere = "case_already_there",
        /// A new structure is held: live grants need the old one.
        StructureHeld = "structure_held",
        /// A text holds what looks like a citizen's number; people are not named here.
        PersonalDataRefused = "personal_data_refused",
        /// Who offered or answered already waits for the other party.
        OtherPartyActs = "other_party_acts",
        /// There is no sharing authority on this node that is competent.
        NoCompetentAuthority = "no_competent_authority",
        /// It was done once already, and is done once only.
        AlreadyDoneOnce = "already_done_once",
        /// The time in which this can be asked for is over.
        TooLate = "too_late",
        /// Data flows back from an upper level to a region inside it, and no other way.
        NotSuperior = "not_superior",
        /// There is more to count than one scorecard takes.
        ScorecardTooLarge = "scorecard_too_large",
        /// A circular is of a quarter or a year, and of one that is over.
        PeriodNotEvaluated = "period_not_evaluated",
        /// Not a public key that is taken.
        KeyRefused = "key_refused",
        /// The system has a key of this name, or this key.
        KeyTaken = "key_taken",
        /// The system has as many keys in their time as it may have.
        KeysTooMany = "keys_too_many",
        /// A key's time ends before it begins, is over, or is too long.
        KeyPeriodRefused = "key_period_refused",
        /// The system has no such key in its time.
        KeyMissing = "key_missing",
        /// Not a range of addresses, or too many of them.
        AddressRefused = "address_refused",
        /// A task of batch exchange cannot be as it is said; `field` names what is wrong.
        BatchTaskRefused = "batch_task_refused",
        /// A grant has as many tasks of batch exchange as it may have.
        TooManyBatchTasks = "too_many_batch_tasks",
        /// A task has a run that is not over.
        BatchRunOpen = "batch_run_open",
        /// A run has not brought its rows yet, so that there is nothing to count.
        BatchRunUnfinished = "batch_run_unfinished",
        /// A digest of rows is not 64 hexadecimal digits.
        BatchDigestMalformed = "batch_digest_malformed",
        /// A code of the national platform is not well formed, or a grant is not this system's.
        NationalRefused = "national_refused",
    }
}

closed_list! {
    /// What is wrong with one field.
    ProblemCode {
        /// It must be given.
        Required = "required",
        /// It is longer than its limit.
        TooLong = "too_long",
        /// It is not one of what is offered.
        NotOffered = "not_offered",
        /// It says the same as the name, or says nothing (“无”, “其他”).
        Placeholder = "placeholder",
        /// It stands twice.
        Duplicate = "duplicate",
        /// It contradicts another field.
        Contradiction = "contradiction",
        /// A state secret or work secret cannot be registered.
        SecretRefused = "secret_refused",
        /// The legal basis is of too low a rank.
        RankTooLow = "rank_too_low",
        /// It is larger than what is offered.
        TooLarge = "too_large",
        /// The period is empty, too long or in the past.
        PeriodWrong = "period_wrong",
        /// The value does not fit the item's type.
        TypeMismatch = "type_mismatch",
        /// The source lacks it.
        NotInSource = "not_in_source",
        /// It is not of the form asked for: a code, a date, a number, a technical name.
        Malformed = "malformed",
        /// A row of a workbook belongs to a catalogue entry that the workbook does not have.
        EntryUnknown = "entry_unknown",
        /// The name of a system stands where the data's name is expected.
        SystemName = "system_name",
        /// A number grows by one from row to row where the same text was meant: dragged in a spreadsheet.
        DragFilled = "drag_filled",
        /// The entry is marked as withdrawn or replaced (作废, 旧版).
        Withdrawn = "withdrawn",
        /// An empty row stands between rows of a workbook.
        BlankRow = "blank_row",
    }
}

/// One thing that is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the field as the wire names it, `items[2].grade`.
    pub field: String,
    /// What is wrong.
    pub code: ProblemCode,
    /// The article that asks for the field.
    pub article: Option<Article>,
    /// What the text needs, by name.
    pub params: BTreeMap<&'static str, String>,
}

impl Problem {
    /// A problem of a field.
    pub fn new(field: impl Into<String>, code: ProblemCode, article: Option<Article>) -> Self {
        Self { field: field.into(), code, article, params: BTreeMap::new() }
    }

    /// With one more parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }
}

/// The rules say no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("refused: {code}")]
pub struct Refusal {
    /// Which rule.
    pub code: RefusalCode,
    /// The article the rule rests on.
    pub ground: Option<Article>,
    /// What the text needs, by name.
    pub params: BTreeMap<&'static str, String>,
    /// Every field that is wrong, all at once.
    pub problems: Vec<Problem>,
}

impl Refusal {
    /// A refusal.
    pub fn new(code: RefusalCode, ground: Option<Article>) -> Self {
        Self { code, ground, params: BTreeMap::new(), problems: Vec::new() }
    }

    /// With one more parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.params.insert(name, value.to_string());
        self
    }

    /// The state does not admit the verb.
    pub fn not_in_this_state(verb: &'static str, state: &'static str) -> Self {
        Self::new(RefusalCode::NotInThisState, None).with("verb", verb).with("state", state)
    }

    /// `Err` with every problem, unless there is none.
    pub fn unless_fine(code: RefusalCode, ground: Article, problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            return Ok(());
        }
        Err(Self { problems, ..Self::new(code, Some(ground)) })
    }
}

/// Characters a free text (opinion, reason, statement) may have.
pub const TEXT_MAX: usize = 2_000;

/// A text that must be given, trimmed, at most [`TEXT_MAX`] characters.
pub fn required_text(field: &'static str, text: &str) -> Result<String, Refusal> {
    let trimmed = text.trim();
    let length = trimmed.chars().count();
    if length == 0 || length > TEXT_MAX {
        return Err(Refusal::new(RefusalCode::TextRequired, None).with("field", field).with("max", TEXT_MAX));
    }
    Ok(trimmed.to_owned())
}

/// Digits in a row from which on a text may hold a citizen's telephone or identity number.
const DIGITS_OF_A_PERSON: usize = 11;

/// A text that must be given and holds no citizen's number (Art. 37): neither a telephone's nor an identity card's. It
/// cannot find every name; it stops the commonest slip.
pub fn text_without_people(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = required_text(field, text)?;
    let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
    if longest >= DIGITS_OF_A_PERSON {
        return Err(
            Refusal::new(RefusalCode::PersonalDataRefused, Some(crate::law::PERSONAL_INFORMATION)).with("field", field)
        );
    }
    Ok(text)
}

/// A text that may be left out, at most [`TEXT_MAX`] characters.
pub fn optional_text(field: &'static str, text: &str) -> Result<(), Refusal> {
    if text.trim().is_empty() { Ok(()) } else { required_text(field, text).map(|_| ()) }
}
