//! What the media plane is told, and when.

use crate::support::client::Client;
use crate::support::sdp::{Line, TRAINEE, TRAINER, offer};
use crate::support::{Lesson, Server, Visitor};
use qism::ids::{PeerId, PublicationId};
use qism::protocol::{ClientMessage, Command, ErrorCode, Quality, Role, RoomEvent, ServerMessage, Source, WatchedSlot};
use qism::shard::{self, ReceiveLimit};

const TRAINER_SOURCES: [(&str, Source); 4] =
    [("0", Source::Microphone), ("1", Source::Camera), ("2", Source::Screen), ("3", Source::ScreenAudio)];
const TRAINEE_SOURCES: [(&str, Source); 2] = [("0", Source::Microphone), ("1", Source::Camera)];

struct Class {
    server: Server,
    lesson: Lesson,
    trainer: Client,
    trainee: Client,
    amina: Visitor,
}

/// A lesson on air with a trainer and a trainee, both with media.
async fn class() -> Class {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let amina = server.visitor(&schools.first, Role::Trainee, "Amina").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let mut trainee = Client::join(&server, &amina).await;
    trainer.ask(Command::StartLesson {}).await.expect("start");
    let answer = trainer.offer(offer(1, "aaaa", &TRAINER), &TRAINER_SOURCES).await.expect("an answer");
    assert!(answer.contains("a=ice-lite"), "{answer}");
    trainee.offer(offer(2, "bbbb", &TRAINEE), &TRAINEE_SOURCES).await.expect("an answer");
    server.media.take();
    Class { server, lesson: schools.first, trainer, trainee, amina }
}

fn shown(commands: &[shard::Command]) -> Vec<(PeerId, String, Option<PublicationId>)> {
    let shows = commands.iter().filter_map(|command| match command {
        shard::Command::Show { peer, slot, publication, .. } => Some((*peer, slot.to_string(), *publication)),
        _ => None,
    });
    shows.collect()
}

fn published(commands: &[shard::Command]) -> Vec<(String, PublicationId, Source, bool)> {
    let published = commands.iter().filter_map(|command| match command {
        shard::Command::Publish { mid, publication, source, always_heard, .. } => {
            Some((mid.to_string(), *publication, *source, *always_heard))
        }
        _ => None,
    });
    published.collect()
}

fn unpublished(commands: &[shard::Command]) -> Vec<PublicationId> {
    let ended = commands.iter().filter_map(|command| match command {
        shard::Command::Unpublish { publication, .. } => Some(*publication),
        _ => None,
    });
    ended.collect()
}

fn disconnected(commands: &[shard::Command]) -> usize {
    commands.iter().filter(|command| matches!(command, shard::Command::Disconnect { .. })).count()
}

#[tokio::test]
async fn what_is_published_is_shown_to_the_others() {
    let mut class = class().await;
    class.trainer.ask(Command::Publish { source: Source::Microphone }).await.expect("speak");
    let told = class.server.media.take();
    let now_sent = published(&told);
    let [(mid, _, source, true)] = now_sent.as_slice() else { panic!("a trainer's voice is always heard: {told:?}") };
    assert_eq!((mid.as_str(), *source), ("0", Source::Microphone));
    assert_eq!(shown(&told), []);
    class.trainer.ask(Command::Publish { source: Source::Camera }).await.expect("show");
    class.trainer.ask(Command::Publish { source: Source::Screen }).await.expect("share");
    let told = class.server.media.take();
    let [(_, camera, ..), (_, screen, ..)] = published(&told).try_into().expect("two publications");
    let slots: Vec<_> = shown(&told).into_iter().map(|(_, slot, publication)| (slot, publication)).collect();
    // The camera stays where it was when the screen comes: the trainee's slots are 3 and 4.
    assert_eq!(slots, [("3".to_owned(), Some(camera)), ("4".to_owned(), Some(screen))]);
}

#[tokio::test]
async fn a_source_must_be_offered_before_it_is_published() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    assert_eq!(trainer.ask(Command::Publish { source: Source::Camera }).await, Err(ErrorCode::SourceUnknown));
    trainer.offer(offer(1, "aaaa", &TRAINER), &[("1", Source::Camera)]).await.expect("an answer");
    assert_eq!(trainer.ask(Command::Publish { source: Source::Screen }).await, Err(ErrorCode::SourceUnknown));
    trainer.ask(Command::Publish { source: Source::Camera }).await.expect("offered");
}

#[tokio::test]
async fn an_offer_that_says_nonsense_is_refused() {
    let (server, schools) = Server::start().await;
    let trainer = server.visitor(&schools.first, Role::Trainer, "x").await;
    let mut trainer = Client::join(&server, &trainer).await;
    let good = offer(1, "aaaa", &TRAINER);
    let cases: [(&str, &[(&str, Source)]); 5] = [
        ("v=0 nonsense", &[]),
        ("", &[]),
        (&good, &[("1", Source::Microphone)]),
        (&good, &[("99", Source::Camera)]),
        (&good, &[("not a mid", Source::Camera)]),
    ];
    for (sdp, sources) in cases {
        assert_eq!(trainer.offer(sdp.to_owned(), sources).await, Err(ErrorCode::OfferRejected), "{sources:?}");
    }
    trainer.offer(good, &TRAINER_SOURCES).await.expect("a good one still works");
}

#[tokio::test]
async fn the_floor_taken_back_is_silence_at_once() {
    let mut class = class().await;
    let participant = class.amina.participant;
    assert_eq!(class.trainee.ask(Command::Publish { source: Source::Microphone }).await, Err(ErrorCode::Forbidden));
    class.trainer.ask(Command::GiveFloor { participant }).await.expect("give");
    class.trainee.ask(Command::Publish { source: Source::Microphone }).await.expect("speak");
    class.trainee.ask(Command::Publish { source: Source::Camera }).await.expect("show");
    let told = class.server.media.take();
    let now_sent = published(&told);
    let [(_, voice, _, false), (_, picture, _, false)] = now_sent.as_slice() else { panic!("{told:?}") };
    class.trainer.ask(Command::TakeFloor { participant }).await.expect("take");
    // Told before the acknowledgement arrived: within the round trip, so within a second.
    assert_eq!(unpublished(&class.server.media.take()), [*voice, *picture]);
}

#[tokio::test]
async fn who_is_muted_or_removed_is_silent_at_once() {
    let mut class = class().await;
    let participant = class.amina.participant;
    class.trainer.ask(Command::GiveFloor { participant }).await.expect("give");
    class.trainee.ask(Command::Publish { source: Source::Microphone }).await.expect("speak");
    class.server.media.take();
    class.trainer.ask(Command::Mute { participant }).await.expect("mute");
    assert_eq!(unpublished(&class.server.media.take()).len(), 1);
    class.trainee.ask(Command::Publish { source: Source::Microphone }).await.expect("with the floor one may unmute");
    class.server.media.take();
    class.trainer.ask(Command::Remove { participant }).await.expect("remove");
    let told = class.server.media.take();
    assert_eq!((unpublished(&told).len(), disconnected(&told)), (1, 1));
}

#[tokio::test]
async fn a_receiver_chooses_what_and_how_much() {
    let mut class = class().await;
    for source in [Source::Camera, Source::Screen] {
        class.trainer.ask(Command::Publish { source }).await.expect("publish");
    }
    let told = class.server.media.take();
    let [(_, camera, ..), (_, screen, ..)] = published(&told).try_into().expect("two publications");
    let watch = |slots: Vec<WatchedSlot>| ClientMessage::Watch { slots };
    let slot = |publication, max_height| WatchedSlot { mid: "3".into(), publication, max_height };
    class.trainee.send(&watch(vec![slot(Some(screen), Some(360))])).await;
    class.trainee.ask(Command::RaiseHand {}).await.expect("an answer after the watch");
    let told = class.server.media.take();
    assert!(told.iter().any(|command| matches!(
        command,
        shard::Command::Show { publication: Some(p), max_height: Some(360), .. } if *p == screen
    )));
    assert!(shown(&told).contains(&(shown(&told)[0].0, "4".to_owned(), Some(camera))), "{told:?}");
    class.trainee.send(&ClientMessage::Receive { quality: Quality::Economy }).await;
    class.trainee.ask(Command::RaiseHand {}).await.expect("an answer");
    let told = class.server.media.take();
    assert!(told.iter().any(|c| matches!(c, shard::Command::Receive { limit: ReceiveLimit::Smallest, .. })));
    assert!(shown(&told).iter().any(|(_, slot, publication)| slot == "4" && publication.is_none()), "no camera");
    class.trainee.send(&watch(vec![slot(None, None); 9])).await;
    assert_eq!(class.trainee.complaint().await, ErrorCode::BadMessage);
}

#[tokio::test]
async fn a_page_that_comes_back_without_memory_starts_its_media_anew() {
    let mut class = class().await;
    class.trainer.ask(Command::GiveFloor { participant: class.amina.participant }).await.expect("give");
    class.trainee.ask(Command::Publish { source: Source::Camera }).await.expect("show");
    class.server.media.take();
    let again = Client::join(&class.server, &class.amina).await;
    let told = class.server.media.take();
    assert_eq!((unpublished(&told).len(), disconnected(&told)), (1, 1), "{told:?}");
    assert!(again.snapshot.expect("the room").publications.is_empty());
}

#[tokio::test]
async fn a_page_that_resumes_keeps_its_media() {
    let mut class = class().await;
    class.trainer.ask(Command::GiveFloor { participant: class.amina.participant }).await.expect("give");
    class.trainee.ask(Command::Publish { source: Source::Camera }).await.expect("show");
    class.server.media.take();
    let seq = class.trainee.seq;
    let mut again = Client::join_with(&class.server, &class.amina, Some(seq)).await;
    // The same certificate: the same connection restarts its ICE.
    again.offer(offer(2, "cccc", &TRAINEE), &TRAINEE_SOURCES).await.expect("an answer");
    let told = class.server.media.take();
    assert_eq!((unpublished(&told).len(), disconnected(&told)), (0, 0), "{told:?}");
    // Another certificate: another connection.
    again.offer(offer(3, "dddd", &TRAINEE), &TRAINEE_SOURCES).await.expect("an answer");
    let told = class.server.media.take();
    assert_eq!((unpublished(&told).len(), disconnected(&told)), (1, 1), "{told:?}");
    class.trainer.event(|event| matches!(event, RoomEvent::PublicationEnded { .. }).then_some(())).await;
}

/// Nobody checks this connection's address: after 30 s the media plane gives it up.
#[tokio::test]
async fn a_media_connection_that_is_gone_is_not_continued() {
    let mut class = class().await;
    class.trainer.ask(Command::Publish { source: Source::Screen }).await.expect("share");
    let gone = async {
        let mut beat = tokio::time::interval(std::time::Duration::from_secs(2));
        loop {
            tokio::select! {
                _ = beat.tick() => class.trainer.send(&ClientMessage::Ping { at: 0.0 }).await,
                message = class.trainer.next() => {
                    if let ServerMessage::Event { event: RoomEvent::PublicationEnded { .. }, .. } = message { return; }
                }
            }
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(45), gone).await.expect("given up");
    let again = class.trainer.offer(offer(1, "ffff", &TRAINER), &TRAINER_SOURCES).await;
    assert_eq!(again, Err(ErrorCode::PeerUnknown));
    class.trainer.offer(offer(7, "gggg", &TRAINER), &TRAINER_SOURCES).await.expect("a new connection");
}

#[tokio::test]
async fn who_does_not_come_back_loses_the_media_connection() {
    let mut class = class().await;
    class.trainee.vanish();
    class.trainer.event(|event| matches!(event, RoomEvent::ConnectionLost { .. }).then_some(())).await;
    assert_eq!(disconnected(&class.server.media.take()), 0, "there is time to come back");
    class.server.clock.advance(std::time::Duration::from_secs(10));
    class.trainer.event(|event| matches!(event, RoomEvent::Left { .. }).then_some(())).await;
    assert_eq!(disconnected(&class.server.media.take()), 1);
}

#[tokio::test]
async fn a_renegotiation_that_drops_a_source_ends_its_publication() {
    let mut class = class().await;
    class.trainer.ask(Command::Publish { source: Source::Screen }).await.expect("share");
    class.server.media.take();
    let mut lines = TRAINER.to_vec();
    lines[2] = Line::ReceivesVideo;
    let sources = [("0", Source::Microphone), ("1", Source::Camera), ("3", Source::ScreenAudio)];
    class.trainer.offer(offer(1, "eeee", &lines), &sources).await.expect("an answer");
    assert_eq!(unpublished(&class.server.media.take()).len(), 1);
    assert_eq!(class.lesson.id, class.amina.lesson);
}
