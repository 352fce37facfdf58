//! Making a ledger, and adding to it.

use super::hex::Hex;
use super::key::{SigningKey, sha256};
use super::lines::{Correction, EventLine, Header, Line, Results, Seal};
use super::results::results;
use super::verify::Verified;
use crate::ids::PersonId;
use crate::protocol::{LoggedEvent, RoomEvent};
use crate::time::Timestamp;

/// A lesson that is over, as its ledger is to have it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub header: Header,
    pub results: Results,
    /// All lines but the seal.
    text: String,
    /// When the last event was.
    newest: Timestamp,
}

/// What is appended to a ledger: at first the whole, later a correction; its last line is a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    pub text: String,
    pub hash: Hex<32>,
    pub seal: Seal,
}

/// What is to be put right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    pub at: Timestamp,
    pub author: PersonId,
    pub person: PersonId,
    /// What counts for them from now on, in microseconds.
    pub counted_us: i64,
    pub reason: String,
}

impl Draft {
    /// Works out the results of a whole log. The events' texts and names stay out.
    #[must_use]
    pub fn new(header: Header, events: &[LoggedEvent]) -> Self {
        let results = results(&header, events);
        let mut text = Line::Header(header.clone()).text();
        for logged in events {
            let event = without_words(logged.event.clone());
            text.push_str(&Line::Event(EventLine { seq: logged.seq, at: logged.at, event }).text());
        }
        text.push_str(&Line::Results(results.clone()).text());
        let newest = events.last().map_or(Timestamp(i64::MIN), |last| last.at);
        Self { header, results, text, newest }
    }

    /// What somebody with the key could do.
    #[cfg(test)]
    pub(super) fn replace_in_results(&mut self, was: &str, forged: &str) {
        let results = self.text.rfind("{\"line\":\"results\"").unwrap_or_default();
        let replaced = self.text.split_off(results).replacen(was, forged, 1);
        self.text.push_str(&replaced);
    }
}

/// Seals a lesson.
#[must_use]
pub fn seal(draft: &Draft, key: &SigningKey, at: Timestamp) -> Sealed {
    // A clock that was set back does not make a ledger go back.
    sealed("", draft.text.clone(), key, at.max(draft.newest))
}

/// A correction of a ledger that was verified: what is to be appended to `so_far`. Nothing where the person is not in it.
#[must_use]
pub fn correct(so_far: &str, verified: &Verified, wanted: Corrected, key: &SigningKey) -> Option<Sealed> {
    let listed = verified.header.people.iter().find(|listed| listed.person == Some(wanted.person))?;
    // A clock that was set back does not make a ledger go back.
    let at = verified.newest().max(wanted.at);
    let line = Line::Correction(Correction {
        at,
        author: wanted.author,
        number: listed.number,
        person: wanted.person,
        before_us: verified.counted_us(listed.number)?,
        after_us: wanted.counted_us,
        reason: wanted.reason,
    });
    Some(sealed(so_far, line.text(), key, at))
}

fn sealed(so_far: &str, mut appended: String, key: &SigningKey, at: Timestamp) -> Sealed {
    let mut whole = String::with_capacity(so_far.len().saturating_add(appended.len()));
    whole.push_str(so_far);
    whole.push_str(&appended);
    let seal = Seal::new(key, at, sha256(whole.as_bytes()));
    appended.push_str(&Line::Seal(seal.clone()).text());
    Sealed { text: appended, hash: seal.hash, seal }
}

/// The event without what people wrote, and without what they are called. Every kind is named here, so that a new one with
/// words in it is thought of.
fn without_words(mut event: RoomEvent) -> RoomEvent {
    match &mut event {
        RoomEvent::Said { text, .. } => text.clear(),
        RoomEvent::Joined { name, .. } => name.clear(),
        RoomEvent::LessonStarted {}
        | RoomEvent::LessonEnded {}
        | RoomEvent::ConnectionLost { .. }
        | RoomEvent::Returned { .. }
        | RoomEvent::Left { .. }
        | RoomEvent::PageHidden { .. }
        | RoomEvent::PageShown { .. }
        | RoomEvent::HandRaised { .. }
        | RoomEvent::HandLowered { .. }
        | RoomEvent::FloorGiven { .. }
        | RoomEvent::FloorTaken { .. }
        | RoomEvent::PublicationStarted { .. }
        | RoomEvent::PublicationEnded { .. }
        | RoomEvent::ServerRestarted { .. } => {}
    }
    event
}
