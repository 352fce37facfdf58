//! How well a room is received: taken in each second from the media plane, and every ten from clients; written down each
//! minute.

use super::dispatch::RoomFigures;
use super::task::RoomTask;
use crate::classroom::CONNECTED_MAX;
use crate::ids::{ParticipantId, PeerId};
use crate::protocol::{LinkFigures, ParticipantKind, Phase, ReceptionSummary, Role};
use crate::quality::{Minute, MinuteReview, Part, ParticipantMinute, Second};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// How many participants one minute knows: everybody, and as many who came and went. Who comes beyond that is not
/// measured in that minute.
const MEASURED_MAX: usize = 2 * CONNECTED_MAX;

/// The minute that is being measured.
#[derive(Default)]
pub(super) struct Quality {
    at: Option<Timestamp>,
    participants: BTreeMap<ParticipantId, ParticipantMinute>,
    /// The one before, for as long as this one says too little.
    before: Option<MinuteReview>,
    /// What was made of them last, and of which minute's how many seconds.
    latest: Option<MinuteReview>,
    latest_of: (Option<Timestamp>, u32),
}

/// Below this, a minute that has begun says less than the one before it.
const SECONDS_ENOUGH: u32 = 15;

/// How many seconds more change what is told: a country's rooms are looked at every second.
const SECONDS_STEP: u32 = 5;

impl Quality {
    /// Takes in what a shard measured.
    pub fn take(
        &mut self,
        now: Timestamp,
        figures: &RoomFigures,
        who: impl Fn(PeerId) -> Option<(ParticipantId, Part)>,
    ) {
        for peer in &figures.peers {
            let Some((participant, part)) = who(peer.peer) else { continue };
            let Some(one) = self.one(now, participant, part) else { continue };
            one.measure(&Second {
                // What the network loses is what the trainer can do something about, repaired or not.
                uplink: LinkFigures { lost_percent: peer.uplink_missed_percent, ..peer.uplink },
                downlink: peer.downlink,
                round_trip_ms: peer.round_trip_ms,
                limited_by: peer.limited_by,
                layer: peer.layer,
            });
        }
    }

    /// Takes in what a participant's client says.
    pub fn hear(&mut self, now: Timestamp, participant: ParticipantId, part: Part, summary: &ReceptionSummary) {
        if let Some(one) = self.one(now, participant, part) {
            one.hear(summary);
        }
    }

    /// The minute that is over by now, if one is and anything was measured in it.
    pub fn over(&mut self, now: Timestamp) -> Option<Minute> {
        // A clock that was set back ends the minute too: what was measured is written where it was begun.
        if self.at? == Minute::begin(now) {
            return None;
        }
        let over = self.all();
        self.before = over.as_ref().map(crate::quality::minute);
        over
    }

    /// All that is not written down.
    pub fn all(&mut self) -> Option<Minute> {
        let participants: Vec<ParticipantMinute> = std::mem::take(&mut self.participants).into_values().collect();
        let at = self.at.take()?;
        (!participants.is_empty()).then_some(Minute { at, participants })
    }

    /// How the lesson is received now, for those who watch it: the minute so far, or the one before while this one has just begun.
    pub fn now(&mut self) -> Option<&MinuteReview> {
        let seconds = self.participants.values().map(|one| one.seconds).max().unwrap_or(0);
        if seconds < SECONDS_ENOUGH && self.before.is_some() {
            return self.before.as_ref();
        }
        let of = (Some(self.at?), seconds.div_ceil(SECONDS_STEP));
        if self.latest.is_none() || self.latest_of != of {
            let participants: Vec<ParticipantMinute> = self.participants.values().cloned().collect();
            self.latest = Some(crate::quality::minute(&Minute { at: self.at?, participants }));
            self.latest_of = of;
        }
        self.latest.as_ref()
    }

    fn one(&mut self, now: Timestamp, participant: ParticipantId, part: Part) -> Option<&mut ParticipantMinute> {
        self.at.get_or_insert(Minute::begin(now));
        if self.participants.len() >= MEASURED_MAX && !self.participants.contains_key(&participant) {
            return None;
        }
        Some(self.participants.entry(participant).or_insert_with(|| ParticipantMinute::new(participant, part)))
    }
}

impl RoomTask {
    /// Takes in a shard's figures, while the lesson is on air.
    pub(super) fn measure_quality(&mut self, figures: &RoomFigures) {
        let (peers, room) = (&self.peers, &self.room);
        if !is_on_air(room.phase()) {
            return;
        }
        self.quality.take(self.now(), figures, |peer| {
            let participant = *peers.get(&peer)?;
            let (role, kind) = room.connected(participant)?;
            Some((participant, part(role, kind)))
        });
    }

    /// Takes in what a participant's client says, while the lesson is on air.
    pub(super) fn hear_summary(&mut self, participant: ParticipantId, summary: &ReceptionSummary) {
        if !is_on_air(self.room.phase()) {
            return;
        }
        if let Some((role, kind)) = self.room.connected(participant) {
            self.quality.hear(self.now(), participant, part(role, kind), summary);
        }
    }

    /// Writes down the minute that is over. Nobody waits for it, as with what is spent.
    pub(super) fn write_quality(&mut self) {
        let on_air = is_on_air(self.room.phase());
        let over = if on_air { self.quality.over(self.now()) } else { self.quality.all() };
        let Some(minute) = over else { return };
        let (store, lesson) = (self.log.store().clone(), self.lesson);
        tokio::spawn(async move {
            if let Err(error) = store.add_quality_minute(lesson, minute).await {
                tracing::warn!(%lesson, %error, "how the last minute was received is not known");
            }
        });
    }

    /// Writes down the rest, before the room is closed.
    pub(super) async fn write_last_quality(&mut self) {
        let Some(minute) = self.quality.all() else { return };
        if let Err(error) = self.log.store().add_quality_minute(self.lesson, minute).await {
            tracing::warn!(lesson = %self.lesson, %error, "how the last minute was received is not known");
        }
    }
}

fn is_on_air(phase: Phase) -> bool {
    matches!(phase, Phase::Live { .. })
}

fn part(role: Role, kind: ParticipantKind) -> Part {
    Part::of(role, kind == ParticipantKind::Device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::LessonId;
    use crate::protocol::{LimitedBy, TransportKind};
    use crate::shard::PeerFigures;
    use crate::units::Bitrate;
    use uuid::Uuid;

    const NINE: Timestamp = Timestamp(1_795_597_200_000_000);

    fn figures(peer: u64, lost_percent: f32) -> RoomFigures {
        let link = LinkFigures { bitrate: Bitrate(64_000), packets: 50, lost_percent, jitter_ms: 1.0 };
        let peer = PeerFigures {
            peer: PeerId(peer),
            room: LessonId(Uuid::nil()),
            transport: TransportKind::Udp,
            uplink: LinkFigures::default(),
            uplink_missed_percent: 0.0,
            downlink: link,
            round_trip_ms: None,
            limited_by: LimitedBy::Nothing,
            layer: None,
            bytes_up: 0,
            bytes_down: 0,
        };
        RoomFigures { peers: vec![peer], ..RoomFigures::default() }
    }

    fn amina(peer: PeerId) -> Option<(ParticipantId, Part)> {
        (peer.0 < 3).then_some((ParticipantId(Uuid::from_u128(1)), Part::Trainee))
    }

    fn second(number: i64) -> Timestamp {
        Timestamp(NINE.micros() + number * 1_000_000)
    }

    #[test]
    fn a_minute_is_given_out_once_it_is_over_and_once_only() {
        let mut quality = Quality::default();
        assert_eq!(quality.over(second(0)), None);
        assert_eq!(quality.now(), None);
        (0..60).for_each(|number| quality.take(second(number), &figures(1, 10.0), amina));
        quality.take(second(59), &figures(7, 10.0), amina);
        assert_eq!(quality.over(second(59)), None);
        let minute = quality.over(second(60)).expect("a minute");
        assert_eq!((minute.at, minute.participants.len()), (NINE, 1));
        assert_eq!((minute.participants[0].seconds, minute.participants[0].down.packets), (60, 3_000));
        assert_eq!(quality.over(second(60)), None);
        assert_eq!(quality.over(second(180)), None, "nothing was measured in these");
    }

    #[test]
    fn what_is_now_is_the_minute_before_until_this_one_says_enough() {
        let mut quality = Quality::default();
        let points = |quality: &mut Quality| quality.now().and_then(|now| now.speech).map(|score| score.points());
        (0..60).for_each(|number| quality.take(second(number), &figures(1, 10.0), amina));
        assert_eq!(points(&mut quality), Some(52.5));
        quality.over(second(60));
        quality.take(second(60), &figures(1, 0.0), amina);
        assert_eq!(points(&mut quality), Some(52.5));
        (61..80).for_each(|number| quality.take(second(number), &figures(1, 0.0), amina));
        assert_eq!(points(&mut quality), Some(100.0));
    }

    #[test]
    fn one_minute_knows_no_more_than_it_may() {
        let mut quality = Quality::default();
        let number = std::cell::Cell::new(0_u128);
        let stranger = |_| {
            number.set(number.get() + 1);
            Some((ParticipantId(Uuid::from_u128(number.get())), Part::Trainee))
        };
        (0..MEASURED_MAX + 10).for_each(|_| quality.take(second(0), &figures(1, 0.0), stranger));
        assert_eq!(quality.all().map(|minute| minute.participants.len()), Some(MEASURED_MAX));
    }
}
