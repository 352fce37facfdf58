//! Shards with real peers over a simulated network, in virtual time: the same on every machine for one seed.

mod allocations;
mod client;
mod network;
mod relay;
mod video;
mod world;

use network::Conditions;
use qism::ids::ParticipantId;
use qism::protocol::LinkFigures;
use qism::quality::{self, Minute, MinuteReview, Part, ParticipantMinute, Second};
use qism::shard::{Command, DisconnectCause, Event};
use qism::time::Timestamp;
use rtc::dtls::extension::extension_use_srtp::SrtpProtectionProfile;
use std::collections::BTreeSet;
use std::time::Duration;
use video::{Encoder, Label};
use world::{Line, World, mid, path, room};

const CLEAN: Conditions = Conditions { loss_percent: 0, delay_ms: 10, jitter_ms: 0 };
const LOSSY: Conditions = Conditions { loss_percent: 5, delay_ms: 50, jitter_ms: 10 };
const SEEDS: u64 = 200;
const SECOND: Duration = Duration::from_secs(1);

fn connect_all(world: &mut World, clients: &[usize]) {
    world.run_until(20 * SECOND, "every connection", |world| {
        clients.iter().all(|client| world.client(*client).is_connected())
    });
}

fn camera(world: &mut World, client: usize, ssrc: u32, room: u64) {
    let encoder = Encoder::new(world.now, ssrc, room, 0, "0", None);
    world.member(client).encoders.push(encoder);
}

/// Two rooms at once on a network that loses 5 % each way and lets packets overtake each other.
fn two_lessons(seed: u64) {
    let mut world = World::new(seed, LOSSY);
    let publishers = [
        world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]),
        world.join(room(2), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]),
    ];
    let viewers = [
        (1, world.join(room(1), &[Line::ReceivesVideo])),
        (1, world.join(room(1), &[Line::ReceivesVideo])),
        (2, world.join(room(2), &[Line::ReceivesVideo])),
    ];
    for (number, publisher) in (1..).zip(publishers) {
        world.publish(publisher, 0, number);
    }
    for (number, viewer) in viewers {
        world.show(viewer, 0, Some(number), None);
    }
    connect_all(&mut world, &[0, 1, 2, 3, 4]);
    for (number, publisher) in (1..).zip(publishers) {
        camera(&mut world, publisher, 100, number);
    }
    world.run(4 * SECOND);
    let sent: Vec<u32> = publishers.iter().map(|publisher| world.member(*publisher).encoders[0].frames()).collect();
    // What is still missing has a second to be repaired.
    world.run(SECOND);
    for (number, viewer) in viewers {
        let viewer = &world.member(viewer).viewers[0];
        assert_eq!(viewer.rooms(), BTreeSet::from([number]), "seed {seed}: only its own room's packets");
        let frames: Vec<Label> = viewer.frames().into_iter().skip_while(|label| !label.keyframe).collect();
        let first = frames.first().unwrap_or_else(|| panic!("seed {seed}: a first picture")).frame;
        assert!(first < 60, "seed {seed}: the first picture comes early, not with frame {first}");
        let expected: Vec<u32> = (first..sent[number as usize - 1]).collect();
        let received: Vec<u32> =
            frames.iter().map(|label| label.frame).filter(|frame| *frame < sent[number as usize - 1]).collect();
        assert_eq!(received, expected, "seed {seed}: every frame, in order");
    }
}

#[test]
fn every_viewer_gets_every_frame_of_its_own_room_whatever_the_seed() {
    for seed in 0..SEEDS {
        two_lessons(seed);
    }
}

/// What a publisher's minute comes to on this network.
fn trainers_minute(conditions: Conditions) -> (MinuteReview, f32) {
    let mut world = World::new(11, conditions);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]);
    // What nobody watches is not repaired.
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    world.publish(publisher, 0, 1);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    camera(&mut world, publisher, 100, 1);
    world.run(SECOND);
    world.events.clear();
    world.run(60 * SECOND);
    let mut minute = ParticipantMinute::new(ParticipantId(uuid::Uuid::nil()), Part::Trainer);
    let mut unrepaired = 0.0;
    let figures = world.events.iter().filter_map(|event| match event {
        Event::Figures(figures) => figures.peers.iter().find(|peer| peer.peer.0 == publisher as u64),
        _ => None,
    });
    for peer in figures {
        let uplink = LinkFigures { lost_percent: peer.uplink_missed_percent, ..peer.uplink };
        minute.measure(&Second { uplink, downlink: peer.downlink, ..Second::default() });
        unrepaired += peer.uplink.lost_percent / 60.0;
    }
    let participants = vec![minute];
    (quality::minute(&Minute { at: Timestamp(0), participants }), unrepaired)
}

#[test]
fn what_an_uplink_loses_is_in_the_minute_though_resends_made_it_good() {
    let (review, unrepaired) = trainers_minute(LOSSY);
    let uplink = review.trainer_uplink.expect("a trainer who sends");
    assert!((4.0..6.0).contains(&uplink.lost_percent()), "{uplink:?}: the network loses 5 %");
    assert!(unrepaired < 1.0, "{unrepaired}");
    let (review, _) = trainers_minute(CLEAN);
    assert_eq!(review.trainer_uplink.expect("a trainer who sends").lost_hundredths, 0);
}

#[test]
fn a_client_with_gcm_gets_it_whatever_it_lists_first_and_one_without_still_gets_in() {
    use SrtpProtectionProfile as Profile;
    let mut world = World::new(1, CLEAN);
    let both = world.join(room(1), &[Line::ReceivesVideo]);
    let old = world.join_with(room(1), &[Line::ReceivesVideo], &[Profile::Srtp_Aes128_Cm_Hmac_Sha1_80]);
    connect_all(&mut world, &[both, old]);
    assert_eq!(world.client(both).negotiated, Some(Profile::Srtp_Aead_Aes_128_Gcm));
    assert_eq!(world.client(old).negotiated, Some(Profile::Srtp_Aes128_Cm_Hmac_Sha1_80));
    let counters = world.shards[0].counters();
    assert_eq!((counters.handshakes_gcm, counters.handshakes_cm), (1, 1));
}

#[test]
fn what_is_not_published_reaches_nobody_and_what_is_unpublished_stops_at_once() {
    let mut world = World::new(2, CLEAN);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    camera(&mut world, publisher, 100, 1);
    world.run(SECOND);
    assert!(world.member(viewer).viewers[0].frames().is_empty(), "not published yet");

    world.publish(publisher, 0, 1);
    world.run_until(2 * SECOND, "a picture", |world| !world.member(viewer).viewers[0].frames().is_empty());

    world.command(Command::Unpublish { room: room(1), publication: qism::ids::PublicationId(1) });
    // What is on its way arrives.
    world.run(Duration::from_millis(50));
    let before = world.member(viewer).viewers[0].frames().len();
    world.run(SECOND);
    assert_eq!(world.member(viewer).viewers[0].frames().len(), before, "nothing comes after");
}

#[test]
fn a_viewer_goes_up_and_down_the_encodings_without_a_gap() {
    up_and_down(World::new(3, CLEAN));
    // On a shard of its own, which learns of every encoding by relay.
    up_and_down(World::with_shards(3, CLEAN, 2, 1));
}

fn up_and_down(mut world: World) {
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: true, ssrc: 0 }]);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    world.publish(publisher, 0, 1);
    connect_all(&mut world, &[publisher, viewer]);
    for (layer, rid) in ["q", "h", "f"].into_iter().enumerate() {
        let encoder = Encoder::new(world.now, 100 + 10 * layer as u32, 1, layer as u8, "0", Some(rid));
        world.member(publisher).encoders.push(encoder);
    }
    world.command(Command::Receive {
        peer: qism::ids::PeerId(viewer as u64),
        limit: qism::shard::ReceiveLimit::Smallest,
    });
    world.show(viewer, 0, Some(1), None);
    world.run(3 * SECOND);
    assert_eq!(world.member(viewer).viewers[0].layers(), BTreeSet::from([0]), "the smallest alone");
    world.command(Command::Receive { peer: qism::ids::PeerId(viewer as u64), limit: qism::shard::ReceiveLimit::Best });
    world.run_until(20 * SECOND, "the largest encoding", |world| world.member(viewer).viewers[0].layers().contains(&2));
    world.command(Command::Receive {
        peer: qism::ids::PeerId(viewer as u64),
        limit: qism::shard::ReceiveLimit::Smallest,
    });
    world.run(3 * SECOND);

    let frames = world.member(viewer).viewers[0].frames();
    assert_eq!(frames.last().map(|label| label.layer), Some(0), "down again");
    assert_no_jumps(&world.member(viewer).viewers[0].timeline());
    let lost = missing_frames(&frames);
    assert!(lost <= 6, "{lost} frames are missing over all switches");
}

/// Timestamps and picture ids rise by one frame at a time, or by as many frames as a switch waited.
fn assert_no_jumps(timeline: &[(Label, u32, u16)]) {
    for pair in timeline.windows(2) {
        let ((before, earlier, first_id), (after, later, second_id)) = (pair[0], pair[1]);
        let step = later.wrapping_sub(earlier);
        // A switch may show the moment that the other encoding showed last once more, a tick later.
        assert!((1..=20_000).contains(&step), "a timestamp step of {step} from {before:?} to {after:?}");
        let ids = second_id.wrapping_sub(first_id) & 0x7fff;
        assert!((1..=6).contains(&ids), "a picture id step of {ids} from {before:?} to {after:?}");
        if before.layer != after.layer {
            assert!(after.keyframe, "a switch only at a keyframe");
        }
    }
}

fn missing_frames(frames: &[Label]) -> u32 {
    frames.windows(2).map(|pair| pair[1].frame.saturating_sub(pair[0].frame + 1)).sum()
}

#[test]
fn silence_ends_a_peer_after_the_time_that_consent_lasts() {
    let mut world = World::new(4, CLEAN);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    connect_all(&mut world, &[viewer]);
    let connected_at = world.now;
    // The client is gone: the shard alone goes on.
    while world.now < connected_at + 40 * SECOND {
        world.now += Duration::from_millis(500);
        world.shards[0].handle_timeout(world.now);
        while let Some(event) = world.shards[0].poll_event() {
            if let Event::Disconnected { cause, .. } = event {
                assert_eq!(cause, DisconnectCause::ConsentExpired);
                let lasted = world.now - connected_at;
                assert!((29 * SECOND..31 * SECOND).contains(&lasted), "consent lasted {lasted:?}");
                return;
            }
        }
    }
    panic!("the peer is still there");
}

#[test]
fn the_addresses_of_who_is_gone_are_nobodys_and_those_of_others_stay() {
    let mut world = World::new(6, CLEAN);
    let clients = [0, 1].map(|_| world.join(room(1), &[Line::ReceivesVideo]));
    connect_all(&mut world, &clients);
    let known = |world: &World| clients.map(|client| world.shards[0].knows_path(path(client)));
    assert_eq!(known(&world), [true, true]);
    world.command(Command::Disconnect { peer: qism::ids::PeerId(clients[0] as u64) });
    assert_eq!(known(&world), [false, true]);
}

#[test]
fn datagrams_from_an_address_that_proved_nothing_are_counted_and_dropped() {
    let mut world = World::new(5, CLEAN);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    connect_all(&mut world, &[viewer]);
    let stranger = path(40_000);
    let now = world.now;
    for first in 0..=255_u8 {
        let mut datagram = vec![first; 64];
        world.shards[0].handle_datagram(now, stranger, &mut datagram);
    }
    assert!(world.shards[0].outgoing().is_empty(), "nothing is answered");
    let counters = world.shards[0].counters();
    assert_eq!(counters.dropped_bad_stun, 4);
    assert_eq!(counters.dropped_unknown_address, 44 + 64);
    assert_eq!(counters.dropped_not_media, 256 - 4 - 44 - 64);
    // And a slot's name alone does not make a mid that is unknown known.
    world.show(viewer, 9, Some(1), None);
    assert_eq!(mid(9).as_str(), "9");
}
