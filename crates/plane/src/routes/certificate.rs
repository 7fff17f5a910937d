//! The certificate of a caller's TLS connection, as the proxy that ends the connection hands it over: the `Client-Cert`
//! form of RFC 9440, or the escaped PEM of nginx (`$ssl_client_escaped_cert`). Whether it holds is the proxy's matter;
//! here it only tells one caller's connection from another's (RFC 8705 section 3).

use axum::http::HeaderMap;
use base64::{Engine, engine::general_purpose::STANDARD};
use percent_encoding::percent_decode_str;
use shuqiao_crypto::{digest, token::Thumbprint};

/// A longer certificate is none that anybody calls with.
const CERTIFICATE_CHARS_MAX: usize = 32 * 1024;

/// What stands there is no certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// SHA-256 of the certificate's DER; none where the connection had none.
///
/// # Errors
/// When there is something else than one certificate.
pub(super) fn thumbprint(headers: &HeaderMap, name: &str) -> Result<Option<Thumbprint>, Unreadable> {
    let mut values = headers.get_all(name).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| Unreadable)?.trim();
    if values.next().is_some() || text.len() > CERTIFICATE_CHARS_MAX {
        return Err(Unreadable);
    }
    if text.is_empty() {
        return Ok(None);
    }
    let der = match text.strip_prefix(':') {
        Some(rest) => STANDARD.decode(rest.strip_suffix(':').ok_or(Unreadable)?),
        None => {
            let pem = percent_decode_str(text).decode_utf8().map_err(|_| Unreadable)?;
            let body = pem.trim().strip_prefix("-----BEGIN CERTIFICATE-----");
            let body = body.and_then(|rest| rest.strip_suffix("-----END CERTIFICATE-----")).ok_or(Unreadable)?;
            STANDARD.decode(body.split_ascii_whitespace().collect::<String>())
        }
    };
    let der = der.ok().filter(|der| is_sequence(der)).ok_or(Unreadable)?;
    Ok(Some(digest::sha256(&der)))
}

/// Whether it is one sequence of DER and nothing more, as a certificate is.
fn is_sequence(der: &[u8]) -> bool {
    match der {
        [0x30, 0x81, length, rest @ ..] => usize::from(*length) == rest.len(),
        [0x30, 0x82, high, low, rest @ ..] => usize::from(u16::from_be_bytes([*high, *low])) == rest.len(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn of(values: &[&str]) -> Result<Option<Thumbprint>, Unreadable> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append("client-cert", HeaderValue::from_str(value).unwrap());
        }
        thumbprint(&headers, "client-cert")
    }

    #[test]
    fn both_forms_of_one_certificate_have_one_thumbprint() {
        let der = [&[0x30, 0x81, 200][..], &[7; 200]].concat();
        let base64 = STANDARD.encode(&der);
        let (first, rest) = base64.split_at(64);
        let pem = format!(
            "-----BEGIN%20CERTIFICATE-----%0A{}%0A{rest}%0A-----END%20CERTIFICATE-----%0A",
            first.replace('+', "%2B")
        );
        assert_eq!(of(&[&format!(":{base64}:")]), Ok(Some(digest::sha256(&der))));
        assert_eq!(of(&[&pem]), Ok(Some(digest::sha256(&der))));
        assert_eq!((of(&[]), of(&[""])), (Ok(None), Ok(None)));
    }

    #[test]
    fn what_is_not_one_certificate_is_told_from_none() {
        let sound = format!(":{}:", STANDARD.encode([&[0x30, 0x81, 3][..], &[7; 3]].concat()));
        assert!(of(&[&sound]).is_ok());
        let longer = format!(":{}:", STANDARD.encode([&[0x30, 0x81, 3][..], &[7; 4]].concat()));
        for bad in [&sound[..sound.len() - 1], "::", ":????:", "CN=a", "-----BEGIN CERTIFICATE-----", &longer] {
            assert_eq!(of(&[bad]), Err(Unreadable), "{bad}");
        }
        assert_eq!(of(&[&sound, &sound]), Err(Unreadable), "whose is the second?");
    }
}
