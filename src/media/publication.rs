use super::cache::Cache;
use super::loudness::Loudness;
use super::{PeerIndex, SlotIndex};
use crate::ids::PublicationId;
use crate::protocol::Source;
use crate::rtp::PayloadMap;

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
