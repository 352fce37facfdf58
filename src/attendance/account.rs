//! From a lesson's log to everybody's spells.

use super::person::{PersonAccount, merged};
use super::{Span, Spell, SpellKind};
use crate::ids::ParticipantId;
use crate::protocol::{LoggedEvent, ParticipantKind, RETURN_WITHIN_MS, RoomEvent};
use crate::time::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// After how long without a connection somebody is gone.
const RETURN_WITHIN: Duration = Duration::from_millis(RETURN_WITHIN_MS);

/// What a lesson's log says of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// When the lesson was to be.
    pub planned: Span,
    /// When it was: from its start to its end, without the time during which the server did not run. In order, apart
    /// from each other.
    pub on_air: Vec<Span>,
    /// How each participant was there while the lesson was on air: in order, apart from each other. Devices are
    /// nobody's presence and are not in it; neither is who was never there on air.
    pub participants: BTreeMap<ParticipantId, Vec<Spell>>,
}

/// Works out a lesson's account from its whole log. Where the lesson is still on air, it is accounted for up to its
/// newest event.
pub fn account<'a>(planned: Span, events: impl IntoIterator<Item = &'a LoggedEvent>) -> Account {
    let mut reading = Reading::default();
    events.into_iter().for_each(|entry| reading.note(entry));
    let newest = reading.newest;
    reading.finish(planned, newest)
}

/// The same for a lesson that is on air, up to `now`: who is there now has been until now.
pub fn account_until<'a>(planned: Span, events: impl IntoIterator<Item = &'a LoggedEvent>, now: Timestamp) -> Account {
    let mut reading = Reading::default();
    events.into_iter().for_each(|entry| reading.note(entry));
    let until = reading.newest.max(now);
    reading.finish(planned, until)
}

impl Account {
    /// What one person did, who took part as these: what two devices of theirs did at once counts once.
    #[must_use]
    pub fn of(&self, participants: &[ParticipantId]) -> PersonAccount {
        let theirs = participants.iter().filter_map(|participant| self.participants.get(participant));
        PersonAccount::new(merged(theirs.flatten().copied()), self.planned)
    }

    /// For how long it was on air, in microseconds.
    #[must_use]
    pub fn given_us(&self) -> i64 {
        self.on_air.iter().map(|span| span.length_us()).sum()
    }
}

/// A log that is being read.
struct Reading {
    /// Since when it is on air.
    live: Option<Timestamp>,
    on_air: Vec<Span>,
    tracks: BTreeMap<ParticipantId, Track>,
    newest: Timestamp,
}

impl Default for Reading {
    fn default() -> Self {
        Self { live: None, on_air: Vec::new(), tracks: BTreeMap::new(), newest: Timestamp(i64::MIN) }
    }
}

impl Reading {
    fn note(&mut self, entry: &LoggedEvent) {
        let at = entry.at;
        self.newest = self.newest.max(at);
        match &entry.event {
            RoomEvent::LessonStarted {} => self.live = Some(at),
            RoomEvent::LessonEnded {} => self.off_air(at),
            RoomEvent::Joined { participant, kind: ParticipantKind::Person, .. } => {
                let track = self.tracks.entry(*participant).or_default();
                track.turn(Some(SpellKind::Present), at);
            }
            RoomEvent::Returned { participant } => self.turn(*participant, SpellKind::Present, at),
            RoomEvent::ConnectionLost { participant, since } => self.turn(*participant, SpellKind::Dropped, *since),
            RoomEvent::PageHidden { participant, since } => self.turn(*participant, SpellKind::Away, *since),
            RoomEvent::PageShown { participant } => self.turn(*participant, SpellKind::Present, at),
            RoomEvent::Left { participant, since, .. } => {
                if let Some(track) = self.tracks.get_mut(participant) {
                    track.leave(*since, at);
                }
            }
            RoomEvent::ServerRestarted { since } => self.restart(*since, at),
            _ => {}
        }
    }

    /// Somebody who is there goes on in another way; who is a device, or nobody that was ever there, does not.
    fn turn(&mut self, participant: ParticipantId, kind: SpellKind, at: Timestamp) {
        let Some(track) = self.tracks.get_mut(&participant) else { return };
        if track.now.is_some() {
            track.turn(Some(kind), at);
        }
    }

    fn off_air(&mut self, at: Timestamp) {
        if let Some(from) = self.live.take() {
            self.on_air.push(Span { from, to: at });
        }
    }

    /// Nothing was on air while the server did not run, and everybody's connection ended when it did.
    fn restart(&mut self, since: Timestamp, at: Timestamp) {
        if let Some(from) = self.live.replace(at) {
            self.on_air.push(Span { from, to: since.max(from) });
        } else {
            self.live = None;
        }
        for track in self.tracks.values_mut() {
            if track.now.is_some_and(|(kind, _)| kind != SpellKind::Dropped) {
                track.turn(Some(SpellKind::Dropped), since);
            }
        }
    }

    fn finish(mut self, planned: Span, until: Timestamp) -> Account {
        self.off_air(until);
        self.on_air.retain(|span| span.from < span.to);
        let on_air = self.on_air;
        let of_each = self.tracks.into_iter().map(|(participant, mut track)| {
            track.leave(until, until);
            (participant, clipped(&track.spells, &on_air))
        });
        let participants = of_each.filter(|(_, spells)| !spells.is_empty()).collect();
        Account { planned, on_air, participants }
    }
}

/// One participant's spells, on air or not.
#[derive(Default)]
struct Track {
    spells: Vec<Spell>,
    /// How they are there, and since when.
    now: Option<(SpellKind, Timestamp)>,
}

impl Track {
    /// From `at` on they are there in another way, or not at all. What was noted of them after it did not happen: a
    /// last sign of life may be older than what came after it.
    fn turn(&mut self, to: Option<SpellKind>, at: Timestamp) {
        let mut since = at;
        match self.now {
            Some((kind, from)) if Some(kind) == to => since = from.min(at),
            Some((kind, from)) if from < at => self.spells.push(Spell { kind, from, to: at }),
            _ => {}
        }
        while let Some(last) = self.spells.last_mut().filter(|last| last.to > since) {
            last.to = since;
            if last.from >= last.to {
                self.spells.pop();
            }
        }
        self.now = to.map(|kind| (kind, since));
    }

    /// They are gone, and were there until `since`; this was noted at `at`. Who was lost until then did not come back,
    /// and stops counting as lost ten seconds after the last sign of life.
    fn leave(&mut self, since: Timestamp, at: Timestamp) {
        match self.now {
            Some((SpellKind::Dropped, from)) => self.turn(None, at.min(from.plus(RETURN_WITHIN)).max(from)),
            Some(_) => self.turn(None, since),
            None => {}
        }
    }
}

/// What of these spells was on air. Both are in order.
fn clipped(spells: &[Spell], on_air: &[Span]) -> Vec<Spell> {
    let mut kept = Vec::new();
    let mut first = 0;
    for spell in spells {
        while on_air.get(first).is_some_and(|span| span.to <= spell.from) {
            first += 1;
        }
        let during = on_air.iter().skip(first).take_while(|span| span.from < spell.to);
        let common = during.filter_map(|span| span.common(spell.span()));
        kept.extend(common.map(|span| Spell { kind: spell.kind, from: span.from, to: span.to }));
    }
    kept
}
