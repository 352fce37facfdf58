use super::camera::{FRAME, LOW, talk};
use super::*;
use crate::rtp::rtcp::{ReportBlock, SenderInfo};
use crate::rtp::{NtpTime, short_ntp};

fn sender_reports(class: &mut Class, to: PeerKey) -> Vec<(Ssrc, SenderInfo)> {
    class.told(to, |packet| match packet {
        Rtcp::SenderReport { sender, info, .. } => Some((sender, info)),
        _ => None,
    })
}

/// When a packet was captured, on the room's timebase, by the latest report of its slot.
fn captured_micros(report: &SenderInfo, timestamp: u32, clock_rate: i64) -> i64 {
    let ahead = i64::from(timestamp.wrapping_sub(report.timestamp) as i32);
    report.ntp.micros() as i64 + ahead * 1_000_000 / clock_rate
}

#[test]
fn sound_and_picture_captured_together_are_played_together() {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    // The publisher's clock is far off ours; at its second 7,000 both media clocks show these.
    let (audio_at, video_at) = (voice.timestamp, camera.streams[LOW].timestamp);
    let mut publisher_micros = 7_000_000_000u64;
    for round in 0..120 {
        // The picture takes 80 ms longer to get here than the sound.
        for _ in 0..2 {
            let packet = voice.packet(40);
            class.send(PeerKey(1), &packet);
        }
        if round % 30 == 2 {
            for (ssrc, at, rate) in [(voice.ssrc, audio_at, 48_000u64), (camera.streams[LOW].ssrc, video_at, 90_000)] {
                let since = publisher_micros - 7_000_000_000;
                let timestamp = at.wrapping_add((since * rate / 1_000_000) as u32);
                let info = SenderInfo { ntp: NtpTime::from_micros(publisher_micros), timestamp, packets: 1, octets: 1 };
                class.tell(PeerKey(1), |compound| compound.sender_report(ssrc, &info, &[]));
            }
        }
        if round >= 2 {
            let asked = class.keyframe_requests(PeerKey(1)).contains(&camera.streams[LOW].ssrc);
            for packet in camera.streams[LOW].frame(asked || round == 2) {
                class.send(PeerKey(1), &packet);
            }
            camera.streams[LOW].timestamp = camera.streams[LOW].timestamp.wrapping_add(3_600 - camera::FRAME_TICKS);
        }
        class.pass(ms(40));
        publisher_micros += 40_000;
    }
    let reports = sender_reports(&mut class, trainee);
    let latest = |ssrc: u32| reports.iter().rev().find(|(sender, _)| *sender == Ssrc(ssrc)).unwrap().1;
    let (audio, video) = (latest(2_010), latest(2_020));
    let sounds = class.heard(trainee, 10);
    let pictures = class.heard(trainee, 20);
    // Sound number n was captured at n × 20 ms, picture number n at n × 40 ms.
    let sound = captured_micros(&audio, sounds[100].packet().timestamp, 48_000);
    let frame = pictures.iter().step_by(2).nth(40).unwrap();
    let picture = captured_micros(&video, frame.packet().timestamp, 90_000);
    let first_sound = voice.timestamp.wrapping_sub(240 * 960);
    assert_eq!(first_sound, audio_at);
    let expected = (40 * 40_000) - (100 * 20_000);
    assert!((picture - sound - expected).abs() <= 1_000, "{} µs apart", picture - sound - expected);
}

#[test]
fn reports_come_soon_after_the_first_packet_and_then_once_a_second() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    camera.frames(&mut class, 2);
    let mut times = Vec::new();
    for _ in 0..150 {
        camera.frame(&mut class);
        let reports = sender_reports(&mut class, trainee);
        times.extend(reports.iter().map(|(ssrc, info)| {
            assert_eq!(*ssrc, Ssrc(2_020));
            (class.elapsed().as_millis(), info.packets)
        }));
    }
    assert!(times[0].0 <= 250, "{times:?}");
    assert!((5..=7).contains(&times.len()), "{times:?}");
    assert!(times.windows(2).all(|pair| pair[1].1 > pair[0].1));
}

#[test]
fn publishers_are_told_loss_and_get_their_round_trip() {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    for round in 0..60u64 {
        let packet = voice.packet(40);
        if round % 4 != 3 {
            class.send(PeerKey(1), &packet);
        }
        if round == 30 {
            let info = SenderInfo { ntp: NtpTime::from_micros(9_000_000_000), timestamp: 0, packets: 1, octets: 1 };
            class.tell(PeerKey(1), |compound| compound.sender_report(voice.ssrc, &info, &[]));
        }
        camera.frame(&mut class);
    }
    class.pass(ms(1_000));
    let blocks = class.told(PeerKey(1), |packet| match packet {
        Rtcp::ReceiverReport { blocks, .. } => Some(blocks.collect::<Vec<ReportBlock>>()),
        _ => None,
    });
    let blocks = blocks.concat();
    let sound: Vec<_> = blocks.iter().filter(|block| block.ssrc == voice.ssrc).collect();
    let lost = sound.last().unwrap().cumulative_lost;
    assert!((13..=15).contains(&lost), "{lost}");
    assert!(sound.iter().any(|block| (50..80).contains(&block.fraction_lost)));
    let reported = sound.last().unwrap();
    assert_eq!(reported.last_sender_report, NtpTime::from_micros(9_000_000_000).middle());
    assert!(reported.delay_since > short_ntp(ms(900)));
    let clean: Vec<_> = blocks.iter().filter(|block| block.ssrc == camera.streams[LOW].ssrc).collect();
    assert!(!clean.is_empty() && clean.iter().all(|block| block.cumulative_lost == 0));
}

#[test]
fn publishers_are_told_every_arrival_ten_times_a_second() {
    let mut class = Class::new();
    let trainer = class.join(1);
    let mut sent = 0u16;
    for round in 0..100u16 {
        for _ in 0..3 {
            let lost = round % 10 == 5;
            let extensions = [(1, b"mic".to_vec()), (5, sent.to_be_bytes().to_vec())];
            let packet = camera::rtp(111, false, sent, 0, Ssrc(9), &extensions, &[1; 10]);
            if !lost {
                class.send(trainer, &packet);
            }
            sent += 1;
        }
        class.pass(ms(10));
    }
    class.pass(ms(200));
    let feedback = class.told(trainer, |packet| match packet {
        Rtcp::TransportFeedback(feedback) => Some(feedback.arrivals().map(|(seq, at)| (seq.0, at)).collect::<Vec<_>>()),
        _ => None,
    });
    assert!((9..=12).contains(&feedback.len()), "{}", feedback.len());
    let told = feedback.concat();
    assert_eq!(told.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), (0..300).collect::<Vec<_>>());
    assert!(told.iter().all(|(seq, at)| at.is_none() == ((seq / 3) % 10 == 5)));
    let times: Vec<_> = told.iter().filter_map(|(_, at)| at.map(|at| at.micros)).collect();
    assert_eq!(times[3] - times[0], 10_000);
}

#[test]
fn figures_follow_what_passes() {
    let (mut class, mut camera, mut voice) = Class::with_trainer();
    let trainee = class.join(2);
    class.room.limit(trainee, ReceiveLimit::Smallest);
    class.show(trainee, 2);
    camera.frames(&mut class, 30);
    class.room.peer_figures(class.now, PeerKey(1));
    class.room.peer_figures(class.now, trainee);
    talk(&mut class, &mut [(Voice { ..Voice::new(PeerKey(1)) }, 30)], ms(20));
    for round in 0..30 {
        let packet = voice.packet(30);
        if round % 3 != 0 {
            class.send(PeerKey(1), &packet);
        }
        camera.frame(&mut class);
    }
    let up = class.room.peer_figures(class.now, PeerKey(1)).unwrap();
    let span = FRAME * 30 + ms(20);
    let expected = 30 * 2 * (200 + 600 + 1_150) * 8 * 1_000 / span.as_millis() as u64;
    let rate = up.uplink.bitrate.bps();
    assert!(rate > expected && rate < expected * 5 / 4, "{rate} {expected}");
    assert_eq!(up.uplink.packets, 180 + 20 + 1);
    assert!(up.uplink.lost_percent > 3.0 && up.uplink.lost_percent < 6.0, "{up:?}");
    assert_eq!(up.uplink_missed_percent, up.uplink.lost_percent, "nothing was repaired");
    class.tell(trainee, |compound| {
        let block = ReportBlock { ssrc: Ssrc(2_020), fraction_lost: 26, jitter: 900, ..ReportBlock::default() };
        compound.receiver_report(Ssrc(1), &[block]);
    });
    let down = class.room.peer_figures(class.now, trainee).unwrap();
    assert_eq!(down.downlink.packets, 60 + 21);
    assert!((down.downlink.jitter_ms - 10.0).abs() < 0.1);
    assert!((down.downlink.lost_percent - 10.15).abs() < 0.1, "{down:?}");
    assert_eq!(down.limited_by, crate::protocol::LimitedBy::Choice);
    let publications = class.room.publication_figures(class.now);
    let (_, camera) = publications.iter().find(|(id, _)| *id == PublicationId(2)).unwrap();
    assert_eq!((camera.encodings.len(), camera.receivers), (3, 1));
    assert!(camera.encodings.windows(2).all(|pair| pair[0] < pair[1]));
    assert_eq!(class.room.peer_figures(class.now, PeerKey(99)), None);
}

#[test]
fn the_round_trip_is_read_off_a_receivers_report() {
    let (mut class, mut camera, _) = Class::with_trainer();
    let trainee = class.join(2);
    class.show(trainee, 2);
    camera.frames(&mut class, 60);
    let (ssrc, info) = sender_reports(&mut class, trainee).pop().unwrap();
    let sent = class.now;
    class.pass(ms(70));
    let _ = sent;
    let age = class.room.clock.at(class.now).ntp().micros() - info.ntp.micros();
    let held = age - 70_000;
    class.tell(trainee, |compound| {
        let block = ReportBlock {
            ssrc,
            last_sender_report: info.ntp.middle(),
            delay_since: short_ntp(Duration::from_micros(held)),
            ..ReportBlock::default()
        };
        compound.receiver_report(Ssrc(1), &[block]);
    });
    let figures = class.room.peer_figures(class.now, trainee).unwrap();
    assert!(figures.round_trip_ms.unwrap().abs_diff(70) <= 1, "{figures:?}");
}
