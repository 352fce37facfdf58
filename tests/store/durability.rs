use crate::scratch::{STARTS_AT, Scratch, said, school};
use qism::ids::{EventSeq, LessonId};
use qism::protocol::Phase;
use qism::store::Store;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

const LIVE: Phase = Phase::Live { since: STARTS_AT };

/// How many acknowledgements the killer waits for.
const ACKNOWLEDGED_MIN: u64 = 25;

const URL: &str = "QISM_TEST_STORE_URL";
const INSTITUTION: &str = "QISM_TEST_INSTITUTION";
const LESSON: &str = "QISM_TEST_LESSON";

/// A child process appends and says what was acknowledged; it is killed in the middle of it. All that it said is there.
pub async fn what_was_acknowledged_survives_kill_9(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    store.close().await;
    drop(store);

    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", "durability::appends_until_it_is_killed"])
        .env(URL, &scratch.url)
        .env(INSTITUTION, school.institution.to_string())
        .env(LESSON, school.lesson.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a child");
    let mut acknowledged = 0;
    let mut killed = false;
    for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
        let line = line.expect("text");
        if let Some(seq) = line.split("acknowledged ").nth(1) {
            acknowledged = seq.parse().expect("a number");
        }
        if acknowledged >= ACKNOWLEDGED_MIN && !killed {
            // SIGKILL; what it printed before is still read to the end.
            child.kill().expect("killed");
            killed = true;
        }
    }
    child.wait().expect("ended");
    assert!(killed, "the child ended by itself after {acknowledged} acknowledgements");

    let store = scratch.open().await;
    let events = school.of(&store).events_after(school.lesson, EventSeq(0), 1_000_000).await.expect("read");
    let seqs: Vec<u64> = events.iter().map(|event| event.seq.0).collect();
    let last = *seqs.last().expect("events");
    assert_eq!(seqs, (1..=last).collect::<Vec<_>>());
    assert!(last >= acknowledged, "{acknowledged} were acknowledged, {last} are there");
    school.of(&store).append_events(school.lesson, &[said(last + 1, "back")], LIVE).await.expect("the log goes on");
}

#[tokio::test]
#[ignore = "the child process of what_was_acknowledged_survives_kill_9"]
async fn appends_until_it_is_killed() {
    let variable = |name: &str| std::env::var(name).expect("set by the parent");
    let store = Store::open(&variable(URL)).await.expect("the store opens");
    let of = store.of(variable(INSTITUTION).parse().expect("an id"));
    let lesson: LessonId = variable(LESSON).parse().expect("an id");
    for seq in 1.. {
        of.append_events(lesson, &[said(seq, "durable")], LIVE).await.expect("appended");
        println!("acknowledged {seq}");
    }
}
