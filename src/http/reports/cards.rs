//! Reports as answers have them.

use super::facts::{Facts, Somebody};
use crate::attendance::ledger::Correction;
use crate::attendance::{Spell, SpellKind};
use crate::protocol::{Phase, Role};
use crate::store::Named;
use crate::time::Timestamp;
use serde::Serialize;
use std::fmt::Display;
use utoipa::ToSchema;

/// A record that a report refers to.
#[derive(Serialize, ToSchema)]
pub struct ReportReference {
    id: String,
    name: String,
}

/// A course that a report refers to.
#[derive(Serialize, ToSchema)]
pub struct ReportCourse {
    id: String,
    title: String,
}

/// The lesson that a report is about.
#[derive(Serialize, ToSchema)]
pub struct ReportLesson {
    id: String,
    title: String,
    course: ReportCourse,
    group: ReportReference,
    trainer: ReportTrainer,
    institution: ReportReference,
    region: Option<ReportReference>,
    /// When it was to be, in microseconds since 1970-01-01T00:00:00Z.
    starts_at: i64,
    ends_at: i64,
    /// IANA name.
    time_zone: String,
    /// `planned`, `live` or `ended`.
    #[schema(value_type = String)]
    phase: &'static str,
    /// When it went on air, and off it for good.
    started_at: Option<i64>,
    ended_at: Option<i64>,
    improvised: bool,
    cancelled_at: Option<i64>,
}

/// Who gives a lesson; without id and name for those who see no names.
#[derive(Serialize, ToSchema)]
pub struct ReportTrainer {
    id: Option<String>,
    name: Option<String>,
}

/// A stretch of time in which somebody was there in one way.
#[derive(Serialize, ToSchema)]
pub struct SpellCard {
    /// `present`, `away` (the page was out of sight) or `dropped` (the connection was lost).
    #[schema(value_type = String)]
    kind: &'static str,
    /// In microseconds since 1970-01-01T00:00:00Z.
    from: i64,
    to: i64,
}

/// What was put right of somebody's attendance.
#[derive(Serialize, ToSchema)]
pub struct CorrectedCard {
    /// What counts for them in all, in microseconds, in place of what was worked out.
    present_us: i64,
    /// Why, and the name of who did it; absent for those who see no names.
    reason: Option<String>,
    author: Option<String>,
    at: i64,
}

/// Somebody of a lesson: who was there, or was expected.
#[derive(Serialize, ToSchema)]
pub struct ReportPerson {
    /// Absent for those who see no names, and of who came by a link.
    person: Option<String>,
    name: Option<String>,
    /// From 1 up; once the lesson is sealed it is theirs for good.
    number: u32,
    /// `trainer` or `trainee`.
    #[schema(value_type = String)]
    role: &'static str,
    /// They belonged to the group when the lesson was to begin.
    expected: bool,
    /// With how many browsers they came; none where they did not.
    devices: usize,
    /// In order, apart from each other.
    spells: Vec<SpellCard>,
    /// These are in microseconds.
    present_us: i64,
    away_us: i64,
    dropped_us: i64,
    /// How much of `present_us` was within the planned time.
    planned_present_us: i64,
    /// How often their connection was lost.
    drops: u32,
    first_at: Option<i64>,
    last_at: Option<i64>,
    /// What counts: `present_us`, with `away_us` where the institution counts that; or what it was corrected to.
    counted_us: i64,
    /// The rate of their attendance, in percent: how much of the planned time they were there by the institution's rule, or
    /// what that was corrected to; of a lesson on air so far. Absent where it is still to come.
    rate_percent: Option<f64>,
    corrected: Option<CorrectedCard>,
}

/// The seal over a report.
#[derive(Serialize, ToSchema)]
pub struct SealCard {
    /// SHA-256, in hexadecimal: what `/api/ledgers/{hash}` knows it by.
    hash: String,
    /// The name of the key.
    key: String,
    /// Ed25519, in hexadecimal.
    public_key: String,
    at: i64,
    /// How many events of the room's log are in the ledger.
    events: usize,
    corrections: usize,
}

/// What happened in a lesson and who was there.
#[derive(Serialize, ToSchema)]
pub struct ReportCard {
    lesson: ReportLesson,
    /// Whether time with the page out of sight counts, by the institution's rule.
    away_counts: bool,
    /// For how long the lesson was on air, in microseconds.
    given_us: i64,
    /// How much later than planned it began.
    late_us: i64,
    /// How many trainees belonged to the group.
    expected: usize,
    /// The rate of their attendance together, in percent; absent where there are none, or the lesson is still to come.
    rate_percent: Option<f64>,
    /// Whether people have names here.
    named: bool,
    /// The trainer first; then who has an account, then who came by a link.
    people: Vec<ReportPerson>,
    /// Absent until the lesson is over and sealed.
    seal: Option<SealCard>,
    /// When the record was deleted by the institution's rule of how long it is kept: no times and nobody are here then.
    deleted_at: Option<i64>,
}

impl ReportCard {
    /// What is known of a lesson at a time.
    pub fn of(facts: Facts, now: Timestamp) -> Self {
        let seal = facts.seal().zip(facts.sealed.as_ref()).map(|(seal, sealed)| SealCard {
            hash: seal.hash.to_string(),
            key: seal.key.to_string(),
            public_key: seal.public_key.to_string(),
            at: seal.at.micros(),
            events: sealed.events,
            corrections: sealed.corrections.len(),
        });
        Self {
            lesson: lesson_of(&facts),
            away_counts: facts.away_counts,
            given_us: facts.given_us(),
            late_us: facts.late_us(),
            expected: facts.expected(),
            rate_percent: facts.rate_percent(now),
            named: facts.named,
            people: facts.people.iter().map(|one| person_of(one, &facts, now)).collect(),
            seal,
            deleted_at: facts.deleted_at.map(Timestamp::micros),
        }
    }
}

fn lesson_of(facts: &Facts) -> ReportLesson {
    let lesson = &facts.lesson;
    let trainer = Some(&lesson.trainer).filter(|_| facts.named);
    ReportLesson {
        id: lesson.id.to_string(),
        title: lesson.title.clone(),
        course: ReportCourse { id: lesson.course.id.to_string(), title: lesson.course.name.clone() },
        group: reference(&lesson.group),
        trainer: ReportTrainer {
            id: trainer.map(|trainer| trainer.id.to_string()),
            name: trainer.map(|trainer| trainer.name.clone()),
        },
        institution: ReportReference { id: facts.institution.to_string(), name: facts.institution_name.clone() },
        region: Some(reference(&facts.region)),
        starts_at: facts.planned.from.micros(),
        ends_at: facts.planned.to.micros(),
        time_zone: lesson.zone.name().to_owned(),
        phase: match lesson.phase {
            Phase::Planned => "planned",
            Phase::Live { .. } => "live",
            Phase::Ended { .. } => "ended",
        },
        started_at: facts.started_at().map(Timestamp::micros),
        ended_at: facts.ended_at().map(Timestamp::micros),
        improvised: lesson.improvised,
        cancelled_at: lesson.cancelled_at.map(Timestamp::micros),
    }
}

fn person_of(one: &Somebody, facts: &Facts, now: Timestamp) -> ReportPerson {
    let result = &one.result;
    ReportPerson {
        person: one.listed.person.filter(|_| facts.named).map(|person| person.to_string()),
        name: one.name.clone(),
        number: one.listed.number,
        role: role_word(one.listed.role),
        expected: one.listed.expected,
        devices: one.listed.participants.len(),
        spells: result.spells.iter().map(spell).collect(),
        present_us: result.present_us,
        away_us: result.away_us,
        dropped_us: result.dropped_us,
        planned_present_us: result.planned_present_us,
        drops: result.drops,
        first_at: result.first_at.map(Timestamp::micros),
        last_at: result.last_at.map(Timestamp::micros),
        counted_us: one.counted_us(),
        rate_percent: one.rate_percent(facts.planned_until(now), facts.away_counts),
        corrected: one.corrected.as_ref().map(|correction| corrected(correction, facts)),
    }
}

fn corrected(correction: &Correction, facts: &Facts) -> CorrectedCard {
    CorrectedCard {
        present_us: correction.after_us,
        reason: facts.named.then(|| correction.reason.clone()),
        author: facts.authors.get(&correction.author).cloned(),
        at: correction.at.micros(),
    }
}

fn spell(spell: &Spell) -> SpellCard {
    let kind = match spell.kind {
        SpellKind::Present => "present",
        SpellKind::Away => "away",
        SpellKind::Dropped => "dropped",
    };
    SpellCard { kind, from: spell.from.micros(), to: spell.to.micros() }
}

fn role_word(role: Role) -> &'static str {
    match role {
        Role::Trainer => "trainer",
        Role::Trainee => "trainee",
        Role::Committee => "committee",
    }
}

fn reference<I: Display>(named: &Named<I>) -> ReportReference {
    ReportReference { id: named.id.to_string(), name: named.name.clone() }
}
