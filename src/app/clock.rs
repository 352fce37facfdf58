use crate::time::{Clock, Timestamp};
use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the monotonic clock is counted from: the first time that anybody asked.
static ORIGIN: OnceLock<Instant> = OnceLock::new();

/// The machine's clocks. While the machine sleeps, the monotonic one stands still.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads wall-clock time; all others are told")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Timestamp(0).plus(since_epoch)
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads it for the rooms; they are told")]
    fn running(&self) -> Duration {
        ORIGIN.get_or_init(Instant::now).elapsed()
    }
}
