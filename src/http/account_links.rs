//! Links by which somebody sets their password.

use super::Shared;
use super::account::{Me, signed_in};
use super::browser::OwnBrowser;
use super::extract::JsonBody;
use super::problem::Refused;
use super::routes::{Access, Route};
use crate::auth::AcceptLink;
use crate::protocol::Problem;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/account-links/open", methods: &[("POST", Access::Invitation)], handler: post(open) },
        Route { path: "/api/account-links/accept", methods: &[("POST", Access::Invitation)], handler: post(accept) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(open, accept))]
pub(super) struct Described;

/// A link's secret, from its fragment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenAccountLink {
    secret: String,
}

/// Whose link it is.
#[derive(Serialize, ToSchema)]
pub struct AccountLinkCard {
    name: String,
    /// What they sign in with, where that is set.
    sign_in: Option<String>,
    institution: String,
    #[schema(value_type = i64)]
    expires_at: Timestamp,
}

/// What sets the password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptAccountLink {
    secret: String,
    /// 10 to 128 characters.
    password: String,
    /// The second factor's code: needed where the answer without one is `second_factor_needed`.
    code: Option<String>,
}

/// Says whose link it is.
#[utoipa::path(
    post, path = "/api/account-links/open", tag = "account", request_body = OpenAccountLink,
    responses((status = 200, body = AccountLinkCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn open(
    State(shared): State<Shared>,
    JsonBody(asked): JsonBody<OpenAccountLink>,
) -> Result<Json<AccountLinkCard>, Refused> {
    let link = shared.app.auth.open_account_link(&asked.secret).await?;
    let (name, sign_in, institution, expires_at) = (link.name, link.sign_in, link.institution_name, link.expires_at);
    Ok(Json(AccountLinkCard { name, sign_in, institution, expires_at }))
}

/// Sets the password of the link's person, ends their sessions elsewhere, and signs them in in this browser.
#[utoipa::path(
    post, path = "/api/account-links/accept", tag = "account", request_body = AcceptAccountLink,
    responses((status = 200, body = Me), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn accept(
    State(shared): State<Shared>,
    browser: OwnBrowser,
    JsonBody(asked): JsonBody<AcceptAccountLink>,
) -> Result<Response, Refused> {
    let AcceptAccountLink { secret, password, code } = &asked;
    let accept = AcceptLink { secret, password, code: code.as_deref(), browser: browser.browser() };
    let secret = shared.app.auth.accept_account_link(accept).await?;
    signed_in(&shared, &secret).await
}
