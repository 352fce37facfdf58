//! People as their institution's administrators see and change them.

mod erase;
mod export;
mod links;
mod merge;

pub use export::ExportPart;

use super::accounts::Roles;
use super::fault::failed;
use super::records::{Change, ChangedBy, StoreError};
use super::rows::{id, unchanged};
use super::{InstitutionStore, Store, search};
use crate::ids::{GroupId, PersonId};
use crate::time::Timestamp;
use sqlx::FromRow;

/// Somebody with an account at an institution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    pub id: PersonId,
    pub name: String,
    pub sign_in: Option<String>,
    pub mail: Option<String>,
    /// `ar`, `fr` or `en`.
    pub language: Option<String>,
    /// The institution's own number for them.
    pub external_id: Option<String>,
    pub roles: Roles,
    /// Whether they set a password.
    pub has_password: bool,
    pub created_at: Timestamp,
    pub disabled_at: Option<Timestamp>,
    /// Since when `name` is a pseudonym, and nothing else is known of them.
    pub erased_at: Option<Timestamp>,
    /// Whose account took this one in.
    pub merged_into: Option<PersonId>,
    /// Whether they see who people are in the reports of institutions that theirs reaches.
    pub sees_names: bool,
    pub version: i64,
}

impl PersonRecord {
    /// Whether it is somebody's account still: neither erased nor merged into another.
    #[must_use]
    pub fn is_there(&self) -> bool {
        self.erased_at.is_none() && self.merged_into.is_none()
    }
}

/// One of the roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RoleWord {
    Trainer,
    Trainee,
    Committee,
    Administrator,
}

impl RoleWord {
    pub const ALL: [Self; 4] = [Self::Trainer, Self::Trainee, Self::Committee, Self::Administrator];

    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Trainer => "trainer",
            Self::Trainee => "trainee",
            Self::Committee => "committee",
            Self::Administrator => "administrator",
        }
    }
}

/// How an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PersonStanding {
    Active,
    Disabled,
    Erased,
}

impl PersonStanding {
    pub const ALL: [Self; 3] = [Self::Active, Self::Disabled, Self::Erased];

    /// As it is sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::Erased => "erased",
        }
    }
}

/// Which people are asked for.
#[derive(Clone, Debug, Default)]
pub struct PeopleFilter {
    pub role: Option<RoleWord>,
    pub group: Option<GroupId>,
    /// Active and disabled ones unless said.
    pub standing: Option<PersonStanding>,
    pub search: String,
}

macro_rules! people {
    ($condition:literal) => {
        concat!(
            "SELECT person.id, person.name, person.sign_in, person.mail, person.language, person.external_id,
                    person.is_trainer, person.is_trainee, person.is_committee, person.is_administrator,
                    credential.password IS NOT NULL AS has_password, person.created_at, person.disabled_at,
                    person.erased_at, person.merged_into, person.sees_names, person.version
             FROM person LEFT JOIN credential
                 ON credential.institution = person.institution AND credential.person = person.id ",
            $condition
        )
    };
}
use people;

#[derive(FromRow)]
struct PersonRow {
    id: String,
    name: String,
    sign_in: Option<String>,
    mail: Option<String>,
    language: Option<String>,
    external_id: Option<String>,
    is_trainer: bool,
    is_trainee: bool,
    is_committee: bool,
    is_administrator: bool,
    has_password: bool,
    created_at: i64,
    disabled_at: Option<i64>,
    erased_at: Option<i64>,
    merged_into: Option<String>,
    sees_names: bool,
    version: i64,
}

impl TryFrom<PersonRow> for PersonRecord {
    type Error = StoreError;

    fn try_from(row: PersonRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            name: row.name,
            sign_in: row.sign_in,
            mail: row.mail,
            language: row.language,
            external_id: row.external_id,
            roles: Roles {
                trainer: row.is_trainer,
                trainee: row.is_trainee,
                committee: row.is_committee,
                administrator: row.is_administrator,
            },
            has_password: row.has_password,
            created_at: Timestamp(row.created_at),
            disabled_at: row.disabled_at.map(Timestamp),
            erased_at: row.erased_at.map(Timestamp),
            merged_into: row.merged_into.as_deref().map(id).transpose()?,
            sees_names: row.sees_names,
            version: row.version,
        })
    }
}

/// What a person's `search` column holds.
#[must_use]
pub fn person_search(name: &str, sign_in: Option<&str>, mail: Option<&str>, external_id: Option<&str>) -> String {
    search::key([Some(name), external_id, sign_in, mail].into_iter().flatten())
}

impl Store {
    /// Whether anybody in the whole installation has this sign-in name.
    pub async fn sign_in_is_taken(&self, sign_in: &str) -> Result<bool, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM person WHERE sign_in = $1";
        let count: i64 = reading!(self, on => sqlx::query_scalar(SQL).bind(sign_in).fetch_one(on)).map_err(failed)?;
        Ok(count > 0)
    }

    /// The names of people of any institution, for those who may see what they did: `None` for one who is not there.
    pub async fn name_of(&self, person: PersonId) -> Result<Option<String>, StoreError> {
        const SQL: &str = "SELECT name FROM person WHERE id = $1";
        reading!(self, on => sqlx::query_scalar(SQL).bind(person.to_string()).fetch_optional(on)).map_err(failed)
    }
}

impl InstitutionStore {
    /// At most `limit` people in the order of their names, after the one with this name and id. Accounts that were
    /// merged into others are not among them.
    pub async fn people(
        &self,
        filter: &PeopleFilter,
        after: Option<(String, String)>,
        limit: u32,
    ) -> Result<Vec<PersonRecord>, StoreError> {
        const SQL: &str = people!(
            "WHERE person.institution = $1 AND (person.name, person.id) > ($2, $3) AND person.merged_into IS NULL
               AND ($4 = '' OR ($4 = 'trainer' AND person.is_trainer) OR ($4 = 'trainee' AND person.is_trainee)
                    OR ($4 = 'committee' AND person.is_committee)
                    OR ($4 = 'administrator' AND person.is_administrator))
               AND ($5 = '' OR EXISTS (SELECT 1 FROM group_member WHERE group_member.institution = person.institution
                    AND group_member.person = person.id AND group_member.course_group = $5))
               AND (($6 = '' AND person.erased_at IS NULL)
                    OR ($6 = 'active' AND person.erased_at IS NULL AND person.disabled_at IS NULL)
                    OR ($6 = 'disabled' AND person.erased_at IS NULL AND person.disabled_at IS NOT NULL)
                    OR ($6 = 'erased' AND person.erased_at IS NOT NULL))
               AND ' ' || person.search LIKE $7 AND ' ' || person.search LIKE $8
               AND ' ' || person.search LIKE $9 AND ' ' || person.search LIKE $10
             ORDER BY person.name, person.id LIMIT $11"
        );
        let (name, last) = after.unwrap_or_default();
        let [first, second, third, fourth] = search::patterns(&filter.search);
        let rows: Vec<PersonRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(&name)
            .bind(&last)
            .bind(filter.role.map_or("", RoleWord::word))
            .bind(filter.group.map(|group| group.to_string()).unwrap_or_default())
            .bind(filter.standing.map_or("", PersonStanding::word))
            .bind(&first)
            .bind(&second)
            .bind(&third)
            .bind(&fourth)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(PersonRecord::try_from).collect()
    }

    /// Everybody of the institution with an account, for tables as a whole.
    pub async fn everybody(&self) -> Result<Vec<PersonRecord>, StoreError> {
        const SQL: &str = people!(
            "WHERE person.institution = $1 AND person.merged_into IS NULL AND person.erased_at IS NULL
             ORDER BY person.name, person.id"
        );
        let rows: Vec<PersonRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(self.institution.to_string()).fetch_all(on))
                .map_err(failed)?;
        rows.into_iter().map(PersonRecord::try_from).collect()
    }

    /// The person, erased and merged ones included.
    pub async fn person(&self, person: PersonId) -> Result<Option<PersonRecord>, StoreError> {
        const SQL: &str = people!("WHERE person.institution = $1 AND person.id = $2");
        let row: Option<PersonRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(PersonRecord::try_from).transpose()
    }

    /// Writes what `wanted` says over the version that it names: name, sign-in name, mail, language, number, roles and
    /// whether it is disabled. A disabled account's sessions end.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where it has another version by now; [`StoreError::Missing`] where it is nobody's account
    /// any more; [`StoreError::Conflict`] where another has the sign-in name or the number;
    /// [`StoreError::LastAdministrator`] where who changes it would leave the institution without one.
    pub async fn change_person(&self, wanted: &PersonRecord, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "
            UPDATE person SET name = $1, sign_in = $2, mail = $3, language = $4, external_id = $5, is_trainer = $6,
                is_trainee = $7, is_committee = $8, is_administrator = $9, disabled_at = $10, search = $11,
                sees_names = $12, version = version + 1
            WHERE institution = $13 AND id = $14 AND version = $15 AND erased_at IS NULL AND merged_into IS NULL";
        const VERSION: &str = "SELECT version FROM person
                               WHERE institution = $1 AND id = $2 AND erased_at IS NULL AND merged_into IS NULL";
        const ADMINISTRATORS: &str = "
            SELECT COUNT(*) FROM person WHERE institution = $1 AND is_administrator AND disabled_at IS NULL
                AND erased_at IS NULL AND merged_into IS NULL";
        const SESSIONS: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $1)
                                WHERE institution = $2 AND person = $3";
        let (institution, person) = (self.institution.to_string(), wanted.id.to_string());
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(&wanted.name)
                .bind(&wanted.sign_in)
                .bind(&wanted.mail)
                .bind(&wanted.language)
                .bind(&wanted.external_id)
                .bind(wanted.roles.trainer)
                .bind(wanted.roles.trainee)
                .bind(wanted.roles.committee)
                .bind(wanted.roles.administrator)
                .bind(wanted.disabled_at.map(Timestamp::micros))
                .bind(wanted.search())
                .bind(wanted.sees_names)
                .bind(&institution)
                .bind(&person)
                .bind(wanted.version)
                .execute(&mut *tx).await.map_err(failed)?;
            if changed.rows_affected() == 0 {
                return Err(unchanged(sqlx::query_scalar(VERSION)
                    .bind(&institution)
                    .bind(&person)
                    .fetch_optional(&mut *tx).await.map_err(failed)?));
            }
            if by.actor == ChangedBy::Person(wanted.id) {
                let left: i64 = sqlx::query_scalar(ADMINISTRATORS)
                    .bind(&institution)
                    .fetch_one(&mut *tx).await.map_err(failed)?;
                if left == 0 {
                    return Err(StoreError::LastAdministrator);
                }
            }
            if let Some(disabled_at) = wanted.disabled_at {
                sqlx::query(SESSIONS)
                    .bind(disabled_at.micros())
                    .bind(&institution)
                    .bind(&person)
                    .execute(&mut *tx).await.map_err(failed)?;
            }
        })
    }
}

impl PersonRecord {
    pub(super) fn search(&self) -> String {
        person_search(&self.name, self.sign_in.as_deref(), self.mail.as_deref(), self.external_id.as_deref())
    }
}
