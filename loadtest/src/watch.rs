//! Receives tracks and measures them.

use crate::measure::StreamMeasure;
use crate::peer::Peer;
use crate::picture::Stamp;
use crate::tone::Ear;
use anyhow::Result;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use webrtc::media_stream::track_remote::{TrackRemote, TrackRemoteEvent};

/// The instant from which senders and receivers of one process count their microseconds.
#[derive(Clone, Copy, Debug)]
pub struct Epoch(Instant);

impl Default for Epoch {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Epoch {
    #[must_use]
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }
}

/// What one receiver has seen and heard so far.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// By SSRC, so that a slot counts anew where the server declares a new one.
    pub video: HashMap<u32, StreamMeasure>,
    pub audio: HashMap<u32, StreamMeasure>,
    /// The newest frame that arrived whole.
    pub frame: Option<u32>,
    /// Frames that arrived whole.
    pub frames: u64,
    /// The share of the sound's last second at each frequency that was asked for.
    pub tones: Vec<(u32, f32)>,
    /// When the first video packet arrived.
    pub first_video_us: Option<u64>,
}

/// Receives until it is dropped.
pub struct Watcher {
    seen: watch::Receiver<Seen>,
    task: JoinHandle<()>,
}

impl Watcher {
    /// Takes a peer's tracks as they come; `frequencies_hz` are listened for.
    #[must_use]
    pub fn start(mut peer: Peer, epoch: Epoch, frequencies_hz: Vec<u32>) -> Self {
        let (seen_tx, seen) = watch::channel(Seen::default());
        let seen_tx = Arc::new(seen_tx);
        let task = tokio::spawn(async move {
            let mut tracks = tokio::task::JoinSet::new();
            while let Some(track) = peer.next_track().await {
                let (seen, frequencies_hz) = (Arc::clone(&seen_tx), frequencies_hz.clone());
                match track.kind().await {
                    RtpCodecKind::Audio => tracks.spawn(listen(track, seen, frequencies_hz)),
                    _ => tracks.spawn(look(track, seen, epoch)),
                };
            }
        });
        Self { seen, task }
    }

    /// What has been seen so far.
    #[must_use]
    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Waits, within a bound, until what was seen fits.
    ///
    /// # Errors
    /// Where it does not in time.
    pub async fn until(&self, bound: Duration, fits: impl FnMut(&Seen) -> bool) -> Result<Seen> {
        let mut seen = self.seen.clone();
        match tokio::time::timeout(bound, seen.wait_for(fits)).await {
            Ok(fitting) => Ok(fitting?.clone()),
            Err(_) => Err(anyhow::anyhow!("waited {bound:?} in vain; seen: {}", Summary(&self.seen()))),
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A line about what was seen, for messages.
pub struct Summary<'a>(pub &'a Seen);

impl std::fmt::Display for Summary<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let packets =
            |streams: &HashMap<u32, StreamMeasure>| streams.values().map(|stream| stream.packets).sum::<u64>();
        let Seen { video, audio, frames, tones, .. } = self.0;
        write!(
            f,
            "{} video packets ({frames} whole frames) and {} audio packets, tones {tones:?}",
            packets(video),
            packets(audio)
        )
    }
}

async fn look(track: Arc<dyn TrackRemote>, seen: Arc<watch::Sender<Seen>>, epoch: Epoch) {
    // Frames whose packets are still coming, with how many are missing; older ones are given up.
    let mut open: HashMap<u32, u16> = HashMap::new();
    while let Some(event) = track.poll().await {
        let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
        // A probe or padding: nothing of a frame.
        if packet.payload.is_empty() {
            continue;
        }
        let now_us = epoch.now_us();
        let stamp = Stamp::read(&packet.payload);
        let delay = stamp.map(|stamp| Duration::from_micros(now_us.saturating_sub(stamp.sent_at_us)));
        let whole = stamp.and_then(|stamp| {
            open.retain(|frame, _| frame.saturating_add(FRAMES_OPEN_MAX) > stamp.frame);
            let missing = open.entry(stamp.frame).or_insert(stamp.packets);
            *missing = missing.saturating_sub(1);
            (*missing == 0).then_some(stamp.frame)
        });
        seen.send_modify(|seen| {
            seen.first_video_us.get_or_insert(now_us);
            let measure = seen.video.entry(packet.header.ssrc).or_default();
            measure.count(packet.header.sequence_number, packet.payload.len(), delay);
            if whole.is_some() {
                seen.frame = seen.frame.max(whole);
                seen.frames += 1;
            }
        });
    }
}

/// How many frames a receiver waits for at a time.
const FRAMES_OPEN_MAX: u32 = 60;

async fn listen(track: Arc<dyn TrackRemote>, seen: Arc<watch::Sender<Seen>>, frequencies_hz: Vec<u32>) {
    let Ok(mut ear) = Ear::new() else { return };
    let mut packets = 0_u32;
    while let Some(event) = track.poll().await {
        let TrackRemoteEvent::OnRtpPacket(packet) = event else { continue };
        if packet.payload.is_empty() {
            continue;
        }
        packets += 1;
        // Listening costs more than counting: only where it was asked for, and five times a second.
        let listens = !frequencies_hz.is_empty() && ear.hear(&packet.payload).is_ok() && packets.is_multiple_of(10);
        let shares = listens.then(|| {
            frequencies_hz.iter().map(|frequency| (*frequency, ear.share_of(*frequency as f32))).collect::<Vec<_>>()
        });
        seen.send_modify(|seen| {
            let measure = seen.audio.entry(packet.header.ssrc).or_default();
            measure.count(packet.header.sequence_number, packet.payload.len(), None);
            if let Some(shares) = shares {
                seen.tones = shares;
            }
        });
    }
}
