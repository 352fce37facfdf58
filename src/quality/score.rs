//! What is heard and seen, in parts, and the one number for each. docs/QUALITY-SCORE.md explains every constant.

use super::figures::{ParticipantMinute, percent};
use serde::{Serialize, Serializer};

/// A score from 0 to 100, in tenths of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Score(u16);

impl Score {
    /// Nothing is lost.
    pub const BEST: Self = Self(1_000);

    /// Below this a minute counts as lost to what caused it.
    pub const GOOD: Self = Self(800);

    /// What is left of 100 after these are taken off; what is no number takes everything.
    fn after(impairments: &[f64]) -> Self {
        let sum: f64 = impairments.iter().sum();
        if !sum.is_finite() {
            return Self(0);
        }
        Self((1_000.0 - 10.0 * sum).round().clamp(0.0, 1_000.0) as u16)
    }

    /// The mean of scores, each of which lasted so many seconds; `None` where none lasted.
    #[must_use]
    pub fn mean(scores: impl IntoIterator<Item = (Self, u32)>) -> Option<Self> {
        let (mut sum, mut weight) = (0_u64, 0_u64);
        for (score, seconds) in scores {
            sum += u64::from(score.0) * u64::from(seconds);
            weight += u64::from(seconds);
        }
        let mean = (sum + weight / 2).checked_div(weight)?;
        u16::try_from(mean).ok().map(Self)
    }

    /// A score that was kept as tenths; more than the best is the best.
    #[must_use]
    pub fn from_tenths(tenths: i64) -> Self {
        u16::try_from(tenths.max(0)).map_or(Self::BEST, |tenths| Self(tenths).min(Self::BEST))
    }

    /// In tenths of a point.
    #[must_use]
    pub fn tenths(self) -> u16 {
        self.0
    }

    /// In points, with one decimal.
    #[must_use]
    pub fn points(self) -> f64 {
        f64::from(self.0) / 10.0
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.points())
    }
}

/// Who measured what counts most in a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measured {
    /// The participant's own client: what was played and shown.
    Client,
    /// The server alone, from the reports on what was lost on the way: what was played is estimated.
    Server,
}

/// How speech was heard.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct SpeechParts {
    pub measured: Measured,
    /// Of the sound that was to be played, what was not there in time, in percent.
    pub missing_percent: f64,
    /// What was lost between the server and the participant and before it, in percent.
    pub lost_percent: f64,
    /// From a trainer's microphone to the ear, in milliseconds, as far as it is measured.
    pub delay_ms: u32,
}

/// How pictures were seen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct PictureParts {
    pub measured: Measured,
    /// How long the picture stood still, in percent of the time in which there was one.
    pub frozen_percent: f64,
    /// How many times.
    pub freezes: u64,
    pub lost_percent: f64,
    /// How long the network kept a better encoding back, in percent of the time in which there was a picture.
    pub held_percent: f64,
    /// From when there was one to show to the first picture, in milliseconds, in the minute in which it came.
    pub first_picture_ms: Option<u32>,
}

/// Missing speech in percent at which half of what it can cost is lost.
const MISSING_HALF: f64 = 10.0;

/// What missing speech can cost, in points.
const MISSING_MAX: f64 = 95.0;

/// A delay that nobody minds, in milliseconds.
const DELAY_FREE_MS: f64 = 150.0;

/// What each further millisecond costs, and all of them together.
const DELAY_PER_MS: f64 = 0.05;
const DELAY_MAX: f64 = 25.0;

/// The same for a picture that stands still.
const FROZEN_HALF: f64 = 10.0;
const FROZEN_MAX: f64 = 90.0;

/// What it costs if a better picture is kept back all the time.
const HELD_MAX: f64 = 15.0;

/// How long a first picture may take, what each further second costs, and all of them together.
const FIRST_FREE_MS: f64 = 2_000.0;
const FIRST_PER_SECOND: f64 = 2.0;
const FIRST_MAX: f64 = 20.0;

/// What resends make good, in percent of lost packets; and how many percent of time each percent beyond it freezes a
/// picture, as far as nobody measured it.
const REPAIRED_PERCENT: f64 = 2.0;
const FROZEN_PER_LOST: f64 = 3.0;

/// How many samples a packet of speech holds: 20 ms at 48 kHz.
const SAMPLES_PER_PACKET: u64 = 960;

impl SpeechParts {
    /// From a participant's figures and the delay that lies before the server; `None` where nothing was to be heard.
    #[must_use]
    pub fn of(figures: &ParticipantMinute, before_ms: u32) -> Option<Self> {
        let client = &figures.client;
        let measured = source(figures);
        let lost_percent = lost_percent(figures);
        let missing_percent = match measured {
            Measured::Client => {
                if client.samples == 0 {
                    return None;
                }
                let heard = client.concealed_samples.saturating_sub(client.silent_samples);
                // Silence in which nobody spoke is no loss; silence in which packets are missing is.
                let unheard = client.silent_samples.min(client.sound_packets_lost.saturating_mul(SAMPLES_PER_PACKET));
                let spoken = client.samples.saturating_sub(client.silent_samples - unheard);
                percent(heard + unheard, spoken)
            }
            Measured::Server => {
                if figures.down.packets == 0 {
                    return None;
                }
                lost_percent
            }
        };
        Some(Self { measured, missing_percent, lost_percent, delay_ms: delay_ms(figures, before_ms) })
    }

    /// The mean of parts, each of which lasted so many seconds; `None` where none lasted.
    #[must_use]
    pub fn mean(parts: impl IntoIterator<Item = (Self, u32)>) -> Option<Self> {
        let parts: Vec<(Self, u32)> = parts.into_iter().filter(|(_, seconds)| *seconds > 0).collect();
        let of = |part: fn(&Self) -> f64| weighted(parts.iter().map(|(one, seconds)| (part(one), *seconds)));
        let share = of(|one| f64::from(u8::from(one.measured == Measured::Client)))?;
        Some(Self {
            measured: if share >= 0.5 { Measured::Client } else { Measured::Server },
            missing_percent: of(|one| one.missing_percent)?,
            lost_percent: of(|one| one.lost_percent)?,
            delay_ms: of(|one| f64::from(one.delay_ms))?.round() as u32,
        })
    }

    /// The one number.
    #[must_use]
    pub fn score(&self) -> Score {
        Score::after(&[
            saturating(self.missing_percent, MISSING_HALF, MISSING_MAX),
            ((f64::from(self.delay_ms) - DELAY_FREE_MS) * DELAY_PER_MS).clamp(0.0, DELAY_MAX),
        ])
    }
}

impl PictureParts {
    /// From a participant's figures; `None` where nothing was to be seen.
    #[must_use]
    pub fn of(figures: &ParticipantMinute) -> Option<Self> {
        let client = &figures.client;
        // A client that saw no picture that moves can't say whether one stood still.
        let measured = if client.picture_ms == 0 { Measured::Server } else { source(figures) };
        if figures.picture_seconds == 0 && client.picture_ms == 0 {
            return None;
        }
        let lost_percent = lost_percent(figures);
        let frozen_percent = match measured {
            Measured::Client => percent(client.frozen_ms, client.picture_ms),
            Measured::Server => ((lost_percent - REPAIRED_PERCENT).max(0.0) * FROZEN_PER_LOST).min(100.0),
        };
        Some(Self {
            measured,
            frozen_percent,
            freezes: client.freezes,
            lost_percent,
            held_percent: percent(
                figures.held_seconds.into(),
                figures.picture_seconds.max(figures.held_seconds).into(),
            ),
            first_picture_ms: client.first_picture_ms,
        })
    }

    /// The mean of parts, each of which lasted so many seconds, and the sum of their freezes; `None` where none
    /// lasted.
    #[must_use]
    pub fn mean(parts: impl IntoIterator<Item = (Self, u32)>) -> Option<Self> {
        let parts: Vec<(Self, u32)> = parts.into_iter().filter(|(_, seconds)| *seconds > 0).collect();
        let of = |part: fn(&Self) -> f64| weighted(parts.iter().map(|(one, seconds)| (part(one), *seconds)));
        let share = of(|one| f64::from(u8::from(one.measured == Measured::Client)))?;
        let firsts = parts.iter().filter_map(|(one, _)| Some((f64::from(one.first_picture_ms?), 1)));
        Some(Self {
            measured: if share >= 0.5 { Measured::Client } else { Measured::Server },
            frozen_percent: of(|one| one.frozen_percent)?,
            freezes: parts.iter().fold(0, |sum, (one, _)| sum.saturating_add(one.freezes)),
            lost_percent: of(|one| one.lost_percent)?,
            held_percent: of(|one| one.held_percent)?,
            first_picture_ms: weighted(firsts).map(|ms| ms.round() as u32),
        })
    }

    /// The one number.
    #[must_use]
    pub fn score(&self) -> Score {
        let first = self.first_picture_ms.map_or(0.0, f64::from);
        Score::after(&[
            saturating(self.frozen_percent, FROZEN_HALF, FROZEN_MAX),
            self.held_percent / 100.0 * HELD_MAX,
            ((first - FIRST_FREE_MS) / 1_000.0 * FIRST_PER_SECOND).clamp(0.0, FIRST_MAX),
        ])
    }
}

/// What a share costs: the first percents most, half of `most` at `half`, never more than `most`.
fn saturating(share: f64, half: f64, most: f64) -> f64 {
    let share = share.max(0.0);
    most * share / (share + half)
}

fn weighted(values: impl Iterator<Item = (f64, u32)>) -> Option<f64> {
    let (sum, weight) = values
        .fold((0.0, 0.0), |(sum, all), (value, weight)| (sum + value * f64::from(weight), all + f64::from(weight)));
    (weight > 0.0).then(|| sum / weight)
}

/// A client that spoke for less than half of the time says too little.
fn source(figures: &ParticipantMinute) -> Measured {
    let covered = figures.client.span_ms.saturating_mul(2) >= u64::from(figures.seconds) * 1_000;
    if figures.client.span_ms > 0 && covered { Measured::Client } else { Measured::Server }
}

/// What was lost on the way to a participant, as the worse of both ends counts it.
pub(super) fn lost_percent(figures: &ParticipantMinute) -> f64 {
    let client = &figures.client;
    let share = |lost: u64, arrived: u64| percent(lost, arrived.saturating_add(lost));
    let told = share(client.sound_packets_lost, client.sound_packets)
        .max(share(client.picture_packets_lost, client.picture_packets));
    figures.down.lost_percent().max(told)
}

/// Half a round trip, in milliseconds: what one way takes where both take the same.
pub(super) fn one_way_ms(figures: &ParticipantMinute) -> u32 {
    let mean = figures.round_trip_ms.checked_div(u64::from(figures.round_trips)).unwrap_or(0);
    u32::try_from(mean / 2).unwrap_or(u32::MAX)
}

fn delay_ms(figures: &ParticipantMinute, before_ms: u32) -> u32 {
    let client = &figures.client;
    let buffer = client.buffer_ms.checked_div(client.buffers).unwrap_or(0);
    before_ms.saturating_add(one_way_ms(figures)).saturating_add(u32::try_from(buffer).unwrap_or(u32::MAX))
}
