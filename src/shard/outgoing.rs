//! What a shard sends: one arena of sealed bytes, and where each piece of it goes.

use super::mirrors::Mirrors;
use super::relay::Relay;
use super::{Entry, index};
use crate::media::{OutgoingRtp, PeerKey, Sink};
use crate::peer::{Path, Peer, PlainRtp};
use slab::Slab;
use std::ops::Range;

/// The most bytes that wait to be sent. Media stops at [`FULL_BYTES`] until they have left; the rest is for what answers
/// single datagrams and timers between two sends. What does not fit is dropped and counted.
const ARENA_BYTES_MAX: usize = 16 * 1024 * 1024;

/// How much is collected before it leaves, in bytes: it stays in the processor's cache from the seal to the socket.
const FULL_BYTES: usize = 256 * 1024;

/// How many datagrams one run holds. More gains little, and a weak link gets them all at once.
const RUN_MAX: u16 = 10;

const _: () = assert!(FULL_BYTES <= ARENA_BYTES_MAX);

/// Sealed datagrams, in the order in which they should leave.
#[derive(Debug, Default)]
pub struct Outgoing {
    bytes: Vec<u8>,
    runs: Vec<Run>,
    datagrams: u64,
    overflowed: u64,
}

/// Datagrams for one path that stand side by side: all of one size, but for a shorter last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    pub path: Path,
    /// Where its bytes stand in [`Outgoing::bytes`].
    pub range: Range<usize>,
    /// How many datagrams it is.
    pub datagrams: u16,
    /// The size of all but the last, in bytes.
    pub segment: u16,
    /// The last is of full size too: another may follow.
    open: bool,
}

impl Run {
    fn takes(&self, path: Path, length: usize) -> bool {
        self.open && self.datagrams < RUN_MAX && length <= usize::from(self.segment) && self.path == path
    }
}

impl Outgoing {
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The arena that the runs' ranges are of.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// A run's datagrams.
    pub fn datagrams_of(&self, run: &Run) -> impl Iterator<Item = &[u8]> {
        let bytes = self.bytes.get(run.range.clone()).unwrap_or_default();
        bytes.chunks(usize::from(run.segment).max(1))
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// How many datagrams all runs have together.
    #[must_use]
    pub fn datagram_count(&self) -> u64 {
        self.datagrams
    }

    /// Whether so much is collected that it should leave before more is added.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.bytes.len() >= FULL_BYTES
    }

    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.runs.clear();
        self.datagrams = 0;
    }

    /// How many datagrams did not fit since the last call.
    pub(super) fn take_overflowed(&mut self) -> u64 {
        std::mem::take(&mut self.overflowed)
    }

    /// Adds a datagram as it is.
    pub(crate) fn push(&mut self, path: Path, datagram: &[u8]) {
        if self.overflows() {
            return;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(datagram);
        self.note(path, start..self.bytes.len());
    }

    /// Notes a datagram at the arena's end, in the run before it where it continues that.
    fn note(&mut self, path: Path, range: Range<usize>) {
        let length = range.len();
        self.datagrams += 1;
        if let Some(run) = self.runs.last_mut().filter(|run| run.takes(path, length)) {
            run.range.end = range.end;
            run.datagrams += 1;
            run.open = length == usize::from(run.segment);
            return;
        }
        // A larger datagram than UDP can carry is refused by the kernel; here it only keeps to itself.
        let segment = u16::try_from(length).unwrap_or(u16::MAX);
        let open = length > 0 && length == usize::from(segment);
        self.runs.push(Run { path, range, datagrams: 1, segment, open });
    }

    /// Takes what a peer's handshake wrote.
    pub(super) fn push_handshake(&mut self, peer: &mut Peer) {
        while let Some(datagram) = peer.poll_transmit() {
            if let Some(path) = peer.path() {
                self.push(path, &datagram);
            }
        }
    }

    fn overflows(&mut self) -> bool {
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
        if self.outgoing.overflows() {
            return;
        }
        let plain = PlainRtp {
            header: packet.header,
            prefix: packet.prefix,
            payload: packet.payload,
            padding: packet.padding,
            ssrc: packet.ssrc,
            index: packet.index,
        };
        if let Ok(range) = peer.seal_rtp(&mut self.outgoing.bytes, &plain) {
            self.outgoing.note(path, range);
        }
    }

    fn is_full(&self) -> bool {
        self.outgoing.is_full()
    }

    fn rtcp(&mut self, to: PeerKey, compound: &[u8]) {
        if self.mirrors.take_rtcp(to, compound, self.relay) {
            return;
        }
        let Some(peer) = self.peers.get_mut(index(to)).map(|entry| &mut entry.peer) else { return };
        let Some(path) = peer.path() else { return };
        if self.outgoing.overflows() {
            return;
        }
        if let Ok(range) = peer.seal_rtcp(&mut self.outgoing.bytes, compound) {
            self.outgoing.note(path, range);
        }
    }
}
