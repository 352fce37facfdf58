//! A person's calendar feed: an address that phones and desktop calendars fetch, open to who knows it.

use super::card::zone;
use crate::auth::{Secret, new_id};
use crate::http::Shared;
use crate::http::acting::{Acting, SignedIn};
use crate::http::extract::header;
use crate::http::problem::Refused;
use crate::http::record::Created;
use crate::ids::FeedId;
use crate::protocol::Problem;
use crate::schedule::ical::{self, AnnouncementEvent, EventText, LessonEvent, Status};
use crate::schedule::week::day_span;
use crate::schedule::{Span, week};
use crate::store::{Feed, FeedOwner, Notice, OwnLesson, Part, Reader};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// Which days a feed has, around today.
const DAYS_BACK: i64 = 30;
const DAYS_AHEAD: i64 = 180;

/// How often calendars are asked to look.
const REFRESH: Duration = Duration::from_secs(3_600);

/// How many announcements with a day a feed has at most, and how old they may be.
const NOTICES_MAX: u32 = 200;
const NOTICES_WITHIN_US: i64 = 180 * 24 * 3_600 * 1_000_000;

/// Whether somebody has a calendar feed.
#[derive(Serialize, ToSchema)]
pub struct FeedState {
    /// Since when, in microseconds since 1970-01-01T00:00:00Z; absent where they have none.
    since: Option<i64>,
}

/// A new calendar feed. Its address is told this once.
#[derive(Serialize, ToSchema)]
pub struct NewFeed {
    url: String,
    since: i64,
}

/// Whether somebody has a calendar feed.
#[utoipa::path(
    get, path = "/api/me/calendar-feed", tag = "own",
    responses((status = 200, body = FeedState), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn since(acting: Acting, SignedIn(member): SignedIn) -> Result<Json<FeedState>, Refused> {
    let since = acting.store.feed_since(member.person).await?;
    Ok(Json(FeedState { since: since.map(Timestamp::micros) }))
}

/// Gives somebody a calendar feed; the address of an older one opens nothing any more.
#[utoipa::path(
    post, path = "/api/me/calendar-feed", tag = "own",
    responses((status = 201, body = NewFeed), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn create(
    State(shared): State<Shared>,
    acting: Acting,
    SignedIn(member): SignedIn,
) -> Result<Created<NewFeed>, Refused> {
    let secret = Secret::random()?;
    let feed = Feed { id: FeedId(new_id(acting.at)?), person: member.person };
    let by = acting.change("calendar_feed.create", feed.id, serde_json::json!({}));
    acting.store.create_feed(&feed, &secret.hash(), &by).await?;
    let base_url = shared.app.options.base_url.as_deref().unwrap_or_default();
    let url = format!("{base_url}/calendar/{}.ics", secret.text());
    let record = NewFeed { url, since: acting.at.micros() };
    Ok(Created { location: "/api/me/calendar-feed".into(), version: 1, record })
}

/// Ends somebody's calendar feed.
#[utoipa::path(
    delete, path = "/api/me/calendar-feed", tag = "own",
    responses((status = 204, description = "They have none"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn revoke(acting: Acting, SignedIn(member): SignedIn) -> Result<StatusCode, Refused> {
    let by = acting.change("calendar_feed.revoke", member.person, serde_json::json!({}));
    acting.store.revoke_feed(member.person, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A calendar feed (RFC 5545): the lessons of the last 30 and the next 180 days, and announcements that are about a day.
#[utoipa::path(
    get, path = "/calendar/{secret}", tag = "own",
    params(("secret" = String, Path, description = "With `.ics` at its end")),
    responses(
        (status = 200, body = String, content_type = "text/calendar"),
        (status = 304, description = "It is as the ETag in If-None-Match says"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)
    )
)]
pub async fn read(
    State(shared): State<Shared>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, Refused> {
    let Path(secret) = path.map_err(|_| Refused::not_found())?;
    let secret = secret.strip_suffix(".ics").ok_or_else(Refused::not_found)?;
    let owner = shared.app.auth.feed_owner(secret).await?;
    let text = ical::write(&feed_of(&shared, &owner).await?);
    let etag = etag_of(&text);
    let known = header(&headers, &header::IF_NONE_MATCH).unwrap_or_default();
    let is_known = known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag);
    let mut response = if is_known { StatusCode::NOT_MODIFIED.into_response() } else { text.into_response() };
    let headers = response.headers_mut();
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if is_known {
        headers.remove(header::CONTENT_TYPE);
    } else {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8"));
    }
    Ok(response)
}

async fn feed_of(shared: &Shared, owner: &FeedOwner) -> Result<ical::Feed, Refused> {
    let now = shared.app.clock.now();
    let zone = zone(&owner.time_zone)?;
    let today = week::day(&zone, now);
    let first = day_span(&zone, today.saturating_sub(DAYS_BACK.days()));
    let last = day_span(&zone, today.saturating_add(DAYS_AHEAD.days()));
    let of = shared.app.store.of(owner.institution);
    let lessons = of.own_lessons(owner.person, first.starts_at, last.ends_at).await?;
    let reader = Reader { person: owner.person, institution: owner.institution, region: owner.region };
    let since = Timestamp(now.micros().saturating_sub(NOTICES_WITHIN_US));
    let notices = shared.app.store.notices(reader, since, now, NOTICES_MAX).await?;
    let base_url = shared.app.options.base_url.as_deref().unwrap_or_default();
    let teller = Teller { base_url, language: owner.language.as_deref().unwrap_or(&owner.institution_language) };
    Ok(ical::Feed {
        name: owner.institution_name.clone(),
        refresh: REFRESH,
        lessons: lessons.into_iter().filter(|l| l.part != Part::Replaced).map(|l| teller.lesson(l)).collect(),
        announcements: notices.into_iter().filter_map(|notice| teller.notice(notice)).collect(),
    })
}

/// Writes events in their reader's language.
struct Teller<'a> {
    base_url: &'a str,
    language: &'a str,
}

impl Teller<'_> {
    fn lesson(&self, lesson: OwnLesson) -> LessonEvent {
        let mut lines = vec![lesson.group_name, lesson.trainer_name];
        if let Some(planned) = lesson.planned_trainer {
            lines.push(format!("{} {planned}", self.in_place_of()));
        }
        lines.extend(lesson.cancel_reason);
        let summary = if lesson.title == lesson.course_title || lesson.title.is_empty() {
            lesson.course_title
        } else {
            format!("{}: {}", lesson.course_title, lesson.title)
        };
        LessonEvent {
            text: EventText {
                uid: self.uid(&lesson.id.to_string()),
                sequence: sequence(lesson.version),
                modified: lesson.changed_at,
                summary,
                description: lines.join("\n"),
                url: format!("{}/", self.base_url),
            },
            span: Span { starts_at: lesson.starts_at, ends_at: lesson.ends_at },
            location: lesson.venue.unwrap_or_default(),
            status: if lesson.cancelled_at.is_some() { Status::Cancelled } else { Status::Confirmed },
        }
    }

    /// An announcement that is about a day.
    fn notice(&self, notice: Notice) -> Option<AnnouncementEvent> {
        let day: Date = notice.day?.parse().ok()?;
        Some(AnnouncementEvent {
            text: EventText {
                uid: self.uid(&notice.id.to_string()),
                sequence: sequence(notice.version),
                modified: notice.published_at,
                summary: notice.title,
                description: notice.body,
                url: format!("{}/", self.base_url),
            },
            from: day,
            until: day,
        })
    }

    fn uid(&self, id: &str) -> String {
        let host = self.base_url.split_once("://").map_or("qism", |(_, rest)| rest);
        let host = host.split(['/', ':']).next().filter(|host| !host.is_empty()).unwrap_or("qism");
        format!("{id}@{host}")
    }

    fn in_place_of(&self) -> &'static str {
        match self.language {
            "fr" => "À la place de",
            "en" => "In place of",
            _ => "عوض",
        }
    }
}

/// Versions count from 1, an event's sequence from 0 (RFC 5545 §3.8.7.4).
fn sequence(version: i64) -> u32 {
    u32::try_from(version.saturating_sub(1)).unwrap_or_default()
}

fn etag_of(text: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
    let half: String = digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("\"{half}\"")
}
