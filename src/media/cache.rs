use super::clock::RoomTime;
use super::packet::MediaPacket;
use super::positions::Place;
use crate::rtp::DEPENDENCY_DESCRIPTOR_BYTES_MAX;
use crate::rtp::codec::PictureIds;
use std::time::Duration;

/// How many packets of one encoding are kept for retransmission: two seconds of 3 Mbit/s. A newer packet takes the place
/// of the oldest.
pub(super) const CACHE_PACKETS: usize = 512;

/// The largest payload that is kept, in bytes. With [`CACHE_PACKETS`] it bounds the cache of one encoding to 0.8 MB;
/// a larger payload does not pass an ordinary path anyway and is not repaired.
const CACHED_BYTES_MAX: usize = 1_500;

/// How long a packet is worth sending again.
const CACHE_DURATION: Duration = Duration::from_millis(2_000);

/// The latest packets of one encoding, shared by all its receivers.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// Ring by the low bits of the place; grows to [`CACHE_PACKETS`] with use, and keeps its allocations.
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
    video_orientation: Option<u8>,
    /// The dependency descriptor, if any, then the payload.
    bytes: Vec<u8>,
    descriptor_length: usize,
}

impl Cache {
    pub(super) fn store(&mut self, now: RoomTime, packet: &MediaPacket<'_>) {
        self.newest = self.newest.max(Some(packet.place));
        let descriptor = packet.dependency_descriptor.unwrap_or_default();
        if packet.payload.len() > CACHED_BYTES_MAX || descriptor.len() > DEPENDENCY_DESCRIPTOR_BYTES_MAX {
            return;
        }
        if self.packets.is_empty() {
            self.packets.resize_with(CACHE_PACKETS, || None);
        }
        let Some(entry) = self.packets.get_mut((packet.place.0 as usize) % CACHE_PACKETS) else { return };
        if entry.as_ref().is_some_and(|cached| cached.place > packet.place) {
            return;
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
            video_orientation: packet.video_orientation,
            bytes,
            descriptor_length: descriptor.len(),
        });
    }

    pub(super) fn find(&self, now: RoomTime, place: Place) -> Option<MediaPacket<'_>> {
        let cached = self.packets.get((place.0 as usize) % CACHE_PACKETS)?.as_ref()?;
        if cached.place != place || now.since(cached.at) > CACHE_DURATION {
            return None;
        }
        let (descriptor, payload) = cached.bytes.split_at_checked(cached.descriptor_length)?;
        Some(MediaPacket {
            place,
            timestamp: cached.timestamp,
            marker: cached.marker,
            payload_index: cached.payload_index,
            ids: cached.ids,
            audio_level: None,
            video_orientation: cached.video_orientation,
            dependency_descriptor: Some(descriptor).filter(|bytes| !bytes.is_empty()),
            payload,
        })
    }

    /// When a packet that [`Cache::find`] finds came, and was forwarded.
    pub(super) fn stored_at(&self, place: Place) -> Option<RoomTime> {
        let cached = self.packets.get((place.0 as usize) % CACHE_PACKETS)?.as_ref()?;
        (cached.place == place).then_some(cached.at)
    }

    pub(super) fn newest(&self) -> Option<Place> {
        self.newest
    }
}
