use super::*;
use crate::ids::PublicationId;
use crate::peer::{Credentials, Fingerprint, LocalSide, answer};
use crate::protocol::Source;
use crate::rtp::{Mid, Ssrc};

const OFFER: &str = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\na=ice-ufrag:abcd\r\n\
    a=ice-pwd:0123456789012345678901\r\na=fingerprint:sha-256 FINGERPRINT\r\na=setup:actpass\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\na=rtcp-mux\r\na=sendonly\r\n\
    a=rtpmap:96 VP8/90000\r\n";

fn session() -> Arc<Session> {
    let hash = ["11"; 32].join(":");
    let local = LocalSide {
        addresses: &[],
        fingerprint: &Fingerprint::parse(&format!("sha-256 {hash}")).expect("a fingerprint"),
        credentials: Credentials { ufrag: "good".to_owned(), password: "p".repeat(24) },
        first_ssrc: Ssrc(1),
        session_number: 1,
    };
    Arc::new(answer(&OFFER.replace("FINGERPRINT", &hash), local, None).expect("an answer").session)
}

fn lesson(number: u128) -> LessonId {
    LessonId(uuid::Uuid::from_u128(number))
}

/// What a command is, to whom, about whom.
fn said(placement: &mut Placement) -> Vec<String> {
    let mut said = Vec::new();
    while let Some((shard, command)) = placement.poll_command() {
        let text = match command {
            Command::Connect { peer, .. } => format!("connect {peer}"),
            Command::Renegotiate { peer, .. } => format!("renegotiate {peer}"),
            Command::Disconnect { peer } => format!("disconnect {peer}"),
            Command::Publish { peer, publication, .. } => format!("publish {peer} {publication}"),
            Command::Unpublish { publication, .. } => format!("unpublish {publication}"),
            Command::Relay { peer, to } => {
                format!("relay {peer} to {:?}", to.iter().map(|shard| shard.0).collect::<Vec<_>>())
            }
            Command::Mirror { peer, origin, .. } => format!("mirror {peer} of {}", origin.0),
            Command::Unmirror { peer } => format!("unmirror {peer}"),
            Command::Show { peer, .. } => format!("show {peer}"),
            Command::Receive { peer, .. } => format!("receive {peer}"),
        };
        said.push(format!("{}: {text}", shard.0));
    }
    said
}

fn join(placement: &mut Placement, peer: u64, room: LessonId) -> u8 {
    let shard = placement.choose(room);
    placement.connect(shard, PeerId(peer), room, session());
    shard.0
}

fn publish(placement: &mut Placement, peer: u64, publication: u64, mid: &str) {
    let mid = Mid::parse(mid).expect("a mid");
    let (peer, publication, source) = (PeerId(peer), PublicationId(publication), Source::Camera);
    placement.handle_command(Command::Publish { peer, mid, publication, source, always_heard: false });
}

fn unpublish(placement: &mut Placement, room: LessonId, publication: u64) {
    placement.handle_command(Command::Unpublish { room, publication: PublicationId(publication) });
}

#[test]
fn a_room_fills_its_home_then_one_shard_after_another_then_all_evenly() {
    let mut placement = Placement::new(3, 2);
    let home_of = |number: u128| u8::try_from(number % 3).expect("small");
    // Another room's peers make shard 2 the busier of the two that are left.
    assert_eq!((join(&mut placement, 100, lesson(5)), join(&mut placement, 101, lesson(5))), (2, 2));
    assert_eq!(home_of(3), 0);
    let shards: Vec<u8> = (0..9).map(|peer| join(&mut placement, peer, lesson(3))).collect();
    assert_eq!(shards, [0, 0, 1, 1, 2, 2, 0, 1, 2]);
    // Who leaves makes place at home.
    placement.peer_gone(PeerId(0));
    placement.peer_gone(PeerId(1));
    assert_eq!(join(&mut placement, 20, lesson(3)), 0);
}

#[test]
fn a_shard_with_no_place_left_is_passed_over() {
    let mut placement = Placement::new(2, usize::MAX);
    placement.load = vec![PEERS_MAX, 0];
    assert_eq!(join(&mut placement, 1, lesson(2)), 1);
    placement.load = vec![PEERS_MAX, PEERS_MAX];
    assert_eq!(placement.choose(lesson(2)), ShardId(0), "the shard itself refuses");
}

#[test]
fn one_shard_hears_nothing_of_mirrors() {
    let mut placement = Placement::new(1, 1);
    join(&mut placement, 1, lesson(1));
    join(&mut placement, 2, lesson(1));
    publish(&mut placement, 1, 10, "0");
    unpublish(&mut placement, lesson(1), 10);
    placement.handle_command(Command::Disconnect { peer: PeerId(1) });
    let told = ["0: connect 1", "0: connect 2", "0: publish 1 10", "0: unpublish 10", "0: disconnect 1"];
    assert_eq!(said(&mut placement), told);
}

#[test]
fn mirrors_follow_a_publisher_from_its_first_publication_to_its_last() {
    let mut placement = Placement::new(2, 1);
    join(&mut placement, 1, lesson(2));
    join(&mut placement, 2, lesson(2));
    assert_eq!(said(&mut placement), ["0: connect 1", "1: connect 2"], "who publishes nothing has no mirror");
    publish(&mut placement, 1, 10, "0");
    assert_eq!(said(&mut placement), ["0: publish 1 10", "1: mirror 1 of 0", "1: publish 1 10", "0: relay 1 to [1]"]);
    publish(&mut placement, 1, 11, "1");
    assert_eq!(said(&mut placement), ["0: publish 1 11", "1: publish 1 11"]);
    placement.handle_command(Command::Renegotiate { peer: PeerId(1), session: session() });
    assert_eq!(said(&mut placement), ["0: renegotiate 1", "1: mirror 1 of 0"]);
    unpublish(&mut placement, lesson(2), 10);
    assert_eq!(said(&mut placement), ["0: unpublish 10", "1: unpublish 10"]);
    unpublish(&mut placement, lesson(2), 11);
    assert_eq!(said(&mut placement), ["0: unpublish 11", "1: unpublish 11", "0: relay 1 to []", "1: unmirror 1"]);
}

#[test]
fn a_shard_is_told_of_all_publishers_when_it_begins_to_host_a_room_and_of_none_when_it_ends() {
    let mut placement = Placement::new(3, 1);
    join(&mut placement, 1, lesson(3));
    publish(&mut placement, 1, 10, "0");
    publish(&mut placement, 1, 11, "1");
    said(&mut placement);
    join(&mut placement, 2, lesson(3));
    assert_eq!(
        said(&mut placement),
        ["1: mirror 1 of 0", "1: publish 1 10", "1: publish 1 11", "0: relay 1 to [1]", "1: connect 2"]
    );
    join(&mut placement, 3, lesson(3));
    assert_eq!(
        said(&mut placement),
        ["2: mirror 1 of 0", "2: publish 1 10", "2: publish 1 11", "0: relay 1 to [1, 2]", "2: connect 3"]
    );
    placement.peer_gone(PeerId(2));
    assert_eq!(said(&mut placement), ["1: unmirror 1", "0: relay 1 to [2]"]);
    // The publisher goes by itself: its mirror goes with it.
    placement.peer_gone(PeerId(1));
    assert_eq!(said(&mut placement), ["0: relay 1 to []", "2: unmirror 1"]);
    placement.peer_gone(PeerId(3));
    assert_eq!(said(&mut placement), [] as [&str; 0]);
    assert!(placement.rooms.is_empty() && placement.peers.is_empty() && placement.load.iter().all(|load| *load == 0));
}

#[test]
fn the_first_shard_that_hosts_a_room_speaks_for_it() {
    let mut placement = Placement::new(2, 1);
    join(&mut placement, 1, lesson(3));
    join(&mut placement, 2, lesson(3));
    let speaks = |placement: &Placement| [0, 1].map(|shard| placement.speaks_for(ShardId(shard), lesson(3)));
    assert_eq!(speaks(&placement), [true, false]);
    assert_eq!(placement.shard_of(PeerId(2)), Some(ShardId(0)));
    placement.peer_gone(PeerId(2));
    assert_eq!(speaks(&placement), [false, true]);
}
