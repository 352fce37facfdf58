//! The committees' board from outside: who sees what of lessons that really take place.

use crate::support::client::{Client, End, open_at};
use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINER};
use crate::support::{PATIENCE, Schools, Server};
use axum::body::Body;
use axum::http::Request;
use futures_util::{SinkExt, StreamExt};
use qism::ids::{InstitutionId, LessonId};
use qism::protocol::{
    AlarmRule, BOARD_MESSAGE_BYTES_MAX, BOARD_SUBPROTOCOL, BoardAlarm, BoardLesson, BoardMessage, BoardRequest,
    BoardState, Command, Role,
};
use qism::store::{ChangedBy, Reach};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tower::ServiceExt;

/// A reader, and what they know by what they were told.
struct Reader {
    socket: WebSocketStream<TcpStream>,
    institutions: Vec<InstitutionId>,
    lessons: BTreeMap<u32, BoardLesson>,
    alarms: Vec<BoardAlarm>,
    boards: u32,
}

impl Reader {
    async fn open(server: &Server, member: Member) -> Self {
        let cookie = server.cookie(member).await;
        let socket = open_at(server.address, "/api/board", BOARD_SUBPROTOCOL, &[("cookie", &cookie)]).await;
        let socket = socket.expect("a board");
        Self { socket, institutions: Vec::new(), lessons: BTreeMap::new(), alarms: Vec::new(), boards: 0 }
    }

    async fn next(&mut self) -> BoardMessage {
        loop {
            let next = timeout(PATIENCE, self.socket.next()).await.expect("a message in time");
            if let Message::Text(text) = next.expect("open").expect("no fault") {
                let message: BoardMessage = serde_json::from_str(&text).expect("a message of the protocol");
                self.learn(&message);
                return message;
            }
        }
    }

    fn learn(&mut self, message: &BoardMessage) {
        match message {
            BoardMessage::Board { institutions, lessons, alarms, .. } => {
                self.institutions = institutions.iter().map(|each| each.id).collect();
                self.lessons = lessons.iter().map(|lesson| (lesson.number, lesson.clone())).collect();
                self.alarms.clone_from(alarms);
                self.boards += 1;
            }
            BoardMessage::Changes { lessons, gone, alarms, .. } => {
                self.lessons.extend(lessons.iter().map(|lesson| (lesson.number, lesson.clone())));
                self.lessons.retain(|number, _| !gone.contains(number));
                for alarm in alarms {
                    self.alarms.retain(|known| known.id != alarm.id);
                    self.alarms.push(alarm.clone());
                }
            }
            _ => {}
        }
    }

    /// Reads until what is known is as it should be.
    async fn until(&mut self, what: &str, so: impl Fn(&Self) -> bool) {
        let reading = async {
            while !so(self) {
                self.next().await;
            }
        };
        let read = timeout(PATIENCE, reading).await;
        assert!(read.is_ok(), "{what}: {:?}, {:?}", self.lessons, self.alarms);
    }

    async fn look(&mut self, institution: Option<InstitutionId>, lesson: Option<LessonId>) {
        let request = serde_json::to_string(&BoardRequest::Look { institution, lesson }).expect("JSON");
        self.socket.send(Message::text(request)).await.expect("sent");
    }

    async fn end(mut self) -> End {
        loop {
            match timeout(PATIENCE, self.socket.next()).await.expect("the server closes") {
                Some(Ok(Message::Close(frame))) => {
                    return End { bye: None, code: frame.map(|frame| frame.code.into()) };
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return End { bye: None, code: None },
            }
        }
    }
}

/// A server whose board has read what is planned.
async fn server() -> (Server, Schools) {
    let (server, schools) = Server::start().await;
    server.state.board.refresh().await.expect("the plans");
    (server, schools)
}

/// The status of the answer to a call.
async fn post(server: &Server, path: &str, cookie: &str, body: &'static str) -> u16 {
    let request = Request::post(path).header("cookie", cookie).header("content-type", "application/json");
    let request = request.body(Body::from(body)).expect("a request");
    server.router.clone().oneshot(request).await.expect("an answer").status().as_u16()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_committee_sees_the_lessons_of_its_branch_as_they_go() {
    let (server, schools) = server().await;
    let ours = server.member(schools.first.institution, COMMITTEE).await;
    let theirs = server.member(schools.second.institution, ADMINISTRATOR).await;
    let region = server.institution(schools.first.region, Reach::Region).await;
    let regional = server.member(region, COMMITTEE).await;
    server.state.board.refresh().await.expect("the places");
    let (mut ours, mut theirs) = (Reader::open(&server, ours).await, Reader::open(&server, theirs).await);
    let mut regional = Reader::open(&server, regional).await;
    ours.until("a lesson", |board| board.lessons.len() == 1).await;
    theirs.until("a lesson", |board| board.lessons.len() == 1).await;
    regional.until("a lesson", |board| board.lessons.len() == 1).await;
    assert_eq!(ours.institutions, [schools.first.institution]);
    assert_eq!(theirs.institutions, [schools.second.institution]);
    assert!(regional.institutions.contains(&schools.first.institution));
    assert!(!regional.institutions.contains(&schools.second.institution));

    let mut trainer = Client::join(&server, &server.visitor(&schools.first, Role::Trainer, "Fatima").await).await;
    trainer.ask(Command::StartLesson {}).await.expect("on air");
    let trainee = Client::join(&server, &server.visitor(&schools.first, Role::Trainee, "Amina").await).await;
    let _other = Client::join(&server, &server.visitor(&schools.first, Role::Trainee, "Karim").await).await;
    let is_on = |board: &Reader| board.lessons.values().any(|one| one.state == BoardState::Live && one.present == 2);
    ours.until("two trainees", is_on).await;
    regional.until("two trainees", is_on).await;
    drop(trainee);
    let is_one = |board: &Reader| board.lessons.values().any(|one| one.present == 1);
    ours.until("one trainee", is_one).await;
    // Elsewhere nothing of it is heard.
    theirs.look(None, Some(schools.first.id)).await;
    theirs.until("a sign that time passed", |board| board.boards > 0).await;
    let heard = theirs.next().await;
    assert!(matches!(heard, BoardMessage::Pong { .. }), "{heard:?}");
    assert!(theirs.lessons.values().all(|one| one.state != BoardState::Live && one.present == 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_looks_closer_sees_names_of_their_own_institution_only() {
    let (server, schools) = server().await;
    let ours = server.member(schools.first.institution, COMMITTEE).await;
    let region = server.institution(schools.first.region, Reach::Region).await;
    let regional = server.member(region, COMMITTEE).await;
    server.state.board.refresh().await.expect("the places");
    for (member, sees) in [(ours, true), (regional, false)] {
        let mut reader = Reader::open(&server, member).await;
        reader.until("a lesson", |board| board.lessons.len() == 1).await;
        reader.look(Some(schools.first.institution), Some(schools.first.id)).await;
        let (mut card, mut detail) = (None, None);
        while card.is_none() || detail.is_none() {
            match reader.next().await {
                BoardMessage::Institution { institution, lessons } => {
                    assert_eq!(institution, schools.first.institution);
                    card = lessons.into_iter().next();
                }
                BoardMessage::Lesson { lesson } => detail = Some(lesson),
                _ => {}
            }
        }
        let (card, detail) = (card.expect("a card"), detail.expect("a detail"));
        assert_eq!((card.title.as_str(), card.course.as_str()), ("Le cordon", "Soudure"));
        assert_eq!(card.trainer.is_some(), sees);
        assert_eq!((detail.lesson, detail.is_trainer_there), (schools.first.id, false));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_is_watched_with_names_is_noted_once_and_one_elsewhere_is_not_there() {
    let (server, schools) = server().await;
    let (first, lesson) = (schools.first.institution, schools.first.id);
    let ours = server.member(first, COMMITTEE).await;
    let beside = server.institution(schools.second.region, Reach::Region).await;
    let beside = server.member(beside, COMMITTEE).await;
    server.state.board.refresh().await.expect("the places");
    let looks = async || {
        let entries = server.store.of(first).audit_before(None, 50).await.expect("the log");
        let looks = entries.into_iter().filter(|entry| entry.action == "board.look");
        looks.map(|entry| (entry.actor, entry.subject)).collect::<Vec<_>>()
    };
    let once = (ChangedBy::Person(ours.person), Some(lesson.to_string()));
    let mut reader = Reader::open(&server, ours).await;
    reader.until("a lesson", |board| board.lessons.len() == 1).await;
    for _ in 0..2 {
        reader.look(Some(first), Some(lesson)).await;
        while !matches!(reader.next().await, BoardMessage::Lesson { .. }) {}
        assert_eq!(looks().await, std::slice::from_ref(&once));
        reader.look(Some(first), None).await;
        while !matches!(reader.next().await, BoardMessage::Institution { .. }) {}
    }
    // Another connection is another look.
    let mut again = Reader::open(&server, ours).await;
    again.until("a lesson", |board| board.lessons.len() == 1).await;
    again.look(Some(first), Some(lesson)).await;
    while !matches!(again.next().await, BoardMessage::Lesson { .. }) {}
    assert_eq!(looks().await.len(), 2);

    // A region's committee has nothing to see in another region, and nothing is noted of it.
    let mut other = Reader::open(&server, beside).await;
    other.until("their own lesson", |board| board.lessons.len() == 1).await;
    other.look(Some(first), Some(lesson)).await;
    server.clock.advance(Duration::from_secs(5));
    loop {
        match other.next().await {
            BoardMessage::Pong { .. } => break,
            message @ (BoardMessage::Institution { .. } | BoardMessage::Lesson { .. }) => panic!("{message:?}"),
            _ => {}
        }
    }
    assert_eq!(looks().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_alarm_is_told_taken_and_ended_on_the_board() {
    let (server, schools) = server().await;
    let member = server.member(schools.first.institution, COMMITTEE).await;
    let mut board = Reader::open(&server, member).await;
    board.until("a lesson", |board| board.lessons.len() == 1).await;
    server.clock.advance(Duration::from_secs(11 * 60));
    board.until("an alarm", |board| board.alarms.len() == 1).await;
    let alarm = board.alarms[0].clone();
    assert_eq!((alarm.rule, alarm.lesson, alarm.ended_at), (AlarmRule::NoTrainer, schools.first.id, None));
    assert!(board.lessons.values().any(|one| one.state == BoardState::NotStarted));
    let path = format!("/api/institutions/{}/alarms/{}", schools.first.institution, alarm.id);
    let cookie = server.cookie(member).await;
    assert_eq!(post(&server, &format!("{path}/take"), &cookie, "{}").await, 200);
    assert_eq!(post(&server, &format!("{path}/comments"), &cookie, r#"{"body":"La salle est ouverte."}"#).await, 201);
    board
        .until("who took it", |board| board.alarms.iter().any(|one| one.taken_by.is_some() && one.comments == 1))
        .await;
    let _trainer = Client::join(&server, &server.visitor(&schools.first, Role::Trainer, "Fatima").await).await;
    board.until("its end", |board| board.alarms.iter().any(|one| one.ended_at.is_some())).await;
    // Whoever comes now sees no alarm of this lesson's any more.
    let mut later = Reader::open(&server, member).await;
    later.next().await;
    assert!(later.alarms.iter().all(|one| one.lesson != schools.first.id), "{:?}", later.alarms);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_who_oversees_opens_a_board_and_only_from_this_servers_pages() {
    let (server, schools) = server().await;
    let trainer = server.cookie(server.member(schools.first.institution, TRAINER).await).await;
    let committee = server.cookie(server.member(schools.first.institution, COMMITTEE).await).await;
    let refused = async |headers: &[(&'static str, &str)], protocol| match open_at(
        server.address,
        "/api/board",
        protocol,
        headers,
    )
    .await
    {
        Err(Error::Http(answer)) => answer.status().as_u16(),
        other => panic!("{:?}", other.is_ok()),
    };
    assert_eq!(refused(&[], BOARD_SUBPROTOCOL).await, 401);
    assert_eq!(refused(&[("cookie", &trainer)], BOARD_SUBPROTOCOL).await, 403);
    assert_eq!(refused(&[("cookie", &committee)], "qism.v1").await, 400);
    let foreign = [("cookie", committee.as_str()), ("origin", "https://elsewhere.example")];
    assert_eq!(refused(&foreign, BOARD_SUBPROTOCOL).await, 403);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_ended_reads_no_more() {
    let (server, schools) = server().await;
    let member = server.member(schools.first.institution, COMMITTEE).await;
    let mut board = Reader::open(&server, member).await;
    board.until("a lesson", |board| board.lessons.len() == 1).await;
    let now = qism::time::Clock::now(server.clock.as_ref());
    server.store.of(member.institution).end_sessions_of(member.person, None, now).await.expect("ended");
    server.clock.advance(Duration::from_secs(61));
    assert_eq!(board.end().await.code, Some(4002));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_what_is_no_request_is_sent_away() {
    let (server, schools) = server().await;
    let member = server.member(schools.first.institution, COMMITTEE).await;
    let mut board = Reader::open(&server, member).await;
    board.next().await;
    for _ in 0..20 {
        // The server may have closed before the last.
        let _ = board.socket.send(Message::text("{\"type\":\"drop_tables\"}")).await;
    }
    assert_eq!(board.end().await.code, Some(4006));
    let mut board = Reader::open(&server, member).await;
    board.next().await;
    let large = "x".repeat(BOARD_MESSAGE_BYTES_MAX + 1);
    board.socket.send(Message::text(large)).await.expect("sent");
    assert_eq!(board.end().await.code, Some(1009));
}
