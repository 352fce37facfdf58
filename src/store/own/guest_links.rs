//! Links for guests: people without an account who come to one lesson.

use crate::ids::{InvitationId, LessonId};
use crate::protocol::Role;
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::records::{Change, SecretHash, StoreError};
use crate::store::rows::{found, hex, id, role, role_column};
use crate::time::Timestamp;
use sqlx::FromRow;

/// A guest's way into a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GuestLink {
    pub id: InvitationId,
    pub lesson: LessonId,
    pub role: Role,
    /// Absent where the guest says it at the door.
    pub name: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub revoked_at: Option<Timestamp>,
    /// How many browsers came by it.
    pub used: u32,
}

#[derive(FromRow)]
struct GuestLinkRow {
    id: String,
    lesson: String,
    role: String,
    name: Option<String>,
    created_at: i64,
    expires_at: i64,
    revoked_at: Option<i64>,
    used: i64,
}

impl TryFrom<GuestLinkRow> for GuestLink {
    type Error = StoreError;

    fn try_from(row: GuestLinkRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            lesson: id(&row.lesson)?,
            role: role(&row.role)?,
            name: row.name,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            revoked_at: row.revoked_at.map(Timestamp),
            used: u32::try_from(row.used).unwrap_or(u32::MAX),
        })
    }
}

impl InstitutionStore {
    /// At most `limit` guest links of a lesson in the order in which they were made, revoked ones left out, after the
    /// one with this time and id.
    pub async fn guest_links(
        &self,
        lesson: LessonId,
        after: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<GuestLink>, StoreError> {
        const SQL: &str = "
            SELECT invitation.id, invitation.lesson, invitation.role, invitation.name, invitation.created_at,
                   invitation.expires_at, invitation.revoked_at,
                   (SELECT COUNT(*) FROM place WHERE place.institution = invitation.institution
                      AND place.lesson = invitation.lesson AND place.invitation = invitation.id) AS used
            FROM invitation
            WHERE invitation.institution = $1 AND invitation.lesson = $2 AND invitation.person IS NULL
              AND invitation.purpose = 'join' AND invitation.role <> 'committee' AND invitation.revoked_at IS NULL
              AND (invitation.created_at, invitation.id) > ($3, $4)
            ORDER BY invitation.created_at, invitation.id LIMIT $5";
        let (since, last) = after.unwrap_or((-1, String::new()));
        let rows: Vec<GuestLinkRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .bind(since)
            .bind(last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(GuestLink::try_from).collect()
    }

    /// How many guest links of a lesson are neither revoked nor over.
    pub async fn guest_links_open(&self, lesson: LessonId, now: Timestamp) -> Result<u32, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM invitation
                           WHERE institution = $1 AND lesson = $2 AND person IS NULL AND purpose = 'join'
                             AND revoked_at IS NULL AND expires_at > $3";
        let count: i64 = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .bind(now.micros())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Makes a guest link.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the lesson is not this institution's.
    pub async fn create_guest_link(
        &self,
        link: &GuestLink,
        secret: &SecretHash,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO invitation
                               (id, institution, lesson, role, purpose, name, secret_hash, expires_at, created_at)
                           VALUES ($1, $2, $3, $4, 'join', $5, $6, $7, $8)";
        changing!(self, by, tx => {
            sqlx::query(SQL)
                .bind(link.id.to_string())
                .bind(self.institution.to_string())
                .bind(link.lesson.to_string())
                .bind(role_column(link.role))
                .bind(&link.name)
                .bind(hex(secret))
                .bind(link.expires_at.micros())
                .bind(link.created_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Ends a guest link of a lesson at once.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the lesson has no such guest link.
    pub async fn revoke_guest_link(&self, lesson: LessonId, link: InvitationId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE invitation SET revoked_at = COALESCE(revoked_at, $1)
                           WHERE institution = $2 AND lesson = $3 AND id = $4 AND person IS NULL AND purpose = 'join'
                             AND role <> 'committee'";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(lesson.to_string())
                .bind(link.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }
}
