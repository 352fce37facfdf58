use crate::shard::{Figures, ShardCounters};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What each shard said last.
#[derive(Debug, Default)]
pub(super) struct Shards {
    latest: Mutex<BTreeMap<u32, Latest>>,
}

#[derive(Clone, Copy, Debug)]
struct Latest {
    counters: ShardCounters,
    peers: u64,
    publications: u64,
    tcp_bytes_waiting: u64,
}

impl Shards {
    pub fn take(&self, figures: &Figures) {
        let latest = Latest {
            counters: figures.counters,
            peers: figures.peers.len() as u64,
            publications: figures.publications.iter().filter(|measure| !measure.mirrored).count() as u64,
            tcp_bytes_waiting: figures.tcp_bytes_waiting,
        };
        self.lock().insert(figures.shard, latest);
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u32, Latest>> {
        // Plain values: whatever a panic interrupted, the next figures put right.
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Collector for Shards {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), std::fmt::Error> {
        let latest = self.lock().clone();
        for (name, help, value) in GAUGES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Gauge)?;
            for (shard, latest) in &latest {
                ConstGauge::new(value(latest)).encode(family.encode_family(&[("shard", shard.to_string())])?)?;
            }
        }
        let help = "CPU time of the thread, user and system together";
        let mut family = encoder.encode_descriptor("media_cpu_seconds", help, None, MetricType::Counter)?;
        for (shard, latest) in &latest {
            let seconds = latest.counters.cpu_microseconds as f64 / 1_000_000.0;
            ConstCounter::new(seconds).encode(family.encode_family(&[("shard", shard.to_string())])?)?;
        }
        for (index, (name, help)) in COUNTERS.iter().enumerate() {
            let name = format!("media_{name}");
            let mut family = encoder.encode_descriptor(&name, help, None, MetricType::Counter)?;
            for (shard, latest) in &latest {
                let value = values(&latest.counters).get(index).copied().unwrap_or_default();
                ConstCounter::new(value).encode(family.encode_family(&[("shard", shard.to_string())])?)?;
            }
        }
        Ok(())
    }
}

type Gauge = (&'static str, &'static str, fn(&Latest) -> u64);

/// Name, description and value of what rises and falls.
const GAUGES: [Gauge; 3] = [
    ("media_peers", "Media connections", |latest| latest.peers),
    ("media_publications", "Publications that are being forwarded", |latest| latest.publications),
    ("media_tcp_bytes_waiting", "Bytes that wait for slow receivers over TCP", |latest| latest.tcp_bytes_waiting),
];

macro_rules! counters {
    ($($field:ident: $help:literal,)+) => {
        /// Name and description of every field of [`ShardCounters`].
        const COUNTERS: &[(&str, &str)] = &[$((stringify!($field), $help)),+];

        /// The fields' values, in the order of [`COUNTERS`]. A field that is missing above does not compile here.
        fn values(counters: &ShardCounters) -> [u64; COUNTERS.len()] {
            // CPU time has another unit, and is a metric of its own.
            let ShardCounters { $($field,)+ cpu_microseconds: _ } = *counters;
            [$($field),+]
        }
    };
}

counters! {
    datagrams_received: "Datagrams received",
    bytes_received: "Bytes received in datagrams",
    runs_sent: "Runs of datagrams that left as one buffer each, single datagrams among them",
    datagrams_sent: "Datagrams sent",
    bytes_sent: "Bytes sent in datagrams",
    rtp_received: "RTP packets received and authenticated, or handed over by another shard",
    rtp_forwarded: "RTP packets sent to receivers",
    rtcp_received: "RTCP packets received and authenticated, or handed over by another shard",
    handshakes_gcm: "Handshakes that ended with AEAD_AES_128_GCM",
    handshakes_cm: "Handshakes that ended with AES_CM_128_HMAC_SHA1_80",
    handshakes_failed: "Handshakes that failed",
    keyframe_requests_received: "Keyframe requests from receivers",
    keyframe_requests_sent: "Keyframe requests to publishers, or to the shards that have them",
    keyframes_from_cache: "First pictures sent from the cache, without a keyframe of their own",
    nacks_received: "Packets that receivers asked for again",
    packets_retransmitted: "Packets sent again",
    relay_sent: "Packets handed to other shards of the same rooms",
    relay_received: "Packets handed over by other shards of the same rooms",
    dropped_unknown_address: "Datagrams from an address that passed no authenticated check",
    dropped_not_media: "Datagrams that are neither STUN, DTLS, RTP nor RTCP",
    dropped_bad_stun: "STUN that does not parse, names no peer or has no integrity",
    dropped_bad_dtls: "DTLS that does not parse or came out of place",
    dropped_bad_auth: "SRTP or SRTCP whose authentication failed",
    dropped_replayed: "SRTP or SRTCP seen before",
    dropped_malformed: "RTP or RTCP that is malformed inside a good seal",
    dropped_not_published: "RTP of a source that nobody may hear or see",
    dropped_unknown_source: "RTP of no m-line, or of a source beyond the number that a peer may have",
    dropped_late: "RTP that came twice, or too late to be of use",
    dropped_send_queue: "Packets that did not fit the send queue",
    dropped_relay: "Packets that did not fit the way to another shard",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insight::{Format, Insight};

    #[test]
    fn every_counter_of_a_shard_is_a_metric_that_moves() {
        let insight = Insight::default();
        let mut expected = Vec::new();
        macro_rules! fill {
            ($($field:ident),+ $(,)?) => {{
                let mut next = 100;
                ShardCounters {
                    $($field: { next += 1; expected.push((stringify!($field), next)); next },)+
                    cpu_microseconds: 2_500_000,
                }
            }};
        }
        let counters = fill!(
            datagrams_received,
            bytes_received,
            runs_sent,
            datagrams_sent,
            bytes_sent,
            rtp_received,
            rtp_forwarded,
            rtcp_received,
            handshakes_gcm,
            handshakes_cm,
            handshakes_failed,
            keyframe_requests_received,
            keyframe_requests_sent,
            keyframes_from_cache,
            nacks_received,
            packets_retransmitted,
            relay_sent,
            relay_received,
            dropped_unknown_address,
            dropped_not_media,
            dropped_bad_stun,
            dropped_bad_dtls,
            dropped_bad_auth,
            dropped_replayed,
            dropped_malformed,
            dropped_not_published,
            dropped_unknown_source,
            dropped_late,
            dropped_send_queue,
            dropped_relay,
        );
        insight.shard(&Figures { shard: 1, counters, tcp_bytes_waiting: 77, ..Figures::default() });
        let text = insight.render(Format::OpenMetrics);
        for (name, value) in expected {
            let line = format!("qism_media_{name}_total{{shard=\"1\"}} {value}");
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
        assert!(text.contains("qism_media_cpu_seconds_total{shard=\"1\"} 2.5\n"), "{text}");
        assert!(text.contains("qism_media_peers{shard=\"1\"} 0"), "{text}");
        assert!(text.contains("qism_media_publications{shard=\"1\"} 0"), "{text}");
        assert!(text.contains("qism_media_tcp_bytes_waiting{shard=\"1\"} 77"), "{text}");
    }

    #[test]
    fn shards_stand_side_by_side() {
        let insight = Insight::default();
        for shard in [0, 1] {
            let counters = ShardCounters { rtp_received: 10 + u64::from(shard), ..ShardCounters::default() };
            insight.shard(&Figures { shard, counters, ..Figures::default() });
        }
        let text = insight.render(Format::OpenMetrics);
        assert!(text.contains("qism_media_rtp_received_total{shard=\"0\"} 10\n"), "{text}");
        assert!(text.contains("qism_media_rtp_received_total{shard=\"1\"} 11\n"), "{text}");
    }
}
