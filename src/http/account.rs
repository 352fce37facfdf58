//! Signing in and out, and who one is.

use super::acting::SignedIn;
use super::extract::{JsonBody, header};
use super::problem::Refused;
use super::routes::{Access, Route};
use super::{Shared, cookie, own, places};
use crate::auth::SignIn;
use crate::protocol::Problem;
use crate::store::{Member, Reach, Roles};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/sign-in", methods: &[("POST", Access::Anybody)], handler: post(sign_in) },
        Route { path: "/api/sign-out", methods: &[("POST", Access::Anybody)], handler: post(sign_out) },
        Route {
            path: "/api/me",
            methods: &[("GET", Access::SignedIn), ("PATCH", Access::SignedIn)],
            handler: get(me).patch(own::change_own),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(sign_in, sign_out, me))]
pub(super) struct Described;

/// What somebody brings to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Credentials {
    sign_in: String,
    password: String,
}

/// Who signed in.
#[derive(Serialize, ToSchema)]
pub struct Me {
    id: String,
    name: String,
    /// `ar`, `fr` or `en`, where they chose one.
    language: Option<String>,
    roles: RoleSet,
    institution: String,
    institution_name: String,
    region: String,
    /// Whose records they may see as an administrator or a committee: `institution`, `region` or `ministry`.
    #[schema(value_type = String)]
    reach: &'static str,
    /// IANA name.
    time_zone: String,
    has_second_factor: bool,
}

/// What somebody is at their institution.
#[derive(Clone, Copy, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleSet {
    pub trainer: bool,
    pub trainee: bool,
    pub committee: bool,
    pub administrator: bool,
}

impl From<Roles> for RoleSet {
    fn from(roles: Roles) -> Self {
        let Roles { trainer, trainee, committee, administrator } = roles;
        Self { trainer, trainee, committee, administrator }
    }
}

impl From<&Member> for Me {
    fn from(member: &Member) -> Self {
        Self {
            id: member.person.to_string(),
            name: member.name.clone(),
            language: member.language.clone(),
            roles: member.roles.into(),
            institution: member.institution.to_string(),
            institution_name: member.institution_name.clone(),
            region: member.region.to_string(),
            reach: Reach::word(member.reach),
            time_zone: member.time_zone.clone(),
            has_second_factor: member.has_second_factor,
        }
    }
}

/// Signs somebody in in this browser.
#[utoipa::path(
    post, path = "/api/sign-in", tag = "account", request_body = Credentials,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn sign_in(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<Credentials>,
) -> Result<Response, Refused> {
    places::own_page(&headers, &shared)?;
    let browser = header(&headers, &header::USER_AGENT).unwrap_or_default();
    let brought = SignIn { sign_in: &request.sign_in, password: &request.password, browser };
    let secret = shared.app.auth.sign_in(brought).await?;
    let member = shared.app.auth.member(&secret).await?.ok_or_else(Refused::not_signed_in)?;
    // Who came to a lesson by a link and signs in now stays in it.
    shared.app.auth.hand_over(cookie::session(&headers, &shared.app.options), member.session).await?;
    let mut response = Json(Me::from(&member)).into_response();
    if let Some(cookie) = cookie::set(&secret, &shared.app.options) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Ends this browser's session.
#[utoipa::path(
    post, path = "/api/sign-out", tag = "account",
    responses((status = 204, description = "No session is left"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn sign_out(State(shared): State<Shared>, headers: HeaderMap) -> Result<StatusCode, Refused> {
    places::own_page(&headers, &shared)?;
    if let Some(session) = cookie::session(&headers, &shared.app.options) {
        shared.app.auth.end_session(session).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who signed in in this browser.
#[utoipa::path(
    get, path = "/api/me", tag = "account",
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn me(SignedIn(member): SignedIn) -> Json<Me> {
    Json(Me::from(member.as_ref()))
}
