use super::camera::{FRAME, rtp};
use super::*;
use crate::rtp::codec::PayloadFacts;

/// A trainer's m-line with one encoding of a codec, and a trainee (2) whose first slot plays it.
fn class(payload: PayloadMap) -> Class {
    let mut class = Class::new();
    for key in [1, 2] {
        let mut agreement = browser(key);
        agreement.sending[2].payloads = vec![payload];
        agreement.slots[3].payloads = vec![payload];
        class.room.add_peer(PeerKey(key), PeerId(u64::from(key)), &agreement);
    }
    class.room.publish(PeerKey(1), mid("one"), PublicationId(1), Source::Camera, false);
    class.show(PeerKey(2), 1);
    class
}

/// Sends the packets of frames, each with its marker at the end.
fn send(class: &mut Class, sequence: &mut u16, frames: &[&[&[u8]]]) {
    for frame in frames {
        let timestamp = u32::from(*sequence) * 3_000;
        for (place, payload) in frame.iter().enumerate() {
            let marker = place + 1 == frame.len();
            let packet = rtp(98, marker, *sequence, timestamp, Ssrc(5), &[(1, b"one".to_vec())], payload);
            class.send(PeerKey(1), &packet);
            *sequence += 1;
        }
        class.pass(FRAME);
    }
}

fn payloads(class: &mut Class) -> Vec<Vec<u8>> {
    let sent = class.heard(PeerKey(2), 20);
    assert_gapless(&sent);
    sent.iter().map(|sent| sent.packet().payload.to_vec()).collect()
}

const H264: PayloadMap = PayloadMap {
    payload_type: PayloadType(98),
    codec: Codec::H264 { profile: 0x42, packetization_mode: 1 },
    rtx: Some(PayloadType(99)),
};

#[test]
fn an_h264_picture_begins_with_its_parameter_sets() {
    let mut class = class(H264);
    let (delta, sps, pps) = (&[0x61, 1][..], &[0x67, 0x42][..], &[0x68, 1][..]);
    let (idr, more) = (&[28, 0x85, 1][..], &[28, 0x45, 2][..]);
    send(&mut class, &mut 10, &[&[delta], &[sps, pps, idr, more], &[delta]]);
    assert_eq!(payloads(&mut class), [sps, pps, idr, more, delta]);
    // Once they are known to travel in band, an IDR picture alone does not do.
    class.pass(ms(1_100));
    let mut late = browser(3);
    late.slots[3].payloads = vec![H264];
    class.room.add_peer(PeerKey(3), PeerId(3), &late);
    class.show(PeerKey(3), 1);
    send(&mut class, &mut 20, &[&[idr, more]]);
    assert!(class.heard(PeerKey(3), 20).is_empty());
}

#[test]
fn an_h264_picture_whose_parameter_sets_are_in_the_description_begins_with_an_idr() {
    let mut class = class(H264);
    let (delta, slice, next_slice): (&[u8], &[u8], &[u8]) = (&[0x61, 1], &[0x65, 1], &[0x65, 2]);
    send(&mut class, &mut 10, &[&[delta], &[slice, next_slice], &[delta]]);
    assert_eq!(payloads(&mut class), [slice, next_slice, delta]);
}

#[test]
fn scalable_vp9_is_forwarded_whole_and_its_ids_run_on() {
    let vp9 = PayloadMap { payload_type: PayloadType(98), codec: Codec::Vp9 { profile: 0 }, rtx: None };
    let mut class = class(vp9);
    // I, L, B, E; 7-bit picture id; layer; TL0PICIDX. Key pictures have P clear, upper layers have spatial id 1.
    let base = |key: bool, id: u8, tl0: u8| [if key { 0xac } else { 0xec }, id, 0x00, tl0, 1, 2];
    let upper = |key: bool, id: u8, tl0: u8| [if key { 0xac } else { 0xec }, id, 0x03, tl0, 3, 4];
    let mut sequence = 1;
    send(&mut class, &mut sequence, &[&[&base(false, 9, 9), &upper(false, 9, 9)]]);
    for (id, tl0) in [(126, 254), (127, 255), (0, 0), (1, 1)] {
        let key = id == 126;
        send(&mut class, &mut sequence, &[&[&base(key, id, tl0), &upper(key, id, tl0)]]);
    }
    let sent = payloads(&mut class);
    assert_eq!(sent.len(), 8);
    let ids: Vec<_> = sent
        .iter()
        .map(|payload| PayloadFacts::read(vp9.codec, payload).ids)
        .map(|ids| (ids.picture_id.unwrap().value, ids.tl0.unwrap().value))
        .collect();
    assert_eq!(ids, [(1, 1), (1, 1), (2, 2), (2, 2), (3, 3), (3, 3), (4, 4), (4, 4)]);
    assert!(sent.iter().all(|payload| payload[4..] == [1, 2] || payload[4..] == [3, 4]));
}

#[test]
fn a_source_that_says_goodbye_and_goes_on_is_still_known() {
    let mut class = class(H264);
    let (sps, idr, delta): (&[u8], &[u8], &[u8]) = (&[0x67, 0x42], &[28, 0x85, 1], &[0x61, 1]);
    let mut sequence = 10;
    send(&mut class, &mut sequence, &[&[sps, idr]]);
    class.tell(PeerKey(1), |compound| compound.bye(Ssrc(5)));
    let packet = rtp(98, true, sequence, 90_000, Ssrc(5), &[], delta);
    class.send(PeerKey(1), &packet);
    assert_eq!(payloads(&mut class).len(), 3);
}
