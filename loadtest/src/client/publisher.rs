//! The sending half of a client: voice and pictures at their real rates, keyframes and repairs on request, reports.

use super::clock::Moment;
use super::frame::{Frame, stamp};
use super::sdp::{OPUS, RIDS, VP8, VP8_RTX};
use super::transport::Transport;
use super::voice::{PACKET_SAMPLES, Voice};
use super::wire::OwnHeader;
use bytes::BytesMut;
use qism::protocol::Source;
use qism::rtp::rtcp::{Compound, Rtcp, RtcpWriter, SenderInfo};
use qism::rtp::{NtpTime, Ssrc};
use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Frames per second of a camera and of a screen.
pub const CAMERA_RATE: u32 = 30;
pub const SCREEN_RATE: u32 = 5;

/// What a screen sends in bits per second: text that scrolls now and then.
pub const SCREEN_BPS: u64 = 600_000;

/// What a camera's smaller encodings are of the largest: height, and share of the bits.
const ENCODINGS: [(u16, f64); 3] = [(720, 1.0), (360, 0.33), (180, 0.1)];

const VOICE_INTERVAL: Duration = Duration::from_millis(20);
const REPORT_INTERVAL: Duration = Duration::from_secs(1);

/// The least time between two keyframes of one encoding, however many ask.
const KEYFRAME_INTERVAL: Duration = Duration::from_millis(300);

/// How many packets of an encoding are kept for repairs.
const KEPT_MAX: usize = 512;

/// The longest compound that is written, in bytes.
const COMPOUND_BYTES_MAX: usize = 1_160;

/// What a client sends from one source.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The m-line.
    pub mid: String,
    pub source: Source,
    /// Of a camera's largest encoding.
    pub bitrate_bps: u64,
    /// For a microphone.
    pub voice: Arc<Voice>,
    /// Where in its sound the voice begins.
    pub voice_place: usize,
}

/// One RTP stream that is sent.
struct Encoding {
    ssrc: u32,
    repair_ssrc: u32,
    rid: Option<&'static str>,
    height: u16,
    frame_bytes: usize,
    sequence: u16,
    repair_sequence: u16,
    timestamp: u32,
    packets: u32,
    octets: u32,
    wants_keyframe: bool,
    keyframe_at: Option<Instant>,
    kept: VecDeque<Kept>,
}

/// A packet that was sent, without its header.
#[derive(Default)]
struct Kept {
    sequence: u16,
    timestamp: u32,
    marker: bool,
    payload: Vec<u8>,
}

struct Track {
    mid: String,
    interval: Duration,
    next_at: Instant,
    content: Content,
    encodings: Vec<Encoding>,
}

enum Content {
    Voice { voice: Arc<Voice>, place: usize },
    Pictures { rate: u32, picture: u16 },
}

/// What one client sends.
pub struct Publisher {
    tracks: Vec<Track>,
    transport_sequence: u16,
    report_at: Instant,
    runs: bool,
}

impl Publisher {
    #[must_use]
    pub fn new(now: Instant, sending: Vec<Sending>) -> Self {
        let tracks = sending.into_iter().map(|sending| Track::new(now, sending)).collect();
        Self { tracks, transport_sequence: 0, report_at: now, runs: false }
    }

    /// Starts to send, each source at its own moment within its first interval.
    pub fn start(&mut self, now: Instant) {
        self.runs = true;
        for track in &mut self.tracks {
            track.next_at = now + track.interval.mul_f64(share());
            track.encodings.iter_mut().for_each(|encoding| encoding.wants_keyframe = true);
        }
    }

    /// Stops sending; reports go on no more either.
    pub fn stop(&mut self) {
        self.runs = false;
    }

    /// When something is due; nothing where nothing is sent.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        let next = self.tracks.iter().map(|track| track.next_at).min()?;
        self.runs.then(|| next.min(self.report_at))
    }

    /// Sends what is due.
    pub fn handle_timeout(&mut self, now: Moment, transport: &mut Transport, out: &mut Vec<BytesMut>) {
        if !self.runs {
            return;
        }
        let mut sender = Sender { now, transport, out, transport_sequence: &mut self.transport_sequence };
        for track in &mut self.tracks {
            if now.at >= track.next_at {
                track.send(&mut sender);
                // A sender that was kept from sending does not make up for it all at once.
                let behind = now.at.saturating_duration_since(track.next_at);
                track.next_at += if behind > track.interval * 4 { behind } else { track.interval };
            }
        }
        if now.at >= self.report_at {
            self.report_at = now.at + REPORT_INTERVAL;
            self.report(now, transport, out);
        }
    }

    fn report(&mut self, now: Moment, transport: &mut Transport, out: &mut Vec<BytesMut>) {
        let mut buffer = [0; COMPOUND_BYTES_MAX];
        let mut compound = RtcpWriter::new(&mut buffer);
        for encoding in self.tracks.iter().flat_map(|track| &track.encodings) {
            let info = SenderInfo {
                ntp: NtpTime::from_micros(now.us),
                timestamp: encoding.timestamp,
                packets: encoding.packets,
                octets: encoding.octets,
            };
            compound.sender_report(Ssrc(encoding.ssrc), &info, &[]);
            compound.cname(Ssrc(encoding.ssrc), "loadtest");
        }
        out.extend(transport.seal_rtcp(compound.written()));
    }

    /// Answers the server's requests, and gives how many keyframes it asked for.
    pub fn handle_rtcp(
        &mut self,
        now: Moment,
        compound: &[u8],
        transport: &mut Transport,
        out: &mut Vec<BytesMut>,
    ) -> u64 {
        let mut asked = 0;
        let mut sender = Sender { now, transport, out, transport_sequence: &mut self.transport_sequence };
        for packet in Compound::new(compound).flatten() {
            match packet {
                Rtcp::PictureLoss { media } => asked += ask_keyframe(&mut self.tracks, media),
                Rtcp::FullIntra { sources } => {
                    asked += sources.map(|source| ask_keyframe(&mut self.tracks, source)).sum::<u64>();
                }
                Rtcp::Nack { media, pairs } => {
                    for track in &mut self.tracks {
                        let found = track.encodings.iter_mut().find(|encoding| encoding.ssrc == media.0);
                        if let Some(encoding) = found {
                            pairs.lost().for_each(|seq| encoding.repair(&track.mid, seq.0, &mut sender));
                        }
                    }
                }
                _ => {}
            }
        }
        asked
    }
}

/// 1 where the source is one of these.
fn ask_keyframe(tracks: &mut [Track], media: Ssrc) -> u64 {
    let mut encodings = tracks.iter_mut().flat_map(|track| &mut track.encodings);
    let Some(encoding) = encodings.find(|encoding| encoding.ssrc == media.0) else { return 0 };
    encoding.wants_keyframe = true;
    1
}

/// Seals packets and numbers them transport-wide.
struct Sender<'a> {
    now: Moment,
    transport: &'a mut Transport,
    out: &'a mut Vec<BytesMut>,
    transport_sequence: &'a mut u16,
}

impl Sender<'_> {
    fn send(&mut self, header: OwnHeader<'_>, payload: &[&[u8]]) {
        *self.transport_sequence = self.transport_sequence.wrapping_add(1);
        // 6.18 fixed point seconds, of which 24 bits are sent.
        let abs_send_time = ((u128::from(self.now.us) << 18) / 1_000_000) as u32 & 0xff_ffff;
        let header = OwnHeader { transport_sequence: *self.transport_sequence, abs_send_time, ..header };
        let mut packet = Vec::with_capacity(1_300);
        header.write(&mut packet);
        payload.iter().for_each(|part| packet.extend_from_slice(part));
        self.out.extend(self.transport.seal_rtp(&packet));
    }
}

impl Track {
    fn new(now: Instant, sending: Sending) -> Self {
        let Sending { mid, source, bitrate_bps, voice, voice_place } = sending;
        let (content, interval, encodings) = match source {
            Source::Microphone | Source::ScreenAudio => {
                (Content::Voice { voice, place: voice_place }, VOICE_INTERVAL, vec![Encoding::new(None, 0, 0)])
            }
            Source::Camera => {
                let encodings = RIDS.iter().zip(ENCODINGS).map(|(rid, (height, part))| {
                    let bytes = (bitrate_bps as f64 * part / 8.0 / f64::from(CAMERA_RATE)) as usize;
                    Encoding::new(Some(rid), height, bytes)
                });
                pictures(CAMERA_RATE, encodings.collect())
            }
            Source::Screen => {
                let bytes = (SCREEN_BPS / 8 / u64::from(SCREEN_RATE)) as usize;
                pictures(SCREEN_RATE, vec![Encoding::new(None, 1_080, bytes)])
            }
        };
        Self { mid, interval, next_at: now, content, encodings }
    }

    /// Sends a packet of sound, or a frame of each encoding in one burst.
    fn send(&mut self, sender: &mut Sender<'_>) {
        match &mut self.content {
            Content::Voice { voice, place } => {
                if let (Some(packet), Some(encoding)) = (voice.packet(*place), self.encodings.first_mut()) {
                    encoding.send_voice(&self.mid, packet, sender);
                }
                *place += 1;
            }
            Content::Pictures { rate, picture } => {
                *picture = picture.wrapping_add(1) & 0x7fff;
                for encoding in &mut self.encodings {
                    encoding.send_frame(&self.mid, *picture, sender);
                    encoding.timestamp = encoding.timestamp.wrapping_add(90_000 / *rate);
                }
            }
        }
    }
}

fn pictures(rate: u32, encodings: Vec<Encoding>) -> (Content, Duration, Vec<Encoding>) {
    (Content::Pictures { rate, picture: 0 }, Duration::from_secs(1) / rate, encodings)
}

impl Encoding {
    fn new(rid: Option<&'static str>, height: u16, frame_bytes: usize) -> Self {
        let (ssrc, repair_ssrc) = (random(), random());
        Self {
            ssrc,
            repair_ssrc,
            rid,
            height,
            frame_bytes,
            sequence: random() as u16,
            repair_sequence: random() as u16,
            timestamp: random(),
            packets: 0,
            octets: 0,
            wants_keyframe: true,
            keyframe_at: None,
            kept: VecDeque::new(),
        }
    }

    fn send_voice(&mut self, mid: &str, packet: &super::voice::Packet, sender: &mut Sender<'_>) {
        let mut payload = packet.payload.clone();
        stamp(&mut payload, sender.now.us);
        let header = OwnHeader {
            payload_type: OPUS,
            sequence: self.sequence,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
            mid,
            audio_level: Some(packet.level),
            ..OwnHeader::default()
        };
        sender.send(header, &[&payload]);
        self.count(payload.len());
        self.timestamp = self.timestamp.wrapping_add(PACKET_SAMPLES);
    }

    fn send_frame(&mut self, mid: &str, picture_id: u16, sender: &mut Sender<'_>) {
        let now = sender.now.at;
        let rested = self.keyframe_at.is_none_or(|at| now.saturating_duration_since(at) >= KEYFRAME_INTERVAL);
        let keyframe = self.wants_keyframe && rested;
        if keyframe {
            (self.wants_keyframe, self.keyframe_at) = (false, Some(now));
        }
        let width = (u32::from(self.height) * 16 / 9) as u16;
        let frame = Frame { picture_id, keyframe, width, height: self.height, bytes: self.frame_bytes };
        let sizes = frame.sizes();
        for (place, size) in sizes.iter().enumerate() {
            let mut kept = if self.kept.len() >= KEPT_MAX { self.kept.pop_front() } else { None }.unwrap_or_default();
            kept.payload.clear();
            frame.write(place, *size, &mut kept.payload);
            stamp(&mut kept.payload, sender.now.us);
            (kept.sequence, kept.timestamp, kept.marker) = (self.sequence, self.timestamp, place + 1 == sizes.len());
            let header = OwnHeader {
                payload_type: VP8,
                marker: kept.marker,
                sequence: self.sequence,
                timestamp: self.timestamp,
                ssrc: self.ssrc,
                mid,
                rid: self.rid.map(|rid| (rid, false)),
                ..OwnHeader::default()
            };
            sender.send(header, &[&kept.payload]);
            self.count(kept.payload.len());
            self.kept.push_back(kept);
        }
    }

    fn count(&mut self, octets: usize) {
        self.sequence = self.sequence.wrapping_add(1);
        self.packets = self.packets.wrapping_add(1);
        self.octets = self.octets.wrapping_add(octets as u32);
    }

    /// Sends a packet again (RFC 4588 §4).
    fn repair(&mut self, mid: &str, sequence: u16, sender: &mut Sender<'_>) {
        let Some(kept) = self.kept.iter().find(|kept| kept.sequence == sequence) else { return };
        let header = OwnHeader {
            payload_type: VP8_RTX,
            marker: kept.marker,
            sequence: self.repair_sequence,
            timestamp: kept.timestamp,
            ssrc: self.repair_ssrc,
            mid,
            rid: self.rid.map(|rid| (rid, true)),
            ..OwnHeader::default()
        };
        sender.send(header, &[&sequence.to_be_bytes(), &kept.payload]);
        self.repair_sequence = self.repair_sequence.wrapping_add(1);
    }
}

/// Keyed at random by the standard library, which is all that these numbers need.
fn random() -> u32 {
    RandomState::new().hash_one(0_u8) as u32
}

/// 0 to 1.
fn share() -> f64 {
    f64::from(random()) / f64::from(u32::MAX)
}
