//! All that a report is made of.

use super::ledger;
use crate::attendance::Span;
use crate::attendance::ledger::{
    Correction, Header, Listed, PersonResult, Results, Seal, Verified, results, results_until,
};
use crate::http::acting::{Acting, Duty, Who};
use crate::http::problem::Refused;
use crate::ids::{InstitutionId, LessonId, ParticipantId, PersonId, RegionId};
use crate::protocol::{Phase, Role};
use crate::store::{LessonDeleted, LessonLedger, LessonPeople, Named, TimetableLesson};
use crate::time::Timestamp;
use crate::units::percent;
use std::collections::BTreeMap;

/// What is known of a lesson, for whoever asks.
pub struct Facts {
    pub lesson: TimetableLesson,
    pub institution: InstitutionId,
    pub institution_name: String,
    pub region: Named<RegionId>,
    /// When it was to be, as it was sealed.
    pub planned: Span,
    pub away_counts: bool,
    pub on_air: Vec<Span>,
    pub people: Vec<Somebody>,
    /// Who asks sees names.
    pub named: bool,
    pub sealed: Option<Verified>,
    /// The names of those who put something right, by their ids.
    pub authors: BTreeMap<PersonId, String>,
    /// When the record was deleted by the institution's rule: then nothing of it is here but what was planned.
    pub deleted_at: Option<Timestamp>,
}

/// Somebody of the lesson.
pub struct Somebody {
    pub listed: Listed,
    /// Absent where who asks does not see it, or it is not known any more.
    pub name: Option<String>,
    pub result: PersonResult,
    pub corrected: Option<Correction>,
}

impl Facts {
    /// Reads them from what was sealed or, before that, from the log.
    pub async fn read(acting: &Acting, lesson: LessonId) -> Result<Self, Refused> {
        let lesson = acting.store.timetable_lesson(lesson).await?.ok_or_else(Refused::no_record)?;
        let named = sees_names(acting, &lesson)?;
        let (institution_name, region) = acting.store.name_and_region().await?.ok_or_else(Refused::no_record)?;
        let LessonDeleted { room, attendance, .. } = acting.store.lesson_deleted(lesson.id).await?;
        let deleted_at = attendance.or(room);
        let Read { header, results, names, sealed } = match acting.store.lesson_ledger(&lesson).await? {
            Some(LessonLedger { verified, names }) => Read {
                header: verified.header.clone(),
                results: verified.results.clone(),
                names,
                sealed: Some(verified),
            },
            None if deleted_at.is_some() => deleted(acting, &lesson).await?,
            None => unsealed(acting, &lesson).await?,
        };
        let deleted_at = deleted_at.filter(|_| sealed.is_none());
        let Header { planned, away_counts, people, .. } = header;
        let corrections = sealed.as_ref().map_or(&[][..], |sealed| &sealed.corrections);
        let authors = if named { authors(acting, corrections).await? } else { BTreeMap::new() };
        let people = people.into_iter().zip(results.people).zip(names).map(|((listed, result), name)| {
            let corrected = corrections.iter().rev().find(|correction| correction.number == listed.number);
            Somebody { corrected: corrected.cloned(), name: name.filter(|_| named), listed, result }
        });
        let people = people.collect();
        let on_air = results.on_air;
        let institution = acting.institution;
        Ok(Self {
            lesson,
            institution,
            institution_name,
            region,
            planned,
            away_counts,
            on_air,
            people,
            named,
            sealed,
            authors,
            deleted_at,
        })
    }

    /// As [`Self::read`], of a lesson whose record is still there.
    ///
    /// # Errors
    /// [`crate::protocol::ErrorCode::RecordDeleted`] where it was deleted by the institution's rule.
    pub async fn whole(acting: &Acting, lesson: LessonId) -> Result<Self, Refused> {
        let facts = Self::read(acting, lesson).await?;
        facts.deleted_at.map_or(Ok(facts), |at| Err(ledger::deleted(at)))
    }

    /// Whether who asks may read a lesson's report at all.
    ///
    /// # Errors
    /// Where there is none for them.
    pub async fn may_be_read(acting: &Acting, lesson: LessonId) -> Result<(), Refused> {
        let lesson = acting.store.timetable_lesson(lesson).await?.ok_or_else(Refused::no_record)?;
        sees_names(acting, &lesson).map(|_| ())
    }

    /// The numbers that a lesson's report has for its people, by their places in the room.
    ///
    /// # Errors
    /// Where there is no report for who asks.
    pub async fn numbers(acting: &Acting, lesson: LessonId) -> Result<BTreeMap<ParticipantId, u32>, Refused> {
        let lesson = acting.store.timetable_lesson(lesson).await?.ok_or_else(Refused::no_record)?;
        sees_names(acting, &lesson)?;
        let people = match acting.store.lesson_ledger(&lesson).await? {
            Some(LessonLedger { verified, .. }) => verified.header.people.clone(),
            None => acting.store.lesson_people(&lesson).await?.header.people,
        };
        let places = people.iter().flat_map(|listed| listed.participants.iter().map(|place| (*place, listed.number)));
        Ok(places.collect())
    }

    /// What of the planned time is over at a time: all of it once the lesson is.
    pub fn planned_until(&self, now: Timestamp) -> Span {
        let is_over = matches!(self.lesson.phase, Phase::Ended { .. });
        let to = if is_over { self.planned.to } else { self.planned.to.min(now).max(self.planned.from) };
        Span { to, ..self.planned }
    }

    /// The rate of attendance of those who were expected together, in percent, at a time; `None` where there are none, or
    /// nothing of the lesson is over.
    pub fn rate_percent(&self, now: Timestamp) -> Option<f64> {
        let planned = self.planned_until(now);
        let whole = |us: i64| u64::try_from(us).unwrap_or(0);
        let expected = self.people.iter().filter(|one| one.is_expected());
        let (counted_us, expected_us) = expected.fold((0_u64, 0_u64), |(counted, expected), one| {
            let counted_us = one.counted_of_planned_us(planned, self.away_counts);
            (counted.saturating_add(whole(counted_us)), expected.saturating_add(whole(planned.length_us())))
        });
        percent(counted_us, expected_us)
    }

    /// For how long the lesson was on air, in microseconds.
    pub fn given_us(&self) -> i64 {
        self.on_air.iter().map(|span| span.length_us()).fold(0, i64::saturating_add)
    }

    pub fn started_at(&self) -> Option<Timestamp> {
        self.on_air.first().map(|span| span.from)
    }

    pub fn ended_at(&self) -> Option<Timestamp> {
        match self.lesson.phase {
            Phase::Ended { since } if self.deleted_at.is_some() => Some(since),
            Phase::Ended { .. } => self.on_air.last().map(|span| span.to),
            Phase::Planned | Phase::Live { .. } => None,
        }
    }

    /// How much later than planned it began.
    pub fn late_us(&self) -> i64 {
        self.started_at().map_or(0, |started| started.micros().saturating_sub(self.planned.from.micros()).max(0))
    }

    /// How many trainees were to be there.
    pub fn expected(&self) -> usize {
        self.people.iter().filter(|one| one.is_expected()).count()
    }

    /// The seal over all of it.
    pub fn seal(&self) -> Option<&Seal> {
        self.sealed.as_ref().and_then(|sealed| sealed.seals.last())
    }
}

impl Somebody {
    /// They are a trainee who was to be there.
    pub fn is_expected(&self) -> bool {
        self.listed.expected && self.listed.role == Role::Trainee
    }

    /// The rate of their attendance, in percent; `None` where nothing of the planned time is over.
    pub fn rate_percent(&self, planned: Span, away_counts: bool) -> Option<f64> {
        let whole = |us: i64| u64::try_from(us).unwrap_or(0);
        percent(whole(self.counted_of_planned_us(planned, away_counts)), whole(planned.length_us()))
    }

    fn counted_of_planned_us(&self, planned: Span, away_counts: bool) -> i64 {
        self.result.counted_of_planned_us(self.corrected.as_ref(), planned, away_counts)
    }

    /// What counts for them, in microseconds.
    pub fn counted_us(&self) -> i64 {
        self.corrected.as_ref().map_or(self.result.counted_us, |correction| correction.after_us)
    }
}

struct Read {
    header: Header,
    results: Results,
    names: Vec<Option<String>>,
    sealed: Option<Verified>,
}

/// What is left of a lesson whose record was deleted: what was planned.
async fn deleted(acting: &Acting, lesson: &TimetableLesson) -> Result<Read, Refused> {
    let LessonPeople { header, .. } = acting.store.lesson_people(lesson).await?;
    let header = Header { people: Vec::new(), ..header };
    let results = results(&header, &[]);
    Ok(Read { header, results, names: Vec::new(), sealed: None })
}

/// What the log says so far.
async fn unsealed(acting: &Acting, lesson: &TimetableLesson) -> Result<Read, Refused> {
    let LessonPeople { header, names } = acting.store.lesson_people(lesson).await?;
    let log = acting.store.whole_log(lesson.id).await?;
    let results = match lesson.phase {
        Phase::Live { .. } => results_until(&header, &log, acting.at),
        Phase::Planned | Phase::Ended { .. } => results(&header, &log),
    };
    Ok(Read { header, results, names, sealed: None })
}

/// Whether who asks sees who the people of a lesson are.
///
/// # Errors
/// Where the lesson is none that they may see: another trainer's.
fn sees_names(acting: &Acting, lesson: &TimetableLesson) -> Result<bool, Refused> {
    let Who::Person(member) = &acting.who else { return Ok(false) };
    let is_own = member.institution == acting.institution;
    let looks_after = Duty::Oversight.allows(member.roles, is_own);
    let gives = is_own && lesson.trainer.id == member.person;
    if !looks_after && !gives {
        return Err(Refused::no_record());
    }
    Ok(is_own || member.sees_names)
}

async fn authors(acting: &Acting, corrections: &[Correction]) -> Result<BTreeMap<PersonId, String>, Refused> {
    let mut names = BTreeMap::new();
    for correction in corrections {
        if !names.contains_key(&correction.author)
            && let Some(person) = acting.store.person(correction.author).await?
        {
            names.insert(correction.author, person.name);
        }
    }
    Ok(names)
}
