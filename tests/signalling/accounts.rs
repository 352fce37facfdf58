//! Coming in from an account, and what is written down of it.

use crate::support::client::Client;
use crate::support::members::{Member, TRAINEE, TRAINER};
use crate::support::sdp::{Line, offer};
use crate::support::{PATIENCE, Server, Visitor};
use qism::ids::LessonId;
use qism::protocol::{Command, LimitedBy, LinkFigures, ServerMessage, TransportKind};
use qism::shard::{Event, Figures, PeerFigures, ShardCounters};
use qism::time::Timestamp;
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
    let _laptop = Client::join(&server, &entered(&server, trainee, lesson).await).await;
    his.ask(Command::StartLesson {}).await.expect("on air");
    server.clock.advance(Duration::from_secs(600));
    let phone = Client::join(&server, &entered(&server, trainee, lesson).await).await;
    server.clock.advance(Duration::from_secs(600));
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
        downlink: LinkFigures::default(),
        round_trip_ms: Some(87),
        limited_by: LimitedBy::Network,
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
