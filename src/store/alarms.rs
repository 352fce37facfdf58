//! Alarms about lessons: raised once for each lesson and rule, taken charge of, and commented on.
//!
//! Who takes or comments may be of an institution that reaches the lesson's; their names are read where they stand, so
//! that who is forgotten is forgotten here too.

use super::courses::language;
use super::fault::failed;
use super::mail::{MailQueue, NewMail};
use super::records::{Change, StoreError};
use super::rows::{found, id};
use super::webhooks::{WebhookEvent, WebhookQueue};
use super::{InstitutionStore, Member, Reach, Recipient, Store};
use crate::ids::{AlarmId, InstitutionId, LessonId, PersonId, RegionId};
use crate::protocol::AlarmRule;
use crate::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

/// How many people at most are told of one alarm by mail.
const RECIPIENTS_MAX: i64 = 100;

/// How many comments an alarm has at most.
const COMMENTS_MAX: i64 = 200;

/// An alarm to be raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAlarm {
    pub id: AlarmId,
    pub institution: InstitutionId,
    pub lesson: LessonId,
    pub rule: AlarmRule,
    pub raised_at: Timestamp,
}

/// What raising an alarm did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// As it stands now.
    pub alarm: Alarm,
    /// It was not there before; else the one that had ended goes on.
    pub is_new: bool,
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub id: AlarmId,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub region: RegionId,
    pub lesson: LessonId,
    pub lesson_title: String,
    /// As planned.
    pub starts_at: Timestamp,
    pub rule: AlarmRule,
    pub raised_at: Timestamp,
    /// Since when the rule no longer holds.
    pub ended_at: Option<Timestamp>,
    /// Who has taken charge of it.
    pub taken_by: Option<PersonId>,
    pub taken_by_name: Option<String>,
    pub taken_at: Option<Timestamp>,
    pub comments: u32,
}

/// What somebody said of an alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmComment {
    pub id: Uuid,
    pub author: PersonId,
    pub author_name: Option<String>,
    pub at: Timestamp,
    pub body: String,
}

/// A branch of the country: whose alarms and lessons somebody oversees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Branch {
    Institution(InstitutionId),
    Region(RegionId),
    Country,
}

impl Branch {
    /// What somebody oversees who oversees anything: as far as their institution reaches.
    #[must_use]
    pub fn of(member: &Member) -> Self {
        Self::reached(member.reach, member.institution, member.region)
    }

    /// What an institution of this reach oversees.
    #[must_use]
    pub fn reached(reach: Reach, institution: InstitutionId, region: RegionId) -> Self {
        match reach {
            Reach::Institution => Self::Institution(institution),
            Reach::Region => Self::Region(region),
            Reach::Ministry => Self::Country,
        }
    }

    /// The part of it that is of one region, where one is named; nothing where that is not of the branch.
    #[must_use]
    pub fn narrowed(self, region: Option<RegionId>) -> Option<Self> {
        match (self, region) {
            (branch, None) => Some(branch),
            (Self::Country, Some(region)) => Some(Self::Region(region)),
            (Self::Region(own), Some(region)) if own == region => Some(self),
            _ => None,
        }
    }
}

/// Which of a branch's alarms are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlarmFilter {
    pub lesson: Option<LessonId>,
    pub rule: Option<AlarmRule>,
    /// Only those that have not ended, or only those that have.
    pub open: Option<bool>,
    /// Only those that somebody has taken charge of, or only those that nobody has.
    pub taken: Option<bool>,
}

#[derive(FromRow)]
struct AlarmRow {
    id: String,
    institution: String,
    institution_name: String,
    region: String,
    lesson: String,
    lesson_title: String,
    starts_at: i64,
    rule: String,
    raised_at: i64,
    ended_at: Option<i64>,
    taken_by: Option<String>,
    taken_by_name: Option<String>,
    taken_at: Option<i64>,
    comments: i64,
}

impl TryFrom<AlarmRow> for Alarm {
    type Error = StoreError;

    fn try_from(row: AlarmRow) -> Result<Self, StoreError> {
        let rule = AlarmRule::parse(&row.rule);
        Ok(Self {
            id: id(&row.id)?,
            institution: id(&row.institution)?,
            institution_name: row.institution_name,
            region: id(&row.region)?,
            lesson: id(&row.lesson)?,
            lesson_title: row.lesson_title,
            starts_at: Timestamp(row.starts_at),
            rule: rule.ok_or_else(|| StoreError::Unreadable(format!("the rule of alarm {}", row.id)))?,
            raised_at: Timestamp(row.raised_at),
            ended_at: row.ended_at.map(Timestamp),
            taken_by: row.taken_by.as_deref().map(id).transpose()?,
            taken_by_name: row.taken_by_name,
            taken_at: row.taken_at.map(Timestamp),
            comments: u32::try_from(row.comments).unwrap_or(u32::MAX),
        })
    }
}

/// Alarms with the names on them.
macro_rules! alarms {
    ($condition:expr) => {
        concat!(
            "SELECT alarm.id, alarm.institution, institution.name AS institution_name, institution.region, alarm.lesson,
                    lesson.title AS lesson_title, lesson.starts_at, alarm.rule, alarm.raised_at, alarm.ended_at,
                    alarm.taken_by, person.name AS taken_by_name, alarm.taken_at,
                    (SELECT COUNT(*) FROM alarm_comment WHERE alarm_comment.institution = alarm.institution
                         AND alarm_comment.alarm = alarm.id) AS comments
             FROM alarm
             JOIN institution ON institution.id = alarm.institution
             JOIN lesson ON lesson.institution = alarm.institution AND lesson.id = alarm.lesson
             LEFT JOIN person ON person.id = alarm.taken_by ",
            $condition
        )
    };
}

/// A part of a list of alarms, the newest first; `$1` and `$2` are the time and id that it ends before.
macro_rules! listed {
    ($branch:literal) => {
        alarms!(concat!(
            "WHERE (alarm.raised_at, alarm.id) < ($1, $2) AND ($3 = '' OR alarm.lesson = $3)
               AND ($4 = '' OR alarm.rule = $4) AND ($5 = '' OR ($5 = 'open') = (alarm.ended_at IS NULL))
               AND ($6 = '' OR ($6 = 'taken') = (alarm.taken_at IS NOT NULL)) AND ",
            $branch,
            " ORDER BY alarm.raised_at DESC, alarm.id DESC LIMIT $8"
        ))
    };
}

const ONE: &str = alarms!("WHERE alarm.institution = $1 AND alarm.id = $2");

impl Store {
    /// Raises an alarm, tells the institution's webhooks and queues `mails`; where it was raised before, that one goes
    /// on and nobody is told again.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the institution has no such lesson.
    pub async fn raise_alarm(&self, alarm: &NewAlarm, mails: &[NewMail]) -> Result<Raised, StoreError> {
        const THERE: &str = "SELECT id FROM alarm WHERE institution = $1 AND lesson = $2 AND rule = $3";
        const AGAIN: &str = "UPDATE alarm SET ended_at = NULL WHERE institution = $1 AND id = $2";
        const NEW: &str = "INSERT INTO alarm (id, institution, lesson, rule, raised_at) VALUES ($1, $2, $3, $4, $5)";
        let (institution, lesson) = (alarm.institution.to_string(), alarm.lesson.to_string());
        let raised: Result<(Option<AlarmRow>, bool), StoreError> = in_transaction!(self, tx => {
            let there: Option<String> = sqlx::query_scalar(THERE)
                .bind(&institution)
                .bind(&lesson)
                .bind(alarm.rule.word())
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            let is_new = there.is_none();
            let id = there.unwrap_or_else(|| alarm.id.to_string());
            if is_new {
                sqlx::query(NEW)
                    .bind(&id)
                    .bind(&institution)
                    .bind(&lesson)
                    .bind(alarm.rule.word())
                    .bind(alarm.raised_at.micros())
                    .execute(&mut *tx).await.map_err(failed)?;
                let more = told(alarm);
                let event = WebhookEvent::AlarmRaised;
                WebhookQueue::tell_more(&mut *tx, &institution, event, &lesson, alarm.raised_at, &more).await?;
                for mail in mails {
                    MailQueue::queue(&mut *tx, &institution, mail).await?;
                }
            } else {
                sqlx::query(AGAIN).bind(&institution).bind(&id).execute(&mut *tx).await.map_err(failed)?;
            }
            let row: Option<AlarmRow> = sqlx::query_as(ONE)
                .bind(&institution)
                .bind(&id)
                .fetch_optional(&mut *tx).await.map_err(failed)?;
            (row, is_new)
        });
        let (row, is_new) = raised?;
        Ok(Raised { alarm: row.ok_or(StoreError::Missing)?.try_into()?, is_new })
    }

    /// At most `limit` alarms of a branch, the newest first, before the one of this time and id.
    pub async fn alarms(
        &self,
        branch: Branch,
        filter: &AlarmFilter,
        before: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<Alarm>, StoreError> {
        const OF_INSTITUTION: &str = listed!("alarm.institution = $7");
        const OF_REGION: &str = listed!("institution.region = $7");
        const OF_ALL: &str = listed!("$7 = ''");
        let (sql, of) = match branch {
            Branch::Institution(institution) => (OF_INSTITUTION, institution.to_string()),
            Branch::Region(region) => (OF_REGION, region.to_string()),
            Branch::Country => (OF_ALL, String::new()),
        };
        let (raised_at, last) = before.unwrap_or((i64::MAX, String::new()));
        let rows: Vec<AlarmRow> = reading!(self, on => sqlx::query_as(sql)
            .bind(raised_at)
            .bind(&last)
            .bind(filter.lesson.map(|lesson| lesson.to_string()).unwrap_or_default())
            .bind(filter.rule.map_or("", AlarmRule::word))
            .bind(filter.open.map_or("", |open| if open { "open" } else { "ended" }))
            .bind(filter.taken.map_or("", |taken| if taken { "taken" } else { "free" }))
            .bind(&of)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(Alarm::try_from).collect()
    }

    /// At most `limit` alarms that have not ended, the newest first: what a board knows after a restart.
    pub async fn open_alarms(&self, limit: u32) -> Result<Vec<Alarm>, StoreError> {
        const SQL: &str = alarms!("WHERE alarm.ended_at IS NULL ORDER BY alarm.raised_at DESC, alarm.id DESC LIMIT $1");
        let rows: Vec<AlarmRow> =
            reading!(self, on => sqlx::query_as(SQL).bind(i64::from(limit)).fetch_all(on)).map_err(failed)?;
        rows.into_iter().map(Alarm::try_from).collect()
    }

    /// One alarm, with the name of who has taken it, wherever they are.
    pub async fn alarm(&self, institution: InstitutionId, alarm: AlarmId) -> Result<Option<Alarm>, StoreError> {
        let row: Option<AlarmRow> = reading!(self, on => sqlx::query_as(ONE)
            .bind(institution.to_string())
            .bind(alarm.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.map(Alarm::try_from).transpose()
    }

    /// At most `limit` comments on an alarm after the one of this time and id, the oldest first.
    pub async fn alarm_comments(
        &self,
        institution: InstitutionId,
        alarm: AlarmId,
        after: Option<(i64, String)>,
        limit: u32,
    ) -> Result<Vec<AlarmComment>, StoreError> {
        const SQL: &str = "
            SELECT alarm_comment.id, alarm_comment.author, person.name, alarm_comment.at, alarm_comment.body
            FROM alarm_comment LEFT JOIN person ON person.id = alarm_comment.author
            WHERE alarm_comment.institution = $1 AND alarm_comment.alarm = $2
              AND (alarm_comment.at, alarm_comment.id) > ($3, $4)
            ORDER BY alarm_comment.at, alarm_comment.id LIMIT $5";
        let (at, last) = after.unwrap_or((i64::MIN, String::new()));
        let rows: Vec<(String, String, Option<String>, i64, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(institution.to_string())
            .bind(alarm.to_string())
            .bind(at)
            .bind(&last)
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        let comment = |(comment, author, author_name, at, body): (String, String, Option<String>, i64, String)| {
            Ok(AlarmComment { id: id(&comment)?, author: id(&author)?, author_name, at: Timestamp(at), body })
        };
        rows.into_iter().map(comment).collect()
    }

    /// Who is told by mail of an institution's alarms: its own committee but those who do not want it, and those of its
    /// region's and the ministry's committees who do.
    pub async fn alarm_recipients(
        &self,
        institution: InstitutionId,
        region: RegionId,
    ) -> Result<Vec<Recipient>, StoreError> {
        const SQL: &str = "
            SELECT person.id, person.mail, COALESCE(person.language, institution.language)
            FROM institution JOIN person ON person.institution = institution.id AND person.is_committee
            WHERE institution.id = $1 AND person.mail IS NOT NULL AND person.disabled_at IS NULL
              AND person.erased_at IS NULL AND person.merged_into IS NULL
              AND COALESCE(person.alarm_mail, institution.reach = 'institution')
            UNION ALL
            SELECT person.id, person.mail, COALESCE(person.language, institution.language)
            FROM institution JOIN person ON person.institution = institution.id AND person.is_committee
            WHERE institution.reach <> 'institution' AND institution.id <> $1 AND institution.closed_at IS NULL
              AND (institution.reach = 'ministry' OR institution.region = $2)
              AND person.mail IS NOT NULL AND person.disabled_at IS NULL
              AND person.erased_at IS NULL AND person.merged_into IS NULL AND person.alarm_mail
            LIMIT $3";
        let rows: Vec<(String, String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(institution.to_string())
            .bind(region.to_string())
            .bind(RECIPIENTS_MAX)
            .fetch_all(on))
        .map_err(failed)?;
        let recipient = |(person, mail, tag): (String, String, String)| {
            Ok(Recipient { person: id(&person)?, mail, language: language(&tag)? })
        };
        rows.into_iter().map(recipient).collect()
    }
}

impl InstitutionStore {
    /// Ends an alarm whose rule no longer holds; one that ended before stays as it is.
    pub async fn end_alarm(&self, alarm: AlarmId, at: Timestamp) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE alarm SET ended_at = COALESCE(ended_at, $1) WHERE institution = $2 AND id = $3";
        let changed = writing!(self, on => sqlx::query(SQL)
            .bind(at.micros())
            .bind(self.institution.to_string())
            .bind(alarm.to_string())
            .execute(on))?;
        found(changed)
    }

    /// Has a person take charge of an alarm.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] where somebody else has; [`StoreError::Missing`] where it is not there.
    pub async fn take_alarm(&self, alarm: AlarmId, person: PersonId, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE alarm SET taken_by = $1, taken_at = COALESCE(taken_at, $2)
                           WHERE institution = $3 AND id = $4 AND (taken_by IS NULL OR taken_by = $1)";
        const THERE: &str = "SELECT id FROM alarm WHERE institution = $1 AND id = $2";
        changing!(self, by, tx => {
            let taken = sqlx::query(SQL)
                .bind(person.to_string())
                .bind(by.at.micros())
                .bind(self.institution.to_string())
                .bind(alarm.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            if taken.rows_affected() == 0 {
                let there: Option<String> = sqlx::query_scalar(THERE)
                    .bind(self.institution.to_string())
                    .bind(alarm.to_string())
                    .fetch_optional(&mut *tx).await.map_err(failed)?;
                return Err(if there.is_some() { StoreError::Conflict } else { StoreError::Missing });
            }
        })
    }

    /// Adds a comment to an alarm.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where the alarm is not there; [`StoreError::Full`] where it has too many.
    pub async fn comment_alarm(&self, alarm: AlarmId, comment: &AlarmComment, by: &Change) -> Result<(), StoreError> {
        const COUNT: &str = "SELECT COUNT(*) FROM alarm_comment WHERE institution = $1 AND alarm = $2";
        const SQL: &str = "INSERT INTO alarm_comment (id, institution, alarm, author, at, body)
                           VALUES ($1, $2, $3, $4, $5, $6)";
        changing!(self, by, tx => {
            let there: i64 = sqlx::query_scalar(COUNT)
                .bind(self.institution.to_string())
                .bind(alarm.to_string())
                .fetch_one(&mut *tx).await.map_err(failed)?;
            if there >= COMMENTS_MAX {
                return Err(StoreError::Full);
            }
            sqlx::query(SQL)
                .bind(comment.id.to_string())
                .bind(self.institution.to_string())
                .bind(alarm.to_string())
                .bind(comment.author.to_string())
                .bind(comment.at.micros())
                .bind(&comment.body)
                .execute(&mut *tx).await.map_err(failed)?;
        })
    }

    /// Whether somebody is told of alarms by mail, as they said; absent where they said nothing.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where no such person is there.
    pub async fn alarm_mail_of(&self, person: PersonId) -> Result<Option<bool>, StoreError> {
        const SQL: &str = "SELECT alarm_mail FROM person WHERE institution = $1 AND id = $2";
        let row: Option<Option<bool>> = reading!(self, on => sqlx::query_scalar(SQL)
            .bind(self.institution.to_string())
            .bind(person.to_string())
            .fetch_optional(on))
        .map_err(failed)?;
        row.ok_or(StoreError::Missing)
    }

    /// Says whether somebody wants to be told of alarms by mail.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where no such person is there.
    pub async fn want_alarm_mail(&self, person: PersonId, wanted: bool, by: &Change) -> Result<(), StoreError> {
        const SQL: &str = "UPDATE person SET alarm_mail = $1 WHERE institution = $2 AND id = $3";
        changing!(self, by, tx => {
            let changed = sqlx::query(SQL)
                .bind(wanted)
                .bind(self.institution.to_string())
                .bind(person.to_string())
                .execute(&mut *tx).await.map_err(failed)?;
            found(changed.rows_affected())?;
        })
    }
}

/// What webhooks are told of an alarm besides its lesson.
fn told(alarm: &NewAlarm) -> serde_json::Map<String, serde_json::Value> {
    let fields = [("alarm", alarm.id.to_string()), ("rule", alarm.rule.word().to_owned())];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect()
}
