//! Applications for courses: what applicants do (`applying`), and what administrators decide.

mod applying;
mod telling;
mod throttle;

pub(super) use throttle::Throttle;

use super::Shared;
use super::acting::{Acting, Duty, Scope};
use super::extract::{Ids, JsonBody};
use super::idempotency::shown_once;
use super::problem::Refused;
use super::record::{Asked, Fields, IfMatch, Page, PageQuery, Versioned};
use super::routes::{Access, Route};
use crate::auth::new_id;
use crate::ids::{ApplicationId, CourseId, GroupId, InstitutionId, PersonId};
use crate::protocol::Problem;
use crate::store::{Application, ApplicationStatus, Change, ChangedBy, InstitutionStore, StoreError};
use crate::text::Paragraph;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// The longest reason of a refusal, in Unicode scalar values.
const REASON_CHARS_MAX: usize = 1_000;

/// How many move up at once: more than any course's places that come free together.
const MOVES_MAX: u32 = 1_000;

const READ: Access = Access::Within(Duty::Administrator, Some(Scope::ReadPeople));
const DECIDE: Access = Access::Within(Duty::Administrator, Some(Scope::WritePeople));

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route { path: "/api/institutions/{institution}/applications", methods: &[("GET", READ)], handler: get(list) },
        Route {
            path: "/api/institutions/{institution}/applications/{application}",
            methods: &[("GET", READ)],
            handler: get(one),
        },
        Route {
            path: "/api/institutions/{institution}/applications/{application}/decision",
            methods: &[("POST", DECIDE)],
            handler: post(decide),
        },
    ];
    routes.extend(applying::routes());
    routes
}

#[derive(OpenApi)]
#[openapi(paths(list, one, decide, applying::apply, applying::open, applying::withdraw, applying::account))]
pub(super) struct Described;

/// An application as administrators see it.
#[derive(Serialize, ToSchema)]
pub struct ApplicationCard {
    id: String,
    course: String,
    course_title: String,
    /// Whose it is, where they have an account.
    person: Option<String>,
    name: String,
    mail: Option<String>,
    phone: Option<String>,
    message: String,
    /// The language in which they applied.
    #[schema(value_type = String)]
    language: &'static str,
    /// `new`, `waiting`, `accepted`, `refused` or `withdrawn`.
    #[schema(value_type = String)]
    status: &'static str,
    reason: Option<String>,
    /// The group that they are in, or wait for.
    group: Option<String>,
    created_at: i64,
    decided_at: Option<i64>,
}

/// Which applications are asked for.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ApplicationQuery {
    /// The cursor `next` of the page before; absent for the first page.
    after: Option<String>,
    /// How many records, 1 to 200; 50 unless said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `new`, `waiting`, `accepted`, `refused` or `withdrawn`.
    status: Option<String>,
    /// Those for one course.
    course: Option<String>,
}

/// What is decided about an application that is new or waits.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// `accept`, `refuse` or `wait`.
    decision: String,
    /// The group that takes them in; of those who wait, the group that they wait for, or any where absent.
    group: Option<String>,
    /// Why they are refused: they read it. 1 to 1 000 characters.
    reason: Option<String>,
}

/// An application that was decided.
#[derive(Serialize, ToSchema)]
pub struct DecidedApplication {
    application: ApplicationCard,
    /// The link by which somebody who had no account sets their password: for who gives it to them by hand.
    account_link: Option<String>,
    /// Whether they were written to.
    mailed: bool,
}

fn card(application: Application) -> ApplicationCard {
    ApplicationCard {
        id: application.id.to_string(),
        course: application.course.to_string(),
        course_title: application.course_title,
        person: application.person.map(|person| person.to_string()),
        name: application.name,
        mail: application.mail,
        phone: application.phone,
        message: application.message,
        language: application.language.tag(),
        status: application.status.word(),
        reason: application.reason,
        group: application.group.map(|group| group.to_string()),
        created_at: application.created_at.micros(),
        decided_at: application.decided_at.map(Timestamp::micros),
    }
}

impl From<Application> for Versioned<ApplicationCard> {
    fn from(application: Application) -> Self {
        Self { version: application.version, record: card(application) }
    }
}

/// The institution's applications, the oldest first.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/applications", tag = "applications",
    params(("institution" = String, Path), ApplicationQuery),
    responses((status = 200, body = Page<ApplicationCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn list(acting: Acting, Asked(query): Asked<ApplicationQuery>) -> Result<Json<Page<ApplicationCard>>, Refused> {
    let page = PageQuery { after: query.after, limit: query.limit, search: None };
    let limit = page.limit()?;
    let mut fields = Fields::default();
    let status = query.status.map(|word| ApplicationStatus::parse(&word));
    if status == Some(None) {
        fields.fault("status", "unknown", "Name one of new, waiting, accepted, refused and withdrawn.");
    }
    let course = query.course.map(|course| course.parse::<CourseId>());
    if matches!(course, Some(Err(_))) {
        fields.fault("course", "unknown", "No course has this id.");
    }
    fields.done()?;
    let course = course.and_then(Result::ok);
    let found = acting.store.applications(status.flatten(), course, page.after()?, limit.saturating_add(1)).await?;
    Ok(Json(Page::of(found, limit, |one| (one.created_at.micros(), one.id.to_string()), card)))
}

/// One application.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/applications/{application}", tag = "applications",
    params(("institution" = String, Path), ("application" = String, Path)),
    responses((status = 200, body = ApplicationCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn one(
    acting: Acting,
    Ids(_, application): Ids<InstitutionId, ApplicationId>,
) -> Result<Versioned<ApplicationCard>, Refused> {
    Ok(there(&acting.store, application).await?.into())
}

/// Decides about an application; `If-Match` names the version. Who is accepted and has no account gets one.
#[utoipa::path(
    post, path = "/api/institutions/{institution}/applications/{application}/decision", tag = "applications",
    params(("institution" = String, Path), ("application" = String, Path), ("If-Match" = String, Header)),
    request_body = Decision,
    responses((status = 200, body = DecidedApplication), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn decide(
    acting: Acting,
    State(shared): State<Shared>,
    Ids(_, application): Ids<InstitutionId, ApplicationId>,
    IfMatch(version): IfMatch,
    JsonBody(asked): JsonBody<Decision>,
) -> Result<Response, Refused> {
    let before = there(&acting.store, application).await?;
    let mut fields = Fields::default();
    let group = asked.group.map(|group| group.parse::<GroupId>());
    if matches!(group, Some(Err(_))) {
        fields.fault("group", "unknown", "No group has this id.");
    }
    let group = group.and_then(Result::ok);
    let detail = serde_json::json!({ "course": before.course.to_string() });
    let decided = match asked.decision.as_str() {
        "accept" => {
            if group.is_none() {
                fields.fault("group", "empty", "Say which group takes them in.");
            }
            fields.done()?;
            let by = acting.change("application.accept", application, detail);
            let fresh = PersonId(new_id(acting.at)?);
            let group = group.ok_or_else(Refused::no_record)?;
            acting.store.accept_application(application, version, group, fresh, &by).await
        }
        "wait" => {
            fields.done()?;
            let by = acting.change("application.wait", application, detail);
            acting.store.put_on_waiting_list(application, version, group, &by).await
        }
        "refuse" => {
            let reason = asked.reason.unwrap_or_default();
            let reason = fields.take("reason", Paragraph::<REASON_CHARS_MAX>::parse(&reason));
            fields.done()?;
            let by = acting.change("application.refuse", application, detail);
            let reason = reason.map(String::from).unwrap_or_default();
            acting.store.refuse_application(application, version, &reason, &by).await
        }
        _ => {
            fields.fault("decision", "unknown", "Say accept, refuse or wait.");
            return fields.done().and(Err(Refused::no_record()));
        }
    };
    match decided {
        // Decided already, or withdrawn, is changed since who decides read it.
        Err(StoreError::Stale | StoreError::Conflict) => {
            return Err(Refused::stale(card(there(&acting.store, application).await?)));
        }
        Err(StoreError::Full) => {
            let mut fields = Fields::default();
            fields.fault("group", "full", "The group or the course has no place left: let them wait, or raise it.");
            return fields.done().and(Err(Refused::no_record()));
        }
        Err(StoreError::Missing) => {
            let mut fields = Fields::default();
            fields.fault("group", "unknown", "The course has no such group.");
            return fields.done().and(Err(Refused::no_record()));
        }
        decided => decided?,
    }
    let after = there(&acting.store, application).await?;
    let told = telling::tell(&shared, &acting.store, &after, acting.at).await?;
    let version = after.version;
    let record = DecidedApplication { application: card(after), account_link: told.account_link, mailed: told.mailed };
    let has_secret = record.account_link.is_some();
    let answer = Versioned { version, record };
    Ok(if has_secret { shown_once(answer) } else { answer.into_response() })
}

async fn there(store: &InstitutionStore, application: ApplicationId) -> Result<Application, Refused> {
    store.application(application).await?.ok_or_else(Refused::no_record)
}

/// Accepts those who wait longest for as long as a course has places: to be called whenever one may have come free.
pub(super) async fn move_up(shared: &Shared, store: &InstitutionStore, course: CourseId) -> Result<(), Refused> {
    for _ in 0..MOVES_MAX {
        let at = shared.app.clock.now();
        let by = Change {
            at,
            actor: ChangedBy::System,
            action: "application.move_up",
            subject: None,
            detail: serde_json::json!({ "course": course.to_string() }),
        };
        let moved = match store.move_up(course, PersonId(new_id(at)?), &by).await {
            // An archived course takes nobody.
            Err(StoreError::Missing) => None,
            moved => moved?,
        };
        let Some(moved) = moved else { return Ok(()) };
        let after = there(store, moved.id).await?;
        telling::tell(shared, store, &after, at).await?;
    }
    Ok(())
}
