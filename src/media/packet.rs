use super::positions::Place;
use crate::rtp::codec::PictureIds;

/// A packet as it is forwarded: what all receivers share of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct MediaPacket<'a> {
    pub(super) place: Place,
    pub(super) timestamp: u32,
    pub(super) marker: bool,
    /// Which of its m-line's payload types it has, as an index.
    pub(super) payload_index: u8,
    pub(super) ids: PictureIds,
    pub(super) audio_level: Option<u8>,
    pub(super) video_orientation: Option<u8>,
    pub(super) dependency_descriptor: Option<&'a [u8]>,
    /// Empty for padding that came too late to be left out.
    pub(super) payload: &'a [u8],
    /// How many bytes of padding follow the payload, so that a frame's packets have one size.
    pub(super) padding: u8,
}

impl MediaPacket<'_> {
    /// The frame number in the dependency descriptor: the second and third byte of its mandatory fields.
    pub(super) fn frame_number(&self) -> Option<u16> {
        let bytes = self.dependency_descriptor?.get(1..3)?;
        bytes.first_chunk().map(|bytes| u16::from_be_bytes(*bytes))
    }
}
