use super::room::Source;
use crate::ids::{ParticipantId, PublicationId};
use crate::time::Timestamp;
use crate::units::Bitrate;
use serde::{Deserialize, Serialize};

/// A lesson's live figures: read off the media plane over the last second.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LessonFigures {
    pub at: Timestamp,
    /// Those with a media connection, devices included.
    pub participants: Vec<ParticipantFigures>,
    pub publications: Vec<PublicationFigures>,
    /// How well the trainees receive speech and pictures in this minute, 0 to 100 (docs/QUALITY-SCORE.md); absent where
    /// nobody hears or sees anything, and before the lesson is on air.
    pub speech: Option<f32>,
    pub picture: Option<f32>,
}

/// One participant's media connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ParticipantFigures {
    pub participant: ParticipantId,
    pub transport: TransportKind,
    /// From the participant to the server.
    pub uplink: LinkFigures,
    /// From the server to the participant.
    pub downlink: LinkFigures,
    /// The time from the server to the participant and back, from RTCP reports; absent until the first.
    #[cfg_attr(test, ts(type = "number | null"))]
    pub round_trip_ms: Option<u32>,
}

/// One direction of a media connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LinkFigures {
    pub bitrate: Bitrate,
    #[cfg_attr(test, ts(type = "number"))]
    pub packets: u64,
    /// Packets lost on the way and not yet repaired, in percent of those sent.
    pub lost_percent: f32,
    /// RFC 3550 §6.4.1 interarrival jitter of the worst stream.
    pub jitter_ms: f32,
}

/// One publication as it reaches the server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PublicationFigures {
    pub publication: PublicationId,
    pub participant: ParticipantId,
    pub source: Source,
    /// For each encoding that arrives, lowest first.
    pub encodings: Vec<Bitrate>,
    /// How many receivers it is sent to.
    #[cfg_attr(test, ts(type = "number"))]
    pub receivers: u32,
}

/// What carries a media connection.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TransportKind {
    /// Nothing has been nominated yet.
    #[default]
    None,
    Udp,
    Tcp,
}

/// Which encoding of a picture a receiver gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ReceivedLayer {
    /// Its place by size, from 0 for the smallest.
    pub rank: u8,
    /// How many encodings of it arrive at the server.
    pub of: u8,
}

/// What a client saw of its own reception since its last summary: counts, and nothing of what was said or shown.
/// Numbers that can't be are cut to what can ([`ReceptionSummary::bounded`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ReceptionSummary {
    /// How long it covers, in milliseconds.
    pub span_ms: u32,
    /// Samples of sound that were played of the streams that arrived.
    pub samples: u32,
    /// Of these, samples that were made up because the real ones were not there in time.
    pub concealed_samples: u32,
    /// Of those, samples of silence.
    pub silent_samples: u32,
    pub sound_packets: u32,
    pub sound_packets_lost: u32,
    /// How long at least one camera's picture was being received, in milliseconds: a screen may stand still.
    pub picture_ms: u32,
    /// How long the one of these that fared worst stood still, in milliseconds.
    pub frozen_ms: u32,
    pub freezes: u32,
    pub frames: u32,
    pub picture_packets: u32,
    pub picture_packets_lost: u32,
    /// How long sound waited to be played, on average, in milliseconds.
    pub buffer_ms: Option<u32>,
    /// From when there was a picture to show, and a connection to bring it, to the first picture, in milliseconds; in
    /// the first summary after it came.
    pub first_picture_ms: Option<u32>,
    /// What the device is connected by, where the browser says.
    pub connection: Option<ConnectionType>,
}

/// What connects a device to the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ConnectionType {
    Cellular,
    Wifi,
    Ethernet,
    /// Something else that the browser names.
    Other,
}

impl ReceptionSummary {
    /// The longest time that one summary covers, in milliseconds: browsers let a hidden page count once a minute.
    pub const SPAN_MS_MAX: u32 = 120_000;

    /// More samples than this in a millisecond are none that somebody heard: every slot, at 48 kHz.
    const SAMPLES_PER_MS_MAX: u32 = 48 * super::AUDIO_SLOTS_MAX as u32;

    /// More packets than this in a millisecond are none of one lesson's.
    const PACKETS_PER_MS_MAX: u32 = 20;

    /// The longest time that anything is said to have waited, in milliseconds.
    const WAIT_MS_MAX: u32 = 600_000;

    /// The same, with every number within what is possible.
    #[must_use]
    pub fn bounded(self) -> Self {
        let span_ms = self.span_ms.min(Self::SPAN_MS_MAX);
        let samples = self.samples.min(span_ms.saturating_mul(Self::SAMPLES_PER_MS_MAX));
        let concealed_samples = self.concealed_samples.min(samples);
        let packets_max = span_ms.saturating_mul(Self::PACKETS_PER_MS_MAX);
        let picture_ms = self.picture_ms.min(span_ms);
        Self {
            span_ms,
            samples,
            concealed_samples,
            silent_samples: self.silent_samples.min(concealed_samples),
            sound_packets: self.sound_packets.min(packets_max),
            sound_packets_lost: self.sound_packets_lost.min(packets_max),
            picture_ms,
            frozen_ms: self.frozen_ms.min(picture_ms),
            freezes: self.freezes.min(span_ms),
            frames: self.frames.min(span_ms),
            picture_packets: self.picture_packets.min(packets_max),
            picture_packets_lost: self.picture_packets_lost.min(packets_max),
            buffer_ms: self.buffer_ms.map(|ms| ms.min(Self::WAIT_MS_MAX)),
            first_picture_ms: self.first_picture_ms.map(|ms| ms.min(Self::WAIT_MS_MAX)),
            connection: self.connection,
        }
    }
}
