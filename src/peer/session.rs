use crate::rtp::Agreement;

/// What an offer and its answer agreed on.
#[derive(Debug)]
pub struct Session {
    /// The RTP side: m-lines, slots, payload types, header extensions.
    pub agreement: Agreement,
}
