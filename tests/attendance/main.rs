//! Attendance against an oracle that was written apart from it: a thousand generated histories of a lesson go through
//! the real room into a log, and from there into accounts; the oracle knows what really happened, instant by instant,
//! and never sees the log.

mod class;
mod oracle;
mod script;

use class::Played;
use script::Script;

/// How many histories, each from a seed of its own.
const HISTORIES: u64 = 1_000;

/// How far an account may be from the truth, for one person.
const TOLERANCE_MS: i64 = 1_000;

/// For how long somebody may stand as present who is not, where nobody could know it: the server itself was killed before
/// it had noticed the silence.
const GHOST_MS: i64 = 10_000;

#[test]
fn accounts_are_what_really_happened_to_the_second() {
    let mut seen = Seen::default();
    for seed in 0..HISTORIES {
        let script = Script::generate(seed);
        let played = class::play(&script);
        compare(seed, &script, &played, &mut seen);
    }
    println!("{seen:?}");
    // A generator that makes nothing of the kind would prove nothing.
    assert!(seen.persons > 4_000 && seen.drops > 4_000 && seen.away_s > 100_000, "{seen:?}");
    assert!(seen.kills > 300 && seen.jumps > 500 && seen.doubtful < seen.persons / 20, "{seen:?}");
    assert!(seen.twice > 1_000 && seen.late > 200 && seen.overrun > 200, "{seen:?}");
}

/// What the histories had in them.
#[derive(Debug, Default)]
struct Seen {
    persons: u64,
    drops: u64,
    twice: u64,
    kills: u64,
    jumps: u64,
    late: u64,
    overrun: u64,
    away_s: i64,
    doubtful: u64,
    furthest_ms: i64,
}

fn compare(seed: u64, script: &Script, played: &Played, seen: &mut Seen) {
    seen.kills += script.outages.len() as u64;
    seen.jumps += script.jumps.len() as u64;
    seen.late += u64::from(script.starts > script.planned.0 + 1_000);
    seen.overrun += u64::from(script.ends > script.planned.1 + 1_000);
    for (index, person) in script.persons.iter().enumerate() {
        let account = played.account.of(&played.participants[index]);
        let truth = oracle::what_happened(script, person);
        let told = |us: i64| us / 1_000;
        let away = told(account.away_us) - truth.away_ms;
        let present = told(account.present_us) - truth.present_ms;
        let within = told(account.planned_present_us) - truth.planned_present_ms;
        let dropped = told(account.dropped_us) - truth.dropped_ms;
        let allowed = if truth.is_doubtful { GHOST_MS } else { TOLERANCE_MS };
        let say = || format!("seed {seed}, person {index}: {truth:?}\n{account:?}\n{person:?}\n{script:?}");
        assert!(present.abs() <= allowed && away.abs() <= allowed, "{present} ms present, {away} ms away; {}", say());
        // Planned minutes are the wall clock's, and how long an outage was is too: whoever set it knows better.
        if script.jumps.is_empty() {
            assert!(within.abs() <= allowed, "{within} ms within what was planned; {}", say());
            assert!(dropped.abs() <= allowed, "{dropped} ms dropped; {}", say());
        }
        seen.persons += 1;
        seen.drops += u64::from(account.drops);
        seen.twice += u64::from(person.devices.len() > 1);
        seen.away_s += account.away_us / 1_000_000;
        seen.doubtful += u64::from(truth.is_doubtful);
        if !truth.is_doubtful {
            seen.furthest_ms = seen.furthest_ms.max(present.abs()).max(away.abs());
        }
    }
}
