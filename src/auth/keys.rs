//! Keys of other programs: `qism_` and 256 bits, in each request.

use super::Auth;
use super::refusal::Refusal;
use super::secret::Secret;
use crate::store::ApiKey;
use std::time::Duration;

/// What each key begins with, so that one that got lost is known for what it is.
pub const API_KEY_PREFIX: &str = "qism_";

/// How old the note of a key's last use may be: it is written no oftener.
const USED_EVERY: Duration = Duration::from_secs(300);

impl Auth {
    /// The key that a bearer token is, where it opens something now.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn api_key(&self, token: &str) -> Result<Option<ApiKey>, Refusal> {
        let Some(secret) = token.strip_prefix(API_KEY_PREFIX).and_then(Secret::parse) else { return Ok(None) };
        let now = self.now();
        let key = self.store().api_key_by_secret(&secret.hash()).await?.filter(|key| key.holds(now));
        if let Some(key) = &key
            && key.last_used_at.is_none_or(|last| now.since(last) >= USED_EVERY)
        {
            self.store().of(key.institution).touch_api_key(key.id, now).await?;
        }
        Ok(key)
    }
}
