use super::camera::{FRAME, LOW, rtx};
use super::*;
use crate::rtp::rtcp::ReportBlock;
use crate::rtp::{Seq, short_ntp};

/// A trainee who watches the smallest encoding, which has begun.
fn watched() -> (Class, Camera, PeerKey) {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    camera.frames(&mut class, 10);
    class.heard(trainee, 20);
    (class, camera, trainee)
}

fn nacked(class: &mut Class, to: PeerKey) -> Vec<(Ssrc, u16)> {
    class
        .told(to, |packet| match packet {
            Rtcp::Nack { media, pairs } => Some(pairs.lost().map(|seq| (media, seq.0)).collect::<Vec<_>>()),
            _ => None,
        })
        .concat()
}

#[test]
fn a_receivers_loss_is_repaired_on_a_stream_of_its_own() {
    let (mut class, mut camera, trainee) = watched();
    camera.frames(&mut class, 4);
    let stream = class.heard(trainee, 20);
    let lost = &stream[3];
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [lost.packet().sequence]));
    let repairs = class.heard(trainee, 120);
    assert_eq!(repairs.len(), 1);
    let repair = repairs[0].packet();
    assert_eq!(repair.payload_type, PayloadType(121));
    assert_eq!(repair.timestamp, lost.packet().timestamp);
    assert_eq!(repair.marker, lost.packet().marker);
    let (original, payload) = repair.payload.split_at(2);
    assert_eq!(original, lost.packet().sequence.0.to_be_bytes());
    assert_eq!(payload, lost.packet().payload);
    assert_eq!(class.room.counters().packets_retransmitted, 1);
    // Asked again at once, it is on its way already.
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [lost.packet().sequence]));
    assert!(class.heard(trainee, 120).is_empty());
    class.pass(ms(150));
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [lost.packet().sequence]));
    let again = class.heard(trainee, 120);
    assert_eq!(again[0].index, repairs[0].index + 1);
}

#[test]
fn without_a_stream_for_repairs_the_very_same_bytes_go_out_again() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let mut agreement = browser(2);
    agreement.slots[3].rtx_ssrc = None;
    class.room.add_peer(PeerKey(2), PeerId(2), &agreement);
    class.show(PeerKey(2), 2);
    camera.frames(&mut class, 10);
    let stream = class.heard(PeerKey(2), 20);
    let lost = &stream[5];
    class.pass(ms(50));
    class.tell(PeerKey(2), |compound| compound.nack(Ssrc(1), Ssrc(2_020), [lost.packet().sequence]));
    let repairs = class.heard(PeerKey(2), 20);
    assert_eq!(repairs.len(), 1);
    // Another byte under the same SRTP nonce would give the key away.
    assert_eq!((repairs[0].index, &repairs[0].bytes), (lost.index, &lost.bytes));
}

#[test]
fn a_packet_lost_on_the_way_in_is_asked_for_and_reaches_receivers_in_its_place() {
    let (mut class, mut camera, trainee) = watched();
    let media = camera.streams[LOW].ssrc;
    let [first, second] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &second);
    let sequence = RtpPacket::parse(&first).unwrap().sequence.0;
    class.pass(ms(12));
    assert_eq!(nacked(&mut class, PeerKey(1)), [(media, sequence)]);
    camera.frame_of(&mut class, &[LOW]);
    // The repair comes on a stream that no offer declared: by mid and repaired rid.
    class.send(PeerKey(1), &rtx(&first, Ssrc(77_777), 5, Some("l")));
    let stream = class.heard(trainee, 20);
    let order: Vec<u64> = stream.iter().map(|sent| sent.index - stream[0].index.min(stream[3].index)).collect();
    assert_eq!(order, [1, 2, 3, 0]);
    assert_eq!(stream[3].packet().payload.len(), 200);
    class.pass(ms(1_000));
    assert!(nacked(&mut class, PeerKey(1)).is_empty());
}

#[test]
fn what_is_lost_in_both_directions_is_repaired_once_it_arrives() {
    let (mut class, mut camera, trainee) = watched();
    let [first, second] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &second);
    let after = class.heard(trainee, 20);
    let missing = Seq(after[0].packet().sequence.0.wrapping_sub(1));
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [missing]));
    assert!(class.all().is_empty());
    class.send(PeerKey(1), &rtx(&first, Ssrc(77_777), 5, Some("l")));
    assert_eq!(sequence(&class.heard(trainee, 20)), [missing.0]);
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [missing]));
    assert_eq!(class.heard(trainee, 120).len(), 1);
}

#[test]
fn who_asks_before_the_repair_can_have_come_is_not_sent_it_twice() {
    let (mut class, mut camera, trainee) = watched();
    class.pass(ms(1_000));
    let report = class.told(trainee, |packet| match packet {
        Rtcp::SenderReport { sender, info, .. } => Some((sender, info)),
        _ => None,
    });
    let (ssrc, info) = *report.last().unwrap();
    class.pass(ms(80));
    let age = class.room.clock.at(class.now).ntp().micros() - info.ntp.micros();
    class.tell(trainee, |compound| {
        let delay_since = short_ntp(Duration::from_micros(age - 80_000));
        let last_sender_report = info.ntp.middle();
        compound
            .receiver_report(Ssrc(1), &[ReportBlock { ssrc, last_sender_report, delay_since, ..Default::default() }])
    });
    let [first, second] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &second);
    class.pass(ms(60));
    class.send(PeerKey(1), &rtx(&first, Ssrc(77_777), 5, Some("l")));
    let sent = class.heard(trainee, 20);
    let late = sent[1].packet().sequence;
    class.pass(ms(20));
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [late]));
    assert!(class.heard(trainee, 120).is_empty());
    class.pass(ms(60));
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [late]));
    assert_eq!(class.heard(trainee, 120).len(), 1);
}

#[test]
fn a_duplicate_is_forwarded_once() {
    let (mut class, mut camera, trainee) = watched();
    let [first, second] = camera.streams[LOW].frame(false);
    for packet in [&first, &second, &first, &second] {
        class.send(PeerKey(1), packet);
    }
    class.send(PeerKey(1), &rtx(&first, Ssrc(77_777), 5, Some("l")));
    assert_eq!(class.heard(trainee, 20).len(), 2);
}

#[test]
fn a_keyframe_whose_first_packet_came_late_is_sent_whole() {
    let (mut class, mut camera, trainee) = watched();
    // The keyframe that it began with is too old by now.
    camera.frames(&mut class, 50);
    class.heard(trainee, 20);
    let late = class.join(3);
    class.room.limit(late, ReceiveLimit::Smallest);
    class.show(late, 2);
    class.pass(ms(1));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [camera.streams[LOW].ssrc]);
    let [first, second] = camera.streams[LOW].frame(true);
    class.send(PeerKey(1), &second);
    let [third, fourth] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &third);
    assert!(class.heard(late, 20).is_empty());
    class.send(PeerKey(1), &rtx(&first, Ssrc(77_777), 5, Some("l")));
    class.send(PeerKey(1), &fourth);
    let stream = class.heard(late, 20);
    assert_eq!(stream.len(), 4);
    assert_gapless(&stream);
    let _ = class.heard(trainee, 20);
}

#[test]
fn what_is_not_repaired_in_a_second_needs_a_keyframe() {
    let (mut class, mut camera, _) = watched();
    let media = camera.streams[LOW].ssrc;
    let [_, second] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &second);
    class.pass(ms(900));
    let asked = nacked(&mut class, PeerKey(1));
    assert!((4..=12).contains(&asked.len()), "{asked:?}");
    assert!(class.keyframe_requests(PeerKey(1)).is_empty());
    class.pass(ms(200));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [media]);
}

#[test]
fn nobody_asks_for_repair_of_what_nobody_watches() {
    let (mut class, mut camera, _) = Class::with_trainer();
    camera.frames(&mut class, 3);
    camera.streams[LOW].frame(false);
    camera.frames(&mut class, 10);
    assert!(nacked(&mut class, PeerKey(1)).is_empty());
}

#[test]
fn a_thousand_requests_for_a_keyframe_become_one() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let low = camera.streams[LOW].ssrc;
    camera.frame(&mut class);
    for key in 10..1_010 {
        let trainee = class.join(key);
        class.room.limit(trainee, ReceiveLimit::Smallest);
        class.show(trainee, 2);
    }
    class.pass(ms(1));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [low]);
    for key in 10..1_010 {
        class.tell(PeerKey(key), |compound| compound.picture_loss(Ssrc(1), Ssrc(key * 1_000 + 20)));
    }
    class.pass(ms(300));
    assert!(class.keyframe_requests(PeerKey(1)).is_empty());
    class.pass(ms(300));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [low], "asked again as long as none comes");
    let keyframe = camera.streams[LOW].frame(true);
    keyframe.iter().for_each(|packet| class.send(PeerKey(1), packet));
    assert_eq!(class.all().len(), 2 * 1_000);
    for key in 10..1_010 {
        class.tell(PeerKey(key), |compound| compound.picture_loss(Ssrc(1), Ssrc(key * 1_000 + 20)));
    }
    class.pass(ms(2_000));
    assert!(class.keyframe_requests(PeerKey(1)).is_empty(), "they asked before they can have seen it");

    class.tell(PeerKey(10), |compound| compound.full_intra(Ssrc(1), Ssrc(10_020), 1));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [low]);
    assert_eq!(class.room.counters().keyframe_requests_sent, 3);
}

#[test]
fn a_repair_without_a_rid_finds_an_m_line_without_simulcast() {
    let mut class = Class::new();
    let trainer = class.join(1);
    class.room.publish(trainer, mid("one"), PublicationId(1), Source::Screen, false);
    let trainee = class.join(2);
    class.show(trainee, 1);
    let mut screen = camera::Stream { rid: None, mid: "one", ..Camera::new(trainer).streams[LOW].clone() };
    let keyframe = screen.frame(true);
    keyframe.iter().for_each(|packet| class.send(trainer, packet));
    let [first, second] = screen.frame(false);
    class.send(trainer, &second);
    class.pass(FRAME);
    class.send(trainer, &rtx(&first, Ssrc(88_888), 1, None));
    let stream = class.heard(trainee, 20);
    assert_eq!(stream.len(), 4);
    assert_eq!(stream[3].index, stream[2].index - 1);
}
