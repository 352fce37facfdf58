//! One provider: what it publishes of itself, and the calls to it.

use super::jwt::{self, Claims, Expected, Keys, SigningAlgorithm, TokenFault, UserInfo};
use super::{Fault, ProviderCard};
use crate::auth::totp::escaped;
use crate::ids::InstitutionId;
use crate::time::Timestamp;
use crate::web::{Answer, Call, Web};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::Deserialize;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How long what a provider publishes of itself is believed without asking anew.
const KNOWN_FOR: Duration = Duration::from_secs(3_600);

/// What is asked for: who it is, what they are called, and their mail address.
const SCOPES: &str = "openid profile email";

/// How a provider is configured.
#[derive(Clone)]
pub struct ProviderOptions {
    /// As addresses name it: small letters, digits and hyphens.
    pub name: String,
    /// As its button names it.
    pub label: String,
    /// As the provider names itself, exactly.
    pub issuer: String,
    pub client_id: String,
    /// Absent for a public client.
    pub client_secret: Option<String>,
    pub algorithm: SigningAlgorithm,
    /// Whether who signs in there has given a second factor.
    pub gives_second_factor: bool,
    /// Where trainees are made of those whom nobody here knows.
    pub creates_trainees_at: Option<InstitutionId>,
}

impl ProviderOptions {
    pub(super) fn card(&self) -> ProviderCard {
        ProviderCard { name: self.name.clone(), label: self.label.clone(), issuer: self.issuer.clone() }
    }
}

/// What a provider publishes of itself (OpenID Connect Discovery 1.0 §3).
#[derive(Clone, Debug, Deserialize)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    userinfo_endpoint: Option<String>,
    token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    /// Whether its answers say that they are its own (RFC 9207).
    pub fn names_itself(&self) -> bool {
        self.authorization_response_iss_parameter_supported
    }
}

/// What the provider gives for a code.
#[derive(Deserialize)]
pub struct Tokens {
    pub id_token: String,
    pub access_token: Option<String>,
}

/// A provider, and what is known of it.
pub struct Provider {
    pub options: ProviderOptions,
    metadata: Mutex<Option<(Arc<Metadata>, Timestamp)>>,
    keys: Mutex<Option<Arc<Keys>>>,
}

impl Provider {
    pub fn new(options: ProviderOptions) -> Self {
        Self { options, metadata: Mutex::default(), keys: Mutex::default() }
    }

    /// What the provider publishes of itself.
    pub async fn metadata(&self, web: &Web, now: Timestamp) -> Result<Arc<Metadata>, Fault> {
        if let Some((known, since)) = self.metadata.lock().unwrap_or_else(PoisonError::into_inner).as_ref()
            && now.since(*since) < KNOWN_FOR
        {
            return Ok(Arc::clone(known));
        }
        let url = format!("{}/.well-known/openid-configuration", self.options.issuer.trim_end_matches('/'));
        let metadata: Metadata = read(&get(web, url, None).await?)?;
        if metadata.issuer != self.options.issuer {
            return Err(Fault::new("the provider calls itself otherwise than `issuer` in the configuration"));
        }
        let metadata = Arc::new(metadata);
        *self.metadata.lock().unwrap_or_else(PoisonError::into_inner) = Some((Arc::clone(&metadata), now));
        Ok(metadata)
    }

    /// Where a browser goes to sign in.
    pub fn authorization_url(
        &self,
        metadata: &Metadata,
        redirect_uri: &str,
        state: &str,
        nonce: &str,
        verifier: &str,
    ) -> String {
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        let challenge = URL_SAFE_NO_PAD.encode(digest);
        let query = form(&[
            ("response_type", "code"),
            ("client_id", &self.options.client_id),
            ("redirect_uri", redirect_uri),
            ("scope", SCOPES),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let endpoint = &metadata.authorization_endpoint;
        let joint = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{joint}{query}")
    }

    /// Trades a code for tokens.
    pub async fn exchange(
        &self,
        web: &Web,
        metadata: &Metadata,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Tokens, Fault> {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let client_id = &self.options.client_id;
        match &self.options.client_secret {
            None => fields.push(("client_id", client_id)),
            Some(secret) if metadata.takes_basic() => {
                // RFC 6749 §2.3.1: both are encoded as in a form first.
                let pair = format!("{}:{}", escaped(client_id), escaped(secret));
                let value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(pair)));
                headers.insert(header::AUTHORIZATION, sensitive(value)?);
            }
            Some(secret) => fields.extend([("client_id", client_id.as_str()), ("client_secret", secret)]),
        }
        let url = metadata.token_endpoint.clone();
        let body = form(&fields).into_bytes();
        let answer = web.send(Call { method: Method::POST, url, headers, body }).await?;
        read(&answer)
    }

    /// Verifies an ID token; where no known key signed it, the keys are read anew, once.
    pub async fn verify(
        &self,
        web: &Web,
        metadata: &Metadata,
        token: &str,
        nonce: &str,
        now: Timestamp,
    ) -> Result<Claims, Fault> {
        let ProviderOptions { algorithm, issuer, client_id, .. } = &self.options;
        let expected = Expected { algorithm: *algorithm, issuer, client_id, nonce, now };
        let known = self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(keys) = known {
            match jwt::verify(token, &keys, expected) {
                Err(TokenFault::UnknownKey) => {}
                verified => return Ok(verified?),
            }
        }
        let keys: Keys = read(&get(web, metadata.jwks_uri.clone(), None).await?)?;
        let keys = Arc::new(keys);
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&keys));
        Ok(jwt::verify(token, &keys, expected)?)
    }

    /// What the provider tells of the person apart from the ID token; none where it has no such call.
    pub async fn user_info(
        &self,
        web: &Web,
        metadata: &Metadata,
        access_token: Option<&str>,
    ) -> Result<Option<UserInfo>, Fault> {
        let (Some(url), Some(token)) = (&metadata.userinfo_endpoint, access_token) else { return Ok(None) };
        read(&get(web, url.clone(), Some(token)).await?).map(Some)
    }
}

impl Metadata {
    /// What is not said is this way (Discovery §3).
    fn takes_basic(&self) -> bool {
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "client_secret_basic"))
    }
}

async fn get(web: &Web, url: String, token: Option<&str>) -> Result<Answer, Fault> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    if let Some(token) = token {
        headers.insert(header::AUTHORIZATION, sensitive(HeaderValue::from_str(&format!("Bearer {token}")))?);
    }
    Ok(web.send(Call { method: Method::GET, url, headers, body: Vec::new() }).await?)
}

fn read<T: for<'de> Deserialize<'de>>(answer: &Answer) -> Result<T, Fault> {
    if answer.status != StatusCode::OK {
        return Err(Fault::new(format!(
            "the provider answered {}{}",
            answer.status.as_u16(),
            error_word(&answer.body)
        )));
    }
    serde_json::from_slice(&answer.body).map_err(|_| Fault::new("the provider's answer can't be read"))
}

/// The word of an OAuth error (RFC 6749 §5.2), which is for logs; its description may quote what was sent.
fn error_word(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    let said: Option<Said> = serde_json::from_slice(body).ok();
    let is_word = |text: &str| text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    said.filter(|said| is_word(&said.error)).map(|said| format!(" ({})", said.error)).unwrap_or_default()
}

fn sensitive(value: Result<HeaderValue, axum::http::header::InvalidHeaderValue>) -> Result<HeaderValue, Fault> {
    let mut value = value.map_err(|_| Fault::new("a credential has characters that no header may have"))?;
    value.set_sensitive(true);
    Ok(value)
}

/// `application/x-www-form-urlencoded`.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
    pairs.join("&")
}
