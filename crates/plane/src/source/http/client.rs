//! The way to one host: resolved once, addresses pinned, no redirects, no proxy, answers cut off at a bound.

use super::service::{HttpLogin, HttpMethod, HttpService, address};
use crate::source::{SourceError, SourceSettings};
use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::{
    Method, RequestBuilder, StatusCode, Url,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue},
    redirect::Policy,
};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use serde_json::{Map, Value as Json};
use std::{
    net::{IpAddr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};
use tokio::{net::lookup_host, time::timeout};

/// A token is asked for anew this long before its end.
const TOKEN_MARGIN: Duration = Duration::from_secs(30);
/// The lifetime of a token that says nothing of it.
const TOKEN_SECONDS: u64 = 60;
const TOKEN_BYTES_MAX: u64 = 64 * 1024;

/// One parameter of a call.
pub(super) type Parameter = (String, Json);

/// A client of one service. A new one is made when the service could not be reached: its address may have changed.
pub(super) struct Client {
    service: reqwest::Client,
    token: Option<(Url, reqwest::Client)>,
    held: Mutex<Option<(String, Instant)>>,
}

impl Client {
    /// Resolves the hosts and pins their addresses.
    ///
    /// # Errors
    /// Not allowed, unreachable, slow.
    pub(super) async fn connect(service: &HttpService, settings: &SourceSettings) -> Result<Self, SourceError> {
        let own = pinned(&service.url()?, settings).await?;
        let token = match &service.login {
            HttpLogin::ClientCredentials { token_url, .. } => {
                let url = address(token_url).ok_or(SourceError::Misdescribed { field: "login" })?;
                let client = pinned(&url, settings).await?;
                Some((url, client))
            }
            _ => None,
        };
        Ok(Self { service: own, token, held: Mutex::new(None) })
    }

    /// One answer of the service, at most this many bytes.
    ///
    /// # Errors
    /// What the source did, never what it said.
    pub(super) async fn call(
        &self,
        service: &HttpService,
        parameters: &[Parameter],
        bytes_max: u64,
    ) -> Result<Vec<u8>, SourceError> {
        let mut url = service.url()?;
        let request = match service.method {
            HttpMethod::Get => {
                if !parameters.is_empty() {
                    let written = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                    let pairs = parameters.iter().map(|(name, value)| (name.as_str(), written(value)));
                    url.query_pairs_mut().extend_pairs(pairs);
                }
                self.service.request(Method::GET, url)
            }
            HttpMethod::Post => {
                let body: Map<String, Json> = parameters.iter().cloned().collect();
                self.service.request(Method::POST, url).json(&body)
            }
        };
        let request = request.header(ACCEPT, HeaderValue::from_static("application/json"));
        body(self.authorised(service, request).await?, bytes_max).await
    }

    async fn authorised(&self, service: &HttpService, request: RequestBuilder) -> Result<RequestBuilder, SourceError> {
        Ok(match &service.login {
            HttpLogin::None => request,
            HttpLogin::Bearer { token } => request.header(AUTHORIZATION, secret(&format!("Bearer {token}"))?),
            HttpLogin::Basic { user, password } => request.header(AUTHORIZATION, basic(user, password)?),
            HttpLogin::Header { name, value } => {
                let wrong = |_| SourceError::Misdescribed { field: "login" };
                request.header(HeaderName::from_bytes(name.as_bytes()).map_err(wrong)?, secret(value)?)
            }
            HttpLogin::ClientCredentials { client, secret: own, scope, .. } => {
                let token = self.token(client, own, scope.as_deref()).await?;
                request.header(AUTHORIZATION, secret(&format!("Bearer {token}"))?)
            }
        })
    }

    /// The access token, asked for when there is none that lasts.
    async fn token(&self, client: &str, secret: &str, scope: Option<&str>) -> Result<String, SourceError> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((token, end)) = held.filter(|(_, end)| Instant::now() + TOKEN_MARGIN < *end) {
            let _until = end;
            return Ok(token);
        }
        let (url, http) = self.token.as_ref().ok_or(SourceError::Misdescribed { field: "login" })?;
        let mut form = url.clone();
        form.query_pairs_mut().clear().append_pair("grant_type", "client_credentials");
        if let Some(scope) = scope {
            form.query_pairs_mut().append_pair("scope", scope);
        }
        let request = http
            .post(url.clone())
            .header(AUTHORIZATION, basic(&form_encoded(client), &form_encoded(secret))?)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"))
            .body(form.query().unwrap_or_default().to_owned());
        let answer = body(request, TOKEN_BYTES_MAX).await?;
        let answer: Json = serde_json::from_slice(&answer).map_err(|_| SourceError::Unreachable)?;
        let token = answer["access_token"].as_str().ok_or(SourceError::Unreachable)?.to_owned();
        let seconds = answer["expires_in"].as_u64().unwrap_or(TOKEN_SECONDS).min(86_400);
        let end = Instant::now() + Duration::from_secs(seconds);
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.clone(), end));
        Ok(token)
    }
}

/// Sends the request and reads the answer as far as it may reach.
async fn body(request: RequestBuilder, bytes_max: u64) -> Result<Vec<u8>, SourceError> {
    let mut response = request.send().await.map_err(|error| failed(&error))?;
    match response.status() {
        StatusCode::OK => {}
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            return Err(SourceError::Changed { what: "path".to_owned() });
        }
        // The login is refused.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(SourceError::Unreachable),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            return Err(SourceError::Slow);
        }
        _ => return Err(SourceError::Failed),
    }
    if response.content_length().is_some_and(|length| length > bytes_max) {
        return Err(SourceError::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| failed(&error))? {
        if body.len() as u64 + chunk.len() as u64 > bytes_max {
            return Err(SourceError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn failed(error: &reqwest::Error) -> SourceError {
    if error.is_timeout() { SourceError::Slow } else { SourceError::Unreachable }
}

/// A header's value that no log shows.
fn secret(text: &str) -> Result<HeaderValue, SourceError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| SourceError::Misdescribed { field: "login" })?;
    value.set_sensitive(true);
    Ok(value)
}

fn basic(user: &str, password: &str) -> Result<HeaderValue, SourceError> {
    secret(&format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
}

/// As RFC 6749 section 2.3.1 wants a client's id and secret.
fn form_encoded(text: &str) -> String {
    let mut url = Url::parse("http://x/").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().append_pair("x", text);
    }
    url.and_then(|url| url.query().and_then(|query| query.strip_prefix("x=")).map(str::to_owned)).unwrap_or_default()
}

/// A client for one host alone. What else it were sent to, it has no address of.
async fn pinned(url: &Url, settings: &SourceSettings) -> Result<reqwest::Client, SourceError> {
    if !is_listed(url, &settings.http_hosts) {
        return Err(SourceError::NotAllowed);
    }
    let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default());
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let found = timeout(settings.connect_timeout, lookup_host((bare, port))).await.map_err(|_| SourceError::Slow)?;
    let addresses: Vec<SocketAddr> = found.map_err(|_| SourceError::Unreachable)?.collect();
    // A name that suddenly leads to the machine itself, or to what only it can reach, was not what was listed.
    let by_number = bare.parse::<IpAddr>().is_ok() || bare == "localhost";
    if addresses.is_empty() || addresses.iter().any(|found| !may_be_called(found.ip(), by_number)) {
        return Err(SourceError::NotAllowed);
    }
    let builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls(settings.http_authorities.as_deref())?)
        .resolve_to_addrs(host, &addresses)
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(settings.connect_timeout)
        .read_timeout(settings.query_timeout)
        .pool_max_idle_per_host(settings.calls_max);
    builder.build().map_err(|_| SourceError::Failed)
}

/// Whether the list names the host: `http://…` only where the list says so.
pub(super) fn is_listed(url: &Url, hosts: &[String]) -> bool {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    let with_port = format!("{host}:{port}");
    hosts.iter().any(|entry| match (entry.strip_prefix("http://"), url.scheme()) {
        (Some(plain), "http") => plain == with_port || (plain == host && port == 80),
        (None, "https") => {
            let entry = entry.strip_prefix("https://").unwrap_or(entry);
            entry == with_port || entry == host
        }
        _ => false,
    })
}

fn may_be_called(address: IpAddr, by_number: bool) -> bool {
    let address = address.to_canonical();
    let (link_local, broadcast) = match address {
        IpAddr::V4(v4) => (v4.is_link_local(), v4.is_broadcast()),
        IpAddr::V6(v6) => (v6.is_unicast_link_local(), false),
    };
    !link_local
        && !broadcast
        && !address.is_unspecified()
        && !address.is_multicast()
        && (by_number || !address.is_loopback())
}

/// Verified TLS; public authorities, and those that the node was told of.
fn tls(authorities: Option<&Path>) -> Result<ClientConfig, SourceError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(path) = authorities {
        let found = CertificateDer::pem_file_iter(path).map_err(|_| SourceError::Failed)?;
        for certificate in found {
            let certificate = certificate.map_err(|_| SourceError::Failed)?;
            roots.add(certificate).map_err(|_| SourceError::Failed)?;
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| SourceError::Failed)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_hosts_are_called_and_plain_ones_only_where_the_list_says_so() {
        let hosts: Vec<String> =
            ["api.example", "db.example:8443", "http://old.example", "http://127.0.0.1:80", "https://x.example"]
                .map(str::to_owned)
                .to_vec();
        let listed = |url: &str| is_listed(&Url::parse(url).unwrap(), &hosts);
        for good in [
            "https://api.example/x",
            "https://api.example:9443/",
            "https://db.example:8443/",
            "http://old.example/",
            "http://127.0.0.1/",
            "https://x.example",
        ] {
            assert!(listed(good), "{good}");
        }
        for bad in [
            "http://api.example/",
            "https://db.example/",
            "https://old.example/",
            "http://old.example:8080/",
            "https://api.example.evil/",
            "https://evil/?api.example",
        ] {
            assert!(!listed(bad), "{bad}");
        }
    }

    #[test]
    fn names_do_not_lead_to_the_machine_itself() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(may_be_called(ip("10.1.2.3"), false) && may_be_called(ip("127.0.0.1"), true));
        for bad in ["127.0.0.1", "::1", "169.254.169.254", "::ffff:127.0.0.1", "fe80::1", "0.0.0.0", "224.0.0.1"] {
            assert!(!may_be_called(ip(bad), false), "{bad}");
        }
    }
}
