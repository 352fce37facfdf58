//! VP8: RFC 7741 §4.2 and RFC 6386 §9.1.

use super::super::bytes::Reader;
use super::{PayloadFacts, PictureIds, Tl0, read_picture_id};

pub(super) fn read(payload: &[u8]) -> Option<PayloadFacts> {
    let mut reader = Reader(payload);
    let first = reader.u8()?;
    let mut ids = PictureIds::default();
    if first & 0x80 != 0 {
        let flags = reader.u8()?;
        let mut at = 2;
        if flags & 0x80 != 0 {
            let (id, length) = read_picture_id(&mut reader, at)?;
            ids.picture_id = Some(id);
            at += length;
        }
        if flags & 0x40 != 0 {
            ids.tl0 = Some(Tl0 { at, value: reader.u8()? });
        }
        if flags & 0x30 != 0 {
            reader.u8()?;
        }
    }
    // The first packet of the first partition carries the frame tag, whose lowest bit is 0 in a keyframe.
    let starts_frame = first & 0x10 != 0 && first & 0x07 == 0;
    let keyframe_start = starts_frame && reader.0.first()? & 1 == 0;
    let height = if keyframe_start { height(reader) } else { None };
    Some(PayloadFacts { keyframe_start, bare_idr: false, height, ids })
}

fn height(mut frame: Reader<'_>) -> Option<u16> {
    let _tag = frame.take(3)?;
    if frame.take(3)? != [0x9d, 0x01, 0x2a] {
        return None;
    }
    let _width = frame.take(2)?;
    Some(frame.u16()?.swap_bytes() & 0x3fff)
}
