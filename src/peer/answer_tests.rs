use super::*;
use crate::peer::Identity;
use crate::rtp::{Codec, PayloadType, Rid};
use proptest::prelude::*;
use std::sync::LazyLock;

/// What Chromium 156 offers for: microphone, simulcast camera, screen; one sound and one picture slot.
const CHROMIUM: &str = include_str!("fixtures/chromium-156.sdp");

static IDENTITY: LazyLock<Identity> = LazyLock::new(|| Identity::generate().expect("an identity"));

fn local(addresses: &[SocketAddr]) -> LocalSide<'_> {
    LocalSide {
        addresses,
        fingerprint: IDENTITY.fingerprint(),
        credentials: Credentials { ufrag: "server".into(), password: "p".repeat(24) },
        first_ssrc: Ssrc(u32::MAX),
        session_number: 7,
    }
}

fn answered(offer: &str, previous: Option<&Session>) -> Result<Answered, OfferError> {
    answer(offer, local(&["192.0.2.1:7000".parse().expect("an address")]), previous)
}

fn refusal(offer: &str) -> String {
    answered(offer, None).expect_err("refused").to_string()
}

#[test]
fn chromiums_offer_becomes_sources_and_slots() {
    let Answered { sdp, session } = answered(CHROMIUM, None).expect("an answer");
    let agreement = session.agreement;
    let kinds: Vec<_> = agreement.sending.iter().map(|line| (line.mid.to_string(), line.kind)).collect();
    assert_eq!(kinds, [("0".into(), MediaKind::Audio), ("1".into(), MediaKind::Video), ("2".into(), MediaKind::Video)]);
    let rids: Vec<&str> = agreement.sending[1].rids.iter().map(Rid::as_str).collect();
    assert_eq!(rids, ["q", "h", "f"]);
    assert_eq!(agreement.sending[2].ssrcs.len(), 1, "the screen's SSRC with its RTX");
    assert!(agreement.sending[2].ssrcs[0].1.is_some());
    let slots: Vec<_> = agreement.slots.iter().map(|slot| (slot.mid.to_string(), slot.ssrc, slot.rtx_ssrc)).collect();
    assert_eq!(slots, [("3".into(), Ssrc(u32::MAX), None), ("4".into(), Ssrc(1), Some(Ssrc(2)))]);
    let codecs: Vec<Codec> = agreement.slots[1].payloads.iter().map(|map| map.codec).collect();
    assert_eq!(codecs[0], Codec::Vp8, "the client's first choice stays first");
    assert!(codecs.contains(&Codec::H264 { profile: 0x42, packetization_mode: 1 }));
    assert!(codecs.contains(&Codec::Vp9 { profile: 0 }) && codecs.contains(&Codec::Av1 { profile: 0 }));
    assert_eq!(agreement.extensions.repaired_rid, Some(11));
    for expected in [
        "a=ice-lite\r\n",
        "a=group:BUNDLE 0 1 2 3 4\r\n",
        "a=setup:passive\r\n",
        "a=simulcast:recv q;h;f\r\n",
        "a=candidate:1 1 udp ",
        " 192.0.2.1 7000 typ host tcptype passive\r\n",
        "a=rtcp-fb:96 transport-cc\r\n",
        "a=ssrc-group:FID 1 2\r\n",
    ] {
        assert!(sdp.contains(expected), "{expected:?} in the answer:\n{sdp}");
    }
    assert!(!sdp.contains("goog-remb"), "one bandwidth estimate is enough");
    assert!(!sdp.contains("red/48000"), "nothing is agreed that is not handled");
    assert_eq!(agreement.sending[0].payloads[0].payload_type, PayloadType(111));
}

#[test]
fn an_offer_with_the_same_credentials_goes_on_and_one_with_new_ones_restarts_ice() {
    let before = answered(CHROMIUM, None).expect("an answer").session;
    let mut second = local(&[]);
    second.credentials.ufrag = "another".into();
    let again = answer(CHROMIUM, second.clone(), Some(&before)).expect("an answer").session;
    assert_eq!(again.local, before.local);
    assert_eq!(again.agreement, before.agreement, "slots keep their SSRCs");
    let restarted = CHROMIUM.replace(&before.remote.ufrag, "fresh");
    let restarted = answer(&restarted, second, Some(&before)).expect("an answer").session;
    assert_eq!(restarted.local.ufrag, "another");
    assert_eq!(restarted.agreement.slots, before.agreement.slots);
}

#[test]
fn a_line_that_cannot_be_used_is_rejected_alone() {
    let offer = CHROMIUM.replace("m=video 9 UDP/TLS/RTP/SAVPF", "m=video 0 UDP/TLS/RTP/SAVPF");
    let Answered { sdp, session } = answered(&offer, None).expect("an answer");
    assert!(session.agreement.sending.iter().all(|line| line.kind == MediaKind::Audio));
    assert_eq!(sdp.matches("m=video 0 ").count(), 3);
    assert!(sdp.contains("a=group:BUNDLE 0 3\r\n"));
    let with_data = format!(
        "{}m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:data\r\na=sctp-port:5000\r\n",
        CHROMIUM.replace("BUNDLE 0 1 2 3 4", "BUNDLE 0 1 2 3 4 data")
    );
    let sdp = answered(&with_data, None).expect("an answer").sdp;
    assert!(sdp.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n"));
}

#[test]
fn what_is_missing_is_named() {
    assert!(refusal("").contains("session description") || refusal("").contains("m-line"));
    assert!(refusal("hello").contains("session description"));
    assert!(refusal(&CHROMIUM.replace("a=ice-ufrag:", "a=x:")).contains("ice-ufrag"));
    assert!(refusal(&CHROMIUM.replace("a=ice-pwd:", "a=ice-pwd:short\r\na=x:")).contains("ice-pwd"));
    assert!(refusal(&CHROMIUM.replace("a=fingerprint:sha-256", "a=fingerprint:sha-1")).contains("fingerprint"));
    assert!(refusal(&CHROMIUM.replace("a=setup:actpass", "a=setup:passive")).contains("setup"));
    assert!(refusal(&CHROMIUM.replace("a=group:BUNDLE", "a=x:")).contains("BUNDLE"));
    assert!(refusal(&CHROMIUM.replace("a=rtcp-mux", "a=x")).contains("rtcp-mux"));
    assert!(refusal(&CHROMIUM.replace("a=mid:3", "a=mid:0")).contains("same a=mid"));
    assert!(
        refusal(&CHROMIUM.replace("opus", "speex").replace("VP", "XX").replace("H264", "H2").replace("AV1", "A"))
            .contains("Opus")
    );
    assert!(refusal(&format!("{CHROMIUM}{}", "a=x:y\r\n".repeat(20_000))).contains("bytes"));
}

#[test]
fn a_client_gets_no_more_slots_than_there_are() {
    let line = CHROMIUM.split("m=").last().expect("the last m-line").to_owned();
    let mids: Vec<String> = (5..14).map(|mid| mid.to_string()).collect();
    let mut offer = CHROMIUM.replace("BUNDLE 0 1 2 3 4", &format!("BUNDLE 0 1 2 3 4 {}", mids.join(" ")));
    for mid in &mids {
        offer += &format!("m={}", line.replace("a=mid:4", &format!("a=mid:{mid}")));
    }
    let Answered { sdp, session } = answered(&offer, None).expect("an answer");
    assert_eq!(count(&session.agreement.slots, |slot| slot.kind == MediaKind::Video), VIDEO_SLOTS_MAX);
    assert_eq!(sdp.matches("a=inactive").count(), 10 - VIDEO_SLOTS_MAX);
}

proptest! {
    #[test]
    fn no_change_to_an_offer_makes_it_panic(at in 0..CHROMIUM.len(), drop in 0_usize..40, insert in "[ -~\r\n]{0,20}") {
        let end = (at + drop).min(CHROMIUM.len());
        let _ = answered(&format!("{}{insert}{}", &CHROMIUM[..at], &CHROMIUM[end..]), None);
    }
}
