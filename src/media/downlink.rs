use super::clock::RoomTime;
use super::outgoing::Outgoing;
use crate::rtp::from_short_ntp;
use crate::rtp::rtcp::{ReportBlock, TransportFeedback};
use crate::units::Bitrate;
use std::time::Duration;

/// What is known of the way from here to one receiver, by its reports and feedback.
#[derive(Debug)]
pub(super) struct Downlink {
    pub(super) round_trip: Option<Duration>,
    pub(super) jitter: Duration,
    loss: Loss,
    remb: Option<(RoomTime, Bitrate)>,
    delay: DelayTrend,
    /// Totals of what was sent when the figures were last read.
    pub(super) figured: Figured,
    pub(super) steps: Steps,
}

/// What was sent when the figures were last read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Figured {
    pub(super) at: RoomTime,
    pub(super) packets: u64,
    pub(super) bytes: u64,
}

/// Loss over the last few seconds, by receiver reports.
#[derive(Clone, Copy, Debug, Default)]
struct Loss {
    /// Share of the packets of the latest reports, smoothed.
    share: f32,
    at: Option<RoomTime>,
    heavy_since: Option<RoomTime>,
}

/// Above this share of loss a link is overloaded.
const HEAVY_LOSS: f32 = 0.10;

/// Below it all is well.
const LIGHT_LOSS: f32 = 0.03;

/// For how long loss has to be heavy before it counts.
const HEAVY_FOR: Duration = Duration::from_millis(1_500);

/// How old an estimate may be.
const ESTIMATE_VALID: Duration = Duration::from_secs(4);

/// How old loss may be: without reports nothing is known.
const LOSS_VALID: Duration = Duration::from_secs(8);

impl Downlink {
    pub(super) fn new(now: RoomTime) -> Self {
        Self {
            round_trip: None,
            jitter: Duration::ZERO,
            loss: Loss::default(),
            remb: None,
            delay: DelayTrend::default(),
            figured: Figured { at: now, packets: 0, bytes: 0 },
            steps: Steps::new(now),
        }
    }

    /// The blocks of one report that speak of our slots: the worst jitter, and the loss over all of them.
    pub(super) fn note_reports(&mut self, now: RoomTime, blocks: &[(ReportBlock, u32)]) {
        let mut weighted = 0.0;
        self.jitter = Duration::ZERO;
        for (block, clock_rate) in blocks {
            weighted += f32::from(block.fraction_lost) / 256.0;
            let jitter = f64::from(block.jitter) / f64::from((*clock_rate).max(1));
            self.jitter = self.jitter.max(Duration::from_secs_f64(jitter.min(60.0)));
            self.note_round_trip(now, block);
        }
        // The stream that suffers most is what a person notices; a mean would hide it behind silent slots.
        let worst = blocks.iter().map(|(block, _)| f32::from(block.fraction_lost) / 256.0).fold(0.0, f32::max);
        let mean = if blocks.is_empty() { 0.0 } else { weighted / blocks.len() as f32 };
        self.loss.note(now, worst.min(mean * 3.0));
    }

    /// RFC 3550 §6.4.1: now − LSR − DLSR.
    fn note_round_trip(&mut self, now: RoomTime, block: &ReportBlock) {
        if block.last_sender_report == 0 {
            return;
        }
        let units = now.ntp().middle().wrapping_sub(block.last_sender_report).wrapping_sub(block.delay_since);
        let measured = from_short_ntp(units);
        // More than a minute is a report on something else, or a clock that was off by a tick.
        if measured > Duration::from_secs(60) {
            return;
        }
        self.round_trip = Some(self.round_trip.map_or(measured, |known| (known * 3 + measured) / 4));
    }

    pub(super) fn note_remb(&mut self, now: RoomTime, bitrate: Bitrate) {
        self.remb = Some((now, bitrate));
    }

    pub(super) fn note_feedback(&mut self, now: RoomTime, feedback: &TransportFeedback<'_>, outgoing: &Outgoing) {
        self.delay.note(now, feedback, outgoing);
    }

    /// What the network carries, where something says that it is limited.
    pub(super) fn estimate(&self, now: RoomTime) -> Option<Bitrate> {
        let fresh = |estimate: Option<(RoomTime, Bitrate)>| {
            estimate.filter(|(at, _)| now.since(*at) < ESTIMATE_VALID).map(|(_, bitrate)| bitrate)
        };
        let estimates = [fresh(self.remb), fresh(self.delay.estimate)];
        estimates.into_iter().flatten().min()
    }

    pub(super) fn lost_percent(&self, now: RoomTime) -> f32 {
        self.loss.share(now) * 100.0
    }

    pub(super) fn is_overloaded(&self, now: RoomTime, sending: Bitrate) -> bool {
        let heavy = self.loss.heavy_since.is_some_and(|since| now.since(since) >= HEAVY_FOR);
        let loses = heavy && self.loss.share(now) > HEAVY_LOSS;
        // A tenth above the estimate is within its error.
        let over = self.estimate(now).is_some_and(|estimate| sending.bps() > estimate.bps().saturating_mul(11) / 10);
        loses || over
    }

    pub(super) fn is_calm(&self, now: RoomTime) -> bool {
        self.loss.share(now) < LIGHT_LOSS && !self.delay.is_rising()
    }

    /// After a step down, what was measured before it says nothing.
    pub(super) fn forget_overload(&mut self) {
        self.loss.heavy_since = None;
        self.delay.estimate = None;
        self.delay.high_since = None;
    }
}

impl Loss {
    fn note(&mut self, now: RoomTime, share: f32) {
        self.share = if self.at.is_some() { (self.share + share) / 2.0 } else { share };
        self.at = Some(now);
        if share <= HEAVY_LOSS {
            self.heavy_since = None;
        } else if self.heavy_since.is_none() {
            self.heavy_since = Some(now);
        }
    }

    fn share(&self, now: RoomTime) -> f32 {
        if self.at.is_some_and(|at| now.since(at) < LOSS_VALID) { self.share } else { 0.0 }
    }
}

/// How the time from here to the receiver changes, by transport-wide feedback: a queue that fills on the way shows
/// as growing delay before it shows as loss.
#[derive(Clone, Debug, Default)]
struct DelayTrend {
    /// The smallest difference of clocks (receiver's minus ours, microseconds modulo 2^32) of this and of the last
    /// period, and when this one began.
    smallest: Option<u32>,
    smallest_before: Option<u32>,
    period: RoomTime,
    queueing_micros: f32,
    high_since: Option<RoomTime>,
    delivered_bytes: u64,
    window: RoomTime,
    delivered: Bitrate,
    estimate: Option<(RoomTime, Bitrate)>,
}

/// Over how long the smallest delay is looked for; two periods count, so that drifting clocks do not matter.
const DELAY_PERIOD: Duration = Duration::from_secs(15);

/// A queue of this many microseconds is too long.
const QUEUE_MICROS_MAX: f32 = 150_000.0;

/// For how long it has to be before it counts.
const QUEUE_HIGH_FOR: Duration = Duration::from_millis(600);

/// What of the delivered rate is believed to last once a queue built up, in percent.
const BACK_OFF_PERCENT: u64 = 85;

impl DelayTrend {
    fn note(&mut self, now: RoomTime, feedback: &TransportFeedback<'_>, outgoing: &Outgoing) {
        if now.since(self.period) >= DELAY_PERIOD {
            self.period = now;
            self.smallest_before = self.smallest.take();
        }
        for (seq, arrival) in feedback.arrivals() {
            let (Some(arrival), Some(sent)) = (arrival, outgoing.find(seq)) else { continue };
            self.delivered_bytes += sent.bytes();
            let difference = (arrival.micros as u32).wrapping_sub(sent.micros());
            self.smallest = Some(self.smallest.map_or(difference, |known| smaller(known, difference)));
            let base = match (self.smallest, self.smallest_before) {
                (Some(now), Some(before)) => smaller(now, before),
                (Some(only), None) | (None, Some(only)) => only,
                (None, None) => difference,
            };
            let queueing = difference.wrapping_sub(base) as f32;
            self.queueing_micros += (queueing - self.queueing_micros) / 16.0;
        }
        self.measure(now);
        if self.queueing_micros < QUEUE_MICROS_MAX {
            self.high_since = None;
            return;
        }
        let since = *self.high_since.get_or_insert(now);
        if now.since(since) >= QUEUE_HIGH_FOR && self.delivered > Bitrate(0) {
            self.estimate = Some((now, Bitrate(self.delivered.bps() * BACK_OFF_PERCENT / 100)));
        }
    }

    fn measure(&mut self, now: RoomTime) {
        let elapsed = now.since(self.window);
        if elapsed >= Duration::from_millis(500) {
            self.delivered = Bitrate::of(self.delivered_bytes, elapsed);
            self.delivered_bytes = 0;
            self.window = now;
        }
    }

    fn is_rising(&self) -> bool {
        self.queueing_micros > QUEUE_MICROS_MAX / 2.0
    }
}

/// The smaller of two numbers that wrap.
fn smaller(one: u32, other: u32) -> u32 {
    if one.wrapping_sub(other).cast_signed() < 0 { one } else { other }
}

/// When to try more and when to take less: one step at a time, and ever more rarely where trying failed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    calm_since: RoomTime,
    last_down: Option<RoomTime>,
    last_up: Option<RoomTime>,
    pause: Duration,
}

/// How long a link has to be calm before the first step up, and before each further one.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_secs(3);
const PAUSE_MAX: Duration = Duration::from_secs(60);

/// A step up has failed if the link is overloaded within this time.
const TRIAL: Duration = Duration::from_secs(10);

/// How long a step down is given to show its effect.
const SETTLE: Duration = Duration::from_secs(2);

const _: () = assert!(PAUSE.as_millis() < PAUSE_MAX.as_millis() && SETTLE.as_millis() < TRIAL.as_millis());

impl Steps {
    fn new(now: RoomTime) -> Self {
        Self { calm_since: now, last_down: None, last_up: None, pause: FIRST_PAUSE }
    }

    pub(super) fn note_unrest(&mut self, now: RoomTime) {
        self.calm_since = now;
    }

    pub(super) fn may_step_up(&self, now: RoomTime) -> bool {
        let since = self.last_up.map_or(self.calm_since, |up| up.max(self.calm_since));
        now.since(since) >= self.pause
    }

    pub(super) fn may_step_down(&self, now: RoomTime) -> bool {
        self.last_down.is_none_or(|down| now.since(down) >= SETTLE)
    }

    pub(super) fn stepped_up(&mut self, now: RoomTime) {
        self.last_up = Some(now);
        self.pause = self.pause.max(PAUSE).min(PAUSE_MAX);
    }

    pub(super) fn stepped_down(&mut self, now: RoomTime) {
        let failed = self.last_up.is_some_and(|up| now.since(up) < TRIAL);
        self.pause = if failed { (self.pause * 2).clamp(PAUSE, PAUSE_MAX) } else { self.pause.max(PAUSE) };
        self.last_down = Some(now);
        self.calm_since = now;
    }

    /// A step up that has held makes the next ones quicker again.
    pub(super) fn forgive(&mut self, now: RoomTime) {
        if self.last_up.is_some_and(|up| now.since(up) > PAUSE_MAX) {
            self.pause = PAUSE;
        }
    }

    /// Whether the link was overloaded lately, so that new pictures had better start small.
    pub(super) fn is_burnt(&self, now: RoomTime) -> bool {
        self.last_down.is_some_and(|down| now.since(down) < PAUSE_MAX)
    }
}
