//! Deleting what is older than institutions keep it: at night, and by `qism retention run`.

use super::say;
use crate::config::Config;
use crate::retention::{FIRST_AFTER, Kind, is_due};
use crate::store::{Gone, RetentionRun, Store, StoreError};
use crate::time::{Clock, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often it is looked for institutions whose time has come.
const LOOKED_EVERY: Duration = Duration::from_secs(600);

/// Between two steps, so that rooms write in between: a step takes a few milliseconds.
const PAUSE: Duration = Duration::from_millis(100);

/// Looks through each institution's records once a day, for as long as the server runs.
pub async fn keep_to_it(store: Store, clock: Arc<dyn Clock>) {
    let mut ticks = interval(LOOKED_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        if let Err(error) = look_through(&store, clock.as_ref()).await {
            tracing::error!(%error, "what is older than it is kept is not deleted yet; the next look goes on");
        }
    }
}

async fn look_through(store: &Store, clock: &dyn Clock) -> Result<(), StoreError> {
    let mut is_any = false;
    for RetentionRun { institution, time_zone, last } in store.retention_runs().await? {
        let now = clock.now();
        let Some(last) = last else {
            store.of(institution).await_retention(now.plus(FIRST_AFTER)).await?;
            continue;
        };
        if !is_due(last, now, hour_at(&time_zone, now)) {
            continue;
        }
        is_any = true;
        match store.of(institution).apply_retention(now, PAUSE).await {
            Ok(gone) if gone.is_empty() => {}
            Ok(gone) => tracing::info!(%institution, rows = %words(&gone), "what is older than it is kept was deleted"),
            // The others' turn comes all the same.
            Err(error) => tracing::error!(%institution, %error, "what is older than it is kept is not all deleted"),
        }
        sleep(PAUSE).await;
    }
    if is_any {
        store.delete_spent_sessions(clock.now(), PAUSE).await?;
    }
    Ok(())
}

/// The hour of the day by an institution's clock; by UTC where its zone is none.
fn hour_at(time_zone: &str, now: Timestamp) -> i8 {
    let zone = jiff::tz::TimeZone::get(time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    jiff::Timestamp::from_second(now.seconds()).unwrap_or_default().to_zoned(zone).hour()
}

/// `qism retention run`: deletes now, or says what would go.
///
/// # Errors
/// Where the store can't be read or written, as while a server runs on it.
pub async fn run(config: &Config, now: Timestamp, dry: bool) -> anyhow::Result<()> {
    let url = config.store_url();
    let store = if dry { Store::open_beside(&url).await? } else { Store::open(&url).await? };
    let mut all = Gone::new();
    for RetentionRun { institution, .. } in store.retention_runs().await? {
        let of = store.of(institution);
        let gone = if dry {
            match of.retention().await? {
                Some(said) => of.retention_due(&said, now).await?,
                None => Gone::new(),
            }
        } else {
            of.apply_retention(now, Duration::ZERO).await?
        };
        if !gone.is_empty() {
            say(&format!("institution {institution}: {}", if dry { due_words(&gone) } else { words(&gone) }));
        }
        for (kind, count) in gone {
            let sum = all.entry(kind).or_insert(0);
            *sum = sum.saturating_add(count);
        }
    }
    if !dry {
        store.delete_spent_sessions(now, Duration::ZERO).await?;
    }
    say(&match (all.is_empty(), dry) {
        (true, _) => "nothing is older than it is kept".into(),
        (false, true) => format!("would be deleted in all: {}", due_words(&all)),
        (false, false) => format!("rows deleted in all: {}", words(&all)),
    });
    store.close().await;
    Ok(())
}

fn words(gone: &Gone) -> String {
    let each: Vec<String> = gone.iter().map(|(kind, count)| format!("{} {count}", kind.word())).collect();
    each.join(", ")
}

/// As [`words`], where lessons are counted and not their rows.
fn due_words(due: &Gone) -> String {
    let of_lessons = |kind: Kind| matches!(kind, Kind::Room | Kind::Attendance | Kind::Quality);
    let each: Vec<String> = due
        .iter()
        .map(|(kind, count)| format!("{} {count} {}", kind.word(), if of_lessons(*kind) { "lessons" } else { "rows" }))
        .collect();
    each.join(", ")
}
