//! Counting lessons: in the transaction that changes one, and those that are due by themselves.

use super::connection::Counting;
use super::facts::{Anew, facts_of};
use super::levels::Difference;
use crate::ids::LessonId;
use crate::store::Store;
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;

/// Brings what is kept of lessons, and the sums, up to what they come to now. The last thing that a transaction does.
pub(in crate::store) async fn count(
    connection: &mut impl Counting,
    of: &str,
    lessons: &[LessonId],
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut difference = Difference::default();
    for &lesson in lessons {
        connection.lock(of, &lesson.to_string()).await?;
        count_into(&mut difference, connection, of, lesson, Anew::Whole(now)).await?;
    }
    difference.write(connection).await
}

/// The same where a lesson's record was changed: those that were not counted before are passed over, as are all lessons
/// to come.
pub(in crate::store) async fn recount(
    connection: &mut impl Counting,
    of: &str,
    lessons: &[LessonId],
    now: Timestamp,
) -> Result<(), StoreError> {
    count_kept(connection, of, lessons, Anew::Whole(now)).await
}

/// The same where only what was sent in a lesson changed, or how it was received.
pub(in crate::store) async fn count_figures(
    connection: &mut impl Counting,
    of: &str,
    lessons: &[LessonId],
) -> Result<(), StoreError> {
    count_kept(connection, of, lessons, Anew::Figures).await
}

async fn count_kept(
    connection: &mut impl Counting,
    of: &str,
    lessons: &[LessonId],
    anew: Anew,
) -> Result<(), StoreError> {
    let mut difference = Difference::default();
    for &lesson in lessons {
        let key = lesson.to_string();
        connection.lock(of, &key).await?;
        if connection.kept(of, &key).await?.is_some() {
            count_into(&mut difference, connection, of, lesson, anew).await?;
        }
    }
    difference.write(connection).await
}

/// Takes a lesson off the sums; where it is over, the next look counts it again.
pub(in crate::store) async fn uncount(
    connection: &mut impl Counting,
    of: &str,
    lesson: LessonId,
) -> Result<(), StoreError> {
    let key = lesson.to_string();
    connection.lock(of, &key).await?;
    let Some(record) = connection.record(of, &key).await? else { return Ok(()) };
    let Some(kept) = connection.kept(of, &key).await? else { return Ok(()) };
    connection.forget(of, lesson).await?;
    connection.mark(of, lesson, false).await?;
    let mut difference = Difference::default();
    difference.replace(of, &record.region, Some(&kept.facts), None);
    difference.write(connection).await
}

async fn count_into(
    difference: &mut Difference,
    connection: &mut impl Counting,
    of: &str,
    lesson: LessonId,
    anew: Anew,
) -> Result<(), StoreError> {
    let key = lesson.to_string();
    let Some(record) = connection.record(of, &key).await? else { return Ok(()) };
    let kept = connection.kept(of, &key).await?;
    let before = kept.map(|kept| kept.facts);
    let after = facts_of(connection, of, lesson, &record, kept.as_ref(), anew).await?;
    if before != after {
        match &after {
            Some(facts) => connection.keep(of, facts).await?,
            None => connection.forget(of, lesson).await?,
        }
        difference.replace(of, &record.region, before.as_ref(), after.as_ref());
    }
    if record.counted != after.is_some() {
        connection.mark(of, lesson, after.is_some()).await?;
    }
    Ok(())
}

impl Store {
    /// Counts lessons whose planned end has passed and that never began, those that an older version settled, and those
    /// that were marked: at most `limit`, the oldest first. Gives how many there were.
    pub async fn count_due(&self, now: Timestamp, limit: u32) -> Result<u32, StoreError> {
        const DUE: &str = "
            SELECT institution, id FROM lesson
            WHERE NOT counted AND ends_at <= $1
              AND (phase = 'planned' OR settled_at IS NOT NULL OR (phase = 'ended' AND last_seq = 0))
            ORDER BY ends_at LIMIT $2";
        let mut due: Vec<(String, String)> = reading!(self, on => sqlx::query_as(DUE)
            .bind(now.micros())
            .bind(i64::from(limit))
            .fetch_all(on))
        .map_err(failed)?;
        if due.is_empty() {
            return Ok(0);
        }
        due.sort();
        in_transaction!(self, tx => {
            let mut difference = Difference::default();
            for (of, lesson) in &due {
                tx.lock(of, lesson).await?;
                count_into(&mut difference, &mut *tx, of, id(lesson)?, Anew::Whole(now)).await?;
            }
            difference.write(&mut *tx).await?;
        })?;
        Ok(u32::try_from(due.len()).unwrap_or(u32::MAX))
    }
}
