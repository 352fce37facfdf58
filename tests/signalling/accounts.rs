//! Coming in from an account, and what is written down of it.

use crate::support::client::Client;
use crate::support::members::{Member, TRAINEE, TRAINER};
use crate::support::sdp::{Line, offer};
use crate::support::{PATIENCE, Server, Visitor};
use qism::classroom::{ENDS_ALONE_AFTER, LoggedEvent, RETURN_WITHIN};
use qism::ids::{EventSeq, LessonId};
use qism::protocol::{Command, LimitedBy, LinkFigures, Phase, RoomEvent, ServerMessage, TransportKind};
use qism::shard::{Event, Figures, PeerFigures, ShardCounters};
use qism::time::{Clock, Timestamp};
use std::time::Duration;
use tokio::time::timeout;

/// A browser in which somebody signed in and entered a lesson.
async fn entered(server: &Server, member: Member, lesson: LessonId) -> Visitor {
    let cookie = server.cookie(member).await;
    let session = cookie.trim_start_matches("qism=").to_owned();
    let signed_in = server.auth.member(&session).await.expect("an answer").expect("a member");
    let card = server.auth.join_lesson(&signed_in, lesson).await.expect("a place");
    Visitor { lesson, participant: card.participant, session }
}

/// Asks again and again until it is so; the room writes in the background.
async fn until<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let wait = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, wait).await.expect("in time")
}

#[tokio::test]
async fn a_lesson_that_ends_leaves_each_persons_attendance_once_however_many_devices() {
    let (server, schools) = Server::start().await;
    let lesson = schools.first.id;
    let trainee = server.member(schools.first.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let trainer = server.member(schools.first.institution, TRAINER).await;
    server.entrust(trainer).await;
    let mut his = Client::join(&server, &entered(&server, trainer, lesson).await).await;
    let mut laptop = Client::join(&server, &entered(&server, trainee, lesson).await).await;
    his.ask(Command::StartLesson {}).await.expect("on air");
    server.clock.advance(Duration::from_secs(600));
    let mut phone = Client::join(&server, &entered(&server, trainee, lesson).await).await;
    server.clock.advance(Duration::from_secs(600));
    for device in [&mut laptop, &mut phone] {
        device.ask(Command::ShowPage {}).await.expect("a sign of life");
    }
    his.ask(Command::EndLesson {}).await.expect("over");
    phone.ended().await;
    let of = server.store.of(schools.first.institution);
    let (from, to) = (Timestamp(0), Timestamp(i64::MAX));
    let present = until(async || {
        let lessons = of.own_lessons(trainee.person, from, to).await.expect("lessons");
        lessons.first().and_then(|lesson| lesson.present_us)
    })
    .await;
    assert!((1_200_000_000..1_215_000_000).contains(&present), "{present}");
    let presence = of.presence(trainee.person, from, to).await.expect("a sum");
    assert_eq!((presence.planned_us, presence.present_us), (3_600_000_000, present));
    assert_eq!(server.store.unsettled_lessons().await.expect("none"), []);
}

/// How long somebody's attendance was, once it is written down; only of a lesson that is over.
async fn settled(server: &Server, trainee: Member) -> i64 {
    let of = server.store.of(trainee.institution);
    until(async || {
        let lessons = of.own_lessons(trainee.person, Timestamp(0), Timestamp(i64::MAX)).await.expect("lessons");
        lessons.first().and_then(|lesson| lesson.present_us)
    })
    .await
}

#[tokio::test]
async fn a_lesson_that_nobody_ends_is_over_once_everybody_is_gone_and_its_time_is_past() {
    let (server, schools) = Server::start().await;
    let lesson = schools.first.id;
    let trainee = server.member(schools.first.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let trainer = server.member(schools.first.institution, TRAINER).await;
    server.entrust(trainer).await;
    let mut his = Client::join(&server, &entered(&server, trainer, lesson).await).await;
    let mut hers = Client::join(&server, &entered(&server, trainee, lesson).await).await;
    his.ask(Command::StartLesson {}).await.expect("on air");
    // Planned for an hour, and it goes on for longer while somebody is there.
    server.clock.advance(Duration::from_secs(3 * 3_600));
    hers.ask(Command::RaiseHand {}).await.expect("a sign of life");
    hers.vanish();
    his.event(|event| matches!(event, RoomEvent::ConnectionLost { .. }).then_some(())).await;
    server.clock.advance(RETURN_WITHIN);
    his.event(|event| matches!(event, RoomEvent::Left { .. }).then_some(())).await;
    his.vanish();
    let log =
        async || server.store.of(trainer.institution).events_after(lesson, EventSeq(0), 100).await.expect("a log");
    let lost = |entry: &LoggedEvent| matches!(entry.event, RoomEvent::ConnectionLost { .. });
    until(async || (log().await.iter().filter(|entry| lost(entry)).count() == 2).then_some(())).await;
    server.clock.advance(RETURN_WITHIN);
    let left = |entry: &LoggedEvent| matches!(entry.event, RoomEvent::Left { .. });
    until(async || (log().await.iter().filter(|entry| left(entry)).count() == 2).then_some(())).await;
    let left_on_air = server.store.lesson(lesson).await.expect("the store").expect("the lesson").phase;
    assert!(matches!(left_on_air, Phase::Live { .. }), "they may find it again: {left_on_air:?}");
    server.clock.advance(ENDS_ALONE_AFTER);
    let present = settled(&server, trainee).await;
    assert!((3 * 3_600_000_000..3 * 3_600_000_000 + 15_000_000).contains(&present), "{present}");
    assert!(matches!(log().await.last().map(|entry| &entry.event), Some(RoomEvent::LessonEnded {})));
}

#[tokio::test]
async fn a_lesson_that_was_left_on_air_is_over_after_a_restart_or_while_its_room_is_closed() {
    let (server, schools) = Server::start().await;
    let trainee = server.member(schools.first.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let trainer = server.member(schools.first.institution, TRAINER).await;
    server.entrust(trainer).await;
    let mut his = Client::join(&server, &entered(&server, trainer, schools.first.id).await).await;
    let _hers = Client::join(&server, &entered(&server, trainee, schools.first.id).await).await;
    his.ask(Command::StartLesson {}).await.expect("on air");

    let server = server.crash_and_restart().await;
    // Another lesson, whose room is closed: its log alone says that it is on air.
    let (closed, of) = (schools.second.id, server.store.of(schools.second.institution));
    let now = server.clock.now();
    let started = LoggedEvent { seq: EventSeq(1), at: now, event: RoomEvent::LessonStarted {} };
    of.append_events(closed, &[started], Phase::Live { since: now }).await.expect("on air");
    server.rooms.end_overdue().await.expect("a look");
    assert_eq!(server.store.lessons_on_air().await.expect("lessons").len(), 2, "their time is not past");

    server.clock.advance(Duration::from_secs(3_600) + ENDS_ALONE_AFTER);
    // Who was there when the server stopped is let go first, and then has time to come back.
    let of_theirs = server.store.of(trainee.institution);
    until(async || {
        let log = of_theirs.events_after(schools.first.id, EventSeq(0), 100).await.expect("a log");
        (log.iter().filter(|entry| matches!(entry.event, RoomEvent::Left { .. })).count() == 2).then_some(())
    })
    .await;
    server.clock.advance(ENDS_ALONE_AFTER);
    settled(&server, trainee).await;
    server.rooms.end_overdue().await.expect("a look");
    until(async || server.store.lessons_on_air().await.expect("lessons").is_empty().then_some(())).await;
    let record = server.store.lesson(closed).await.expect("the store").expect("the lesson");
    assert!(matches!(record.phase, Phase::Ended { .. }), "{:?}", record.phase);
    until(async || server.store.unsettled_lessons().await.expect("lessons").is_empty().then_some(())).await;
}

#[tokio::test]
async fn what_a_persons_connection_carried_is_theirs_once_they_leave() {
    let (server, schools) = Server::start().await;
    let room = schools.first.id;
    let trainee = server.member(schools.first.institution, TRAINEE).await;
    server.enrol(trainee).await;
    let mut client = Client::join(&server, &entered(&server, trainee, room).await).await;
    client.offer(offer(5, "amina", &[Line::ReceivesAudio]), &[]).await.expect("an answer");
    let peer = PeerFigures {
        peer: server.media.peer(0),
        room,
        transport: TransportKind::Udp,
        uplink: LinkFigures::default(),
        uplink_missed_percent: 0.0,
        downlink: LinkFigures::default(),
        round_trip_ms: Some(87),
        limited_by: LimitedBy::Network,
        layer: None,
        bytes_up: 4_000,
        bytes_down: 80_000,
    };
    let figures = Figures {
        shard: 0,
        peers: vec![peer],
        publications: Vec::new(),
        counters: ShardCounters::default(),
        tcp_bytes_waiting: 0,
    };
    server.media_says.send(Event::Figures(Box::new(figures))).await.expect("told");
    // The room has heard of it once it tells the client how it receives.
    client.until(|message| matches!(message, ServerMessage::Reception { .. }).then_some(())).await;
    client.send(&qism::protocol::ClientMessage::Leave {}).await;
    client.ended().await;
    let of = server.store.of(schools.first.institution);
    let spent = until(async || {
        let spending = of.spending(trainee.person, Timestamp(0), Timestamp(i64::MAX)).await.expect("a sum");
        (spending.bytes > 0).then_some(spending.bytes)
    })
    .await;
    assert_eq!(spent, 84_000);
}
