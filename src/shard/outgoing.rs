//! What a shard sends: one arena of sealed bytes, and where each piece of it goes.

use super::mirrors::Mirrors;
use super::relay::Relay;
use super::{Entry, index};
use crate::media::{OutgoingRtp, PeerKey, Sink};
use crate::peer::{Path, Peer, PlainRtp};
use slab::Slab;
use std::ops::Range;

/// The most bytes that wait to be sent; more than a whole 1080p keyframe to [`super::PEERS_MAX`] viewers never waits,
/// since the adapter sends after every datagram that fans out. What does not fit is dropped and counted.
const ARENA_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Sealed datagrams, in the order in which they should leave.
#[derive(Debug, Default)]
pub struct Outgoing {
    bytes: Vec<u8>,
    datagrams: Vec<Datagram>,
    overflowed: u64,
}

/// One datagram to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    pub path: Path,
    range: Range<usize>,
}

impl Outgoing {
    #[must_use]
    pub fn datagrams(&self) -> &[Datagram] {
        &self.datagrams
    }

    /// The bytes of one of [`Self::datagrams`].
    #[must_use]
    pub fn bytes(&self, datagram: &Datagram) -> &[u8] {
        self.bytes.get(datagram.range.clone()).unwrap_or_default()
    }

    /// The bytes of several of [`Self::datagrams`] that follow each other.
    #[must_use]
    pub fn run_bytes(&self, run: &[Datagram]) -> &[u8] {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return &[] };
        self.bytes.get(first.range.start..last.range.end).unwrap_or_default()
    }

    /// How many bytes all datagrams have together.
    #[must_use]
    pub fn byte_count(&self) -> usize {
        self.bytes.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.datagrams.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.datagrams.clear();
    }

    /// How many datagrams did not fit since the last call.
    pub(super) fn take_overflowed(&mut self) -> u64 {
        std::mem::take(&mut self.overflowed)
    }

    /// Adds a datagram as it is.
    pub(crate) fn push(&mut self, path: Path, datagram: &[u8]) {
        if self.is_full() {
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(datagram);
        self.datagrams.push(Datagram { path, range: start..self.bytes.len() });
    }

    /// Takes what a peer's handshake wrote.
    pub(super) fn push_handshake(&mut self, peer: &mut Peer) {
        while let Some(datagram) = peer.poll_transmit() {
            if let Some(path) = peer.path() {
                self.push(path, &datagram);
            }
        }
    }

    fn is_full(&mut self) -> bool {
        let full = self.bytes.len() >= ARENA_BYTES_MAX;
        if full {
            self.overflowed += 1;
        }
        full
    }
}

/// Seals what a room's media writes, for the peer it is for.
pub(super) struct SealingSink<'a> {
    pub peers: &'a mut Slab<Entry>,
    pub outgoing: &'a mut Outgoing,
    pub mirrors: &'a Mirrors,
    pub relay: &'a mut Relay,
}

impl Sink for SealingSink<'_> {
    fn rtp(&mut self, to: PeerKey, packet: &OutgoingRtp<'_>) {
        let Some(peer) = self.peers.get_mut(index(to)).map(|entry| &mut entry.peer) else { return };
        let Some(path) = peer.path() else { return };
        if self.outgoing.is_full() {
            return;
        }
        let plain = PlainRtp {
            header: packet.header,
            prefix: packet.prefix,
            payload: packet.payload,
            ssrc: packet.ssrc,
            index: packet.index,
        };
        if let Ok(range) = peer.seal_rtp(&mut self.outgoing.bytes, &plain) {
            self.outgoing.datagrams.push(Datagram { path, range });
        }
    }

    fn rtcp(&mut self, to: PeerKey, compound: &[u8]) {
        if self.mirrors.take_rtcp(to, compound, self.relay) {
            return;
        }
        let Some(peer) = self.peers.get_mut(index(to)).map(|entry| &mut entry.peer) else { return };
        let Some(path) = peer.path() else { return };
        if self.outgoing.is_full() {
            return;
        }
        if let Ok(range) = peer.seal_rtcp(&mut self.outgoing.bytes, compound) {
            self.outgoing.datagrams.push(Datagram { path, range });
        }
    }
}
