use super::clock::RoomTime;
use super::packet::MediaPacket;
use super::positions::Place;
use crate::rtp::DEPENDENCY_DESCRIPTOR_BYTES_MAX;
use crate::rtp::codec::PictureIds;
use std::time::Duration;

/// How many packets of one encoding are kept for retransmission: two seconds of 3 Mbit/s. A newer packet takes the place
/// of the oldest.
pub(super) const CACHE_PACKETS: usize = 512;

/// The same of sound, which is only kept until it has been sent to everybody.
pub(super) const SOUND_PACKETS: usize = 64;

/// Up to how many bytes a packet is padded to have the size of its neighbours. Browsers split a frame into packets that
/// differ by one byte; a dependency descriptor may add a few.
const PADDING_MAX: usize = 4;

/// The largest payload that is kept, in bytes. With [`CACHE_PACKETS`] it bounds the cache of one encoding to 0.8 MB;
/// a larger payload does not pass an ordinary path anyway and is not repaired.
const CACHED_BYTES_MAX: usize = 1_500;

/// How long a packet is worth sending again.
const CACHE_DURATION: Duration = Duration::from_millis(2_000);

/// The latest packets of one encoding, shared by all its receivers.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// Ring by the place; made with the first packet, and keeps its allocations.
    packets: Vec<Option<Cached>>,
    newest: Option<Place>,
}

#[derive(Debug)]
struct Cached {
    place: Place,
    at: RoomTime,
    timestamp: u32,
    marker: bool,
    payload_index: u8,
    ids: PictureIds,
    audio_level: Option<u8>,
    video_orientation: Option<u8>,
    padding: u8,
    /// The dependency descriptor, if any, then the payload.
    bytes: Vec<u8>,
    descriptor_length: usize,
}

impl Cache {
    /// Keeps a packet among the last `size` (of which the first call decides); `false` where it is too large to be kept.
    pub(super) fn store(&mut self, now: RoomTime, packet: &MediaPacket<'_>, size: usize) -> bool {
        self.newest = self.newest.max(Some(packet.place));
        let descriptor = packet.dependency_descriptor.unwrap_or_default();
        if packet.payload.len() > CACHED_BYTES_MAX || descriptor.len() > DEPENDENCY_DESCRIPTOR_BYTES_MAX {
            return false;
        }
        if self.packets.is_empty() {
            self.packets.resize_with(size, || None);
        }
        let Some(entry) = self.entry(packet.place).and_then(|at| self.packets.get_mut(at)) else { return false };
        if entry.as_ref().is_some_and(|cached| cached.place > packet.place) {
            return false;
        }
        let mut bytes = entry.take().map(|cached| cached.bytes).unwrap_or_default();
        bytes.clear();
        bytes.extend_from_slice(descriptor);
        bytes.extend_from_slice(packet.payload);
        *entry = Some(Cached {
            place: packet.place,
            at: now,
            timestamp: packet.timestamp,
            marker: packet.marker,
            payload_index: packet.payload_index,
            ids: packet.ids,
            audio_level: packet.audio_level,
            video_orientation: packet.video_orientation,
            padding: 0,
            bytes,
            descriptor_length: descriptor.len(),
        });
        true
    }

    /// Pads packets that are to be sent together to one size where they nearly have it, so that they make one run. Done
    /// once and before the first is sent: what is sent again must be the same bytes.
    pub(super) fn level(&mut self, first: Place, last: Place) {
        let size = |cached: &Cached| cached.bytes.len();
        let places = || (first.0..=last.0).map(Place);
        let Some(largest) = places().filter_map(|place| self.at(place)).map(size).max() else { return };
        for place in places().filter(|place| *place != last) {
            let Some(cached) = self.entry(place).and_then(|at| self.packets.get_mut(at)?.as_mut()) else { continue };
            let short = largest.saturating_sub(cached.bytes.len());
            if cached.place == place && short <= PADDING_MAX {
                cached.padding = short as u8;
            }
        }
    }

    fn entry(&self, place: Place) -> Option<usize> {
        usize::try_from(place.0.checked_rem(self.packets.len() as u64)?).ok()
    }

    fn at(&self, place: Place) -> Option<&Cached> {
        self.packets.get(self.entry(place)?)?.as_ref().filter(|cached| cached.place == place)
    }

    pub(super) fn find(&self, now: RoomTime, place: Place) -> Option<MediaPacket<'_>> {
        let cached = self.at(place).filter(|cached| now.since(cached.at) <= CACHE_DURATION)?;
        let (descriptor, payload) = cached.bytes.split_at_checked(cached.descriptor_length)?;
        Some(MediaPacket {
            place,
            timestamp: cached.timestamp,
            marker: cached.marker,
            payload_index: cached.payload_index,
            ids: cached.ids,
            audio_level: cached.audio_level,
            video_orientation: cached.video_orientation,
            dependency_descriptor: Some(descriptor).filter(|bytes| !bytes.is_empty()),
            payload,
            padding: cached.padding,
        })
    }

    /// Whether no packet from the first to the last is missing.
    pub(super) fn is_whole(&self, now: RoomTime, first: Place, last: Place) -> bool {
        (first.0..=last.0).all(|place| self.find(now, Place(place)).is_some())
    }

    /// When a packet that [`Cache::find`] finds came, and was forwarded.
    pub(super) fn stored_at(&self, place: Place) -> Option<RoomTime> {
        self.at(place).map(|cached| cached.at)
    }

    pub(super) fn newest(&self) -> Option<Place> {
        self.newest
    }
}
