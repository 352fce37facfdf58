//! The first administrator, who comes by the link that the server prints.

use super::Shared;
use super::account::{Me, signed_in};
use super::browser::OwnBrowser;
use super::extract::JsonBody;
use super::problem::Refused;
use super::record::Fields;
use super::routes::{Access, Route};
use crate::auth::{FirstAdministrator, check_password};
use crate::protocol::Problem;
use crate::text::{Language, Name, SignInName, Title};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing::get;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![Route {
        path: "/api/setup",
        methods: &[("GET", Access::Anybody), ("POST", Access::Anybody)],
        handler: get(state).post(set_up),
    }]
}

#[derive(OpenApi)]
#[openapi(paths(state, set_up))]
pub(super) struct Described;

/// Whether the first administrator is still to be made.
#[derive(Serialize, ToSchema)]
pub struct SetupState {
    open: bool,
}

/// What makes the first institution and its administrator.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The secret from the link's fragment.
    secret: String,
    /// The administrator's own name.
    name: String,
    /// What they sign in with.
    sign_in: String,
    /// 10 to 128 characters.
    password: String,
    institution: FirstInstitution,
}

/// The institution that reaches all others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FirstInstitution {
    name: String,
    /// `ar`, `fr` or `en`.
    language: String,
    /// IANA name, for example `Africa/Casablanca`.
    time_zone: String,
}

/// Whether the first administrator is still to be made.
#[utoipa::path(get, path = "/api/setup", tag = "account", responses((status = 200, body = SetupState)))]
async fn state(State(shared): State<Shared>) -> Json<SetupState> {
    Json(SetupState { open: shared.app.auth.first_start_is_open() })
}

/// Makes the first institution, which reaches all others, and its administrator; signs them in in this browser. Of two
/// who ask at once one is served.
#[utoipa::path(
    post, path = "/api/setup", tag = "account", request_body = Setup,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn set_up(
    State(shared): State<Shared>,
    browser: OwnBrowser,
    JsonBody(asked): JsonBody<Setup>,
) -> Result<Response, Refused> {
    let auth = &shared.app.auth;
    auth.check_first_start(&asked.secret)?;
    let mut fields = Fields::default();
    let name = fields.take("name", Name::parse(&asked.name));
    let sign_in = fields.take("sign_in", SignInName::parse(&asked.sign_in));
    let institution = fields.take("institution.name", Title::parse(&asked.institution.name));
    let language = fields.take("institution.language", Language::parse(&asked.institution.language));
    if jiff::tz::TimeZone::get(&asked.institution.time_zone).is_err() {
        fields.fault("institution.time_zone", "unknown_zone", "Name a time zone such as Africa/Casablanca.");
    }
    let names = [asked.name.as_str(), &asked.sign_in, &asked.institution.name];
    fields.take("password", check_password(&asked.password, &names));
    fields.done()?;
    let (Some(name), Some(sign_in), Some(institution), Some(language)) = (name, sign_in, institution, language) else {
        return Err(Refused::bad_request("A field is missing."));
    };
    let (password, time_zone) = (asked.password, asked.institution.time_zone);
    let first = FirstAdministrator { name, sign_in, password, institution, language, time_zone };
    let secret = auth.first_start(&asked.secret, first, browser.browser()).await?;
    signed_in(&shared, &secret).await
}
