//! AV1: the RTP payload format of the Alliance for Open Media §4.4, and its dependency descriptor (appendix A).

use super::super::bytes::Reader;
use super::{PayloadFacts, PictureIds};

const SEQUENCE_HEADER: u8 = 1;

pub(super) fn read(payload: &[u8]) -> Option<PayloadFacts> {
    let mut reader = Reader(payload);
    let aggregation = reader.u8()?;
    let continues = aggregation & 0x80 != 0;
    let new_sequence = aggregation & 0x08 != 0;
    let elements = (aggregation >> 4) & 0x03;
    // With one element there is no length before it.
    if elements != 1 {
        skip_leb128(&mut reader)?;
    }
    let starts_with_header = (reader.0.first()? >> 3) & 0x0f == SEQUENCE_HEADER;
    let keyframe_start = !continues && (new_sequence || starts_with_header);
    Some(PayloadFacts { keyframe_start, bare_idr: false, height: None, ids: PictureIds::default() })
}

fn skip_leb128(reader: &mut Reader<'_>) -> Option<()> {
    for _ in 0..8 {
        if reader.u8()? & 0x80 == 0 {
            return Some(());
        }
    }
    None
}

/// Whether a dependency descriptor is that of a first packet of a keyframe that opens a sequence: it starts a frame
/// and brings the template structure.
#[must_use]
pub fn starts_sequence(descriptor: &[u8]) -> bool {
    match descriptor {
        [mandatory, _, _, extended, ..] => mandatory & 0x80 != 0 && extended & 0x80 != 0,
        _ => false,
    }
}
