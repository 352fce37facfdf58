//! People with an account: from a sign-in name and a password to a session.

use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use super::{Auth, SESSION_LIFETIME};
use crate::ids::SessionId;
use crate::protocol::ErrorCode;
use crate::store::{Credential, Member, SessionRecord};

/// How much of what a browser says of itself is kept, in Unicode scalar values.
const BROWSER_CHARS_MAX: usize = 200;

/// What somebody brings to sign in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub sign_in: &'a str,
    pub password: &'a str,
    /// What the browser says of itself.
    pub browser: &'a str,
}

impl Auth {
    /// Who holds the session with this secret, as the store has it now: nothing is remembered of an earlier look.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn member(&self, session: &str) -> Result<Option<Member>, Refusal> {
        let Some(secret) = Secret::parse(session) else { return Ok(None) };
        Ok(self.store().member_by_session(&secret.hash(), self.now()).await?)
    }

    /// Signs somebody in: a new session, whose secret is given once.
    ///
    /// # Errors
    /// [`ErrorCode::SignInFailed`] where no such account may be used or the password is another's; which of the two is
    /// not told, by the answer or by the time it takes.
    pub async fn sign_in(&self, request: SignIn<'_>) -> Result<String, Refusal> {
        let sign_in = request.sign_in.trim().to_lowercase();
        let credential = self.store().credential_by_sign_in(&sign_in).await?;
        let password = credential.as_ref().and_then(|credential| credential.password.clone());
        let is_right = self.shared.passwords.verify(request.password, password).await?;
        match credential {
            Some(credential) if is_right => self.begin_session(&credential, request.browser).await,
            _ => Err(Refusal::new(ErrorCode::SignInFailed, "the sign-in name or the password is wrong")),
        }
    }

    async fn begin_session(&self, credential: &Credential, browser: &str) -> Result<String, Refusal> {
        let now = self.now();
        let secret = Secret::random()?;
        let id = SessionId(new_id(now)?);
        let record = SessionRecord { id, created_at: now, expires_at: now.plus(SESSION_LIFETIME), revoked_at: None };
        let browser: String = browser.chars().take(BROWSER_CHARS_MAX).collect();
        let of = self.store().of(credential.institution);
        of.create_member_session(&record, &secret.hash(), credential.person, None, &browser).await?;
        Ok(secret.text())
    }
}
