//! Sign-ins that are on their way to a provider and back.

use crate::ids::SessionId;
use crate::store::{AccountOf, SecretHash};
use crate::time::Timestamp;
use std::collections::HashMap;
use std::time::Duration;

/// How long somebody may take at the provider.
pub const LIFETIME: Duration = Duration::from_secs(600);

/// How many may be on their way; more are refused until some come back or give up.
pub const PENDING_MAX: usize = 10_000;

/// A sign-in that was begun.
pub struct PendingSignIn {
    /// The provider's name.
    pub provider: String,
    /// The hash of the secret in the browser's cookie: what one browser began, no other ends.
    pub browser: SecretHash,
    pub nonce: String,
    /// PKCE's code verifier (RFC 7636).
    pub verifier: String,
    /// Where the browser goes afterwards.
    pub page: String,
    /// Whose identity it is to be, and in which session they said so; else somebody signs in.
    pub link: Option<(AccountOf, SessionId)>,
}

/// By the hash of each one's state.
#[derive(Default)]
pub struct Pending {
    waiting: HashMap<SecretHash, (PendingSignIn, Timestamp)>,
}

impl Pending {
    /// Notes a sign-in; false where there are too many.
    pub fn begin(&mut self, state: SecretHash, started: PendingSignIn, now: Timestamp) -> bool {
        if self.waiting.len() >= PENDING_MAX {
            self.waiting.retain(|_, (_, until)| now < *until);
        }
        if self.waiting.len() >= PENDING_MAX {
            return false;
        }
        self.waiting.insert(state, (started, now.plus(LIFETIME)));
        true
    }

    /// Takes a sign-in out: each state is good once.
    pub fn take(&mut self, state: &SecretHash, now: Timestamp) -> Option<PendingSignIn> {
        let (started, until) = self.waiting.remove(state)?;
        (now < until).then_some(started)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);

    fn hash(number: usize) -> SecretHash {
        let mut hash = SecretHash([0; 32]);
        hash.0[..8].copy_from_slice(&number.to_be_bytes());
        hash
    }

    fn started() -> PendingSignIn {
        let (provider, nonce, verifier, page) = ("sso".into(), "n".into(), "v".into(), "/today".into());
        PendingSignIn { provider, browser: hash(0), nonce, verifier, page, link: None }
    }

    #[test]
    fn a_state_is_good_once_and_for_ten_minutes() {
        let mut pending = Pending::default();
        assert!(pending.begin(hash(1), started(), START) && pending.begin(hash(2), started(), START));
        assert!(pending.take(&hash(1), START).is_some());
        assert!(pending.take(&hash(1), START).is_none());
        assert!(pending.take(&hash(2), START.plus(LIFETIME)).is_none());
    }

    #[test]
    fn they_are_bounded_and_room_comes_back_with_time() {
        let mut pending = Pending::default();
        assert!((0..PENDING_MAX).all(|number| pending.begin(hash(number), started(), START)));
        assert!(!pending.begin(hash(PENDING_MAX), started(), START));
        assert!(pending.begin(hash(PENDING_MAX), started(), START.plus(LIFETIME)));
        assert_eq!(pending.waiting.len(), 1);
    }
}
