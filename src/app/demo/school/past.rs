//! What happened in the demo's lessons that are over: a log of each, as its room would have written it, from which the
//! server works out and seals attendance by itself.

use super::people::{TRAINEE, name_of, trainees};
use super::{hash_of, id, row};
use crate::app::seed::history::{measured_of, minute_line};
use crate::auth::Secret;
use crate::ids::{InstitutionId, ParticipantId, PublicationId};
use crate::protocol::{LeaveReason, ParticipantKind, Role, RoomEvent, Source};
use crate::quality::Minute;
use crate::time::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;

/// How many of a lesson's minutes were measured, how far they are apart, and of how many trainees.
const MEASURED: i64 = 12;
const MEASURED_EVERY: i64 = 7 * MINUTE;
const MEASURED_TRAINEES: usize = 3;

/// Every so many-th trainee comes to hardly more than half of the lessons.
const OFTEN_AWAY: u32 = 17;

/// A lesson that is over.
pub struct Past {
    /// Its number, of which its id is made.
    pub number: u32,
    pub institution: InstitutionId,
    pub trainer: u32,
    pub from: Timestamp,
    pub to: Timestamp,
    /// The trainee with a password is told what it cost: it was this week.
    pub is_recent: bool,
}

/// What a lesson left: records of places, of the invitations by which people came, of its log, and of how it was received.
#[derive(Default)]
pub struct Left {
    pub invitations: Vec<Map<String, Value>>,
    pub places: Vec<Map<String, Value>>,
    pub events: Vec<Map<String, Value>>,
    pub minutes: Vec<Map<String, Value>>,
}

impl Past {
    /// Adds what it left.
    pub fn write(&self, left: &mut Left, secrets: &Secret) {
        let mut log = Log { events: Vec::new() };
        let started = self.from.micros() + self.begins_late();
        let ended = self.to.micros() + (i64::from(self.chance(self.trainer, 2) % 360) - 180) * SECOND;
        let trainer = self.seat(left, secrets, self.trainer, Role::Trainer);
        log.joined(self.from.micros() - 4 * MINUTE, trainer, self.trainer, Role::Trainer);
        log.note(started, RoomEvent::LessonStarted {});
        let mut there = vec![trainer];
        for trainee in trainees(self.institution) {
            let stays_away = if trainee.is_multiple_of(OFTEN_AWAY) { 45 } else { 4 };
            if self.chance(trainee, 3) % 100 < stays_away && trainee != TRAINEE {
                continue;
            }
            let seat = self.seat(left, secrets, trainee, Role::Trainee);
            if self.attends(&mut log, trainee, seat, started, ended) {
                there.push(seat);
            }
        }
        self.use_tools(&mut log, &there, started);
        log.note(ended, RoomEvent::LessonEnded {});
        left.minutes.extend((0..MEASURED).map(|turn| self.minute(&there, started + turn * MEASURED_EVERY)));
        for participant in there {
            let since = Timestamp(ended);
            log.note(ended, RoomEvent::Left { participant, reason: LeaveReason::LessonEnded, since });
        }
        left.events.extend(log.rows(self));
    }

    /// How a trainee was there; tells whether they were to the end. Most are; a few come late, look elsewhere, lose their
    /// connection or leave early.
    fn attends(&self, log: &mut Log, trainee: u32, seat: ParticipantId, started: i64, ended: i64) -> bool {
        let chance = self.chance(trainee, 4);
        let late = if chance.is_multiple_of(6) { 5 + i64::from(chance % 17) } else { -(i64::from(chance % 5)) };
        let came = started + late * MINUTE + i64::from(chance % 53) * SECOND;
        log.joined(came, seat, trainee, Role::Trainee);
        let middle = came.max(started) + (ended - came.max(started)) / 3;
        let since = |at: i64| Timestamp(at - 4 * SECOND);
        match self.chance(trainee, 5) % 8 {
            0 => {
                log.note(middle, RoomEvent::PageHidden { participant: seat, since: Timestamp(middle) });
                let back = middle + i64::from(60 + chance % 500) * SECOND;
                log.note(back, RoomEvent::PageShown { participant: seat });
            }
            1 => {
                log.note(middle, RoomEvent::ConnectionLost { participant: seat, since: since(middle) });
                log.note(middle + 3 * SECOND, RoomEvent::Returned { participant: seat });
            }
            2 => {
                log.note(middle, RoomEvent::ConnectionLost { participant: seat, since: since(middle) });
                let gone = middle + 6 * SECOND;
                log.note(gone, RoomEvent::Left { participant: seat, reason: LeaveReason::Lost, since: since(middle) });
                log.joined(gone + i64::from(20 + chance % 240) * SECOND, seat, trainee, Role::Trainee);
            }
            _ => {}
        }
        let leaves = self.chance(trainee, 6).is_multiple_of(15) && trainee != TRAINEE;
        if leaves {
            let at = ended - i64::from(4 + chance % 20) * MINUTE;
            log.note(at, RoomEvent::Left { participant: seat, reason: LeaveReason::Left, since: Timestamp(at) });
        }
        !leaves
    }

    /// Most begin within the minute, some a few minutes late.
    fn begins_late(&self) -> i64 {
        let chance = self.chance(self.trainer, 1);
        let seconds = if chance.is_multiple_of(7) { 90 + chance % 400 } else { chance % 50 };
        i64::from(seconds) * SECOND
    }

    /// What those who were there to the end, the trainer first, did besides speaking.
    fn use_tools(&self, log: &mut Log, there: &[ParticipantId], started: i64) {
        let [trainer, trainee, ..] = *there else { return };
        let shown = |number, source| RoomEvent::PublicationStarted {
            publication: PublicationId(number),
            participant: trainer,
            source,
        };
        let uses = [
            (92, shown(1, Source::Camera)),
            (70, shown(2, Source::Screen)),
            (80, RoomEvent::Said { participant: trainee, text: "واضح، شكرا".into() }),
            (60, RoomEvent::HandRaised { participant: trainee }),
            (45, RoomEvent::FloorGiven { participant: trainee, by: trainer }),
        ];
        for (question, (percent, event)) in (20..).zip(uses) {
            if self.chance(self.trainer, question) % 100 < percent {
                log.note(started + (25 + i64::from(question)) * MINUTE, event);
            }
        }
    }

    /// How a minute was received: some lessons lose a little, in the middle of a few a lot was lost.
    fn minute(&self, there: &[ParticipantId], at: i64) -> Map<String, Value> {
        let chance = self.chance(self.trainer, 7) % 10;
        let is_middle = (25 * MINUTE..45 * MINUTE).contains(&(at - self.from.micros()));
        let lost_percent: u64 = match chance {
            0 if is_middle => 14,
            0..3 => 2,
            _ => 0,
        };
        let trainees = there.iter().skip(1).take(MEASURED_TRAINEES);
        let participants = trainees.map(|trainee| measured_of(*trainee, lost_percent)).collect();
        let minute = Minute { at: Minute::begin(Timestamp(at)), participants };
        row(minute_line(&self.institution.to_string(), &id(self.number).to_string(), &minute))
    }

    /// A number that is the same at each start, and another for each person and question.
    fn chance(&self, person: u32, question: u32) -> u32 {
        let mixed =
            self.number.wrapping_mul(2_654_435_761) ^ person.wrapping_mul(40_503) ^ question.wrapping_mul(97_003);
        (mixed ^ (mixed >> 15)).wrapping_mul(2_246_822_519) >> 7
    }

    /// Somebody's place in the lesson, and the invitation that stands for their part in it.
    fn seat(&self, left: &mut Left, secrets: &Secret, person: u32, role: Role) -> ParticipantId {
        // Demos of before have this trainee's place already.
        let seat = if person == TRAINEE { id(0x4000_0000 | self.number) } else { self.seat_id(person) };
        let (of, lesson, name) = (self.institution.to_string(), id(self.number).to_string(), name_of(person));
        let word = if role == Role::Trainer { "trainer" } else { "trainee" };
        let secret = hash_of(&secrets.derive(&format!("lesson/{seat}")));
        left.invitations.push(row(json!({
            "id": seat.to_string(), "institution": of, "lesson": lesson, "role": word, "purpose": "join",
            "name": name, "secret_hash": secret, "expires_at": self.to.micros(), "person": id(person).to_string(),
            "created_at": self.from.micros(),
        })));
        let spends = person != TRAINEE || self.is_recent;
        let down = if spends { 38_000_000 + i64::from(self.number % 7) * 4_000_000 } else { 0 };
        left.places.push(row(json!({
            "participant": seat.to_string(), "institution": of, "lesson": lesson, "invitation": seat.to_string(),
            "role": word, "kind": "person", "name": name, "person": id(person).to_string(),
            "bytes_down": down, "bytes_up": if spends { 2_400_000 } else { 0 },
        })));
        ParticipantId(seat)
    }

    /// Apart from all other ids of the demo: those end in 32 bits.
    fn seat_id(&self, person: u32) -> Uuid {
        let apart = u128::from(self.number) << 24 | u128::from(person & 0xFF_FFFF);
        Uuid::from_u128(id(0).as_u128() | apart)
    }
}

/// A log that is being written.
struct Log {
    events: Vec<(i64, RoomEvent)>,
}

impl Log {
    fn note(&mut self, at: i64, event: RoomEvent) {
        self.events.push((at, event));
    }

    fn joined(&mut self, at: i64, participant: ParticipantId, person: u32, role: Role) {
        let name = name_of(person);
        self.note(at, RoomEvent::Joined { participant, name, role, kind: ParticipantKind::Person });
    }

    /// In the order in which it happened.
    fn rows(mut self, of: &Past) -> Vec<Map<String, Value>> {
        self.events.sort_by_key(|(at, _)| *at);
        let rows = (1_u32..).zip(self.events).map(|(seq, (at, event))| {
            let event = serde_json::to_string(&event).unwrap_or_default();
            row(json!({
                "institution": of.institution.to_string(), "lesson": id(of.number).to_string(), "seq": seq, "at": at,
                "event": event,
            }))
        });
        rows.collect()
    }
}
