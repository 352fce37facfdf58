//! A tone as Opus, and how much of a tone there is in what was decoded.

use anyhow::Result;
use std::f32::consts::TAU;

/// Samples per second.
pub const SAMPLE_RATE: u32 = 48_000;

/// Samples of one packet: 20 ms.
pub const PACKET_SAMPLES: u32 = SAMPLE_RATE / 50;

/// The longest Opus packet at the rates that are used here, in bytes.
const PACKET_BYTES_MAX: usize = 1_275;

/// Encodes one steady tone.
pub struct Tone {
    encoder: opus::Encoder,
    frequency_hz: f32,
    position: u32,
}

impl Tone {
    /// # Errors
    /// Where Opus refuses its settings.
    pub fn new(frequency_hz: f32) -> Result<Self> {
        let encoder = opus::Encoder::new(SAMPLE_RATE, opus::Channels::Mono, opus::Application::Voip)?;
        Ok(Self { encoder, frequency_hz, position: 0 })
    }

    /// The next 20 ms.
    ///
    /// # Errors
    /// Where Opus fails.
    pub fn next_packet(&mut self) -> Result<Vec<u8>> {
        let samples: Vec<f32> = (0..PACKET_SAMPLES)
            .map(|at| {
                // The phase is kept within one second, in which every whole frequency comes full circle.
                let second = (self.position.wrapping_add(at) % SAMPLE_RATE) as f32 / SAMPLE_RATE as f32;
                (TAU * self.frequency_hz * second).sin() * 0.5
            })
            .collect();
        self.position = self.position.wrapping_add(PACKET_SAMPLES) % SAMPLE_RATE;
        Ok(self.encoder.encode_vec_float(&samples, PACKET_BYTES_MAX)?)
    }
}

/// Decodes a stream and says how much of it is one tone.
pub struct Ear {
    decoder: opus::Decoder,
    heard: Vec<f32>,
}

/// How much sound is kept to be looked at: one second.
const HEARD_SAMPLES_MAX: usize = SAMPLE_RATE as usize;

impl Ear {
    /// # Errors
    /// Where Opus refuses its settings.
    pub fn new() -> Result<Self> {
        Ok(Self { decoder: opus::Decoder::new(SAMPLE_RATE, opus::Channels::Mono)?, heard: Vec::new() })
    }

    /// # Errors
    /// Where the packet is not Opus.
    pub fn hear(&mut self, packet: &[u8]) -> Result<()> {
        // The longest Opus packet lasts 120 ms (RFC 6716 §2.1.4).
        let mut samples = vec![0.0; PACKET_SAMPLES as usize * 6];
        let decoded = self.decoder.decode_float(packet, &mut samples, false)?;
        self.heard.extend_from_slice(&samples[..decoded]);
        let excess = self.heard.len().saturating_sub(HEARD_SAMPLES_MAX);
        self.heard.drain(..excess);
        Ok(())
    }

    /// The share, 0 to 1, of the last second's energy that lies at a frequency (one bin of its Fourier transform); 0 in silence, or
    /// before half a second was heard.
    #[must_use]
    pub fn share_of(&self, frequency_hz: f32) -> f32 {
        let energy: f32 = self.heard.iter().map(|sample| sample * sample).sum();
        if self.heard.len() < HEARD_SAMPLES_MAX / 2 || energy < 1.0 {
            return 0.0;
        }
        let step = TAU * frequency_hz / SAMPLE_RATE as f32;
        let (mut real, mut imaginary) = (0.0_f64, 0.0_f64);
        for (at, sample) in self.heard.iter().enumerate() {
            let phase = f64::from(step) * at as f64;
            real += f64::from(*sample) * phase.cos();
            imaginary += f64::from(*sample) * phase.sin();
        }
        let at_frequency = 2.0 * (real * real + imaginary * imaginary) / self.heard.len() as f64;
        (at_frequency / f64::from(energy)) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ear_tells_a_tone_from_another_and_from_silence() {
        let mut tone = Tone::new(440.0).expect("an encoder");
        let mut ear = Ear::new().expect("a decoder");
        assert_eq!(ear.share_of(440.0), 0.0);
        for _ in 0..50 {
            ear.hear(&tone.next_packet().expect("a packet")).expect("an Opus packet");
        }
        assert!(ear.share_of(440.0) > 0.9, "{}", ear.share_of(440.0));
        assert!(ear.share_of(660.0) < 0.05, "{}", ear.share_of(660.0));
    }
}
