//! The timetable against implementations that share nothing with it. `tests/calendar/run` brings them along.

mod cases;
mod feed;
#[path = "../program/process.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod process;
mod served;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Any free port, for pages and for media.
const ANY_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--media-port", "0"];

#[test]
fn two_thousand_series_are_expanded_as_by_an_independent_implementation() {
    let folder = tempfile::tempdir().expect("a folder");
    let series = folder.path().join("series.json");
    let written = cases::write(&series);
    assert!(written.accepted == cases::ACCEPTED && written.refused >= 100, "{written:?}");
    check(Command::new(python()).args(["-B".as_ref(), beside("check_series.py").as_os_str(), series.as_os_str()]));
}

#[test]
fn the_feed_is_read_alike_by_two_other_parsers() {
    let folder = tempfile::tempdir().expect("a folder");
    feed::write(folder.path());
    check_feed(folder.path());
}

#[test]
fn the_feed_that_a_server_gives_out_has_the_lessons_of_its_owners_timetable() {
    let folder = tempfile::tempdir().expect("a folder");
    served::write(folder.path());
    check_feed(folder.path());
}

fn check_feed(folder: &Path) {
    check(Command::new(python()).args(["-B".as_ref(), beside("check_feed.py").as_os_str(), folder.as_os_str()]));
    check(Command::new("node").args([beside("check_feed.mjs").as_os_str(), folder.as_os_str()]));
}

fn python() -> PathBuf {
    std::env::var_os("CALENDAR_PYTHON").expect("CALENDAR_PYTHON names a Python: use tests/calendar/run").into()
}

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/calendar").join(name)
}

fn check(command: &mut Command) {
    let output = command.output().expect("the checker starts");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{told}");
    assert!(output.status.success(), "{command:?}:\n{told}");
}

/// All that is left of a stream.
fn rest(mut stream: impl Read) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}
