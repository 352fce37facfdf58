//! RTP and RTCP as bytes: the words of RFC 3550 and its extensions, parsed without copies and written in place.
//!
//! Owns wire formats and sequence arithmetic. Refuses everything that needs state across packets: that is `media`'s.

mod agreement;
mod bytes;
pub mod codec;
mod extensions;
mod header;
mod ntp;
mod packet;
pub mod rtcp;
mod sequence;
mod words;

pub use agreement::{Agreement, ExtensionIds, PayloadMap, SendLine, SlotLine};
pub use extensions::{AudioLevel, KnownExtensions};
pub use header::{DEPENDENCY_DESCRIPTOR_BYTES_MAX, HEADER_BYTES_MAX, Header};
pub use ntp::{NtpTime, from_short_ntp, short_ntp};
pub use packet::{ExtensionIter, Extensions, Malformed, RtpPacket};
pub use sequence::{ExtendedSeq, Seq};
pub use words::{Codec, MediaKind, Mid, PayloadType, Rid, Ssrc, TokenTooLong};
