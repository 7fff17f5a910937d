//! What a caller is told when a call is refused: RFC 9457, one code for each reason, in two languages.
//!
//! A problem never carries a value of the data. Codes are for ever; `tests/golden/problem-codes.txt` only grows.

use crate::source::{
    SourceError,
    view::{ViewCode, ViewRefusal},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value as Json, json};

macro_rules! codes {
    ($($(#[$meta:meta])* $variant:ident = $code:literal $status:literal $zh:literal $en:literal),+ $(,)?) => {
        /// Why a call was refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProblemCode { $($(#[$meta])* $variant),+ }

        impl ProblemCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as callers see it.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code),+ } }

            /// The HTTP status it goes with.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status),+ } }

            const fn titles(self) -> (&'static str, &'static str) { match self { $(Self::$variant => ($zh, $en)),+ } }
        }
    };
}

codes! {
    /// No bearer token.
    TokenMissing = "token_missing" 401 "请求未携带访问令牌" "The call carries no access token",
    /// Not a token of this node, or of a system that is no longer there.
    TokenInvalid = "token_invalid" 401 "访问令牌无效" "The access token is not valid",
    /// A token whose time is over.
    TokenExpired = "token_expired" 401 "访问令牌已过期" "The access token has expired",
    /// No such grant, or one of another department: the answer is the same.
    GrantMissing = "grant_missing" 403 "没有可用的授权,请先提出共享申请" "There is no grant for this call; ask for one first",
    /// The caller's own grant does not name this system.
    SystemNotNamed = "system_not_named" 403 "该授权未列入此业务系统" "The grant does not name this system",
    /// Not yet in force.
    GrantNotStarted = "grant_not_started" 403 "授权尚未生效" "The grant is not in force yet",
    /// No longer in force.
    GrantExpired = "grant_expired" 403 "授权已到期" "The grant has expired",
    /// Withdrawn.
    GrantRevoked = "grant_revoked" 403 "授权已终止或暂停" "The grant has ended or is suspended",
    /// The stated purpose is not the grant's.
    PurposeMismatch = "purpose_mismatch" 403 "调用目的与授权目的不一致" "The stated purpose is not the purpose of the grant",
    /// Another way of sharing was granted.
    MethodNotGranted = "method_not_granted" 403 "授权不包含此共享方式" "This way of sharing was not granted",
    /// An item outside the grant.
    ItemNotGranted = "item_not_granted" 403 "数据项不在授权范围内" "An item is outside the grant",
    /// A condition would probe what a mask hides.
    ConditionOnMaskedItem = "condition_on_masked_item" 422 "不得对脱敏数据项设置条件" "A masked item cannot be used in a condition",
    /// A value that cannot be one of the item's type.
    ConditionTypeMismatch = "condition_type_mismatch" 422 "条件取值与数据项类型不符" "A condition's value does not fit the item's type",
    /// More rows than granted in one call.
    LimitTooLarge = "limit_too_large" 422 "单次行数超过授权上限" "More rows are asked for than one call may have",
    /// Not a query.
    QueryMalformed = "query_malformed" 400 "查询格式不正确" "The query is not well formed",
    /// A body larger than any query.
    BodyTooLarge = "body_too_large" 413 "请求体过大" "The body is larger than a query may be",
    /// None of the accepted forms can be delivered.
    NotAcceptable = "not_acceptable" 406 "不支持所要求的返回格式" "None of the accepted formats can be delivered",
    /// Not a cursor of this grant and this filter.
    CursorInvalid = "cursor_invalid" 422 "游标无效" "The cursor is not valid for this query",
    /// More rows than one answer, and no key to go on by.
    PagingWithoutKey = "paging_without_key" 422 "该表没有主键,结果超过一次可返回的行数,请缩小条件" "The table has no key to page by and the rows do not fit one answer; narrow the conditions",
    /// Larger than one answer may be.
    AnswerTooLarge = "answer_too_large" 422 "结果过大,请减少行数或数据项" "The answer would be too large; ask for fewer rows or items",
    /// Too many calls.
    RateExceeded = "rate_exceeded" 429 "调用频率超过授权上限" "More calls than granted",
    /// Too many rows today.
    DailyRowsExceeded = "daily_rows_exceeded" 429 "当日行数已达授权上限" "The rows granted for this day are used up",
    /// The source cannot be reached.
    SourceUnreachable = "source_unreachable" 502 "数据源无法连接" "The source cannot be reached",
    /// The source is no longer as it was published.
    SourceChanged = "source_changed" 502 "数据源结构已变化,等待提供方处理" "The source has changed since it was published; the provider has to look into it",
    /// The source did not answer in time.
    SourceSlow = "source_slow" 504 "数据源响应超时" "The source did not answer in time",
    /// A cell is not of the type its item was published with.
    CellTypeMismatch = "cell_type_mismatch" 502 "数据源中有内容与数据项类型不符" "A cell of the source does not fit the item's type",
    /// The key does not name each row once.
    KeyNotUnique = "key_not_unique" 502 "数据源的主键为空或重复" "The source's key is empty in a row or names two rows",
    /// No fresh book.
    BookStale = "book_stale" 503 "授权簿未及时更新,暂停服务" "The grant book is not fresh; nothing is served",
    /// The record could not be kept.
    RecordUnavailable = "record_unavailable" 503 "使用记录无法保存,暂停服务" "The usage record cannot be kept; nothing is served",
    /// The rows that came are not the rows that were asked for.
    AnswerCheckFailed = "answer_check_failed" 500 "返回数据未通过复核" "The answer did not pass the check against the grant",
    /// A mask does not apply to what it should hide.
    MaskNotApplicable = "mask_not_applicable" 500 "脱敏方式无法应用于该数据项" "A mask cannot be applied to the item",
    /// The grant's own terms cannot be served.
    GrantUnusable = "grant_unusable" 500 "授权条款无法执行" "The terms of the grant cannot be carried out",
    /// No such record, or not the caller's.
    RecordMissing = "record_missing" 404 "没有此使用记录" "There is no such usage record",
    /// A view takes more time than one call may.
    ViewTooDear = "view_too_dear" 422 "该视图的计算超过单次调用的时限,请缩小条件或减少行数" "The view takes more time than one call may; narrow the conditions or ask for fewer rows",
    /// A view takes more memory or temporary space than one call may.
    ViewOutOfMemory = "view_out_of_memory" 422 "该视图的计算超过单次调用的内存与暂存空间,请缩小条件" "The view takes more memory or temporary space than one call may; narrow the conditions",
    /// The engine that reads views failed or is not there.
    ViewFailed = "view_failed" 502 "该视图暂时无法计算" "The view cannot be computed at the moment",
}

/// A refusal, as a value. It becomes an answer only after it has been recorded.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    /// Why.
    pub code: ProblemCode,
    /// What the text needs: names, counts, limits; never a value of the data.
    pub params: Map<String, Json>,
    /// Where to ask for more.
    pub request_url: Option<String>,
    /// Seconds after which to try again.
    pub retry_after: Option<u64>,
}

impl Refused {
    /// A refusal without parameters.
    pub fn new(code: ProblemCode) -> Self {
        Self { code, params: Map::new(), request_url: None, retry_after: None }
    }

    /// With one parameter more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Json>) -> Self {
        self.params.insert(name.to_owned(), value.into());
        self
    }

    /// With the place to ask for more.
    #[must_use]
    pub fn asking_at(mut self, url: &str) -> Self {
        self.request_url = Some(url.to_owned());
        self
    }

    /// With the seconds after which to try again.
    #[must_use]
    pub fn again_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }

    /// The answer. `chinese` chooses the language of `title`; both titles are always there.
    pub(crate) fn into_response(self, request_id: &str, chinese: bool, record: Option<u64>) -> Response {
        let (zh, en) = self.code.titles();
        let mut body = json!({
            "type": format!("/problems/{}", self.code.as_str()),
            "title": if chinese { zh } else { en },
            "title_zh": zh,
            "title_en": en,
            "status": self.code.status(),
            "code": self.code.as_str(),
            "params": self.params,
            "ground": self.code.ground(),
            "request_id": request_id,
        });
        if let (Some(url), Some(body)) = (&self.request_url, body.as_object_mut()) {
            body.insert("request_url".to_owned(), json!(url));
        }
        let status = StatusCode::from_u16(self.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if let Some(index) = record {
            headers.insert("shuqiao-record", HeaderValue::from(index));
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"shuqiao\""));
        }
        response
    }
}

impl ProblemCode {
    /// The article a refusal rests on, where it rests on one: use stays within the granted scope and purpose.
    fn ground(self) -> Json {
        match self {
            Self::PurposeMismatch
            | Self::ItemNotGranted
            | Self::MethodNotGranted
            | Self::LimitTooLarge
            | Self::ConditionOnMaskedItem => json!({ "article": "25(1)", "zh": "第二十五条第一款" }),
            Self::GrantMissing => json!({ "article": "20(2)", "zh": "第二十条第二款" }),
            _ => Json::Null,
        }
    }
}

impl Refused {
    /// What a caller is told of a view: whether to ask for less, later, or not before the provider has looked into it.
    /// The provider's SQL, its inputs and where something stands in it are the provider's business.
    fn of_view(refusal: ViewRefusal) -> Self {
        use ProblemCode as P;
        match refusal.code {
            ViewCode::TooDear => Self::new(P::ViewTooDear),
            ViewCode::OutOfMemory => Self::new(P::ViewOutOfMemory),
            ViewCode::TooLarge => Self::new(P::AnswerTooLarge),
            ViewCode::LiteralTooFine => Self::new(P::ConditionTypeMismatch),
            ViewCode::KeyNotUnique => Self::new(P::KeyNotUnique),
            ViewCode::Busy => Self::new(P::SourceSlow).again_after(1),
            ViewCode::InputFailed => Self::new(P::SourceUnreachable),
            ViewCode::EngineMissing | ViewCode::Failed => Self::new(P::ViewFailed),
            ViewCode::Value => Self::new(P::CellTypeMismatch),
            code => Self::new(P::SourceChanged).with("what", code.as_str()),
        }
    }
}

impl From<SourceError> for Refused {
    fn from(error: SourceError) -> Self {
        use ProblemCode as P;
        match error {
            SourceError::Slow => Self::new(P::SourceSlow),
            SourceError::Changed { what } => Self::new(P::SourceChanged).with("what", what),
            SourceError::CellType { column } => Self::new(P::CellTypeMismatch).with("column", column),
            SourceError::LiteralTooFine { column } => Self::new(P::ConditionTypeMismatch).with("column", column),
            SourceError::KeyNotUnique => Self::new(P::KeyNotUnique),
            SourceError::KeyMissing => Self::new(P::PagingWithoutKey),
            SourceError::TooLarge => Self::new(P::AnswerTooLarge),
            SourceError::BadLine { line, what } => Self::new(P::SourceChanged).with("line", line).with("what", what),
            SourceError::TooMany { name, what, found, limit } => {
                let changed = Self::new(P::SourceChanged).with("name", name).with("what", what);
                changed.with("found", found).with("limit", limit)
            }
            SourceError::FileTooLarge { found, limit } => {
                Self::new(P::SourceChanged).with("found", found).with("limit", limit)
            }
            SourceError::Encoding { found } => Self::new(P::SourceChanged).with("encoding", found),
            SourceError::View(refusal) => Self::of_view(*refusal),
            SourceError::NotAllowed | SourceError::Unreachable | SourceError::Failed => Self::new(P::SourceUnreachable),
        }
    }
}
