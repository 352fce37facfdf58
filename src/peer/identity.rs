//! The server's DTLS certificate, and the fingerprints by which the two ends know each other (RFC 8122).

use ring::digest;
use rtc::crypto::RTCCryptoProvider;
use rtc::dtls::crypto::Certificate;
use std::fmt;
use std::sync::Arc;

/// The server's end of every DTLS handshake: one self-signed certificate per process, as browsers make one per page.
pub struct Identity {
    pub(super) certificate: Certificate,
    pub(super) crypto: Arc<dyn RTCCryptoProvider>,
    fingerprint: Fingerprint,
}

/// The certificate could not be made: the system's cryptography is not usable.
#[derive(Debug, thiserror::Error)]
#[error("no DTLS certificate could be made: {0}")]
pub struct IdentityError(String);

impl Identity {
    /// A new certificate with a P-256 key.
    ///
    /// # Errors
    /// Where the system gives no randomness.
    pub fn generate() -> Result<Self, IdentityError> {
        let fail = |error: &dyn fmt::Display| IdentityError(error.to_string());
        let crypto = rtc::crypto::default_provider().map_err(|error| fail(&error))?;
        let certificate = Certificate::generate_self_signed(vec!["qism".to_owned()], crypto.crypto())
            .map_err(|error| fail(&error))?;
        let der = certificate.certificate.first().ok_or_else(|| fail(&"the certificate is empty"))?;
        let fingerprint = Fingerprint::sha256_of(der.as_ref());
        Ok(Self { certificate, crypto, fingerprint })
    }

    /// What an answer names.
    #[must_use]
    pub fn fingerprint(&self) -> &Fingerprint {
        &self.fingerprint
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("fingerprint", &self.fingerprint).finish_non_exhaustive()
    }
}

/// A certificate's hash as `a=fingerprint` carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    function: HashFunction,
    hash: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HashFunction {
    Sha256,
    Sha384,
    Sha512,
}

impl HashFunction {
    fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "sha-256" => Some(Self::Sha256),
            "sha-384" => Some(Self::Sha384),
            "sha-512" => Some(Self::Sha512),
            // SHA-1 and MD5 are broken, and RFC 8122 §5 has SHA-256 as its mandatory function.
            _ => None,
        }
    }

    fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Self::Sha256 => &digest::SHA256,
            Self::Sha384 => &digest::SHA384,
            Self::Sha512 => &digest::SHA512,
        }
    }
}

impl Fingerprint {
    fn sha256_of(der: &[u8]) -> Self {
        let hash = digest::digest(&digest::SHA256, der).as_ref().to_vec();
        Self { function: HashFunction::Sha256, hash }
    }

    /// Reads the value of `a=fingerprint`; `None` where the function is unknown or too weak, or the hash is not of its
    /// length.
    #[must_use]
    pub fn parse(value: &str) -> Option<Self> {
        let (name, digits) = value.trim().split_once(' ')?;
        let function = HashFunction::parse(name)?;
        let hash: Option<Vec<u8>> = digits.trim().split(':').map(|byte| u8::from_str_radix(byte, 16).ok()).collect();
        let hash = hash.filter(|hash| hash.len() == function.algorithm().output_len())?;
        Some(Self { function, hash })
    }

    /// Whether this is the fingerprint of that certificate.
    #[must_use]
    pub fn is_of(&self, der: &[u8]) -> bool {
        digest::digest(self.function.algorithm(), der).as_ref() == self.hash
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.function {
            HashFunction::Sha256 => "sha-256 ",
            HashFunction::Sha384 => "sha-384 ",
            HashFunction::Sha512 => "sha-512 ",
        })?;
        for (index, byte) in self.hash.iter().enumerate() {
            write!(f, "{}{byte:02X}", if index == 0 { "" } else { ":" })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_it_is_written_and_knows_its_certificate() {
        let identity = Identity::generate().expect("an identity");
        let written = identity.fingerprint().to_string();
        let read = Fingerprint::parse(&written).expect("readable");
        let der = &identity.certificate.certificate[0];
        assert_eq!(&read, identity.fingerprint());
        assert!(read.is_of(der.as_ref()));
        assert!(!read.is_of(b"another certificate"));
    }

    #[test]
    fn weak_or_broken_fingerprints_are_refused() {
        for value in ["sha-1 AB:CD", "sha-256 AB:CD", "sha-256", "", "sha-256 zz:00", "md5 00"] {
            assert_eq!(Fingerprint::parse(value), None, "{value}");
        }
    }
}
