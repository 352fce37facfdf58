//! Any text for an offer: refused, or answered with as many m-lines as it has; and the same client may offer again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::peer::{Answered, Credentials, Fingerprint, LocalSide, answer};
use qism::rtp::Ssrc;
use qism_fuzz::OFFER;
use std::net::SocketAddr;
use std::sync::LazyLock;

static FINGERPRINT: LazyLock<Fingerprint> = LazyLock::new(|| {
    let hash = ["11"; 32].join(":");
    Fingerprint::parse(&format!("sha-256 {hash}")).expect("a fingerprint")
});

fuzz_target!(|data: &[u8]| {
    let Ok(offer) = std::str::from_utf8(data) else { return };
    let Ok(first) = answer(offer, local_side("aaaa"), None) else { return };
    check(offer, &first);
    // Offered once more it is the same connection; another offer in its place is answered or refused.
    let again = answer(offer, local_side("bbbb"), Some(&first.session)).expect("an offer that was good before");
    assert_eq!(again.session.local, first.session.local, "the same offer does not restart ICE");
    assert_eq!(again.session.agreement.slots, first.session.agreement.slots, "slots keep their SSRCs");
    if let Ok(other) = answer(OFFER, local_side("cccc"), Some(&first.session)) {
        check(OFFER, &other);
    }
});

fn local_side(ufrag: &str) -> LocalSide<'static> {
    static ADDRESSES: [SocketAddr; 1] = [SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 5000)];
    LocalSide {
        addresses: &ADDRESSES,
        fingerprint: &FINGERPRINT,
        credentials: Credentials { ufrag: ufrag.to_owned(), password: "p".repeat(24) },
        first_ssrc: Ssrc(u32::MAX - 1),
        session_number: 1,
    }
}

fn check(offer: &str, answered: &Answered) {
    let lines = |text: &str| text.lines().filter(|line| line.starts_with("m=")).count();
    assert_eq!(lines(&answered.sdp), lines(offer), "an answer has the offer's m-lines (RFC 3264 §6)");
    assert!(answered.sdp.ends_with("\r\n"));
    assert!(answered.sdp.split("\r\n").all(|line| !line.contains(['\r', '\n'])), "a line break came in from the offer");
    let mut ssrcs: Vec<u32> = answered.session.agreement.slots.iter().map(|slot| slot.ssrc.0).collect();
    ssrcs.sort_unstable();
    ssrcs.dedup();
    assert_eq!(ssrcs.len(), answered.session.agreement.slots.len(), "two slots have one SSRC");
}
