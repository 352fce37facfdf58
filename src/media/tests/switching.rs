use super::camera::{FRAME, FRAME_TICKS, HIGH, LOW, MIDDLE, rtp};
use super::*;
use crate::rtp::NtpTime;
use crate::rtp::codec::PayloadFacts;
use crate::rtp::rtcp::SenderInfo;

/// What a VP8 decoder sees of a packet.
fn vp8(sent: &Sent) -> (bool, u16, u8) {
    let packet = sent.packet();
    let facts = PayloadFacts::read(Codec::Vp8, packet.payload);
    (facts.keyframe_start, facts.ids.picture_id.unwrap().value, facts.ids.tl0.unwrap().value)
}

/// Checks a slot's whole stream: numbers without a gap, frames of two packets in step, time that goes forward at
/// about the pace it should, and a keyframe at each change of size.
fn assert_seamless(stream: &[Sent]) {
    assert_gapless(stream);
    let mut size = 0;
    for frame in stream.chunks(2) {
        let [first, last] = frame else { panic!("half a frame") };
        let (key, picture_id, tl0) = vp8(first);
        let (_, same_picture, same_tl0) = vp8(last);
        assert_eq!((picture_id, tl0), (same_picture, same_tl0));
        assert!(!first.packet().marker && last.packet().marker);
        assert_eq!(first.packet().timestamp, last.packet().timestamp);
        if first.packet().payload.len() != size {
            assert!(key, "another encoding begins without a keyframe");
            size = first.packet().payload.len();
        }
    }
    for pair in stream.chunks(2).collect::<Vec<_>>().windows(2) {
        let ((_, before, tl0_before), (_, after, tl0_after)) = (vp8(&pair[0][0]), vp8(&pair[1][0]));
        assert_eq!(after, (before + 1) & 0x7fff);
        assert_eq!(tl0_after, tl0_before.wrapping_add(1));
        let step = pair[1][0].packet().timestamp.wrapping_sub(pair[0][0].packet().timestamp);
        assert!((1..3 * FRAME_TICKS).contains(&step), "a step of {step} ticks");
    }
}

#[test]
fn the_first_picture_begins_with_a_keyframe_in_the_receivers_own_words() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    camera.frames(&mut class, 3);
    assert!(class.heard(trainee, 20).is_empty());
    class.show(trainee, 2);
    camera.frames(&mut class, 5);
    let stream = class.heard(trainee, 20);
    assert_seamless(&stream);
    let first = &stream[0];
    assert!(vp8(first).0);
    assert_eq!(first.packet().payload_type, PayloadType(120));
    assert_eq!(first.known().mid, Some(&b"v0"[..]));
    assert_eq!(first.known().rid, None);
    assert!(first.index < 1 << 15);
    let numbers: Vec<_> = stream.iter().map(|sent| sent.known().transport_sequence.unwrap().0).collect();
    assert_eq!(numbers, (0..numbers.len() as u16).collect::<Vec<_>>());
    assert_eq!(first.header_length, stream.last().unwrap().header_length);
}

#[test]
fn switching_low_high_low_leaves_no_seam() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    camera.frames(&mut class, 40);
    class.room.limit(trainee, ReceiveLimit::Best);
    camera.frames(&mut class, 400);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    camera.frames(&mut class, 40);
    let stream = class.heard(trainee, 20);
    assert_seamless(&stream);
    let mut sizes: Vec<_> = stream.iter().map(|sent| sent.packet().payload.len()).collect();
    sizes.dedup();
    assert_eq!(sizes, [200, 600, 1_150, 200]);
    // Frames that were sent while a switch was awaited came from the old encoding: none is missing.
    assert!(stream.len() >= 2 * 478, "{}", stream.len());
}

#[test]
fn with_sender_reports_an_encodings_timeline_goes_on_exactly_where_the_other_was() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    let origin: Vec<u32> = camera.streams.iter().map(|stream| stream.timestamp).collect();
    camera.frames(&mut class, 10);
    for (stream, origin) in camera.streams.iter().zip(origin) {
        let info = SenderInfo { ntp: NtpTime::from_micros(5_000_000_000), timestamp: origin, packets: 1, octets: 1 };
        class.tell(PeerKey(1), |compound| compound.sender_report(stream.ssrc, &info, &[]));
    }
    class.room.limit(trainee, ReceiveLimit::Best);
    for _ in 0..300 {
        // Frames arrive at an uneven pace; their timestamps are even.
        camera.frame(&mut class);
        let uneven = class.elapsed().as_millis() as u64 % 7;
        class.pass(ms(uneven));
    }
    let stream = class.heard(trainee, 20);
    assert_seamless(&stream);
    let sizes: std::collections::BTreeSet<_> = stream.iter().map(|sent| sent.packet().payload.len()).collect();
    assert_eq!(sizes.len(), 3);
    for pair in stream.chunks(2).collect::<Vec<_>>().windows(2) {
        let step = pair[1][0].packet().timestamp.wrapping_sub(pair[0][0].packet().timestamp);
        let switched = pair[1][0].packet().payload.len() != pair[0][0].packet().payload.len();
        // The keyframe shows what the other encoding has shown already; it follows as closely as it can.
        assert_eq!(step, if switched { 1 } else { FRAME_TICKS });
    }
}

#[test]
fn another_publication_takes_over_the_slot_without_a_seam() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let other = class.join(3);
    class.room.publish(other, mid("cam"), PublicationId(3), Source::Camera, false);
    let mut second = Camera::new(other);
    let trainee = class.join(2);
    class.show(trainee, 2);
    for round in 0..90 {
        if round == 30 {
            class.show(trainee, 3);
        }
        if round == 60 {
            class.show(trainee, 2);
        }
        camera.frame_of(&mut class, &[LOW]);
        second.frame_of(&mut class, &[LOW]);
    }
    let stream = class.heard(trainee, 20);
    assert_gapless(&stream);
    let ids: Vec<_> = stream.chunks(2).map(|frame| vp8(&frame[0]).1).collect();
    assert!(ids.windows(2).all(|pair| pair[1] == (pair[0] + 1) & 0x7fff));
    let keyframes = stream.iter().filter(|sent| vp8(sent).0).count();
    assert_eq!(keyframes, 3);
    assert!(stream.len() > 2 * 80);
}

#[test]
fn after_an_unpublish_nothing_comes_out() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 30);
    let last = class.heard(trainee, 20).pop().unwrap();
    class.room.unpublish(PublicationId(2));
    camera.frames(&mut class, 30);
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [last.packet().sequence]));
    class.pass(ms(2_000));
    assert!(class.all().is_empty());
    assert!(class.keyframe_requests(PeerKey(1)).is_empty());
    assert!(class.room.counters().dropped_not_published >= 30 * 6);
    // Published again, it needs nothing but a keyframe.
    class.room.publish(PeerKey(1), mid("cam"), PublicationId(9), Source::Camera, false);
    class.show(trainee, 9);
    camera.frames(&mut class, 4);
    let again = class.heard(trainee, 20);
    assert_eq!(again[0].index, last.index + 1);
    assert!(vp8(&again[0]).0);
}

#[test]
fn padding_of_a_probing_sender_leaves_no_gap() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    for round in 0..40 {
        camera.frame_of(&mut class, &[LOW]);
        if round % 3 == 0 {
            let padding = camera.streams[LOW].padding();
            class.send(PeerKey(1), &padding);
        }
    }
    let stream = class.heard(trainee, 20);
    assert_seamless(&stream);
    assert!(stream.len() >= 76);
}

#[test]
fn an_encoding_that_stops_arriving_is_replaced_within_a_second() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 400);
    assert_eq!(class.heard(trainee, 20).last().unwrap().packet().payload.len(), 1_150);
    let mut silence = Duration::ZERO;
    loop {
        camera.frame_of(&mut class, &[LOW, MIDDLE]);
        silence += FRAME;
        let stream = class.heard(trainee, 20);
        if let Some(first) = stream.first() {
            assert!(vp8(first).0);
            assert_eq!(first.packet().payload.len(), 600);
            break;
        }
        assert!(silence < ms(2_100), "no picture");
    }
    let _ = HIGH;
}

#[test]
fn the_frame_number_of_a_dependency_descriptor_runs_on() {
    let mut class = Class::new();
    let av1 = PayloadMap { payload_type: PayloadType(45), codec: Codec::Av1 { profile: 0 }, rtx: None };
    for key in [1, 2, 3] {
        let mut agreement = browser(key);
        agreement.sending[2].payloads = vec![av1];
        agreement.slots[3].payloads = vec![av1];
        class.room.add_peer(PeerKey(key), PeerId(u64::from(key)), &agreement);
    }
    let send = |class: &mut Class, from: u32, number: u16, key: bool| {
        let [high, low] = number.to_be_bytes();
        let mut descriptor = vec![0xc0, high, low];
        descriptor.extend(key.then_some([0x80, 1, 2, 3]).into_iter().flatten());
        let extensions = [(1, b"one".to_vec()), (7, descriptor)];
        let payload = [if key { 0x18 } else { 0x10 }, 0x0a, 1, 2];
        let packet = rtp(45, true, number, u32::from(number) * 3_000, Ssrc(from * 1_000 + 700), &extensions, &payload);
        class.send(PeerKey(from), &packet);
        class.pass(FRAME);
    };
    class.room.publish(PeerKey(1), mid("one"), PublicationId(1), Source::Camera, false);
    class.room.publish(PeerKey(3), mid("one"), PublicationId(3), Source::Camera, false);
    class.show(PeerKey(2), 1);
    (0..5).for_each(|n| send(&mut class, 1, 65_533u16.wrapping_add(n), n == 0));
    class.show(PeerKey(2), 3);
    (0..5).for_each(|n| send(&mut class, 3, 100 + n, n == 0));
    let stream = class.heard(PeerKey(2), 20);
    let numbers: Vec<u16> = stream
        .iter()
        .map(|sent| u16::from_be_bytes(*sent.known().dependency_descriptor.unwrap()[1..].first_chunk().unwrap()))
        .collect();
    assert_eq!(numbers.len(), 10);
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0].wrapping_add(1)), "{numbers:?}");
}
