//! What the server tells people and programs outside: queued mail, and deliveries to webhooks.
//!
//! What is to be told is written to the store together with what it is about; here it is sent, and tried again where
//! that fails. Owns when the next attempt is due; refuses to decide what is said, and to whom.

mod alarms;
mod announcements;
mod mail;
mod reports;
mod webhooks;

pub use alarms::{AlarmFacts, alarm_mail};
pub use announcements::queue_due as queue_announcements;
pub use mail::{MailOptions, Mailer, MailerFault, Security};
pub use reports::{next_report_mail, queue_due as queue_reports};

use crate::store::{Attempt, Store};
use crate::time::{Clock, Timestamp};
use crate::web::Web;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior};

/// How often the queues are looked at.
const INTERVAL: Duration = Duration::from_secs(5);

/// How many are sent in one go; the rest are next.
const BATCH: u32 = 100;

/// How long after each failed attempt the next one is due: about a day and a half in all.
const WAITS: [Duration; 8] = [
    Duration::from_secs(60),
    Duration::from_secs(5 * 60),
    Duration::from_secs(15 * 60),
    Duration::from_secs(3_600),
    Duration::from_secs(3 * 3_600),
    Duration::from_secs(6 * 3_600),
    Duration::from_secs(12 * 3_600),
    Duration::from_secs(12 * 3_600),
];

/// How much of what a server said is kept, in Unicode scalar values.
const ERROR_CHARS_MAX: usize = 300;

/// Sends what is queued until it is dropped.
pub struct Notifier {
    /// One for mail and one for webhooks: a server that does not answer holds up its own kind only.
    tasks: [JoinHandle<()>; 2],
}

impl Notifier {
    /// Starts sending; call it inside a tokio runtime. `base_url` is where people reach the server: mails link to it.
    #[must_use]
    pub fn start(store: Store, clock: Arc<dyn Clock>, mailer: Option<Mailer>, web: Web, base_url: String) -> Self {
        let mails = tokio::spawn(send_mails(store.clone(), Arc::clone(&clock), mailer, base_url));
        let deliveries = tokio::spawn(send_deliveries(store, clock, web));
        Self { tasks: [mails, deliveries] }
    }
}

impl Drop for Notifier {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

async fn send_mails(store: Store, clock: Arc<dyn Clock>, mailer: Option<Mailer>, base_url: String) {
    let Some(mailer) = mailer else { return };
    let mut ticks = ticks();
    loop {
        ticks.tick().await;
        if let Err(error) = announcements::queue_due(&store, clock.as_ref()).await {
            tracing::error!(%error, "mail of announcements can't be queued");
        }
        if let Err(error) = reports::queue_due(&store, clock.as_ref(), &base_url).await {
            tracing::error!(%error, "reports can't be queued as mail");
        }
        if let Err(error) = mail::send_due(&store, clock.as_ref(), &mailer).await {
            tracing::error!(%error, "the queue of mail can't be read or written");
        }
    }
}

async fn send_deliveries(store: Store, clock: Arc<dyn Clock>, web: Web) {
    let mut ticks = ticks();
    loop {
        ticks.tick().await;
        if let Err(error) = webhooks::send_due(&store, clock.as_ref(), &web).await {
            tracing::error!(%error, "the deliveries to webhooks can't be read or written");
        }
    }
}

fn ticks() -> Interval {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// What follows from an attempt that failed for now, the `attempts`th before it not counted.
fn try_again(attempts: u32, now: Timestamp, error: &str) -> Attempt {
    let error = shortened(error);
    match usize::try_from(attempts).ok().and_then(|attempts| WAITS.get(attempts)) {
        Some(wait) => Attempt::Again { due_at: now.plus(*wait), error },
        None => Attempt::Failed { at: now, error },
    }
}

fn shortened(error: &str) -> String {
    error.chars().take(ERROR_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_more_and_more_rarely_and_end() {
        let now = Timestamp(1_795_597_200_000_000);
        let mut last = Duration::ZERO;
        for attempts in 0..8 {
            let Attempt::Again { due_at, .. } = try_again(attempts, now, "x") else { panic!("given up too early") };
            assert!(due_at.since(now) >= last);
            last = due_at.since(now);
        }
        assert_eq!(try_again(8, now, &"x".repeat(1_000)), Attempt::Failed { at: now, error: "x".repeat(300) });
    }
}
