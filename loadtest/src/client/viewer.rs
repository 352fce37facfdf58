//! The receiving half of a client: counts everything by its plain headers, opens a packet in 64, and sends the feedback
//! that a browser sends.

use super::clock::Moment;
use super::frame::{sent_at_us, starts_keyframe};
use super::sdp::{OPUS, VP8, VP8_RTX};
use super::stream::Stream;
use super::tally::{Tally, Totals};
use super::transport::Transport;
use super::wire::SealedHeader;
use bytes::BytesMut;
use qism::rtp::rtcp::{Compound, ReportBlock, Rtcp, RtcpWriter, write_transport_feedback};
use qism::rtp::{RtpPacket, Seq, Ssrc, short_ntp};
use std::time::{Duration, Instant};

/// One packet in this many is opened.
const OPENED_EVERY: u32 = 64;

/// How often transport-wide feedback, reports and requests for a keyframe are sent, as libwebrtc does.
const FEEDBACK_INTERVAL: Duration = Duration::from_millis(50);
const REPORT_INTERVAL: Duration = Duration::from_secs(1);
const KEYFRAME_PATIENCE: Duration = Duration::from_secs(1);
/// How often missing packets are looked at while there are any.
const REPAIR_INTERVAL: Duration = Duration::from_millis(20);

/// A stream's first packets may come from the server's cache: they say nothing about how long a hop takes.
const HOPS_AFTER: Duration = Duration::from_secs(1);

/// How many packets may wait for feedback; older ones are never told.
const PENDING_MAX: usize = 2_048;

/// The longest compound that is written, in bytes.
const COMPOUND_BYTES_MAX: usize = 1_160;

/// The SSRC that a receiver without own streams reports under, as libwebrtc does.
const OWN_SSRC: Ssrc = Ssrc(1);

struct Received {
    ssrc: u32,
    is_video: bool,
    stream: Stream,
    hops_from: Instant,
    keyframe_seen: bool,
    ask_keyframe_at: Instant,
    /// The middle of the last sender report's time, and when it came.
    sender_report: Option<(u32, Instant)>,
}

/// What one client receives.
pub struct Viewer {
    /// The SSRCs of pictures and of their repairs, by the answer.
    repairs: Vec<(u32, u32)>,
    streams: Vec<Received>,
    until_opened: u32,
    /// Transport-wide numbers and arrivals that no feedback has told yet.
    arrivals: Vec<(Seq, u64)>,
    told: Option<Seq>,
    feedback_at: Instant,
    feedbacks: u8,
    report_at: Instant,
    repair_at: Instant,
    pub first_audio_at: Option<Instant>,
    pub first_video_at: Option<Instant>,
}

impl Viewer {
    #[must_use]
    pub fn new(now: Instant, repairs: Vec<(u32, u32)>) -> Self {
        Self {
            repairs,
            streams: Vec::new(),
            until_opened: 0,
            arrivals: Vec::new(),
            told: None,
            feedback_at: now,
            feedbacks: 0,
            report_at: now + REPORT_INTERVAL,
            repair_at: now,
            first_audio_at: None,
            first_video_at: None,
        }
    }

    /// What the streams say about loss, of them all.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for Received { stream, .. } in &self.streams {
            totals += Totals {
                expected: stream.expected(),
                packets: stream.packets,
                duplicates: stream.duplicates,
                reordered: stream.reordered,
                repaired: stream.repaired,
            };
        }
        totals
    }

    /// Counts one sealed packet, and opens it where it is its turn.
    pub fn handle_rtp(&mut self, now: Moment, packet: &[u8], transport: &mut Transport, tally: &mut Tally) {
        let Some(header) = SealedHeader::read(packet) else { return };
        tally.arrivals.bytes += packet.len() as u64;
        if let Some(seq) = header.transport_sequence {
            self.note_arrival(now, Seq(seq));
        }
        match header.payload_type {
            VP8 => {
                tally.arrivals.video_packets += 1;
                self.first_video_at.get_or_insert(now.at);
                self.handle_media(now, packet, header, transport, tally);
            }
            OPUS => {
                tally.arrivals.audio_packets += 1;
                self.first_audio_at.get_or_insert(now.at);
                self.handle_media(now, packet, header, transport, tally);
            }
            VP8_RTX => {
                tally.arrivals.video_packets += 1;
                self.handle_repair(now.at, packet, header, transport, tally);
            }
            _ => {}
        }
    }

    fn note_arrival(&mut self, now: Moment, seq: Seq) {
        if self.arrivals.is_empty() && self.feedback_at <= now.at {
            self.feedback_at = now.at + FEEDBACK_INTERVAL;
        }
        if self.arrivals.len() < PENDING_MAX {
            self.arrivals.push((seq, now.us));
        }
    }

    fn handle_media(
        &mut self,
        now: Moment,
        packet: &[u8],
        header: SealedHeader,
        transport: &mut Transport,
        tally: &mut Tally,
    ) {
        let is_video = header.payload_type == VP8;
        let received = self.stream(now.at, header.ssrc, is_video);
        received.stream.count(now.at, header.sequence);
        let awaits_keyframe = is_video && !received.keyframe_seen;
        let hops_count = now.at >= received.hops_from;
        if received.stream.misses_something() {
            self.repair_at = self.repair_at.min(now.at + REPAIR_INTERVAL);
        }
        if !awaits_keyframe && self.until_opened > 0 {
            self.until_opened -= 1;
            return;
        }
        if !awaits_keyframe {
            self.until_opened = OPENED_EVERY - 1;
        }
        let opened = transport.open_rtp(packet);
        let Some(parsed) = opened.as_ref().and_then(|opened| RtpPacket::parse(opened).ok()) else {
            tally.unopened += 1;
            return;
        };
        if hops_count && let Some(sent_at_us) = sent_at_us(parsed.payload) {
            tally.note_hop(now.us.saturating_sub(sent_at_us));
        }
        if awaits_keyframe && starts_keyframe(parsed.payload) {
            self.stream(now.at, header.ssrc, true).keyframe_seen = true;
        }
    }

    /// A repair says inside which packet it repairs (RFC 4588 §4); without content it only probes the path.
    fn handle_repair(
        &mut self,
        now: Instant,
        packet: &[u8],
        header: SealedHeader,
        transport: &mut Transport,
        tally: &mut Tally,
    ) {
        let Some(opened) = transport.open_rtp(packet) else {
            tally.unopened += 1;
            return;
        };
        let original = RtpPacket::parse(&opened).ok().and_then(|parsed| parsed.payload.first_chunk().copied());
        let media = self.repairs.iter().find(|(_, repair)| *repair == header.ssrc).map(|(media, _)| *media);
        if let (Some(original), Some(media)) = (original, media) {
            self.stream(now, media, true).stream.count_repair(now, u16::from_be_bytes(original));
        }
    }

    fn stream(&mut self, now: Instant, ssrc: u32, is_video: bool) -> &mut Received {
        let known = self.streams.iter().position(|received| received.ssrc == ssrc);
        let at = known.unwrap_or_else(|| {
            self.streams.push(Received {
                ssrc,
                is_video,
                stream: Stream::default(),
                hops_from: now + HOPS_AFTER,
                keyframe_seen: false,
                ask_keyframe_at: now + KEYFRAME_PATIENCE,
                sender_report: None,
            });
            self.streams.len() - 1
        });
        &mut self.streams[at]
    }

    /// Notes the server's sender reports, which its round trips are measured by.
    pub fn handle_rtcp(&mut self, now: Instant, compound: &[u8]) {
        for packet in Compound::new(compound).flatten() {
            if let Rtcp::SenderReport { sender, info, .. } = packet
                && let Some(received) = self.streams.iter_mut().find(|received| received.ssrc == sender.0)
            {
                received.sender_report = Some((info.ntp.middle(), now));
            }
        }
    }

    #[must_use]
    pub fn poll_timeout(&self) -> Instant {
        let feedback_at = if self.arrivals.is_empty() { self.report_at } else { self.feedback_at };
        let misses = self.streams.iter().any(|received| received.stream.misses_something());
        let repair_at = if misses { self.repair_at } else { self.report_at };
        self.report_at.min(feedback_at).min(repair_at)
    }

    /// Writes what is due.
    pub fn handle_timeout(&mut self, now: Instant, transport: &mut Transport, out: &mut Vec<BytesMut>) {
        let mut buffer = [0; COMPOUND_BYTES_MAX];
        let mut compound = RtcpWriter::new(&mut buffer);
        if now >= self.report_at {
            self.report_at = now + REPORT_INTERVAL;
            self.write_report(now, &mut compound);
            self.ask_keyframes(now, &mut compound);
        }
        if now >= self.repair_at {
            self.repair_at = now + REPAIR_INTERVAL;
            for received in self.streams.iter_mut().filter(|received| received.is_video) {
                let missing = received.stream.to_ask(now);
                if !missing.is_empty() {
                    compound.nack(OWN_SSRC, Ssrc(received.ssrc), missing);
                }
            }
        }
        if now >= self.feedback_at && !self.arrivals.is_empty() {
            self.write_feedback(&mut compound);
            self.feedback_at = now + FEEDBACK_INTERVAL;
        }
        if !compound.is_empty() {
            out.extend(transport.seal_rtcp(compound.written()));
        }
    }

    fn write_report(&mut self, now: Instant, compound: &mut RtcpWriter<'_>) {
        let blocks: Vec<ReportBlock> = self
            .streams
            .iter_mut()
            .map(|received| {
                let (middle, delay) = received
                    .sender_report
                    .map_or((0, 0), |(middle, at)| (middle, short_ntp(now.saturating_duration_since(at))));
                ReportBlock {
                    ssrc: Ssrc(received.ssrc),
                    fraction_lost: received.stream.fraction_lost(),
                    cumulative_lost: i32::try_from(received.stream.lost()).unwrap_or(i32::MAX),
                    highest_sequence: received.stream.highest(),
                    jitter: 0,
                    last_sender_report: middle,
                    delay_since: delay,
                }
            })
            .collect();
        if !blocks.is_empty() {
            compound.receiver_report(OWN_SSRC, &blocks);
        }
    }

    fn ask_keyframes(&mut self, now: Instant, compound: &mut RtcpWriter<'_>) {
        let waits =
            |received: &&mut Received| received.is_video && !received.keyframe_seen && now >= received.ask_keyframe_at;
        for received in self.streams.iter_mut().filter(waits) {
            received.ask_keyframe_at = now + KEYFRAME_PATIENCE;
            compound.picture_loss(OWN_SSRC, Ssrc(received.ssrc));
        }
    }

    fn write_feedback(&mut self, compound: &mut RtcpWriter<'_>) {
        let Some((any, _)) = self.arrivals.first().copied() else { return };
        self.arrivals.sort_by_key(|(seq, _)| seq.ahead_of(any));
        let oldest = self.arrivals.first().map_or(any, |(seq, _)| *seq);
        // From the last that was told on, so that what was lost in between is told too.
        let base = self.told.map(|told| told.plus(1)).filter(|base| oldest.ahead_of(*base) >= 0).unwrap_or(oldest);
        let newest = self.arrivals.last().map_or(oldest, |(seq, _)| *seq);
        let mut known = self.arrivals.iter().peekable();
        let times = (0..=newest.ahead_of(base).max(0).unsigned_abs()).map(|offset| {
            let seq = base.plus(offset);
            let mut found = None;
            while let Some((_, at)) = known.next_if(|(arrived, _)| *arrived == seq) {
                found = Some(*at);
            }
            found
        });
        let media = self.streams.first().map_or(Ssrc(0), |received| Ssrc(received.ssrc));
        write_transport_feedback(compound, OWN_SSRC, media, base, self.feedbacks, times);
        self.feedbacks = self.feedbacks.wrapping_add(1);
        self.told = self.told.filter(|told| told.ahead_of(newest) > 0).or(Some(newest));
        self.arrivals.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::clock::Epoch;

    fn told(viewer: &mut Viewer) -> Vec<(u16, bool)> {
        let mut buffer = [0; COMPOUND_BYTES_MAX];
        let mut compound = RtcpWriter::new(&mut buffer);
        viewer.write_feedback(&mut compound);
        let packet = Compound::new(compound.written()).next().expect("a packet").expect("well formed");
        let Rtcp::TransportFeedback(feedback) = packet else { panic!("{packet:?}") };
        feedback.arrivals().map(|(seq, arrival)| (seq.0, arrival.is_some())).collect()
    }

    #[test]
    fn feedback_tells_each_number_once_and_what_is_missing_between_two_messages() {
        let epoch = Epoch::default();
        let mut viewer = Viewer::new(epoch.now().at, Vec::new());
        for number in [65_534, 0, 65_535, 2] {
            viewer.note_arrival(epoch.now(), Seq(number));
        }
        let first = [(65_534, true), (65_535, true), (0, true), (1, false), (2, true)];
        assert_eq!(told(&mut viewer), first);
        viewer.note_arrival(epoch.now(), Seq(4));
        assert_eq!(told(&mut viewer), [(3, false), (4, true)]);
        // What comes after it was told as lost is told again, alone.
        viewer.note_arrival(epoch.now(), Seq(3));
        assert_eq!(told(&mut viewer), [(3, true)]);
        viewer.note_arrival(epoch.now(), Seq(5));
        assert_eq!(told(&mut viewer), [(5, true)]);
    }
}
