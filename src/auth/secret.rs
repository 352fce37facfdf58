//! Secrets: 256 bits from the system's randomness, given out once as text and kept as hashes.

use crate::attendance::ledger::KeySeed;
use crate::store::SecretHash;
use crate::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::{SecureRandom, SystemRandom};
use uuid::{Builder, Uuid};

/// 256 bits.
const SECRET_BYTES: usize = 32;

/// The system gave no randomness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no randomness; see that /dev/urandom can be read")]
pub struct NoRandomness;

/// A secret in the clear: in a link, a cookie, a bearer token or a ticket. It has no `Debug`, so that no log gets it.
#[derive(Clone)]
pub struct Secret([u8; SECRET_BYTES]);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn random() -> Result<Self, NoRandomness> {
        random().map(Self)
    }

    /// The secret that this text stands for: 43 characters of base64url (RFC 4648 §5) without padding.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut bytes = [0; SECRET_BYTES];
        match URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) {
            Ok(SECRET_BYTES) => Some(Self(bytes)),
            _ => None,
        }
    }

    /// A secret that only follows from this one and from what it is for: HMAC-SHA-256 with this one as the key.
    #[must_use]
    pub fn derive(&self, purpose: &str) -> Self {
        let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &self.0);
        let tag = ring::hmac::sign(&key, purpose.as_bytes());
        let mut bytes = [0; SECRET_BYTES];
        for (byte, from) in bytes.iter_mut().zip(tag.as_ref()) {
            *byte = *from;
        }
        Self(bytes)
    }

    /// As links, cookies and tickets carry it.
    #[must_use]
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// As a key that deliveries to a webhook are signed with (Standard Webhooks).
    #[must_use]
    pub fn webhook_key(&self) -> String {
        format!("whsec_{}", base64::engine::general_purpose::STANDARD.encode(self.0))
    }

    /// As the store keeps it. A secret of 256 random bits needs neither salt nor a slow hash.
    #[must_use]
    pub fn hash(&self) -> SecretHash {
        let digest = ring::digest::digest(&ring::digest::SHA256, &self.0);
        let mut bytes = [0; 32];
        for (byte, from) in bytes.iter_mut().zip(digest.as_ref()) {
            *byte = *from;
        }
        SecretHash(bytes)
    }
}

/// A new UUID of version 7 (RFC 9562 §5.7): ordered by time to the millisecond, and random below.
///
/// # Errors
/// Where the system has no randomness.
pub fn new_id(now: Timestamp) -> Result<Uuid, NoRandomness> {
    let millis = u64::try_from(now.micros().div_euclid(1_000)).unwrap_or(0);
    Ok(Builder::from_unix_timestamp_millis(millis, &random()?).into_uuid())
}

/// What a key that seals ledgers is made of.
///
/// # Errors
/// Where the system has no randomness.
pub fn ledger_seed() -> Result<KeySeed, NoRandomness> {
    random().map(KeySeed::new)
}

pub(super) fn random<const BYTES: usize>() -> Result<[u8; BYTES], NoRandomness> {
    let mut bytes = [0; BYTES];
    SystemRandom::new().fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_survives_its_text_and_no_other_text_is_one() {
        let secret = Secret::random().expect("randomness");
        let text = secret.text();
        assert_eq!(text.len(), 43);
        assert!(Secret::parse(&text).is_some_and(|parsed| parsed.hash() == secret.hash()));
        let longer = format!("{text}AA");
        let padded = format!("{text}=");
        for other in ["", "A", &text[..42], &longer, &padded, &text.replace(&text[..1], "+"), "é".repeat(22).as_str()]
        {
            assert!(Secret::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_hash_is_sha_256_of_the_bytes() {
        // FIPS 180-4's SHA-256 of 32 zero bytes.
        let hash = Secret([0; 32]).hash();
        assert_eq!(hash.0[..4], [0x66, 0x68, 0x7a, 0xad]);
        assert!(Secret([1; 32]).hash() != hash);
    }

    #[test]
    fn derived_secrets_differ_by_purpose_and_by_source() {
        let (one, other) = (Secret([1; 32]), Secret([2; 32]));
        let texts =
            [one.derive("trainer").text(), one.derive("trainee").text(), other.derive("trainer").text(), one.text()];
        for (index, text) in texts.iter().enumerate() {
            assert!(!texts[..index].contains(text));
        }
        assert_eq!(one.derive("trainer").text(), texts[0]);
    }

    #[test]
    fn ids_are_version_7_and_ordered_by_time() {
        let early = new_id(Timestamp(1_795_597_200_000_000)).expect("randomness");
        let late = new_id(Timestamp(1_795_597_200_001_000)).expect("randomness");
        assert_eq!(early.get_version_num(), 7);
        assert!(early < late);
        assert_ne!(early, new_id(Timestamp(1_795_597_200_000_000)).expect("randomness"));
    }
}
