//! The load test's own clients, which share no connection logic with the server, against a real server: what it
//! reports of a small lecture is what was there.

use loadtest::report::Report;
use std::process::Command;

fn run(arguments: &[&str]) -> (Report, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("report.json");
    let output = Command::new(env!("CARGO_BIN_EXE_loadtest"))
        .args(arguments)
        .args(["--spawn", "--seconds", "2", "--no-floor", "--json"])
        .arg(&file)
        .output()
        .expect("the load test runs");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{shown}");
    let report = serde_json::from_slice(&std::fs::read(&file).expect("a report")).expect("a report as documented");
    (report, shown)
}

#[test]
fn a_small_lecture_is_reported_as_it_was() {
    let (report, shown) = run(&["lecture", "--viewers", "3"]);
    assert_eq!((report.scenario.as_str(), report.parameters.viewers), ("lecture", 3), "{shown}");
    // Two seconds of 30 frames of 6 packets, and of 50 packets of sound, for three viewers; some leeway at the ends.
    let expected = |rate: u64| rate * 2 * 3;
    assert!(report.delivered.video_packets > expected(180) * 8 / 10, "{shown}");
    assert!(report.delivered.audio_packets > expected(50) * 8 / 10, "{shown}");
    assert_eq!((report.loss_percent, report.duplicates), (0.0, 0), "{shown}");
    assert!(report.hop_ms.p50 > 0.0 && report.first_packet_ms.p50 > 0.0, "{shown}");
    assert!(report.cpu.is_some_and(|cpu| cpu.us_per_packet > 0.0), "{shown}");
    assert!(report.memory.is_some_and(|memory| memory.before_kib > 0), "{shown}");
    assert_eq!(report.timeline.len(), 2, "{shown}");
    let shares: f64 = report.sizes.iter().map(|shape| shape.share).sum();
    assert!((shares - 1.0).abs() < 1e-6, "{shown}");
}

#[test]
fn everybody_in_a_seminar_sees_and_hears_the_others() {
    let (report, shown) = run(&["seminars", "--rooms", "2", "--people", "3", "--bitrate", "600"]);
    assert_eq!((report.parameters.rooms, report.parameters.publishers), (2, 6), "{shown}");
    // Two pictures of three packets a frame, and two sounds.
    assert!(report.delivered.video_packets > 6 * 2 * 90 * 2 * 8 / 10, "{shown}");
    assert!(report.delivered.audio_packets > 6 * 2 * 50 * 2 * 8 / 10, "{shown}");
}
