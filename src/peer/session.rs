use super::identity::Fingerprint;
use crate::rtp::{Agreement, Ssrc};
use std::fmt;

/// What an offer and its answer agreed on.
#[derive(Clone, Debug)]
pub struct Session {
    /// The RTP side: m-lines, slots, payload types, header extensions.
    pub agreement: Agreement,
    /// The server's end of the ICE credentials; the shard finds a check's peer by this `ufrag`.
    pub local: Credentials,
    /// The client's end.
    pub remote: Credentials,
    /// The certificates the offer names; the handshake's must be one of them.
    pub fingerprints: Vec<Fingerprint>,
    /// The first SSRC of the next slot that a further offer of this client brings.
    pub(super) next_ssrc: Ssrc,
    /// The session's number in `o=`: the same in every answer to this client, so that it can tell that it is still
    /// the same peer that answers.
    pub(super) number: u64,
    /// How many answers there were; the version in `o=`.
    pub(super) version: u64,
}

/// An ICE user name fragment and its password (RFC 8839 §5.4).
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub ufrag: String,
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("ufrag", &self.ufrag).finish_non_exhaustive()
    }
}
