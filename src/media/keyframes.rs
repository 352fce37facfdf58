use super::clock::RoomTime;
use std::time::Duration;

/// The least time between two requests to one encoding, however many receivers ask.
const REPEAT_AFTER: Duration = Duration::from_millis(500);

/// After how many unanswered requests the encoding is asked more rarely.
const EAGER_TRIES: u32 = 10;

/// How often an encoder that does not answer is asked.
const RARE_AFTER: Duration = Duration::from_secs(3);

/// The one keyframe request to an encoding on behalf of all its receivers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyframeRequest {
    wanted: bool,
    sent: Option<RoomTime>,
    tries: u32,
}

impl KeyframeRequest {
    /// Asks for a keyframe; asking again before it came changes nothing.
    pub(super) fn ask(&mut self) {
        self.wanted = true;
    }

    /// A keyframe begins to arrive.
    pub(super) fn answered(&mut self) {
        self.wanted = false;
        self.tries = 0;
    }

    /// Nobody waits any more.
    pub(super) fn withdraw(&mut self) {
        self.wanted = false;
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted
    }

    /// When the next request is to be sent, if one is wanted.
    pub(super) fn due(&self) -> Option<RoomTime> {
        let pause = if self.tries < EAGER_TRIES { REPEAT_AFTER } else { RARE_AFTER };
        self.wanted.then(|| self.sent.map_or(RoomTime::default(), |sent| sent.plus(pause)))
    }

    pub(super) fn note_sent(&mut self, now: RoomTime) {
        self.sent = Some(now);
        self.tries = self.tries.saturating_add(1);
    }
}
