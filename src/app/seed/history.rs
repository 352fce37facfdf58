//! What became of the invented country's lessons that are over: by chance, and the same each time.
//!
//! Of some groups' last weeks everything is written that a server writes: who came when, what happened, how it was received
//! and what it took. Of the others only what reports keep of lessons whose records were deleted.

use super::country::{Country, Kind, LESSON_PLACES, MINUTE_US, WEEK_US, id, person_name, uuid};
use super::lessons::Planned;
use crate::ids::{CourseId, EventSeq, GroupId, LessonId, ParticipantId, PersonId, PublicationId};
use crate::protocol::{LeaveReason, LoggedEvent, ParticipantKind, Role, RoomEvent, Source};
use crate::quality::{self, LinkSums, Minute, Part, ParticipantMinute};
use crate::rollup::calendar::day_number;
use crate::rollup::{Facts, Given, Per, Reception, Sums, Tool, Tools};
use crate::schedule::Zone;
use crate::time::Timestamp;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Of how many lessons everything is written, and of how many weeks.
const DETAILED_MAX: u32 = 2_000;
const DETAILED_WEEKS: i64 = 4;

/// How many of a lesson's minutes were measured, and how far they are apart.
const MEASURED: i64 = 12;
const MEASURED_EVERY_US: i64 = 10 * MINUTE_US;

/// How many trainees were measured in each.
const MEASURED_TRAINEES: usize = 2;

/// What of a hundred packets is lost, where a lesson is received well, less well and badly.
const LOSSES: [u64; 3] = [0, 4, 14];

/// What became of a lesson.
pub(super) struct History {
    pub planned: Planned,
    pub fate: Fate,
}

pub(super) enum Fate {
    Cancelled,
    /// Nobody gave it.
    Missed,
    Given(Lesson),
}

/// How a lesson went.
pub(super) struct Lesson {
    pub began: i64,
    pub ended: i64,
    /// The trainer, and the trainees who came.
    stays: Vec<Stay>,
    expected: u32,
    tools: Tools,
    loss: usize,
}

/// Somebody's time in a lesson.
struct Stay {
    /// Of the lesson's places; the trainer's comes first.
    place: u32,
    person: (Kind, u32),
    /// Which of the country's people has their name.
    named: u32,
    joined: i64,
    left: i64,
    bytes: (i64, i64),
}

/// Chances that follow from a number (SplitMix64, Steele, Lea and Flood 2014).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound.max(1)
    }

    fn micros(&mut self, below: i64) -> i64 {
        i64::try_from(self.below(u64::try_from(below).unwrap_or(1))).unwrap_or_default()
    }
}

impl Country {
    /// What became of a lesson; `None` of one that is not over.
    pub(super) fn history(&self, number: u32) -> Option<History> {
        let planned = self.planned(number);
        if planned.ends_at > self.now.micros() {
            return None;
        }
        let mut chance = Chance(u64::from(number).wrapping_mul(0x2545_f491_4f6c_dd1d));
        let fate = match chance.below(100) {
            0..3 => Fate::Cancelled,
            3..5 => Fate::Missed,
            _ => Fate::Given(self.went(&planned, &mut chance)),
        };
        Some(History { planned, fate })
    }

    fn went(&self, planned: &Planned, chance: &mut Chance) -> Lesson {
        let late_us = if chance.below(5) == 0 { chance.micros(15 * MINUTE_US) } else { 0 };
        let began = planned.starts_at.saturating_add(late_us);
        let ended = planned.ends_at.saturating_sub(chance.micros(10 * MINUTE_US));
        let (joined, left) = (began, ended);
        let person = (Kind::Trainer, planned.group);
        let named = self.trainer_named(planned.group);
        let mut stays = vec![Stay { place: 0, person, named, joined, left, bytes: (2_000_000, 260_000_000) }];
        let trainees = self.trainees_of(planned.group);
        let expected = u32::try_from(trainees.len()).unwrap_or_default();
        // Some institutions do better than others, and some trainees hardly come.
        let comes = 72 + u64::from(planned.institution.wrapping_mul(37) % 24);
        for (place, trainee) in (1..).zip(trainees) {
            let comes = if trainee.is_multiple_of(17) { comes / 2 } else { comes };
            if chance.below(100) >= comes {
                continue;
            }
            let joined = began.saturating_add(chance.micros(12 * MINUTE_US));
            let left = ended.saturating_sub(chance.micros(8 * MINUTE_US));
            let bytes = (chance.micros(90_000_000) + 40_000_000, chance.micros(3_000_000));
            let person = (Kind::Trainee, trainee);
            stays.push(Stay { place, person, named: trainee, joined, left, bytes });
        }
        let mut tools = Tools::default();
        for (tool, percent) in Tool::ALL.into_iter().zip([88, 61, 74, 55, 40]) {
            let needs_trainees = !matches!(tool, Tool::Camera | Tool::Screen);
            if chance.below(100) < percent && (!needs_trainees || stays.len() > 1) {
                tools = tools.with(tool);
            }
        }
        let loss = usize::try_from(chance.below(10)).unwrap_or_default().saturating_sub(7);
        Lesson { began, ended, stays, expected, tools, loss }
    }

    /// Whether everything of a lesson is written.
    fn is_detailed(&self, planned: &Planned) -> bool {
        let weeks = u32::try_from(DETAILED_WEEKS).unwrap_or(1);
        let groups = (DETAILED_MAX / (weeks * 12)).max(1);
        planned.group < groups
            && planned.starts_at >= self.now.micros().saturating_sub(DETAILED_WEEKS.saturating_mul(WEEK_US))
    }

    /// A lesson that was given, where everything of it is written.
    fn detailed(&self, number: u32) -> Option<(Planned, Lesson)> {
        if !self.is_detailed(&self.planned(number)) {
            return None;
        }
        let History { planned, fate } = self.history(number)?;
        let Fate::Given(lesson) = fate else { return None };
        Some((planned, lesson))
    }

    /// How many events a lesson's log has.
    pub(super) fn last_seq(&self, number: u32) -> usize {
        self.detailed(number).map_or(0, |(_, lesson)| lesson.log(number).len())
    }

    /// The lines of a table that are about one lesson.
    pub(super) fn lines_of(&self, table: &str, number: u32) -> Vec<Value> {
        if table == "lesson_facts" {
            return self.facts_line(number).into_iter().collect();
        }
        let Some((planned, lesson)) = self.detailed(number) else { return Vec::new() };
        let (of, key) = (id(Kind::Institution, planned.institution), id(Kind::Lesson, number));
        let stays = || lesson.stays.iter().map(|stay| (stay, number * LESSON_PLACES + stay.place));
        match table {
            "invitation" => stays()
                .map(|(stay, place)| {
                    json!({
                        "id": id(Kind::Invitation, place), "institution": of, "lesson": key, "role": stay.role_word(),
                        "purpose": "join", "name": person_name(stay.named), "person": id(stay.person.0, stay.person.1),
                        // Of no secret that anybody could know.
                        "secret_hash": format!("{place:064x}"), "expires_at": planned.ends_at,
                        "created_at": planned.starts_at,
                    })
                })
                .collect(),
            "place" => stays()
                .map(|(stay, place)| {
                    json!({
                        "participant": id(Kind::Place, place), "institution": of, "lesson": key,
                        "invitation": id(Kind::Invitation, place), "role": stay.role_word(), "kind": "person",
                        "name": person_name(stay.named), "person": id(stay.person.0, stay.person.1), "bytes_down": stay.bytes.0,
                        "bytes_up": stay.bytes.1,
                    })
                })
                .collect(),
            "attendance" => stays()
                .map(|(stay, _)| {
                    json!({
                        "institution": of, "lesson": key, "person": id(stay.person.0, stay.person.1),
                        "present_us": stay.left - stay.joined, "first_at": stay.joined, "last_at": stay.left,
                    })
                })
                .collect(),
            "room_event" => {
                let event = |entry: &LoggedEvent| {
                    let text = serde_json::to_string(&entry.event).unwrap_or_default();
                    json!({
                        "institution": of, "lesson": key, "seq": entry.seq.0, "at": entry.at.micros(), "event": text,
                    })
                };
                lesson.log(number).iter().map(event).collect()
            }
            "quality_minute" => {
                (0..MEASURED).map(|turn| minute_line(&of, &key, &lesson.minute(number, turn))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What a lesson that is over comes to.
    pub(super) fn facts(&self, number: u32) -> Option<Facts> {
        static ZONE: LazyLock<Zone> =
            LazyLock::new(|| Zone::parse(super::country::ZONE).unwrap_or_else(|_| Zone::utc()));
        let History { planned, fate } = self.history(number)?;
        Some(Facts {
            lesson: LessonId(uuid(Kind::Lesson, number)),
            day: day_number(ZONE.wall(Timestamp(planned.starts_at)).date()),
            course: CourseId(uuid(Kind::Course, planned.course)),
            group: GroupId(uuid(Kind::Group, planned.group)),
            trainer: PersonId(uuid(Kind::Trainer, planned.group)),
            is_cancelled: matches!(fate, Fate::Cancelled),
            planned_us: whole(planned.ends_at - planned.starts_at),
            given: match fate {
                Fate::Given(lesson) => Some(lesson.given(&planned)),
                Fate::Cancelled | Fate::Missed => None,
            },
        })
    }

    fn facts_line(&self, number: u32) -> Option<Value> {
        let facts = self.facts(number)?;
        let planned = self.planned(number);
        let given = facts.given.unwrap_or_default();
        Some(json!({
            "institution": id(Kind::Institution, planned.institution), "lesson": facts.lesson, "day": facts.day,
            "course": facts.course, "course_group": facts.group, "trainer": facts.trainer,
            "cancelled": facts.is_cancelled, "planned_us": facts.planned_us, "given": facts.given.is_some(),
            "given_us": given.us, "late_us": given.late_us, "expected": given.expected, "came": given.came,
            "present_us": given.present_us, "bytes": given.bytes, "speech_minutes": given.speech.minutes,
            "speech_tenths": given.speech.tenths, "picture_minutes": given.picture.minutes,
            "picture_tenths": given.picture.tenths, "tools": given.tools.bits(),
            "kept": facts.given.is_some() && !self.is_detailed(&planned),
        }))
    }
}

impl Stay {
    fn role_word(&self) -> &'static str {
        if self.place == 0 { "trainer" } else { "trainee" }
    }

    fn participant(&self, number: u32) -> ParticipantId {
        ParticipantId(uuid(Kind::Place, number * LESSON_PLACES + self.place))
    }
}

impl Lesson {
    fn log(&self, number: u32) -> Vec<LoggedEvent> {
        let mut events = vec![(self.began, RoomEvent::LessonStarted {})];
        for stay in &self.stays {
            let participant = stay.participant(number);
            let role = if stay.place == 0 { Role::Trainer } else { Role::Trainee };
            let (name, kind) = (person_name(stay.named), ParticipantKind::Person);
            events.push((stay.joined, RoomEvent::Joined { participant, name, role, kind }));
            let since = Timestamp(stay.left);
            events.push((stay.left, RoomEvent::Left { participant, reason: LeaveReason::Left, since }));
        }
        let middle = self.began + (self.ended - self.began) / 2;
        let used = Tool::ALL.into_iter().filter(|tool| self.tools.has(*tool));
        events.extend(used.filter_map(|tool| Some((middle, self.use_of(tool, number)?))));
        events.push((self.ended, RoomEvent::LessonEnded {}));
        events.sort_by_key(|(at, _)| *at);
        let numbered = (1..).zip(events);
        numbered.map(|(seq, (at, event))| LoggedEvent { seq: EventSeq(seq), at: Timestamp(at), event }).collect()
    }

    fn use_of(&self, tool: Tool, number: u32) -> Option<RoomEvent> {
        let by = self.stays.first()?.participant(number);
        let trainee = self.stays.get(1).map(|stay| stay.participant(number));
        let shown = |publication, source| RoomEvent::PublicationStarted {
            publication: PublicationId(publication),
            participant: by,
            source,
        };
        Some(match tool {
            Tool::Camera => shown(1, Source::Camera),
            Tool::Screen => shown(2, Source::Screen),
            Tool::Chat => RoomEvent::Said { participant: trainee?, text: "نعم أستاذة".into() },
            Tool::Hands => RoomEvent::HandRaised { participant: trainee? },
            Tool::Floor => RoomEvent::FloorGiven { participant: trainee?, by },
        })
    }

    fn minute(&self, number: u32, turn: i64) -> Minute {
        let at = Minute::begin(Timestamp(self.began + turn * MEASURED_EVERY_US));
        let measured = self.stays.iter().skip(1).take(MEASURED_TRAINEES);
        let lost_percent = LOSSES.get(self.loss).copied().unwrap_or_default();
        Minute { at, participants: measured.map(|stay| measured_of(stay.participant(number), lost_percent)).collect() }
    }

    fn given(&self, planned: &Planned) -> Given {
        // Scores follow from what is lost.
        static SCORES: LazyLock<[(Reception, Reception); LOSSES.len()]> = LazyLock::new(|| LOSSES.map(scores));
        let trainees = || self.stays.iter().skip(1);
        let is_measured = self.stays.len() > 1;
        let (speech, picture) = SCORES.get(self.loss).copied().filter(|_| is_measured).unwrap_or_default();
        Given {
            us: whole(self.ended - self.began),
            late_us: whole(self.began - planned.starts_at),
            expected: self.expected,
            came: u32::try_from(trainees().count()).unwrap_or_default(),
            present_us: trainees().map(|stay| whole(stay.left - stay.joined)).sum(),
            bytes: self.stays.iter().map(|stay| whole(stay.bytes.0 + stay.bytes.1)).sum(),
            speech,
            picture,
            tools: self.tools,
        }
    }
}

/// The line of a lesson's minute.
pub fn minute_line(institution: &str, lesson: &str, minute: &Minute) -> Value {
    let review = quality::minute(minute);
    json!({
        "institution": institution, "lesson": lesson, "minute": minute.at.micros(),
        "figures": serde_json::to_string(minute).unwrap_or_default(),
        "speech": review.speech.map(quality::Score::tenths), "picture": review.picture.map(quality::Score::tenths),
    })
}

/// A trainee's minute in which so many of a hundred packets were lost on their way down.
pub fn measured_of(participant: ParticipantId, lost_percent: u64) -> ParticipantMinute {
    let down = LinkSums { packets: 6_000, lost_hundredths: 6_000 * lost_percent, kbits: 24_000, jitter_ms: 9 };
    ParticipantMinute {
        seconds: 60,
        down,
        round_trip_ms: 60 * 70,
        round_trips: 60,
        picture_seconds: 60,
        ..ParticipantMinute::new(participant, Part::Trainee)
    }
}

/// What a lesson's minutes come to, in speech and picture.
fn scores(lost_percent: u64) -> (Reception, Reception) {
    let one = measured_of(ParticipantId(uuid(Kind::Place, 0)), lost_percent);
    let review = quality::minute(&Minute { at: Timestamp(0), participants: vec![one] });
    let minutes = u32::try_from(MEASURED).unwrap_or_default();
    let reception = |score: Option<quality::Score>| {
        score.map_or(Reception::default(), |score| Reception {
            minutes,
            tenths: u64::from(score.tenths()) * u64::from(minutes),
        })
    };
    (reception(review.speech), reception(review.picture))
}

/// The sums of institutions and regions, by their numbers, spans and days.
#[derive(Default)]
pub(super) struct Totals {
    institutions: BTreeMap<(u32, &'static str, i32), Sums>,
    regions: BTreeMap<(u32, &'static str, i32), Sums>,
}

impl Totals {
    pub fn add(&mut self, institution: u32, region: u32, day: i32, sums: &Sums) {
        for (span, day) in [("day", day), ("month", Per::Month.begin(day))] {
            self.institutions.entry((institution, span, day)).or_default().add(sums);
            self.regions.entry((region, span, day)).or_default().add(sums);
        }
    }

    /// The lines of one of their tables, the last first.
    pub fn lines(&mut self, table: &str) -> Vec<Value> {
        let (column, kind, sums) = match table {
            "institution_sum" => ("institution", Kind::Institution, std::mem::take(&mut self.institutions)),
            _ => ("region", Kind::Region, std::mem::take(&mut self.regions)),
        };
        let line = |((number, span, day), sums): ((u32, &str, i32), Sums)| {
            let mut line = columns_of(&sums);
            line.insert(column.into(), id(kind, number).into());
            line.insert("span".into(), span.into());
            line.insert("day".into(), day.into());
            Value::Object(line)
        };
        sums.into_iter().map(line).collect()
    }
}

/// The columns of sums.
pub(super) fn columns_of(sums: &Sums) -> Map<String, Value> {
    Sums::NAMES.into_iter().zip(sums.values()).map(|(name, value)| (name.to_owned(), value.into())).collect()
}

/// No less than nothing.
fn whole(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
