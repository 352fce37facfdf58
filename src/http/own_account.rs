//! What people change of their own account: name and language, password, and where they are signed in.

use super::account::Me;
use super::acting::SignedIn;
use super::extract::{Id, JsonBody};
use super::problem::Refused;
use super::record::{Fields, Page};
use super::routes::{Access, Route};
use super::{Shared, account};
use crate::ids::SessionId;
use crate::protocol::Problem;
use crate::store::{Change, ChangedBy, Member, MemberSession};
use crate::text::{Language, Name};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route {
            path: "/api/me",
            methods: &[("GET", Access::BeforeSecondFactor), ("PATCH", Access::SignedIn)],
            handler: get(account::me).patch(change),
        },
        Route { path: "/api/me/password", methods: &[("POST", Access::SignedIn)], handler: post(change_password) },
        Route { path: "/api/me/sessions", methods: &[("GET", Access::SignedIn)], handler: get(sessions) },
        Route {
            path: "/api/me/sessions/end-others",
            methods: &[("POST", Access::SignedIn)],
            handler: post(end_other_sessions),
        },
        Route {
            path: "/api/me/sessions/{session}",
            methods: &[("DELETE", Access::SignedIn)],
            handler: delete(end_session),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(change, change_password, sessions, end_session, end_other_sessions))]
pub(super) struct Described;

/// What somebody changes of their account; what is absent stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnChange {
    name: Option<String>,
    /// `ar`, `fr` or `en`.
    language: Option<String>,
}

/// A password that is changed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    /// The one until now; empty where there is none yet.
    current: String,
    /// 10 to 128 characters.
    new: String,
}

/// Where somebody is signed in.
#[derive(Serialize, ToSchema)]
pub struct OwnSession {
    id: String,
    /// What the browser says of itself.
    browser: String,
    #[schema(value_type = i64)]
    created_at: Timestamp,
    /// To some minutes.
    #[schema(value_type = i64)]
    last_seen_at: Timestamp,
    #[schema(value_type = i64)]
    expires_at: Timestamp,
    /// Whether it is the one that asks.
    current: bool,
}

/// Changes one's own name or language.
#[utoipa::path(
    patch, path = "/api/me", tag = "account", request_body = OwnChange,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<OwnChange>,
) -> Result<Json<Me>, Refused> {
    let mut fields = Fields::default();
    let name = asked.name.and_then(|name| fields.take("name", Name::parse(&name))).map(String::from);
    let language = asked.language.and_then(|language| fields.take("language", Language::parse(&language)));
    fields.done()?;
    let language = language.map(|language| language.tag().to_owned());
    let now = shared.app.clock.now();
    let actor = ChangedBy::Person(member.person);
    let detail = serde_json::json!({ "name": name.is_some(), "language": language });
    let by = Change { at: now, actor, action: "person.change_own", subject: Some(member.person.to_string()), detail };
    let of = shared.app.store.of(member.institution);
    of.change_own(member.person, name.as_deref(), language.as_deref(), &by).await?;
    let changed = Member {
        name: name.unwrap_or_else(|| member.name.clone()),
        language: language.or_else(|| member.language.clone()),
        ..member.as_ref().clone()
    };
    Ok(Json(Me::of(&changed, &shared.app.options)))
}

/// Changes one's own password, and ends all other sessions.
#[utoipa::path(
    post, path = "/api/me/password", tag = "account", request_body = PasswordChange,
    responses((status = 204, description = "It is changed"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn change_password(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<PasswordChange>,
) -> Result<StatusCode, Refused> {
    shared.app.auth.change_password(&member, &asked.current, &asked.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Where one is signed in; at most 100, on one page.
#[utoipa::path(
    get, path = "/api/me/sessions", tag = "account",
    responses((status = 200, body = Page<OwnSession>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn sessions(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Result<Json<Page<OwnSession>>, Refused> {
    let of = shared.app.store.of(member.institution);
    let sessions = of.sessions_of(member.person, shared.app.clock.now()).await?;
    let card = |session: MemberSession| OwnSession {
        id: session.id.to_string(),
        browser: session.browser,
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        current: session.id == member.session,
    };
    Ok(Json(Page { items: sessions.into_iter().map(card).collect(), next: None }))
}

/// Ends one of one's own sessions.
#[utoipa::path(
    delete, path = "/api/me/sessions/{session}", tag = "account", params(("session" = String, Path)),
    responses((status = 204, description = "It is ended"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn end_session(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Id(session): Id<SessionId>,
) -> Result<StatusCode, Refused> {
    let of = shared.app.store.of(member.institution);
    of.end_session_of(member.person, session, shared.app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's own sessions but the one that asks.
#[utoipa::path(
    post, path = "/api/me/sessions/end-others", tag = "account",
    responses((status = 204, description = "They are ended"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn end_other_sessions(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Result<StatusCode, Refused> {
    let of = shared.app.store.of(member.institution);
    of.end_sessions_of(member.person, Some(member.session), shared.app.clock.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
