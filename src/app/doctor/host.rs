//! The clock, and the folder that keeps the data.

use super::Finding;
use crate::app::files::create_private_folder;
use crate::config::Config;
use crate::time::Timestamp;
use std::path::Path;

/// Before this program was written (2026-11-01T00:00:00Z): no clock that is right says so.
const EARLIEST: Timestamp = Timestamp(1_793_491_200_000_000);
/// 2100-01-01T00:00:00Z.
const LATEST: Timestamp = Timestamp(4_102_444_800_000_000);

/// With less room than this, a database or a log ends a lesson.
const DISK_PROBLEM_BYTES: u64 = 100 * MIB;
/// With less room than this, somebody should look before the next week.
const DISK_WARNING_BYTES: u64 = 2_048 * MIB;
const MIB: u64 = 1_024 * 1_024;

pub fn examine(config: &Config, now: Timestamp) -> Vec<Finding> {
    let mut findings = vec![clock(now)];
    findings.extend(data_folder(&config.server.data_dir));
    findings
}

pub fn clock(now: Timestamp) -> Finding {
    let date = jiff::Timestamp::from_microsecond(now.micros())
        .map_or_else(|_| "out of range".to_owned(), |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string());
    if now < EARLIEST || now > LATEST {
        return Finding::problem(format!(
            "the clock says {date}, which can't be; set it, and let it be kept right (apt-get install systemd-timesyncd)"
        ));
    }
    Finding::ok(format!("the clock says {date}"))
}

pub fn data_folder(path: &Path) -> Vec<Finding> {
    let shown = path.display();
    if let Err(error) = create_private_folder(path) {
        return vec![Finding::problem(format!(
            "the data folder {shown} can't be made ({error}); make it, or name another with --data-dir"
        ))];
    }
    if let Err(error) = tried_writing(path) {
        return vec![Finding::problem(format!(
            "the data folder {shown} can't be written ({error}); give this user the right to (chown), or name another"
        ))];
    }
    vec![Finding::ok(format!("the data folder {shown} can be written")), room(path)]
}

fn tried_writing(folder: &Path) -> std::io::Result<()> {
    let path = folder.join(format!(".doctor-{}", std::process::id()));
    super::super::files::write_private(&path, b"qism doctor")?;
    std::fs::remove_file(path)
}

fn room(path: &Path) -> Finding {
    let free = match rustix::fs::statvfs(path) {
        Ok(disk) => disk.f_bavail.saturating_mul(disk.f_frsize),
        Err(error) => return Finding::warning(format!("the disk does not say how much room it has: {error}")),
    };
    of_room(free)
}

pub fn of_room(free_bytes: u64) -> Finding {
    let text = format!("the disk has {} MiB free", free_bytes / MIB);
    match free_bytes {
        ..DISK_PROBLEM_BYTES => Finding::problem(format!("{text}: too little for a lesson; free some space")),
        DISK_PROBLEM_BYTES..DISK_WARNING_BYTES => Finding::warning(format!("{text}: free some space before long")),
        _ => Finding::ok(text),
    }
}
