//! What to do about a refusal, in two languages: the half of an explanation that does not change from call to call.

use crate::problem::ProblemCode;

impl ProblemCode {
    /// What the caller can do next, Chinese and English. The English text has no quotation mark, since RFC 6749 allows
    /// none in a description.
    pub const fn advice(self) -> (&'static str, &'static str) {
        use ProblemCode as P;
        match self {
            P::TokenMissing => (
                "请先到 /oauth2/token 领取访问令牌,并放入 Authorization: Bearer 请求头。",
                "Get a token at /oauth2/token and send it in Authorization: Bearer.",
            ),
            P::TokenInvalid | P::TokenExpired => (
                "请重新领取访问令牌;令牌有效期十分钟,系统停用后立即失效。",
                "Get a new token; a token lasts ten minutes and ends at once when its system is closed.",
            ),
            P::CertificateMismatch => (
                "请用领取令牌时的那张证书建立 TLS 连接,或用当前证书重新领取令牌。",
                "Connect with the certificate that the token was fetched with, or fetch a new token with the present one.",
            ),
            P::CertificateUnreadable => (
                "请由节点运维检查前置代理:证书请求头应为 RFC 9440 格式或转义后的 PEM,且只出现一次。",
                "Have the node's operator look at the proxy in front: its header carries one certificate, as RFC 9440 or escaped PEM.",
            ),
            P::GrantMissing | P::GrantExpired | P::GrantRevoked | P::MethodNotGranted | P::ItemNotGranted => (
                "请按 request_url 提出共享申请,或只调用授权范围内的内容。",
                "Ask for a grant at request_url, or call only what is granted.",
            ),
            P::SystemNotNamed => (
                "请由本部门把该系统加入授权,或使用已列入的系统。",
                "Have the system named in the grant, or call with one that is.",
            ),
            P::GrantNotStarted => ("请在授权生效之后调用。", "Call once the grant is in force."),
            P::PurposeMismatch => {
                ("purpose 应为该授权对应的申请编号。", "Send as purpose the number of the grant's request.")
            }
            P::ConditionOnMaskedItem | P::ConditionTypeMismatch => (
                "请更换或删除该条件,取值须与数据项类型一致。",
                "Change or drop the condition; its value must fit the item's type.",
            ),
            P::LimitTooLarge | P::AnswerTooLarge | P::PagingWithoutKey => {
                ("请减少行数或数据项,或分页调用。", "Ask for fewer rows or items, or page.")
            }
            P::QueryMalformed | P::BodyTooLarge | P::NotAcceptable | P::CursorInvalid => (
                "请对照接口文档检查请求体、Accept 头和游标。",
                "Check body, Accept header and cursor against the interface's description.",
            ),
            P::RateExceeded | P::DailyRowsExceeded | P::DailyBytesExceeded => (
                "请按 Retry-After 等待后再调用,或申请更高的额度。",
                "Wait as Retry-After says, or ask for a higher limit.",
            ),
            P::SourceUnreachable | P::SourceChanged | P::SourceSlow | P::CellTypeMismatch | P::KeyNotUnique => (
                "问题在提供方数据源,请稍后重试或联系提供部门。",
                "The provider's source is at fault; try later or speak to the provider.",
            ),
            P::BookStale | P::RecordUnavailable | P::ReplayMemoryFull => ("请稍后重试。", "Try again a little later."),
            P::AnswerCheckFailed | P::MaskNotApplicable | P::GrantUnusable => {
                ("请把请求编号告知节点管理员。", "Give the request id to the node's administrator.")
            }
            P::ItemVerifyOnly => {
                ("该数据项请用 /verify 核验;查询时不要列出它。", "Verify the item at /verify; leave it out of queries.")
            }
            P::GrantChanged => ("请重新提出。", "Order again."),
            P::FileMissing | P::TableMissing => (
                "请核对编号与授权;文件到期即删除,可重新生成。",
                "Check the name and the grant; a file is deleted when its time is over and can be made again.",
            ),
            P::FileNotReady => {
                ("请等待文件生成,可用 wait 参数。", "Wait until the file is made; the parameter wait helps.")
            }
            P::FileTooLarge => (
                "请缩小条件、减少数据项,或改用 Parquet、CSV 格式。",
                "Narrow the conditions, take fewer items, or choose Parquet or CSV.",
            ),
            P::TooManyFiles => ("请先删除不再需要的文件。", "Delete files that are no longer needed."),
            P::FileFailed | P::StorageUnavailable => (
                "请稍后重试;仍不成功时把请求编号告知节点管理员。",
                "Try again; if it fails once more, give the request id to the node's administrator.",
            ),
            P::FileKeyInvalid => {
                ("请重新查看文件,使用新的下载地址。", "Look at the file again and use its new address.")
            }
            P::ReceiptDiffers => (
                "请重新下载并清点;仍不一致时联系提供部门。",
                "Fetch the file again and count it; if it still differs, speak to the provider.",
            ),
            P::ClockOff => ("请校准网关时钟。", "Set the clock of the gateway."),
            P::GatewayUnknown | P::GatewayReportRefused => (
                "请由数据管理员核对网关登记,必要时重新登记。",
                "Have the data officer check the gateway's registration, and register it anew if need be.",
            ),
            P::SourceTooManyRows => {
                ("请用服务支持的条件缩小范围。", "Narrow the query with a condition that the service itself supports.")
            }
            P::ViewTooDear | P::ViewOutOfMemory => (
                "请缩小条件、减少行数或数据项;仍不可行时请提供方改写视图或改用文件、批量方式。",
                "Narrow the conditions, ask for fewer rows or items; else ask the provider to rewrite the view.",
            ),
            P::ViewFailed => (
                "请稍后重试;仍不可行时请联系提供部门。",
                "Try again a little later; if it stays, speak to the provider.",
            ),
            P::RecordMissing | P::RefusalMissing => (
                "请核对编号;只能查看本部门的记录,拒绝原因只在内存中保留一段时间。",
                "Check the reference; only your own department's are shown, and reasons are kept in memory for a while only.",
            ),
            P::ClientNotAuthenticated => (
                "请核对系统标识(client_id)和密钥;密钥遗失时由本部门重新生成。",
                "Check client id and secret; a lost secret is replaced by the department's officer.",
            ),
            P::TokenRequestMalformed => (
                "请以表单发送 grant_type,且只用一种客户端认证方式。",
                "Send grant_type in a form, and one way of client authentication only.",
            ),
            P::GrantTypeUnsupported => (
                "可用类型为 client_credentials 和 jwt-bearer。",
                "Use client_credentials or urn:ietf:params:oauth:grant-type:jwt-bearer.",
            ),
            P::AssertionMalformed => (
                "断言须为三段式 JWT,含 iss、sub、aud、iat、exp、jti。",
                "Send a JWT of three parts with iss, sub, aud, iat, exp and jti.",
            ),
            P::AssertionAlgorithm => {
                ("请使用与登记密钥一致的 EdDSA 或 ES256。", "Sign with EdDSA or ES256, as the registered key has it.")
            }
            P::AssertionKeyUnknown | P::SignatureKeyUnknown => (
                "请由本部门在业务系统页面登记公钥,并使用其 kid 或指纹。",
                "Have the public key registered on the systems page and name it by its kid or thumbprint.",
            ),
            P::AssertionKeyRetired | P::SignatureKeyRetired => {
                ("请改用有效期内的密钥。", "Sign with a key that is in its time.")
            }
            P::AssertionSignature | P::SignatureInvalid => (
                "请确认私钥与登记的公钥成对,且签名内容与发送内容逐字节一致。",
                "Check that the private key belongs to the registered one and that what was signed is what was sent, byte for byte.",
            ),
            P::AssertionSubject => {
                ("iss、sub 和 client_id 都应为系统标识。", "Let iss, sub and client_id all be the system's id.")
            }
            P::AssertionAudience => ("aud 应为令牌地址或本节点地址。", "Let aud be the token endpoint or the issuer."),
            P::AssertionExpired | P::AssertionFromFuture | P::SignatureOutOfTime => {
                ("请校准时钟并重新签名。", "Set the clock right and sign anew.")
            }
            P::AssertionTooLong => ("exp 距 iat 不得超过一小时。", "Let exp be at most one hour after iat."),
            P::AssertionReplayed | P::SignatureReplayed => {
                ("每次请求都要用新的 jti 或 nonce 重新签名。", "Sign each request anew, with a new jti or nonce.")
            }
            P::AddressNotAllowed => (
                "请从登记的地址调用,或由本部门修改地址列表。",
                "Call from a listed address, or have the list changed by the department's officer.",
            ),
            P::SignatureRequired => (
                "请按 RFC 9421 对请求签名,tag 为 gds-call,密钥先在业务系统页面登记。",
                "Sign the request by RFC 9421 with tag gds-call, by a key registered on the systems page.",
            ),
            P::SignatureMalformed => (
                "请检查 Signature-Input、Signature 和 Content-Digest 三个请求头。",
                "Check the fields Signature-Input, Signature and Content-Digest.",
            ),
            P::SignatureComponentMissing => (
                "签名须覆盖 @method、@target-uri、content-digest、content-type。",
                "Cover @method, @target-uri, content-digest and content-type.",
            ),
            P::SignatureParameterMissing => (
                "签名须含 created、expires、nonce、keyid 和 tag。",
                "Send created, expires, nonce, keyid and tag gds-call.",
            ),
            P::SignatureAlgorithm => (
                "请使用与登记密钥一致的 ed25519 或 ecdsa-p256-sha256;SM2 密钥目前只登记、不验签。",
                "Sign with ed25519 or ecdsa-p256-sha256, as the registered key has it; SM2 keys are kept but not verified with yet.",
            ),
            P::NationalNotEnabled => (
                "请由本部门在业务系统页面启用国家平台调用签名并登记服务编码。",
                "Have the national call signature enabled on the systems page, with this service code.",
            ),
            P::NationalOutOfTime => (
                "gjgxjhpt_rtime 为毫秒,与节点时钟相差不得超过五分钟。",
                "gjgxjhpt_rtime is in milliseconds, at most five minutes from our clock.",
            ),
            P::NationalSignatureInvalid => (
                "请用 appkey 重新领取 appsecret;签名为 Base64(HMAC-SHA256(密钥, sid + rid + rtime))。",
                "Refresh the appsecret with the appkey; sign Base64(HMAC-SHA256(key, sid + rid + rtime)).",
            ),
            P::NationalReplayed => {
                ("每次调用都要用新的 gjgxjhpt_rtime 重新签名。", "Sign each call anew, with a new gjgxjhpt_rtime.")
            }
            P::ContentDigestMismatch => (
                "Content-Digest 须为实际请求体的 sha-256;请检查中间代理是否改动了请求体。",
                "Let Content-Digest be the sha-256 of the body as sent; see whether a proxy changes it.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_can_stand_in_an_oauth_error() {
        for code in ProblemCode::ALL {
            let ((zh, en), (_, title)) = (code.advice(), code.titles());
            // RFC 6749 section 5.2.
            let fits = |text: &str| text.bytes().all(|b| matches!(b, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e));
            assert!(fits(en) && fits(title), "{}", code.as_str());
            assert!(!zh.is_empty() && zh != en, "{}", code.as_str());
        }
    }
}
