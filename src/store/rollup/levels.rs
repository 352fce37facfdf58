//! The levels of sums, and what counting lessons changes of them.

use super::connection::{Counting, column};
use crate::rollup::{Facts, Per, Sums};
use crate::store::records::StoreError;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Whose sums are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::store) enum Level {
    /// Of each course, group and trainer of an institution: of days.
    Lessons,
    /// Of an institution: of days and of months.
    Institutions,
    /// Of a region: of days and of months.
    Regions,
}

impl Level {
    const ALL: [Self; 3] = [Self::Lessons, Self::Institutions, Self::Regions];

    pub fn table(self) -> &'static str {
        match self {
            Self::Lessons => "lesson_sum",
            Self::Institutions => "institution_sum",
            Self::Regions => "region_sum",
        }
    }

    /// The columns of a key besides its day.
    pub fn key(self) -> &'static [&'static str] {
        match self {
            Self::Lessons => &["institution", "course", "course_group", "trainer"],
            Self::Institutions => &["institution", "span"],
            Self::Regions => &["region", "span"],
        }
    }

    fn number(self) -> usize {
        match self {
            Self::Lessons => 0,
            Self::Institutions => 1,
            Self::Regions => 2,
        }
    }

    /// Adds to one key's sums: the day, the rest of the key, and every number.
    pub fn add(self) -> &'static str {
        static SQL: LazyLock<[String; 3]> = LazyLock::new(|| Level::ALL.map(add_sql));
        SQL.get(self.number()).map_or("", String::as_str)
    }

    /// Takes a key away that no lesson is left of: the day, and the rest of the key.
    pub fn forget_empty(self) -> &'static str {
        static SQL: LazyLock<[String; 3]> = LazyLock::new(|| Level::ALL.map(forget_sql));
        SQL.get(self.number()).map_or("", String::as_str)
    }
}

fn add_sql(level: Level) -> String {
    let (table, key) = (level.table(), level.key().join(", "));
    let columns = Sums::NAMES.join(", ");
    let count = level.key().len() + Sums::NAMES.len() + 1;
    let places: Vec<String> = (1..=count).map(|place| format!("${place}")).collect();
    let sums = Sums::NAMES.map(|name| format!("{name} = {table}.{name} + excluded.{name}"));
    format!(
        "INSERT INTO {table} (day, {key}, {columns}) VALUES ({}) ON CONFLICT (day, {key}) DO UPDATE SET {}",
        places.join(", "),
        sums.join(", ")
    )
}

fn forget_sql(level: Level) -> String {
    let key: Vec<String> = (2..).zip(level.key()).map(|(place, column)| format!("{column} = ${place}")).collect();
    format!("DELETE FROM {} WHERE day = $1 AND {} AND planned = 0 AND cancelled = 0", level.table(), key.join(" AND "))
}

/// One key of one level. In their order, everybody changes them in the same: nobody waits in a circle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct LevelKey {
    pub level: Level,
    pub key: Vec<String>,
    pub day: i32,
}

/// The keys under which a lesson is added up.
pub(super) fn keys(of: &str, region: &str, facts: &Facts) -> [LevelKey; 5] {
    let text = str::to_owned;
    let month = Per::Month.begin(facts.day);
    let of_lessons = vec![text(of), facts.course.to_string(), facts.group.to_string(), facts.trainer.to_string()];
    let key = |level, key, day| LevelKey { level, key, day };
    [
        key(Level::Lessons, of_lessons, facts.day),
        key(Level::Institutions, vec![text(of), text("day")], facts.day),
        key(Level::Institutions, vec![text(of), text("month")], month),
        key(Level::Regions, vec![text(region), text("day")], facts.day),
        key(Level::Regions, vec![text(region), text("month")], month),
    ]
}

/// What is to be added to sums, and taken off.
#[derive(Default)]
pub(super) struct Difference {
    by: BTreeMap<LevelKey, [i64; Sums::NAMES.len()]>,
}

impl Difference {
    /// A lesson's facts were these, and are those.
    pub fn replace(&mut self, of: &str, region: &str, before: Option<&Facts>, after: Option<&Facts>) {
        if let Some(before) = before {
            self.change(keys(of, region, before), &Sums::of(before), i64::saturating_sub);
        }
        if let Some(after) = after {
            self.change(keys(of, region, after), &Sums::of(after), i64::saturating_add);
        }
    }

    /// Sums of a key go over to another, or away, or come.
    pub fn change(&mut self, keys: impl IntoIterator<Item = LevelKey>, sums: &Sums, with: fn(i64, i64) -> i64) {
        let numbers = sums.values().map(column);
        for key in keys {
            let by = self.by.entry(key).or_insert([0; Sums::NAMES.len()]);
            by.iter_mut().zip(numbers).for_each(|(ours, number)| *ours = with(*ours, number));
        }
    }

    /// Writes it; the last thing that a transaction does, so that what it holds of other tables keeps nobody waiting in
    /// a circle.
    pub async fn write(self, connection: &mut impl Counting) -> Result<(), StoreError> {
        for (LevelKey { level, key, day }, by) in &self.by {
            if by.iter().any(|number| *number != 0) {
                connection.add(*level, key, *day, by).await?;
            }
        }
        Ok(())
    }
}
