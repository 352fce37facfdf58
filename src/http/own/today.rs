//! A person's day, and their timetable.

use super::card::{OwnLessonCard, day, zone};
use crate::http::Shared;
use crate::http::acting::{Acting, SignedIn};
use crate::http::problem::Refused;
use crate::http::record::{Asked, Fields};
use crate::protocol::Problem;
use crate::schedule::week::{self, day_span};
use crate::schedule::{Span, Zone};
use crate::store::{Member, Notice, Part, Presence, Reader, Spending};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use utoipa::{IntoParams, ToSchema};

/// How far ahead the next lesson is looked for.
const NEXT_WITHIN: Duration = Duration::from_secs(14 * 24 * 3_600);

/// How long before now a lesson may have begun that is still under way.
const BEGUN_WITHIN: Duration = Duration::from_secs(12 * 3_600);

/// How many announcements stand on the page, and how old they may be.
const NOTICES: u32 = 5;
const NOTICES_WITHIN: Duration = Duration::from_secs(60 * 24 * 3_600);

/// The most days of a timetable: six weeks.
const TIMETABLE_DAYS_MAX: i32 = 42;

/// Which day.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DayQuery {
    /// As 2026-11-30; today at the institution unless said.
    day: Option<String>,
}

/// Which days.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DaysQuery {
    /// The first day, as 2026-11-30.
    from: String,
    /// The last day; at most six weeks in all.
    to: String,
}

/// Somebody's day.
#[derive(Serialize, ToSchema)]
pub struct Today {
    /// As 2026-11-30.
    day: String,
    /// IANA name of the zone in which it is that day.
    time_zone: String,
    /// The server's time.
    now: i64,
    lessons: Vec<OwnLessonCard>,
    /// The lesson that they should be in now, or the next one; of the next two weeks.
    next: Option<OwnLessonCard>,
    announcements: Notices,
    data: Data,
    /// Of the month; absent for who follows nothing.
    attendance: Option<MonthSum>,
    /// What an administrator or observer sees of their institution.
    institution: Option<InstitutionDay>,
}

/// The newest announcements.
#[derive(Serialize, ToSchema)]
pub struct Notices {
    unread: u32,
    items: Vec<NoticeCard>,
}

/// An announcement as its reader finds it.
#[derive(Serialize, ToSchema)]
pub struct NoticeCard {
    id: String,
    title: String,
    body: String,
    /// The day that it is about, as 2026-11-30.
    day: Option<String>,
    published_at: i64,
    is_read: bool,
}

/// What somebody spent this week.
#[derive(Serialize, ToSchema)]
pub struct Data {
    /// The week's first day.
    week: String,
    bytes: u64,
    /// What they want to spend in a week, in bytes.
    limit: Option<u64>,
}

/// Attendance over a month.
#[derive(Serialize, ToSchema)]
pub struct MonthSum {
    /// As 2026-11.
    pub month: String,
    pub present_minutes: i64,
    pub planned_minutes: i64,
}

/// An institution's day.
#[derive(Serialize, ToSchema)]
pub struct InstitutionDay {
    /// Those on air first; of a large institution, not all.
    lessons: Vec<OwnLessonCard>,
    total: u32,
    live: u32,
    cancelled: u32,
}

/// Somebody's lessons over some days.
#[derive(Serialize, ToSchema)]
pub struct OwnTimetable {
    time_zone: String,
    lessons: Vec<OwnLessonCard>,
}

/// What somebody has to do on a day: their lessons, the next one, announcements, what they spent and their attendance.
#[utoipa::path(
    get, path = "/api/me/today", tag = "own", params(DayQuery),
    responses((status = 200, body = Today), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn today(
    State(shared): State<Shared>,
    acting: Acting,
    SignedIn(member): SignedIn,
    Asked(query): Asked<DayQuery>,
) -> Result<Json<Today>, Refused> {
    let zone = zone(&member.time_zone)?;
    let mut fields = Fields::default();
    let asked = query.day.map_or_else(|| Some(week::day(&zone, acting.at)), |text| day(&mut fields, "day", &text));
    fields.done()?;
    let asked = asked.unwrap_or_default();
    let now = acting.at;
    let span = day_span(&zone, asked);
    let of = &acting.store;
    let lessons = of.own_lessons(member.person, span.starts_at, span.ends_at).await?;
    let next = of.next_lesson(member.person, now, before(now, BEGUN_WITHIN), now.plus(NEXT_WITHIN)).await?;
    let reader = Reader { person: member.person, institution: member.institution, region: member.region };
    let notices = shared.app.store.notices(reader, before(now, NOTICES_WITHIN), now, NOTICES).await?;
    let this_week = week::week(&zone, now, Weekday::Monday);
    let spending = of.spending(member.person, this_week.span.starts_at, this_week.span.ends_at).await?;
    let [first_day, ..] = this_week.days;
    Ok(Json(Today {
        day: asked.to_string(),
        time_zone: member.time_zone.clone(),
        now: now.micros(),
        attendance: month_sum(&acting, &member, &zone, &lessons.iter().map(|l| l.part).collect::<Vec<_>>()).await?,
        lessons: lessons.into_iter().map(Into::into).collect(),
        next: next.map(Into::into),
        announcements: notices_of(notices),
        data: data_of(first_day, spending),
        institution: institution_day(&acting, &member, span).await?,
    }))
}

/// Somebody's lessons over at most six weeks.
#[utoipa::path(
    get, path = "/api/me/timetable", tag = "own", params(DaysQuery),
    responses((status = 200, body = OwnTimetable), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn timetable(
    acting: Acting,
    SignedIn(member): SignedIn,
    Asked(query): Asked<DaysQuery>,
) -> Result<Json<OwnTimetable>, Refused> {
    let zone = zone(&member.time_zone)?;
    let mut fields = Fields::default();
    let (from, to) = (day(&mut fields, "from", &query.from), day(&mut fields, "to", &query.to));
    if let (Some(from), Some(to)) = (from, to) {
        let days = (to - from).get_days();
        if days < 0 {
            fields.fault("to", "before_start", "The last day is not before the first.");
        } else if days >= TIMETABLE_DAYS_MAX {
            fields.fault("to", "too_far", format!("Ask for {TIMETABLE_DAYS_MAX} days at most."));
        }
    }
    fields.done()?;
    let (from, to) = (day_span(&zone, from.unwrap_or_default()), day_span(&zone, to.unwrap_or_default()));
    let lessons = acting.store.own_lessons(member.person, from.starts_at, to.ends_at).await?;
    let lessons = lessons.into_iter().map(Into::into).collect();
    Ok(Json(OwnTimetable { time_zone: member.time_zone.clone(), lessons }))
}

/// The month that a day is in, from its first instant to the next one's.
pub(super) fn month_span(zone: &Zone, day: Date) -> Span {
    let next = day.last_of_month().saturating_add(1.day());
    let (first, next) = (day_span(zone, day.first_of_month()), day_span(zone, next));
    Span { starts_at: first.starts_at, ends_at: next.starts_at }
}

/// A month as 2026-11.
pub(super) fn month_word(day: Date) -> String {
    day.strftime("%Y-%m").to_string()
}

/// A month's attendance in minutes.
pub(super) fn sum_of(day: Date, presence: Presence) -> MonthSum {
    let minutes = |micros: i64| micros / 60_000_000;
    MonthSum {
        month: month_word(day),
        present_minutes: minutes(presence.present_us),
        planned_minutes: minutes(presence.planned_us),
    }
}

async fn month_sum(acting: &Acting, member: &Member, zone: &Zone, parts: &[Part]) -> Result<Option<MonthSum>, Refused> {
    if !member.roles.trainee && !parts.contains(&Part::Trainee) {
        return Ok(None);
    }
    let day = week::day(zone, acting.at);
    let span = month_span(zone, day);
    let presence = acting.store.presence(member.person, span.starts_at, span.ends_at).await?;
    Ok(Some(sum_of(day, presence)))
}

async fn institution_day(acting: &Acting, member: &Member, span: Span) -> Result<Option<InstitutionDay>, Refused> {
    if !member.roles.administrator && !member.roles.committee {
        return Ok(None);
    }
    let of = &acting.store;
    let lessons = of.lessons_overview(member.person, span.starts_at, span.ends_at).await?;
    let [total, live, cancelled] = of.lessons_count(span.starts_at, span.ends_at).await?;
    let lessons = lessons.into_iter().map(Into::into).collect();
    Ok(Some(InstitutionDay { lessons, total, live, cancelled }))
}

fn notices_of(notices: Vec<Notice>) -> Notices {
    let unread = notices.iter().filter(|notice| !notice.is_read).count();
    let items = notices.into_iter().map(|notice| NoticeCard {
        id: notice.id.to_string(),
        title: notice.title,
        body: notice.body,
        day: notice.day,
        published_at: notice.published_at.micros(),
        is_read: notice.is_read,
    });
    Notices { unread: u32::try_from(unread).unwrap_or(u32::MAX), items: items.collect() }
}

fn data_of(first_day: Date, spending: Spending) -> Data {
    Data { week: first_day.to_string(), bytes: spending.bytes, limit: spending.limit }
}

fn before(now: Timestamp, duration: Duration) -> Timestamp {
    Timestamp(now.micros().saturating_sub(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
}
