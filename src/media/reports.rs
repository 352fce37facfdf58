//! Sender and receiver reports.

use super::clock::{RoomTime, ticks};
use super::room::Room;
use super::slot::Slot;
use super::{ENCODINGS_MAX, LINES_MAX, PeerIndex, RTCP_BYTES_MAX, Sink, SlotIndex};
use crate::rtp::rtcp::{RtcpWriter, SenderInfo};
use crate::rtp::{MediaKind, Ssrc};
use std::time::Duration;

/// After this long without a packet a slot's reports would say nothing new.
const SILENT_AFTER: Duration = Duration::from_secs(3);

/// How many report blocks go into one compound packet, so that it fits with its names.
const BLOCKS_PER_COMPOUND: usize = 24;

const _: () = assert!(BLOCKS_PER_COMPOUND * 24 + 300 < RTCP_BYTES_MAX);

impl Room {
    /// Everything that is to be reported to a peer, once a second.
    pub(super) fn report(&mut self, now: RoomTime, index: PeerIndex, sink: &mut impl Sink) {
        let Some(peer) = self.peers.get(index.at()) else { return };
        let slots = peer.slots.clone();
        self.report_slots(now, index, &slots, sink);
        self.report_reception(now, index, sink);
    }

    /// A slot's first report comes soon after its first packet, so that sound and picture find together.
    pub(super) fn report_first(&mut self, now: RoomTime, index: PeerIndex, sink: &mut impl Sink) {
        let Some(peer) = self.peers.get(index.at()) else { return };
        let is_new =
            |slot: &&SlotIndex| self.slots.get(slot.at()).is_some_and(|slot| slot.packets > 0 && !slot.reported);
        let slots: Vec<_> = peer.slots.iter().filter(is_new).copied().collect();
        if !slots.is_empty() {
            self.report_slots(now, index, &slots, sink);
        }
    }

    fn report_slots(&mut self, now: RoomTime, index: PeerIndex, slots: &[SlotIndex], sink: &mut impl Sink) {
        let mut buffer = [0; RTCP_BYTES_MAX];
        let mut compound = RtcpWriter::new(&mut buffer);
        let Some(peer) = self.peers.get(index.at()) else { return };
        let mut named: Option<Ssrc> = None;
        for at in slots {
            let Some(slot) = self.slots.get(at.at()) else { continue };
            let Some(info) = self.sender_info(now, slot) else { continue };
            if !compound.sender_report(slot.ssrc, &info, &[]) || compound.room() < peer.cname.len() + 16 {
                flush(&mut compound, named.take(), &peer.cname, |bytes| sink.rtcp(peer.key, bytes));
                compound.sender_report(slot.ssrc, &info, &[]);
            }
            named = Some(slot.ssrc);
            // All slots have one name; each says so once, and then one of them for all.
            if !slot.reported && compound.room() >= 2 * (peer.cname.len() + 16) {
                compound.cname(slot.ssrc, &peer.cname);
            }
            if let Some(slot) = self.slots.get_mut(at.at()) {
                slot.reported = true;
            }
        }
        flush(&mut compound, named, &peer.cname, |bytes| sink.rtcp(peer.key, bytes));
    }

    /// What a slot's media clock shows now, on the timebase of all slots. By the publisher's reports where there are
    /// any: then what a publisher captured at one time has one time in all slots, whatever the way here did to it.
    fn sender_info(&self, now: RoomTime, slot: &Slot) -> Option<SenderInfo> {
        let (sent_at, last) = slot.last_sent()?;
        if slot.packets == 0 || now.since(sent_at) > SILENT_AFTER {
            return None;
        }
        let by_reports = || {
            let publication = self.publications.get(slot.publication?.at())?;
            let peer = self.peers.get(publication.owner.at())?;
            let timeline = peer.encoding(publication.line, slot.listening?)?.timeline?;
            Some(slot.run().timestamp(timeline.timestamp_at(peer.clock_offset.publisher_micros(now)?)))
        };
        let clock_rate = if slot.kind == MediaKind::Audio { 48_000 } else { 90_000 };
        let by_arrival = || {
            let elapsed = now.since(sent_at).as_micros().min(1 << 40) as i64;
            last.wrapping_add(ticks(elapsed, clock_rate) as u32)
        };
        let timestamp = by_reports().unwrap_or_else(by_arrival);
        Some(SenderInfo { ntp: now.ntp(), timestamp, packets: slot.packets, octets: slot.octets })
    }

    fn report_reception(&mut self, now: RoomTime, index: PeerIndex, sink: &mut impl Sink) {
        let Some(peer) = self.peers.get_mut(index.at()) else { return };
        let encodings = peer.lines.iter_mut().flat_map(|line| &mut line.encodings);
        let blocks = encodings.filter_map(|encoding| encoding.reception.report(now, encoding.ssrc?));
        let blocks: Vec<_> = blocks.take(LINES_MAX * ENCODINGS_MAX).collect();
        let mut buffer = [0; RTCP_BYTES_MAX];
        for blocks in blocks.chunks(BLOCKS_PER_COMPOUND) {
            let mut compound = RtcpWriter::new(&mut buffer);
            compound.receiver_report(peer.own_ssrc, blocks);
            compound.cname(peer.own_ssrc, &peer.cname);
            sink.rtcp(peer.key, compound.written());
        }
    }
}

/// Sends what is collected, with the name of one of its sources.
fn flush(compound: &mut RtcpWriter<'_>, named: Option<Ssrc>, cname: &str, send: impl FnOnce(&[u8])) {
    if let Some(ssrc) = named {
        compound.cname(ssrc, cname);
        send(compound.written());
    }
    compound.clear();
}
