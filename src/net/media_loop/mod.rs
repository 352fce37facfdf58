//! A media loop: the server reaches itself as two clients would, through its own media port, and hears in the one what
//! the other says. Every part that a lesson needs takes part: socket, shard, ICE, DTLS, SRTP, forwarding.
//!
//! Owns nothing that lasts: a loop's room and peers are gone when it ends.

mod client;

use super::MediaPlane;
use crate::ids::{LessonId, PublicationId};
use crate::protocol::Source;
use crate::rtp::Mid;
use crate::shard::Command;
use client::Client;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior, interval, timeout};
use uuid::Uuid;

/// How long a loop through one shard may take: several lost datagrams' worth.
const LOOP_WAIT: Duration = Duration::from_secs(3);

/// The duration of one packet of the loop's voice.
const PACKET_TIME: Duration = Duration::from_millis(20);

/// The m-line that the speaker sends on, and the other receives on.
const LINE: &str = "0";

/// Where a media loop broke.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LoopFault {
    #[error("no socket for the media loop: {0}")]
    Socket(String),
    #[error("the media plane refused the loop's own offer: {0}")]
    Refused(String),
    #[error("no cryptography: {0}")]
    Cryptography(String),
    #[error("shard {shard} gave nothing back within {} s ({reached})", LOOP_WAIT.as_secs())]
    Silent { shard: usize, reached: Reached },
}

/// How far a loop came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reached {
    #[default]
    Nothing,
    /// The connectivity checks were answered.
    Checked,
    /// Both ends have their keys.
    Connected,
}

impl std::fmt::Display for Reached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "no connectivity check was answered",
            Self::Checked => "the connectivity checks were answered, the handshakes did not end",
            Self::Connected => "both ends were connected, nothing was forwarded",
        })
    }
}

impl MediaPlane {
    /// Sends a voice through every shard, from one client to another, and waits until it is heard.
    ///
    /// Gives the slowest shard's time from a packet's leaving the speaker to its being heard by the other.
    ///
    /// # Errors
    /// The first shard whose loop broke, and where.
    pub async fn loop_media(&self) -> Result<Duration, LoopFault> {
        let mut slowest = Duration::ZERO;
        for (shard, address) in self.addresses().into_iter().enumerate() {
            let room = self.room_on(shard)?;
            let mut reached = Reached::default();
            let looped = timeout(LOOP_WAIT, self.loop_shard(room, reachable(address), &mut reached)).await;
            slowest = slowest.max(looped.unwrap_or(Err(LoopFault::Silent { shard, reached }))?);
        }
        Ok(slowest)
    }

    async fn loop_shard(
        &self,
        room: LessonId,
        address: SocketAddr,
        reached: &mut Reached,
    ) -> Result<Duration, LoopFault> {
        let mut speaker = self.loop_client(room, address, "sendonly").await?;
        let mut listener = self.loop_client(room, address, "recvonly").await?;
        speaker.check().await?;
        listener.check().await?;
        *reached = Reached::Checked;
        speaker.shake_hands().await?;
        listener.shake_hands().await?;
        *reached = Reached::Connected;
        let publication = PublicationId(self.loop_id()?.as_u64_pair().1);
        if let Ok(mid) = Mid::parse(LINE) {
            let peer = speaker.peer();
            let source = Source::Microphone;
            self.send(Command::Publish { peer, mid, publication, source, always_heard: true });
        }
        let mut beat = interval(PACKET_TIME);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut left_at: Vec<Instant> = Vec::new();
        loop {
            tokio::select! {
                number = listener.hear() => {
                    if let Some(left) = left_at.get(usize::from(number?)) {
                        return Ok(left.elapsed());
                    }
                }
                _ = beat.tick() => {
                    // As many as fit the wait: a few hundred.
                    let number = u16::try_from(left_at.len()).unwrap_or(u16::MAX);
                    left_at.push(Instant::now());
                    speaker.say(number).await?;
                }
            }
        }
    }

    async fn loop_client(&self, room: LessonId, address: SocketAddr, way: &str) -> Result<Client, LoopFault> {
        let peer = self.new_peer();
        let offer = client::offer(LINE, way)?;
        let accepted = self.connect(peer, room, &offer).map_err(|error| LoopFault::Refused(error.to_string()))?;
        // From here on the client's end is the peer's end.
        Client::new(self.clone(), peer, accepted.session, address).await
    }

    /// A room of its own whose home is that shard (see `Placement::choose`).
    fn room_on(&self, shard: usize) -> Result<LessonId, LoopFault> {
        let count = self.addresses().len().max(1) as u128;
        let number = self.loop_id()?.as_u128() / count * count + shard as u128;
        Ok(LessonId(Uuid::from_u128(number)))
    }

    fn loop_id(&self) -> Result<Uuid, LoopFault> {
        self.random_id().map_err(|error| LoopFault::Cryptography(error.to_string()))
    }
}

/// How this machine reaches what listens there.
fn reachable(listening: SocketAddr) -> SocketAddr {
    let address = match listening.ip() {
        IpAddr::V4(address) if address.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(address) if address.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        address => address,
    };
    SocketAddr::new(address, listening.port())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::MediaPlaneOptions;
    use tokio::net::UdpSocket;

    fn plane(shards: usize) -> MediaPlane {
        let listen = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
        let options = MediaPlaneOptions { listen, public_addresses: Vec::new(), shards, room_peers_per_shard: 250 };
        MediaPlane::start(options).expect("a media plane").0
    }

    #[tokio::test]
    async fn a_voice_comes_through_every_shard() {
        let plane = plane(3);
        let homes: Vec<_> = (0..3).map(|shard| plane.room_on(shard).expect("an id").0.as_u128() % 3).collect();
        assert_eq!(homes, [0, 1, 2]);
        let took = plane.loop_media().await.expect("a voice that is heard");
        assert!(took < LOOP_WAIT, "{took:?}");
    }

    #[tokio::test]
    async fn a_port_that_does_not_answer_is_named() {
        let deaf = UdpSocket::bind("127.0.0.1:0").await.expect("a port");
        let plane = plane(1);
        let (room, address) = (plane.room_on(0).expect("an id"), deaf.local_addr().expect("an address"));
        let mut reached = Reached::default();
        let looped = timeout(PACKET_TIME * 20, plane.loop_shard(room, address, &mut reached)).await;
        assert!(looped.is_err(), "{looped:?}");
        assert_eq!(reached, Reached::Nothing);
    }
}
