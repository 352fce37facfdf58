//! What somebody's attendance really was: looked at instant by instant, from what happened and from nothing else.

use crate::script::{Connected, Device, End, Person, Script};

/// How far apart the instants are.
const STEP_MS: i64 = 20;

/// How often a client gives a sign of life.
const SIGN_EVERY_MS: i64 = 3_000;

/// Signs of life so far apart were never interrupted.
const SIGNS_APART_MS: i64 = 4_000;

/// After how long without a sign of life somebody is gone.
const GONE_AFTER_MS: i64 = 10_000;

/// After how long the server notices that nothing comes.
const NOTICED_AFTER_MS: i64 = 9_000;

#[derive(Debug, Default)]
pub struct Truth {
    pub present_ms: i64,
    pub planned_present_ms: i64,
    pub away_ms: i64,
    pub dropped_ms: i64,
    /// The server was killed before it noticed a silence: nobody but us knows when it began.
    pub is_doubtful: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    Absent,
    Dropped,
    Away,
    Present,
}

pub fn what_happened(script: &Script, person: &Person) -> Truth {
    let mut truth = Truth::default();
    let mut at = script.starts + STEP_MS / 2;
    let mut places = vec![0; person.devices.len()];
    while at < script.ends {
        if script.runs(at) {
            let ways = person.devices.iter().zip(&mut places).map(|(device, place)| way(script, device, place, at));
            match ways.max().unwrap_or(Way::Absent) {
                Way::Present => {
                    truth.present_ms += STEP_MS;
                    if (script.planned.0..script.planned.1).contains(&at) {
                        truth.planned_present_ms += STEP_MS;
                    }
                }
                Way::Away => truth.away_ms += STEP_MS,
                Way::Dropped => truth.dropped_ms += STEP_MS,
                Way::Absent => {}
            }
        }
        at += STEP_MS;
    }
    truth.is_doubtful = person.devices.iter().flat_map(|device| &device.connections).any(|connected| {
        let last = last_sign(connected);
        let unnoticed = last..last + NOTICED_AFTER_MS + 100;
        connected.end == End::FallsSilent && script.outages.iter().any(|(killed, _)| unnoticed.contains(killed))
    });
    truth
}

/// How somebody is there by one device. `place` is where the device's connections were looked at last.
fn way(script: &Script, device: &Device, place: &mut usize, at: i64) -> Way {
    while device.connections.get(*place + 1).is_some_and(|next| next.from <= at) {
        *place += 1;
    }
    let Some(connected) = device.connections.get(*place).filter(|connected| connected.from <= at) else {
        return Way::Absent;
    };
    let next = device.connections.get(*place + 1).map(|next| next.from);
    let last = last_sign(connected);
    // The end of the lesson is one for all.
    let goes_on = connected.end == End::FallsSilent && next.unwrap_or(script.ends) - last <= SIGNS_APART_MS;
    if at < last || goes_on {
        let now = at.min(connected.to);
        let is_hidden = connected.hidden.iter().any(|(from, to)| *from <= now && (now < *to || *to >= connected.to));
        return if is_hidden { Way::Away } else { Way::Present };
    }
    if matches!(connected.end, End::Leaves | End::LessonEnds) {
        return Way::Absent;
    }
    // A server that was killed meanwhile gives everybody who was not gone yet ten seconds from its return.
    let mut gone_at = last + GONE_AFTER_MS;
    let mut until = gone_at;
    for (killed, again) in &script.outages {
        if *killed >= last && *killed < until {
            until = again + GONE_AFTER_MS;
        }
    }
    if let Some(next) = next.filter(|next| *next < until) {
        gone_at = next;
    }
    if at < gone_at { Way::Dropped } else { Way::Absent }
}

/// When a connection gave its last sign of life.
fn last_sign(connected: &Connected) -> i64 {
    if connected.end != End::FallsSilent {
        return connected.to;
    }
    let beats = (connected.to - connected.from) / SIGN_EVERY_MS * SIGN_EVERY_MS + connected.from;
    let turns = connected.hidden.iter().flat_map(|(from, to)| [*from, *to]);
    turns.filter(|turn| *turn < connected.to).fold(beats, i64::max)
}
