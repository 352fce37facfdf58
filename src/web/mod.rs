//! Calls to other servers over HTTP: an institution's webhooks, an OpenID provider.
//!
//! Owns how they are reached: TLS with the system's roots, no redirects, bounded time and size. An address that somebody
//! gave in a form is reached by [`Web::to_strangers`], which touches no network but the public internet and the servers
//! that the operator allowed by name; one that the operator configured, by [`Web::to_configured`].

mod addresses;

use addresses::{PublicOnly, is_public};
use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use reqwest::Url;
use reqwest::redirect::Policy;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// The largest answer that is read, in bytes; a provider's keys are some kilobytes.
pub const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// What calls look like to the servers that are called.
const USER_AGENT: &str = concat!("Qism/", env!("CARGO_PKG_VERSION"));

/// Makes calls; cheap to clone.
#[derive(Clone)]
pub struct Web {
    client: reqwest::Client,
    /// Where set, whatever is not among the allowed ones must be public.
    strangers: Option<Arc<Allowed>>,
}

/// Servers that may be called wherever they are.
struct Allowed {
    /// Scheme, host and port, as a URL's origin is written.
    origins: Vec<String>,
    /// Resolves names to any address.
    client: reqwest::Client,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: Method,
    pub url: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What a server answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum WebFault {
    /// The address can't be called; the text says why.
    #[error("{0}")]
    Address(&'static str),
    /// The server was not reached, or broke off; the text says where it stopped.
    #[error("{0}")]
    Unreachable(String),
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
}

impl Web {
    /// Calls to addresses that the operator wrote into the configuration: https anywhere, and http on this machine.
    ///
    /// # Errors
    /// Where TLS can't be set up.
    pub fn to_configured() -> Result<Self, WebFault> {
        Ok(Self { client: build(reqwest::Client::builder())?, strangers: None })
    }

    /// Calls to addresses that people gave: https, and to the public internet only, whatever a name resolves to; or of
    /// one of the `allowed` origins.
    ///
    /// # Errors
    /// Where TLS can't be set up, or an origin can't be read.
    pub fn to_strangers(allowed: &[String]) -> Result<Self, WebFault> {
        let builder = reqwest::Client::builder().dns_resolver(Arc::new(PublicOnly));
        let origin = |text: &String| {
            let url = Url::parse(text).map_err(|_| WebFault::Address("an allowed origin can't be read"))?;
            Ok(url.origin().ascii_serialization())
        };
        let origins = allowed.iter().map(origin).collect::<Result<_, WebFault>>()?;
        let allowed = Allowed { origins, client: build(reqwest::Client::builder())? };
        Ok(Self { client: build(builder)?, strangers: Some(Arc::new(allowed)) })
    }

    /// Makes a call and reads its answer to the end. Every status is an answer.
    ///
    /// # Errors
    /// Where the address may not be called, or no whole answer came in time.
    pub async fn send(&self, call: Call) -> Result<Answer, WebFault> {
        let url = self.parse(&call.url)?;
        let client = self.allowed(&url).map_or(&self.client, |allowed| &allowed.client);
        let request = client.request(call.method, url).headers(call.headers).body(call.body);
        let mut response = request.send().await.map_err(unreachable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(unreachable)? {
            if body.len().saturating_add(chunk.len()) > ANSWER_BYTES_MAX {
                return Err(WebFault::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer { status, headers, body: body.into() })
    }

    /// Whether an address may be called at all, before it is stored.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, url: &str) -> Result<(), WebFault> {
        self.parse(url).map(|_| ())
    }

    fn parse(&self, url: &str) -> Result<Url, WebFault> {
        let url = Url::parse(url).map_err(|_| WebFault::Address("the address can't be read; write https://…"))?;
        let Some(host) = url.host_str() else {
            return Err(WebFault::Address("the address names no server"));
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(WebFault::Address("the address may hold no name and password"));
        }
        if self.allowed(&url).is_some() {
            return Ok(url);
        }
        let only_public = self.strangers.is_some();
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let here = host == "localhost" || literal.is_some_and(|address| address.is_loopback());
        match url.scheme() {
            "https" => {}
            "http" if here && !only_public => {}
            _ => return Err(WebFault::Address("the address must begin with https://")),
        }
        // A name is looked at once it is resolved.
        if only_public && (here || literal.is_some_and(|address| !is_public(address))) {
            return Err(WebFault::Address("the address is of a private network; it must be of the public internet"));
        }
        Ok(url)
    }

    /// What this address is called with, where it is of a server that may be called wherever it is.
    fn allowed(&self, url: &Url) -> Option<&Allowed> {
        let allowed = self.strangers.as_deref()?;
        let origin = url.origin().ascii_serialization();
        allowed.origins.contains(&origin).then_some(allowed)
    }
}

fn build(builder: reqwest::ClientBuilder) -> Result<reqwest::Client, WebFault> {
    // Whoever came first chose the process's provider of cryptography; it is ring either way.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = builder.redirect(Policy::none()).timeout(TIMEOUT).user_agent(USER_AGENT).no_proxy();
    builder.build().map_err(unreachable)
}

/// The innermost reason: the outer ones repeat the address, which may hold a secret.
fn unreachable(error: reqwest::Error) -> WebFault {
    if error.is_timeout() {
        return WebFault::Unreachable(format!("no answer came within {} s", TIMEOUT.as_secs()));
    }
    let error = error.without_url();
    let mut reason: &dyn std::error::Error = &error;
    while let Some(source) = reason.source() {
        reason = source;
    }
    WebFault::Unreachable(reason.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strangers_are_reached_on_the_public_internet_only() {
        let web = Web::to_strangers(&[]).expect("TLS");
        web.check("https://hooks.example.ma/qism?x=1").expect("a public name");
        web.check("https://93.184.216.34/").expect("a public address");
        for url in [
            "http://hooks.example.ma/",
            "https://127.0.0.1/",
            "https://localhost:8443/",
            "https://10.0.0.1/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://2130706433/",
            "https://user:password@hooks.example.ma/",
            "file:///etc/passwd",
            "nonsense",
        ] {
            assert!(web.check(url).is_err(), "{url}");
        }
    }

    #[test]
    fn what_the_operator_allows_is_one_server_and_no_other() {
        let allowed = ["http://127.0.0.1:9000".to_owned(), "https://Registry.School.lan".to_owned()];
        let web = Web::to_strangers(&allowed).expect("TLS");
        web.check("http://127.0.0.1:9000/qism?x=1").expect("this machine, on this port");
        web.check("https://registry.school.lan:443/qism").expect("by its name");
        for url in [
            "http://127.0.0.1:9001/qism",
            "https://127.0.0.1:9000/qism",
            "http://127.0.0.1.example.ma:9000/",
            "http://user@127.0.0.1:9000/",
            "http://registry.school.lan/",
            "https://10.0.0.1/",
        ] {
            assert!(web.check(url).is_err(), "{url}");
        }
    }

    /// The name is allowed for the origin as a whole: another port of it is reached as any stranger is, that is, not.
    #[tokio::test]
    async fn a_name_of_this_machine_is_reached_only_where_it_is_allowed() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let call = |host: &str, scheme: &str| Call {
            method: Method::GET,
            url: format!("{scheme}://{host}:{}/", address.port()),
            headers: HeaderMap::new(),
            body: Vec::new(),
        };
        let web = Web::to_strangers(&[format!("http://127.0.0.1:{}", address.port())]).expect("TLS");
        let answering = tokio::spawn(async move {
            use tokio::io::{AsyncReadExt, AsyncWriteExt};
            let (mut socket, _) = listener.accept().await.expect("called");
            let mut request = [0; 4_096];
            assert!(socket.read(&mut request).await.expect("a request") > 0);
            let answer = b"HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n";
            socket.write_all(answer).await.expect("answered");
            listener.accept().await
        });
        let answer = web.send(call("127.0.0.1", "http")).await.expect("an answer");
        assert_eq!(answer.status.as_u16(), 307, "and it leads nowhere");
        assert!(web.send(call("localhost", "https")).await.is_err());
        answering.abort();
    }

    #[test]
    fn what_the_operator_configured_may_be_on_this_machine() {
        let web = Web::to_configured().expect("TLS");
        web.check("http://127.0.0.1:3000/oidc").expect("this machine");
        web.check("https://sso.example.ma").expect("https");
        assert!(web.check("http://sso.example.ma").is_err());
    }
}
