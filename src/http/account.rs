//! Signing in and out, and who one is.

use super::acting::{Lacking, SignedIn};
use super::browser::OwnBrowser;
use super::extract::JsonBody;
use super::problem::Refused;
use super::routes::{Access, Route};
use super::{HttpOptions, Shared, cookie, places};
use crate::auth::SignIn;
use crate::protocol::Problem;
use crate::store::{Member, Reach, Roles};
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/sign-in", methods: &[("POST", Access::Anybody)], handler: post(sign_in) },
        Route { path: "/api/sign-out", methods: &[("POST", Access::Anybody)], handler: post(sign_out) },
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
    /// The second factor's code, or one that stands in for it: needed where the answer without one is
    /// `second_factor_needed`.
    code: Option<String>,
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
    /// What is still missing before anything but this account's second factor can be reached: `code`, where one has a
    /// second factor and did not give it in this session; `enrol`, where one must have it; else absent.
    #[schema(value_type = Option<String>)]
    needs_second_factor: Option<&'static str>,
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

impl Me {
    pub(super) fn of(member: &Member, options: &HttpOptions) -> Self {
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
            needs_second_factor: options.second_factor.lacking(member).map(Lacking::word),
        }
    }
}

/// Answers who signed in, and gives the browser its session.
pub(super) async fn signed_in(shared: &Shared, secret: &str) -> Result<Response, Refused> {
    let options = &shared.app.options;
    let member = shared.app.auth.member(secret).await?.ok_or_else(Refused::not_signed_in)?;
    let mut response = Json(Me::of(&member, options)).into_response();
    if let Some(cookie) = cookie::set(secret, options) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// Signs somebody in in this browser.
#[utoipa::path(
    post, path = "/api/sign-in", tag = "account", request_body = Credentials,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn sign_in(
    State(shared): State<Shared>,
    browser: OwnBrowser,
    JsonBody(request): JsonBody<Credentials>,
) -> Result<Response, Refused> {
    let Credentials { sign_in, password, code } = &request;
    let brought = SignIn { sign_in, password, code: code.as_deref(), browser: browser.browser() };
    let secret = shared.app.auth.sign_in(brought).await?;
    signed_in(&shared, &secret).await
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
pub(super) async fn me(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Json<Me> {
    Json(Me::of(&member, &shared.app.options))
}
