//! What really happened in a lesson: the report, its exports, the sealed ledger behind it, and what is put right.
//!
//! Owns who sees names: an institution's own administrators, committee and the lesson's trainer do; whoever looks from
//! above does where their own account says so. Each look at a report with names, each export and each ledger that is
//! given out is noted in the institution's audit log.

mod cards;
mod correct;
mod csv;
mod export;
mod facts;
mod ledger;
mod many;
mod pdf;
mod table;
mod words;
mod xlsx;

pub(super) use facts::Facts;
pub(super) use many::Described as DescribedOfMany;

use super::acting::{Acting, Duty};
use super::extract::Ids;
use super::problem::Refused;
use super::routes::{Access, Route};
use crate::ids::{InstitutionId, LessonId};
use crate::protocol::Problem;
use axum::Json;
use axum::routing::{get, post};
use cards::ReportCard;
use serde_json::json;
use utoipa::OpenApi;

const READ: Access = Access::Within(Duty::Reports, None);
const CORRECT: Access = Access::Within(Duty::OwnAdministrator, None);

pub(super) fn routes() -> Vec<Route> {
    let mut routes = of_one_lesson();
    routes.extend(many::routes());
    routes
}

fn of_one_lesson() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/report",
            methods: &[("GET", READ)],
            handler: get(report),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/attendance.csv",
            methods: &[("GET", READ)],
            handler: get(export::csv),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/attendance.xlsx",
            methods: &[("GET", READ)],
            handler: get(export::xlsx),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/attendance.pdf",
            methods: &[("GET", READ)],
            handler: get(export::pdf),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/attendance/corrections",
            methods: &[("POST", CORRECT)],
            handler: post(correct::correct),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/ledger",
            methods: &[("GET", READ)],
            handler: get(ledger::file),
        },
        Route {
            path: "/api/institutions/{institution}/lessons/{lesson}/ledger/check",
            methods: &[("GET", READ)],
            handler: get(ledger::check),
        },
        Route { path: "/api/ledgers/{hash}", methods: &[("GET", Access::Anybody)], handler: get(ledger::known) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(
    report,
    export::csv,
    export::xlsx,
    export::pdf,
    correct::correct,
    ledger::file,
    ledger::check,
    ledger::known
))]
pub(super) struct Described;

/// What happened in a lesson and who was there, to the second: of a lesson that is over as it was sealed, of one on air so
/// far. People have names for those who may see them, and numbers for everybody.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/lessons/{lesson}/report", tag = "reports",
    params(("institution" = String, Path), ("lesson" = String, Path)),
    responses((status = 200, body = ReportCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn report(acting: Acting, Ids(_, lesson): Ids<InstitutionId, LessonId>) -> Result<Json<ReportCard>, Refused> {
    let facts = Facts::read(&acting, lesson).await?;
    if facts.named && facts.deleted_at.is_none() {
        looked(&acting, lesson, "report").await?;
    }
    Ok(Json(ReportCard::of(facts, acting.at)))
}

/// Notes a look at who was there.
async fn looked(acting: &Acting, lesson: LessonId, at: &'static str) -> Result<(), Refused> {
    let by = acting.change("attendance.look", lesson, json!({ "at": at }));
    Ok(acting.store.note_in_audit(&by).await?)
}
