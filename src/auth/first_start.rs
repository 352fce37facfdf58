//! The first administrator: a link that the server prints while it has none, good once and until it ends.

use super::Auth;
use super::accounts::{Browser, SessionFor};
use super::refusal::Refusal;
use super::secret::{Secret, new_id};
use crate::ids::{InstitutionId, PersonId, RegionId};
use crate::protocol::ErrorCode;
use crate::store::{Change, ChangedBy, FirstStart, Institution, NewAccount, Region, Roles, SecretHash, StoreError};
use crate::text::{Language, Name, SignInName, Title, words};
use std::sync::{MutexGuard, PoisonError};

/// Whether the first administrator can be made.
#[derive(Default)]
pub(super) enum FirstStartLink {
    /// There is one, or nobody was given a link.
    #[default]
    None,
    Open(SecretHash),
    /// Somebody is at it.
    UnderWay,
}

/// What the first administrator says, checked already but for the password.
#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    pub name: Name,
    pub sign_in: SignInName,
    pub password: String,
    pub institution: Title,
    pub language: Language,
    /// IANA name.
    pub time_zone: String,
}

/// Holds the link while an administrator is made, and gives it back where that fails or is broken off.
struct Claim<'a> {
    auth: &'a Auth,
    hash: Option<SecretHash>,
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        *self.auth.first_start_link() = self.hash.map_or(FirstStartLink::None, FirstStartLink::Open);
    }
}

impl Auth {
    /// A new secret for the first administrator's link, kept in memory only; none where there is an administrator.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn offer_first_start(&self) -> Result<Option<String>, Refusal> {
        if self.store().has_administrator().await? {
            return Ok(None);
        }
        let secret = Secret::random()?;
        *self.first_start_link() = FirstStartLink::Open(secret.hash());
        Ok(Some(secret.text()))
    }

    /// Whether the first administrator can be made by who has the link.
    #[must_use]
    pub fn first_start_is_open(&self) -> bool {
        !matches!(*self.first_start_link(), FirstStartLink::None)
    }

    /// Refuses whoever does not have the link.
    ///
    /// # Errors
    /// Where the secret is another, or nobody can be the first any more.
    pub fn check_first_start(&self, secret: &str) -> Result<(), Refusal> {
        self.claim(secret).map(drop)
    }

    /// Makes the institution that reaches all others, its region and its administrator, and signs them in.
    ///
    /// # Errors
    /// Where the secret does not hold, somebody else is at it, or the store can't write.
    pub async fn first_start(
        &self,
        secret: &str,
        first: FirstAdministrator,
        browser: Browser<'_>,
    ) -> Result<String, Refusal> {
        let mut claim = self.claim(secret)?;
        if self.store().has_administrator().await? {
            claim.hash = None;
            return Err(Refusal::invitation_invalid());
        }
        let now = self.now();
        let institution = InstitutionId(new_id(now)?);
        let person = PersonId(new_id(now)?);
        let password = self.shared.passwords.hash(&first.password).await?;
        let first = records(institution, RegionId(new_id(now)?), person, first, password);
        let detail = serde_json::json!({ "reach": "ministry" });
        let subject = Some(institution.to_string());
        let by = Change { at: now, actor: ChangedBy::System, action: "institution.start", subject, detail };
        match self.store().of(institution).start_first(&first, &by).await {
            Err(StoreError::Conflict) => {
                return Err(Refusal::field("sign_in", "taken", "choose another sign-in name: this one is taken"));
            }
            made => made?,
        }
        claim.hash = None;
        drop(claim);
        self.begin_session(SessionFor { institution, person, second_factor_at: None }, browser).await
    }

    fn claim(&self, secret: &str) -> Result<Claim<'_>, Refusal> {
        let hash = Secret::parse(secret).map(|secret| secret.hash());
        let mut link = self.first_start_link();
        match *link {
            FirstStartLink::Open(open) if hash == Some(open) => {
                *link = FirstStartLink::UnderWay;
                Ok(Claim { auth: self, hash })
            }
            FirstStartLink::UnderWay => {
                Err(Refusal::new(ErrorCode::UnderWay, "the first administrator is being made; look whether it is done"))
            }
            _ => Err(self.wrong_secret()),
        }
    }

    fn first_start_link(&self) -> MutexGuard<'_, FirstStartLink> {
        // It is one value: a panic can't have left it half changed.
        self.shared.first_start.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn records(
    institution: InstitutionId,
    region: RegionId,
    person: PersonId,
    first: FirstAdministrator,
    password: String,
) -> FirstStart {
    let search = |text: &str| words(text).collect::<Vec<_>>().join(" ");
    let language = first.language.tag().to_owned();
    let name = String::from(first.institution);
    FirstStart {
        region: Region { id: region, name: name.clone() },
        language: language.clone(),
        search: search(&name),
        institution: Institution { id: institution, region, name, time_zone: first.time_zone },
        administrator: NewAccount {
            id: person,
            search: search(first.name.as_str()),
            name: first.name.into(),
            sign_in: Some(first.sign_in.into()),
            mail: None,
            language: Some(language),
            external_id: None,
            roles: Roles { administrator: true, ..Roles::default() },
        },
        password,
    }
}
