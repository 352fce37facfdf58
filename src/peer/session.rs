use crate::rtp::{MediaKind, Mid};

/// What an offer and its answer agreed on.
#[derive(Debug)]
pub struct Session {
    /// What the client may send, in the order of the offer.
    pub sending: Vec<MLine>,
    /// The slots in which the client can be shown publications, in the order of the offer.
    pub slots: Vec<MLine>,
}

/// One m-line of the agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MLine {
    pub mid: Mid,
    pub kind: MediaKind,
}
