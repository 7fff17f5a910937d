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

            /// The title, Chinese and English.
            pub const fn titles(self) -> (&'static str, &'static str) { match self { $(Self::$variant => ($zh, $en)),+ } }
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
    /// An item that may be verified and is never delivered.
    ItemVerifyOnly = "item_verify_only" 422 "该数据项只能核验,不提供内容" "The item can be verified only; its content is not delivered",
    /// The grant was changed while it was delivered under.
    GrantChanged = "grant_changed" 409 "授权在本次交付提出之后已变更,请重新提出" "The grant has changed since this delivery was ordered; order again",
    /// No such file, or not the caller's, or expired.
    FileMissing = "file_missing" 404 "没有此文件,或文件已过期" "There is no such file, or it has expired",
    /// Still being made, or it could not be made.
    FileNotReady = "file_not_ready" 409 "文件尚未生成" "The file is not ready",
    /// Larger than a file of this form may be.
    FileTooLarge = "file_too_large" 422 "文件超过允许的大小,请缩小条件、减少数据项或改用其他格式" "The file would be larger than allowed; narrow the conditions, ask for fewer items, or take another format",
    /// No such shared table, or not the caller's.
    TableMissing = "table_missing" 404 "没有此共享表,或无权读取" "There is no such shared table, or it is not yours to read",
    /// Too many files of this grant are kept or being made.
    TooManyFiles = "too_many_files" 429 "该授权的文件过多,请删除不再需要的文件" "The grant has too many files; delete those no longer needed",
    /// Making the file has failed on our side.
    FileFailed = "file_failed" 500 "文件生成失败" "The file could not be made",
    /// The disk for files is full or cannot be written.
    StorageUnavailable = "storage_unavailable" 503 "文件存储空间不足或不可用" "The storage for files is full or cannot be written",
    /// A download address that is over, or was changed.
    FileKeyInvalid = "file_key_invalid" 401 "下载地址已失效,请重新获取" "The download address is no longer good; get a new one",
    /// The receiver counted something else than was delivered.
    ReceiptDiffers = "receipt_differs" 409 "接收方清点结果与交付内容不一致" "The receiver counted something else than was delivered",
    /// The clock of a gateway and that of its node are too far apart.
    ClockOff = "clock_off" 503 "本网关时钟与节点时钟相差过大,暂停服务" "The clock of this gateway differs too much from the node's; nothing is served",
    /// Not a gateway of this node, or no longer one, or what it sent does not prove that it is.
    GatewayUnknown = "gateway_unknown" 403 "网关未登记、已移除或身份未通过验证" "The gateway is not registered, was removed, or did not prove what it is",
    /// A gateway reported what cannot be: another key, a log that lost records.
    GatewayReportRefused = "gateway_report_refused" 409 "网关上报与已有记录不符" "The gateway's report contradicts what it reported before",
    /// A service gives out more rows than can be gone through here for one call.
    SourceTooManyRows = "source_too_many_rows" 502 "数据源行数超过本节点单次可筛选、排序的上限,请用服务支持的条件缩小范围" "The source has more rows than can be filtered and sorted here for one call; narrow them by a condition that the service takes",
    /// Neither a known client nor its secret; which of the two, only its own department may read.
    ClientNotAuthenticated = "client_not_authenticated" 401 "系统标识或密钥不正确" "The client is unknown or its secret is wrong",
    /// The token request is not what the endpoint takes.
    TokenRequestMalformed = "token_request_malformed" 400 "令牌请求格式不正确" "The token request is not well formed",
    /// Another grant type.
    GrantTypeUnsupported = "grant_type_unsupported" 400 "不支持此授权类型" "The grant type is not supported",
    /// Not a JWT, or a claim is missing.
    AssertionMalformed = "assertion_malformed" 401 "断言格式不正确或缺少声明" "The assertion is not well formed or lacks a claim",
    /// `none`, or not the algorithm of the key.
    AssertionAlgorithm = "assertion_algorithm" 401 "断言的签名算法不可用" "The assertion names an algorithm that is not taken",
    /// No key of this name.
    AssertionKeyUnknown = "assertion_key_unknown" 401 "断言所用密钥未登记" "The assertion names a key that is not registered",
    /// A key whose time has not come or is over.
    AssertionKeyRetired = "assertion_key_retired" 401 "断言所用密钥不在有效期内" "The key of the assertion is not in its time",
    /// The signature does not hold.
    AssertionSignature = "assertion_signature" 401 "断言签名不正确" "The signature of the assertion does not hold",
    /// Issuer, subject and client are not the same.
    AssertionSubject = "assertion_subject" 401 "断言的签发者、主体与系统标识不一致" "Issuer, subject and client of the assertion differ",
    /// For somebody else.
    AssertionAudience = "assertion_audience" 401 "断言的受众不是本节点" "The assertion is for another audience",
    /// Its time is over.
    AssertionExpired = "assertion_expired" 401 "断言已过期" "The assertion has expired",
    /// Its time has not come.
    AssertionFromFuture = "assertion_from_future" 401 "断言的时间在未来" "The assertion is from the future",
    /// Good for longer than an assertion may be.
    AssertionTooLong = "assertion_too_long" 401 "断言有效期过长" "The assertion is good for too long",
    /// Sent before.
    AssertionReplayed = "assertion_replayed" 401 "断言已被使用过" "The assertion has been used before",
    /// Too much is remembered of this system.
    ReplayMemoryFull = "replay_memory_full" 503 "防重放记录已满,请稍后再试" "Too many signed calls at once; try again later",
    /// Not from one of the system's addresses.
    AddressNotAllowed = "address_not_allowed" 403 "调用来源地址不在登记范围内" "The call came from an address that is not on the system's list",
    /// A signature is demanded and there is none.
    SignatureRequired = "signature_required" 401 "此调用必须签名" "This call must be signed",
    /// The signature fields cannot be read.
    SignatureMalformed = "signature_malformed" 400 "签名头格式不正确" "The signature fields are not well formed",
    /// A component is not covered.
    SignatureComponentMissing = "signature_component_missing" 401 "签名未覆盖必需的内容" "The signature does not cover a required component",
    /// A parameter is missing.
    SignatureParameterMissing = "signature_parameter_missing" 401 "签名缺少必需的参数" "The signature lacks a required parameter",
    /// No key of this name.
    SignatureKeyUnknown = "signature_key_unknown" 401 "签名所用密钥未登记" "The signature names a key that is not registered",
    /// A key whose time has not come or is over.
    SignatureKeyRetired = "signature_key_retired" 401 "签名所用密钥不在有效期内" "The key of the signature is not in its time",
    /// Not the algorithm of the key, or one that is not verified yet.
    SignatureAlgorithm = "signature_algorithm" 401 "签名算法不可用" "The algorithm of the signature is not taken",
    /// The body is not the one that was signed.
    ContentDigestMismatch = "content_digest_mismatch" 401 "请求体与摘要不一致" "The body is not the one of the content digest",
    /// Too old, from the future, or good for too long.
    SignatureOutOfTime = "signature_out_of_time" 401 "签名时间不在允许范围内" "The signature is not of this time",
    /// Sent before.
    SignatureReplayed = "signature_replayed" 401 "该签名已被使用过" "The signature has been used before",
    /// The signature does not hold.
    SignatureInvalid = "signature_invalid" 401 "签名不正确" "The signature does not hold",
    /// No such refusal, or another department's.
    RefusalMissing = "refusal_missing" 404 "没有此拒绝记录" "There is no such refusal",
    /// The national call signature is off for this requester and service.
    NationalNotEnabled = "national_not_enabled" 403 "未启用国家平台调用签名,或服务编码未登记" "The national call signature is not enabled for this requester and service",
    /// `gjgxjhpt_rtime` is not of this time.
    NationalOutOfTime = "national_out_of_time" 401 "国家平台调用签名的时间不在允许范围内" "The time of the national call signature is not of now",
    /// The signature does not hold.
    NationalSignatureInvalid = "national_signature_invalid" 401 "国家平台调用签名不正确" "The national call signature does not hold",
    /// Sent before.
    NationalReplayed = "national_replayed" 401 "该国家平台调用签名已被使用过" "The national call signature has been used before",
    /// A view takes more time than one call may.
    ViewTooDear = "view_too_dear" 422 "该视图的计算超过单次调用的时限,请缩小条件或减少行数" "The view takes more time than one call may; narrow the conditions or ask for fewer rows",
    /// A view takes more memory or temporary space than one call may.
    ViewOutOfMemory = "view_out_of_memory" 422 "该视图的计算超过单次调用的内存与暂存空间,请缩小条件" "The view takes more memory or temporary space than one call may; narrow the conditions",
    /// The engine that reads views failed or is not there.
    ViewFailed = "view_failed" 502 "该视图暂时无法计算" "The view cannot be computed at the moment",
    /// Too many bytes today, by the node's own measure.
    DailyBytesExceeded = "daily_bytes_exceeded" 429 "当日字节数已达本节点上限" "The bytes that a grant may have in a day on this node are used up",
    /// A token that is bound to a certificate, without it (RFC 8705).
    CertificateMismatch = "certificate_mismatch" 401 "访问令牌绑定的证书与本次连接的证书不一致" "The access token is bound to another TLS certificate than this call came with",
    /// What the proxy in front hands over as the caller's certificate is none.
    CertificateUnreadable = "certificate_unreadable" 400 "前置代理转交的客户端证书无法识别" "What the proxy in front hands over as the client certificate cannot be read",
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
            SourceError::BadCell { table, row, column, what } => {
                let changed = Self::new(P::SourceChanged).with("table", table).with("row", row);
                changed.with("column", column).with("what", what.as_str())
            }
            SourceError::BadFile(bad) => Self::new(P::SourceChanged).with("file", bad.as_str()),
            SourceError::TooManyRows { limit } => Self::new(P::SourceTooManyRows).with("limit", limit),
            SourceError::Encoding { found } => Self::new(P::SourceChanged).with("encoding", found),
            SourceError::View(refusal) => Self::of_view(*refusal),
            SourceError::Misdescribed { .. }
            | SourceError::NotAllowed
            | SourceError::Unreachable
            | SourceError::Failed => Self::new(P::SourceUnreachable),
        }
    }
}
