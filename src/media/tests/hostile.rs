use super::camera::rtp;
use super::*;
use proptest::prelude::*;

/// A class in full swing, with a peer (3) who sends whatever it likes.
fn class() -> Class {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    let hostile = class.join(3);
    class.room.publish(hostile, mid("mic"), PublicationId(30), Source::Microphone, false);
    class.room.publish(hostile, mid("one"), PublicationId(31), Source::Camera, false);
    class.room.show(trainee, mid("v1"), Some(PublicationId(31)), None);
    class.room.show(hostile, mid("v0"), Some(PublicationId(2)), None);
    camera.frames(&mut class, 5);
    class.send(PeerKey(1), &voice.packet(30));
    class
}

/// Nothing that a slot ever sends may carry the same index twice, unless the bytes are the same; and no index may be
/// so far ahead that a receiver would take its rollover counter for another.
fn assert_sound_indices(sent: &[Sent]) {
    let mut seen = std::collections::HashMap::new();
    let mut newest = std::collections::HashMap::new();
    for sent in sent {
        let stream = (sent.to, sent.packet().ssrc);
        let before = seen.insert((stream, sent.index), &sent.bytes);
        assert!(before.is_none_or(|before| *before == sent.bytes), "an SRTP index was used twice");
        let newest = newest.entry(stream).or_insert(sent.index);
        assert!(sent.index <= *newest + 1_100, "a leap from {newest} to {}", sent.index);
        *newest = sent.index.max(*newest);
    }
}

#[test]
fn a_flood_of_sources_is_bounded() {
    let mut class = class();
    for ssrc in 0..5_000 {
        let packet = rtp(111, false, 1, 1, Ssrc(100_000 + ssrc), &[(1, b"mic".to_vec())], &[1; 20]);
        class.send(PeerKey(3), &packet);
    }
    class.pass(ms(1_000));
    assert_sound_indices(&class.all());
}

#[test]
fn a_flood_of_retransmission_requests_is_bounded() {
    let mut class = class();
    class.all();
    for _ in 0..1_000 {
        class.tell(PeerKey(3), |compound| {
            let numbers = (0..200).map(|n| crate::rtp::Seq(3_020u16.wrapping_add(n).wrapping_sub(100)));
            compound.nack(Ssrc(1), Ssrc(3_020), numbers);
        });
    }
    assert!(class.all().len() <= 400);
}

#[derive(Clone, Debug)]
enum Input {
    Rtp { payload_type: u8, sequence: u16, timestamp: u32, ssrc: u8, mid: u8, rid: u8, payload: Vec<u8>, padding: bool },
    RawRtp(Vec<u8>),
    Rtcp { kind: u8, body: Vec<u8> },
    Pass(u16),
}

fn input() -> impl Strategy<Value = Input> {
    let bytes = |max| proptest::collection::vec(any::<u8>(), 0..max);
    prop_oneof![
        6 => (
            prop_oneof![Just(96u8), Just(97), Just(111), any::<u8>().prop_map(|byte| byte & 0x7f)],
            prop_oneof![0u16..40, any::<u16>()],
            any::<u32>(),
            0u8..6,
            0u8..4,
            0u8..4,
            bytes(60),
            any::<bool>(),
        )
            .prop_map(|(payload_type, sequence, timestamp, ssrc, mid, rid, payload, padding)| Input::Rtp {
                payload_type, sequence, timestamp, ssrc, mid, rid, payload, padding
            }),
        1 => bytes(100).prop_map(Input::RawRtp),
        2 => (199u8..208, bytes(80)).prop_map(|(kind, body)| Input::Rtcp { kind, body }),
        1 => (0u16..2_000).prop_map(Input::Pass),
    ]
}

fn play(class: &mut Class, input: Input) {
    match input {
        Input::Rtp { payload_type, sequence, timestamp, ssrc, mid, rid, payload, padding } => {
            let mids = ["mic", "one", "cam", "?"];
            let rids = ["l", "m", "h", "x"];
            let extensions = [
                (1, mids[usize::from(mid)].as_bytes().to_vec()),
                (2 + (mid & 1), rids[usize::from(rid)].as_bytes().to_vec()),
                (7, payload.iter().copied().take(12).chain([0]).collect()),
            ];
            let mut packet = rtp(payload_type, true, sequence, timestamp, Ssrc(u32::from(ssrc)), &extensions, &payload);
            if padding {
                packet[0] |= 0x20;
            }
            class.send(PeerKey(3), &packet);
        }
        Input::RawRtp(bytes) => class.send(PeerKey(3), &bytes),
        Input::Rtcp { kind, mut body } => {
            body.resize(body.len().next_multiple_of(4), 0);
            let mut bytes = vec![0x81, kind, 0, (body.len() / 4) as u8];
            bytes.extend_from_slice(&body);
            class.room.handle_rtcp(class.now, PeerKey(3), &bytes, &mut class.wire);
        }
        Input::Pass(millis) => class.pass(ms(u64::from(millis))),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_a_peer_sends_nothing_panics_and_srtp_indices_stay_sound(
        inputs in proptest::collection::vec(input(), 1..80),
    ) {
        let mut class = class();
        for input in inputs {
            play(&mut class, input);
        }
        class.pass(ms(1_500));
        while class.room.poll_event().is_some() {}
        assert_sound_indices(&class.all());
    }

    #[test]
    fn arbitrary_bytes_never_panic(packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..120), 0..20)) {
        let mut class = class();
        for packet in packets {
            class.send(PeerKey(3), &packet);
            class.room.handle_rtcp(class.now, PeerKey(3), &packet, &mut class.wire);
        }
    }
}
