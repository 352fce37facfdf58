//! One plain cause, where the figures show one.

use super::figures::{Minute, Part, ParticipantMinute};
use super::score::{self, PictureParts, Score, SpeechParts};
use crate::protocol::ConnectionType;
use serde::Serialize;

/// Why a minute did not arrive whole. The code is stable; people's words for it are the client's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Cause {
    /// What the trainer sends is lost on the way to the server: everybody misses it.
    TrainerUplinkLoses { lost_percent: f64 },
    /// What the server sends is lost on the way to the participant.
    DownlinkLoses { lost_percent: f64 },
    /// The participant's network is too slow for a better picture.
    DownlinkSlow { kbps: u64 },
    /// Speech takes this long to the ear.
    HighDelay { delay_ms: u32 },
    /// The picture stands still though nothing is lost and nothing kept back.
    DeviceSlow { frozen_percent: f64 },
    /// So many of those who could get several encodings of the picture get the smallest, for want of network.
    LowestLayer { receivers: u32, of: u32 },
}

/// A [`Cause`] without its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseCode {
    TrainerUplinkLoses,
    DownlinkLoses,
    DownlinkSlow,
    HighDelay,
    DeviceSlow,
    LowestLayer,
}

/// From this share of lost packets on, loss is named as a cause, in percent.
const LOSS_MIN: f64 = 2.0;

/// Fewer packets than this in a minute say nothing about a link.
const PACKETS_MIN: u64 = 100;

/// From this delay on it is named as a cause, in milliseconds.
const DELAY_MIN_MS: u32 = 400;

/// From this share of time on, standing still is blamed on a device, in percent; below this loss.
const FROZEN_MIN: f64 = 5.0;
const FROZEN_LOSS_MAX: f64 = 1.0;

/// From this share of time on, a picture that is kept back is named as a cause, in percent.
const HELD_MIN: f64 = 50.0;

/// One receiver of the smallest encoding is that receiver's matter; from this many on, and this share, it is the class's.
const LOWEST_MIN: u32 = 2;
const LOWEST_SHARE: u32 = 4;

impl Cause {
    #[must_use]
    pub fn code(&self) -> CauseCode {
        match self {
            Self::TrainerUplinkLoses { .. } => CauseCode::TrainerUplinkLoses,
            Self::DownlinkLoses { .. } => CauseCode::DownlinkLoses,
            Self::DownlinkSlow { .. } => CauseCode::DownlinkSlow,
            Self::HighDelay { .. } => CauseCode::HighDelay,
            Self::DeviceSlow { .. } => CauseCode::DeviceSlow,
            Self::LowestLayer { .. } => CauseCode::LowestLayer,
        }
    }

    /// The worse of two of one code; the first where they are not.
    pub(super) fn worse(self, other: Self) -> Self {
        let is_worse = match (self, other) {
            (Self::TrainerUplinkLoses { lost_percent: a }, Self::TrainerUplinkLoses { lost_percent: b })
            | (Self::DownlinkLoses { lost_percent: a }, Self::DownlinkLoses { lost_percent: b })
            | (Self::DeviceSlow { frozen_percent: a }, Self::DeviceSlow { frozen_percent: b }) => b > a,
            (Self::DownlinkSlow { kbps: a }, Self::DownlinkSlow { kbps: b }) => b < a,
            (Self::HighDelay { delay_ms: a }, Self::HighDelay { delay_ms: b }) => b > a,
            (Self::LowestLayer { receivers: a, .. }, Self::LowestLayer { receivers: b, .. }) => b > a,
            _ => false,
        };
        if is_worse { other } else { self }
    }
}

impl CauseCode {
    /// Whether it matters to it by what the participant is connected: then a phone's network and Wi-Fi are told apart.
    pub(super) fn connection(self, connection: Option<ConnectionType>) -> Option<ConnectionType> {
        match self {
            Self::DownlinkLoses | Self::DownlinkSlow | Self::HighDelay => connection,
            Self::TrainerUplinkLoses | Self::DeviceSlow | Self::LowestLayer => None,
        }
    }
}

/// What is lost of what trainers send, as the one who fares worst; `None` where none sends.
pub(super) fn trainers_uplink(minute: &Minute) -> Option<&ParticipantMinute> {
    let trainers = minute.participants.iter().filter(|one| one.part == Part::Trainer);
    let sending = trainers.filter(|one| one.up.packets >= PACKETS_MIN);
    sending.max_by(|a, b| a.up.lost_percent().total_cmp(&b.up.lost_percent()))
}

/// Why a participant's minute is below [`Score::GOOD`]; `None` where it is not, or nothing shows why.
pub(super) fn of_participant(
    figures: &ParticipantMinute,
    speech: Option<&SpeechParts>,
    picture: Option<&PictureParts>,
    trainer_loses: f64,
) -> Option<Cause> {
    let is_good = |score: Option<Score>| score.is_none_or(|score| score >= Score::GOOD);
    if is_good(speech.map(SpeechParts::score)) && is_good(picture.map(PictureParts::score)) {
        return None;
    }
    // Gaps in what arrives at the server are gaps in what leaves it: receivers report them as theirs.
    let lost = score::lost_percent(figures);
    let own = (lost - trainer_loses).max(0.0);
    if trainer_loses >= LOSS_MIN && trainer_loses >= own {
        return Some(Cause::TrainerUplinkLoses { lost_percent: tenths(trainer_loses) });
    }
    if own >= LOSS_MIN {
        return Some(Cause::DownlinkLoses { lost_percent: tenths(own) });
    }
    if picture.is_some_and(|picture| picture.held_percent >= HELD_MIN) {
        let kbps = figures.down.kbits.checked_div(figures.seconds.into()).unwrap_or(0);
        return Some(Cause::DownlinkSlow { kbps });
    }
    if let Some(speech) = speech.filter(|speech| speech.delay_ms >= DELAY_MIN_MS) {
        return Some(Cause::HighDelay { delay_ms: speech.delay_ms });
    }
    let frozen = picture.map_or(0.0, |picture| picture.frozen_percent);
    if frozen >= FROZEN_MIN && lost < FROZEN_LOSS_MAX && trainer_loses < FROZEN_LOSS_MAX {
        return Some(Cause::DeviceSlow { frozen_percent: tenths(frozen) });
    }
    None
}

/// Whether the network left a participant the smallest of several encodings for most of the minute.
pub(super) fn gets_lowest(figures: &ParticipantMinute) -> bool {
    figures.choice_seconds > 0 && figures.lowest_seconds.saturating_mul(2) >= figures.choice_seconds
}

/// Where that is the case of many trainees at once.
pub(super) fn lowest_layer(minute: &Minute) -> Option<Cause> {
    let trainees = minute.participants.iter().filter(|one| one.part == Part::Trainee && one.choice_seconds > 0);
    let (receivers, of) =
        trainees.fold((0_u32, 0_u32), |(lowest, all), one| (lowest + u32::from(gets_lowest(one)), all + 1));
    (receivers >= LOWEST_MIN && receivers.saturating_mul(LOWEST_SHARE) >= of)
        .then_some(Cause::LowestLayer { receivers, of })
}

/// With one decimal.
pub(super) fn tenths(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}
