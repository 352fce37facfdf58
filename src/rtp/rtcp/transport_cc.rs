//! Transport-wide congestion control feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).

use super::super::bytes::{Reader, Writer};
use super::super::{Seq, Ssrc};
use super::RtcpWriter;
use std::time::Duration;

/// The most packets that one feedback message may speak of. Above it a message is refused: a few bytes could ask for
/// 65,535 steps of work.
pub const FEEDBACK_STATUSES_MAX: u16 = 4_096;

/// One unit of a receive delta, in microseconds.
const DELTA_MICROS: i64 = 250;

/// One unit of the reference time, in microseconds.
const REFERENCE_MICROS: i64 = 64_000;

/// Which packets of a receiver arrived, and when by its clock.
#[derive(Clone, Copy, Debug)]
pub struct TransportFeedback<'a> {
    pub base: Seq,
    pub statuses: u16,
    /// In units of 64 ms, 24 bits signed; the receiver's clock.
    reference: i32,
    chunks: &'a [u8],
    deltas: &'a [u8],
}

impl<'a> TransportFeedback<'a> {
    pub(super) fn read(mut reader: Reader<'a>) -> Option<Self> {
        let base = Seq(reader.u16()?);
        let statuses = reader.u16()?;
        let reference = (reader.u24()? << 8).cast_signed() >> 8;
        let _count = reader.u8()?;
        if statuses > FEEDBACK_STATUSES_MAX {
            return None;
        }
        let mut rest = reader;
        let mut told = 0;
        while told < statuses {
            told += Chunk(rest.u16()?).length().max(1);
        }
        let chunks = reader.take(reader.0.len() - rest.0.len())?;
        Some(Self { base, statuses, reference, chunks, deltas: rest.0 })
    }

    /// Every packet spoken of, in rising order, with the time of its arrival where it did arrive. Ends early where
    /// the deltas end.
    pub fn arrivals(self) -> impl Iterator<Item = (Seq, Option<Arrival>)> + 'a {
        let mut chunks = Reader(self.chunks);
        let mut deltas = Reader(self.deltas);
        let mut chunk = Chunk(0);
        let mut place = 0;
        let mut length = 0;
        let mut micros = i64::from(self.reference) * REFERENCE_MICROS;
        (0..self.statuses).map_while(move |offset| {
            if place == length {
                chunk = Chunk(chunks.u16()?);
                place = 0;
                length = chunk.length().max(1);
            }
            let symbol = chunk.symbol(place);
            place += 1;
            let delta = match symbol {
                1 => i64::from(deltas.u8()?),
                2 => i64::from(deltas.u16()?.cast_signed()),
                _ => return Some((self.base.plus(offset), None)),
            };
            micros += delta * DELTA_MICROS;
            Some((self.base.plus(offset), Some(Arrival { micros })))
        })
    }
}

/// When a packet arrived, in microseconds of the receiver's clock (which wraps after 12 days).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrival {
    pub micros: i64,
}

/// A packet status chunk: a run of one symbol, or a vector of 14 one-bit or 7 two-bit symbols.
#[derive(Clone, Copy)]
struct Chunk(u16);

impl Chunk {
    fn length(self) -> u16 {
        match self.0 >> 14 {
            0b10 => 14,
            0b11 => 7,
            _ => self.0 & 0x1fff,
        }
    }

    /// 0: did not arrive; 1: small delta; 2: large delta.
    fn symbol(self, place: u16) -> u16 {
        match self.0 >> 14 {
            0b10 => (self.0 >> 13u16.saturating_sub(place)) & 1,
            0b11 => (self.0 >> 12u16.saturating_sub(place.saturating_mul(2))) & 3,
            _ => (self.0 >> 13) & 3,
        }
    }
}

/// Writes one feedback message on packets from `base` on: `arrivals` gives, for each number in turn, when it arrived
/// (microseconds of a clock of our own), or `None`. Stops where a packet does not fit or lies too far in time from the
/// one before (a delta has 16 bits, 8.19 s). Gives how many numbers the message speaks of; 0 if nothing was written.
pub fn write_transport_feedback(
    compound: &mut RtcpWriter<'_>,
    sender: Ssrc,
    media: Ssrc,
    base: Seq,
    count: u8,
    arrivals: impl IntoIterator<Item = Option<u64>>,
) -> u16 {
    // Header, SSRCs, fixed fields and padding take 24 bytes; what is left holds chunks and deltas.
    const BODY_BYTES_MAX: usize = 1_100;
    let room = compound.room().saturating_sub(24).min(BODY_BYTES_MAX);
    let mut deltas = [0; BODY_BYTES_MAX];
    let mut deltas = Writer::new(&mut deltas);
    let mut symbols = [0u8; FEEDBACK_STATUSES_MAX as usize];
    let mut told = 0;
    let mut clock: Option<(i64, i64)> = None;
    for (arrival, place) in arrivals.into_iter().zip(symbols.iter_mut()) {
        // Seven symbols cost two bytes at worst.
        if deltas.at() + 2 + (told / 7 + 1) * 2 > room {
            break;
        }
        if let Some(micros) = arrival {
            let micros = micros as i64;
            let (reference, last) = clock.unwrap_or_else(|| {
                let reference = micros.div_euclid(REFERENCE_MICROS);
                (reference, reference * REFERENCE_MICROS)
            });
            let delta = (micros - last).div_euclid(DELTA_MICROS);
            let Ok(delta) = i16::try_from(delta) else { break };
            match u8::try_from(delta) {
                Ok(small) => deltas.put(&[small]),
                Err(_) => deltas.put(&delta.to_be_bytes()),
            }
            *place = if (0..=255).contains(&delta) { 1 } else { 2 };
            // The receiver of this adds up whole units, so the remainder is carried on.
            clock = Some((reference, last + i64::from(delta) * DELTA_MICROS));
        }
        told += 1;
    }
    let (Some((reference, _)), Some(symbols)) = (clock, symbols.get(..told)) else { return 0 };
    let mut body = [0; BODY_BYTES_MAX + 24];
    let mut body = Writer::new(&mut body);
    body.put(&base.0.to_be_bytes());
    body.put(&(told as u16).to_be_bytes());
    body.put(&(((reference as u32) << 8) | u32::from(count)).to_be_bytes());
    put_chunks(&mut body, symbols);
    body.put(deltas.written());
    if body.fits() && compound.transport_feedback(sender, media, body.written()) { told as u16 } else { 0 }
}

fn put_chunks(body: &mut Writer<'_>, mut symbols: &[u8]) {
    while let Some(&first) = symbols.first() {
        let run = symbols.iter().take(0x1fff).take_while(|symbol| **symbol == first).count();
        let (chunk, taken) = if run >= 7 {
            ((u16::from(first) << 13) | run as u16, run)
        } else {
            let taken = symbols.len().min(7);
            let places = symbols.iter().take(taken).enumerate();
            let vector = places.fold(0xc000, |chunk, (place, symbol)| chunk | (u16::from(*symbol) << (12 - 2 * place)));
            (vector, taken)
        };
        body.put(&chunk.to_be_bytes());
        symbols = symbols.get(taken..).unwrap_or_default();
    }
}

/// The distance between two receive times.
impl Arrival {
    /// How long after `earlier` this is; zero where it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.micros.saturating_sub(earlier.micros)).unwrap_or(0))
    }
}
