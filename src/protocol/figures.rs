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
