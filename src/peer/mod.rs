//! One media connection: ICE-lite, DTLS, SRTP, and the offer it came from. Sans-I/O.
//!
//! Owns the agreement with one client and the state of its transport. Refuses to know who listens to whom: that is
//! `media`'s; `shard` puts the two together.

mod answer;
mod client_hello;
mod connection;
mod dtls;
mod ice;
mod identity;
mod offer;
mod session;
mod srtp;
mod srtp_gcm;

pub use answer::{AUDIO_SLOTS_MAX, Answered, LocalSide, VIDEO_SLOTS_MAX, answer, candidates};
pub use connection::{Peer, PeerEvent};
pub use dtls::DtlsError;
pub use ice::{Path, StunRefused, StunRequest, Transport};
pub use identity::{Fingerprint, Identity, IdentityError};
pub use offer::OfferError;
pub use session::{Credentials, Session};
pub use srtp::{PlainRtp, SealedAt, SrtpError, SrtpProfile};
