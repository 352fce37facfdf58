//! H.264: RFC 6184 §5, and the sequence parameter set of ITU-T H.264 §7.3.2.1.1.

use super::super::bytes::Reader;
use super::{PayloadFacts, PictureIds};

const IDR: u8 = 5;
const PARAMETER_SET: u8 = 7;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// The longest parameter set that is read for the height, in bytes; they are about 30.
const PARAMETER_SET_BYTES_MAX: usize = 128;

pub(super) fn read(payload: &[u8]) -> Option<PayloadFacts> {
    let mut facts = PayloadFacts { ids: PictureIds::default(), ..PayloadFacts::default() };
    let mut reader = Reader(payload);
    match reader.u8()? & 0x1f {
        STAP_A => {
            while let Some(length) = reader.u16() {
                let Some(unit) = reader.take(usize::from(length)) else { break };
                take_unit(&mut facts, unit);
            }
        }
        FU_A => {
            let head = reader.u8()?;
            let starts = head & 0x80 != 0;
            facts.keyframe_start = starts && head & 0x1f == PARAMETER_SET;
            facts.bare_idr = starts && head & 0x1f == IDR;
        }
        _ => take_unit(&mut facts, payload),
    }
    Some(facts)
}

fn take_unit(facts: &mut PayloadFacts, unit: &[u8]) {
    match unit.split_first() {
        Some((head, body)) if head & 0x1f == PARAMETER_SET => {
            facts.keyframe_start = true;
            facts.bare_idr = false;
            facts.height = height(body);
        }
        Some((head, _)) if head & 0x1f == IDR && !facts.keyframe_start => facts.bare_idr = true,
        _ => {}
    }
}

/// The height that a sequence parameter set tells, cropping taken off.
fn height(body: &[u8]) -> Option<u16> {
    let mut bits = Bits::new(body);
    let profile = bits.read(8)?;
    bits.read(16)?;
    bits.golomb()?;
    let mut chroma_format = 1;
    if matches!(profile, 100 | 110 | 122 | 244 | 44 | 83 | 86 | 118 | 128 | 138 | 139 | 134 | 135) {
        chroma_format = bits.golomb()?;
        if chroma_format == 3 {
            bits.read(1)?;
        }
        bits.golomb()?;
        bits.golomb()?;
        bits.read(1)?;
        if bits.read(1)? == 1 {
            // Scaling matrices do not occur in real-time streams; without them the fields below are found.
            return None;
        }
    }
    bits.golomb()?;
    match bits.golomb()? {
        0 => drop(bits.golomb()?),
        1 => {
            bits.read(1)?;
            bits.golomb()?;
            bits.golomb()?;
            for _ in 0..bits.golomb()?.min(255) {
                bits.golomb()?;
            }
        }
        _ => {}
    }
    bits.golomb()?;
    bits.read(1)?;
    let _width_in_blocks = bits.golomb()?;
    let height_in_units = bits.golomb()?.checked_add(1)?;
    let frame_only = bits.read(1)?;
    if frame_only == 0 {
        bits.read(1)?;
    }
    bits.read(1)?;
    let fields = 2 - frame_only;
    let mut cropped = 0;
    if bits.read(1)? == 1 {
        bits.golomb()?;
        bits.golomb()?;
        let unit = if chroma_format == 1 { 2 } else { 1 } * fields;
        cropped = bits.golomb()?.checked_add(bits.golomb()?)?.checked_mul(unit)?;
    }
    let full = height_in_units.checked_mul(16)?.checked_mul(fields)?;
    u16::try_from(full.checked_sub(cropped)?).ok()
}

/// Bits of a NAL unit, its emulation prevention bytes taken out.
struct Bits {
    bytes: [u8; PARAMETER_SET_BYTES_MAX],
    length: usize,
    at: usize,
}

impl Bits {
    fn new(body: &[u8]) -> Self {
        let mut bits = Self { bytes: [0; PARAMETER_SET_BYTES_MAX], length: 0, at: 0 };
        let mut zeros = 0;
        for &byte in body {
            if zeros >= 2 && byte == 3 {
                zeros = 0;
                continue;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            let Some(place) = bits.bytes.get_mut(bits.length) else { break };
            *place = byte;
            bits.length += 1;
        }
        bits
    }

    fn read(&mut self, count: u32) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(..self.length)?.get(self.at / 8)?;
            value = (value << 1) | u32::from((byte >> (7 - self.at % 8)) & 1);
            self.at += 1;
        }
        Some(value)
    }

    /// An unsigned Exp-Golomb number of at most 31 bits.
    fn golomb(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while self.read(1)? == 0 {
            zeros += 1;
            if zeros > 30 {
                return None;
            }
        }
        Some((1 << zeros) - 1 + self.read(zeros)?)
    }
}
