//! The facts of one lesson, from all that is kept of it.

use super::connection::{AttendedRow, Counting, FiguresRow, RecordRow};
use crate::attendance::Span;
use crate::attendance::ledger::{Verified, verify};
use crate::ids::LessonId;
use crate::protocol::Role;
use crate::rollup::calendar::day_number;
use crate::rollup::{Facts, Given, Reception};
use crate::schedule::Zone;
use crate::store::records::StoreError;
use crate::store::rows::id;
use crate::time::Timestamp;

/// What is worked out of a lesson that is counted already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Anew {
    /// All of it, as of this time.
    Whole(Timestamp),
    /// What was sent and how it was received: who was there when is as it was.
    Figures,
}

/// Facts as they are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Kept {
    pub facts: Facts,
    /// What they follow from is not there any more.
    pub for_good: bool,
}

impl RecordRow {
    /// Whether a lesson counts: it was settled, or its planned end has passed and its room was never open.
    pub fn counts(&self, now: Timestamp) -> bool {
        let has_no_log = self.phase != "live" && self.last_seq == 0;
        self.settled_at.is_some() || (self.ends_at <= now.micros() && (self.phase == "planned" || has_no_log))
    }

    fn planned(&self) -> Span {
        Span { from: Timestamp(self.starts_at), to: Timestamp(self.ends_at) }
    }

    /// What the record alone says.
    fn facts(&self, lesson: LessonId) -> Result<Facts, StoreError> {
        let zone = Zone::parse(&self.time_zone)
            .map_err(|_| StoreError::Unreadable(format!("the time zone {:?}", self.time_zone)))?;
        Ok(Facts {
            lesson,
            day: day_number(zone.wall(Timestamp(self.starts_at)).date()),
            course: id(&self.course)?,
            group: id(&self.course_group)?,
            trainer: id(&self.trainer)?,
            is_cancelled: self.is_cancelled,
            planned_us: length(self.planned()),
            given: None,
        })
    }
}

/// What a lesson comes to now; `None` where it does not count.
pub(super) async fn facts_of(
    connection: &mut impl Counting,
    of: &str,
    lesson: LessonId,
    record: &RecordRow,
    kept: Option<&Kept>,
    anew: Anew,
) -> Result<Option<Facts>, StoreError> {
    if let Anew::Whole(now) = anew
        && !record.counts(now)
    {
        return Ok(None);
    }
    let planned = record.facts(lesson)?;
    if record.is_cancelled || record.phase != "ended" {
        return Ok(Some(planned));
    }
    let before = kept.and_then(|kept| kept.facts.given);
    if kept.is_some_and(|kept| kept.for_good) {
        return Ok(Some(Facts { given: before, ..planned }));
    }
    let key = lesson.to_string();
    let people = match before.filter(|_| anew == Anew::Figures) {
        Some(given) => Some(given),
        None => match sealed(connection, of, &key).await? {
            Some(verified) => from_ledger(&verified),
            None => from_records(connection, of, &key, record).await?,
        },
    };
    let Some(people) = people else { return Ok(Some(planned)) };
    let FiguresRow { bytes, speech_minutes, speech_tenths, picture_minutes, picture_tenths } =
        connection.figures(of, &key).await?;
    let given = Given {
        bytes: whole(bytes),
        speech: reception(speech_minutes, speech_tenths),
        picture: reception(picture_minutes, picture_tenths),
        tools: connection.tools(of, &key).await?,
        ..people
    };
    Ok(Some(Facts { given: Some(given), ..planned }))
}

/// What was sealed of a lesson. A ledger that does not verify says nothing; `qism attendance verify` says why.
async fn sealed(connection: &mut impl Counting, of: &str, lesson: &str) -> Result<Option<Verified>, StoreError> {
    let parts = connection.ledger(of, lesson).await?;
    Ok(if parts.is_empty() { None } else { verify(parts.concat().as_bytes(), &[]).ok() })
}

/// Who was there when, as it was sealed and put right; `None` where the lesson was never on air.
fn from_ledger(verified: &Verified) -> Option<Given> {
    let header = &verified.header;
    let mut given = on_air(&verified.results.on_air, header.planned)?;
    for (listed, result) in header.people.iter().zip(&verified.results.people) {
        if !listed.expected || listed.role != Role::Trainee {
            continue;
        }
        let corrected = verified.corrections.iter().rev().find(|correction| correction.number == listed.number);
        let counted_us = result.counted_of_planned_us(corrected, header.planned, header.away_counts);
        let came = corrected.map_or(result.first_at.is_some(), |correction| correction.after_us > 0);
        given.expected = given.expected.saturating_add(1);
        given.came = given.came.saturating_add(came.into());
        given.present_us = given.present_us.saturating_add(whole(counted_us));
    }
    Some(given)
}

/// The same of a lesson that was never sealed: from its log, and the attendance of those who are in its group.
async fn from_records(
    connection: &mut impl Counting,
    of: &str,
    lesson: &str,
    record: &RecordRow,
) -> Result<Option<Given>, StoreError> {
    let ended_at = record.phase_since.unwrap_or(record.ends_at).max(record.starts_at);
    let spans = match record.last_seq {
        // It was given elsewhere, and nothing more is known.
        0 => vec![Span { from: Timestamp(record.starts_at), to: Timestamp(ended_at) }],
        _ => spans(&connection.turns(of, lesson).await?, Timestamp(ended_at)),
    };
    let Some(given) = on_air(&spans, record.planned()) else { return Ok(None) };
    let AttendedRow { expected, came, present_us } = connection.attended(of, lesson, record).await?;
    let people = |count: i64| u32::try_from(count).unwrap_or_default();
    Ok(Some(Given { expected: people(expected), came: people(came), present_us: whole(present_us), ..given }))
}

/// The times on air, from when a lesson began and ended.
fn spans(turns: &[(i64, bool)], ended_at: Timestamp) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut since = None;
    for &(at, begins) in turns {
        match (begins, since) {
            (true, None) => since = Some(Timestamp(at)),
            (false, Some(from)) => {
                spans.push(Span { from, to: Timestamp(at) });
                since = None;
            }
            _ => {}
        }
    }
    spans.extend(since.map(|from| Span { from, to: ended_at.max(from) }));
    spans
}

fn on_air(spans: &[Span], planned: Span) -> Option<Given> {
    let began = spans.first()?.from;
    Some(Given {
        us: spans.iter().map(|span| length(*span)).fold(0, u64::saturating_add),
        late_us: whole(began.micros().saturating_sub(planned.from.micros())),
        ..Given::default()
    })
}

fn reception(minutes: i64, tenths: i64) -> Reception {
    Reception { minutes: u32::try_from(minutes).unwrap_or(u32::MAX), tenths: whole(tenths) }
}

fn length(span: Span) -> u64 {
    whole(span.length_us())
}

/// No less than nothing.
fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
