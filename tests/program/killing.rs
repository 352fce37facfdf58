//! A lesson whose server is killed again and again: nothing that was acknowledged is lost, and nobody's attendance is
//! longer or shorter for it.

use crate::lesson::{Browser, done};
use crate::process::Server;
use futures_util::StreamExt;
use qism::attendance::{Account, Span, SpellKind, account};
use qism::ids::{EventSeq, LessonId, ParticipantId};
use qism::protocol::{Command, LoggedEvent, RoomEvent};
use qism::store::Store;
use qism::time::Timestamp;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tokio::time::timeout;
use uuid::Uuid;

const KILLS: u64 = 50;

/// How far what is known of a server's last moment may be from it.
const TOLERANCE_US: i64 = 1_000_000;

/// A trainee's time in the lesson by the test's own clock: from the welcome to the killing of the server.
struct Life {
    from: Timestamp,
    to: Timestamp,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fifty_kills_lose_nothing_and_cost_nobody_a_second() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut server = Server::demo(folder.path());
    let trainer = Browser::accept(&server, "trainer", None);
    let trainee = Browser::accept(&server, "trainee", Some("سلمى"));
    let mut acknowledged = Vec::new();
    let mut lives = Vec::new();
    let mut chance = 0x9e37_79b9_7f4a_7c15_u64;
    for kill in 0..KILLS {
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (mut trainers, _) = trainer.enter(&server).await;
        done(&mut trainers, 1, Command::StartLesson {}).await;
        let (mut trainees, _) = trainee.enter(&server).await;
        let from = now();
        for number in 0..(chance >> 40) % 5 {
            let text = format!("{kill}.{number}");
            done(&mut trainees, 1, Command::Say { text: text.clone() }).await;
            acknowledged.push(text);
        }
        // Then they listen, until a moment like any other.
        let moment = Duration::from_millis((chance >> 48) % 700);
        let _ = timeout(moment, async { while trainees.next().await.is_some() {} }).await;
        let to = now();
        server.kill();
        lives.push(Life { from, to });
        server = Server::demo(folder.path());
    }
    let (mut trainers, _) = trainer.enter(&server).await;
    done(&mut trainers, 1, Command::EndLesson {}).await;
    let (code, text) = tokio::task::spawn_blocking(move || server.terminate()).await.expect("no panic");
    assert_eq!(code, Some(0), "{text}");

    let (planned, log) = read(folder.path(), &trainee.lesson).await;
    let said = |text: &String| {
        log.iter().any(|entry| matches!(&entry.event, RoomEvent::Said { text: found, .. } if found == text))
    };
    let lost: Vec<&String> = acknowledged.iter().filter(|text| !said(text)).collect();
    assert!(acknowledged.len() > 50 && lost.is_empty(), "{lost:?} of {}", acknowledged.len());
    let restarts: Vec<(Timestamp, Timestamp)> = log
        .iter()
        .filter_map(|entry| match entry.event {
            RoomEvent::ServerRestarted { since } => Some((since, entry.at)),
            _ => None,
        })
        .collect();
    assert_eq!(restarts.len(), lives.len());
    let id = ParticipantId(Uuid::parse_str(&trainee.participant).expect("an id"));
    let account = account(planned, &log);
    let mut furthest = 0;
    for (index, (life, (since, again))) in lives.iter().zip(&restarts).enumerate() {
        let late = since.micros() - life.to.micros();
        assert!(late.abs() <= TOLERANCE_US, "kill {index} is dated {late} µs after it");
        let present = present_within(&account, id, Span { from: life.from, to: *again });
        let error = present - (life.to.micros() - life.from.micros());
        assert!(error.abs() <= TOLERANCE_US, "kill {index}: {error} µs");
        furthest = furthest.max(late.abs()).max(error.abs());
    }
    println!("{} restarts, at most {furthest} µs off", restarts.len());
}

fn present_within(account: &Account, who: ParticipantId, span: Span) -> i64 {
    let spells = account.participants.get(&who).into_iter().flatten();
    let present = spells.filter(|spell| spell.kind == SpellKind::Present);
    present.filter_map(|spell| spell.span().common(span)).map(Span::length_us).sum()
}

async fn read(folder: &Path, lesson: &str) -> (Span, Vec<LoggedEvent>) {
    let store = Store::open(&format!("sqlite:{}", folder.join("qism.db").display())).await.expect("the store");
    let lesson = LessonId(Uuid::parse_str(lesson).expect("an id"));
    let record = store.lesson(lesson).await.expect("read").expect("the lesson");
    let of = store.of(record.institution);
    let log = of.events_after(lesson, EventSeq(0), 100_000).await.expect("the log");
    (Span { from: record.card.starts_at, to: record.card.ends_at }, log)
}

#[expect(clippy::disallowed_methods, reason = "the server that is killed reads the same clock")]
fn now() -> Timestamp {
    Timestamp(0).plus(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970"))
}
