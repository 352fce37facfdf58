//! The invented country's lessons: when they are, and what those that are over came to.

use super::country::{Country, DAY_US, GROUP_TRAINEES, HOUR_US, Kind, MINUTE_US, WEEK_US, course, id, uuid};
use super::history::{Fate, History, columns_of};
use crate::ids::{InstitutionId, LessonId};
use crate::rollup::Sums;
use crate::time::Timestamp;
use serde_json::{Map, Value, json};

/// How many lessons a group has in a week: two on each of six days.
const WEEK_LESSONS: u32 = 12;

/// When a day's lessons start, by UTC: 8:00 and 10:30 in the morning of a zone an hour ahead.
const STARTS: [i64; 2] = [7 * HOUR_US, 9 * HOUR_US + 30 * MINUTE_US];

const LESSON_US: i64 = 2 * HOUR_US;

/// 1970-01-05, a Monday.
const FIRST_MONDAY_US: i64 = 4 * DAY_US;

/// A lesson as it was planned; whoever and whatever it is of, by their numbers.
pub(super) struct Planned {
    pub group: u32,
    pub institution: u32,
    pub course: u32,
    pub starts_at: i64,
    pub ends_at: i64,
}

impl Country {
    /// Each group's lessons fill its weeks, most of them before this one.
    pub(super) fn planned(&self, number: u32) -> Planned {
        let group = number % self.groups();
        let turn = number / self.groups();
        let weeks = i64::from(self.size.lessons.div_ceil(self.groups()).div_ceil(WEEK_LESSONS));
        let week = i64::from(turn / WEEK_LESSONS);
        let this_monday = self.now.micros() - (self.now.micros() - FIRST_MONDAY_US).rem_euclid(WEEK_US);
        let of_week = turn % WEEK_LESSONS;
        let start = STARTS.get(usize::try_from(of_week % 2).unwrap_or(0)).copied().unwrap_or_default();
        let starts_at = this_monday + (week - weeks * 2 / 3) * WEEK_US + i64::from(of_week / 2) * DAY_US + start;
        Planned {
            group,
            institution: self.institution_of_group(group),
            course: self.course_of_group(group),
            starts_at,
            ends_at: starts_at + LESSON_US,
        }
    }

    pub(super) fn lesson(&self, number: u32) -> Value {
        let Planned { group, institution, course: of, starts_at, ends_at } = self.planned(number);
        let turn = number / self.groups();
        let (.., titles) = course(of);
        let title = titles.get(usize::try_from(turn / 3 % 4).unwrap_or(0)).copied().unwrap_or_default();
        let history = self.history(number);
        let (ended_at, cancelled_at) = match &history {
            Some(History { fate: Fate::Given(lesson), .. }) => (Some(lesson.ended), None),
            Some(History { fate: Fate::Cancelled, .. }) => (None, Some(starts_at - DAY_US)),
            Some(History { fate: Fate::Missed, .. }) | None => (None, None),
        };
        json!({
            "id": id(Kind::Lesson, number), "institution": id(Kind::Institution, institution),
            "course_group": id(Kind::Group, group), "trainer": id(Kind::Trainer, group), "title": title,
            "starts_at": starts_at, "ends_at": ends_at,
            "phase": if ended_at.is_some() { "ended" } else { "planned" }, "phase_since": ended_at,
            "last_seq": self.last_seq(number), "settled_at": ended_at, "cancelled_at": cancelled_at,
            "counted": history.is_some(), "changed_at": self.now.micros() - 20 * WEEK_US,
        })
    }

    /// What a group's two lessons of one day came to, where they are over.
    pub(super) fn sums(&mut self, number: u32) -> Option<Value> {
        let (group, pair) = (number % self.groups(), number / self.groups());
        let mut found: Option<(i32, Sums)> = None;
        for turn in [pair * 2, pair * 2 + 1] {
            let lesson = turn * self.groups() + group;
            let Some(facts) = Some(lesson).filter(|lesson| *lesson < self.size.lessons).and_then(|it| self.facts(it))
            else {
                continue;
            };
            let (_, sums) = found.get_or_insert((facts.day, Sums::default()));
            sums.add(&Sums::of(&facts));
        }
        let (day, sums) = found?;
        let institution = self.institution_of_group(group);
        self.totals.add(institution, institution % self.regions(), day, &sums);
        let mut line = columns_of(&sums);
        line.insert("institution".into(), id(Kind::Institution, institution).into());
        line.insert("day".into(), day.into());
        line.insert("course".into(), id(Kind::Course, self.course_of_group(group)).into());
        line.insert("course_group".into(), id(Kind::Group, group).into());
        line.insert("trainer".into(), id(Kind::Trainer, group).into());
        Some(Value::Object(line))
    }

    /// Which number a trainer's name follows from.
    pub(super) fn trainer_named(&self, group: u32) -> u32 {
        self.size.trainees.saturating_add(group)
    }

    /// The numbers of a group's trainees.
    pub(super) fn trainees_of(&self, group: u32) -> std::ops::Range<u32> {
        let first = group.saturating_mul(GROUP_TRAINEES);
        first..first.saturating_add(GROUP_TRAINEES).min(self.size.trainees)
    }

    /// A group's lesson at other times than its week's.
    pub fn lesson_around(
        &self,
        number: u32,
        group: u32,
        starts_at: Timestamp,
        ends_at: Timestamp,
    ) -> (LessonId, InstitutionId, Map<String, Value>) {
        let (lesson, of) = (uuid(Kind::Lesson, number), uuid(Kind::Institution, self.institution_of_group(group)));
        let (.., titles) = course(self.course_of_group(group));
        let title = titles.get(usize::try_from(group / 3 % 4).unwrap_or(0)).copied().unwrap_or_default();
        let row = json!({
            "id": lesson, "institution": of, "course_group": id(Kind::Group, group), "trainer": id(Kind::Trainer, group),
            "title": title, "starts_at": starts_at.micros(), "ends_at": ends_at.micros(), "phase": "planned",
            "last_seq": 0, "changed_at": starts_at.micros(),
        });
        let row = match row {
            Value::Object(columns) => columns,
            _ => Map::new(),
        };
        (LessonId(lesson), InstitutionId(of), row)
    }
}
