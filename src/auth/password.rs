//! Passwords: argon2id, a few at a time, since each hash takes memory and a core.

use super::password_rules::normalised;
use super::refusal::Refusal;
use super::secret::{NoRandomness, random};
use crate::protocol::ErrorCode;
use argon2::password_hash::{Output, PasswordHash, PasswordHasher, PasswordVerifier, Salt, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// OWASP's least for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// The longest password that is hashed, in bytes; nobody's is longer, and hashing is not for free.
pub const PASSWORD_BYTES_MAX: usize = 1_024;

/// How many wait for a hash; more is an attack, and is told to come back.
const WAITING_MAX: usize = 256;

/// Hashes and verifies passwords.
pub struct Passwords {
    running: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    /// What the password of nobody is compared with, so that it takes as long as somebody's.
    nobodys: String,
}

impl Passwords {
    /// # Panics
    /// Never: the parameters are constants within argon2's ranges.
    pub fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let salt = SaltString::encode_b64(&[0; 16]).ok();
        let nobodys = salt.and_then(|salt| hash_with(b"nobody", salt.as_salt()).ok()).unwrap_or_default();
        Self { running: Arc::new(Semaphore::new(cores)), waiting: Arc::new(Semaphore::new(WAITING_MAX)), nobodys }
    }

    /// A new password as a PHC string.
    ///
    /// # Errors
    /// Where the system has no randomness, or too many wait.
    pub async fn hash(&self, password: &str) -> Result<String, Refusal> {
        let salt = random::<16>()?;
        let password = normalised(password);
        let hashed = self.run(move || {
            let salt = SaltString::encode_b64(&salt).map_err(|_| NoRandomness)?;
            hash_with(password.as_bytes(), salt.as_salt()).map_err(|_| NoRandomness)
        });
        Ok(hashed.await??)
    }

    /// Whether the password is the one that was hashed; takes as long where there is none.
    ///
    /// # Errors
    /// Where too many wait.
    pub async fn verify(&self, password: &str, hashed: Option<String>) -> Result<bool, Refusal> {
        let known = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| self.nobodys.clone());
        let password: String = if password.len() <= PASSWORD_BYTES_MAX { normalised(password) } else { String::new() };
        let matches = self.run(move || {
            PasswordHash::new(&hashed)
                .is_ok_and(|hashed| Argon2::default().verify_password(password.as_bytes(), &hashed).is_ok())
        });
        Ok(matches.await? && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
        let busy = || Refusal::new(ErrorCode::TooMany, "too many are signing in at once; try again in a moment");
        let _waiting = self.waiting.try_acquire().map_err(|_| busy())?;
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| busy())?;
        let worked = tokio::task::spawn_blocking(move || {
            let _running = running;
            work()
        });
        worked.await.map_err(|_| Refusal::new(ErrorCode::Internal, "the password could not be looked at"))
    }
}

fn hash_with(password: &[u8], salt: Salt<'_>) -> Result<String, argon2::password_hash::Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(Output::MIN_LENGTH.max(32)))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    Ok(argon2.hash_password(password, salt)?.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_right() {
        let passwords = Passwords::new();
        let hashed = passwords.hash("كلمة سر طويلة").await.expect("a hash");
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(passwords.verify("كلمة سر طويلة", Some(hashed.clone())).await.expect("an answer"));
        assert!(!passwords.verify("كلمة سر", Some(hashed)).await.expect("an answer"));
        // Nobody's password is not even the one that nobody is compared with.
        assert!(!passwords.verify("nobody", None).await.expect("an answer"));
        assert!(!passwords.verify("x", Some("not a hash".into())).await.expect("an answer"));
    }
}
