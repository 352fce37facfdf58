//! The keys that seal: Ed25519 (RFC 8032).

use super::hex::Hex;
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// What a public key is called: the first 16 bytes of its SHA-256.
pub type KeyName = Hex<16>;

/// The half of a key by which anybody checks seals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PublicKey(pub Hex<32>);

/// A key that seals. It is never shown: what prints it prints its name.
pub struct SigningKey {
    pair: Ed25519KeyPair,
    public: PublicKey,
}

/// What a signing key is made of: 32 random bytes. It has no `Debug`, so that no log gets it.
pub struct KeySeed(Hex<32>);

/// Bytes that are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are no signing key")]
pub struct BadKey;

impl PublicKey {
    #[must_use]
    pub fn name(&self) -> KeyName {
        let hash = digest(&SHA256, &self.0.0);
        Hex(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    pub(super) fn verifies(&self, message: &[u8], signature: &Hex<64>) -> bool {
        UnparsedPublicKey::new(&ED25519, self.0.0).verify(message, &signature.0).is_ok()
    }
}

impl KeySeed {
    #[must_use]
    pub fn new(random: [u8; 32]) -> Self {
        Self(Hex(random))
    }

    /// What [`KeySeed::text`] gave.
    ///
    /// # Errors
    /// Where it is something else.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        text.parse().map(Self).map_err(|_| BadKey)
    }

    /// For whoever keeps it.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.to_string()
    }

    /// The key that it is (RFC 8032 §5.1.5).
    ///
    /// # Errors
    /// Where it is none.
    pub fn key(&self) -> Result<SigningKey, BadKey> {
        let pair = Ed25519KeyPair::from_seed_unchecked(&self.0.0).map_err(|_| BadKey)?;
        let public = pair.public_key().as_ref().first_chunk().copied().ok_or(BadKey)?;
        Ok(SigningKey { pair, public: PublicKey(Hex(public)) })
    }
}

impl SigningKey {
    #[must_use]
    pub fn public(&self) -> PublicKey {
        self.public
    }

    pub(super) fn sign(&self, message: &[u8]) -> Hex<64> {
        Hex(self.pair.sign(message).as_ref().first_chunk().copied().unwrap_or([0; 64]))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.public.name())
    }
}

/// SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> Hex<32> {
    Hex(digest(&SHA256, bytes).as_ref().first_chunk().copied().unwrap_or_default())
}
