//! A stretch of time between two instants.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// From an instant up to, and without, a later one: two spans that only touch do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first instant in it.
    pub starts_at: Timestamp,
    /// The first instant after it. Where this is not after `starts_at`, the span is empty and overlaps nothing.
    pub ends_at: Timestamp,
}

impl Span {
    /// The span that begins at `starts_at` and lasts `length` of elapsed time.
    #[must_use]
    pub fn lasting(starts_at: Timestamp, length: Duration) -> Self {
        Self { starts_at, ends_at: starts_at.plus(length) }
    }

    /// Whether it holds no instant.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.ends_at <= self.starts_at
    }

    /// How long it lasts; zero where it is empty.
    #[must_use]
    pub fn length(self) -> Duration {
        self.ends_at.since(self.starts_at)
    }

    /// Whether some instant is in both.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        !self.is_empty() && !other.is_empty() && self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, to: i64) -> Span {
        Span { starts_at: Timestamp(from), ends_at: Timestamp(to) }
    }

    #[test]
    fn spans_that_touch_do_not_overlap() {
        assert!(!span(0, 10).overlaps(span(10, 20)));
        assert!(!span(10, 20).overlaps(span(0, 10)));
        assert!(span(0, 11).overlaps(span(10, 20)));
        assert!(span(0, 30).overlaps(span(10, 20)));
    }

    #[test]
    fn an_empty_span_overlaps_nothing() {
        assert!(!span(15, 15).overlaps(span(10, 20)));
        assert!(!span(10, 20).overlaps(span(15, 15)));
        assert!(!span(18, 12).overlaps(span(10, 20)));
        assert_eq!(span(18, 12).length(), Duration::ZERO);
    }
}
