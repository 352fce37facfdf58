//! Mail that waits to be sent, and what became of it.

use super::fault::failed;
use super::records::StoreError;
use super::rows::{found, id};
use super::{InstitutionStore, Store};
use crate::ids::{InstitutionId, MailId, PersonId};
use crate::time::Timestamp;
use sqlx::{FromRow, PgConnection, SqliteConnection};

/// A mail to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMail {
    pub id: MailId,
    /// Whom it is to, where they have an account.
    pub person: Option<PersonId>,
    pub recipient: String,
    pub subject: String,
    /// Plain text.
    pub body: String,
    pub created_at: Timestamp,
}

/// A mail that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueMail {
    pub id: MailId,
    pub institution: InstitutionId,
    /// Its institution's name, which stands beside the sender's address.
    pub institution_name: String,
    pub recipient: String,
    pub subject: String,
    pub body: String,
    /// How often sending it was tried.
    pub attempts: u32,
}

/// What became of an attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attempt {
    Done {
        at: Timestamp,
    },
    /// It will be tried again.
    Again {
        due_at: Timestamp,
        error: String,
    },
    /// It will not.
    Failed {
        at: Timestamp,
        error: String,
    },
}

#[derive(FromRow)]
struct DueMailRow {
    id: String,
    institution: String,
    institution_name: String,
    recipient: String,
    subject: String,
    body: String,
    attempts: i64,
}

impl TryFrom<DueMailRow> for DueMail {
    type Error = StoreError;

    fn try_from(row: DueMailRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            institution_name: row.institution_name,
            recipient: row.recipient,
            subject: row.subject,
            body: row.body,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        })
    }
}

/// A connection within a transaction that queues mail: what is said by mail and what it is about are written together.
pub(super) trait MailQueue {
    async fn queue(&mut self, institution: &str, mail: &NewMail) -> Result<(), StoreError>;
}

macro_rules! mail_queue {
    ($connection:ty) => {
        impl MailQueue for $connection {
            async fn queue(&mut self, institution: &str, mail: &NewMail) -> Result<(), StoreError> {
                const SQL: &str = "INSERT INTO mail
                                       (id, institution, person, recipient, subject, body, created_at, due_at)
                                   VALUES ($1, $2, $3, $4, $5, $6, $7, $7)";
                let query = sqlx::query(SQL)
                    .bind(mail.id.to_string())
                    .bind(institution)
                    .bind(mail.person.map(|person| person.to_string()))
                    .bind(&mail.recipient)
                    .bind(&mail.subject)
                    .bind(&mail.body)
                    .bind(mail.created_at.micros());
                query.execute(self).await.map_err(failed)?;
                Ok(())
            }
        }
    };
}

mail_queue!(SqliteConnection);
mail_queue!(PgConnection);

impl InstitutionStore {
    /// Queues mails, all or none.
    pub async fn queue_mail(&self, mails: &[NewMail]) -> Result<(), StoreError> {
        let institution = self.institution.to_string();
        in_transaction!(self, tx => {
            for mail in mails {
                MailQueue::queue(&mut *tx, &institution, mail).await?;
            }
        })
    }
}

impl Store {
    /// At most `limit` mails that are due, those that wait longest first.
    pub async fn mail_due(&self, now: Timestamp, limit: u32) -> Result<Vec<DueMail>, StoreError> {
        const SQL: &str = "
            SELECT mail.id, mail.institution, institution.name AS institution_name, mail.recipient, mail.subject,
                   mail.body, mail.attempts
            FROM mail JOIN institution ON institution.id = mail.institution
            WHERE mail.sent_at IS NULL AND mail.failed_at IS NULL AND mail.due_at <= $1
            ORDER BY mail.due_at, mail.id LIMIT $2";
        let rows: Vec<DueMailRow> = reading!(self, on => sqlx::query_as(SQL)
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(DueMail::try_from).collect()
    }

    /// Notes what became of an attempt to send a mail. What was sent keeps no text: it may hold a link.
    pub async fn note_mail(&self, mail: MailId, attempt: &Attempt) -> Result<(), StoreError> {
        const SENT: &str = "UPDATE mail SET sent_at = $1, body = '', attempts = attempts + 1 WHERE id = $2";
        const AGAIN: &str = "UPDATE mail SET due_at = $1, last_error = $3, attempts = attempts + 1 WHERE id = $2";
        const FAILED: &str =
            "UPDATE mail SET failed_at = $1, body = '', last_error = $3, attempts = attempts + 1 WHERE id = $2";
        let mail = mail.to_string();
        let changed = match attempt {
            Attempt::Done { at } => writing!(self, on => sqlx::query(SENT).bind(at.micros()).bind(&mail).execute(on))?,
            Attempt::Again { due_at: at, error } => {
                writing!(self, on => sqlx::query(AGAIN).bind(at.micros()).bind(&mail).bind(error).execute(on))?
            }
            Attempt::Failed { at, error } => {
                writing!(self, on => sqlx::query(FAILED).bind(at.micros()).bind(&mail).bind(error).execute(on))?
            }
        };
        found(changed)
    }
}
