//! People with an account: from a sign-in name and a password to a session.

use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use super::{Auth, SESSION_LIFETIME};
use crate::ids::{InstitutionId, PersonId, SessionId};
use crate::store::{Member, SecretHash, SessionRecord};
use crate::time::Timestamp;
use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

/// How much of what a browser says of itself is kept, in Unicode scalar values.
const BROWSER_CHARS_MAX: usize = 200;

/// How old the note of a session's last use may be: it is written no oftener.
const SEEN_EVERY: Duration = Duration::from_secs(300);

/// What somebody brings to sign in.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    pub sign_in: &'a str,
    pub password: &'a str,
    /// The second factor's code, or one of those that stand in for it.
    pub code: Option<&'a str>,
    pub browser: Browser<'a>,
}

/// What somebody comes with.
#[derive(Clone, Copy, Debug, Default)]
pub struct Browser<'a> {
    /// What it says of itself.
    pub says: &'a str,
    /// The secret of the session that it had until now.
    pub session: Option<&'a str>,
    /// Its address on the network, where that tells it from others.
    pub address: Option<IpAddr>,
}

/// Whose session is begun.
#[derive(Clone, Copy, Debug)]
pub(super) struct SessionFor {
    pub institution: InstitutionId,
    pub person: PersonId,
    pub second_factor_at: Option<Timestamp>,
}

impl Auth {
    /// Who holds the session with this secret, as the store has it now: nothing is remembered of an earlier look.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn member(&self, session: &str) -> Result<Option<Member>, Refusal> {
        let Some(secret) = Secret::parse(session) else { return Ok(None) };
        let now = self.now();
        let member = self.store().member_by_session(&secret.hash(), now).await?;
        if let Some(member) = &member
            && now.since(member.last_seen_at) >= SEEN_EVERY
        {
            self.store().of(member.institution).touch_session(member.session, now).await?;
        }
        Ok(member)
    }

    /// Signs somebody in: a new session, whose secret is given once. The browser's session from before is over; what a
    /// guest held by it goes over to the new one.
    ///
    /// # Errors
    /// [`crate::protocol::ErrorCode::SignInFailed`] where no such account may be used, the password is another's, or
    /// the code is wrong; which of them is not told, by the answer or by the time it takes.
    /// [`crate::protocol::ErrorCode::SecondFactorNeeded`] where the password is right and a code is needed too.
    pub async fn sign_in(&self, request: SignIn<'_>) -> Result<String, Refusal> {
        let sign_in = request.sign_in.trim().to_lowercase();
        let account = account_key(&sign_in);
        self.attempt(account, request.browser.address)?;
        let credential = self.store().credential_by_sign_in(&sign_in).await?;
        let password = credential.as_ref().and_then(|credential| credential.password.clone());
        let is_right = match self.shared.passwords.verify(request.password, password).await {
            Ok(is_right) => is_right,
            Err(busy) => {
                self.give_back(&account, request.browser.address);
                return Err(busy);
            }
        };
        let Some(credential) = credential.filter(|_| is_right) else { return Err(Refusal::sign_in_failed()) };
        let second_factor_at = match (&credential.totp, request.code) {
            (None, _) => None,
            (Some(_), None) => {
                // Only this attempt: wrong codes from before stay counted.
                self.give_back(&account, request.browser.address);
                return Err(Refusal::second_factor_needed());
            }
            (Some(_), Some(code)) if self.second_factor_is(&credential, code).await? => Some(self.now()),
            (Some(_), Some(_)) => return Err(Refusal::sign_in_failed()),
        };
        self.forgive(&account, request.browser.address);
        let of = SessionFor { institution: credential.institution, person: credential.person, second_factor_at };
        self.begin_session(of, request.browser).await
    }

    /// A new session of somebody's, in place of what the browser had.
    pub(super) async fn begin_session(&self, of: SessionFor, browser: Browser<'_>) -> Result<String, Refusal> {
        let now = self.now();
        let secret = Secret::random()?;
        let id = SessionId(new_id(now)?);
        let record = SessionRecord { id, created_at: now, expires_at: now.plus(SESSION_LIFETIME), revoked_at: None };
        let says: String = browser.says.chars().take(BROWSER_CHARS_MAX).collect();
        let store = self.store().of(of.institution);
        store.create_member_session(&record, &secret.hash(), of.person, of.second_factor_at, &says).await?;
        if let Some(old) = browser.session.and_then(Secret::parse) {
            self.store().replace_session(&old.hash(), id, now).await?;
        }
        Ok(secret.text())
    }

    /// Counts an attempt on an account from an address as failed, until it is given back.
    pub(super) fn attempt(&self, account: SecretHash, address: Option<IpAddr>) -> Result<(), Refusal> {
        let now = self.now();
        let mut brakes = self.brakes();
        if let Some(address) = address {
            brakes.addresses.attempt(network(address), now).map_err(Refusal::wait)?;
        }
        brakes.accounts.attempt(account, now).map_err(Refusal::wait)
    }

    /// The attempt was no failure.
    pub(super) fn give_back(&self, account: &SecretHash, address: Option<IpAddr>) {
        let mut brakes = self.brakes();
        brakes.accounts.give_back(account);
        if let Some(address) = address {
            brakes.addresses.give_back(&network(address));
        }
    }

    /// Somebody proved to be the account's owner. Of the address only this attempt is given back: others come from it.
    pub(super) fn forgive(&self, account: &SecretHash, address: Option<IpAddr>) {
        self.give_back(account, address);
        self.brakes().accounts.forgive(account);
    }
}

/// What failures on an account are counted by, whether there is such an account or not.
pub(super) fn account_key(sign_in: &str) -> SecretHash {
    let mut key = SecretHash([0; 32]);
    let digest = ring::digest::digest(&ring::digest::SHA256, sign_in.as_bytes());
    for (byte, from) in key.0.iter_mut().zip(digest.as_ref()) {
        *byte = *from;
    }
    key
}

/// Whom an address belongs to: over IPv6 each household has 2⁶⁴ of them at least.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        },
    }
}
