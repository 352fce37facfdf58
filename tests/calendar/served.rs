//! The feed of a server at work, fetched as a phone fetches it, beside what the server itself tells the feed's owner.

use crate::process::{Server, call};
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// Which days a feed has around today, and how many of them one answer tells.
const DAYS_BACK: i64 = 30;
const DAYS_AHEAD: i64 = 180;
const DAYS_ASKED: i64 = 42;

/// Writes `feed.ics`, and `expected.json` from the timetable and the announcements of the demo's trainee.
pub fn write(folder: &Path) {
    let server = Server::demo(&folder.join("data"));
    let demo = server.demo_json();
    let trainee = &demo["accounts"]["trainee"];
    let (head, me) = call(&server, "/api/sign-in", "", trainee);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = cookie.split(';').next().expect("a cookie");
    let asked = |path: &str| -> Value { serde_json::from_str(&get(&server, path, cookie).1).expect("JSON") };

    let today: Date = text(&asked("/api/me/today"), "day").parse().expect("a day");
    let mut events = Vec::new();
    let mut seen = HashSet::new();
    let mut from = today.saturating_sub(DAYS_BACK.days());
    let last = today.saturating_add(DAYS_AHEAD.days());
    while from <= last {
        let to = from.saturating_add((DAYS_ASKED - 1).days()).min(last);
        let answer = asked(&format!("/api/me/timetable?from={from}&to={to}"));
        let lessons = answer["lessons"].as_array().expect("lessons").iter();
        // A lesson over midnight is told of both days.
        events.extend(lessons.filter(|lesson| seen.insert(text(lesson, "id"))).map(lesson));
        from = to.saturating_add(1.day());
    }
    let lessons = events.len();
    assert!(lessons > 100 && events.iter().any(|event| event["status"] == "CANCELLED"), "{lessons} lessons");
    let page = asked("/api/me/announcements?limit=200");
    let notices = page["items"].as_array().expect("announcements").iter().map(|item| &item["announcement"]);
    events.extend(notices.filter(|notice| !notice["day"].is_null()).map(announcement));
    assert!(events.len() > lessons, "an announcement of a day");

    let base_url = text(&demo, "base_url");
    let address = text(&demo, "calendar_feed");
    // The address alone opens it: a calendar brings no cookie.
    let (head, feed) = get(&server, address.strip_prefix(base_url.as_str()).expect("an address of the server"), "");
    assert!(head.to_lowercase().contains("content-type: text/calendar; charset=utf-8"), "{head}");
    std::fs::write(folder.join("feed.ics"), feed).expect("the feed is written");
    let expected = json!({ "name": me["institution_name"], "refresh_s": 3_600, "events": events });
    std::fs::write(folder.join("expected.json"), expected.to_string()).expect("what to expect is written");
}

fn lesson(card: &Value) -> Value {
    let title = format!("{}: {}", text(card, "course_title"), text(card, "title"));
    json!({
        "uid": format!("{}@localhost", text(card, "id")),
        "summary": title,
        "starts": instant(&card["starts_at"]),
        "ends": instant(&card["ends_at"]),
        "location": card["venue"].as_str().unwrap_or_default(),
        "status": if card["cancelled"] == true { "CANCELLED" } else { "CONFIRMED" },
        "transparency": "OPAQUE",
    })
}

fn announcement(card: &Value) -> Value {
    let day: Date = text(card, "day").parse().expect("a day");
    json!({
        "uid": format!("{}@localhost", text(card, "id")),
        "summary": text(card, "title"),
        "description": text(card, "body"),
        "starts": day.to_string(),
        "ends": day.tomorrow().expect("a day").to_string(),
        "status": "CONFIRMED",
        "transparency": "TRANSPARENT",
    })
}

fn text(card: &Value, field: &str) -> String {
    card[field].as_str().unwrap_or_else(|| panic!("{field} of {card}")).to_owned()
}

fn instant(micros: &Value) -> String {
    jiff::Timestamp::from_microsecond(micros.as_i64().expect("a time")).expect("an instant").to_string()
}

/// The head of an answer, and its body.
fn get(server: &Server, path: &str, cookie: &str) -> (String, String) {
    let authority = server.authority();
    let cookie = if cookie.is_empty() { String::new() } else { format!("Cookie: {cookie}\r\n") };
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\n{cookie}Connection: close\r\n\r\n");
    let mut stream = TcpStream::connect(&authority).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    (head.to_owned(), body.to_owned())
}
