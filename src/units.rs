//! Quantities with their units.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A rate of data in bits per second.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Bitrate(#[cfg_attr(test, ts(type = "number"))] pub u64);

impl Bitrate {
    /// A rate of `kbps` thousand bits per second.
    #[must_use]
    pub const fn from_kbps(kbps: u64) -> Self {
        Self(kbps.saturating_mul(1_000))
    }

    /// The rate at which `bytes` pass in `over`; zero where `over` is zero.
    #[must_use]
    pub fn of(bytes: u64, over: Duration) -> Self {
        let micros = over.as_micros();
        if micros == 0 {
            return Self(0);
        }
        Self(u64::try_from(u128::from(bytes) * 8 * 1_000_000 / micros).unwrap_or(u64::MAX))
    }

    /// Bits per second.
    #[must_use]
    pub const fn bps(self) -> u64 {
        self.0
    }
}

/// The share of a whole that a part is, in percent, 0 to 100; `None` where there is no whole.
#[must_use]
pub fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part.min(whole) as f64 * 100.0 / whole as f64)
}
