//! RTP and RTCP as bytes: the words of RFC 3550 and its extensions, parsed without copies and written in place.
//!
//! Owns wire formats and sequence arithmetic. Refuses everything that needs state across packets: that is `media`'s.

mod agreement;
mod words;

pub use agreement::{Agreement, ExtensionIds, PayloadMap, SendLine, SlotLine};
pub use words::{Codec, MediaKind, Mid, PayloadType, Rid, Ssrc, TokenTooLong};
