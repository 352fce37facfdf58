//! Links by which somebody sets their password, and passwords that are changed.

use super::Auth;
use super::accounts::{Browser, SessionFor, account_key};
use super::password_rules::check_password;
use super::refusal::Refusal;
use super::secret::Secret;
use crate::protocol::ErrorCode;
use crate::store::{AccountLink, Change, ChangedBy, Member, StoreError};

/// What somebody brings to set their password by a link.
#[derive(Clone, Copy, Debug)]
pub struct AcceptLink<'a> {
    pub secret: &'a str,
    pub password: &'a str,
    /// The second factor's code, where the account has one.
    pub code: Option<&'a str>,
    pub browser: Browser<'a>,
}

impl Auth {
    /// Whose link it is.
    ///
    /// # Errors
    /// Where it is unknown, was used, or is too old.
    pub async fn open_account_link(&self, secret: &str) -> Result<AccountLink, Refusal> {
        let link = match Secret::parse(secret) {
            Some(secret) => self.store().account_link_by_secret(&secret.hash()).await?,
            None => None,
        };
        let Some(link) = link else { return Err(self.wrong_secret()) };
        if link.used_at.is_some() {
            return Err(link_used());
        }
        if !link.holds(self.now()) {
            return Err(Refusal::new(ErrorCode::LinkExpired, "this link is too old; ask for a new one"));
        }
        Ok(link)
    }

    /// Sets the password of the link's person, ends their sessions, and signs them in.
    ///
    /// # Errors
    /// As [`Auth::open_account_link`], and where the password is not taken or the second factor's code is missing.
    pub async fn accept_account_link(&self, accept: AcceptLink<'_>) -> Result<String, Refusal> {
        let link = self.open_account_link(accept.secret).await?;
        let names = [link.name.as_str(), link.sign_in.as_deref().unwrap_or_default(), &link.institution_name];
        new_password("password", accept.password, &names)?;
        let of = self.store().of(link.institution);
        let credential = of.credential(link.person).await?;
        let mut second_factor_at = None;
        // A link may be read by others than its person: it does not stand in for the second factor.
        if let Some(credential) = credential.filter(|credential| credential.totp.is_some()) {
            let code = accept.code.ok_or_else(Refusal::second_factor_needed)?;
            let account = account_key(&link.person.to_string());
            self.attempt(account, accept.browser.address)?;
            if !self.second_factor_is(&credential, code).await? {
                return Err(Refusal::sign_in_failed());
            }
            self.forgive(&account, accept.browser.address);
            second_factor_at = Some(self.now());
        }
        let password = self.shared.passwords.hash(accept.password).await?;
        let subject = Some(link.person.to_string());
        let detail = serde_json::json!({ "link": link.id.to_string() });
        let actor = ChangedBy::Person(link.person);
        let by = Change { at: self.now(), actor, action: "password.set", subject, detail };
        match of.accept_account_link(link.id, link.person, &password, &by).await {
            Err(StoreError::Stale) => return Err(link_used()),
            accepted => accepted?,
        }
        let session = SessionFor { institution: link.institution, person: link.person, second_factor_at };
        self.begin_session(session, accept.browser).await
    }

    /// Changes the password of somebody who signed in, and ends their other sessions. Who has none yet (they sign in
    /// elsewhere) gives none.
    ///
    /// # Errors
    /// Where the current password is another, or the new one is not taken.
    pub async fn change_password(&self, member: &Member, current: &str, new: &str) -> Result<(), Refusal> {
        let of = self.store().of(member.institution);
        let Some(credential) = of.credential(member.person).await? else {
            return Err(Refusal::new(ErrorCode::NotFound, "the account has no credential"));
        };
        let sign_in = credential.sign_in.unwrap_or_default();
        new_password("new", new, &[&member.name, &sign_in, &member.institution_name])?;
        if credential.password.is_some() {
            self.check_own_password(member, current, "current").await?;
        }
        let password = self.shared.passwords.hash(new).await?;
        let now = self.now();
        let by = own_change(member, now, "password.change");
        of.set_password(member.person, &password, &by).await?;
        of.end_sessions_of(member.person, Some(member.session), now).await?;
        Ok(())
    }

    /// Refuses where it is not the password of who signed in; `field` names it in the request.
    pub(super) async fn check_own_password(
        &self,
        member: &Member,
        password: &str,
        field: &'static str,
    ) -> Result<(), Refusal> {
        let account = account_key(&member.person.to_string());
        self.attempt(account, None)?;
        let credential = self.store().of(member.institution).credential(member.person).await?;
        let hashed = credential.and_then(|credential| credential.password);
        if !self.shared.passwords.verify(password, hashed).await? {
            return Err(Refusal::field(field, "wrong", "this is not your password"));
        }
        self.forgive(&account, None);
        Ok(())
    }
}

/// What somebody changes of their own account.
pub(super) fn own_change(member: &Member, at: crate::time::Timestamp, action: &'static str) -> Change {
    let actor = ChangedBy::Person(member.person);
    Change { at, actor, action, subject: Some(member.person.to_string()), detail: serde_json::json!({}) }
}

fn new_password(field: &'static str, password: &str, names: &[&str]) -> Result<(), Refusal> {
    check_password(password, names).map_err(|fault| Refusal::field(field, fault.word(), fault.to_string()))
}

fn link_used() -> Refusal {
    Refusal::new(
        ErrorCode::LinkUsed,
        "this link was used, or a newer one took its place; sign in, or ask for a new one",
    )
}
