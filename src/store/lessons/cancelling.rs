//! Lessons that are called off, and given after all.

use super::busy::{Circumstances, Slot, look};
use super::connection::Timetable;
use super::editing::{EditScope, Edited, closed_on, holidays, seen, slots, within};
use crate::ids::{AnnouncementId, GroupId, LessonId};
use crate::protocol::Phase;
use crate::store::InstitutionStore;
use crate::store::fault::failed;
use crate::store::mail::{MailQueue, NewMail};
use crate::store::periods::ClosedDays;
use crate::store::records::{Change, StoreError};
use crate::store::rollup::recount;
use crate::time::Timestamp;
use jiff::civil::Date;

/// Lessons that are to be called off.
#[derive(Clone, Debug)]
pub struct Cancelling {
    pub scope: EditScope,
    /// The version of the lesson that who cancels it saw.
    pub version: i64,
    pub reason: Option<String>,
    pub told: ToldOf,
}

/// How people are told: an announcement to the group, and mails; written with what they are about.
#[derive(Clone, Debug)]
pub struct ToldOf {
    pub announcement: AnnouncementId,
    pub group: GroupId,
    pub title: String,
    pub body: String,
    pub day: Date,
    /// Until when it is news.
    pub expires_at: Timestamp,
    pub mails: Vec<NewMail>,
}

const ANNOUNCE: &str = "
    INSERT INTO announcement (id, institution, audience, audience_id, title, body, author, day, by_mail, mailed_at,
                              published_at, expires_at)
    VALUES ($1, $2, 'group', $3, $4, $5, $6, $7, $8, $9, $10, $11)";

impl InstitutionStore {
    /// Calls lessons off that have not begun: they stay in the timetable, struck out, and their slots are free.
    ///
    /// # Errors
    /// [`StoreError::Stale`] where the lesson has another version by now; [`StoreError::Missing`] where it is not there.
    pub async fn cancel_lessons(
        &self,
        lesson: LessonId,
        wanted: &Cancelling,
        author: &str,
        by: &Change,
    ) -> Result<Edited, StoreError> {
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let target = seen(&mut *tx, &of, lesson, wanted.version).await?;
            if target.phase != Phase::Planned {
                return Ok(Edited::Begun);
            }
            let lessons = within(&mut *tx, &of, &target, wanted.scope, by.at).await?;
            let ids: Vec<LessonId> = lessons.iter().map(|lesson| lesson.id).collect();
            for mut lesson in lessons {
                if lesson.cancelled_at.is_none() {
                    lesson.cancelled_at = Some(by.at);
                    lesson.cancel_reason.clone_from(&wanted.reason);
                    tx.write_lesson(&of, &lesson, by.at).await?;
                }
            }
            let told = &wanted.told;
            sqlx::query(ANNOUNCE)
                .bind(told.announcement.to_string())
                .bind(&of)
                .bind(told.group.to_string())
                .bind(&told.title)
                .bind(&told.body)
                .bind(author)
                .bind(told.day.to_string())
                .bind(!told.mails.is_empty())
                // The mails are written with it, in each one's language: they are all that goes out.
                .bind((!told.mails.is_empty()).then(|| by.at.micros()))
                .bind(by.at.micros())
                .bind(told.expires_at.micros())
                .execute(&mut *tx).await.map_err(failed)?;
            for mail in &told.mails {
                MailQueue::queue(&mut *tx, &of, mail).await?;
            }
            recount(&mut *tx, &of, &ids, by.at).await?;
            Edited::Done
        })
    }

    /// Puts a lesson back that was called off, where its slot is still free.
    ///
    /// # Errors
    /// As [`InstitutionStore::cancel_lessons`].
    pub async fn restore_lesson(
        &self,
        lesson: LessonId,
        version: i64,
        closed: &[ClosedDays],
        by: &Change,
    ) -> Result<Edited, StoreError> {
        let of = self.institution.to_string();
        changing!(self, by, tx => {
            let mut target = seen(&mut *tx, &of, lesson, version).await?;
            if target.phase != Phase::Planned {
                return Ok(Edited::Begun);
            }
            if let Some(closed) = closed_on(closed, target.wall()) {
                return Ok(Edited::OnClosedDay(closed.name.clone()));
            }
            (target.cancelled_at, target.cancel_reason) = (None, None);
            let slots: Vec<Slot> = slots(std::slice::from_ref(&target)).collect();
            let holidays = holidays(closed);
            let circumstances = Circumstances { holidays: &holidays, now: by.at, seats: None };
            if let Some(clashes) = look(&mut *tx, &of, &slots, &circumstances).await? {
                return Ok(Edited::Clashes(clashes));
            }
            tx.write_lesson(&of, &target, by.at).await?;
            recount(&mut *tx, &of, &[lesson], by.at).await?;
            Edited::Done
        })
    }
}
