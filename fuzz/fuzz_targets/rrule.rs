//! A recurrence rule's text, and the start that it counts from: the first four bytes are days and seconds.
#![no_main]

use jiff::ToSpan;
use jiff::civil::date;
use libfuzzer_sys::fuzz_target;
use qism::schedule::rule::OCCURRENCES_MAX;
use qism::schedule::{Rule, Series, SeriesDraft, Zone};
use std::collections::BTreeSet;
use std::time::Duration;

fuzz_target!(|data: &[u8]| {
    let Some((head, text)) = data.split_first_chunk::<4>() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let Ok(rule) = Rule::parse(text) else { return };
    assert_eq!(Rule::parse(&rule.to_string()).as_ref(), Ok(&rule));
    let day = i64::from(u16::from_be_bytes([head[0], head[1]]));
    let second = i64::from(u16::from_be_bytes([head[2], head[3]]));
    let start = date(1970, 1, 1).at(0, 0, 0, 0).saturating_add(day.days().seconds(second));
    let draft = SeriesDraft {
        start,
        length: Duration::from_mins(90),
        zone: Zone::parse("Africa/Casablanca").expect("a zone"),
        rule,
        exceptions: BTreeSet::new(),
        extras: BTreeSet::new(),
    };
    let Ok(series) = Series::new(draft) else { return };
    let lessons = series.expand(&[]);
    assert!(!lessons.is_empty() && lessons.len() <= OCCURRENCES_MAX);
    assert!(lessons.is_sorted());
    let middle = lessons[lessons.len() / 2].original;
    let parts = series.split(middle).expect("a series is cut at each of its lessons");
    let before = parts.before.map(|before| before.expand(&[])).unwrap_or_default();
    assert_eq!([before, parts.after.expand(&[])].concat(), lessons);
});
