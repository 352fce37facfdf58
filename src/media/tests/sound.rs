use super::camera::talk;
use super::*;

/// A class of some peers whose microphones are published as 10, 20, …; the first is the trainer's.
fn speakers(count: u32) -> (Class, Vec<(Voice, u8)>) {
    let mut class = Class::new();
    let voices = (1..=count).map(|key| {
        let peer = class.join(key);
        class.room.publish(peer, mid("mic"), PublicationId(u64::from(key) * 10), Source::Microphone, key == 1);
        (Voice::new(peer), 127)
    });
    let voices = voices.collect();
    (class, voices)
}

fn audible(slots: &[Option<u64>]) -> Vec<u64> {
    let mut audible: Vec<u64> = slots[..3].iter().flatten().copied().collect();
    audible.sort_unstable();
    audible
}

#[test]
fn sound_reaches_everybody_but_its_speaker() {
    let (mut class, mut voices) = speakers(3);
    voices[0].1 = 30;
    talk(&mut class, &mut voices[..1], ms(400));
    let sent = class.all();
    assert!(sent.iter().all(|sent| sent.to != PeerKey(1)), "nobody hears themself");
    for key in [2, 3] {
        let own: Vec<_> = sent.iter().filter(|sent| sent.to == PeerKey(key)).cloned().collect();
        assert_eq!(own.len(), 20);
        assert_gapless(&own);
        assert_eq!(own[0].packet().payload_type, PayloadType(63));
        assert_eq!(own[0].known().audio_level, Some(30));
        assert!(own.iter().all(|sent| sent.known().transport_sequence.is_none()), "sound asks for no feedback");
        assert!(own.iter().all(|sent| sent.packet().payload == [0x78; 80]));
        let times: Vec<_> = own.iter().map(|sent| sent.packet().timestamp).collect();
        assert!(times.windows(2).all(|pair| pair[1].wrapping_sub(pair[0]) == 960));
    }
}

#[test]
fn the_trainer_and_the_two_loudest_are_heard() {
    let (mut class, mut voices) = speakers(6);
    let listener = class.join(9);
    voices[3].1 = 25;
    voices[5].1 = 30;
    talk(&mut class, &mut voices, ms(2_000));
    assert_eq!(audible(&class.slots(listener).unwrap()), [10, 40, 60]);
    assert!(class.slots(PeerKey(4)).is_none_or(|slots| !slots.contains(&Some(40))));
}

#[test]
fn a_speaker_keeps_the_slot_and_gives_it_up_only_to_somebody_clearly_louder() {
    let (mut class, mut voices) = speakers(4);
    let listener = class.join(9);
    (voices[1].1, voices[2].1, voices[3].1) = (30, 30, 127);
    talk(&mut class, &mut voices, ms(2_000));
    let before = class.slots(listener).unwrap();
    assert_eq!(audible(&before), [10, 20, 30]);
    voices[3].1 = 26;
    talk(&mut class, &mut voices, ms(2_000));
    assert_eq!(class.slots(listener), None, "a little louder changes nothing");
    voices[1].1 = 127;
    talk(&mut class, &mut voices, ms(3_000));
    let after = class.slots(listener).unwrap();
    assert_eq!(audible(&after), [10, 30, 40]);
    let place = |slots: &[Option<u64>], id| slots.iter().position(|shown| *shown == Some(id));
    assert_eq!(place(&before, 30), place(&after, 30), "who stays keeps the slot");
    assert_eq!(place(&before, 10), place(&after, 10));
}

#[test]
fn a_new_speaker_goes_on_in_the_slot_without_a_gap() {
    let (mut class, mut voices) = speakers(4);
    let listener = class.join(9);
    (voices[1].1, voices[2].1) = (30, 30);
    talk(&mut class, &mut voices, ms(1_000));
    (voices[1].1, voices[3].1) = (127, 20);
    talk(&mut class, &mut voices, ms(3_000));
    for slot in 10..13 {
        let stream = class.heard(listener, slot);
        assert!(stream.len() > 190);
        assert_gapless(&stream);
        let steps = stream.windows(2).map(|pair| pair[1].packet().timestamp.wrapping_sub(pair[0].packet().timestamp));
        assert!(steps.into_iter().all(|step| (1..4 * 960).contains(&step)));
    }
}

#[test]
fn who_speaks_is_told_on_change_and_at_most_four_times_a_second() {
    let (mut class, mut voices) = speakers(3);
    let mut told: Vec<(Duration, Vec<u64>)> = Vec::new();
    for round in 0..40 {
        voices[1].1 = if round % 2 == 0 { 20 } else { 127 };
        voices[2].1 = if round < 20 { 127 } else { 25 };
        talk(&mut class, &mut voices, ms(100));
        while let Some(event) = class.room.poll_event() {
            if let Event::Speaking { publications } = event {
                told.push((class.elapsed(), publications.iter().map(|id| id.0).collect()));
            }
        }
    }
    assert_eq!(told[0].1, [20]);
    assert!(told.iter().any(|(_, who)| who.len() == 2));
    assert!(told.len() <= 6, "{told:?}");
    voices.iter_mut().for_each(|(_, level)| *level = 127);
    talk(&mut class, &mut voices, ms(2_000));
    let mut last = None;
    while let Some(event) = class.room.poll_event() {
        if let Event::Speaking { publications } = event {
            last = Some(publications);
        }
    }
    assert_eq!(last, Some(vec![]));
}

#[test]
fn a_player_with_one_slot_hears_the_trainer() {
    let (mut class, mut voices) = speakers(3);
    let mut player = browser(8);
    player.slots.retain(|slot| slot.mid == mid("a1"));
    class.room.add_peer(PeerKey(8), PeerId(8), &player);
    (voices[1].1, voices[2].1) = (10, 10);
    talk(&mut class, &mut voices, ms(1_000));
    assert_eq!(class.slots(PeerKey(8)), Some(vec![Some(10)]));
    assert!(class.heard(PeerKey(8), 11).len() >= 49);
}

#[test]
fn the_sound_of_a_screen_is_always_heard() {
    let (mut class, mut voices) = speakers(5);
    let listener = class.join(9);
    class.room.unpublish(PublicationId(50));
    class.room.publish(PeerKey(5), mid("mic"), PublicationId(51), Source::ScreenAudio, false);
    voices.iter_mut().for_each(|(_, level)| *level = 15);
    voices[4].1 = 60;
    talk(&mut class, &mut voices, ms(2_000));
    let heard = audible(&class.slots(listener).unwrap());
    assert!(heard.contains(&10) && heard.contains(&51), "{heard:?}");
}

#[test]
fn a_muted_microphone_leaves_its_slot_to_others() {
    let (mut class, mut voices) = speakers(5);
    let listener = class.join(9);
    talk(&mut class, &mut voices, ms(500));
    let before = audible(&class.slots(listener).unwrap());
    class.room.unpublish(PublicationId(before[1]));
    talk(&mut class, &mut voices, ms(100));
    let after = audible(&class.slots(listener).unwrap());
    assert_eq!(after.len(), 3);
    assert!(!after.contains(&before[1]));
}
