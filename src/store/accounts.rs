//! Who may sign in: people's roles, their credentials, and the sessions of those who did.

use super::fault::failed;
use super::people::person_search;
use super::records::{Change, SecretHash, SessionRecord, StoreError};
use super::rows::{found, hex, id};
use super::{InstitutionStore, Store};
use crate::ids::{InstitutionId, PersonId, RegionId, SessionId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// What somebody is at their institution; they may be several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles {
    pub trainer: bool,
    pub trainee: bool,
    /// Observes for a monitoring committee.
    pub committee: bool,
    pub administrator: bool,
}

impl Roles {
    /// Whether they give a say over others, or a look at them.
    #[must_use]
    pub fn has_power(self) -> bool {
        self.committee || self.administrator
    }
}

/// Whose records an institution's administrators and committee may see: a ministry is an institution with the reach of
/// one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    Institution,
    Region,
    Ministry,
}

impl Reach {
    /// From the least to the most.
    pub const ALL: [Self; 3] = [Self::Institution, Self::Region, Self::Ministry];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Institution => "institution",
            Self::Region => "region",
            Self::Ministry => "ministry",
        }
    }

    /// Whether an institution of this reach in `region` reaches another, which is in `other` and has a reach itself. Nobody
    /// reaches up: a region's administrators have no say at the ministry that happens to be in it.
    #[must_use]
    pub fn covers(self, region: RegionId, other: RegionId, other_reach: Self) -> bool {
        match self {
            Self::Institution => false,
            Self::Region => other_reach <= self && region == other,
            Self::Ministry => true,
        }
    }

    pub(super) fn parse(text: &str) -> Result<Self, StoreError> {
        Self::ALL
            .into_iter()
            .find(|reach| reach.word() == text)
            .ok_or_else(|| StoreError::Unreadable(format!("the reach {text:?}")))
    }
}

/// Somebody who signed in, as of now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub person: PersonId,
    pub name: String,
    /// The language they chose: `ar`, `fr` or `en`.
    pub language: Option<String>,
    pub roles: Roles,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub region: RegionId,
    pub reach: Reach,
    /// IANA name.
    pub time_zone: String,
    pub session: SessionId,
    /// Whether they have a second factor.
    pub has_second_factor: bool,
    /// Whether they gave it in this session.
    pub gave_second_factor: bool,
    /// When the session was used last, to some minutes.
    pub last_seen_at: Timestamp,
    /// Whether they see who people are in the reports of institutions that theirs reaches.
    pub sees_names: bool,
}

#[derive(FromRow)]
struct MemberRow {
    session: String,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    second_factor_at: Option<i64>,
    last_seen_at: Option<i64>,
    person: String,
    name: String,
    language: Option<String>,
    is_trainer: bool,
    is_trainee: bool,
    is_committee: bool,
    is_administrator: bool,
    institution: String,
    institution_name: String,
    region: String,
    reach: String,
    time_zone: String,
    has_second_factor: bool,
    sees_names: bool,
}

impl MemberRow {
    fn member(self, now: Timestamp) -> Result<Option<Member>, StoreError> {
        let session = SessionRecord {
            id: id(&self.session)?,
            created_at: Timestamp(self.created_at),
            expires_at: Timestamp(self.expires_at),
            revoked_at: self.revoked_at.map(Timestamp),
        };
        if !session.holds(now) {
            return Ok(None);
        }
        Ok(Some(Member {
            person: id(&self.person)?,
            name: self.name,
            language: self.language,
            roles: Roles {
                trainer: self.is_trainer,
                trainee: self.is_trainee,
                committee: self.is_committee,
                administrator: self.is_administrator,
            },
            institution: id(&self.institution)?,
            institution_name: self.institution_name,
            region: id(&self.region)?,
            reach: Reach::parse(&self.reach)?,
            time_zone: self.time_zone,
            session: session.id,
            has_second_factor: self.has_second_factor,
            gave_second_factor: self.second_factor_at.is_some(),
            last_seen_at: Timestamp(self.last_seen_at.unwrap_or(self.created_at)),
            sees_names: self.sees_names,
        }))
    }
}

/// An account that is to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    pub id: PersonId,
    pub name: String,
    /// Lower case; nobody else in the whole installation has it.
    pub sign_in: Option<String>,
    pub mail: Option<String>,
    pub language: Option<String>,
    pub external_id: Option<String>,
    pub roles: Roles,
    /// The name as `text::fold` writes it.
    pub search: String,
}

/// What somebody who signs in is checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    pub person: PersonId,
    pub institution: InstitutionId,
    /// A PHC string; absent where no password was set yet.
    pub password: Option<String>,
    /// Base32 of the second factor's shared secret.
    pub totp: Option<String>,
    /// The last time step that was used.
    pub totp_step: i64,
    pub sign_in: Option<String>,
}

#[derive(FromRow)]
pub(super) struct CredentialRow {
    person: String,
    institution: String,
    password: Option<String>,
    totp: Option<String>,
    totp_step: i64,
    sign_in: Option<String>,
}

impl TryFrom<CredentialRow> for Credential {
    type Error = StoreError;

    fn try_from(row: CredentialRow) -> Result<Self, StoreError> {
        Ok(Self {
            person: id(&row.person)?,
            institution: id(&row.institution)?,
            password: row.password,
            totp: row.totp,
            totp_step: row.totp_step,
            sign_in: row.sign_in,
        })
    }
}

impl Store {
    /// Who holds the session with this secret, where it is good now and so is their account.
    pub async fn member_by_session(&self, secret: &SecretHash, now: Timestamp) -> Result<Option<Member>, StoreError> {
        const SQL: &str = "
            SELECT session.id AS session, session.created_at, session.expires_at, session.revoked_at,
                   session.second_factor_at, session.last_seen_at, person.id AS person, person.name, person.language, person.is_trainer,
                   person.is_trainee, person.is_committee, person.is_administrator, person.institution,
                   institution.name AS institution_name, institution.region, institution.reach,
                   institution.time_zone, credential.totp IS NOT NULL AS has_second_factor, person.sees_names
            FROM session
            JOIN person ON person.institution = session.institution AND person.id = session.person
            JOIN institution ON institution.id = person.institution
            LEFT JOIN credential ON credential.person = person.id
            WHERE session.secret_hash = $1 AND person.disabled_at IS NULL AND person.erased_at IS NULL
              AND person.merged_into IS NULL AND institution.closed_at IS NULL";
        let row: Option<MemberRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(hex(secret)).fetch_optional(on)).map_err(failed)?;
        row.map_or(Ok(None), |row| row.member(now))
    }

    /// The credential of the person with this sign-in name, where the account may be used.
    pub async fn credential_by_sign_in(&self, sign_in: &str) -> Result<Option<Credential>, StoreError> {
        const SQL: &str = "
            SELECT credential.person, credential.institution, credential.password, credential.totp,
                   credential.totp_step, person.sign_in
            FROM person
            JOIN credential ON credential.person = person.id
            JOIN institution ON institution.id = person.institution
            WHERE person.sign_in = $1 AND person.disabled_at IS NULL AND person.erased_at IS NULL
              AND person.merged_into IS NULL AND institution.closed_at IS NULL";
        let row: Option<CredentialRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(sign_in).fetch_optional(on)).map_err(failed)?;
        row.map(Credential::try_from).transpose()
    }
}

impl InstitutionStore {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id, the sign-in name or the institution's own number is taken.
    pub async fn create_account(&self, account: &NewAccount, by: &Change) -> Result<(), StoreError> {
        changing!(self, by, tx => {
            const PERSON: &str = "
                INSERT INTO person (id, institution, name, sign_in, mail, language, external_id, is_trainer, is_trainee,
                                    is_committee, is_administrator, search, created_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
            const CREDENTIAL: &str = "INSERT INTO credential (person, institution) VALUES ($1, $2)";
            sqlx::query(PERSON)
                .bind(account.id.to_string())
                .bind(self.institution.to_string())
                .bind(&account.name)
                .bind(&account.sign_in)
                .bind(&account.mail)
                .bind(&account.language)
                .bind(&account.external_id)
                .bind(account.roles.trainer)
                .bind(account.roles.trainee)
                .bind(account.roles.committee)
                .bind(account.roles.administrator)
                .bind(&account.search)
                .bind(by.at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query(CREDENTIAL)
                .bind(account.id.to_string())
                .bind(self.institution.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Changes what people may of their own account; what is absent stays.
    pub async fn change_own(
        &self,
        person: PersonId,
        name: Option<&str>,
        language: Option<&str>,
        by: &Change,
    ) -> Result<(), StoreError> {
        const READ: &str = "SELECT name, sign_in, mail, external_id FROM person WHERE institution = $1 AND id = $2";
        const SQL: &str = "
            UPDATE person SET name = $1, search = $2, language = COALESCE($3, language), version = version + 1
            WHERE institution = $4 AND id = $5";
        type Names = (String, Option<String>, Option<String>, Option<String>);
        changing!(self, by, tx => {
            let found: Option<Names> = sqlx::query_as(READ)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let (before, sign_in, mail, external_id) = found.ok_or(StoreError::Missing)?;
            let name = name.unwrap_or(&before);
            let search = person_search(name, sign_in.as_deref(), mail.as_deref(), external_id.as_deref());
            sqlx::query(SQL)
                .bind(name)
                .bind(search)
                .bind(language)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Sets somebody's password; `password` is a PHC string.
    pub async fn set_password(&self, person: PersonId, password: &str, by: &Change) -> Result<(), StoreError> {
        const SQL: &str =
            "UPDATE credential SET password = $1, password_set_at = $2 WHERE institution = $3 AND person = $4";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(password)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }

    /// Begins the session of somebody who signed in.
    pub async fn create_member_session(
        &self,
        session: &SessionRecord,
        secret: &SecretHash,
        person: PersonId,
        second_factor_at: Option<Timestamp>,
        browser: &str,
    ) -> Result<(), StoreError> {
        const SQL: &str = "
            INSERT INTO session (id, secret_hash, created_at, expires_at, revoked_at, institution, person,
                                 second_factor_at, last_seen_at, browser)
            VALUES ($1, $2, $3, $4, NULL, $5, $6, $7, $3, $8)";
        writing!(self, on => sqlx::query(SQL)
            .bind(session.id.to_string())
            .bind(hex(secret))
            .bind(session.created_at.micros())
            .bind(session.expires_at.micros())
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(second_factor_at.map(Timestamp::micros))
            .bind(browser)
            .execute(on))?;
        Ok(())
    }
}
