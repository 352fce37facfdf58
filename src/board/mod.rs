//! The committees' live board: what rooms tell of their lessons, beside what was planned, as readers of a branch of the
//! country are shown it.
//!
//! Owns how a lesson stands, which alarms hold, and what each reader has seen. Refuses to know how rooms count
//! (`rooms` tells a [`Standing`]), and who may read what: a reader comes with its branch.
//!
//! One entry per lesson, each change of it with a number of its own. A reader remembers the number up to which it has
//! seen everything, and takes what is newer when it is ready: there is no queue for it, so a slow one gets less often
//! the same figures, and one who was away for too long the whole board.

mod alarms;
mod entry;
mod reader;
mod rules;
mod state;
mod task;
#[cfg(test)]
mod tests;

pub use reader::{Reader, View};

use crate::ids::{InstitutionId, LessonId};
use crate::protocol::Phase;
use crate::store::{Alarm, Store};
use crate::time::Clock;
use state::State;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};

/// How many alarms wait to be written; what does not fit is tried again with the next beat.
const ALARM_QUEUE: usize = 512;

/// How a lesson's room stands, as the room counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub phase: Phase,
    pub is_trainer_there: bool,
    /// Trainees who are there, those with a hidden page among them; a person with two devices once.
    pub present: u32,
    /// Of these, those whose page is hidden.
    pub away: u32,
    /// Trainees whose connection is lost, and who did not come back.
    pub dropped: u32,
    /// Trainees who have been there at all.
    pub came: u32,
    /// Of those who are there, those whose network carries voice and slides only.
    pub weak: u32,
    /// 0 to 100; absent where nobody measured it.
    pub speech: Option<u8>,
    pub picture: Option<u8>,
    /// How much of what the trainer sends is lost on its way to the server, in percent.
    pub trainer_loses: Option<u8>,
    pub observers: u32,
}

impl Standing {
    /// A lesson in whose room nobody is.
    #[must_use]
    pub fn empty(phase: Phase) -> Self {
        Self {
            phase,
            is_trainer_there: false,
            present: 0,
            away: 0,
            dropped: 0,
            came: 0,
            weak: 0,
            speech: None,
            picture: None,
            trainer_loses: None,
            observers: 0,
        }
    }
}

/// How the board is set up.
#[derive(Clone, Debug, Default)]
pub struct BoardOptions {
    /// The rooms are invented, and readers are told so.
    pub simulated: bool,
    /// Whether alarms go out by mail: what is not sent is not queued either.
    pub mail: bool,
    /// Where people reach the server, for links in mail; without a slash at the end.
    pub base_url: String,
}

/// The board; cheap to clone.
#[derive(Clone)]
pub struct Board {
    shared: Arc<Shared>,
}

struct Shared {
    store: Store,
    clock: Arc<dyn Clock>,
    options: BoardOptions,
    /// Never held across an await.
    state: Mutex<State>,
    /// Says to readers that a beat has passed; nothing once the server stops.
    beats: watch::Sender<Option<u64>>,
    alarms: mpsc::Sender<alarms::Act>,
}

impl Board {
    /// Makes a board and starts its tasks, which end with the last handle on it; call it inside a tokio runtime.
    #[must_use]
    pub fn start(store: Store, clock: Arc<dyn Clock>, options: BoardOptions) -> Self {
        let (alarms, acts) = mpsc::channel(ALARM_QUEUE);
        let started_at = clock.now();
        let shared = Arc::new(Shared {
            store,
            clock,
            options,
            state: Mutex::new(State::new(started_at)),
            beats: watch::Sender::new(Some(0)),
            alarms,
        });
        tokio::spawn(task::run(Arc::downgrade(&shared)));
        tokio::spawn(alarms::run(Arc::downgrade(&shared), acts));
        Self { shared }
    }

    /// Takes in how a lesson's room stands now. To be told where it changed, at most once a second.
    pub fn tell(&self, institution: InstitutionId, lesson: LessonId, standing: Standing) {
        self.shared.state().tell(institution, lesson, standing);
    }

    /// Takes in what a person did with an alarm: took charge of it, or commented.
    pub fn alarm_changed(&self, alarm: Alarm) {
        self.shared.state().alarm_changed(alarm);
    }

    /// A reader who sees what `view` says.
    #[must_use]
    pub fn reader(&self, view: View) -> Reader {
        Reader::new(Arc::clone(&self.shared), view)
    }

    /// Graceful stop: readers are told that the server stops.
    pub fn stop(&self) {
        self.shared.beats.send_replace(None);
    }

    /// Does what a beat does, at once: reads what is planned, looks at the rules, wakes the readers. For tests and for
    /// who can't wait.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub async fn refresh(&self) -> Result<(), crate::store::StoreError> {
        task::read_plans(&self.shared).await?;
        task::beat(&self.shared);
        Ok(())
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        // What a panic left is figures that the next word of each room puts right.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
