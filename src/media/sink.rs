use crate::rtp::Ssrc;

/// A peer's place in its shard: an index chosen by the shard, dense (a room keeps a table as long as the largest)
/// and not used again before [`super::Room::remove_peer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerKey(pub u32);

/// Where a room writes what is to be sealed and sent. Dispatch is static: there is a call per packet and receiver.
pub trait Sink {
    /// An RTP packet for one receiver.
    fn rtp(&mut self, to: PeerKey, packet: &OutgoingRtp<'_>);

    /// Whether what was written should leave before more is: [`super::Room::fan_out`] then stops until it is called again.
    fn is_full(&self) -> bool;

    /// A compound RTCP packet for one peer, at most [`super::RTCP_BYTES_MAX`] long.
    fn rtcp(&mut self, to: PeerKey, compound: &[u8]);
}

/// An RTP packet that lacks nothing but its seal. On the wire it is `header`, then `prefix`, `payload` and padding
/// encrypted together.
#[derive(Clone, Copy, Debug)]
pub struct OutgoingRtp<'a> {
    /// The RTP header with its extensions: authenticated, not encrypted (RFC 3711 §3.1).
    pub header: &'a [u8],
    /// The start of the payload that differs from receiver to receiver (a VP8 payload descriptor, an RTX packet's
    /// original sequence number); at most a few bytes, often none.
    pub prefix: &'a [u8],
    /// The rest of the payload, shared by all receivers.
    pub payload: &'a [u8],
    /// How many bytes of padding follow the payload; the header says that there are some. The last holds their number
    /// (RFC 3550 §5.1).
    pub padding: u8,
    /// The SSRC in the header.
    pub ssrc: Ssrc,
    /// The packet's SRTP index: `ROC << 16 | SEQ` (RFC 3711 §3.3.1). It never repeats for one SSRC of one peer, so
    /// that a sealer needs no state per SSRC.
    pub index: u64,
}

impl OutgoingRtp<'_> {
    /// Bytes before the seal.
    #[must_use]
    pub fn length(&self) -> usize {
        self.header.len() + self.prefix.len() + self.payload.len() + usize::from(self.padding)
    }
}
