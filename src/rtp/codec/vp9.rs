//! VP9: RFC 9628 §4.2.

use super::super::bytes::Reader;
use super::{PayloadFacts, PictureIds, Tl0, read_picture_id};

const PICTURE_ID: u8 = 0x80;
const INTER_PREDICTED: u8 = 0x40;
const LAYER_INDICES: u8 = 0x20;
const FLEXIBLE: u8 = 0x10;
const START: u8 = 0x08;
const SCALABILITY: u8 = 0x02;

pub(super) fn read(payload: &[u8]) -> Option<PayloadFacts> {
    let mut reader = Reader(payload);
    let flags = reader.u8()?;
    let mut ids = PictureIds::default();
    let mut at = 1;
    if flags & PICTURE_ID != 0 {
        let (id, length) = read_picture_id(&mut reader, at)?;
        ids.picture_id = Some(id);
        at += length;
    }
    let mut spatial_layer = 0;
    if flags & LAYER_INDICES != 0 {
        spatial_layer = (reader.u8()? >> 1) & 0x07;
        at += 1;
        if flags & FLEXIBLE == 0 {
            ids.tl0 = Some(Tl0 { at, value: reader.u8()? });
        }
    }
    if flags & FLEXIBLE != 0 && flags & INTER_PREDICTED != 0 {
        // At most three reference indices; the lowest bit says that another follows.
        for _ in 0..3 {
            if reader.u8()? & 1 == 0 {
                break;
            }
        }
    }
    let height = if flags & SCALABILITY != 0 { height(&mut reader) } else { None };
    let keyframe_start = flags & INTER_PREDICTED == 0 && flags & START != 0 && spatial_layer == 0;
    Some(PayloadFacts { keyframe_start, bare_idr: false, height, ids })
}

/// The tallest spatial layer of a scalability structure.
fn height(reader: &mut Reader<'_>) -> Option<u16> {
    let head = reader.u8()?;
    if head & 0x10 == 0 {
        return None;
    }
    let mut tallest = None;
    for _ in 0..=(head >> 5) {
        let _width = reader.u16()?;
        tallest = tallest.max(Some(reader.u16()?));
    }
    tallest
}
