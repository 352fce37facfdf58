use super::*;
use proptest::prelude::*;

const VP8_KEYFRAME: &[u8] = &[
    0x90, 0xe0, 0x81, 0x02, 0x07, 0x20, // descriptor: X, S; I, L, T; picture id 0x0102; TL0PICIDX 7; TID
    0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01, // 640 x 360
];

#[test]
fn a_vp8_keyframe_tells_its_height_and_ids() {
    let facts = PayloadFacts::read(Codec::Vp8, VP8_KEYFRAME);
    assert!(facts.keyframe_start);
    assert_eq!(facts.height, Some(360));
    assert_eq!(facts.ids.picture_id.map(|id| id.value), Some(0x0102));
    assert_eq!(facts.ids.tl0.map(|tl0| tl0.value), Some(7));
    assert_eq!(facts.ids.prefix_length(), 5);
}

#[test]
fn a_vp8_delta_frame_and_a_later_packet_are_no_keyframe() {
    let mut delta = VP8_KEYFRAME.to_vec();
    delta[6] |= 1;
    assert!(!PayloadFacts::read(Codec::Vp8, &delta).keyframe_start);
    let mut later = VP8_KEYFRAME.to_vec();
    later[0] = 0x80;
    assert!(!PayloadFacts::read(Codec::Vp8, &later).keyframe_start);
}

#[test]
fn picture_ids_are_rewritten_in_their_own_width() {
    let facts = PayloadFacts::read(Codec::Vp8, VP8_KEYFRAME);
    let mut prefix = VP8_KEYFRAME[..5].to_vec();
    facts.ids.rewrite(&mut prefix, 0x7fff, 200);
    assert_eq!(prefix, [0x90, 0xe0, 0xff, 0xff, 200]);
    let narrow = [0x90, 0x80, 0x05, 0x10, 0, 0];
    let facts = PayloadFacts::read(Codec::Vp8, &narrow);
    let mut prefix = narrow[..3].to_vec();
    facts.ids.rewrite(&mut prefix, 0x7fff, 200);
    assert_eq!(prefix, [0x90, 0x80, 0x7f]);
}

#[test]
fn only_the_base_layer_of_a_vp9_key_picture_starts_it() {
    // I, L, B, V; picture id 5; layers; TL0PICIDX; structure: two layers with sizes.
    let base = [0xaa, 0x05, 0x00, 0x09, 0x30, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 1];
    let facts = PayloadFacts::read(Codec::Vp9 { profile: 0 }, &base);
    assert!(facts.keyframe_start);
    assert_eq!(facts.height, Some(360));
    assert_eq!(facts.ids.tl0.map(|tl0| tl0.value), Some(9));
    assert_eq!(facts.ids.prefix_length(), 4);
    let mut upper = base;
    upper[2] = 0x02;
    assert!(!PayloadFacts::read(Codec::Vp9 { profile: 0 }, &upper).keyframe_start);
    let mut delta = base;
    delta[0] |= 0x40;
    assert!(!PayloadFacts::read(Codec::Vp9 { profile: 0 }, &delta).keyframe_start);
}

/// Baseline, 1280 x 720, as x264 writes it.
const SPS_720: &[u8] = &[
    0x67, 0x42, 0xc0, 0x1f, 0xd9, 0x00, 0x50, 0x05, 0xbb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03,
    0x03, 0xc0, 0xf1, 0x83, 0x24, 0x80,
];

#[test]
fn h264_keyframes_start_with_their_parameter_sets() {
    let codec = Codec::H264 { profile: 0x42, packetization_mode: 1 };
    let mut stap = vec![24, 0, SPS_720.len() as u8];
    stap.extend_from_slice(SPS_720);
    stap.extend_from_slice(&[0, 2, 0x68, 1, 0, 2, 0x65, 1]);
    for payload in [SPS_720, &stap] {
        let facts = PayloadFacts::read(codec, payload);
        assert!(facts.keyframe_start && !facts.bare_idr);
        assert_eq!(facts.height, Some(720));
    }
    let fragment_start = [28, 0x85, 1, 2];
    assert!(PayloadFacts::read(codec, &fragment_start).bare_idr);
    let fragment_middle = [28, 0x05, 1, 2];
    assert_eq!(PayloadFacts::read(codec, &fragment_middle), PayloadFacts::default());
    assert_eq!(PayloadFacts::read(codec, &[0x61, 1]), PayloadFacts::default());
}

#[test]
fn av1_sequences_are_found_by_payload_and_by_descriptor() {
    let codec = Codec::Av1 { profile: 0 };
    assert!(PayloadFacts::read(codec, &[0x18, 0x0a, 1]).keyframe_start);
    assert!(PayloadFacts::read(codec, &[0x20, 0x02, 0x0a, 1, 0x32]).keyframe_start);
    assert!(!PayloadFacts::read(codec, &[0x90, 0x0a, 1]).keyframe_start);
    assert!(!PayloadFacts::read(codec, &[0x10, 0x32, 1]).keyframe_start);
    assert!(dependency_descriptor_starts_sequence(&[0x80, 0, 1, 0x80]));
    assert!(!dependency_descriptor_starts_sequence(&[0x80, 0, 1]));
    assert!(!dependency_descriptor_starts_sequence(&[0x00, 0, 1, 0x80]));
}

proptest! {
    #[test]
    fn arbitrary_payloads_never_panic(payload in proptest::collection::vec(any::<u8>(), 0..80), id: u16, tl0: u8) {
        let h264 = Codec::H264 { profile: 0x42, packetization_mode: 1 };
        for codec in [Codec::Opus, Codec::Vp8, Codec::Vp9 { profile: 0 }, h264, Codec::Av1 { profile: 0 }] {
            let facts = PayloadFacts::read(codec, &payload);
            let length = facts.ids.prefix_length();
            prop_assert!(length <= DESCRIPTOR_BYTES_MAX && length <= payload.len());
            let mut prefix = payload[..length].to_vec();
            facts.ids.rewrite(&mut prefix, id, tl0);
        }
        let mut sps = vec![0x67];
        sps.extend_from_slice(&payload);
        let _ = PayloadFacts::read(h264, &sps);
        let _ = dependency_descriptor_starts_sequence(&payload);
    }
}
