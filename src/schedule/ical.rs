//! A calendar feed (RFC 5545) that phones and desktop calendars subscribe to.
//!
//! Each lesson is an event of its own with instants in universal time, never a recurrence with a zone: calendars read
//! zones from data that may be years old, and in Morocco, whose clocks follow decrees, would show lessons an hour off.
//! The same content gives the same bytes: nothing of the moment of writing is in it.

use super::{Span, Zone};
use crate::time::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use std::time::Duration;

/// The longest content line, in bytes without its line break (RFC 5545 §3.1).
const LINE_MAX: usize = 75;

/// A calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// What the reader's calendar calls it.
    pub name: String,
    /// How often readers should fetch it; whole minutes count.
    pub refresh: Duration,
    /// The lessons in it.
    pub lessons: Vec<LessonEvent>,
    /// The announcements in it.
    pub announcements: Vec<AnnouncementEvent>,
}

/// Whether a lesson will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It will.
    Confirmed,
    /// It was cancelled.
    Cancelled,
}

/// What every event says of itself. Empty texts are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventText {
    /// The same for ever, and no other event's: `<id>@<host>`.
    pub uid: String,
    /// How many times it was changed.
    pub sequence: u32,
    /// When it was changed last, or made.
    pub modified: Timestamp,
    /// Its title.
    pub summary: String,
    /// What there is to know of it.
    pub description: String,
    /// The address that opens it.
    pub url: String,
}

/// A lesson in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LessonEvent {
    /// What it says.
    pub text: EventText,
    /// When it is.
    pub span: Span,
    /// Where it is.
    pub location: String,
    /// Whether it will be.
    pub status: Status,
}

/// An announcement in a feed: on whole days, and no reason to count as busy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnnouncementEvent {
    /// What it says.
    pub text: EventText,
    /// The first day on which it stands.
    pub from: Date,
    /// The last day on which it stands; where this is before `from`, `from` is.
    pub until: Date,
}

/// The feed's text, as `text/calendar; charset=utf-8`.
#[must_use]
pub fn write(feed: &Feed) -> String {
    let mut out = String::new();
    line(&mut out, "BEGIN", "VCALENDAR");
    line(&mut out, "VERSION", "2.0");
    line(&mut out, "PRODID", "-//Qism//Timetable//EN");
    line(&mut out, "CALSCALE", "GREGORIAN");
    text(&mut out, "NAME", &feed.name);
    text(&mut out, "X-WR-CALNAME", &feed.name);
    // At least a minute: a feed that says never or at once is fetched as its reader pleases.
    let refresh = format!("PT{}M", (feed.refresh.as_secs() / 60).max(1));
    line(&mut out, "REFRESH-INTERVAL;VALUE=DURATION", &refresh);
    line(&mut out, "X-PUBLISHED-TTL", &refresh);
    for lesson in &feed.lessons {
        write_lesson(&mut out, lesson);
    }
    for announcement in &feed.announcements {
        write_announcement(&mut out, announcement);
    }
    line(&mut out, "END", "VCALENDAR");
    out
}

fn write_lesson(out: &mut String, lesson: &LessonEvent) {
    line(out, "BEGIN", "VEVENT");
    write_text(out, &lesson.text);
    line(out, "DTSTART", &instant(lesson.span.starts_at));
    line(out, "DTEND", &instant(lesson.span.ends_at));
    let status = match lesson.status {
        Status::Confirmed => "CONFIRMED",
        Status::Cancelled => "CANCELLED",
    };
    line(out, "STATUS", status);
    text(out, "LOCATION", &lesson.location);
    line(out, "END", "VEVENT");
}

fn write_announcement(out: &mut String, announcement: &AnnouncementEvent) {
    line(out, "BEGIN", "VEVENT");
    write_text(out, &announcement.text);
    line(out, "DTSTART;VALUE=DATE", &day(announcement.from));
    // The end is the first day without it.
    let until = announcement.until.max(announcement.from);
    line(out, "DTEND;VALUE=DATE", &day(until.saturating_add(1.day())));
    line(out, "STATUS", "CONFIRMED");
    line(out, "TRANSP", "TRANSPARENT");
    line(out, "END", "VEVENT");
}

fn write_text(out: &mut String, event: &EventText) {
    text(out, "UID", &event.uid);
    // Without a METHOD, this is when the event last changed (RFC 5545 §3.8.7.2).
    line(out, "DTSTAMP", &instant(event.modified));
    line(out, "LAST-MODIFIED", &instant(event.modified));
    line(out, "SEQUENCE", &event.sequence.to_string());
    text(out, "SUMMARY", &event.summary);
    text(out, "DESCRIPTION", &event.description);
    // An address is not escaped: what would end its line has no place in it.
    let url: String = event.url.chars().filter(|character| !character.is_control() && *character != ' ').collect();
    if !url.is_empty() {
        line(out, "URL", &url);
    }
}

fn instant(at: Timestamp) -> String {
    Zone::utc().wall(at).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn day(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// A property whose value is people's text; left out where there is none.
fn text(out: &mut String, name: &str, value: &str) {
    let escaped = escape(value);
    if !escaped.is_empty() {
        line(out, name, &escaped);
    }
}

/// RFC 5545 §3.3.11. Control characters other than line breaks and tabs are not allowed at all, and left out.
fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    let mut characters = value.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\r' => {
                characters.next_if_eq(&'\n');
                escaped.push_str("\\n");
            }
            '\n' => escaped.push_str("\\n"),
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\t' => escaped.push('\t'),
            control if control.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

/// A content line, folded so that none of its pieces is longer than [`LINE_MAX`] bytes and no character is torn apart
/// (RFC 5545 §3.1).
fn line(out: &mut String, name: &str, value: &str) {
    let mut length = 0;
    for character in name.chars().chain([':']).chain(value.chars()) {
        if length + character.len_utf8() > LINE_MAX {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(character);
        length += character.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests;
