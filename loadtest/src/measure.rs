//! What a receiver counts of one stream, and what many receivers' figures are together.

use std::time::Duration;

/// How many delays one receiver keeps; later ones replace earlier ones in turn.
const DELAYS_MAX: usize = 100_000;

/// The packets of one stream as they arrived.
#[derive(Clone, Debug, Default)]
pub struct StreamMeasure {
    pub packets: u64,
    pub bytes: u64,
    /// Later than a packet that was sent after it.
    pub out_of_order: u64,
    first: Option<u64>,
    highest: u64,
    delays_us: Vec<u32>,
    delays_seen: usize,
}

impl StreamMeasure {
    /// Counts one packet.
    pub fn count(&mut self, sequence_number: u16, payload_bytes: usize, delay: Option<Duration>) {
        let extended = match self.first {
            None => {
                self.first = Some(u64::from(sequence_number));
                self.highest = u64::from(sequence_number);
                self.highest
            }
            Some(_) => extend(sequence_number, self.highest),
        };
        if extended < self.highest {
            self.out_of_order += 1;
        }
        self.highest = self.highest.max(extended);
        self.packets += 1;
        self.bytes += payload_bytes as u64;
        if let Some(delay) = delay {
            let delay_us = u32::try_from(delay.as_micros()).unwrap_or(u32::MAX);
            if self.delays_us.len() < DELAYS_MAX {
                self.delays_us.push(delay_us);
            } else {
                self.delays_us[self.delays_seen % DELAYS_MAX] = delay_us;
            }
            self.delays_seen += 1;
        }
    }

    /// How many packets were sent between the first and the last that arrived.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.first.map_or(0, |first| self.highest - first + 1)
    }

    /// How many of them never arrived.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.expected().saturating_sub(self.packets)
    }

    #[must_use]
    pub fn delays_us(&self) -> &[u32] {
        &self.delays_us
    }
}

/// The sequence number with the cycles that it has gone through, nearest to `highest` (RFC 3550 §A.1).
fn extend(sequence_number: u16, highest: u64) -> u64 {
    let ahead = sequence_number.wrapping_sub(highest as u16);
    if ahead < 0x8000 { highest + u64::from(ahead) } else { highest.saturating_sub(u64::from(ahead.wrapping_neg())) }
}

/// The value below which this share (0 to 1) of all values lies; `None` without values.
#[must_use]
pub fn quantile(values: &mut [u32], share: f64) -> Option<u32> {
    values.sort_unstable();
    let last = values.len().checked_sub(1)?;
    values.get(((last as f64) * share.clamp(0.0, 1.0)).round() as usize).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loss_is_counted_across_the_end_of_the_numbers() {
        let mut measure = StreamMeasure::default();
        for sequence_number in [65_533, 65_534, 1, 0, 2] {
            measure.count(sequence_number, 10, None);
        }
        assert_eq!((measure.expected(), measure.lost(), measure.out_of_order), (6, 1, 1));
    }

    #[test]
    fn a_quantile_is_a_value_that_was_seen() {
        let mut values: Vec<u32> = (1..=100).rev().collect();
        assert_eq!(quantile(&mut values, 0.5), Some(51));
        assert_eq!(quantile(&mut values, 0.95), Some(95));
        assert_eq!(quantile(&mut [], 0.5), None);
    }
}
