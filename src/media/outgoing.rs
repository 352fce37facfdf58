use super::clock::RoomTime;
use crate::rtp::{ExtendedSeq, Seq};

/// How many sent packets of one receiver are remembered until its feedback comes: a second at 500 packets/s. Feedback
/// on older ones is passed over.
const SENT_PACKETS: usize = 512;

/// What every packet to one receiver passes: its transport-wide numbering and what was sent when. Kept apart from the
/// rest of a peer because it is touched for each packet.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    pub(super) packets: u64,
    pub(super) bytes: u64,
    /// The number of the next packet, extended.
    next: u64,
    /// Ring by the low bits of the number; allocated with the first numbered packet.
    sent: Vec<Sent>,
}

/// A packet that was sent.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sent {
    /// The low 32 bits of the microseconds of the room's clock.
    micros: u32,
    bytes: u16,
    seq: u16,
}

impl Sent {
    pub(super) fn bytes(self) -> u64 {
        u64::from(self.bytes)
    }

    /// Microseconds, modulo 2^32.
    pub(super) fn micros(self) -> u32 {
        self.micros
    }
}

impl Outgoing {
    /// The number for the next packet.
    pub(super) fn next(&self) -> Seq {
        ExtendedSeq(self.next).seq()
    }

    /// Notes a packet that carried [`Outgoing::next`].
    pub(super) fn note_numbered(&mut self, now: RoomTime, bytes: usize) {
        if self.sent.is_empty() {
            self.sent = vec![Sent::default(); SENT_PACKETS];
        }
        let seq = self.next();
        if let Some(place) = self.sent.get_mut((self.next as usize) % SENT_PACKETS) {
            *place = Sent { micros: now.micros() as u32, bytes: bytes.min(0xffff) as u16, seq: seq.0 };
        }
        self.next += 1;
    }

    pub(super) fn note(&mut self, bytes: usize) {
        self.packets += 1;
        self.bytes += bytes as u64;
    }

    pub(super) fn find(&self, seq: Seq) -> Option<Sent> {
        let index = ExtendedSeq(self.next.checked_sub(1)?).nearest(seq)?;
        if index.0 >= self.next || self.next - index.0 > SENT_PACKETS as u64 {
            return None;
        }
        self.sent.get((index.0 as usize) % SENT_PACKETS).copied().filter(|sent| sent.seq == seq.0)
    }
}
