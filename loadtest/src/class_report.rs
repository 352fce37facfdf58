//! What a run found, for people and as JSON.

use crate::class::Class;
use crate::measure::{StreamMeasure, quantile};
use crate::watch::Seen;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    pub viewers_wanted: usize,
    pub viewers_joined: usize,
    /// Joined, and no video packet came in 20 s.
    pub viewers_without_video: usize,
    pub seconds: f64,
    pub video_packets_sent: u64,
    pub audio_packets_sent: u64,
    pub keyframes_sent: u64,
    /// Over all viewers.
    pub video_packets_received: u64,
    pub audio_packets_received: u64,
    pub video_lost_percent: f64,
    pub audio_lost_percent: f64,
    pub whole_frames_received: u64,
    /// From a packet's sending to its arrival, both in this process.
    pub video_delay_ms: Quantiles,
    /// From the first request to a connection that can carry media.
    pub joined_in_ms: Quantiles,
    /// From the first request to the first video packet.
    pub first_packet_in_ms: Quantiles,
    pub failures: Vec<String>,
}

/// Of values in milliseconds; absent where there are none.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Quantiles {
    pub p50: Option<f64>,
    pub p95: Option<f64>,
    pub p99: Option<f64>,
}

impl Quantiles {
    fn of(mut micros: Vec<u32>) -> Self {
        let mut at = |share| quantile(&mut micros, share).map(|value| f64::from(value) / 1_000.0);
        Self { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
    }
}

/// One viewer.
#[derive(Clone, Debug)]
pub struct ViewerReport {
    video: Totals,
    audio: Totals,
    frames: u64,
    delays_us: Vec<u32>,
    joined_in: Duration,
    first_packet_in: Option<Duration>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Totals {
    packets: u64,
    expected: u64,
    lost: u64,
}

impl ViewerReport {
    #[must_use]
    pub fn of(seen: &Seen, joined_in: Duration, first_packet_in: Option<Duration>) -> Self {
        let delays_us = seen.video.values().flat_map(|stream| stream.delays_us().iter().copied()).collect();
        let (video, audio) = (totals(&seen.video), totals(&seen.audio));
        Self { video, audio, frames: seen.frames, delays_us, joined_in, first_packet_in }
    }
}

fn totals(streams: &HashMap<u32, StreamMeasure>) -> Totals {
    streams.values().fold(Totals::default(), |sum, stream| Totals {
        packets: sum.packets + stream.packets,
        expected: sum.expected + stream.expected(),
        lost: sum.lost + stream.lost(),
    })
}

impl Report {
    /// `sent` is video packets, audio packets and keyframes.
    #[must_use]
    pub fn new(class: Class, sent: (u64, u64, u64), viewers: Vec<ViewerReport>, failures: Vec<String>) -> Self {
        let sum = |of: fn(&ViewerReport) -> u64| viewers.iter().map(of).sum::<u64>();
        let micros = |duration: Duration| u32::try_from(duration.as_micros()).unwrap_or(u32::MAX);
        Self {
            viewers_wanted: class.viewers,
            viewers_joined: viewers.len(),
            viewers_without_video: viewers.iter().filter(|viewer| viewer.first_packet_in.is_none()).count(),
            seconds: class.duration.as_secs_f64(),
            video_packets_sent: sent.0,
            audio_packets_sent: sent.1,
            keyframes_sent: sent.2,
            video_packets_received: sum(|viewer| viewer.video.packets),
            audio_packets_received: sum(|viewer| viewer.audio.packets),
            video_lost_percent: percent(sum(|viewer| viewer.video.lost), sum(|viewer| viewer.video.expected)),
            audio_lost_percent: percent(sum(|viewer| viewer.audio.lost), sum(|viewer| viewer.audio.expected)),
            whole_frames_received: sum(|viewer| viewer.frames),
            video_delay_ms: Quantiles::of(viewers.iter().flat_map(|viewer| viewer.delays_us.clone()).collect()),
            joined_in_ms: Quantiles::of(viewers.iter().map(|viewer| micros(viewer.joined_in)).collect()),
            first_packet_in_ms: Quantiles::of(
                viewers.iter().filter_map(|viewer| viewer.first_packet_in).map(micros).collect(),
            ),
            failures,
        }
    }

    /// Whether everybody got in and saw something.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.viewers_joined == self.viewers_wanted && self.viewers_without_video == 0
    }
}

fn percent(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 * 100.0 / whole as f64 }
}

impl fmt::Display for Quantiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.p50, self.p95, self.p99) {
            (Some(p50), Some(p95), Some(p99)) => write!(f, "{p50:8.1} ms {p95:8.1} ms {p99:8.1} ms"),
            _ => write!(f, "none"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "viewers         {} of {} joined", self.viewers_joined, self.viewers_wanted)?;
        writeln!(f, "without video   {}", self.viewers_without_video)?;
        writeln!(
            f,
            "sent            {} video packets ({} keyframes), {} audio packets",
            self.video_packets_sent, self.keyframes_sent, self.audio_packets_sent
        )?;
        writeln!(
            f,
            "received        {} video packets, {} whole frames, {} audio packets",
            self.video_packets_received, self.whole_frames_received, self.audio_packets_received
        )?;
        writeln!(f, "lost            {:.3} % video, {:.3} % audio", self.video_lost_percent, self.audio_lost_percent)?;
        writeln!(f, "                     p50         p95         p99")?;
        writeln!(f, "packet delay    {}", self.video_delay_ms)?;
        writeln!(f, "join            {}", self.joined_in_ms)?;
        writeln!(f, "first packet    {}", self.first_packet_in_ms)?;
        for failure in self.failures.iter().take(FAILURES_SHOWN_MAX) {
            writeln!(f, "failed          {failure}")?;
        }
        let more = self.failures.len().saturating_sub(FAILURES_SHOWN_MAX);
        if more > 0 {
            writeln!(f, "                and {more} more")?;
        }
        Ok(())
    }
}

/// Failures that are spelled out for people; the JSON has them all.
const FAILURES_SHOWN_MAX: usize = 10;
