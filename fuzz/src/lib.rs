//! What the fuzz targets share: an input as a list of steps, and a browser's offer.

use std::time::Duration;

/// A Chromium's offer with sound, simulcast video and three slots.
pub const OFFER: &str = include_str!("../seeds/sdp_answer/browser.sdp");

/// Reads an input as steps: one byte that says what, two that say how long, and that many bytes.
pub struct Steps<'a>(&'a [u8]);

/// One step.
pub struct Step<'a> {
    pub what: u8,
    pub bytes: &'a [u8],
}

impl<'a> Steps<'a> {
    #[must_use]
    pub fn of(input: &'a [u8]) -> Self {
        Self(input)
    }
}

impl<'a> Iterator for Steps<'a> {
    type Item = Step<'a>;

    fn next(&mut self) -> Option<Step<'a>> {
        let ([what, high, low], rest) = self.0.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (bytes, rest) = rest.split_at(length);
        self.0 = rest;
        Some(Step { what: *what, bytes })
    }
}

impl Step<'_> {
    /// Up to 65 s, for steps that let time pass.
    #[must_use]
    pub fn pause(&self) -> Duration {
        let bytes = self.bytes.first_chunk().copied().unwrap_or_default();
        Duration::from_millis(u64::from(u16::from_be_bytes(bytes)))
    }
}

/// What [`OFFER`] and its answer agree on.
///
/// # Panics
/// Where the offer is not answered, which is the first thing to mend then.
#[must_use]
pub fn agreement() -> qism::rtp::Agreement {
    let hash = ["11"; 32].join(":");
    let local = qism::peer::LocalSide {
        addresses: &[],
        fingerprint: &qism::peer::Fingerprint::parse(&format!("sha-256 {hash}")).expect("a fingerprint"),
        credentials: qism::peer::Credentials { ufrag: "good".to_owned(), password: "p".repeat(24) },
        first_ssrc: qism::rtp::Ssrc(1_000),
        session_number: 1,
    };
    qism::peer::answer(OFFER, local, None).expect("a good offer").session.agreement
}
