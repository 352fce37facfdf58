//! All sums made anew, from what is kept of the lessons.

use super::connection::Counting;
use super::facts::{Anew, facts_of};
use super::levels::{Difference, Level, LevelKey};
use super::rows::{SumsRow, columns, summed};
use crate::ids::{InstitutionId, LessonId};
use crate::rollup::{Facts, Per, Rollup, Sums};
use crate::store::fault::failed;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::store::{InstitutionStore, Store};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// What making sums anew found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// How many lessons count.
    pub lessons: u64,
    /// Of how many lessons something else was kept than they come to.
    pub lessons_differed: u64,
    /// How many sums there are, and how many were others.
    pub sums: u64,
    pub sums_differed: u64,
}

impl Rebuilt {
    /// Counts the sums that should be there, and those that are not as they should; gives what is to be changed of them.
    fn compare(&mut self, kept: &BTreeMap<LevelKey, Sums>, right: &BTreeMap<LevelKey, Sums>) -> Difference {
        let mut difference = Difference::default();
        self.sums = self.sums.saturating_add(u64::try_from(right.len()).unwrap_or(u64::MAX));
        for (key, sums) in kept {
            if right.get(key) != Some(sums) {
                self.sums_differed = self.sums_differed.saturating_add(1);
                difference.change([key.clone()], sums, i64::saturating_sub);
            }
        }
        for (key, sums) in right {
            if kept.get(key) != Some(sums) {
                if !kept.contains_key(key) {
                    self.sums_differed = self.sums_differed.saturating_add(1);
                }
                difference.change([key.clone()], sums, i64::saturating_add);
            }
        }
        difference
    }
}

impl Store {
    /// Works out anew what every lesson comes to, and puts right what is kept of them and of their sums, an institution at
    /// a time. Sums of lessons whose records were deleted stay.
    pub async fn rebuild_sums(&self, now: Timestamp) -> Result<Rebuilt, StoreError> {
        const INSTITUTIONS: &str = "SELECT id FROM institution ORDER BY id";
        let institutions: Vec<String> =
            reading!(self, on => sqlx::query_scalar(INSTITUTIONS).fetch_all(on)).map_err(failed)?;
        let mut rebuilt = Rebuilt::default();
        for institution in &institutions {
            let of: InstitutionId = id(institution)?;
            let found = self.of(of).rebuild_sums(now).await?;
            rebuilt.lessons = rebuilt.lessons.saturating_add(found.lessons);
            rebuilt.lessons_differed = rebuilt.lessons_differed.saturating_add(found.lessons_differed);
            rebuilt.sums = rebuilt.sums.saturating_add(found.sums);
            rebuilt.sums_differed = rebuilt.sums_differed.saturating_add(found.sums_differed);
        }
        in_transaction!(self, tx => {
            let right = by_key(Level::Regions, "", tx.sums(&of_regions(), "").await?);
            let kept = by_key(Level::Regions, "", tx.sums(&kept_of_regions(), "").await?);
            rebuilt.compare(&kept, &right).write(&mut *tx).await?;
        })?;
        Ok(rebuilt)
    }
}

impl InstitutionStore {
    /// What each lesson that counts comes to, worked out anew from all that is kept of it.
    pub async fn facts_anew(&self, now: Timestamp) -> Result<Vec<Facts>, StoreError> {
        let of = self.institution.to_string();
        in_transaction!(self, tx => {
            let mut all = Vec::new();
            for lesson in tx.over(&of, now).await? {
                all.extend(anew(&mut *tx, &of, lesson, now).await?);
            }
            all
        })
    }

    /// The part of [`Store::rebuild_sums`] that is this institution's.
    async fn rebuild_sums(&self, now: Timestamp) -> Result<Rebuilt, StoreError> {
        let of = self.institution.to_string();
        in_transaction!(self, tx => {
            let mut rebuilt = Rebuilt::default();
            let mut left: BTreeMap<LessonId, Facts> =
                tx.all_kept(&of).await?.into_iter().map(|kept| (kept.facts.lesson, kept.facts)).collect();
            let mut all = Vec::new();
            for lesson in tx.over(&of, now).await? {
                let (before, after) = (left.remove(&lesson), anew(&mut *tx, &of, lesson, now).await?);
                if let Some(facts) = after.filter(|facts| before != Some(*facts)) {
                    tx.keep(&of, &facts).await?;
                    rebuilt.lessons_differed = rebuilt.lessons_differed.saturating_add(1);
                }
                match after {
                    Some(_) => tx.mark(&of, lesson, true).await?,
                    None => left.extend(before.map(|facts| (lesson, facts))),
                }
                all.extend(after);
            }
            for lesson in left.into_keys() {
                tx.forget(&of, lesson).await?;
                tx.mark(&of, lesson, false).await?;
                rebuilt.lessons_differed = rebuilt.lessons_differed.saturating_add(1);
            }
            rebuilt.lessons = u64::try_from(all.len()).unwrap_or(u64::MAX);
            let mut kept = by_key(Level::Lessons, &of, tx.sums(&kept_of_lessons(), &of).await?);
            kept.extend(by_key(Level::Institutions, &of, tx.sums(&kept_of_institution(), &of).await?));
            // Regions come when all institutions are right.
            rebuilt.compare(&kept, &sums_of(&of, &all)).write(&mut *tx).await?;
            rebuilt
        })
    }
}

/// What a lesson comes to, whatever is kept of it; what is kept for good counts as that.
async fn anew(
    connection: &mut impl Counting,
    of: &str,
    lesson: LessonId,
    now: Timestamp,
) -> Result<Option<Facts>, StoreError> {
    let key = lesson.to_string();
    let Some(record) = connection.record(of, &key).await? else { return Ok(None) };
    let kept = connection.kept(of, &key).await?;
    facts_of(connection, of, lesson, &record, kept.as_ref(), Anew::Whole(now)).await
}

/// An institution's sums, as its lessons have them.
fn sums_of(of: &str, lessons: &[Facts]) -> BTreeMap<LevelKey, Sums> {
    let text = str::to_owned;
    let rollup = Rollup::of(lessons);
    let mut sums: BTreeMap<LevelKey, Sums> = BTreeMap::new();
    for (key, added) in rollup.rows() {
        let words = vec![text(of), key.course.to_string(), key.group.to_string(), key.trainer.to_string()];
        sums.insert(LevelKey { level: Level::Lessons, key: words, day: key.day }, *added);
        for (span, day) in [("day", key.day), ("month", Per::Month.begin(key.day))] {
            let words = vec![text(of), text(span)];
            sums.entry(LevelKey { level: Level::Institutions, key: words, day }).or_default().add(added);
        }
    }
    sums
}

fn kept_of_lessons() -> String {
    format!(
        "SELECT course || ' ' || course_group || ' ' || trainer AS id, '' AS name, day, {} FROM lesson_sum \
         WHERE institution = $1",
        columns()
    )
}

pub(super) fn kept_of_institution() -> String {
    format!("SELECT span AS id, '' AS name, day, {} FROM institution_sum WHERE institution = $1", columns())
}

fn kept_of_regions() -> String {
    format!("SELECT region || ' ' || span AS id, '' AS name, day, {} FROM region_sum WHERE $1 = ''", columns())
}

/// What the sums of institutions come to by region.
fn of_regions() -> String {
    format!(
        "SELECT institution.region || ' ' || sums.span AS id, '' AS name, sums.day, {} FROM institution_sum AS sums \
         JOIN institution ON institution.id = sums.institution WHERE $1 = '' \
         GROUP BY institution.region, sums.span, sums.day",
        summed("sums")
    )
}

/// Rows by their keys: `id` holds the words of each that are not the institution's.
fn by_key(level: Level, of: &str, rows: Vec<SumsRow>) -> BTreeMap<LevelKey, Sums> {
    let key = |row: &SumsRow| {
        let whose = Some(of).filter(|of| !of.is_empty());
        whose.into_iter().chain(row.id.split(' ')).map(str::to_owned).collect()
    };
    rows.into_iter().map(|row| (LevelKey { level, key: key(&row), day: row.day }, row.sums)).collect()
}
