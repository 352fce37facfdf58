use super::clock::RoomTime;
use crate::units::Bitrate;
use std::time::Duration;

/// Over how long a rate is measured.
const WINDOW: Duration = Duration::from_millis(500);

/// The rate at which something passes, over windows of half a second.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RateMeter {
    window: RoomTime,
    bytes: u64,
    rate: Bitrate,
}

impl RateMeter {
    pub(super) fn count(&mut self, now: RoomTime, bytes: usize) {
        let elapsed = now.since(self.window);
        if elapsed >= WINDOW {
            let measured = Bitrate::of(self.bytes, elapsed.min(2 * WINDOW));
            // A quarter of the window before smooths over keyframes.
            self.rate = if self.rate == Bitrate(0) || elapsed >= 2 * WINDOW {
                measured
            } else {
                Bitrate((measured.bps() * 3 + self.rate.bps()) / 4)
            };
            self.window = now;
            self.bytes = 0;
        }
        self.bytes += bytes as u64;
    }

    /// Zero once nothing has passed for more than two windows.
    pub(super) fn rate(&self, now: RoomTime) -> Bitrate {
        if now.since(self.window) > 3 * WINDOW { Bitrate(0) } else { self.rate }
    }

    /// The last rate that was measured, even if nothing passes any more.
    pub(super) fn last_rate(&self) -> Bitrate {
        self.rate
    }
}
