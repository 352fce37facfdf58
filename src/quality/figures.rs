//! What was measured of one lesson in one minute. Sums of whole numbers and largest values only, so that two halves of
//! a minute put together are the minute.

use crate::ids::ParticipantId;
use crate::protocol::{ConnectionType, LimitedBy, LinkFigures, ReceivedLayer, ReceptionSummary, Role};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// One minute of one lesson, as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Minute {
    /// Its beginning: a whole minute of the clock.
    pub at: Timestamp,
    /// In the order of their ids, each once.
    pub participants: Vec<ParticipantMinute>,
}

/// What somebody is to the figures of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Follows the lesson: what reaches them is how well it was received.
    Trainee,
    /// Gives it, a device of theirs included: what they send is what there is to receive.
    Trainer,
    /// Only looks on, or is a machine that plays.
    Observer,
}

impl Part {
    #[must_use]
    pub fn of(role: Role, is_device: bool) -> Self {
        match role {
            Role::Trainer => Self::Trainer,
            Role::Trainee if !is_device => Self::Trainee,
            Role::Trainee | Role::Committee => Self::Observer,
        }
    }
}

/// One participant's minute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipantMinute {
    pub participant: ParticipantId,
    pub part: Part,
    /// How many seconds there was a media connection.
    pub seconds: u32,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub up: LinkSums,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub down: LinkSums,
    /// Sum of each second's round trip, and of how many seconds it is one.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub round_trip_ms: u64,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub round_trips: u32,
    /// In how many seconds the network kept a better picture back.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub held_seconds: u32,
    /// In how many seconds a picture was received, and in how many of these one of several encodings.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub picture_seconds: u32,
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub choice_seconds: u32,
    /// In how many seconds it was the smallest of several, because the network carried no more.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub lowest_seconds: u32,
    /// What the client said.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub client: ClientSums,
}

/// One direction of a participant's links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkSums {
    pub packets: u64,
    /// In hundredths of a packet: reports tell shares.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub lost_hundredths: u64,
    /// Sum of each second's rate, in thousands of bits per second.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub kbits: u64,
    /// The worst second's jitter.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub jitter_ms: u32,
}

/// The sums of a client's summaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClientSums {
    #[serde(skip_serializing_if = "is_nothing")]
    pub span_ms: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub samples: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub concealed_samples: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub silent_samples: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub sound_packets: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub sound_packets_lost: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub picture_ms: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub frozen_ms: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub freezes: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub frames: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub picture_packets: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub picture_packets_lost: u64,
    /// Sum over the summaries that say it, and how many do.
    #[serde(skip_serializing_if = "is_nothing")]
    pub buffer_ms: u64,
    #[serde(skip_serializing_if = "is_nothing")]
    pub buffers: u64,
    /// The longest, where there was more than one connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_picture_ms: Option<u32>,
    /// The newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection: Option<ConnectionType>,
}

/// What the server measured of one participant in one second.
#[derive(Clone, Copy, Debug, Default)]
pub struct Second {
    pub uplink: LinkFigures,
    pub downlink: LinkFigures,
    pub round_trip_ms: Option<u32>,
    pub limited_by: LimitedBy,
    pub layer: Option<ReceivedLayer>,
}

impl Minute {
    /// The beginning of the minute in which this instant is.
    #[must_use]
    pub fn begin(at: Timestamp) -> Timestamp {
        const MINUTE_US: i64 = 60_000_000;
        Timestamp(at.micros().div_euclid(MINUTE_US).saturating_mul(MINUTE_US))
    }

    /// Adds what another process, or this one before, measured of the same minute.
    pub fn absorb(&mut self, other: Self) {
        for theirs in other.participants {
            match self.participants.binary_search_by_key(&theirs.participant, |ours| ours.participant) {
                Ok(place) => {
                    if let Some(ours) = self.participants.get_mut(place) {
                        ours.absorb(&theirs);
                    }
                }
                Err(place) => self.participants.insert(place, theirs),
            }
        }
    }
}

impl ParticipantMinute {
    #[must_use]
    pub fn new(participant: ParticipantId, part: Part) -> Self {
        Self {
            participant,
            part,
            seconds: 0,
            up: LinkSums::default(),
            down: LinkSums::default(),
            round_trip_ms: 0,
            round_trips: 0,
            held_seconds: 0,
            picture_seconds: 0,
            choice_seconds: 0,
            lowest_seconds: 0,
            client: ClientSums::default(),
        }
    }

    /// Takes in a second that the server measured.
    pub fn measure(&mut self, second: &Second) {
        self.seconds = self.seconds.saturating_add(1);
        self.up.measure(&second.uplink);
        self.down.measure(&second.downlink);
        if let Some(ms) = second.round_trip_ms {
            self.round_trip_ms = self.round_trip_ms.saturating_add(u64::from(ms));
            self.round_trips = self.round_trips.saturating_add(1);
        }
        let is_held = second.limited_by == LimitedBy::Network;
        self.held_seconds = self.held_seconds.saturating_add(u32::from(is_held));
        let Some(layer) = second.layer else { return };
        self.picture_seconds = self.picture_seconds.saturating_add(1);
        if layer.of > 1 {
            self.choice_seconds = self.choice_seconds.saturating_add(1);
            self.lowest_seconds = self.lowest_seconds.saturating_add(u32::from(is_held && layer.rank == 0));
        }
    }

    /// Takes in what their client says.
    pub fn hear(&mut self, summary: &ReceptionSummary) {
        self.client.add(&ClientSums::from(summary.bounded()));
    }

    /// Adds another span of the same participant's.
    pub fn absorb(&mut self, other: &Self) {
        self.seconds = self.seconds.saturating_add(other.seconds);
        self.up.add(&other.up);
        self.down.add(&other.down);
        self.round_trip_ms = self.round_trip_ms.saturating_add(other.round_trip_ms);
        self.round_trips = self.round_trips.saturating_add(other.round_trips);
        self.held_seconds = self.held_seconds.saturating_add(other.held_seconds);
        self.picture_seconds = self.picture_seconds.saturating_add(other.picture_seconds);
        self.choice_seconds = self.choice_seconds.saturating_add(other.choice_seconds);
        self.lowest_seconds = self.lowest_seconds.saturating_add(other.lowest_seconds);
        self.client.add(&other.client);
    }
}

impl LinkSums {
    fn measure(&mut self, figures: &LinkFigures) {
        let share =
            if figures.lost_percent.is_finite() { f64::from(figures.lost_percent.clamp(0.0, 100.0)) } else { 0.0 };
        let jitter = if figures.jitter_ms.is_finite() { figures.jitter_ms.clamp(0.0, 60_000.0) } else { 0.0 };
        self.add(&Self {
            packets: figures.packets,
            // A share in percent of whole packets is hundredths of a packet.
            lost_hundredths: (figures.packets as f64 * share).round() as u64,
            kbits: figures.bitrate.bps() / 1_000,
            jitter_ms: jitter.round() as u32,
        });
    }

    fn add(&mut self, other: &Self) {
        self.packets = self.packets.saturating_add(other.packets);
        self.lost_hundredths = self.lost_hundredths.saturating_add(other.lost_hundredths);
        self.kbits = self.kbits.saturating_add(other.kbits);
        self.jitter_ms = self.jitter_ms.max(other.jitter_ms);
    }

    /// What was lost, in percent.
    #[must_use]
    pub fn lost_percent(&self) -> f64 {
        percent(self.lost_hundredths, self.packets.saturating_mul(100))
    }
}

impl From<ReceptionSummary> for ClientSums {
    fn from(summary: ReceptionSummary) -> Self {
        Self {
            span_ms: summary.span_ms.into(),
            samples: summary.samples.into(),
            concealed_samples: summary.concealed_samples.into(),
            silent_samples: summary.silent_samples.into(),
            sound_packets: summary.sound_packets.into(),
            sound_packets_lost: summary.sound_packets_lost.into(),
            picture_ms: summary.picture_ms.into(),
            frozen_ms: summary.frozen_ms.into(),
            freezes: summary.freezes.into(),
            frames: summary.frames.into(),
            picture_packets: summary.picture_packets.into(),
            picture_packets_lost: summary.picture_packets_lost.into(),
            buffer_ms: summary.buffer_ms.unwrap_or(0).into(),
            buffers: summary.buffer_ms.is_some().into(),
            first_picture_ms: summary.first_picture_ms,
            connection: summary.connection,
        }
    }
}

impl ClientSums {
    fn add(&mut self, other: &Self) {
        let sums: [(&mut u64, u64); 14] = [
            (&mut self.span_ms, other.span_ms),
            (&mut self.samples, other.samples),
            (&mut self.concealed_samples, other.concealed_samples),
            (&mut self.silent_samples, other.silent_samples),
            (&mut self.sound_packets, other.sound_packets),
            (&mut self.sound_packets_lost, other.sound_packets_lost),
            (&mut self.picture_ms, other.picture_ms),
            (&mut self.frozen_ms, other.frozen_ms),
            (&mut self.freezes, other.freezes),
            (&mut self.frames, other.frames),
            (&mut self.picture_packets, other.picture_packets),
            (&mut self.picture_packets_lost, other.picture_packets_lost),
            (&mut self.buffer_ms, other.buffer_ms),
            (&mut self.buffers, other.buffers),
        ];
        for (ours, theirs) in sums {
            *ours = ours.saturating_add(theirs);
        }
        self.first_picture_ms = self.first_picture_ms.max(other.first_picture_ms);
        self.connection = other.connection.or(self.connection);
    }
}

/// `part` of `whole` in percent, within 0 to 100; 0 of nothing.
pub(super) fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { (part as f64 * 100.0 / whole as f64).min(100.0) }
}

fn is_nothing<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
