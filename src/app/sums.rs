//! The sums behind reports: kept while the server runs, and `qism reports rebuild`.

use super::say;
use crate::config::Config;
use crate::store::{Rebuilt, Store};
use crate::time::Clock;
use anyhow::Context;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval, sleep};

/// How often it is looked for lessons that are over and were never given; most are counted when they are settled.
const EVERY: Duration = Duration::from_secs(20);

/// How many lessons are counted at once: others who write wait for no longer than that takes.
const AT_ONCE: u32 = 50;

/// How long others have the store to themselves between two such batches, where there are many: a store that an older
/// version filled.
const PAUSE: Duration = Duration::from_millis(50);

/// Keeps the sums of lessons that are over by themselves, until the process ends.
pub fn keep(store: Store, clock: Arc<dyn Clock>) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut beat = interval(EVERY);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            loop {
                match store.count_due(clock.now(), AT_ONCE).await {
                    Ok(counted) if counted < AT_ONCE => break,
                    Ok(_) => sleep(PAUSE).await,
                    Err(error) => {
                        tracing::error!(%error, "lessons that are over are not counted for reports");
                        break;
                    }
                }
            }
        }
    })
}

/// Makes all sums anew.
///
/// # Errors
/// Where the store can't be read or written, or a server has it.
pub async fn rebuild(config: &Config) -> anyhow::Result<()> {
    let store = Store::open(&config.store_url()).await?;
    let clock = super::clock::SystemClock;
    let rebuilt = store.rebuild_sums(clock.now()).await.context("the sums can't be made anew")?;
    store.close().await;
    let Rebuilt { lessons, lessons_differed, sums, sums_differed } = rebuilt;
    say(&format!(
        "{lessons} lessons and {sums} sums were worked out anew: {lessons_differed} lessons and {sums_differed} sums \
         differed, and are right now"
    ));
    Ok(())
}
