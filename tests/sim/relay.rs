//! A room on several shards: what its viewers see must not depend on how many.

use super::network::Conditions;
use super::video::{Encoder, Label};
use super::world::{Line, World, path, room, shard_id};
use super::{CLEAN, LOSSY, SECOND, camera, connect_all};
use qism::ids::{PeerId, PublicationId};
use qism::shard::{Command, Event, ReceiveLimit, Relay};
use std::collections::BTreeSet;
use std::time::Duration;

/// How many viewers each of the two rooms has.
const VIEWERS: usize = 4;
/// A room's peers spread from the second on.
const ROOM_PEERS: usize = 2;

/// Who watches what in [`class`].
struct Class {
    world: World,
    /// The room's number, its two publishers, its viewers.
    rooms: Vec<(u64, [usize; 2], Vec<usize>)>,
}

/// Two rooms, in each a camera with simulcast and one without, and viewers of both.
fn class(seed: u64, conditions: Conditions, shards: usize) -> Class {
    let mut world = World::with_shards(seed, conditions, shards, ROOM_PEERS);
    let mut rooms = Vec::new();
    for number in [1, 2] {
        let publishers = [
            world.join(room(number), &[Line::SendsVideo { simulcast: true, ssrc: 0 }]),
            world.join(room(number), &[Line::SendsVideo { simulcast: false, ssrc: 500 }]),
        ];
        let viewers: Vec<usize> =
            (0..VIEWERS).map(|_| world.join(room(number), &[Line::ReceivesVideo, Line::ReceivesVideo])).collect();
        for (publisher, publication) in publishers.into_iter().zip([10 * number, 10 * number + 1]) {
            world.publish(publisher, 0, publication);
        }
        for (at, viewer) in viewers.iter().enumerate() {
            // Which encoding it is must not follow from the moment at which a shard looks at its viewers' links.
            let limit = ReceiveLimit::Smallest;
            world.command(Command::Receive { peer: PeerId(*viewer as u64), limit });
            let shown = [10 * number, 10 * number + 1];
            world.show(*viewer, 0, Some(shown[at % 2]), None);
            world.show(*viewer, 1, Some(shown[(at + 1) % 2]), None);
        }
        rooms.push((number, publishers, viewers));
    }
    connect_all(&mut world, &(0..2 * (2 + VIEWERS)).collect::<Vec<_>>());
    for (number, [camera, single], _) in &rooms {
        simulcast(&mut world, *camera, *number);
        let encoder = Encoder::new(world.now, 500, *number, 3, "0", None);
        world.member(*single).encoders.push(encoder);
    }
    Class { world, rooms }
}

/// A camera with three encodings.
fn simulcast(world: &mut World, publisher: usize, room: u64) {
    for (layer, rid) in ["q", "h", "f"].into_iter().enumerate() {
        let encoder = Encoder::new(world.now, 100 + 10 * layer as u32, room, layer as u8, "0", Some(rid));
        world.member(publisher).encoders.push(encoder);
    }
}

/// The frames that every viewer decodes in each slot, from the first keyframe on.
fn seen(class: &mut Class) -> Vec<Vec<Label>> {
    let mut seen = Vec::new();
    for (number, _, viewers) in &class.rooms {
        for viewer in viewers {
            for slot in &class.world.member(*viewer).viewers {
                assert_eq!(slot.rooms(), BTreeSet::from([*number]), "only its own room's packets");
                seen.push(slot.frames().into_iter().skip_while(|label| !label.keyframe).collect());
            }
        }
    }
    seen
}

#[test]
fn without_loss_every_viewer_sees_the_same_on_one_shard_or_several() {
    let lesson = |shards: usize| {
        let mut class = class(7, CLEAN, shards);
        class.world.run(5 * SECOND);
        let hosts: BTreeSet<_> = (0..2 * (2 + VIEWERS)).map(|client| class.world.shard_of(client)).collect();
        assert_eq!(hosts.len(), shards, "the rooms are on all shards");
        seen(&mut class)
    };
    let on_one = lesson(1);
    assert!(on_one.iter().all(|frames| frames.len() > 120), "everybody sees four seconds");
    for shards in [2, 3] {
        for (slot, (expected, got)) in on_one.iter().zip(lesson(shards)).enumerate() {
            assert_eq!(&got, expected, "slot {slot} on {shards} shards");
        }
    }
}

/// Every frame of the layer reaches every viewer, whichever shard it is on: its publisher's shard repairs on behalf of
/// all, and each viewer's own shard repairs the last hop.
fn lossy_lesson(seed: u64, shards: usize) {
    let mut class = class(seed, LOSSY, shards);
    class.world.run(4 * SECOND);
    let mut sent = Vec::new();
    for (_, publishers, _) in &class.rooms {
        sent.push(publishers.map(|publisher| class.world.member(publisher).encoders[0].frames()));
    }
    class.world.run(SECOND);
    for (at, frames) in seen(&mut class).into_iter().enumerate() {
        // Which encoding is the smallest shows only once all have arrived.
        let last =
            frames.last().unwrap_or_else(|| panic!("seed {seed}, {shards} shards: slot {at} sees nothing")).layer;
        let settled = frames.iter().rposition(|label| label.layer != last).map_or(0, |other| other + 1);
        let first = frames[settled];
        assert!(first.frame < 60, "seed {seed}, {shards} shards: slot {at} begins with frame {}", first.frame);
        let sent = sent[at / (2 * VIEWERS)][usize::from(first.layer == 3)];
        let received: Vec<u32> =
            frames[settled..].iter().map(|label| label.frame).filter(|frame| *frame < sent).collect();
        let expected: Vec<u32> = (first.frame..sent).collect();
        assert_eq!(received, expected, "seed {seed}, {shards} shards, slot {at}: every frame, in order");
    }
}

#[test]
fn with_loss_every_frame_reaches_every_viewer_on_any_number_of_shards() {
    for seed in 0..20 {
        for shards in [1, 2, 3] {
            lossy_lesson(seed, shards);
        }
    }
}

/// A publisher and a viewer, each on a shard of its own.
fn apart(seed: u64) -> (World, usize, usize) {
    let mut world = World::with_shards(seed, CLEAN, 2, 1);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    assert_ne!(world.shard_of(publisher), world.shard_of(viewer));
    (world, publisher, viewer)
}

fn frames(world: &mut World, viewer: usize) -> usize {
    world.member(viewer).viewers[0].frames().len()
}

#[test]
fn only_what_is_published_is_handed_to_another_shard_and_only_where_it_is_watched_from() {
    let (mut world, publisher, viewer) = apart(1);
    let elsewhere = world.join(room(2), &[Line::ReceivesVideo]);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer, elsewhere]);
    camera(&mut world, publisher, 100, 1);
    world.run(SECOND);
    assert!(world.relayed.is_empty(), "not published yet: {:?}", world.relayed);

    world.publish(publisher, 0, 1);
    world.run_until(2 * SECOND, "a picture", |world| frames(world, viewer) > 0);
    world.command(Command::Unpublish { room: room(1), publication: PublicationId(1) });
    let handed = world.relayed.clone();
    // What is on its way arrives.
    world.run(Duration::from_millis(50));
    let before = frames(&mut world, viewer);
    world.run(SECOND);
    assert_eq!(world.relayed, handed, "unpublished, nothing more is handed over");
    assert_eq!(frames(&mut world, viewer), before, "and nothing more is seen");

    world.publish(publisher, 0, 2);
    world.show(viewer, 0, Some(2), None);
    world.run_until(2 * SECOND, "the picture again", |world| frames(world, viewer) > before);
    world.command(Command::Disconnect { peer: PeerId(publisher as u64) });
    world.run(Duration::from_millis(50));
    let (before, handed) = (frames(&mut world, viewer), world.relayed.clone());
    world.run(SECOND);
    assert_eq!((frames(&mut world, viewer), &world.relayed), (before, &handed), "a publisher that is gone is gone");
}

#[test]
fn who_comes_late_to_another_shard_sees_sources_that_name_themselves_no_more() {
    let mut world = World::with_shards(2, CLEAN, 2, 1);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: true, ssrc: 0 }]);
    let viewer = world.join(room(1), &[Line::ReceivesVideo]);
    world.publish(publisher, 0, 1);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    simulcast(&mut world, publisher, 1);
    world.run_until(2 * SECOND, "a picture", |world| frames(world, viewer) > 0);
    // The last viewer of that shard leaves, and with it the room; the next finds it as it was.
    world.command(Command::Disconnect { peer: PeerId(viewer as u64) });
    world.run(SECOND);
    let handed = world.relayed.clone();
    world.run(SECOND);
    assert_eq!(world.relayed, handed, "nobody there, nothing handed over");
    world.member(publisher).encoders.iter_mut().for_each(Encoder::stop_naming);
    let late = world.join(room(1), &[Line::ReceivesVideo]);
    world.show(late, 0, Some(1), None);
    connect_all(&mut world, &[late]);
    world.run_until(2 * SECOND, "a picture for who came late", |world| frames(world, late) > 0);
}

#[test]
fn a_publisher_that_falls_silent_leaves_the_other_shards_too() {
    let (mut world, publisher, viewer) = apart(3);
    world.publish(publisher, 0, 1);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    camera(&mut world, publisher, 100, 1);
    world.run_until(2 * SECOND, "a picture", |world| frames(world, viewer) > 0);
    world.cut(publisher);
    let gone = |world: &mut World| {
        world.events.iter().any(|event| matches!(event, Event::Disconnected { peer, .. } if peer.0 == publisher as u64))
    };
    world.run_until(40 * SECOND, "the end of consent", gone);
    world.run(2 * SECOND);
    let slots = world.events.iter().rev().find_map(|event| match event {
        Event::SlotsChanged { peer, slots } if peer.0 == viewer as u64 => Some(slots.clone()),
        _ => None,
    });
    assert!(slots.is_some_and(|slots| slots.iter().all(|(_, shown)| shown.is_none())), "the viewer's slot is empty");
    let figures = world.events.iter().rev().find_map(|event| match event {
        Event::Figures(figures) => Some(figures.publications.len()),
        _ => None,
    });
    assert_eq!(figures, Some(0));
}

#[test]
fn where_the_way_between_shards_is_full_the_picture_comes_back_by_a_keyframe() {
    let (mut world, publisher, viewer) = apart(4);
    world.publish(publisher, 0, 1);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    camera(&mut world, publisher, 100, 1);
    world.run_until(2 * SECOND, "a picture", |world| frames(world, viewer) > 0);
    world.run(SECOND);
    let origin = world.shard_of(publisher).at();
    let keyframes = world.member(publisher).encoders[0].keyframes.len();
    world.relay_full = true;
    world.run(Duration::from_millis(200));
    world.relay_full = false;
    world.run(SECOND);
    assert!(world.shards[origin].counters().dropped_relay > 0);
    let asked = world.member(publisher).encoders[0].keyframes.len() - keyframes;
    assert!((1..=2).contains(&asked), "{asked} keyframes for one overflow");
    let seen = world.member(viewer).viewers[0].frames();
    let sent = world.member(publisher).encoders[0].frames();
    let last = seen.last().expect("frames").frame;
    assert!(sent - last < 10, "the picture goes on: {last} of {sent}");
    assert!(seen.iter().filter(|label| label.keyframe).count() >= 2, "by another keyframe");
}

#[test]
fn one_request_reaches_the_publisher_however_many_shards_wait() {
    let mut world = World::with_shards(5, CLEAN, 3, 1);
    let publisher = world.join(room(1), &[Line::SendsVideo { simulcast: false, ssrc: 100 }]);
    world.publish(publisher, 0, 1);
    connect_all(&mut world, &[publisher]);
    camera(&mut world, publisher, 100, 1);
    world.run(SECOND);
    let before = world.member(publisher).encoders[0].keyframes.len();
    let viewers: Vec<usize> = (0..12).map(|_| world.join(room(1), &[Line::ReceivesVideo])).collect();
    connect_all(&mut world, &viewers);
    viewers.iter().for_each(|viewer| world.show(*viewer, 0, Some(1), None));
    world.run(2 * SECOND);
    assert!(viewers.iter().all(|viewer| frames(&mut world, *viewer) > 30), "everybody sees it");
    assert_eq!(world.member(publisher).encoders[0].keyframes.len() - before, 1);
}

#[test]
fn figures_count_each_receiver_once_and_each_publication_at_its_origin() {
    let (mut world, publisher, viewer) = apart(6);
    let beside = world.join(room(1), &[Line::ReceivesVideo]);
    world.publish(publisher, 0, 1);
    for viewer in [viewer, beside] {
        world.show(viewer, 0, Some(1), None);
    }
    connect_all(&mut world, &[publisher, viewer, beside]);
    camera(&mut world, publisher, 100, 1);
    world.run(2 * SECOND);
    world.events.clear();
    world.run(SECOND + Duration::from_millis(10));
    let mut measures = Vec::new();
    for event in &world.events {
        if let Event::Figures(figures) = event {
            measures.extend(figures.publications.iter().map(|m| (m.mirrored, m.encodings.len(), m.receivers)));
        }
    }
    measures.sort_unstable();
    measures.dedup();
    let receivers: u32 = measures.iter().map(|(.., receivers)| receivers).sum();
    assert_eq!(receivers, 2, "{measures:?}");
    assert!(measures.iter().all(|(mirrored, encodings, _)| *encodings == usize::from(!mirrored)), "{measures:?}");
}

#[test]
fn a_stranger_shard_is_not_believed() {
    let (mut world, publisher, viewer) = apart(8);
    world.publish(publisher, 0, 1);
    world.show(viewer, 0, Some(1), None);
    connect_all(&mut world, &[publisher, viewer]);
    camera(&mut world, publisher, 100, 1);
    world.run_until(2 * SECOND, "a picture", |world| frames(world, viewer) > 0);
    let (origin, mirroring) = (world.shard_of(publisher).at(), world.shard_of(viewer).at());
    let forwarded = |world: &World| world.shards[mirroring].counters().rtp_forwarded;
    // One frame more of the publisher's, taken from the way between the shards.
    let later = world.now + Duration::from_millis(100);
    for packet in world.member(publisher).encoders[0].tick(later) {
        let mut sealed = world.seal(publisher, &packet);
        world.shards[origin].handle_datagram(later, path(publisher), &mut sealed);
    }
    let mut relay = Relay::default();
    world.shards[origin].swap_relay(&mut relay);
    let before = forwarded(&world);
    for message in relay.messages() {
        world.shards[mirroring].handle_relay(later, shard_id(7), relay.read(message));
    }
    while world.shards[mirroring].fan_out(later) {}
    assert_eq!(forwarded(&world), before, "another shard's word about this peer counts for nothing");
    for message in relay.messages() {
        world.shards[mirroring].handle_relay(later, shard_id(origin), relay.read(message));
    }
    while world.shards[mirroring].fan_out(later) {}
    assert!(forwarded(&world) > before);
}
