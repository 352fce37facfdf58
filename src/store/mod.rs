//! What lasts: lessons, invitations, sessions, places in lessons, and every room's log of events. SQLite or
//! PostgreSQL behind one type.
//!
//! SQL lives here and nowhere else. Lookups return `Option`. Every row belongs to an institution; what is read or
//! written about a lesson goes through [`InstitutionStore`], which can't be made without one.

mod records;

pub use records::{
    Invitation, InvitationPurpose, LessonRecord, LoggedEvent, Place, SecretHash, SessionRecord, StoreError,
};

use crate::ids::{EventSeq, InstitutionId, InvitationId, LessonId, ParticipantId, SessionId};
use crate::protocol::Phase;
use crate::time::Timestamp;

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…` and brings its schema up to date.
    ///
    /// # Errors
    /// Where it can't be opened, is locked, or was made by a newer Qism; the text says what to do.
    pub async fn open(_url: &str) -> Result<Self, StoreError> {
        Err(StoreError::Unavailable("not yet".into()))
    }

    /// The same store, seen from one institution.
    #[must_use]
    pub fn of(&self, institution: InstitutionId) -> InstitutionStore {
        InstitutionStore { _store: self.clone(), _institution: institution }
    }

    /// The invitation with this secret, revoked and expired ones included.
    pub async fn invitation_by_secret(&self, _secret: &SecretHash) -> Result<Option<Invitation>, StoreError> {
        Ok(None)
    }

    /// The browser session with this secret, revoked and expired ones included.
    pub async fn session_by_secret(&self, _secret: &SecretHash) -> Result<Option<SessionRecord>, StoreError> {
        Ok(None)
    }

    pub async fn create_session(&self, _session: &SessionRecord, _secret: &SecretHash) -> Result<(), StoreError> {
        Ok(())
    }

    /// Ends a session everywhere.
    pub async fn revoke_session(&self, _session: SessionId, _at: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    /// The lesson and its institution; who may see it is the caller's to decide.
    pub async fn lesson(&self, _lesson: LessonId) -> Result<Option<LessonRecord>, StoreError> {
        Ok(None)
    }

    /// The lessons whose log says that they are on air: their rooms are opened again after a restart.
    pub async fn lessons_on_air(&self) -> Result<Vec<LessonRecord>, StoreError> {
        Ok(Vec::new())
    }

    /// Whether the database answers, for health checks.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(())
    }
}

/// The store as one institution sees it; rows of others do not exist here.
#[derive(Clone)]
pub struct InstitutionStore {
    _store: Store,
    _institution: InstitutionId,
}

impl InstitutionStore {
    /// The place that this session holds in a lesson through this invitation, if it took one.
    pub async fn place_of(&self, _session: SessionId, _invitation: InvitationId) -> Result<Option<Place>, StoreError> {
        Ok(None)
    }

    pub async fn place(&self, _participant: ParticipantId) -> Result<Option<Place>, StoreError> {
        Ok(None)
    }

    /// Takes a place in a lesson.
    pub async fn create_place(&self, _place: &Place) -> Result<(), StoreError> {
        Ok(())
    }

    pub async fn rename_place(&self, _participant: ParticipantId, _name: &str) -> Result<(), StoreError> {
        Ok(())
    }

    /// Bars a participant from coming back to the lesson by this place.
    pub async fn bar_place(&self, _participant: ParticipantId, _at: Timestamp) -> Result<(), StoreError> {
        Ok(())
    }

    /// Appends events to a lesson's log in one transaction and sets the lesson's phase; returns once they are
    /// durable.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where the log does not end just before the first event (another process writes it);
    /// nothing is written then.
    pub async fn append_events(
        &self,
        _lesson: LessonId,
        _events: &[LoggedEvent],
        _phase: Phase,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// At most `limit` events of a lesson's log after `after`, in order.
    pub async fn events_after(
        &self,
        _lesson: LessonId,
        _after: EventSeq,
        _limit: u32,
    ) -> Result<Vec<LoggedEvent>, StoreError> {
        Ok(Vec::new())
    }
}
