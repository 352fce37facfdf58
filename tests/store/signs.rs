//! When each run of the server last gave a sign of life.

use crate::scratch::{Scratch, chat, school};
use qism::protocol::Phase;
use qism::store::ServerSign;
use qism::time::Timestamp;

fn sign(started_at: i64, seen_at: i64) -> ServerSign {
    ServerSign { started_at: Timestamp(started_at), seen_at: Timestamp(seen_at) }
}

pub async fn a_run_gives_signs_of_life_and_the_newest_run_comes_first(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    assert_eq!(store.server_signs().await.expect("none"), []);
    let first = store.begin_run(Timestamp(100)).await.expect("a run");
    store.sign(first, sign(100, 150)).await.expect("a sign");
    let second = store.begin_run(Timestamp(20)).await.expect("another, by a clock that was set back");
    assert!(second > first);
    // Signs among events that are being written: neither is lost.
    let of = school.of(&store);
    for seq in 1..=20_u64 {
        let events = chat(seq, 1);
        let append = of.append_events(school.lesson, &events, Phase::Planned);
        let (written, signed) = tokio::join!(append, store.sign(second, sign(20, 20 + seq.cast_signed())));
        written.expect("appended");
        signed.expect("a sign");
    }
    store.close().await;
    drop(of);
    drop(store);
    let store = scratch.open().await;
    assert_eq!(store.server_signs().await.expect("two"), [sign(20, 40), sign(100, 150)]);
    for _ in 0..100 {
        store.begin_run(Timestamp(500)).await.expect("a run");
    }
    assert_eq!(store.server_signs().await.expect("some").len(), 64, "old ones are forgotten");
}
