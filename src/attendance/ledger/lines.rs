//! The lines of a ledger. The order of fields is the order in which they are written.

use super::hex::Hex;
use super::key::{KeyName, PublicKey, SigningKey};
use crate::attendance::{Span, Spell};
use crate::ids::{CourseId, EventSeq, GroupId, InstitutionId, LessonId, ParticipantId, PersonId};
use crate::protocol::{Role, RoomEvent};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// The version of the format; it also names the way in which results follow from events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    #[default]
    #[serde(rename = "qism-ledger/1")]
    V1,
}

/// Any line, by its field `line`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "line", rename_all = "snake_case")]
pub(super) enum Line {
    Header(Header),
    Event(EventLine),
    Results(Results),
    Correction(Correction),
    Seal(Seal),
}

impl Line {
    /// As it is written, with the end of the line.
    pub(super) fn text(&self) -> String {
        // Nothing of it can fail: no maps with keys that are no text, no numbers that JSON has not.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    /// Its word.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Header(_) => "header",
            Self::Event(_) => "event",
            Self::Results(_) => "results",
            Self::Correction(_) => "correction",
            Self::Seal(_) => "seal",
        }
    }
}

/// Something with a name that is nobody's: an institution, a course, a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Named<I> {
    pub id: I,
    pub name: String,
}

/// The first line: what the ledger is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub format: Format,
    pub institution: Named<InstitutionId>,
    pub lesson: LessonId,
    pub title: String,
    pub course: Named<CourseId>,
    pub group: Named<GroupId>,
    /// When it was to be.
    pub planned: Span,
    /// IANA name of the zone whose wall clock the lesson was planned by.
    pub time_zone: String,
    /// The institution's rule: whether time with the page out of sight counts.
    pub away_counts: bool,
    /// Who was there, and who of the group was not; by their numbers, which are 1, 2, 3 and so on.
    pub people: Vec<Listed>,
}

/// Somebody of the lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub number: u32,
    /// Absent (null) for who came by a link, without an account.
    pub person: Option<PersonId>,
    pub role: Role,
    /// They belonged to the group when the lesson was to begin.
    pub expected: bool,
    /// The places in the room's log that are theirs: none where they never came, several where they had several
    /// browsers.
    pub participants: Vec<ParticipantId>,
}

/// An event of the room's log. What people wrote and what they are called is left out (empty).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EventLine {
    pub seq: EventSeq,
    pub at: Timestamp,
    pub event: RoomEvent,
}

/// What follows from the events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// From when until when the lesson was on air.
    pub on_air: Vec<Span>,
    /// In the order of their numbers.
    pub people: Vec<PersonResult>,
}

/// How long somebody was there. All times are in microseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonResult {
    pub number: u32,
    pub spells: Vec<Spell>,
    pub present_us: i64,
    pub away_us: i64,
    pub dropped_us: i64,
    pub planned_present_us: i64,
    pub planned_away_us: i64,
    pub drops: u32,
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    /// What counts by the rule in the header: `present_us`, and `away_us` where it counts.
    pub counted_us: i64,
}

impl PersonResult {
    /// How much of the planned time counts for them, in microseconds: what it was corrected to; else how long of it they
    /// were present and, where that counts, away. At most all of it.
    #[must_use]
    pub fn counted_of_planned_us(&self, corrected: Option<&Correction>, planned: Span, away_counts: bool) -> i64 {
        let away_us = if away_counts { self.planned_away_us } else { 0 };
        let within_us = self.planned_present_us.saturating_add(away_us);
        corrected.map_or(within_us, |correction| correction.after_us).clamp(0, planned.length_us())
    }
}

/// What an administrator put right afterwards; what was there stays above it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub at: Timestamp,
    pub author: PersonId,
    pub number: u32,
    pub person: PersonId,
    /// What counted for them before, and counts from now on, in microseconds.
    pub before_us: i64,
    pub after_us: i64,
    pub reason: String,
}

/// How seals are made; there is one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Algorithm {
    #[default]
    Ed25519,
}

/// A seal over every byte before its line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    pub algorithm: Algorithm,
    pub key: KeyName,
    pub public_key: Hex<32>,
    pub at: Timestamp,
    /// SHA-256 of every byte before this line.
    pub hash: Hex<32>,
    pub signature: Hex<64>,
}

impl Seal {
    pub(super) fn new(key: &SigningKey, at: Timestamp, hash: Hex<32>) -> Self {
        let public = key.public();
        let name = public.name();
        let signature = key.sign(signed(&hash, &name, at).as_bytes());
        Self { algorithm: Algorithm::Ed25519, key: name, public_key: public.0, at, hash, signature }
    }

    pub(super) fn public(&self) -> PublicKey {
        PublicKey(self.public_key)
    }

    pub(super) fn is_signed(&self) -> bool {
        self.public().verifies(signed(&self.hash, &self.key, self.at).as_bytes(), &self.signature)
    }
}

/// What a seal's signature is over. It begins with words that no other use of the key has (domain separation).
fn signed(hash: &Hex<32>, key: &KeyName, at: Timestamp) -> String {
    format!("qism-ledger/1 seal\n{hash}\n{key}\n{}\n", at.micros())
}
