//! From a datagram to its peer: the first step of a packet's path.
//!
//! Checks are found by the name they carry; everything else only by an address that a check has proven. What can't
//! be placed is counted and dropped in silence.

use super::{Shard, index};
use crate::media::PeerKey;
use crate::peer::{Path, SrtpError, StunRefused, StunRequest};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

/// What a datagram is by its first bytes (RFC 7983 §7; RFC 5761 §4 for RTCP among RTP).
enum Kind {
    Stun,
    Dtls,
    Rtp,
    Rtcp,
}

impl Kind {
    fn of(datagram: &[u8]) -> Option<Self> {
        match (datagram.first()?, datagram.get(1)) {
            (0..=3, _) => Some(Self::Stun),
            (20..=63, _) => Some(Self::Dtls),
            (128..=191, Some(192..=223)) => Some(Self::Rtcp),
            (128..=191, Some(_)) => Some(Self::Rtp),
            _ => None,
        }
    }
}

impl Shard {
    /// Takes what arrived on a path; the bytes are opened in place.
    pub fn handle_datagram(&mut self, now: Instant, path: Path, datagram: &mut [u8]) {
        self.counters.datagrams_received += 1;
        self.counters.bytes_received += datagram.len() as u64;
        let Some(kind) = Kind::of(datagram) else {
            self.counters.dropped_not_media += 1;
            return;
        };
        if matches!(kind, Kind::Stun) {
            return self.handle_stun(now, path, datagram);
        }
        let Some(key) = self.by_path.get(&path).copied() else {
            self.counters.dropped_unknown_address += 1;
            return;
        };
        match kind {
            Kind::Stun => {}
            Kind::Dtls => self.handle_dtls(now, key, datagram),
            Kind::Rtp => self.handle_rtp(now, key, datagram),
            Kind::Rtcp => self.handle_rtcp(now, key, datagram),
        }
    }

    /// A TCP connection closed: nothing can be sent there any more.
    pub fn handle_path_closed(&mut self, path: Path) {
        if let Some(entry) = self.by_path.remove(&path).and_then(|key| self.peers.get_mut(index(key))) {
            entry.peer.forget_path(path);
        }
    }

    /// Whether datagrams from this path belong to a peer; a TCP connection that never comes to that is closed.
    #[must_use]
    pub fn knows_path(&self, path: Path) -> bool {
        self.by_path.contains_key(&path)
    }

    fn handle_stun(&mut self, now: Instant, path: Path, datagram: &[u8]) {
        let Ok(request) = StunRequest::parse(datagram) else {
            self.counters.dropped_bad_stun += 1;
            return;
        };
        let Some(key) = self.by_ufrag.get(request.local_ufrag()).copied() else {
            self.counters.dropped_bad_stun += 1;
            return;
        };
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        let before = entry.peer.path();
        let answered = catch_unwind(AssertUnwindSafe(|| entry.peer.handle_check(now, path, request)));
        let Ok((response, replaced)) = answered.unwrap_or(Err(StunRefused::Malformed)) else {
            self.counters.dropped_bad_stun += 1;
            return;
        };
        self.outgoing.push(path, &response);
        if let Some(replaced) = replaced {
            self.by_path.remove(&replaced);
        }
        // An address belongs to who proved it last: a phone may get the address that another just gave up.
        let earlier = self.by_path.insert(path, key).filter(|earlier| *earlier != key);
        if let Some(other) = earlier.and_then(|earlier| self.peers.get_mut(index(earlier))) {
            other.peer.forget_path(path);
        }
        if before != self.peers.get(index(key)).and_then(|entry| entry.peer.path()) {
            self.after_transport(now, key);
        }
    }

    fn handle_dtls(&mut self, now: Instant, key: PeerKey, datagram: &[u8]) {
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        let taken = catch_unwind(AssertUnwindSafe(|| entry.peer.handle_dtls(now, datagram)));
        match taken {
            Ok(Ok(())) => {}
            Ok(Err(_)) => self.counters.dropped_bad_dtls += 1,
            Err(_) => {
                tracing::error!("a fault in a peer's handshake; the peer is disconnected");
                self.counters.dropped_bad_dtls += 1;
                self.counters.handshakes_failed += 1;
                return self.disconnect(now, key, super::DisconnectCause::HandshakeFailed);
            }
        }
        self.after_transport(now, key);
    }

    fn handle_rtp(&mut self, now: Instant, key: PeerKey, packet: &mut [u8]) {
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        let room = entry.room;
        match entry.peer.open_rtp(packet) {
            Ok(length) => {
                let plain = packet.get(..length).unwrap_or_default();
                self.with_room(now, room, |media, sink| media.handle_rtp(now, key, plain, sink));
                self.relay_rtp(key, plain);
            }
            Err(error) => self.count_unopened(error),
        }
    }

    fn handle_rtcp(&mut self, now: Instant, key: PeerKey, packet: &mut [u8]) {
        let Some(entry) = self.peers.get_mut(index(key)) else { return };
        let room = entry.room;
        match entry.peer.open_rtcp(packet) {
            Ok(length) => {
                let plain = packet.get(..length).unwrap_or_default();
                self.with_room(now, room, |media, sink| media.handle_rtcp(now, key, plain, sink));
                self.relay_rtcp(key, plain);
            }
            Err(error) => self.count_unopened(error),
        }
    }

    fn count_unopened(&mut self, error: SrtpError) {
        match error {
            SrtpError::Replayed => self.counters.dropped_replayed += 1,
            SrtpError::BadAuthentication | SrtpError::NotReady => self.counters.dropped_bad_auth += 1,
            SrtpError::Malformed | SrtpError::TooManySources | SrtpError::Keys | SrtpError::Exhausted => {
                self.counters.dropped_malformed += 1;
            }
        }
    }
}
