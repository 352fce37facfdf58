//! For how long an institution keeps what it knows of people: anybody of it may know, its own administrators say it.

use super::acting::{Acting, Duty};
use super::extract::JsonBody;
use super::problem::Refused;
use super::record::{Fields, IfMatch, Versioned};
use super::routes::{Access, Route};
use crate::protocol::Problem;
use crate::retention::{Fault, Kind, Period};
use crate::store::{Retention, StoreError};
use axum::Json;
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

const SAY: Access = Access::Within(Duty::OwnAdministrator, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/institutions/{institution}/retention",
            methods: &[("GET", Access::Within(Duty::Anyone, None)), ("PATCH", SAY)],
            handler: get(said).patch(say),
        },
        Route {
            path: "/api/institutions/{institution}/retention/preview",
            methods: &[("POST", SAY)],
            handler: post(preview),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(said, say, preview))]
pub(super) struct Described;

/// How long an institution keeps what it knows of people (docs/RETENTION.md).
#[derive(Serialize, ToSchema)]
pub struct RetentionCard {
    /// Trainees count as minors where their group says nothing of it.
    minors: bool,
    /// Every kind of record, in a fixed order.
    kinds: Vec<KindCard>,
}

/// How long one kind of record is kept, in days.
#[derive(Serialize, ToSchema)]
pub struct KindCard {
    /// `room`, `quality`, `attendance`, `alarms`, `applications`, `mail`, `deliveries` or `audit`.
    #[schema(value_type = String)]
    kind: &'static str,
    days: u16,
    /// Where it is about minors; absent where that makes no difference.
    minors_days: Option<u16>,
    /// What holds where the institution says nothing.
    standard_days: u16,
    standard_minors_days: Option<u16>,
    /// The shortest and the longest that it may say.
    least: u16,
    most: u16,
}

/// What is to be changed; what is absent stays.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetentionChange {
    minors: Option<bool>,
    kinds: Option<Vec<KindChange>>,
}

/// The period that one kind of record is to have.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KindChange {
    kind: String,
    days: u16,
    /// Where it is about minors; for kinds in which that makes no difference, `days` or nothing.
    minors_days: Option<u16>,
}

/// What would be deleted by periods.
#[derive(Serialize, ToSchema)]
pub struct RetentionPreview {
    /// Kinds of which nothing would go are left out.
    kinds: Vec<KindDue>,
}

/// How much of one kind would be deleted.
#[derive(Serialize, ToSchema)]
pub struct KindDue {
    #[schema(value_type = String)]
    kind: &'static str,
    /// `lessons` whose records would go, or `rows`.
    #[schema(value_type = String)]
    of: &'static str,
    count: u64,
}

fn card(said: &Retention) -> RetentionCard {
    let kinds = Kind::ALL.map(|kind| {
        let (Period { days, minors_days }, standard) = (said.periods.of(kind), kind.standard());
        let (least, most) = kind.bounds();
        let knows = kind.knows_minors();
        KindCard {
            kind: kind.word(),
            days,
            minors_days: knows.then_some(minors_days),
            standard_days: standard.days,
            standard_minors_days: knows.then_some(standard.minors_days),
            least,
            most,
        }
    });
    RetentionCard { minors: said.minors, kinds: kinds.into() }
}

impl From<Retention> for Versioned<RetentionCard> {
    fn from(said: Retention) -> Self {
        Self { version: said.version, record: card(&said) }
    }
}

/// How long the institution keeps what: for everybody of it, whose data it is.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/retention", tag = "institutions",
    params(("institution" = String, Path)),
    responses((status = 200, body = RetentionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn said(acting: Acting) -> Result<Versioned<RetentionCard>, Refused> {
    Ok(there(&acting).await?.into())
}

/// Says how long the institution keeps what; `If-Match` names the version. What is older goes in the night that comes.
#[utoipa::path(
    patch, path = "/api/institutions/{institution}/retention", tag = "institutions",
    params(("institution" = String, Path), ("If-Match" = String, Header)), request_body = RetentionChange,
    responses((status = 200, body = RetentionCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn say(
    acting: Acting,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<RetentionChange>,
) -> Result<Versioned<RetentionCard>, Refused> {
    let wanted = Retention { version, ..changed(there(&acting).await?, asked)? };
    let periods: serde_json::Map<String, serde_json::Value> = Kind::ALL
        .into_iter()
        .map(|kind| (kind, wanted.periods.of(kind)))
        .map(|(kind, period)| (kind.word().to_owned(), serde_json::json!([period.days, period.minors_days])))
        .collect();
    let detail = serde_json::json!({ "minors": wanted.minors, "days": periods });
    let by = acting.change("institution.retention", acting.institution, detail);
    match acting.store.change_retention(&wanted, &by).await {
        Err(StoreError::Stale) => Err(Refused::stale(card(&there(&acting).await?))),
        changed => {
            changed.map(|()| Retention { version: version.saturating_add(1), ..wanted }.into()).map_err(Into::into)
        }
    }
}

/// What the next night would delete by these periods, before they are said.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/retention/preview", tag = "institutions",
    params(("institution" = String, Path)), request_body = RetentionChange,
    responses((status = 200, body = RetentionPreview), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn preview(
    acting: Acting,
    JsonBody(asked): JsonBody<RetentionChange>,
) -> Result<Json<RetentionPreview>, Refused> {
    let wanted = changed(there(&acting).await?, asked)?;
    let due = acting.store.retention_due(&wanted, acting.at).await?;
    let of = |kind| if matches!(kind, Kind::Room | Kind::Attendance | Kind::Quality) { "lessons" } else { "rows" };
    let kinds = Kind::ALL.into_iter().filter_map(|kind| Some((kind, *due.get(&kind)?)));
    let kinds = kinds.map(|(kind, count)| KindDue { kind: kind.word(), of: of(kind), count }).collect();
    Ok(Json(RetentionPreview { kinds }))
}

async fn there(acting: &Acting) -> Result<Retention, Refused> {
    acting.store.retention().await?.ok_or_else(Refused::no_record)
}

/// What will be said.
fn changed(mut said: Retention, asked: RetentionChange) -> Result<Retention, Refused> {
    let mut fields = Fields::default();
    said.minors = asked.minors.unwrap_or(said.minors);
    for (place, change) in asked.kinds.unwrap_or_default().into_iter().enumerate() {
        let Some(kind) =
            fields.word(&format!("kinds.{place}.kind"), &change.kind, Kind::parse(&change.kind), "unknown")
        else {
            continue;
        };
        let minors_days = change.minors_days.unwrap_or(change.days);
        said.periods.say(kind, Period { days: change.days, minors_days });
    }
    for (kind, fault) in said.periods.check().err().unwrap_or_default() {
        let (code, detail) = told(fault);
        fields.fault(kind.word(), code, detail);
    }
    fields.done().map(|()| said)
}

fn told(fault: Fault) -> (&'static str, String) {
    match fault {
        Fault::OutOfBounds { least, most } => ("out_of_range", format!("Say {least} to {most} days.")),
        Fault::LongerForMinors => {
            ("longer_for_minors", "What is about minors is kept no longer than what is about others.".into())
        }
        Fault::NotOfMinors => ("not_of_minors", "This is kept for as long whoever it is about.".into()),
        Fault::LongerThanAttendance => {
            ("longer_than_attendance", "A lesson's log is kept no longer than its attendance.".into())
        }
    }
}
