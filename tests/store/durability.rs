use crate::scratch::{STARTS_AT, Scratch, said, school};
use qism::ids::{EventSeq, LessonId, VenueId};
use qism::protocol::Phase;
use qism::store::{Change, ChangedBy, Store, Venue};
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use uuid::Uuid;

const LIVE: Phase = Phase::Live { since: STARTS_AT };

/// How often the writer is killed.
const KILLS: u64 = 50;

/// How many acknowledgements the killer waits for: another number each time.
const ACKNOWLEDGED_MIN: u64 = 3;

const URL: &str = "QISM_TEST_STORE_URL";
const INSTITUTION: &str = "QISM_TEST_INSTITUTION";
const LESSON: &str = "QISM_TEST_LESSON";
const FIRST: &str = "QISM_TEST_FIRST";

/// A child process writes events and records and says what was acknowledged; it is killed in the middle of it, again and
/// again. All that it said is there.
pub async fn what_was_acknowledged_survives_kill_9(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    store.close().await;
    drop(store);

    let mut first = 1;
    for kill in 0..KILLS {
        let acknowledged = write_until_killed(&scratch, &school, first, ACKNOWLEDGED_MIN + kill % 7);
        let store = scratch.open().await;
        let of = school.of(&store);
        let events = of.events_after(school.lesson, EventSeq(0), 1_000_000).await.expect("read");
        let seqs: Vec<u64> = events.iter().map(|event| event.seq.0).collect();
        let last = *seqs.last().expect("events");
        assert_eq!(seqs, (1..=last).collect::<Vec<_>>());
        assert!(last >= acknowledged, "{acknowledged} were acknowledged, {last} are there");
        for seq in 1..=acknowledged {
            assert!(of.venue(venue(seq).id).await.expect("read").is_some(), "the record {seq} is gone");
        }
        // Records and their entries in the audit log are there together, or not at all.
        let last_record = of.venue(venue(last).id).await.expect("read").is_some();
        let entries = of.verify_audit().await.expect("read").expect("the chain is intact");
        assert_eq!(entries, if last_record { last } else { last - 1 });
        if !last_record {
            of.create_venue(&venue(last), &change(last)).await.expect("the records go on");
        }
        store.close().await;
        first = last + 1;
    }
    let store = scratch.open().await;
    school.of(&store).append_events(school.lesson, &[said(first, "back")], LIVE).await.expect("the log goes on");
}

/// Gives the last that was acknowledged.
fn write_until_killed(scratch: &Scratch, school: &crate::scratch::School, first: u64, enough: u64) -> u64 {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "--nocapture", "durability::writes_until_it_is_killed"])
        .env(URL, &scratch.url)
        .env(INSTITUTION, school.institution.to_string())
        .env(LESSON, school.lesson.to_string())
        .env(FIRST, first.to_string())
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
        if acknowledged >= first + enough && !killed {
            // SIGKILL; what it printed before is still read to the end.
            child.kill().expect("killed");
            killed = true;
        }
    }
    child.wait().expect("ended");
    assert!(killed, "the child ended by itself after {acknowledged} acknowledgements");
    acknowledged
}

fn venue(seq: u64) -> Venue {
    Venue { id: VenueId(Uuid::from_u128(u128::from(seq))), name: format!("Atelier {seq}"), capacity: 30, version: 1 }
}

fn change(seq: u64) -> Change {
    Change {
        at: STARTS_AT,
        actor: ChangedBy::System,
        action: "venue.create",
        subject: Some(venue(seq).id.to_string()),
        detail: serde_json::json!({}),
    }
}

#[tokio::test]
#[ignore = "the child process of what_was_acknowledged_survives_kill_9"]
async fn writes_until_it_is_killed() {
    let variable = |name: &str| std::env::var(name).expect("set by the parent");
    let store = Store::open(&variable(URL)).await.expect("the store opens");
    let of = store.of(variable(INSTITUTION).parse().expect("an id"));
    let lesson: LessonId = variable(LESSON).parse().expect("an id");
    let first: u64 = variable(FIRST).parse().expect("a number");
    for seq in first.. {
        of.append_events(lesson, &[said(seq, "durable")], LIVE).await.expect("appended");
        of.create_venue(&venue(seq), &change(seq)).await.expect("created");
        println!("acknowledged {seq}");
    }
}
