//! Sends a tone and a picture-shaped video at their real rates until it is dropped.

use crate::peer::Peer;
use crate::picture::{FRAME_RATE, payloads};
use crate::tone::{PACKET_SAMPLES, Tone};
use crate::watch::Epoch;
use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use rtc::peer_connection::configuration::media_engine::{MIME_TYPE_OPUS, MIME_TYPE_VP8};
use rtc::rtp;
use rtc::rtp_transceiver::rtp_sender::{RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind};
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use webrtc::media_stream::MediaStreamTrack;
use webrtc::media_stream::track_local::static_rtp::TrackLocalStaticRTP;
use webrtc::media_stream::track_local::{TrackLocal, TrackLocalEvent};
use webrtc::rtp_transceiver::RtpSender;

/// A keyframe comes at least this often, in frames; more often where one is asked for.
const KEYFRAME_INTERVAL: u32 = 5 * FRAME_RATE;

/// One stream that a peer sends.
struct Outgoing {
    track: Arc<TrackLocalStaticRTP>,
    sender: Arc<dyn RtpSender>,
    ssrc: u32,
}

/// The m-lines of a publisher; media flows after [`Publisher::start`].
pub struct Publisher {
    audio: Outgoing,
    video: Outgoing,
}

/// Media that flows; dropping it stops it.
pub struct Publishing {
    tasks: Vec<JoinHandle<Result<()>>>,
    sent: Arc<Sent>,
}

#[derive(Default)]
struct Sent {
    video_packets: AtomicU64,
    audio_packets: AtomicU64,
    keyframes: AtomicU64,
}

impl Publisher {
    /// Adds an audio and a video m-line to a peer that has not offered yet.
    ///
    /// # Errors
    /// Where the peer is closed.
    pub async fn prepare(peer: &Peer) -> Result<Self> {
        Ok(Self {
            audio: outgoing(peer, RtpCodecKind::Audio).await?,
            video: outgoing(peer, RtpCodecKind::Video).await?,
        })
    }

    /// Starts a tone of this frequency, in hertz, and the video, on a connected peer.
    ///
    /// # Errors
    /// Where the answer took no codec that it sends.
    pub async fn start(self, frequency_hz: f32, epoch: Epoch) -> Result<Publishing> {
        let sent = Arc::new(Sent::default());
        let audio_type = payload_type(&self.audio, MIME_TYPE_OPUS).await?;
        let video_type = payload_type(&self.video, MIME_TYPE_VP8).await?;
        let tasks = vec![
            tokio::spawn(send_tone(self.audio, audio_type, Tone::new(frequency_hz)?, Arc::clone(&sent))),
            tokio::spawn(send_video(self.video, video_type, epoch, Arc::clone(&sent))),
        ];
        Ok(Publishing { tasks, sent })
    }
}

impl Publishing {
    /// Video packets, audio packets and keyframes sent so far.
    #[must_use]
    pub fn sent(&self) -> (u64, u64, u64) {
        let load = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (load(&self.sent.video_packets), load(&self.sent.audio_packets), load(&self.sent.keyframes))
    }
}

impl Drop for Publishing {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

async fn outgoing(peer: &Peer, kind: RtpCodecKind) -> Result<Outgoing> {
    // Keyed at random by the standard library, which is all that an SSRC needs.
    let ssrc = RandomState::new().hash_one(kind) as u32;
    let (mime_type, clock_rate, channels, sdp_fmtp_line) = match kind {
        RtpCodecKind::Audio => (MIME_TYPE_OPUS, 48_000, 2, "minptime=10;useinbandfec=1"),
        _ => (MIME_TYPE_VP8, 90_000, 0, ""),
    };
    let codec = RTCRtpCodec {
        mime_type: mime_type.to_owned(),
        clock_rate,
        channels,
        sdp_fmtp_line: sdp_fmtp_line.to_owned(),
        rtcp_feedback: Vec::new(),
    };
    let encoding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        codec,
        active: true,
        ..Default::default()
    };
    let name = format!("loadtest-{kind}");
    let track = MediaStreamTrack::new("loadtest".to_owned(), name.clone(), name, kind, vec![encoding]);
    let track = Arc::new(TrackLocalStaticRTP::new(track));
    let sender = peer.send(Arc::clone(&track) as Arc<dyn TrackLocal>).await?;
    Ok(Outgoing { track, sender, ssrc })
}

/// The payload type that the answer gave a codec.
async fn payload_type(outgoing: &Outgoing, mime_type: &str) -> Result<u8> {
    let parameters = outgoing.sender.get_parameters().await?.rtp_parameters;
    let codec = parameters.codecs.iter().find(|codec| codec.rtp_codec.mime_type.eq_ignore_ascii_case(mime_type));
    Ok(codec.with_context(|| format!("the server did not take {mime_type}"))?.payload_type)
}

async fn send_tone(outgoing: Outgoing, payload_type: u8, mut tone: Tone, sent: Arc<Sent>) -> Result<()> {
    let mut clock = interval(Duration::from_millis(20));
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut header = rtp::Header { version: 2, payload_type, ssrc: outgoing.ssrc, marker: true, ..Default::default() };
    loop {
        clock.tick().await;
        let payload = Bytes::from(tone.next_packet()?);
        outgoing.track.write_rtp(rtp::Packet { header: header.clone(), payload }).await?;
        sent.audio_packets.fetch_add(1, Ordering::Relaxed);
        header.marker = false;
        header.sequence_number = header.sequence_number.wrapping_add(1);
        header.timestamp = header.timestamp.wrapping_add(PACKET_SAMPLES);
    }
}

async fn send_video(outgoing: Outgoing, payload_type: u8, epoch: Epoch, sent: Arc<Sent>) -> Result<()> {
    let mut clock = interval(Duration::from_secs(1) / FRAME_RATE);
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut header = rtp::Header { version: 2, payload_type, ssrc: outgoing.ssrc, ..Default::default() };
    let mut keyframe_due = 0;
    let mut frame = 0_u32;
    loop {
        tokio::select! {
            _ = clock.tick() => {}
            event = outgoing.track.poll() => match event {
                Some(TrackLocalEvent::OnRtcpPacket(_)) => {
                    keyframe_due = frame;
                    continue;
                }
                Some(_) => continue,
                None => return Err(anyhow!("the track was unbound")),
            },
        }
        let keyframe = frame >= keyframe_due;
        if keyframe {
            keyframe_due = frame + KEYFRAME_INTERVAL;
            sent.keyframes.fetch_add(1, Ordering::Relaxed);
        }
        let mut payloads = payloads(frame, keyframe, epoch.now_us()).into_iter().peekable();
        while let Some(payload) = payloads.next() {
            header.marker = payloads.peek().is_none();
            outgoing.track.write_rtp(rtp::Packet { header: header.clone(), payload }).await?;
            sent.video_packets.fetch_add(1, Ordering::Relaxed);
            header.sequence_number = header.sequence_number.wrapping_add(1);
        }
        header.timestamp = header.timestamp.wrapping_add(90_000 / FRAME_RATE);
        frame += 1;
    }
}
