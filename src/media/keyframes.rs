use super::clock::RoomTime;
use std::time::Duration;

/// The least time between two requests to one encoding, however many receivers ask.
const REPEAT_AFTER: Duration = Duration::from_millis(500);

/// The least time between two requests on behalf of receivers that see a picture and are to get another encoding of it:
/// a keyframe costs every receiver of the encoding as much as it brings one, so those who change wait for each other.
const GATHER_FOR: Duration = Duration::from_secs(2);

/// After how many unanswered requests the encoding is asked more rarely.
const EAGER_TRIES: u32 = 10;

/// How often an encoder that does not answer is asked.
const RARE_AFTER: Duration = Duration::from_secs(3);

/// How long a keyframe can be waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Whoever waits sees a picture meanwhile.
    Change,
    /// Somebody sees nothing, or something broken.
    Picture,
}

/// The one keyframe request to an encoding on behalf of all its receivers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct KeyframeRequest {
    wanted: Option<Urgency>,
    sent: Option<RoomTime>,
    tries: u32,
}

impl KeyframeRequest {
    /// Asks for a keyframe; asking again before it came changes nothing.
    pub(super) fn ask(&mut self, urgency: Urgency) {
        self.wanted = self.wanted.max(Some(urgency));
    }

    /// A keyframe begins to arrive.
    pub(super) fn answered(&mut self) {
        self.wanted = None;
        self.tries = 0;
    }

    /// Nobody waits any more.
    pub(super) fn withdraw(&mut self) {
        self.wanted = None;
    }

    pub(super) fn is_wanted(&self) -> bool {
        self.wanted.is_some()
    }

    /// When the next request is to be sent, if one is wanted.
    pub(super) fn due(&self) -> Option<RoomTime> {
        let pause = match self.wanted? {
            _ if self.tries >= EAGER_TRIES => RARE_AFTER,
            Urgency::Picture => REPEAT_AFTER,
            Urgency::Change => GATHER_FOR,
        };
        Some(self.sent.map_or(RoomTime::default(), |sent| sent.plus(pause)))
    }

    pub(super) fn note_sent(&mut self, now: RoomTime) {
        self.sent = Some(now);
        self.tries = self.tries.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(ms: u64) -> RoomTime {
        RoomTime::default().plus(Duration::from_millis(ms))
    }

    #[test]
    fn who_sees_nothing_waits_less_than_who_changes() {
        let mut request = KeyframeRequest::default();
        request.ask(Urgency::Change);
        assert_eq!(request.due(), Some(RoomTime::default()), "the first is asked for at once");
        request.note_sent(at(10_000));
        request.answered();
        request.ask(Urgency::Change);
        assert_eq!(request.due(), Some(at(12_000)));
        request.ask(Urgency::Picture);
        assert_eq!(request.due(), Some(at(10_500)));
        request.ask(Urgency::Change);
        assert_eq!(request.due(), Some(at(10_500)), "whoever asks later does not make it less urgent");
    }
}
