//! What somebody with an account may be in a lesson, as of now; and the invitation that stands for it.

use crate::ids::{InstitutionId, InvitationId, LessonId, PersonId, RegionId};
use crate::protocol::Role;
use crate::store::fault::failed;
use crate::store::records::{Invitation, SecretHash, StoreError};
use crate::store::rows::{InvitationRow, hex, id, role_column};
use crate::store::{InstitutionStore, Reach, Roles, Store};
use crate::time::Timestamp;
use sqlx::FromRow;

/// What somebody has to do with one lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub name: String,
    pub roles: Roles,
    pub home: InstitutionId,
    pub home_region: RegionId,
    pub reach: Reach,
    /// The lesson's institution.
    pub institution: InstitutionId,
    pub region: RegionId,
    /// They give the lesson.
    pub gives: bool,
    /// They belong to its group.
    pub follows: bool,
    /// A trainer removed them from it.
    pub barred: bool,
}

impl Standing {
    /// What they are in the lesson, where they may be in it at all.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        if self.gives {
            return Some(Role::Trainer);
        }
        if self.follows {
            return Some(Role::Trainee);
        }
        let reaches = match self.reach {
            _ if self.home == self.institution => true,
            Reach::Institution => false,
            Reach::Region => self.home_region == self.region,
            Reach::Ministry => true,
        };
        (reaches && (self.roles.committee || self.roles.administrator)).then_some(Role::Committee)
    }
}

#[derive(FromRow)]
struct StandingRow {
    name: String,
    is_trainer: bool,
    is_trainee: bool,
    is_committee: bool,
    is_administrator: bool,
    home: String,
    home_region: String,
    reach: String,
    institution: String,
    region: String,
    gives: bool,
    follows: bool,
    barred: bool,
}

impl TryFrom<StandingRow> for Standing {
    type Error = StoreError;

    fn try_from(row: StandingRow) -> Result<Self, StoreError> {
        Ok(Self {
            name: row.name,
            roles: Roles {
                trainer: row.is_trainer,
                trainee: row.is_trainee,
                committee: row.is_committee,
                administrator: row.is_administrator,
            },
            home: id(&row.home)?,
            home_region: id(&row.home_region)?,
            reach: Reach::parse(&row.reach)?,
            institution: id(&row.institution)?,
            region: id(&row.region)?,
            gives: row.gives,
            follows: row.follows,
            barred: row.barred,
        })
    }
}

impl Store {
    /// What somebody has to do with a lesson; nothing where there is no such lesson, or the account may not be used.
    /// The lesson may be another institution's than theirs.
    pub async fn standing(&self, person: PersonId, lesson: LessonId) -> Result<Option<Standing>, StoreError> {
        const SQL: &str = "
            SELECT person.name, person.is_trainer, person.is_trainee, person.is_committee, person.is_administrator,
                   home.id AS home, home.region AS home_region, home.reach, lesson.institution, institution.region,
                   (lesson.institution = person.institution AND lesson.trainer = person.id) AS gives,
                   EXISTS (SELECT 1 FROM group_member
                           WHERE group_member.institution = lesson.institution
                             AND group_member.course_group = lesson.course_group
                             AND group_member.person = person.id) AS follows,
                   EXISTS (SELECT 1 FROM place
                           WHERE place.institution = lesson.institution AND place.person = person.id
                             AND place.lesson = lesson.id AND place.barred_at IS NOT NULL) AS barred
            FROM lesson
            JOIN institution ON institution.id = lesson.institution
            JOIN person ON person.id = $2
            JOIN institution AS home ON home.id = person.institution
            WHERE lesson.id = $1 AND person.disabled_at IS NULL AND person.erased_at IS NULL
              AND person.merged_into IS NULL AND home.closed_at IS NULL AND institution.closed_at IS NULL";
        let row: Option<StandingRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(lesson.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Standing::try_from).transpose()
    }
}

impl InstitutionStore {
    /// The invitation that stands for somebody's own part in a lesson: the one that is there, or this one. Its name and
    /// end are brought up to date. `secret` opens it as it opens any; nobody is ever told it.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the lesson is not this institution's.
    pub async fn own_invitation(
        &self,
        invitation: &Invitation,
        person: PersonId,
        secret: &SecretHash,
        now: Timestamp,
    ) -> Result<Invitation, StoreError> {
        const WRITE: &str = "
            INSERT INTO invitation
                (id, institution, lesson, role, purpose, name, secret_hash, expires_at, revoked_at, person, created_at)
            VALUES ($1, $2, $3, $4, 'join', $5, $6, $7, NULL, $8, $9)
            ON CONFLICT (institution, lesson, person, role)
            DO UPDATE SET name = excluded.name, expires_at = excluded.expires_at";
        const READ: &str = "SELECT id, institution, lesson, role, purpose, name, expires_at, revoked_at
                            FROM invitation WHERE institution = $1 AND lesson = $2 AND person = $3 AND role = $4";
        if invitation.institution != self.institution {
            return Err(StoreError::Missing);
        }
        let row: InvitationRow = in_transaction!(self, tx => {
            sqlx::query(WRITE)
                .bind(invitation.id.to_string())
                .bind(self.institution.to_string())
                .bind(invitation.lesson.to_string())
                .bind(role_column(invitation.role))
                .bind(&invitation.name)
                .bind(hex(secret))
                .bind(invitation.expires_at.micros())
                .bind(person.to_string())
                .bind(now.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            sqlx::query_as(READ)
                .bind(self.institution.to_string())
                .bind(invitation.lesson.to_string())
                .bind(person.to_string())
                .bind(role_column(invitation.role))
                .fetch_one(&mut *tx).await.map_err(failed)?
        })?;
        row.try_into()
    }

    /// The person whose invitation it is, where it is one's own.
    pub async fn invitation_owner(&self, invitation: InvitationId) -> Result<Option<PersonId>, StoreError> {
        const SQL: &str = "SELECT person FROM invitation WHERE institution = $1 AND id = $2 AND person IS NOT NULL";
        let owner: Option<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(invitation.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        owner.map(|owner| id(&owner)).transpose()
    }
}
