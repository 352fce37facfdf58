//! How a class comes in: many at a time, or at a steady rate.

use super::person::{Part, Participant};
use super::stage::Stage;
use crate::report::JoinQuantiles;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

/// How many join at the same time where no rate is set.
const JOINING_MAX: usize = 16;

/// Who comes in.
#[derive(Clone, Debug)]
pub struct Entrant {
    /// The invitation's link.
    pub link: String,
    pub name: String,
    pub part: Part,
}

/// How long joining took.
#[derive(Clone, Debug, Default)]
pub struct Joins {
    pub asked: usize,
    pub joined_in: Vec<Duration>,
    pub first_packet_in: Vec<Duration>,
}

impl Joins {
    #[must_use]
    pub fn join_ms(&self) -> JoinQuantiles {
        quantiles(&self.joined_in)
    }

    #[must_use]
    pub fn first_packet_ms(&self) -> JoinQuantiles {
        quantiles(&self.first_packet_in)
    }
}

fn quantiles(values: &[Duration]) -> JoinQuantiles {
    let mut values = values.to_vec();
    values.sort_unstable();
    let Some(last) = values.len().checked_sub(1) else { return JoinQuantiles::default() };
    let at = |share: f64| {
        let place = (last as f64 * share).round() as usize;
        values.get(place).map_or(0.0, |value| value.as_secs_f64() * 1_000.0)
    };
    JoinQuantiles { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/// Lets everybody in; with `over`, evenly spread over that time. Who does not get in, or waits for media in
/// vain, is among the failures.
pub async fn join_all(
    stage: &Stage,
    entrants: Vec<Entrant>,
    over: Option<Duration>,
    media: Media,
) -> (Vec<Participant>, Joins) {
    let asked = entrants.len();
    let start = Instant::now();
    let turns = Semaphore::new(if over.is_some() { asked.max(1) } else { JOINING_MAX });
    let mut joining: FuturesUnordered<_> = (0_u32..)
        .zip(entrants)
        .map(|(number, entrant)| {
            let turns = &turns;
            async move {
                let _turn = turns.acquire().await;
                if let Some(over) = over {
                    sleep_until(start + over * number / asked.max(1) as u32).await;
                }
                let mut participant = Participant::join(stage, &entrant.link, &entrant.name, entrant.part).await?;
                let first = match media {
                    Media::Expected => Some(participant.first_packet().await?),
                    Media::None => None,
                };
                anyhow::Ok((participant, first))
            }
        })
        .collect();
    let mut participants = Vec::with_capacity(asked);
    let mut joins = Joins { asked, ..Joins::default() };
    while let Some(joined) = joining.next().await {
        match joined {
            Ok((participant, first)) => {
                joins.joined_in.push(participant.joined_in);
                joins.first_packet_in.extend(first);
                participants.push(participant);
                stage.progress.show(&format!("joining: {} of {asked}", participants.len()));
            }
            Err(error) => stage.failures.note(format!("somebody did not get in: {error:#}")),
        }
    }
    stage.progress.clear();
    (participants, joins)
}

/// Whether who joins waits for a first packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Expected,
    None,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_time_that_was_measured() {
        let joins = Joins { joined_in: (1..=100).rev().map(Duration::from_millis).collect(), ..Joins::default() };
        let JoinQuantiles { p50, p95, p99 } = joins.join_ms();
        assert_eq!((p50, p95, p99), (51.0, 95.0, 99.0));
        assert_eq!(joins.first_packet_ms().p99, 0.0);
    }
}
