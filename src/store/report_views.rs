//! Reports that people look at again and again, and the mail by which some of them come.
//!
//! Owns that each mail is queued once: it is written in the transaction that says when the next one is due. What is in it,
//! and whether its reader may still see that, is `notify`'s.

use super::courses::language;
use super::fault::failed;
use super::mail::{MailQueue, NewMail};
use super::records::{Change, StoreError};
use super::rows::{found, id};
use super::{InstitutionStore, Reach, Roles, Store};
use crate::ids::{InstitutionId, PersonId, RegionId, ReportViewId};
use crate::text::Language;
use crate::time::Timestamp;
use sqlx::FromRow;

/// How many views a person has at most.
pub const REPORT_VIEWS_MAX: u32 = 30;

/// How often a report comes by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportMail {
    Weekly,
    Monthly,
}

impl ReportMail {
    const ALL: [Self; 2] = [Self::Weekly, Self::Monthly];

    /// As it is stored and sent.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
        }
    }

    /// What a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mail| mail.word() == word)
    }
}

/// A report under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportView {
    pub id: ReportViewId,
    pub name: String,
    /// Whose lessons it is of; absent where it is its owner's branch.
    pub subject: Option<InstitutionId>,
    /// As `rollup::view` reads it.
    pub query: String,
    /// How often it comes by mail, and when next.
    pub mail: Option<(ReportMail, Timestamp)>,
    pub created_at: Timestamp,
}

/// A report that is to come by mail, and for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueReport {
    pub view: ReportView,
    pub mail: ReportMail,
    pub due_at: Timestamp,
    pub person: PersonId,
    /// Absent where they have none.
    pub address: Option<String>,
    /// Theirs, or their institution's.
    pub language: Language,
    pub roles: Roles,
    pub institution: InstitutionId,
    pub region: RegionId,
    pub reach: Reach,
    /// IANA name.
    pub time_zone: String,
    /// Their account may be used.
    pub is_active: bool,
}

#[derive(FromRow)]
struct ViewRow {
    id: String,
    name: String,
    subject: Option<String>,
    query: String,
    mail: Option<String>,
    mail_due_at: Option<i64>,
    created_at: i64,
}

#[derive(FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    view: ViewRow,
    person: String,
    address: Option<String>,
    language: String,
    is_trainer: bool,
    is_trainee: bool,
    is_committee: bool,
    is_administrator: bool,
    institution: String,
    region: String,
    reach: String,
    time_zone: String,
    is_active: bool,
}

impl TryFrom<ViewRow> for ReportView {
    type Error = StoreError;

    fn try_from(row: ViewRow) -> Result<Self, StoreError> {
        let mail = row.mail.map(|word| {
            ReportMail::parse(&word).ok_or_else(|| StoreError::Unreadable(format!("how often {word:?} is")))
        });
        Ok(Self {
            id: id(&row.id)?,
            name: row.name,
            subject: row.subject.as_deref().map(id).transpose()?,
            query: row.query,
            mail: mail.transpose()?.zip(row.mail_due_at.map(Timestamp)),
            created_at: Timestamp(row.created_at),
        })
    }
}

impl TryFrom<DueRow> for DueReport {
    type Error = StoreError;

    fn try_from(row: DueRow) -> Result<Self, StoreError> {
        let view = ReportView::try_from(row.view)?;
        let (mail, due_at) =
            view.mail.ok_or_else(|| StoreError::Unreadable(format!("the mail of view {}", view.id)))?;
        Ok(Self {
            mail,
            due_at,
            person: id(&row.person)?,
            address: row.address,
            language: language(&row.language)?,
            roles: Roles {
                trainer: row.is_trainer,
                trainee: row.is_trainee,
                committee: row.is_committee,
                administrator: row.is_administrator,
            },
            institution: id(&row.institution)?,
            region: id(&row.region)?,
            reach: Reach::parse(&row.reach)?,
            time_zone: row.time_zone,
            is_active: row.is_active,
            view,
        })
    }
}

/// Views, some of them.
macro_rules! views {
    ($condition:literal) => {
        concat!("SELECT id, name, subject, query, mail, mail_due_at, created_at FROM report_view ", $condition)
    };
}

impl InstitutionStore {
    /// Somebody's views, those that they made first before the others.
    pub async fn report_views(&self, person: PersonId) -> Result<Vec<ReportView>, StoreError> {
        const SQL: &str = views!("WHERE institution = $1 AND person = $2 ORDER BY created_at, id");
        let rows: Vec<ViewRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(ReportView::try_from).collect()
    }

    /// One of somebody's views.
    pub async fn report_view(&self, person: PersonId, view: ReportViewId) -> Result<Option<ReportView>, StoreError> {
        const SQL: &str = views!("WHERE institution = $1 AND person = $2 AND id = $3");
        let row: Option<ViewRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .bind(view.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(ReportView::try_from).transpose()
    }

    /// Keeps a view of somebody's.
    ///
    /// # Errors
    /// [`StoreError::Full`] where they have [`REPORT_VIEWS_MAX`]; [`StoreError::Missing`] where the person or the view's
    /// institution is not there.
    pub async fn create_report_view(&self, person: PersonId, view: &ReportView, by: &Change) -> Result<(), StoreError> {
        const COUNT: &str = "SELECT COUNT(*) FROM report_view WHERE institution = $1 AND person = $2";
        const SQL: &str = "INSERT INTO report_view (id, institution, person, name, subject, query, mail, mail_due_at,
                                                    created_at)
                           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let (institution, person) = (self.institution.to_string(), person.to_string());
        changing!(self, by, tx => {
            let there: i64 = sqlx::query_scalar(COUNT)
                .bind(&institution)
                .bind(&person)
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if there >= i64::from(REPORT_VIEWS_MAX) {
                return Err(StoreError::Full);
            }
            sqlx::query(SQL)
                .bind(view.id.to_string())
                .bind(&institution)
                .bind(&person)
                .bind(&view.name)
                .bind(view.subject.map(|subject| subject.to_string()))
                .bind(&view.query)
                .bind(view.mail.map(|(mail, _)| mail.word()))
                .bind(view.mail.map(|(_, due_at)| due_at.micros()))
                .bind(view.created_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Changes a view of somebody's into what it is now.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where they have no such view.
    pub async fn change_report_view(&self, person: PersonId, view: &ReportView, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE report_view SET name = $4, subject = $5, query = $6, mail = $7, mail_due_at = $8
                           WHERE institution = $1 AND person = $2 AND id = $3";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(view.id.to_string())
                .bind(&view.name)
                .bind(view.subject.map(|subject| subject.to_string()))
                .bind(&view.query)
                .bind(view.mail.map(|(mail, _)| mail.word()))
                .bind(view.mail.map(|(_, due_at)| due_at.micros()))
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }

    /// Forgets a view of somebody's.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where they have no such view.
    pub async fn remove_report_view(
        &self,
        person: PersonId,
        view: ReportViewId,
        by: &Change,
    ) -> Result<(), StoreError> {
        const SQL: &str = "DELETE FROM report_view WHERE institution = $1 AND person = $2 AND id = $3";
        changing!(self, by, tx => {
            let removed = sqlx::query(SQL)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .bind(view.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(removed.rows_affected())?;
        })
    }

    /// Says when a report's next mail is due, and queues the one that was due, where there is anything to send. Tells
    /// whether it did: where the view changed or the mail was queued since it was read, nothing is done.
    pub async fn queue_report(
        &self,
        due: &DueReport,
        next: Timestamp,
        mail: Option<&NewMail>,
    ) -> Result<bool, StoreError> {
        const SQL: &str = "UPDATE report_view SET mail_due_at = $1
                           WHERE institution = $2 AND id = $3 AND mail = $4 AND mail_due_at = $5 AND query = $6";
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            let moved = sqlx::query(SQL)
                .bind(next.micros())
                .bind(&institution)
                .bind(due.view.id.to_string())
                .bind(due.mail.word())
                .bind(due.due_at.micros())
                .bind(&due.view.query)
                .execute(&mut *tx).await.map_err(failed)?;
            let is_due = moved.rows_affected() > 0;
            if let Some(mail) = mail.filter(|_| is_due) {
                MailQueue::queue(&mut *tx, &institution, mail).await?;
            }
            is_due
        })
    }
}

impl Store {
    /// At most `limit` reports that are to come by mail by now, those that wait longest first.
    pub async fn reports_due(&self, now: Timestamp, limit: u32) -> Result<Vec<DueReport>, StoreError> {
        const SQL: &str = "
            SELECT report_view.id, report_view.name, report_view.subject, report_view.query, report_view.mail,
                   report_view.mail_due_at, report_view.created_at, report_view.person, person.mail AS address,
                   COALESCE(person.language, institution.language) AS language, person.is_trainer, person.is_trainee,
                   person.is_committee, person.is_administrator, report_view.institution, institution.region,
                   institution.reach, institution.time_zone,
                   (person.disabled_at IS NULL AND person.erased_at IS NULL AND person.merged_into IS NULL
                    AND institution.closed_at IS NULL) AS is_active
            FROM report_view
            JOIN person ON person.institution = report_view.institution AND person.id = report_view.person
            JOIN institution ON institution.id = report_view.institution
            WHERE report_view.mail_due_at IS NOT NULL AND report_view.mail_due_at <= $1
            ORDER BY report_view.mail_due_at, report_view.id LIMIT $2";
        let rows: Vec<DueRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(DueReport::try_from).collect()
    }
}
