//! ID tokens: signed statements of a provider about who signed in (OpenID Connect Core §2, RFC 7515, RFC 7519).
//!
//! One algorithm for each provider, which the configuration names: a token says nothing about how it is to be verified
//! but which of the provider's published keys it was signed with. Keys that a token names or brings itself (`jku`,
//! `x5u`, `jwk`) are not looked at.

use super::Fault;
use crate::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;

/// How far two clocks may be apart, in seconds.
const SKEW_S: i64 = 60;

/// The largest token, in bytes.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How ID tokens are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningAlgorithm {
    Rs256,
    Ps256,
    Es256,
    EdDsa,
}

impl SigningAlgorithm {
    fn word(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// A provider's published keys (RFC 7517).
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Keys {
    keys: Vec<Key>,
}

#[derive(Clone, Debug, Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    #[serde(rename = "use")]
    purpose: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<serde_json::Value>,
}

/// What a provider says about who signed in.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    pub sub: String,
    iss: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nbf: Option<i64>,
    nonce: Option<String>,
    email: Option<String>,
    email_verified: Option<Truth>,
    pub name: Option<String>,
    pub preferred_username: Option<String>,
}

/// The same from the provider's `userinfo`, for those who say it there only.
#[derive(Clone, Debug, Deserialize)]
pub struct UserInfo {
    sub: String,
    email: Option<String>,
    email_verified: Option<Truth>,
    name: Option<String>,
    preferred_username: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

/// Some providers write it as text.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Truth {
    Plain(bool),
    Text(String),
}

impl Truth {
    fn is_true(&self) -> bool {
        match self {
            Self::Plain(truth) => *truth,
            Self::Text(text) => text == "true",
        }
    }
}

/// Why a token is not taken.
#[derive(Debug)]
pub enum TokenFault {
    /// None of the keys that are known signed it: there may be new ones.
    UnknownKey,
    Refused(Fault),
}

impl From<TokenFault> for Fault {
    fn from(fault: TokenFault) -> Self {
        match fault {
            TokenFault::UnknownKey => Self::new("the ID token is signed with a key that the provider does not publish"),
            TokenFault::Refused(fault) => fault,
        }
    }
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub algorithm: SigningAlgorithm,
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now: Timestamp,
}

/// Reads a token, verifies its signature, and holds its claims against what is expected.
///
/// # Errors
/// Why it is not taken.
pub fn verify(token: &str, keys: &Keys, expected: Expected<'_>) -> Result<Claims, TokenFault> {
    let refused = |reason: &str| TokenFault::Refused(Fault::new(reason));
    if token.len() > TOKEN_BYTES_MAX {
        return Err(refused("the ID token is too large"));
    }
    let (signed, signature) = token.rsplit_once('.').ok_or_else(|| refused("the ID token has no signature"))?;
    let (header, payload) = signed.split_once('.').ok_or_else(|| refused("the ID token has no claims"))?;
    let header: Header = part(header).ok_or_else(|| refused("the ID token's header can't be read"))?;
    if header.alg != expected.algorithm.word() {
        return Err(refused("the ID token is signed by another algorithm than the configured one"));
    }
    if header.crit.is_some() {
        return Err(refused("the ID token wants an extension understood"));
    }
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| refused("the ID token's signature can't be read"))?;
    let key = keys.choose(header.kid.as_deref(), expected.algorithm).ok_or(TokenFault::UnknownKey)?;
    if !key.signed(expected.algorithm, signed.as_bytes(), &signature) {
        return Err(refused("the ID token's signature is wrong"));
    }
    let claims: Claims = part(payload).ok_or_else(|| refused("the ID token's claims can't be read"))?;
    claims.hold(expected).map_err(refused)?;
    Ok(claims)
}

fn part<T: for<'de> Deserialize<'de>>(text: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

impl Claims {
    /// OpenID Connect Core §3.1.3.7.
    fn hold(&self, expected: Expected<'_>) -> Result<(), &'static str> {
        let now = expected.now.seconds();
        let (audiences, is_ours) = match &self.aud {
            Audience::One(audience) => (1, audience == expected.client_id),
            Audience::Many(all) => (all.len(), all.iter().any(|audience| audience == expected.client_id)),
        };
        if self.iss != expected.issuer {
            return Err("the ID token is another issuer's");
        }
        if !is_ours {
            return Err("the ID token is for another client");
        }
        if self.azp.as_deref().is_some_and(|party| party != expected.client_id) || (audiences > 1 && self.azp.is_none())
        {
            return Err("the ID token was given to another client");
        }
        if self.exp <= now.saturating_sub(SKEW_S) {
            return Err("the ID token has expired");
        }
        if self.iat > now.saturating_add(SKEW_S) || self.nbf.is_some_and(|from| from > now.saturating_add(SKEW_S)) {
            return Err("the ID token is of the future: look at both clocks");
        }
        if self.nonce.as_deref() != Some(expected.nonce) {
            return Err("the ID token is an answer to another question (nonce)");
        }
        if self.sub.is_empty() || self.sub.len() > 255 {
            return Err("the ID token is about nobody");
        }
        Ok(())
    }

    /// The mail address, where the provider says that it is theirs.
    pub fn verified_mail(&self) -> Option<&str> {
        let is_verified = self.email_verified.as_ref().is_some_and(Truth::is_true);
        self.email.as_deref().filter(|_| is_verified)
    }

    /// Adds what the provider says in its `userinfo` only.
    pub fn complete(&mut self, told: UserInfo) -> Result<(), Fault> {
        if told.sub != self.sub {
            return Err(Fault::new("the provider's userinfo is about somebody else"));
        }
        self.email = told.email;
        self.email_verified = told.email_verified;
        self.name = self.name.take().or(told.name);
        self.preferred_username = self.preferred_username.take().or(told.preferred_username);
        Ok(())
    }
}

impl Keys {
    /// The key that a token names; where it names none, the only one that fits.
    fn choose(&self, kid: Option<&str>, algorithm: SigningAlgorithm) -> Option<&Key> {
        let mut fitting = self.keys.iter().filter(|key| key.fits(algorithm));
        match kid {
            Some(kid) => fitting.find(|key| key.kid.as_deref() == Some(kid)),
            None => fitting.next().filter(|_| fitting.next().is_none()),
        }
    }
}

impl Key {
    fn fits(&self, algorithm: SigningAlgorithm) -> bool {
        let (kind, curve) = match algorithm {
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => ("RSA", None),
            SigningAlgorithm::Es256 => ("EC", Some("P-256")),
            SigningAlgorithm::EdDsa => ("OKP", Some("Ed25519")),
        };
        self.kty == kind
            && curve.is_none_or(|curve| self.crv.as_deref() == Some(curve))
            && self.purpose.as_deref().is_none_or(|purpose| purpose == "sig")
            && self.alg.as_deref().is_none_or(|named| named == algorithm.word())
    }

    fn signed(&self, algorithm: SigningAlgorithm, message: &[u8], signed: &[u8]) -> bool {
        let bytes = |text: &Option<String>| text.as_deref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let verified = match algorithm {
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => {
                let (Some(n), Some(e)) = (bytes(&self.n), bytes(&self.e)) else { return false };
                let method = match algorithm {
                    SigningAlgorithm::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    _ => &signature::RSA_PKCS1_2048_8192_SHA256,
                };
                RsaPublicKeyComponents { n: &n, e: &e }.verify(method, message, signed)
            }
            SigningAlgorithm::Es256 => {
                let (Some(x), Some(y)) = (bytes(&self.x), bytes(&self.y)) else { return false };
                // SEC 1 §2.3.3: an uncompressed point.
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).verify(message, signed)
            }
            SigningAlgorithm::EdDsa => {
                let Some(x) = bytes(&self.x) else { return false };
                UnparsedPublicKey::new(&signature::ED25519, x).verify(message, signed)
            }
        };
        verified.is_ok()
    }
}

#[cfg(test)]
mod tests;
