//! The clock of all rooms.

use crate::classroom::LessonTime;
use crate::time::{Clock, Timestamp};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The wall clock while no room is open, and a clock that nobody can set while one is
/// ([decision](../../docs/decisions/0012-time-in-rooms-is-monotonic.md)).
pub(super) struct LessonClock {
    wall: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    /// How many rooms are open.
    open: usize,
    time: LessonTime,
    /// The earliest time at which a room opened in this run of the server.
    started: Option<Timestamp>,
}

/// Keeps the time going while it is held: an open room.
pub(super) struct Held(Arc<LessonClock>);

impl LessonClock {
    pub fn new(wall: Arc<dyn Clock>) -> Arc<Self> {
        let time = LessonTime::starting(wall.now(), wall.running());
        Arc::new(Self { wall, state: Mutex::new(State { open: 0, time, started: None }) })
    }

    /// A room opens. Where it is the first, time starts at the wall clock's, but not before `not_before`.
    pub fn hold(self: &Arc<Self>, not_before: Option<Timestamp>) -> Held {
        let mut state = self.state();
        if state.open == 0 {
            let wall = self.wall.now();
            let start = not_before.map_or(wall, |at| at.max(wall));
            state.time = LessonTime::starting(start, self.wall.running());
            state.started = Some(state.started.map_or(start, |earlier| earlier.min(start)));
        }
        state.open += 1;
        drop(state);
        Held(Arc::clone(self))
    }

    /// While a room is open: before which time nothing happened in a room in this run of the server.
    pub fn started(&self) -> Option<Timestamp> {
        let state = self.state();
        state.started.filter(|_| state.open > 0)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic can't have left it half changed: nothing in there calls out.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for LessonClock {
    fn now(&self) -> Timestamp {
        let (wall, running) = (self.wall.now(), self.wall.running());
        let mut state = self.state();
        if state.open == 0 { wall } else { state.time.now(wall, running) }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.open = state.open.saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    /// A wall clock and a monotonic one, in the test's hand.
    #[derive(Default)]
    struct Hands {
        wall: AtomicI64,
        running: AtomicI64,
    }

    impl Clock for Hands {
        fn now(&self) -> Timestamp {
            Timestamp(self.wall.load(Ordering::Relaxed))
        }

        fn running(&self) -> Duration {
            Duration::from_micros(self.running.load(Ordering::Relaxed).unsigned_abs())
        }
    }

    impl Hands {
        fn pass(&self, seconds: i64) {
            self.set(seconds);
            self.running.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
        }

        fn set(&self, seconds: i64) {
            self.wall.fetch_add(seconds * 1_000_000, Ordering::Relaxed);
        }
    }

    #[test]
    fn a_clock_that_is_set_is_followed_once_no_room_is_open() {
        let hands = Arc::new(Hands::default());
        hands.pass(1_000);
        let clock = LessonClock::new(Arc::clone(&hands) as Arc<dyn Clock>);
        hands.set(60);
        assert_eq!(clock.now().seconds(), 1_060, "nobody is there");
        let (first, second) = (clock.hold(None), clock.hold(None));
        assert_eq!(clock.started(), Some(hands.now()));
        hands.set(3_600);
        hands.pass(10);
        assert_eq!(clock.now().seconds(), 1_070);
        drop(first);
        hands.set(-7_200);
        hands.pass(10);
        assert_eq!(clock.now().seconds(), 1_080);
        drop(second);
        assert_eq!(clock.started(), None);
        assert_eq!(clock.now(), hands.now());
        let _third = clock.hold(None);
        hands.pass(5);
        assert_eq!(clock.now(), hands.now());
    }

    #[test]
    fn time_goes_on_from_the_last_sign_of_life_where_the_clock_was_set_back() {
        let hands = Arc::new(Hands::default());
        hands.pass(1_000);
        let clock = LessonClock::new(Arc::clone(&hands) as Arc<dyn Clock>);
        let _room = clock.hold(Some(Timestamp(5_000_000_000)));
        hands.pass(10);
        let now = clock.now();
        assert!((now.micros() - 5_010_000_000).abs() <= 2_000, "{now:?}");
    }
}
