use super::cache::Cache;
use super::clock::RoomTime;
use super::loudness::Loudness;
use super::positions::Place;
use super::{PeerIndex, SlotIndex};
use crate::ids::PublicationId;
use crate::protocol::Source;
use crate::rtp::PayloadMap;
use std::time::Duration;

/// How old a keyframe may be for a receiver's first picture. What is older costs more to send than a new one.
const KEYFRAME_FRESH: Duration = Duration::from_millis(1_500);

/// How many packets may have come since; with the cache's bound on a packet, 0.4 MB.
const KEYFRAME_PACKETS_MAX: u64 = 256;

/// What one peer sends from one source, as it is forwarded.
#[derive(Debug)]
pub(super) struct Publication {
    pub(super) id: PublicationId,
    pub(super) owner: PeerIndex,
    pub(super) line: u8,
    pub(super) source: Source,
    pub(super) always_heard: bool,
    pub(super) clock_rate: u32,
    /// The m-line's payloads, for the mapping to a receiver's.
    pub(super) payloads: Vec<PayloadMap>,
    /// One for each encoding of the m-line.
    pub(super) feeds: Vec<Feed>,
    /// The encodings from the smallest to the largest.
    pub(super) order: Vec<u8>,
    /// Every slot that shows it.
    pub(super) slots: Vec<SlotIndex>,
    pub(super) loudness: Loudness,
}

/// Who is sent one encoding.
#[derive(Debug, Default)]
pub(super) struct Feed {
    pub(super) cache: Cache,
    pub(super) listeners: Vec<SlotIndex>,
    /// Will be listeners from the next keyframe on.
    pub(super) waiting: Vec<SlotIndex>,
    /// Where the last keyframe begins, and when it came.
    pub(super) keyframe: Option<(Place, RoomTime)>,
    /// Another shard has somebody who is sent it, or waits for it.
    pub(super) wanted_elsewhere: bool,
}

impl Feed {
    pub(super) fn is_wanted(&self) -> bool {
        self.wanted_elsewhere || self.has_receivers()
    }

    /// Whether anybody in this room is sent it, or waits for it.
    pub(super) fn has_receivers(&self) -> bool {
        !self.listeners.is_empty() || !self.waiting.is_empty()
    }

    /// The last keyframe, where a receiver that was last sent a packet at `last_sent` can begin with it: it is fresh, it is
    /// in the cache with all that came since, others watch (what is lost while nobody does is not repaired), and nothing
    /// that was sent would lie after it.
    pub(super) fn fresh_keyframe(&self, now: RoomTime, last_sent: Option<(RoomTime, u32)>) -> Option<Place> {
        let (place, at) = self.keyframe?;
        let newest = self.cache.newest()?;
        let since = newest.0.checked_sub(place.0)?;
        let watched = !self.listeners.is_empty();
        let fresh = watched && now.since(at) <= KEYFRAME_FRESH && since <= KEYFRAME_PACKETS_MAX;
        let after = last_sent.is_none_or(|(sent, _)| sent < at);
        (fresh && after && self.cache.is_whole(now, place, newest)).then_some(place)
    }
}

impl Publication {
    /// The place of an encoding in the order of size.
    pub(super) fn rank(&self, encoding: u8) -> Option<usize> {
        self.order.iter().position(|ranked| *ranked == encoding)
    }

    pub(super) fn feed_mut(&mut self, encoding: u8) -> Option<&mut Feed> {
        self.feeds.get_mut(usize::from(encoding))
    }
}

/// Takes a slot out of a list, if it is there.
pub(super) fn drop_slot(list: &mut Vec<SlotIndex>, slot: SlotIndex) {
    if let Some(at) = list.iter().position(|other| *other == slot) {
        list.swap_remove(at);
    }
}
