//! The picture: figures of one moment, and how fast counters went since the moment before.

use super::figures::Figures;
use std::fmt::Write;

/// Why packets are dropped that were worth something; the rest is noise from outside.
const LOSSES: [&str; 3] = ["send_queue", "relay", "malformed"];

/// Draws what a server does, from two looks so many seconds apart.
pub fn draw(url: &str, before: &Figures, now: &Figures, seconds: f64) -> String {
    let seen = Seen { before, now, seconds: seconds.max(0.001) };
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = seen.write(url, &mut text);
    text
}

struct Seen<'a> {
    before: &'a Figures,
    now: &'a Figures,
    seconds: f64,
}

impl Seen<'_> {
    fn write(&self, url: &str, text: &mut String) -> std::fmt::Result {
        let version = self.now.values_of("qism_build_info", "version").join("");
        let memory = self.now.sum("process_resident_memory_bytes", &[]) / 1_048_576.0;
        let cpu = self.rate("process_cpu_seconds_total", &[]) * 100.0;
        writeln!(text, "Qism {version} at {url}")?;
        writeln!(
            text,
            "process   CPU {cpu:.0} %   memory {memory:.0} MB   files {:.0}   threads {:.0}",
            self.now.sum("process_open_fds", &[]),
            self.now.sum("process_threads", &[])
        )?;
        writeln!(
            text,
            "rooms     {:.0} open   trainers {:.0}   trainees {:.0}   committee {:.0}   WebSockets {:.0}",
            self.now.sum("qism_rooms", &[]),
            self.role("trainer"),
            self.role("trainee"),
            self.role("committee"),
            self.now.sum("qism_websocket_connections", &[])
        )?;
        writeln!(
            text,
            "requests  {:.1}/s   95 % within {}   failed {:.1}/s",
            self.rate("qism_http_requests_total", &[]),
            self.within("qism_http_request_seconds"),
            self.failed_requests()
        )?;
        writeln!(
            text,
            "store     {:.1} commits/s   95 % within {}   failed {:.0} since the start",
            self.rate("qism_room_commits_total", &[]),
            self.within("qism_room_commit_seconds"),
            self.now.sum("qism_room_commits_total", &["result=\"failed\""])
        )?;
        writeln!(text, "loop      {}", self.media_loop())?;
        self.write_shards(text)
    }

    fn write_shards(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text)?;
        let heads =
            ["shard", "CPU", "peers", "publications", "Mbit/s in", "Mbit/s out", "packets out/s", "again", "lost/s"];
        let [shard, cpu, peers, publications, bits_in, bits_out, packets, again, lost] = heads;
        writeln!(
            text,
            "{shard:>5} {cpu:>5} {peers:>6} {publications:>13} {bits_in:>10} {bits_out:>11} {packets:>14} {again:>7} {lost:>7}"
        )?;
        for shard in self.now.values_of("qism_media_peers", "shard") {
            let label = format!("shard=\"{shard}\"");
            let of = [label.as_str()];
            let rate = |name: &str| self.rate(&format!("qism_media_{name}_total"), &of);
            let forwarded = rate("rtp_forwarded");
            let again = if forwarded > 0.0 { rate("packets_retransmitted") / forwarded * 100.0 } else { 0.0 };
            let lost: f64 = LOSSES.iter().map(|reason| rate(&format!("dropped_{reason}"))).sum();
            writeln!(
                text,
                "{shard:>5} {:>4.0}% {:>6.0} {:>13.0} {:>10.1} {:>11.1} {forwarded:>14.0} {again:>6.1}% {lost:>7.1}",
                rate("cpu_seconds") * 100.0,
                self.now.sum("qism_media_peers", &of),
                self.now.sum("qism_media_publications", &of),
                rate("bytes_received") * 8.0 / 1e6,
                rate("bytes_sent") * 8.0 / 1e6,
            )?;
        }
        Ok(())
    }

    fn role(&self, role: &str) -> f64 {
        self.now.sum("qism_participants", &[&format!("role=\"{role}\"")])
    }

    /// How fast a counter went, per second; a server that was started again begins at zero.
    fn rate(&self, name: &str, labels: &[&str]) -> f64 {
        let (before, now) = (self.before.sum(name, labels), self.now.sum(name, labels));
        (if now >= before { now - before } else { now }) / self.seconds
    }

    fn failed_requests(&self) -> f64 {
        let statuses = self.now.values_of("qism_http_requests_total", "status");
        let failed = statuses.iter().filter(|status| status.starts_with('5'));
        failed.fold(0.0, |sum, status| sum + self.rate("qism_http_requests_total", &[&format!("status=\"{status}\"")]))
    }

    fn within(&self, histogram: &str) -> String {
        match self.now.quantile_since(self.before, histogram, 0.95) {
            None => "-".to_owned(),
            Some(bound) if bound.is_finite() => format!("{:.0} ms", (bound * 1_000.0).ceil()),
            Some(_) => "more than 4 s".to_owned(),
        }
    }

    fn media_loop(&self) -> String {
        let failed = self.now.sum("qism_media_loops_total", &["result=\"failed\""]);
        let made = failed + self.now.sum("qism_media_loops_total", &["result=\"ok\""]);
        let took = self.now.sum("qism_media_loop_seconds", &[]) * 1_000.0;
        match (made > 0.0, took > 0.0) {
            (false, _) => "none made yet: ask GET /healthz".to_owned(),
            (true, true) => format!("{took:.1} ms   broken {failed:.0} of {made:.0}"),
            (true, false) => format!("BROKEN   {failed:.0} of {made:.0}: GET /healthz says where"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const METRICS: &str = "\
process_cpu_seconds_total 10.0
process_resident_memory_bytes 104857600
process_open_fds 45
process_threads 5
qism_build_info{version=\"1.2.3\"} 1
qism_rooms 2
qism_participants{role=\"trainee\"} 30
qism_participants{role=\"trainer\"} 2
qism_websocket_connections 33
qism_http_requests_total{route=\"files\",method=\"GET\",status=\"200\"} 100
qism_http_requests_total{route=\"files\",method=\"GET\",status=\"503\"} 4
qism_media_loops_total{result=\"ok\"} 9
qism_media_loops_total{result=\"failed\"} 1
qism_media_loop_seconds 0.0012
qism_media_peers{shard=\"0\"} 32
qism_media_publications{shard=\"0\"} 4
qism_media_cpu_seconds_total{shard=\"0\"} 5.0
qism_media_bytes_sent_total{shard=\"0\"} 1000000
qism_media_rtp_forwarded_total{shard=\"0\"} 1000
qism_media_packets_retransmitted_total{shard=\"0\"} 0
";

    #[test]
    fn the_picture_has_what_happened_since_the_look_before() {
        let before = Figures::read(METRICS);
        let later = METRICS
            .replace("process_cpu_seconds_total 10.0", "process_cpu_seconds_total 10.5")
            .replace("status=\"503\"} 4", "status=\"503\"} 8")
            .replace("cpu_seconds_total{shard=\"0\"} 5.0", "cpu_seconds_total{shard=\"0\"} 5.8")
            .replace("} 1000000", "} 2250000")
            .replace("forwarded_total{shard=\"0\"} 1000", "forwarded_total{shard=\"0\"} 3000")
            .replace("retransmitted_total{shard=\"0\"} 0", "retransmitted_total{shard=\"0\"} 20");
        let picture = draw("http://localhost:8080", &before, &Figures::read(&later), 2.0);
        let expected = "\
Qism 1.2.3 at http://localhost:8080
process   CPU 25 %   memory 100 MB   files 45   threads 5
rooms     2 open   trainers 2   trainees 30   committee 0   WebSockets 33
requests  2.0/s   95 % within -   failed 2.0/s
store     0.0 commits/s   95 % within -   failed 0 since the start
loop      1.2 ms   broken 1 of 10

shard   CPU  peers  publications  Mbit/s in  Mbit/s out  packets out/s   again  lost/s
    0   40%     32             4        0.0         5.0           1000    1.0%     0.0
";
        assert_eq!(picture, expected);
    }

    #[test]
    fn a_server_that_was_started_again_begins_at_zero() {
        let before = Figures::read(METRICS);
        let after = Figures::read("process_cpu_seconds_total 0.5\n");
        let picture = draw("http://localhost:8080", &before, &after, 1.0);
        assert!(picture.contains("CPU 50 %"), "{picture}");
        assert!(picture.contains("none made yet"), "{picture}");
    }
}
