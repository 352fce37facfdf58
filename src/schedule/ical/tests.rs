use super::*;
use jiff::civil::date;
use proptest::prelude::*;

fn event_text(summary: &str) -> EventText {
    EventText {
        uid: "018f0000-0000-7000-8000-000000000001@qism.example".into(),
        sequence: 3,
        modified: Timestamp(1_788_220_800_000_000),
        summary: summary.into(),
        description: "Bring gloves; goggles, too".into(),
        url: "https://qism.example/lessons/1".into(),
    }
}

fn lesson(summary: &str) -> LessonEvent {
    let starts_at = Zone::parse("Africa/Casablanca").expect("a zone").instant(date(2026, 3, 5).at(8, 0, 0, 0));
    LessonEvent {
        text: event_text(summary),
        span: Span::lasting(starts_at, Duration::from_mins(90)),
        location: "Atelier B".into(),
        status: Status::Confirmed,
    }
}

fn feed(lessons: Vec<LessonEvent>, announcements: Vec<AnnouncementEvent>) -> Feed {
    Feed { name: "فوج 3".into(), refresh: Duration::from_hours(1), lessons, announcements }
}

fn lines(feed: &Feed) -> Vec<String> {
    let text = write(feed);
    assert!(text.ends_with("\r\n"));
    text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
}

/// RFC 5545 §3.3.11 the other way round.
fn unescape(value: &str) -> String {
    let mut plain = String::new();
    let mut characters = value.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n' | 'N') => plain.push('\n'),
                Some(escaped @ ('\\' | ';' | ',')) => plain.push(escaped),
                other => panic!("{other:?} is escaped in {value:?}"),
            },
            ';' | ',' | '\n' | '\r' => panic!("{character:?} is not escaped in {value:?}"),
            other => plain.push(other),
        }
    }
    plain
}

#[test]
fn a_lesson_is_an_event_in_universal_time() {
    let found = lines(&feed(vec![lesson("Soudure, séance 1")], Vec::new()));
    assert_eq!(
        found,
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Qism//Timetable//EN",
            "CALSCALE:GREGORIAN",
            "NAME:فوج 3",
            "X-WR-CALNAME:فوج 3",
            "REFRESH-INTERVAL;VALUE=DURATION:PT60M",
            "X-PUBLISHED-TTL:PT60M",
            "BEGIN:VEVENT",
            "UID:018f0000-0000-7000-8000-000000000001@qism.example",
            "DTSTAMP:20260901T000000Z",
            "LAST-MODIFIED:20260901T000000Z",
            "SEQUENCE:3",
            "SUMMARY:Soudure\\, séance 1",
            "DESCRIPTION:Bring gloves\\; goggles\\, too",
            "URL:https://qism.example/lessons/1",
            "DTSTART:20260305T080000Z",
            "DTEND:20260305T093000Z",
            "STATUS:CONFIRMED",
            "LOCATION:Atelier B",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    );
}

#[test]
fn a_cancelled_lesson_says_so_and_empty_texts_are_left_out() {
    let mut cancelled = lesson("Soudure");
    cancelled.status = Status::Cancelled;
    cancelled.location = String::new();
    cancelled.text.description = "\u{7}".into();
    cancelled.text.url = String::new();
    let found = lines(&feed(vec![cancelled], Vec::new()));
    assert!(found.contains(&"STATUS:CANCELLED".to_owned()));
    assert!(!found.iter().any(|line| ["LOCATION", "DESCRIPTION", "URL"].iter().any(|name| line.starts_with(name))));
}

#[test]
fn an_announcement_stands_on_whole_days_and_nobody_is_busy() {
    let announcement = AnnouncementEvent {
        text: event_text("Inscriptions ouvertes"),
        from: date(2026, 12, 30),
        until: date(2026, 12, 31),
    };
    let backwards = AnnouncementEvent { until: date(2026, 1, 1), ..announcement.clone() };
    let found = lines(&feed(Vec::new(), vec![announcement, backwards]));
    let of = |name: &str| found.iter().filter(|line| line.starts_with(name)).cloned().collect::<Vec<_>>();
    assert_eq!(of("DTSTART"), ["DTSTART;VALUE=DATE:20261230", "DTSTART;VALUE=DATE:20261230"]);
    assert_eq!(of("DTEND"), ["DTEND;VALUE=DATE:20270101", "DTEND;VALUE=DATE:20261231"]);
    assert_eq!(of("TRANSP"), ["TRANSP:TRANSPARENT", "TRANSP:TRANSPARENT"]);
}

#[test]
fn no_text_can_begin_a_line_of_its_own() {
    let mut hostile = lesson("x\r\nEND:VEVENT\rBEGIN:VALARM\n");
    hostile.text.url = "https://qism.example/\r\nATTACH:file:///etc/passwd".into();
    hostile.text.uid = "1\nX:y".into();
    let found = lines(&feed(vec![hostile], Vec::new()));
    assert!(found.contains(&"SUMMARY:x\\nEND:VEVENT\\nBEGIN:VALARM\\n".to_owned()));
    assert!(found.contains(&"URL:https://qism.example/ATTACH:file:///etc/passwd".to_owned()));
    assert!(found.contains(&"UID:1\\nX:y".to_owned()));
    assert_eq!(found.iter().filter(|line| line.starts_with("END:")).count(), 2);
}

#[test]
fn the_same_content_gives_the_same_bytes() {
    let feed = feed(vec![lesson("Soudure"), lesson("اللحام")], Vec::new());
    assert_eq!(write(&feed), write(&feed.clone()));
}

proptest! {
    #[test]
    fn lines_are_short_and_no_character_is_torn(value in "\\PC{0,300}") {
        let mut out = String::new();
        line(&mut out, "SUMMARY", &value);
        prop_assert!(out.ends_with("\r\n"));
        for (place, piece) in out.split_terminator("\r\n").enumerate() {
            prop_assert!(piece.len() <= LINE_MAX);
            prop_assert!(place == 0 || piece.starts_with(' '));
            // A piece that could have been longer was cut too early.
            prop_assert!(place + 1 == out.split_terminator("\r\n").count() || piece.len() > LINE_MAX - 4);
        }
        prop_assert_eq!(out.replace("\r\n ", ""), format!("SUMMARY:{value}\r\n"));
    }

    #[test]
    fn what_is_escaped_reads_as_it_was(value in "(\\PC|[\\\\;,nN\n\t]){0,200}") {
        prop_assert_eq!(unescape(&escape(&value)), value);
    }

    #[test]
    fn any_text_at_all_leaves_one_line(value in any::<String>()) {
        let mut out = String::new();
        text(&mut out, "SUMMARY", &value);
        let unfolded = out.replace("\r\n ", "");
        prop_assert!(unfolded.matches(['\r', '\n']).count() <= 2);
        prop_assert!(!unfolded.trim_end().contains(|character: char| character.is_control() && character != '\t'));
    }
}
