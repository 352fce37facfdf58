//! Speech-like sound as Opus: encoded once by a real encoder, then repeated.

use super::frame::STAMP_BYTES;
use anyhow::{Context, Result};
use std::f32::consts::TAU;

/// Samples per second, and of one packet of 20 ms.
const SAMPLE_RATE: u32 = 48_000;
pub const PACKET_SAMPLES: u32 = SAMPLE_RATE / 50;

/// How long the sound goes on before it repeats: four seconds.
const PACKETS: usize = 200;

/// With the stamp about what a browser sends.
const BITRATE_BPS: i32 = 24_000;

/// The longest Opus frame, in bytes (RFC 6716 §3.4).
const FRAME_BYTES_MAX: usize = 1_275;

/// Syllables per second, and how many of them are spoken between two pauses.
const SYLLABLES_HZ: f32 = 4.0;
const PHRASE_SECONDS: f32 = 1.6;
const PAUSE_SECONDS: f32 = 0.4;

/// One packet of sound.
#[derive(Clone, Debug)]
pub struct Packet {
    /// An Opus packet whose last [`STAMP_BYTES`] are padding.
    pub payload: Vec<u8>,
    /// The byte of RFC 6464.
    pub level: u8,
}

/// A voice that repeats; the default is mute.
#[derive(Clone, Debug, Default)]
pub struct Voice {
    packets: Vec<Packet>,
}

impl Voice {
    /// Encodes a voice of this pitch, in hertz.
    ///
    /// # Errors
    /// Where Opus fails.
    pub fn new(pitch_hz: f32) -> Result<Self> {
        let mut encoder = opus::Encoder::new(SAMPLE_RATE, opus::Channels::Mono, opus::Application::Voip)?;
        encoder.set_bitrate(opus::Bitrate::Bits(BITRATE_BPS))?;
        encoder.set_inband_fec(true)?;
        let mut packets = Vec::with_capacity(PACKETS);
        for number in 0..PACKETS {
            let first = number as u32 * PACKET_SAMPLES;
            let samples: Vec<f32> = (first..first + PACKET_SAMPLES).map(|at| sample(pitch_hz, at)).collect();
            let frame = encoder.encode_vec_float(&samples, FRAME_BYTES_MAX)?;
            packets.push(Packet { payload: padded(&frame)?, level: level(&samples) });
        }
        Ok(Self { packets })
    }

    /// The packet at a place of the sound, which has no end.
    #[must_use]
    pub fn packet(&self, place: usize) -> Option<&Packet> {
        self.packets.get(place % self.packets.len().max(1))
    }
}

/// Harmonics that fall off like a voice's, swelling with each syllable, silent between two phrases.
fn sample(pitch_hz: f32, at: u32) -> f32 {
    let second = at as f32 / SAMPLE_RATE as f32;
    if second % (PHRASE_SECONDS + PAUSE_SECONDS) >= PHRASE_SECONDS {
        return 0.0;
    }
    let swell = (TAU * SYLLABLES_HZ * second).sin().mul_add(0.5, 0.5);
    let pitch = pitch_hz * (TAU * 0.7 * second).sin().mul_add(0.01, 1.0);
    let harmonics = (1..=20).map(|number| {
        let frequency = pitch * number as f32;
        // Two formants, at 600 and 1,500 Hz.
        let formant = |centre: f32| 1.0 / (1.0 + ((frequency - centre) / 200.0).powi(2));
        (formant(600.0) + 0.5 * formant(1_500.0) + 0.05) * (TAU * frequency * second).sin()
    });
    0.2 * swell * harmonics.sum::<f32>()
}

/// An Opus packet of one frame as one with padding (RFC 6716 §3.2.5, code 3), whose content a decoder passes over.
fn padded(frame: &[u8]) -> Result<Vec<u8>> {
    let (toc, data) = frame.split_first().context("an empty Opus packet")?;
    anyhow::ensure!(toc & 0x03 == 0, "20 ms of sound are one frame");
    let mut packet = vec![toc | 0x03, 0x41, STAMP_BYTES as u8];
    packet.extend_from_slice(data);
    packet.resize(packet.len() + STAMP_BYTES, 0);
    Ok(packet)
}

/// RFC 6464: −dBov in seven bits, and whether it is speech.
fn level(samples: &[f32]) -> u8 {
    let energy: f32 = samples.iter().map(|sample| sample * sample).sum::<f32>() / samples.len().max(1) as f32;
    let below_full_db = (-10.0 * energy.max(1e-13).log10()).round().clamp(0.0, 127.0) as u8;
    let speaks = below_full_db < 60;
    (u8::from(speaks) << 7) | below_full_db
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::frame::{sent_at_us, stamp};

    #[test]
    fn a_voice_is_opus_with_or_without_a_stamp() {
        let voice = Voice::new(140.0).expect("a voice");
        let mut decoder = opus::Decoder::new(SAMPLE_RATE, opus::Channels::Mono).expect("a decoder");
        let mut heard = 0.0;
        for place in 0..PACKETS {
            let mut payload = voice.packet(place).expect("a packet").payload.clone();
            stamp(&mut payload, 77);
            assert_eq!(sent_at_us(&payload), Some(77));
            let mut samples = vec![0.0; PACKET_SAMPLES as usize * 6];
            let decoded = decoder.decode_float(&payload, &mut samples, false).expect("Opus");
            assert_eq!(decoded, PACKET_SAMPLES as usize);
            heard += samples.iter().map(|sample| sample * sample).sum::<f32>();
        }
        assert!(heard > 100.0, "{heard}");
        let levels: Vec<u8> = (0..PACKETS).filter_map(|place| Some(voice.packet(place)?.level)).collect();
        let spoken = levels.iter().filter(|level| **level & 0x80 != 0).count();
        assert!((PACKETS / 2..PACKETS).contains(&spoken), "speech and pauses: {spoken}");
    }
}
