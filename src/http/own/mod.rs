//! What a person does with their own day: `/api/me/…`, their way into lessons, and what their calendar fetches.

mod attendance;
mod card;
mod feed;
mod guests;
mod lessons;
mod spending;
mod today;

use super::acting::Duty;
use super::routes::{Access, Route};
use axum::routing::{delete, get, post, put};
use utoipa::OpenApi;

const STAFF: Access = Access::Within(Duty::Staff, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/me/today", methods: &[("GET", Access::SignedIn)], handler: get(today::today) },
        Route { path: "/api/me/timetable", methods: &[("GET", Access::SignedIn)], handler: get(today::timetable) },
        Route { path: "/api/me/attendance", methods: &[("GET", Access::SignedIn)], handler: get(attendance::month) },
        Route { path: "/api/me/groups", methods: &[("GET", Access::SignedIn)], handler: get(lessons::groups) },
        Route { path: "/api/me/lessons", methods: &[("POST", Access::SignedIn)], handler: post(lessons::improvise) },
        Route {
            path: "/api/me/calendar-feed",
            methods: &[("GET", Access::SignedIn), ("POST", Access::SignedIn), ("DELETE", Access::SignedIn)],
            handler: get(feed::since).post(feed::create).delete(feed::revoke),
        },
        Route { path: "/api/me/data-limit", methods: &[("PUT", Access::SignedIn)], handler: put(spending::limit_data) },
        Route { path: "/calendar/{secret}", methods: &[("GET", Access::Anybody)], handler: get(feed::read) },
        Route {
            path: "/api/lessons/{lesson}/join",
            methods: &[("POST", Access::SignedIn)],
            handler: post(lessons::join),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/guest-links",
            methods: &[("GET", STAFF), ("POST", STAFF)],
            handler: get(guests::list).post(guests::create),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/guest-links/{link}",
            methods: &[("DELETE", STAFF)],
            handler: delete(guests::revoke),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(
    today::today,
    today::timetable,
    attendance::month,
    lessons::groups,
    lessons::improvise,
    lessons::join,
    feed::since,
    feed::create,
    feed::revoke,
    feed::read,
    guests::list,
    guests::create,
    guests::revoke,
    spending::limit_data,
))]
pub(super) struct Described;
