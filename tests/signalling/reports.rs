//! What the media plane says, as participants hear it.

use crate::support::Server;
use crate::support::client::Client;
use crate::support::sdp::{TRAINEE, TRAINER, offer};
use qism::ids::PublicationId;
use qism::protocol::{
    Command, LimitedBy, LinkFigures, Role, RoomEvent, ServerMessage, SlotShown, Source, TransportKind,
};
use qism::rtp::Mid;
use qism::shard::{Event, Figures, PeerFigures, PublicationMeasure, ShardCounters};
use qism::units::Bitrate;

#[tokio::test]
async fn slots_speakers_and_figures_reach_whom_they_concern() {
    let (server, schools) = Server::start().await;
    let trainer_visitor = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina_visitor = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer_visitor).await;
    let mut amina = Client::join(&server, &amina_visitor).await;
    trainer.offer(offer(1, "aaaa", &TRAINER), &[("0", Source::Microphone)]).await.expect("an answer");
    amina.offer(offer(2, "bbbb", &TRAINEE), &[]).await.expect("an answer");
    trainer.ask(Command::Publish { source: Source::Microphone }).await.expect("speak");
    let voice = amina
        .event(|event| match event {
            RoomEvent::PublicationStarted { publication, .. } => Some(*publication),
            _ => None,
        })
        .await;
    let room = schools.first.id;
    let peer = server.media.peer(1);
    let slots = vec![(Mid::parse("2").expect("a mid"), Some(voice)), (Mid::parse("3").expect("a mid"), None)];
    server.media_says.send(Event::SlotsChanged { peer, slots }).await.expect("told");
    let shown = amina
        .until(|message| match message {
            ServerMessage::Slots { slots } => Some(slots.clone()),
            _ => None,
        })
        .await;
    let expected =
        [SlotShown { mid: "2".into(), publication: Some(voice) }, SlotShown { mid: "3".into(), publication: None }];
    assert_eq!(shown, expected);

    let publications = vec![voice, PublicationId(999_999)];
    server.media_says.send(Event::Speaking { room, publications }).await.expect("told");
    amina
        .until(|message| match message {
            ServerMessage::Speaking { participants } if !participants.is_empty() => {
                assert_eq!(participants, &[trainer_visitor.participant]);
                Some(())
            }
            _ => None,
        })
        .await;

    let downlink = LinkFigures { bitrate: Bitrate::from_kbps(64), packets: 50, lost_percent: 4.6, jitter_ms: 3.0 };
    let figures = Figures {
        shard: 0,
        peers: vec![PeerFigures {
            peer,
            room,
            transport: TransportKind::Udp,
            uplink: LinkFigures::default(),
            uplink_missed_percent: 0.0,
            downlink,
            round_trip_ms: Some(87),
            limited_by: LimitedBy::Network,
            layer: None,
            bytes_up: 4_000,
            bytes_down: 8_000,
        }],
        publications: vec![PublicationMeasure {
            publication: voice,
            room,
            encodings: vec![Bitrate::from_kbps(32)],
            receivers: 1,
            mirrored: false,
        }],
        counters: ShardCounters::default(),
        tcp_bytes_waiting: 0,
    };
    server.media_says.send(Event::Figures(Box::new(figures))).await.expect("told");
    let reception = amina
        .until(|message| match message {
            ServerMessage::Reception { limited_by, lost_percent, round_trip_ms } => {
                Some((*limited_by, *lost_percent, *round_trip_ms))
            }
            _ => None,
        })
        .await;
    assert_eq!(reception, (LimitedBy::Network, 5.0, Some(80)));
    let told = trainer
        .until(|message| match message {
            ServerMessage::Figures { figures } if !figures.participants.is_empty() => Some(figures.clone()),
            _ => None,
        })
        .await;
    assert_eq!(
        told.participants.first().map(|p| (p.participant, p.downlink)),
        Some((amina_visitor.participant, downlink))
    );
    let [publication] = told.publications.as_slice() else { panic!("{told:?}") };
    assert_eq!((publication.publication, publication.receivers), (voice, 1));
    assert_eq!(publication.encodings, [Bitrate::from_kbps(32)]);
}
