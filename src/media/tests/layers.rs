use super::camera::{FRAME, HIGH, LOW};
use super::*;
use crate::protocol::LimitedBy;
use crate::rtp::rtcp::ReportBlock;
use crate::units::Bitrate;

fn report_loss(class: &mut Class, from: PeerKey, of_256: u8) {
    let block = ReportBlock { ssrc: Ssrc(from.0 * 1_000 + 20), fraction_lost: of_256, ..ReportBlock::default() };
    class.tell(from, |compound| compound.receiver_report(Ssrc(1), &[block]));
}

/// Plays for so many seconds with a report on loss each; gives the payload size of the last packet of each second.
fn play(class: &mut Class, camera: &mut Camera, trainee: PeerKey, seconds: usize, of_256: u8) -> Vec<usize> {
    let mut sizes = Vec::new();
    for _ in 0..seconds {
        camera.frames(class, 30);
        report_loss(class, trainee, of_256);
        sizes.extend(class.heard(trainee, 20).last().map(|sent| sent.packet().payload.len()));
    }
    sizes
}

fn limited_by(class: &mut Class, key: PeerKey) -> LimitedBy {
    class.room.peer_figures(class.now, key).unwrap().limited_by
}

#[test]
fn a_calm_link_climbs_to_the_largest_encoding_in_a_few_seconds() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    let sizes = play(&mut class, &mut camera, trainee, 8, 0);
    assert_eq!(sizes.first(), Some(&200));
    assert_eq!(sizes.last(), Some(&1_150));
    assert!(sizes.is_sorted());
    assert_eq!(limited_by(&mut class, trainee), LimitedBy::Nothing);
}

#[test]
fn a_lossy_link_steps_down_and_tries_again_ever_more_rarely() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    play(&mut class, &mut camera, trainee, 10, 0);
    let sizes = play(&mut class, &mut camera, trainee, 12, 60);
    assert_eq!(sizes.last(), Some(&200));
    assert_eq!(limited_by(&mut class, trainee), LimitedBy::Network);
    // From now on only the smallest passes without loss.
    let mut climbs = Vec::new();
    let mut size = 200;
    for second in 0..120 {
        let loss = if size > 200 { 60 } else { 0 };
        let now = *play(&mut class, &mut camera, trainee, 1, loss).last().unwrap();
        if now > size {
            climbs.push(second);
        }
        size = now;
    }
    let pauses: Vec<_> = climbs.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!((3..8).contains(&climbs.len()), "{climbs:?}");
    assert!(pauses.is_sorted() && pauses.last() > pauses.first(), "{climbs:?}");
}

#[test]
fn no_encoding_larger_than_the_picture_is_drawn_is_sent() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.show(trainee, mid("v0"), Some(PublicationId(2)), Some(300));
    let sizes = play(&mut class, &mut camera, trainee, 8, 0);
    assert_eq!(sizes.last(), Some(&600));
    assert_eq!(limited_by(&mut class, trainee), LimitedBy::Nothing);
    class.room.show(trainee, mid("v0"), Some(PublicationId(2)), Some(720));
    assert_eq!(play(&mut class, &mut camera, trainee, 5, 0).last(), Some(&1_150));
}

#[test]
fn an_estimate_below_what_is_sent_steps_down_at_once() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    assert_eq!(play(&mut class, &mut camera, trainee, 10, 0).last(), Some(&1_150));
    class.tell(trainee, |compound| compound.remb(Ssrc(1), Bitrate::from_kbps(350), Ssrc(2_020)));
    let sizes = play(&mut class, &mut camera, trainee, 2, 0);
    assert_eq!(sizes.last(), Some(&600));
    assert_eq!(limited_by(&mut class, trainee), LimitedBy::Network);
}

#[test]
fn a_queue_that_fills_on_the_way_steps_down_before_anything_is_lost() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    play(&mut class, &mut camera, trainee, 10, 0);
    let mut delay_micros = 20_000;
    let mut size = 1_150;
    for _ in 0..100 {
        // What is sent above 300 kbit/s queues up.
        let from = class.elapsed();
        camera.frames(&mut class, 3);
        let sent = class.heard(trainee, 20);
        size = sent.last().map_or(size, |sent| sent.packet().payload.len());
        let bytes: usize = sent.iter().map(|sent| sent.bytes.len()).sum();
        let drained = (class.elapsed() - from).as_micros() as usize * 300 / 8_000;
        delay_micros = (delay_micros + (bytes * 8_000 / 300)).saturating_sub(drained * 8_000 / 300).max(20_000);
        let Some(base) = sent.first().and_then(|sent| sent.known().transport_sequence) else { continue };
        let at = class.elapsed().as_micros() as u64 + delay_micros as u64;
        class.tell(trainee, |compound| {
            let arrivals = sent.iter().map(|_| Some(at));
            crate::rtp::rtcp::write_transport_feedback(compound, Ssrc(1), Ssrc(2), base, 0, arrivals);
        });
        if size < 1_150 {
            break;
        }
    }
    assert!(size < 1_150);
}

#[test]
fn a_screen_gets_its_step_before_a_camera() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let other = class.join(3);
    class.room.publish(other, mid("cam"), PublicationId(3), Source::Screen, false);
    let mut screen = Camera::new(other);
    let trainee = class.join(2);
    class.room.show(trainee, mid("v0"), Some(PublicationId(2)), None);
    class.room.show(trainee, mid("v1"), Some(PublicationId(3)), None);
    let mut first = None;
    for _ in 0..400 {
        camera.frame(&mut class);
        screen.frame(&mut class);
        let (cam, scr) = (class.heard(trainee, 20), class.heard(trainee, 21));
        let large = |sent: &[Sent]| sent.iter().any(|sent| sent.packet().payload.len() == 1_150);
        if first.is_none() && (large(&cam) || large(&scr)) {
            first = Some((large(&cam), large(&scr)));
        }
    }
    assert_eq!(first, Some((false, true)));
}

#[test]
fn a_receiver_burnt_by_its_network_starts_small() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let (strong, weak) = (class.join(2), class.join(4));
    class.show(strong, 2);
    class.show(weak, 2);
    for _ in 0..10 {
        camera.frames(&mut class, 30);
        report_loss(&mut class, strong, 0);
        report_loss(&mut class, weak, 80);
    }
    for trainee in [strong, weak] {
        class.room.show(trainee, mid("v0"), None, None);
        class.heard(trainee, 20);
        class.show(trainee, 2);
    }
    camera.frames(&mut class, 5);
    let size = |class: &mut Class, key| class.heard(key, 20).last().unwrap().packet().payload.len();
    assert_eq!(size(&mut class, strong), 1_150);
    assert_eq!(size(&mut class, weak), 200);
}

#[test]
fn a_still_screen_does_not_make_encodings_flap() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    play(&mut class, &mut camera, trainee, 8, 0);
    for _ in 0..10 {
        class.pass(ms(1_500));
        camera.frame(&mut class);
    }
    let sizes: Vec<_> = class.heard(trainee, 20).iter().map(|sent| sent.packet().payload.len()).collect();
    assert_eq!(sizes, vec![1_150; 20]);
    let _ = (FRAME, HIGH, LOW);
}
