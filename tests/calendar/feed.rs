//! A feed with what real ones have, and with texts that no one would type, beside what its readers are to find in it.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use qism::schedule::ical::{self, AnnouncementEvent, EventText, Feed, LessonEvent, Status};
use qism::schedule::{Rule, Series, SeriesDraft, Span, Zone};
use qism::time::Timestamp;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

/// How many events carry random text.
const RANDOM_TEXTS: usize = 300;

const TEXTS: [&str; 6] = [
    "Soudure à l'arc ; séance 1, atelier B",
    "اللحام بالقوس، الحصة الأولى: «السلامة»؛ ورشة باء",
    "A backslash \\, a comma, a semicolon; and \\n that is no line break",
    "Two lines\nand a third:\n\n\tindented",
    "👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭👩🏽‍🏭",
    "\"quoted\" & <b>bold</b>: BEGIN:VEVENT\nEND:VCALENDAR",
];

/// Writes `feed.ics`, and `expected.json`: the name, and each event as its readers are to understand it.
pub fn write(folder: &Path) {
    let mut feed = Feed {
        name: "Emploi du temps, فوج 3; TP".into(),
        refresh: Duration::from_hours(1),
        lessons: lessons(),
        announcements: announcements(),
    };
    feed.lessons.extend(random_lessons());
    let events: Vec<Value> =
        feed.lessons.iter().map(lesson).chain(feed.announcements.iter().map(announcement)).collect();
    assert!(events.len() > 400);
    std::fs::write(folder.join("feed.ics"), ical::write(&feed)).expect("the feed is written");
    let expected = json!({ "name": feed.name, "refresh_s": feed.refresh.as_secs(), "events": events });
    std::fs::write(folder.join("expected.json"), expected.to_string()).expect("what to expect is written");
}

/// Mornings and an evening in Casablanca, across Ramadan and the end of summer time in 2026; each fifth is cancelled.
fn lessons() -> Vec<LessonEvent> {
    let series = Series::new(SeriesDraft {
        start: date(2026, 1, 5).at(8, 30, 0, 0),
        length: Duration::from_mins(90),
        zone: Zone::parse("Africa/Casablanca").expect("a zone"),
        rule: Rule::parse("FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20270430").expect("a rule"),
        exceptions: BTreeSet::from([date(2026, 1, 12).at(8, 30, 0, 0)]),
        extras: BTreeSet::from([date(2026, 1, 13).at(20, 0, 0, 0)]),
    });
    let lessons = series.expect("a series").expand(&[]);
    let numbered = lessons.into_iter().enumerate();
    numbered
        .map(|(number, lesson)| {
            let of = |offset: usize| TEXTS[(number + offset) % TEXTS.len()];
            LessonEvent {
                text: event(number, of(0), of(1)),
                span: lesson.span(),
                location: if number % 3 == 0 { String::new() } else { of(2).into() },
                status: if number % 5 == 0 { Status::Cancelled } else { Status::Confirmed },
            }
        })
        .collect()
}

fn random_lessons() -> Vec<LessonEvent> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, b"texts that nobody will ever type");
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    // What a text may hold: anything but control characters, which a feed cannot carry; lines end with \n.
    let text = "(\\PC|\n|\t|[;,:\\\\\"nN]|[ء-ي]){0,200}";
    let strategy = (text, text, text, 0_i64..4_000_000_000, 1_i64..86_400);
    (0..RANDOM_TEXTS)
        .map(|number| {
            let (summary, description, location, starts, seconds) =
                strategy.new_tree(&mut runner).expect("texts").current();
            LessonEvent {
                text: event(10_000 + number, &summary, &description),
                span: Span {
                    starts_at: Timestamp(starts * 1_000_000),
                    ends_at: Timestamp((starts + seconds) * 1_000_000),
                },
                location,
                status: Status::Confirmed,
            }
        })
        .collect()
}

fn announcements() -> Vec<AnnouncementEvent> {
    let texts = TEXTS.iter().enumerate();
    texts
        .map(|(number, text)| {
            let from = date(2026, 12, 28).saturating_add((2 * number as i64).days());
            AnnouncementEvent {
                text: event(20_000 + number, text, text),
                from,
                until: from.saturating_add((number as i64).days()),
            }
        })
        .collect()
}

fn event(number: usize, summary: &str, description: &str) -> EventText {
    EventText {
        uid: format!("{number}@qism.example"),
        sequence: u32::try_from(number % 7).expect("a small number"),
        modified: Timestamp(1_780_000_000_000_000 + 1_000_000 * number as i64),
        summary: summary.into(),
        description: description.into(),
        url: format!("https://qism.example/l/{number}?a=1,2;b#{}", "x".repeat(number % 90)),
    }
}

fn lesson(event: &LessonEvent) -> Value {
    let mut told = told(&event.text);
    told["starts"] = instant(event.span.starts_at).into();
    told["ends"] = instant(event.span.ends_at).into();
    told["location"] = event.location.clone().into();
    told["status"] = if event.status == Status::Cancelled { "CANCELLED" } else { "CONFIRMED" }.into();
    told
}

fn announcement(event: &AnnouncementEvent) -> Value {
    let mut told = told(&event.text);
    told["starts"] = event.from.to_string().into();
    told["ends"] = day_after(event.until).to_string().into();
    told["location"] = "".into();
    told["status"] = "CONFIRMED".into();
    told["transparency"] = "TRANSPARENT".into();
    told
}

fn told(text: &EventText) -> Value {
    json!({
        "uid": text.uid, "sequence": text.sequence, "modified": instant(text.modified), "summary": text.summary,
        "description": text.description, "url": text.url, "transparency": "OPAQUE",
    })
}

fn day_after(day: Date) -> Date {
    day.tomorrow().expect("a day")
}

fn instant(at: Timestamp) -> String {
    jiff::Timestamp::from_microsecond(at.micros()).expect("an instant").to_string()
}
