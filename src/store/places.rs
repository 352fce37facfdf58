//! Who holds which place in an institution's lessons, and by which invitation.

use super::InstitutionStore;
use super::fault::failed;
use super::records::{Invitation, Place, SecretHash, StoreError};
use super::rows::{InvitationRow, PlaceRow, found, hex, kind_column, purpose_column, role_column};
use crate::ids::{InvitationId, LessonId, ParticipantId, SessionId};
use crate::time::Timestamp;

impl InstitutionStore {
    /// The place that this session holds in a lesson through this invitation, if it took one.
    pub async fn place_of(&self, session: SessionId, invitation: InvitationId) -> Result<Option<Place>, StoreError> {
        const SQL: &str =
            "SELECT participant, institution, lesson, session, invitation, person, role, kind, name, barred_at
                           FROM place WHERE institution = $1 AND session = $2 AND invitation = $3";
        let row: Option<PlaceRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(session.to_string())
            .bind(invitation.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Place::try_from).transpose()
    }

    pub async fn place(&self, participant: ParticipantId) -> Result<Option<Place>, StoreError> {
        const SQL: &str =
            "SELECT participant, institution, lesson, session, invitation, person, role, kind, name, barred_at
                           FROM place WHERE institution = $1 AND participant = $2";
        let row: Option<PlaceRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(participant.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Place::try_from).transpose()
    }

    /// How many places were taken in a lesson, barred ones and devices' included.
    pub async fn places_in(&self, lesson: LessonId) -> Result<u64, StoreError> {
        const SQL: &str = "SELECT COUNT(*) FROM place WHERE institution = $1 AND lesson = $2";
        let count: i64 = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Takes a place in a lesson.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where this session has a place by this invitation already;
    /// [`StoreError::Missing`] where the place is another institution's, or its lesson or invitation is.
    pub async fn create_place(&self, place: &Place) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO place
                               (participant, institution, lesson, session, invitation, person, role, kind, name,
                                barred_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        if place.institution != self.institution {
            return Err(StoreError::Missing);
        }
        writing!(self, on => sqlx::query(SQL)
            .bind(place.participant.to_string())
            .bind(self.institution.to_string())
            .bind(place.lesson.to_string())
            .bind(place.session.map(|session| session.to_string()))
            .bind(place.invitation.to_string())
            .bind(place.person.map(|person| person.to_string()))
            .bind(role_column(place.role))
            .bind(kind_column(place.kind))
            .bind(&place.name)
            .bind(place.barred_at.map(Timestamp::micros))
            .execute(on))?;
        Ok(())
    }

    pub async fn rename_place(&self, participant: ParticipantId, name: &str) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE place SET name = $1 WHERE institution = $2 AND participant = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(name)
            .bind(self.institution.to_string())
            .bind(participant.to_string())
            .execute(on))?;
        found(changed)
    }

    /// Bars a participant from coming back to the lesson by this place; they stay barred since the first time.
    pub async fn bar_place(&self, participant: ParticipantId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE place SET barred_at = COALESCE(barred_at, $1)
                           WHERE institution = $2 AND participant = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(self.institution.to_string())
            .bind(participant.to_string())
            .execute(on))?;
        found(changed)
    }

    /// The invitation, revoked and expired ones included.
    pub async fn invitation(&self, invitation: InvitationId) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "SELECT id, institution, lesson, role, purpose, name, expires_at, revoked_at
                           FROM invitation WHERE institution = $1 AND id = $2";
        let row: Option<InvitationRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(invitation.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Invitation::try_from).transpose()
    }

    /// Makes a way into a lesson of this institution.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the id or the secret is there already; [`StoreError::Missing`] where the lesson
    /// is not this institution's.
    pub async fn create_invitation(&self, invitation: &Invitation, secret: &SecretHash) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO invitation
                               (id, institution, lesson, role, purpose, name, secret_hash, expires_at, revoked_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        if invitation.institution != self.institution {
            return Err(StoreError::Missing);
        }
        writing!(self, on => sqlx::query(SQL)
            .bind(invitation.id.to_string())
            .bind(self.institution.to_string())
            .bind(invitation.lesson.to_string())
            .bind(role_column(invitation.role))
            .bind(purpose_column(invitation.purpose))
            .bind(&invitation.name)
            .bind(hex(secret))
            .bind(invitation.expires_at.micros())
            .bind(invitation.revoked_at.map(Timestamp::micros))
            .execute(on))?;
        Ok(())
    }

    /// Moves an invitation's end.
    pub async fn renew_invitation(&self, invitation: InvitationId, expires_at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE invitation SET expires_at = $1 WHERE institution = $2 AND id = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(expires_at.micros())
            .bind(self.institution.to_string())
            .bind(invitation.to_string())
            .execute(on))?;
        found(changed)
    }

    /// Ends an invitation at once; it stays ended since the first time.
    pub async fn revoke_invitation(&self, invitation: InvitationId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE invitation SET revoked_at = COALESCE(revoked_at, $1)
                           WHERE institution = $2 AND id = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(self.institution.to_string())
            .bind(invitation.to_string())
            .execute(on))?;
        found(changed)
    }
}
