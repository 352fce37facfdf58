use super::camera::{HIGH, LOW, Stream, rtp};
use super::*;

/// Two trainees who watch the smallest encoding, which has begun.
fn watched_by_two() -> (Class, Camera, Voice, [PeerKey; 2]) {
    let (mut class, mut camera, voice) = Class::with_trainer();
    let trainees = [class.join(2), class.join(3)];
    for trainee in trainees {
        class.room.limit(trainee, ReceiveLimit::Smallest);
        class.show(trainee, 2);
    }
    camera.frames(&mut class, 10);
    class.all();
    (class, camera, voice, trainees)
}

fn receivers(sent: &[Sent]) -> Vec<u32> {
    sent.iter().map(|sent| sent.to.0).collect()
}

/// A packet of the stream's next frame with a payload of this size.
fn sized(stream: &mut Stream, marker: bool, payload_bytes: usize) -> Vec<u8> {
    let mut payload = vec![0x80, 0xe0, 0x80, 1, 1, 0x20];
    payload.resize(payload_bytes, 0xcd);
    let packet = rtp(96, marker, stream.sequence, stream.timestamp, stream.ssrc, &[], &payload);
    stream.sequence = stream.sequence.wrapping_add(1);
    packet
}

#[test]
fn a_frame_goes_to_one_receiver_after_the_other() {
    let (mut class, mut camera, ..) = watched_by_two();
    let [first, last] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &first);
    assert!(class.all().is_empty(), "it waits for the rest of its frame");
    class.send(PeerKey(1), &last);
    let sent = class.all();
    assert!([[2, 2, 3, 3], [3, 3, 2, 2]].contains(&receivers(&sent).try_into().unwrap()), "{:?}", receivers(&sent));
    assert!(sent.chunks(2).all(|frame| !frame[0].packet().marker && frame[1].packet().marker));
}

#[test]
fn a_frame_whose_end_does_not_come_waits_two_milliseconds() {
    let (mut class, mut camera, ..) = watched_by_two();
    let [first, last] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &first);
    class.pass(Duration::from_micros(1_900));
    assert!(class.all().is_empty());
    class.pass(Duration::from_micros(200));
    assert_eq!(class.all().len(), 2);
    class.send(PeerKey(1), &last);
    assert_eq!(class.all().len(), 2);
}

#[test]
fn sound_leaves_behind_the_pictures_of_its_receiver() {
    let (mut class, mut camera, mut voice, trainees) = watched_by_two();
    class.send(PeerKey(1), &voice.packet(30));
    class.pass(ms(20));
    class.all();
    let [first, last] = camera.streams[LOW].frame(false);
    class.send(PeerKey(1), &first);
    class.send(PeerKey(1), &voice.packet(30));
    assert!(class.all().is_empty(), "sound waits no longer than the frame does");
    class.send(PeerKey(1), &last);
    let sent = class.all();
    assert_eq!(sent.len(), 6);
    for (receiver, own) in sent.chunks(3).enumerate() {
        let to = own[0].to;
        assert!(own.iter().all(|sent| sent.to == to) && trainees.contains(&to), "{receiver}: {:?}", receivers(&sent));
        assert_eq!(own.iter().map(|sent| sent.packet().payload_type.0).collect::<Vec<_>>(), [120, 120, 63]);
    }
    // With no frame under way it leaves at once, and once.
    class.send(PeerKey(1), &voice.packet(30));
    assert_eq!(class.all().len(), 2);
}

#[test]
fn packets_that_differ_by_a_byte_leave_with_one_size_and_read_as_they_came() {
    let (mut class, mut camera, _, [trainee, _]) = watched_by_two();
    let stream = &mut camera.streams[LOW];
    for (payload_bytes, marker) in [(999, false), (1_000, false), (999, false), (700, true)] {
        let packet = sized(stream, marker, payload_bytes);
        class.send(PeerKey(1), &packet);
    }
    let sent = class.heard(trainee, 20);
    assert_gapless(&sent);
    let sizes: Vec<_> = sent.iter().map(|sent| sent.bytes.len() - sent.header_length).collect();
    assert_eq!(sizes, [1_000, 1_000, 1_000, 700]);
    let read: Vec<_> = sent.iter().map(|sent| sent.packet().payload.len()).collect();
    assert_eq!(read, [999, 1_000, 999, 700]);
    // A repair on a stream of its own goes alone and needs no padding.
    class.tell(trainee, |compound| compound.nack(Ssrc(1), Ssrc(2_020), [sent[0].packet().sequence]));
    let repair = class.heard(trainee, 120).remove(0);
    assert_eq!(repair.bytes.len() - repair.header_length, 2 + 999);
    assert_eq!(repair.packet().payload[2..], *sent[0].packet().payload);
}

#[test]
fn a_padded_packet_is_sent_again_as_the_same_bytes_where_there_is_no_stream_for_repairs() {
    let (mut class, mut camera, ..) = watched_by_two();
    let mut agreement = browser(4);
    agreement.slots[3].rtx_ssrc = None;
    class.room.add_peer(PeerKey(4), PeerId(4), &agreement);
    class.room.limit(PeerKey(4), ReceiveLimit::Smallest);
    class.show(PeerKey(4), 2);
    camera.frames(&mut class, 2);
    class.heard(PeerKey(4), 20);
    let stream = &mut camera.streams[LOW];
    for (payload_bytes, marker) in [(998, false), (1_000, true)] {
        let packet = sized(stream, marker, payload_bytes);
        class.send(PeerKey(1), &packet);
    }
    let sent = class.heard(PeerKey(4), 20);
    class.tell(PeerKey(4), |compound| compound.nack(Ssrc(1), Ssrc(4_020), [sent[0].packet().sequence]));
    let again = class.heard(PeerKey(4), 20);
    assert_eq!(again.len(), 1);
    assert_eq!((again[0].index, &again[0].bytes), (sent[0].index, &sent[0].bytes));
}

#[test]
fn a_joiners_first_picture_is_the_fresh_keyframe_that_is_there() {
    let (mut class, mut camera, ..) = watched_by_two();
    camera.frames(&mut class, 5);
    class.keyframe_requests(PeerKey(1));
    let joiner = class.join(4);
    class.room.limit(joiner, ReceiveLimit::Smallest);
    class.show(joiner, 2);
    class.pass(ms(1));
    let stream = class.heard(joiner, 20);
    assert_gapless(&stream);
    assert!(stream[0].packet().payload[6..].starts_with(&[0, 0, 0, 0x9d]), "it begins with a keyframe");
    assert!(stream.len() >= 20, "and goes on to the newest packet: {}", stream.len());
    camera.frames(&mut class, 3);
    let more = class.heard(joiner, 20);
    assert_eq!(more.len(), 6);
    assert_eq!(more[0].index, stream.last().unwrap().index + 1);
    assert_eq!(class.keyframe_requests(PeerKey(1)), []);
    assert_eq!(class.room.counters().keyframes_from_cache, 1);
}

#[test]
fn a_keyframe_of_long_ago_is_not_used() {
    let (mut class, mut camera, ..) = watched_by_two();
    camera.frames(&mut class, 50);
    class.keyframe_requests(PeerKey(1));
    let joiner = class.join(4);
    class.room.limit(joiner, ReceiveLimit::Smallest);
    class.show(joiner, 2);
    class.pass(ms(1));
    assert!(class.heard(joiner, 20).is_empty());
    assert_eq!(class.keyframe_requests(PeerKey(1)), [camera.streams[LOW].ssrc]);
}

#[test]
fn who_returns_to_a_picture_gets_no_frames_that_lie_before_what_it_saw() {
    let (mut class, mut camera, _, [trainee, _]) = watched_by_two();
    class.show(trainee, 1);
    camera.frames(&mut class, 1);
    class.heard(trainee, 20);
    class.keyframe_requests(PeerKey(1));
    class.show(trainee, 2);
    class.pass(ms(1));
    assert!(class.heard(trainee, 20).is_empty());
    class.pass(ms(600));
    assert_eq!(class.keyframe_requests(PeerKey(1)), [camera.streams[LOW].ssrc]);
}

#[test]
fn a_thousand_joins_in_ten_seconds_cost_few_keyframes() {
    let (mut class, mut camera, ..) = watched_by_two();
    let mut requests = 0;
    let mut served = 0;
    for key in 10..1_010 {
        let joiner = class.join(key);
        class.room.limit(joiner, ReceiveLimit::Smallest);
        class.show(joiner, 2);
        if key % 3 == 0 {
            let asked = class.keyframe_requests(PeerKey(1));
            requests += asked.iter().filter(|asked| **asked == camera.streams[LOW].ssrc).count();
            for (place, stream) in camera.streams.iter_mut().enumerate() {
                let packets = stream.frame(asked.contains(&stream.ssrc));
                packets.iter().filter(|_| place == LOW).for_each(|packet| class.send(PeerKey(1), packet));
            }
        }
        class.pass(ms(10));
        served += class.all().iter().filter(|sent| sent.to == joiner).count().min(1);
        // They would otherwise make every frame a thousand packets.
        class.room.remove_peer(joiner);
    }
    assert!(requests <= 20, "{requests} requests");
    assert!(served >= 900, "{served} of 1,000 had a picture within 10 ms");
}

#[test]
fn who_changes_to_another_encoding_is_sent_the_rest_of_the_one_before() {
    let (mut class, mut camera, ..) = watched_by_two();
    camera.frames(&mut class, 40);
    let trainee = class.join(4);
    class.show(trainee, 2);
    camera.frames(&mut class, 20);
    let high = camera.streams[HIGH].payload_bytes;
    assert_eq!(class.heard(trainee, 20).last().expect("a picture").packet().payload.len(), high);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    // The large encoding's frame is not whole when the smallest one's keyframe comes.
    let [first, last] = camera.streams[HIGH].frame(false);
    class.send(PeerKey(1), &first);
    for packet in camera.streams[LOW].frame(true) {
        class.send(PeerKey(1), &packet);
    }
    class.send(PeerKey(1), &last);
    class.pass(ms(3));
    let stream = class.heard(trainee, 20);
    assert_gapless(&stream);
    let sizes: Vec<_> = stream.iter().map(|sent| sent.packet().payload.len()).collect();
    let low = camera.streams[LOW].payload_bytes;
    assert_eq!(sizes, [high, low, low]);
}
