//! What can be read off a payload without decoding it: where frames and keyframes begin, picture ids, heights.

mod av1;
mod h264;
mod vp8;
mod vp9;

use super::Codec;

pub use av1::starts_sequence as dependency_descriptor_starts_sequence;

/// The longest part of a payload that is rewritten per receiver, in bytes: a VP8 payload descriptor up to TL0PICIDX,
/// or a VP9 one.
pub const DESCRIPTOR_BYTES_MAX: usize = 5;

/// What a payload tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadFacts {
    /// The first packet of a frame from which decoding can begin.
    pub keyframe_start: bool,
    /// H.264 only: an IDR picture begins here without parameter sets before it in this packet. It can be begun with
    /// where the parameter sets never travel in band.
    pub bare_idr: bool,
    /// The picture's height in pixels, where a keyframe tells it.
    pub height: Option<u16>,
    pub ids: PictureIds,
}

impl PayloadFacts {
    /// Reads a payload; what does not parse tells nothing. Every packet of sound can be begun with.
    #[must_use]
    pub fn read(codec: Codec, payload: &[u8]) -> Self {
        match codec {
            Codec::Opus | Codec::Red => Self { keyframe_start: true, ..Self::default() },
            Codec::Vp8 => vp8::read(payload).unwrap_or_default(),
            Codec::Vp9 { .. } => vp9::read(payload).unwrap_or_default(),
            Codec::H264 { .. } => h264::read(payload).unwrap_or_default(),
            Codec::Av1 { .. } => av1::read(payload).unwrap_or_default(),
        }
    }
}

/// Where a payload descriptor carries numbers that must run on across a switch (VP8 and VP9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PictureIds {
    pub picture_id: Option<PictureId>,
    pub tl0: Option<Tl0>,
}

/// A picture id in a payload descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureId {
    at: u8,
    pub width: PictureIdWidth,
    pub value: u16,
}

/// How many bits a picture id has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureIdWidth {
    Seven,
    Fifteen,
}

/// An index of the last base layer frame (TL0PICIDX) in a payload descriptor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tl0 {
    at: u8,
    pub value: u8,
}

impl PictureIds {
    /// How many bytes of the payload have to be rewritten for a receiver; at most [`DESCRIPTOR_BYTES_MAX`].
    #[must_use]
    pub fn prefix_length(&self) -> usize {
        let id_end = self.picture_id.map_or(0, |id| match id.width {
            PictureIdWidth::Seven => usize::from(id.at) + 1,
            PictureIdWidth::Fifteen => usize::from(id.at) + 2,
        });
        id_end.max(self.tl0.map_or(0, |tl0| usize::from(tl0.at) + 1))
    }

    /// Puts other numbers into a copy of the descriptor: `picture_id` modulo its width, `tl0` as it is. What is not in
    /// the descriptor stays out.
    pub fn rewrite(&self, prefix: &mut [u8], picture_id: u16, tl0: u8) {
        if let Some(id) = self.picture_id {
            let at = usize::from(id.at);
            match id.width {
                PictureIdWidth::Seven => put(prefix, at, (picture_id & 0x7f) as u8),
                PictureIdWidth::Fifteen => {
                    put(prefix, at, 0x80 | ((picture_id >> 8) & 0x7f) as u8);
                    put(prefix, at + 1, (picture_id & 0xff) as u8);
                }
            }
        }
        if let Some(place) = self.tl0 {
            put(prefix, usize::from(place.at), tl0);
        }
    }
}

fn put(prefix: &mut [u8], at: usize, byte: u8) {
    if let Some(place) = prefix.get_mut(at) {
        *place = byte;
    }
}

/// The picture id at the front of `reader`, `at` bytes into the payload; with how many bytes it takes.
fn read_picture_id(reader: &mut super::bytes::Reader<'_>, at: u8) -> Option<(PictureId, u8)> {
    let first = reader.u8()?;
    if first & 0x80 == 0 {
        return Some((PictureId { at, width: PictureIdWidth::Seven, value: u16::from(first) }, 1));
    }
    let value = (u16::from(first & 0x7f) << 8) | u16::from(reader.u8()?);
    Some((PictureId { at, width: PictureIdWidth::Fifteen, value }, 2))
}

#[cfg(test)]
mod tests;
