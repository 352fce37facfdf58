//! One WebRTC connection, offered to the server: over UDP, or over TCP alone like behind a strict firewall.

use anyhow::{Context, Result, anyhow, ensure};
use rtc::interceptor::{Attribute, Interceptor, Packet, Slot, StreamInfo, TaggedPacket};
use rtc::peer_connection::configuration::RTCOfferOptions;
use rtc::rtcp::payload_feedbacks::full_intra_request::FullIntraRequest;
use rtc::rtcp::payload_feedbacks::picture_loss_indication::PictureLossIndication;
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use rtc::sansio::Protocol;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;
use webrtc::media_stream::track_local::TrackLocal;
use webrtc::media_stream::track_remote::TrackRemote;
use webrtc::peer_connection::{
    MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceCandidateInit,
    RTCIceGatheringState, RTCPeerConnectionState, RTCSessionDescription, Registry, SettingEngineBuilder,
    register_default_interceptors,
};
use webrtc::rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit, RtpSender};

/// How long gathering candidates of this machine may take.
const GATHER_TIMEOUT: Duration = Duration::from_secs(5);

/// How long ICE and DTLS may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// Tracks that wait to be taken; a server that opens more than this without reason loses them.
const TRACKS_MAX: usize = 64;

/// Keyframe requests that wait to be read; further ones ask for the same keyframe and are forgotten.
const REQUESTS_MAX: usize = 16;

/// After all of the stack's own interceptors, so that they have seen the RTCP which this one keeps.
const LAST_SLOT: usize = 14_000;

/// What carries the media.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transport {
    #[default]
    Udp,
    /// Active ICE-TCP (RFC 6544) only: no UDP socket is opened.
    Tcp,
}

/// A connection that this side offers.
pub struct Peer {
    transport: Transport,
    connection: Arc<dyn PeerConnection>,
    gathered: watch::Receiver<bool>,
    state: watch::Receiver<RTCPeerConnectionState>,
    tracks: mpsc::Receiver<Arc<dyn TrackRemote>>,
}

impl Peer {
    /// # Errors
    /// Where no socket can be opened.
    pub async fn new(transport: Transport) -> Result<Self> {
        let mut media = MediaEngine::default();
        media.register_default_codecs()?;
        let registry = register_default_interceptors(Registry::new(), &mut media)?
            .with(Slot::from(LAST_SLOT), KeyframeRequests::default());
        let (gathered_tx, gathered) = watch::channel(false);
        let (state_tx, state) = watch::channel(RTCPeerConnectionState::New);
        let (tracks_tx, tracks) = mpsc::channel(TRACKS_MAX);
        let handler = Arc::new(Handler { gathered: gathered_tx, state: state_tx, tracks: tracks_tx });
        let settings = SettingEngineBuilder::new().with_include_loopback_candidate(true);
        // The loopback address, and every address by which the machine can be reached.
        let addresses = vec!["127.0.0.1:0".to_owned(), "0.0.0.0:0".to_owned()];
        let builder = PeerConnectionBuilder::new()
            .with_media_engine(media)
            .with_interceptor_registry(registry)
            .with_handler(handler)
            .with_runtime(Arc::new(webrtc::runtime::TokioRuntime));
        let builder = match transport {
            Transport::Udp => builder.with_setting_engine(settings.build()).with_udp_addrs(addresses),
            Transport::Tcp => {
                use rtc::ice::network_type::NetworkType;
                let settings = settings.with_network_types(vec![NetworkType::Tcp4]).build();
                builder.with_setting_engine(settings).with_tcp_addrs(addresses).with_udp_addrs(Vec::new())
            }
        };
        let connection = builder.build().await.context("open a peer connection")?;
        Ok(Self { transport, connection: Arc::new(connection), gathered, state, tracks })
    }

    /// Adds an m-line that sends.
    ///
    /// # Errors
    /// Where the connection is closed.
    pub async fn send(&self, track: Arc<dyn TrackLocal>) -> Result<Arc<dyn RtpSender>> {
        let init = RTCRtpTransceiverInit {
            direction: RTCRtpTransceiverDirection::Sendonly,
            streams: Vec::new(),
            send_encodings: track.codings().await,
        };
        let transceiver = self.connection.add_transceiver_from_track(track, Some(init)).await?;
        transceiver.sender().await?.ok_or_else(|| anyhow!("a sending m-line has no sender"))
    }

    /// Adds an m-line that receives: a slot.
    ///
    /// # Errors
    /// Where the connection is closed.
    pub async fn receive(&self, kind: RtpCodecKind) -> Result<()> {
        let init = RTCRtpTransceiverInit {
            direction: RTCRtpTransceiverDirection::Recvonly,
            streams: Vec::new(),
            send_encodings: Vec::new(),
        };
        self.connection.add_transceiver_from_kind(kind, Some(init)).await?;
        Ok(())
    }

    /// The offer, with all candidates of this machine in it.
    ///
    /// # Errors
    /// Where gathering does not end.
    pub async fn offer(&mut self) -> Result<String> {
        let offer = self.connection.create_offer(None).await?;
        self.connection.set_local_description(offer).await?;
        timeout(GATHER_TIMEOUT, self.gathered.wait_for(|done| *done)).await.context("gathering does not end")??;
        Ok(self.connection.local_description().await.context("no local description")?.sdp)
    }

    /// An offer with new ICE credentials. Candidates need not be waited for: an ICE-lite server finds them by the checks.
    ///
    /// # Errors
    /// Where the connection is closed.
    pub async fn restart_offer(&self) -> Result<String> {
        let options = RTCOfferOptions { ice_restart: true };
        let offer = self.connection.create_offer(Some(options)).await?;
        self.connection.set_local_description(offer.clone()).await?;
        Ok(offer.sdp)
    }

    /// # Errors
    /// Where the answer does not fit the offer.
    pub async fn accept(&self, answer: String) -> Result<()> {
        match self.transport {
            Transport::Udp => {
                Ok(self.connection.set_remote_description(RTCSessionDescription::answer(answer)?).await?)
            }
            Transport::Tcp => self.accept_over_tcp(&answer).await,
        }
    }

    /// The stack opens TCP connections only to candidates that are handed to it one by one.
    async fn accept_over_tcp(&self, answer: &str) -> Result<()> {
        let (candidates, rest): (Vec<&str>, Vec<&str>) =
            answer.lines().partition(|line| line.starts_with("a=candidate:"));
        let answer = RTCSessionDescription::answer(rest.join("\r\n") + "\r\n")?;
        self.connection.set_remote_description(answer).await?;
        // Each m-line repeats them.
        let passive: BTreeSet<&str> = candidates
            .into_iter()
            .filter(|line| line.contains(" tcp ") && line.contains(" tcptype passive"))
            .map(|line| line.trim_start_matches("a="))
            .collect();
        ensure!(!passive.is_empty(), "the answer has no passive TCP candidate");
        for candidate in passive {
            let candidate = candidate.to_owned();
            let init = RTCIceCandidateInit { candidate, sdp_mline_index: Some(0), ..Default::default() };
            self.connection.add_ice_candidate(init).await?;
        }
        Ok(())
    }

    /// Waits until media can flow, 20 s at most.
    ///
    /// # Errors
    /// Where the connection fails or takes longer.
    pub async fn connected(&mut self) -> Result<()> {
        use RTCPeerConnectionState::{Closed, Connected, Failed};
        let settled = self.state.wait_for(|state| matches!(state, Connected | Failed | Closed));
        let state = *timeout(CONNECT_TIMEOUT, settled).await.context("ICE and DTLS did not come up in time")??;
        if state == Connected { Ok(()) } else { Err(anyhow!("the connection is {state}")) }
    }

    /// How the connection stands, and every change of it.
    #[must_use]
    pub fn state(&self) -> watch::Receiver<RTCPeerConnectionState> {
        self.state.clone()
    }

    /// The next track on which packets arrive; `None` once the connection is closed.
    pub async fn next_track(&mut self) -> Option<Arc<dyn TrackRemote>> {
        self.tracks.recv().await
    }

    /// # Errors
    /// Where it is closed already.
    pub async fn close(&self) -> Result<()> {
        Ok(self.connection.close().await?)
    }
}

struct Handler {
    gathered: watch::Sender<bool>,
    state: watch::Sender<RTCPeerConnectionState>,
    tracks: mpsc::Sender<Arc<dyn TrackRemote>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.gathered.send_replace(true);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        // A full queue means that nobody takes tracks any more.
        let _ = self.tracks.try_send(track);
    }
}

/// Lets keyframe requests through to the tracks that they are about; all other RTCP ends with the interceptors
/// before it, which have acted on it.
#[derive(Default)]
struct KeyframeRequests {
    inbound: VecDeque<TaggedPacket>,
    outbound: VecDeque<TaggedPacket>,
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for KeyframeRequests {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = rtc::shared::error::Error;
    type Time = Instant;

    fn handle_read(&mut self, mut tagged: TaggedPacket) -> Result<(), Self::Error> {
        if let Packet::Rtcp(packets) = &mut tagged.message.packet {
            packets.retain(|packet| {
                let packet = packet.as_any();
                packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>()
            });
            if packets.is_empty() || self.inbound.len() >= REQUESTS_MAX {
                return Ok(());
            }
            tagged.message.add(Attribute::DeliverToApplication);
        }
        self.inbound.push_back(tagged);
        Ok(())
    }

    fn poll_read(&mut self) -> Option<Self::Rout> {
        self.inbound.pop_front()
    }

    fn handle_write(&mut self, tagged: TaggedPacket) -> Result<(), Self::Error> {
        self.outbound.push_back(tagged);
        Ok(())
    }

    fn poll_write(&mut self) -> Option<Self::Wout> {
        self.outbound.pop_front()
    }
}

impl Interceptor for KeyframeRequests {
    fn bind_local_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_local_stream(&mut self, _info: &StreamInfo) {}
    fn bind_remote_stream(&mut self, _info: &StreamInfo) {}
    fn unbind_remote_stream(&mut self, _info: &StreamInfo) {}
}
