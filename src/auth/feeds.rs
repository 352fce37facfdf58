//! Calendar feeds: who has the secret may read.

use super::Auth;
use super::refusal::Refusal;
use super::secret::Secret;
use crate::protocol::ErrorCode;
use crate::store::FeedOwner;
use std::sync::PoisonError;

impl Auth {
    /// Whose calendar feed has this secret.
    ///
    /// # Errors
    /// Where it is nobody's (any more).
    pub async fn feed_owner(&self, secret: &str) -> Result<FeedOwner, Refusal> {
        if let Some(secret) = Secret::parse(secret)
            && let Some(owner) = self.store().feed_owner(&secret.hash()).await?
        {
            return Ok(owner);
        }
        let allowed = self.shared.guesses.lock().unwrap_or_else(PoisonError::into_inner).allow(self.now());
        if !allowed {
            return Err(Refusal::rate_limited());
        }
        let detail = "this calendar address is unknown, or was replaced; copy the new one from your page";
        Err(Refusal::new(ErrorCode::NotFound, detail))
    }
}
