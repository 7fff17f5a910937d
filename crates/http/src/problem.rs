//! Problems (RFC 9457): the one place where what went wrong becomes a status and a body.
//!
//! A handler answers with a [`Problem`]; the edge renders it, because only the edge knows the reader's language and the
//! request's id. Codes are for ever (invariant 12); texts stand in `problem_titles.rs`.

use crate::{problem_titles, wire::shared::FieldProblem};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use shuqiao_app::{
    AppError,
    port::{BatchFailure, PressFailure},
};
use shuqiao_domain as domain;
use shuqiao_vocabulary::{Article, closed_list};
use std::{borrow::Cow, collections::BTreeMap, fmt};
use utoipa::ToSchema;

closed_list! {
    /// Codes of this interface itself, beside the refusals of the rules. For ever (invariant 12).
    ApiCode {
        /// The write with this idempotency key is done; what it showed once is not shown again.
        AlreadyDone = "already_done",
        /// The body ended before it was whole.
        BodyBroken = "body_broken",
        /// The body is larger than its limit.
        BodyTooLarge = "body_too_large",
        /// A write came from another site, in a browser that is logged in here.
        CrossSiteRefused = "cross_site_refused",
        /// `after` is not where a page of this list begins.
        CursorInvalid = "cursor_invalid",
        /// A mistake of ours.
        Fault = "fault",
        /// A file is larger than its limit.
        FileTooLarge = "file_too_large",
        /// The idempotency key is not 1 to 120 visible ASCII characters.
        IdempotencyKeyMalformed = "idempotency_key_malformed",
        /// The idempotency key was used for something else.
        IdempotencyMismatch = "idempotency_mismatch",
        /// `If-Match` is not one revision in quotes.
        IfMatchMalformed = "if_match_malformed",
        /// A write on an existing thing says which revision it saw.
        IfMatchMissing = "if_match_missing",
        /// The body's content type is not JSON.
        JsonExpected = "json_expected",
        /// The body is not JSON.
        JsonMalformed = "json_malformed",
        /// The body is JSON, but not of the form asked for.
        JsonMismatch = "json_mismatch",
        /// The one-time link is unknown, used or too old.
        LinkInvalid = "link_invalid",
        /// Unknown login, wrong password or closed account: which of them is not told.
        LoginFailed = "login_failed",
        /// Too many failures.
        LoginLocked = "login_locked",
        /// The path has no such method.
        MethodNotAllowed = "method_not_allowed",
        /// There is no such thing, or the caller may not know of it.
        NotFound = "not_found",
        /// The policy says no.
        NotPermitted = "not_permitted",
        /// The path is written in a way that could mean another path.
        PathRefused = "path_refused",
        /// A parameter of the query is not of the form asked for.
        QueryMalformed = "query_malformed",
        /// Nothing can be recorded now, so nothing was done.
        RecordUnavailable = "record_unavailable",
        /// Nobody is logged in.
        SessionMissing = "session_missing",
        /// Somebody else was faster.
        StaleRevision = "stale_revision",
        /// It took too long.
        TimedOut = "timed_out",
        /// No font has a character that the paper needs.
        PaperCharacterMissing = "paper_character_missing",
        /// There is no font to print papers with.
        PaperFontMissing = "paper_font_missing",
        /// The helper program that prints papers failed or took too long.
        PaperPressFailed = "paper_press_failed",
        /// The helper program that prints papers is missing.
        PaperPressMissing = "paper_press_missing",
        /// The paper would be longer than a paper may be.
        PaperTooLarge = "paper_too_large",
    }
}

closed_list! {
    /// Codes of sources that cannot be read. They come from the room that reads sources; a code that is not in this list
    /// is passed on as it is, under the title of `source_failed`. For ever (invariant 12).
    SourceCode {
        /// A line of a file is not what it should be.
        BadLine = "source_bad_line",
        /// A cell of a file is not what it should be.
        BadCell = "source_bad_cell",
        /// A file is damaged, or of another form.
        FileDamaged = "source_file_damaged",
        /// A file holds no table.
        FileEmpty = "source_file_empty",
        /// A workbook unpacks to more than may be unpacked.
        FileExpands = "source_file_expands",
        /// A workbook takes values from other files.
        FileLinked = "source_file_linked",
        /// A file is protected by a password.
        FileProtected = "source_file_protected",
        /// What was said of a service cannot be.
        ServiceMisdescribed = "source_service_misdescribed",
        /// There are more rows than can be gone through.
        TooManyRows = "source_too_many_rows",
        /// A cell does not fit the type its item was published with.
        CellType = "source_cell_type",
        /// The structure is no longer what it was.
        Changed = "source_changed",
        /// The encoding is not one that is read.
        Encoding = "source_encoding",
        /// Any other failure.
        Failed = "source_failed",
        /// A file is larger than the node reads.
        FileTooLarge = "source_file_too_large",
        /// There is no key to page by.
        KeyMissing = "source_key_missing",
        /// The key does not name each row once.
        KeyNotUnique = "source_key_not_unique",
        /// A number has more digits than the source can compare exactly.
        LiteralTooFine = "source_literal_too_fine",
        /// A place that the node may not read.
        NotAllowed = "source_not_allowed",
        /// The location was sealed with another key.
        Sealed = "source_sealed",
        /// It did not answer in time.
        Slow = "source_slow",
        /// The rows weigh more than one answer may.
        TooLarge = "source_too_large",
        /// More tables or columns than can be served.
        TooMany = "source_too_many",
        /// It cannot be reached, or its login is refused.
        Unreachable = "source_unreachable",
    }
}

closed_list! {
    /// Codes of workbooks and tables that cannot be read or written. They come from the room that reads them; a test of
    /// the program holds both lists together. For ever (invariant 12).
    SheetCode {
        /// A workbook that is not a whole one.
        Damaged = "sheet_damaged",
        /// Neither UTF-8 nor GB18030.
        Encoding = "sheet_encoding",
        /// Unpacked, it is larger than its limit.
        ExpandsTooFar = "sheet_expands_too_far",
        /// It is larger than its limit.
        FileTooLarge = "sheet_file_too_large",
        /// A sheet lacks the head of a column.
        HeadMissing = "sheet_head_missing",
        /// Neither a workbook nor a table.
        NotAWorkbook = "sheet_not_a_workbook",
        /// The file could not be written.
        NotWritten = "sheet_not_written",
        /// The old form, or protected by a password.
        OldFormat = "sheet_old_format",
        /// There is no profile of this name.
        ProfileUnknown = "sheet_profile_unknown",
        /// A sheet is missing.
        SheetMissing = "sheet_missing",
        /// More rows, columns, cells or sheets than are read.
        TooMany = "sheet_too_many",
    }
}

impl ApiCode {
    /// The status that goes with the code.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::BodyBroken
            | Self::IdempotencyKeyMalformed
            | Self::IfMatchMalformed
            | Self::JsonMalformed
            | Self::PathRefused
            | Self::QueryMalformed => StatusCode::BAD_REQUEST,
            Self::LoginFailed | Self::SessionMissing => StatusCode::UNAUTHORIZED,
            Self::CrossSiteRefused | Self::NotPermitted => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::AlreadyDone | Self::StaleRevision => StatusCode::CONFLICT,
            Self::BodyTooLarge | Self::FileTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::JsonExpected => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::CursorInvalid | Self::IdempotencyMismatch | Self::JsonMismatch | Self::LinkInvalid => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::IfMatchMissing => StatusCode::PRECONDITION_REQUIRED,
            Self::LoginLocked => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
            Self::PaperCharacterMissing | Self::PaperTooLarge => StatusCode::UNPROCESSABLE_ENTITY,
            Self::PaperFontMissing
            | Self::PaperPressFailed
            | Self::PaperPressMissing
            | Self::RecordUnavailable
            | Self::TimedOut => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

/// What went wrong, before it is rendered.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: Cow<'static, str>,
    params: BTreeMap<String, String>,
    ground: Option<Article>,
    problems: Vec<FieldProblem>,
    /// Chinese and English, where the room that found the problem has its own words for it.
    titles: Option<Box<(String, String)>>,
}

impl Problem {
    /// A problem of this interface.
    pub fn new(code: ApiCode) -> Self {
        Self {
            status: code.status(),
            code: Cow::Borrowed(code.as_str()),
            params: BTreeMap::new(),
            ground: None,
            problems: Vec::new(),
            titles: None,
        }
    }

    /// With one more parameter for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }

    /// The code.
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl From<domain::Refusal> for Problem {
    fn from(refusal: domain::Refusal) -> Self {
        let domain::Refusal { code, ground, params, problems } = refusal;
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: Cow::Borrowed(code.as_str()),
            params: params.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            ground,
            problems: problems.into_iter().map(Into::into).collect(),
            titles: None,
        }
    }
}

/// Why there is no paper; in each case none was recorded as made.
impl From<PressFailure> for Problem {
    fn from(failure: PressFailure) -> Self {
        match failure {
            PressFailure::WorkerMissing => Self::new(ApiCode::PaperPressMissing),
            PressFailure::WorkerFailed => Self::new(ApiCode::PaperPressFailed),
            PressFailure::FontMissing => Self::new(ApiCode::PaperFontMissing),
            PressFailure::CharacterMissing { character } => {
                Self::new(ApiCode::PaperCharacterMissing).with("character", character)
            }
            PressFailure::TooLarge => Self::new(ApiCode::PaperTooLarge),
        }
    }
}

/// The one mapping from what the application says to what the wire says.
impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Refused(refusal) => refusal.into(),
            // A thing that the caller may not know of is answered exactly like one that does not exist.
            AppError::Denied(denied) if denied.visible => {
                Self::new(ApiCode::NotPermitted).with("action", denied.action)
            }
            AppError::Denied(_) | AppError::NotFound => Self::new(ApiCode::NotFound),
            AppError::Stale { found } => Self::new(ApiCode::StaleRevision).with("found", found),
            AppError::LoginFailed => Self::new(ApiCode::LoginFailed),
            AppError::LoginLocked { until } => Self::new(ApiCode::LoginLocked).with("until", until),
            AppError::Unauthenticated => Self::new(ApiCode::SessionMissing),
            AppError::LinkInvalid => Self::new(ApiCode::LinkInvalid),
            AppError::CursorInvalid => Self::new(ApiCode::CursorInvalid).with("field", "after"),
            AppError::IdempotencyMismatch => Self::new(ApiCode::IdempotencyMismatch),
            AppError::AlreadyDone { subject } => Self::new(ApiCode::AlreadyDone).with("subject", subject),
            AppError::SourceFailed { code, params } => Self { code: Cow::Owned(code), params, ..Self::source_failed() },
            AppError::SheetFailed { code, params } => Self { code: Cow::Owned(code), params, ..Self::source_failed() },
            AppError::BatchFailed(failure) => {
                let BatchFailure { code, params, zh, en } = *failure;
                Self { code: Cow::Owned(code), params, titles: Some(Box::new((zh, en))), ..Self::source_failed() }
            }
            AppError::PressFailed(failure) => failure.into(),
            AppError::FileTooLarge { max } => Self::new(ApiCode::FileTooLarge).with("max", max),
            AppError::Unavailable => Self::new(ApiCode::RecordUnavailable),
            AppError::Fault(detail) => {
                // Logged once, here; the caller gets the request's id, which the log line carries by its span.
                tracing::error!(%detail, "fault");
                Self::new(ApiCode::Fault)
            }
        }
    }
}

impl Problem {
    fn source_failed() -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: Cow::Borrowed(SourceCode::Failed.as_str()),
            params: BTreeMap::new(),
            ground: None,
            problems: Vec::new(),
            titles: None,
        }
    }
}

/// The article a refusal rests on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ground {
    /// The short form, `21(1)`.
    pub article: String,
    /// As the law writes it, `第二十一条第一款`.
    pub zh: String,
}

/// What went wrong (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Names the kind of problem; relative to the node.
    #[serde(rename = "type")]
    pub kind: String,
    /// In the language of `Accept-Language`.
    pub title: String,
    /// In Chinese.
    pub title_zh: String,
    /// In English.
    pub title_en: String,
    /// The status of the answer.
    pub status: u16,
    /// The machine-readable code; codes are for ever.
    pub code: String,
    /// What the text needs, by name.
    pub params: BTreeMap<String, String>,
    /// The article it rests on.
    #[schema(required)]
    pub ground: Option<Ground>,
    /// Names the request in logs and records.
    pub request_id: String,
    /// Every field that is wrong, all at once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub problems: Vec<FieldProblem>,
}

/// A language that titles exist in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    /// Chinese, which the officials read.
    Chinese,
    /// English.
    English,
}

impl Problem {
    /// The body for a reader of this language.
    pub(crate) fn body(&self, language: Language, request_id: &str) -> ProblemBody {
        let own = self.titles.as_deref().map(|(zh, en)| (zh.as_str(), en.as_str()));
        let known = || problem_titles::title(&self.code).unwrap_or(problem_titles::OF_SOURCES);
        let (zh, en) = own.unwrap_or_else(known);
        ProblemBody {
            kind: format!("/problems/{}", self.code),
            title: match language {
                Language::Chinese => zh.to_owned(),
                Language::English => en.to_owned(),
            },
            title_zh: zh.to_owned(),
            title_en: en.to_owned(),
            status: self.status.as_u16(),
            code: self.code.clone().into_owned(),
            params: self.params.clone(),
            ground: self.ground.map(|article| Ground { article: article.to_string(), zh: article.in_chinese() }),
            request_id: request_id.to_owned(),
            problems: self.problems.clone(),
        }
    }

    /// The whole answer for a reader of this language.
    pub(crate) fn render(&self, language: Language, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.body(language, request_id)).unwrap_or_default();
        let mut response = (self.status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let language = match language {
            Language::Chinese => "zh-CN",
            Language::English => "en",
        };
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language));
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
        }
        response
    }
}

/// The status, and the problem as an extension for the edge to render.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shuqiao_vocabulary::Moment;

    fn check(error: AppError, status: u16, code: &str) {
        let problem = Problem::from(error);
        assert_eq!((problem.status.as_u16(), problem.code()), (status, code));
    }

    fn denied(visible: bool) -> AppError {
        let action = shuqiao_app::view::Action::GrantRead;
        AppError::Denied(shuqiao_app::view::Denied { action, determined_by: Vec::new(), visible })
    }

    #[test]
    fn every_error_has_its_status() {
        let refusal = domain::Refusal::new(domain::RefusalCode::OwnEntry, Some(Article::paragraph(20, 2)));
        check(AppError::Refused(refusal), 422, "own_entry");
        check(denied(true), 403, "not_permitted");
        check(AppError::Stale { found: 3 }, 409, "stale_revision");
        check(AppError::LoginFailed, 401, "login_failed");
        check(AppError::LoginLocked { until: Moment::from_microseconds(0) }, 429, "login_locked");
        check(AppError::Unauthenticated, 401, "session_missing");
        check(AppError::Unavailable, 503, "record_unavailable");
        check(AppError::FileTooLarge { max: 1 }, 413, "file_too_large");
        check(AppError::Fault("a detail that must not leave".into()), 500, "fault");
        check(AppError::PressFailed(PressFailure::WorkerMissing), 503, "paper_press_missing");
        check(AppError::PressFailed(PressFailure::TooLarge), 422, "paper_too_large");
        let params = BTreeMap::new();
        check(AppError::SourceFailed { code: "no_such_code".into(), params }, 422, "no_such_code");
    }

    #[test]
    fn what_may_not_be_known_looks_like_what_is_not_there() {
        let hidden = Problem::from(denied(false)).body(Language::English, "r");
        let absent = Problem::from(AppError::NotFound).body(Language::English, "r");
        assert_eq!(serde_json::to_string(&hidden).unwrap(), serde_json::to_string(&absent).unwrap());
    }

    #[test]
    fn a_problem_names_its_ground_in_both_forms() {
        let refusal = domain::Refusal::new(domain::RefusalCode::OwnEntry, Some(Article::paragraph(20, 2)));
        let body = Problem::from(refusal.with("field", 1)).body(Language::Chinese, "r1");
        let ground = body.ground.unwrap();
        assert_eq!((ground.article.as_str(), ground.zh.as_str()), ("20(2)", "第二十条第二款"));
        assert_eq!((body.params["field"].as_str(), body.request_id.as_str()), ("1", "r1"));
        assert_eq!(body.title, body.title_zh);
    }
}
