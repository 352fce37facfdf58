use super::*;

#[test]
fn what_stays_in_a_new_agreement_keeps_its_numbers() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 20);
    let before = class.heard(trainee, 20);
    let mut more = browser(2);
    let mut extra = more.slots[4].clone();
    (extra.mid, extra.ssrc) = (mid("v2"), Ssrc(2_022));
    more.slots.push(extra);
    class.room.update_peer(trainee, &more);
    class.room.show(trainee, mid("v2"), Some(PublicationId(2)), None);
    camera.frames(&mut class, 20);
    let after = class.heard(trainee, 20);
    assert_eq!(after[0].index, before.last().unwrap().index + 1);
    assert!(!class.heard(trainee, 22).is_empty());
    assert_eq!(class.slots(trainee).unwrap().len(), 6);
}

#[test]
fn a_slot_that_goes_falls_silent_and_comes_back_with_new_numbers_only() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 20);
    let before = class.heard(trainee, 20);
    let mut less = browser(2);
    less.slots.remove(3);
    class.room.update_peer(trainee, &less);
    camera.frames(&mut class, 20);
    assert!(class.heard(trainee, 20).is_empty());
    class.room.update_peer(trainee, &browser(2));
    class.show(trainee, 2);
    camera.frames(&mut class, 20);
    let after = class.heard(trainee, 20);
    assert_eq!(after[0].index, before.last().unwrap().index + 1);
}

#[test]
fn who_leaves_takes_publications_along_and_a_new_peer_may_have_the_key() {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 10);
    class.send(PeerKey(1), &voice.packet(30));
    class.room.remove_peer(PeerKey(1));
    assert_eq!(class.slots(trainee), Some(vec![None; 5]));
    class.all();
    camera.frames(&mut class, 10);
    assert!(class.all().is_empty());
    class.room.remove_peer(trainee);
    assert!(class.room.is_empty());
    assert_eq!(class.room.poll_timeout(), None);
    class.join(1);
    class.room.publish(PeerKey(1), mid("cam"), PublicationId(7), Source::Camera, false);
    let trainee = class.join(2);
    class.show(trainee, 7);
    camera.frames(&mut class, 10);
    assert!(!class.heard(trainee, 20).is_empty());
}

#[test]
fn a_publication_without_a_common_codec_is_not_shown() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let mut agreement = browser(2);
    let h264 = Codec::H264 { profile: 0x42, packetization_mode: 1 };
    agreement.slots[3].payloads[0].codec = h264;
    class.room.add_peer(PeerKey(2), PeerId(2), &agreement);
    class.slots(PeerKey(2));
    class.show(PeerKey(2), 2);
    camera.frames(&mut class, 10);
    assert_eq!(class.slots(PeerKey(2)), None);
    assert!(class.heard(PeerKey(2), 20).is_empty());
}

#[test]
fn declared_ssrcs_need_no_extensions() {
    let mut class = Class::new();
    let mut agreement = browser(1);
    agreement.sending[2].ssrcs = vec![(Ssrc(42), Some(Ssrc(43)))];
    agreement.extensions = ExtensionIds::default();
    class.room.add_peer(PeerKey(1), PeerId(1), &agreement);
    class.room.publish(PeerKey(1), mid("one"), PublicationId(1), Source::Camera, false);
    let trainee = class.join(2);
    class.show(trainee, 1);
    let mut stream = Camera::new(PeerKey(1)).streams[0].clone();
    stream.ssrc = Ssrc(42);
    for packet in stream.frame(true) {
        class.send(PeerKey(1), &packet);
    }
    assert_eq!(class.heard(trainee, 20).len(), 2);
    // Sound has one m-line and its payload type is nobody else's.
    class.room.publish(PeerKey(1), mid("mic"), PublicationId(2), Source::Microphone, true);
    let packet = camera::rtp(111, false, 1, 1, Ssrc(9), &[], &[1; 50]);
    class.send(PeerKey(1), &packet);
    assert_eq!(class.heard(trainee, 10).len(), 1);
    // Pictures have two, so an undeclared SSRC could be of either.
    stream.ssrc = Ssrc(44);
    stream.frame(true).iter().for_each(|packet| class.send(PeerKey(1), packet));
    assert_eq!(class.room.counters().dropped_unknown_source, 2);
}

#[test]
fn a_source_that_starts_over_is_taken_up_at_its_next_keyframe() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    camera.frames(&mut class, 10);
    camera.streams[0].ssrc = Ssrc(4_711);
    camera.streams[0].sequence = 100;
    camera.streams[0].timestamp = 5;
    camera.frames(&mut class, 10);
    let stream = class.heard(trainee, 20);
    assert_gapless(&stream);
    assert!(stream.len() >= 36, "{}", stream.len());
    let steps = stream.windows(2).map(|pair| pair[1].packet().timestamp.wrapping_sub(pair[0].packet().timestamp));
    assert!(steps.into_iter().all(|step| step < 20_000));
}

#[test]
fn a_leap_in_a_sources_numbers_is_none_in_a_slots() {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    for _ in 0..20 {
        camera.frames(&mut class, 10);
        let packet = voice.packet(30);
        class.send(PeerKey(1), &packet);
        camera.streams[0].sequence = camera.streams[0].sequence.wrapping_add(30_000);
        voice.sequence = voice.sequence.wrapping_add(30_000);
    }
    for slot in [10, 20] {
        let stream = class.heard(trainee, slot);
        assert!(stream.len() >= 20);
        assert_gapless(&stream);
    }
}
