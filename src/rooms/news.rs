//! What everybody hears a moment later: in a large room somebody comes or goes all the time, and each of these events
//! told on its own would be a wake-up and a write for every connection.
//!
//! Owns which events may wait, and for how long. Refuses to change their order: an event that must not wait takes
//! those before it along.

use super::connection::OUTBOX_MAX;
use crate::ids::EventSeq;
use crate::protocol::RoomEvent;
use bytes::Bytes;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The shortest time between two tellings of what may wait. What comes after a longer pause is told at once.
pub(super) const PACE: Duration = Duration::from_millis(100);

/// How many events wait at most; one more and all are told at once.
const NEWS_MAX: usize = 256;

// Who comes back reads the events that waited as single messages.
const _: () = assert!(NEWS_MAX < OUTBOX_MAX);

/// Messages that several connections share, from one of them on.
#[derive(Clone, Default)]
pub(super) struct Told {
    messages: Arc<[Bytes]>,
    next: usize,
}

impl Iterator for Told {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        let message = self.messages.get(self.next).cloned()?;
        self.next += 1;
        Some(message)
    }
}

/// What is still to be told.
#[derive(Default)]
pub(super) struct News {
    events: Vec<(EventSeq, Bytes)>,
    /// The newest list of who speaks; an older one is not worth telling.
    speaking: Option<Bytes>,
    told_at: Option<Instant>,
}

/// One telling: what each connection hears of it depends on what it has heard.
pub(super) struct Telling {
    seqs: Vec<EventSeq>,
    messages: Arc<[Bytes]>,
}

impl News {
    pub fn add(&mut self, seq: EventSeq, text: Bytes) {
        self.events.push((seq, text));
    }

    pub fn set_speaking(&mut self, text: Bytes) {
        self.speaking = Some(text);
    }

    /// When what waits is to be told; nothing where nothing waits.
    pub fn due(&self, now: Instant) -> Option<Instant> {
        if self.events.is_empty() && self.speaking.is_none() {
            return None;
        }
        let paced = self.told_at.map_or(now, |at| at + PACE);
        Some(if self.events.len() < NEWS_MAX { paced } else { now })
    }

    /// Takes all that waits.
    pub fn take(&mut self, now: Instant) -> Telling {
        self.told_at = Some(now);
        let (seqs, mut messages): (Vec<EventSeq>, Vec<Bytes>) = std::mem::take(&mut self.events).into_iter().unzip();
        messages.extend(self.speaking.take());
        Telling { seqs, messages: messages.into() }
    }

    /// The events that wait, for one connection alone.
    pub fn after(&self, heard: EventSeq) -> impl Iterator<Item = &Bytes> {
        self.events.iter().filter(move |(seq, _)| *seq > heard).map(|(_, text)| text)
    }
}

impl Telling {
    /// What is new to a connection that has heard all events up to one; nothing where nothing is.
    pub fn after(&self, heard: EventSeq) -> Option<Told> {
        let next = self.seqs.partition_point(|seq| *seq <= heard);
        (next < self.messages.len()).then(|| Told { messages: Arc::clone(&self.messages), next })
    }

    pub fn newest(&self) -> Option<EventSeq> {
        self.seqs.last().copied()
    }
}

/// Whether nobody waits for this event on the spot: who is there is a list, and it may be a moment old.
pub(super) fn may_wait(event: &RoomEvent) -> bool {
    use RoomEvent as E;
    let comes_or_goes =
        matches!(event, E::Joined { .. } | E::ConnectionLost { .. } | E::Returned { .. } | E::Left { .. });
    comes_or_goes || matches!(event, E::PageHidden { .. } | E::PageShown { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &'static str) -> Bytes {
        Bytes::from_static(words.as_bytes())
    }

    fn heard(telling: &Telling, seq: u64) -> Vec<Bytes> {
        telling.after(EventSeq(seq)).into_iter().flatten().collect()
    }

    #[test]
    fn the_first_is_told_at_once_and_what_follows_at_a_pace() {
        let start = Instant::now();
        let mut news = News::default();
        assert_eq!(news.due(start), None);
        news.add(EventSeq(1), text("1"));
        assert_eq!(news.due(start), Some(start));
        let _ = news.take(start);
        assert_eq!(news.due(start), None);
        let soon = start + PACE / 4;
        news.add(EventSeq(2), text("2"));
        news.set_speaking(text("old"));
        assert_eq!(news.due(soon), Some(start + PACE));
        news.add(EventSeq(3), text("3"));
        news.set_speaking(text("new"));
        assert_eq!(heard(&news.take(start + PACE), 1), [text("2"), text("3"), text("new")]);
        let later = start + 3 * PACE;
        news.set_speaking(text("late"));
        assert!(news.due(later).is_some_and(|due| due <= later));
    }

    #[test]
    fn nobody_hears_what_they_have_heard_and_nobody_misses_anything() {
        let mut news = News::default();
        for (seq, words) in [(7, "7"), (8, "8"), (9, "9")] {
            news.add(EventSeq(seq), text(words));
        }
        assert_eq!(news.after(EventSeq(8)).collect::<Vec<_>>(), [&text("9")]);
        let telling = news.take(Instant::now());
        assert_eq!(telling.newest(), Some(EventSeq(9)));
        assert_eq!(heard(&telling, 6), [text("7"), text("8"), text("9")]);
        assert_eq!(heard(&telling, 8), [text("9")]);
        assert!(telling.after(EventSeq(9)).is_none(), "no wake-up for nothing");
    }

    #[test]
    fn a_flood_does_not_wait_for_its_pace() {
        let start = Instant::now();
        let mut news = News::default();
        let _ = news.take(start);
        for seq in 0..NEWS_MAX as u64 {
            assert!(news.due(start).is_none_or(|due| due > start));
            news.add(EventSeq(seq), text("x"));
        }
        assert_eq!(news.due(start), Some(start));
    }
}
