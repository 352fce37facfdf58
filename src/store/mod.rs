//! What lasts: lessons, invitations, sessions, places in lessons, and every room's log of events. SQLite or
//! PostgreSQL behind one type.
//!
//! SQL lives here and nowhere else. Lookups return `Option`. Every row belongs to an institution; what is read or
//! written about a lesson goes through [`InstitutionStore`], which can't be made without one. Everything written is
//! durable when the call returns.

#[macro_use]
mod database;
mod account_links;
mod accounts;
mod additions;
mod alarms;
mod announcement_mail;
mod announcements;
mod api_keys;
mod applications;
mod at_risk;
mod audit;
mod board;
mod catalogue;
mod courses;
mod dump;
mod fault;
mod files;
mod first_start;
mod groups;
mod idempotency;
mod identities;
mod imports;
mod institutions;
mod ledgers;
mod lessons;
mod log;
mod mail;
mod materials;
mod member_sessions;
mod migrate;
mod own;
mod people;
mod periods;
mod places;
mod postgres;
mod programme;
mod quality;
mod records;
mod report_views;
mod retention;
mod rollup;
mod rows;
mod school;
mod search;
mod search_keys;
mod second_factor;
mod signs;
mod sqlite;
mod venues;
mod webhooks;
mod writer;

pub use account_links::{AccountLink, NewAccountLink};
pub use accounts::{Credential, Member, NewAccount, Reach, Roles};
pub use additions::Rows;
pub use alarms::{Alarm, AlarmComment, AlarmFilter, Branch, NewAlarm, Raised};
pub use announcement_mail::{MailedAnnouncement, Recipient};
pub use announcements::{Announcement, Audience, Listener, Told};
pub use api_keys::{ApiKey, NewApiKey};
pub use applications::{Application, ApplicationStatus, NewApplication};
pub use at_risk::{RiskFilter, TraineeRecord};
pub use board::{BoardPlace, BoardPlan, BoardWindow};
pub use catalogue::{CatalogueFilter, OfferedCourse};
pub use courses::{CourseFilter, CourseRecord};
pub use dump::{DumpSink, DumpSource, TABLES};
pub use files::{IncomingFile, MaterialFolder};
pub use first_start::FirstStart;
pub use groups::{GroupFilter, GroupMember, GroupRecord};
pub use idempotency::{KeptAnswer, KnownRequest};
pub use identities::{AccountOf, Identity};
pub use imports::{GroupsImport, PeopleImport};
pub use institutions::{InstitutionFilter, InstitutionKind, InstitutionRecord, OpenMinutes, RegionRecord};
pub use ledgers::{LessonLedger, LessonPeople, SealedLedger, Sealing};
pub use lessons::{
    BroughtLessons, Cancelling, Choices, Clash, Clashes, Contact, EditScope, Edited, GroupFacts, KnownLine, LessonEdit,
    LessonFilter, LessonPlan, LessonSeries, MINUTES_MAX, Named, Outcome, PlannedLesson, SlotFault, Substitution,
    TimetableLesson, ToldOf, VenueTooSmall,
};
pub use mail::{Attempt, DueMail, NewMail};
pub use materials::{Material, MaterialContent, MaterialFile};
pub use member_sessions::MemberSession;
pub use own::{
    Attended, Feed, FeedOwner, GuestLink, Improvised, Notice, OwnGroup, OwnLesson, Part, Presence, Reader, Spending,
    Spent, Standing, Unsettled,
};
pub use people::{ExportPart, PeopleFilter, PersonRecord, PersonStanding, RoleWord, person_search};
pub use periods::{ClosedDays, FallingOn, HeldPeriod, Period};
pub use programme::{CourseUnit, GroupOfCourse};
pub use records::{
    AuditEntry, AuditFault, Change, ChangedBy, Course, Group, Institution, Invitation, InvitationPurpose, LessonRecord,
    LoggedEvent, NewLesson, Person, Place, Region, SecretHash, SessionRecord, StoreError,
};
pub use report_views::{DueReport, REPORT_VIEWS_MAX, ReportMail, ReportView};
pub use retention::{Gone, LessonDeleted, Retention, RetentionRun};
pub use rollup::{Rebuilt, ReportBy, ReportLine, ReportQuery};
pub use signs::ServerSign;
pub use venues::Venue;
pub use webhooks::{Delivery, DueDelivery, Webhook, WebhookEvent};

use crate::ids::{InstitutionId, LessonId, SessionId};
use crate::time::Timestamp;
use database::{Database, EVERYBODYS, Scoped};
use fault::failed;
use rows::{InvitationRow, LessonRow, SessionRow, hex};
use std::sync::Arc;

/// A handle on the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Arc<Database>,
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`, takes it for this process alone, and brings its schema up to date. The
    /// database is free again when the last handle is gone, or the process.
    ///
    /// # Errors
    /// Where it can't be opened, is locked, or was made by a newer Qism; the text says what to do.
    /// [`StoreError::Held`] where another server has it.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Arc::new(Database::open(url).await?) })
    }

    /// Opens a database that a server may be using, to read it: a backup, a check. Nothing can be written.
    ///
    /// # Errors
    /// Where it can't be opened, or its schema is not this program's.
    pub async fn open_beside(url: &str) -> Result<Self, StoreError> {
        Ok(Self { database: Arc::new(Database::open_beside(url).await?) })
    }

    /// The same store, seen from one institution.
    #[must_use]
    pub fn of(&self, institution: InstitutionId) -> InstitutionStore {
        InstitutionStore { store: self.clone(), institution }
    }

    /// The invitation with this secret, revoked and expired ones included.
    pub async fn invitation_by_secret(&self, secret: &SecretHash) -> Result<Option<Invitation>, StoreError> {
        const SQL: &str = "SELECT id, institution, lesson, role, purpose, name, expires_at, revoked_at
                           FROM invitation WHERE secret_hash = $1";
        let hash = hex(secret);
        let row: Option<InvitationRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(&hash).fetch_optional(on)).map_err(failed)?;
        row.map(Invitation::try_from).transpose()
    }

    /// The browser session with this secret, revoked and expired ones included.
    pub async fn session_by_secret(&self, secret: &SecretHash) -> Result<Option<SessionRecord>, StoreError> {
        const SQL: &str = "SELECT id, created_at, expires_at, revoked_at FROM session WHERE secret_hash = $1";
        let hash = hex(secret);
        let row: Option<SessionRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(&hash).fetch_optional(on)).map_err(failed)?;
        row.map(SessionRecord::try_from).transpose()
    }

    /// The browser session, revoked and expired ones included.
    pub async fn session(&self, session: SessionId) -> Result<Option<SessionRecord>, StoreError> {
        const SQL: &str = "SELECT id, created_at, expires_at, revoked_at FROM session WHERE id = $1";
        let row: Option<SessionRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(session.to_string()).fetch_optional(on)).map_err(failed)?;
        row.map(SessionRecord::try_from).transpose()
    }

    pub async fn create_session(&self, session: &SessionRecord, secret: &SecretHash) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO session (id, secret_hash, created_at, expires_at, revoked_at)
                           VALUES ($1, $2, $3, $4, $5)";
        writing!(self, on => sqlx::query(SQL)
            .bind(session.id.to_string())
            .bind(hex(secret))
            .bind(session.created_at.micros())
            .bind(session.expires_at.micros())
            .bind(session.revoked_at.map(Timestamp::micros))
            .execute(on))?;
        Ok(())
    }

    /// Ends a session everywhere; it stays ended since the first time.
    pub async fn revoke_session(&self, session: SessionId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE session SET revoked_at = COALESCE(revoked_at, $1) WHERE id = $2";
        let changed = writing!(self, on => sqlx::query(SQL).bind(at.micros()).bind(session.to_string()).execute(on))?;
        rows::found(changed)
    }

    /// The lesson and its institution; who may see it is the caller's to decide.
    pub async fn lesson(&self, lesson: LessonId) -> Result<Option<LessonRecord>, StoreError> {
        const SQL: &str = rows::lessons!("WHERE lesson.id = $1");
        let row: Option<LessonRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(lesson.to_string()).fetch_optional(on)).map_err(failed)?;
        row.map(LessonRecord::try_from).transpose()
    }

    /// The lessons whose log says that they are on air: their rooms are opened again after a restart.
    pub async fn lessons_on_air(&self) -> Result<Vec<LessonRecord>, StoreError> {
        const SQL: &str = rows::lessons!("WHERE lesson.phase = 'live' ORDER BY lesson.starts_at, lesson.id");
        let rows: Vec<LessonRow> = reading!(self, on => sqlx::query_as(SQL).fetch_all(on)).map_err(failed)?;
        rows.into_iter().map(LessonRecord::try_from).collect()
    }

    /// Lessons on air whose planned end was at `before` or earlier, at most `limit`, those that began first.
    pub async fn lessons_overdue(&self, before: Timestamp, limit: u32) -> Result<Vec<LessonId>, StoreError> {
        const SQL: &str =
            "SELECT id FROM lesson WHERE phase = 'live' AND ends_at <= $1 ORDER BY starts_at, id LIMIT $2";
        let found: Vec<String> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(before.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        found.iter().map(|lesson| rows::id(lesson)).collect()
    }

    /// Whether the database answers, for health checks.
    pub async fn ping(&self) -> Result<(), StoreError> {
        const SQL: &str = "SELECT CAST(1 AS BIGINT)";
        let answer: i64 = reading!(self, on => sqlx::query_scalar(SQL).fetch_one(on)).map_err(failed)?;
        if answer == 1 { Ok(()) } else { Err(StoreError::Unreadable("the answer to a ping".into())) }
    }

    /// Closes the database once what is under way is done; later calls fail.
    pub async fn close(&self) {
        self.database.close().await;
    }
}

/// The store as one institution sees it; rows of others do not exist here.
#[derive(Clone)]
pub struct InstitutionStore {
    store: Store,
    institution: InstitutionId,
}

impl InstitutionStore {
    /// Whose store it is.
    #[must_use]
    pub fn institution(&self) -> InstitutionId {
        self.institution
    }
}

impl Scoped for Store {
    fn database(&self) -> &Database {
        &self.database
    }

    fn scope(&self) -> String {
        EVERYBODYS.into()
    }
}

impl Scoped for InstitutionStore {
    fn database(&self) -> &Database {
        &self.store.database
    }

    fn scope(&self) -> String {
        self.institution.to_string()
    }
}
