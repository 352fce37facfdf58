//! Signing in at a provider: the way there and back, and the identities of who signed in.

use super::acting::SignedIn;
use super::browser::OwnBrowser;
use super::extract::{Id, JsonBody, header};
use super::problem::Refused;
use super::record::{Asked, Page};
use super::routes::{Access, Route};
use super::{Shared, cookie};
use crate::auth::{Landed, NotLanded, Returned};
use crate::protocol::{ErrorCode, Problem};
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

/// Where people sign in.
const SIGN_IN: &str = "/sign-in";

/// Where people link their accounts at providers.
const ACCOUNT: &str = "/account";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/sign-in/providers", methods: &[("GET", Access::Anybody)], handler: get(providers) },
        Route { path: "/api/oidc/{provider}/start", methods: &[("GET", Access::Anybody)], handler: get(start) },
        Route { path: "/api/oidc/{provider}/callback", methods: &[("GET", Access::Anybody)], handler: get(callback) },
        Route {
            path: "/api/me/identities",
            methods: &[("GET", Access::SignedIn), ("POST", Access::SignedIn)],
            handler: get(identities).post(link),
        },
        Route {
            path: "/api/me/identities/{provider}",
            methods: &[("DELETE", Access::SignedIn)],
            handler: delete(unlink),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(providers, start, callback, identities, link, unlink))]
pub(super) struct Described;

/// A provider that people can sign in at.
#[derive(Serialize, ToSchema)]
pub struct SignInProvider {
    /// For `/api/oidc/{provider}/start`, where the browser goes.
    name: String,
    /// For its button.
    label: String,
}

/// Who one is at a provider.
#[derive(Serialize, ToSchema)]
pub struct IdentityCard {
    /// The provider's name, where it is still one.
    provider: Option<String>,
    label: String,
    #[schema(value_type = i64)]
    linked_at: Timestamp,
}

/// Which provider's account is to be linked.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewIdentity {
    provider: String,
}

/// Where the browser goes to show who it is.
#[derive(Serialize, ToSchema)]
pub struct GoTo {
    url: String,
}

/// Where people land once they signed in.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct StartQuery {
    /// A page of this server, for example `/week`; `/today` unless said.
    to: Option<String>,
}

/// What a provider sends along; it may be more.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackQuery {
    code: Option<String>,
    state: Option<String>,
    iss: Option<String>,
}

/// The providers that people can sign in at.
#[utoipa::path(
    get, path = "/api/sign-in/providers", tag = "account", responses((status = 200, body = Page<SignInProvider>))
)]
async fn providers(State(shared): State<Shared>) -> Json<Page<SignInProvider>> {
    let cards = shared.app.auth.providers().into_iter();
    let items = cards.map(|card| SignInProvider { name: card.name, label: card.label }).collect();
    Json(Page { items, next: None })
}

/// Sends the browser to a provider to sign in.
#[utoipa::path(
    get, path = "/api/oidc/{provider}/start", tag = "account", params(("provider" = String, Path), StartQuery),
    responses(
        (status = 303, description = "The provider's page, or the sign-in page with what went wrong as `problem`"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)
    )
)]
async fn start(
    State(shared): State<Shared>,
    Id(provider): Id<String>,
    Asked(query): Asked<StartQuery>,
) -> Result<Response, Refused> {
    match shared.app.auth.start_at_provider(&provider, query.to.as_deref(), None).await {
        Ok(started) => {
            let mut response = see_other(&started.url);
            set_cookie(&mut response, cookie::at_provider(&started.secret, &shared.app.options));
            Ok(response)
        }
        Err(refusal) => back(SIGN_IN, refusal.into()),
    }
}

/// Takes who comes back from a provider.
#[utoipa::path(
    get, path = "/api/oidc/{provider}/callback", tag = "account", params(("provider" = String, Path), CallbackQuery),
    responses(
        (status = 303, description = "The page they wanted; or with what went wrong as `problem` the sign-in page, and for who linked an account, theirs"),
        (status = "4XX", body = Problem), (status = "5XX", body = Problem)
    )
)]
async fn callback(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Id(provider): Id<String>,
    Asked(query): Asked<CallbackQuery>,
) -> Result<Response, Refused> {
    let options = &shared.app.options;
    let browser = crate::auth::Browser {
        says: header(&headers, &header::USER_AGENT).unwrap_or_default(),
        session: cookie::session(&headers, options),
        address: None,
    };
    let CallbackQuery { code, state, iss } = &query;
    let secret = cookie::returned_from_provider(&headers, options);
    let returned = Returned { code: code.as_deref(), state: state.as_deref(), issuer: iss.as_deref(), secret, browser };
    let mut response = match shared.app.auth.return_from_provider(&provider, returned).await {
        Ok(Landed { session, page }) => {
            let mut response = see_other(&page);
            set_cookie(&mut response, session.and_then(|session| cookie::set(&session, options)));
            response
        }
        Err(NotLanded { refusal, was_linking }) => back(if was_linking { ACCOUNT } else { SIGN_IN }, refusal.into())?,
    };
    set_cookie(&mut response, cookie::forget_provider(options));
    Ok(response)
}

/// Who one is at providers.
#[utoipa::path(
    get, path = "/api/me/identities", tag = "account",
    responses((status = 200, body = Page<IdentityCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn identities(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
) -> Result<Json<Page<IdentityCard>>, Refused> {
    let providers = shared.app.auth.providers();
    let known = shared.app.store.of(member.institution).identities_of(member.person).await?;
    let card = |identity: crate::store::Identity| {
        let provider = providers.iter().find(|provider| provider.issuer == identity.issuer);
        IdentityCard {
            provider: provider.map(|provider| provider.name.clone()),
            label: provider.map_or(identity.issuer, |provider| provider.label.clone()),
            linked_at: identity.linked_at,
        }
    };
    Ok(Json(Page { items: known.into_iter().map(card).collect(), next: None }))
}

/// Begins to link an account of a provider; the browser then goes where the answer says, and comes back to `/account`.
#[utoipa::path(
    post, path = "/api/me/identities", tag = "account", request_body = NewIdentity,
    responses((status = 200, body = GoTo), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn link(
    State(shared): State<Shared>,
    _: OwnBrowser,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<NewIdentity>,
) -> Result<Response, Refused> {
    let started = shared.app.auth.start_at_provider(&asked.provider, Some(ACCOUNT), Some(&member)).await?;
    let mut response = Json(GoTo { url: started.url }).into_response();
    set_cookie(&mut response, cookie::at_provider(&started.secret, &shared.app.options));
    Ok(response)
}

/// Unlinks one's account of a provider.
#[utoipa::path(
    delete, path = "/api/me/identities/{provider}", tag = "account", params(("provider" = String, Path)),
    responses((status = 204, description = "It is unlinked"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn unlink(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Id(provider): Id<String>,
) -> Result<StatusCode, Refused> {
    shared.app.auth.unlink_provider(&member, &provider).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Back to a page that says in people's language what went wrong; an address that is none stays one.
fn back(page: &str, refused: Refused) -> Result<Response, Refused> {
    match refused.code() {
        ErrorCode::NotFound => Err(refused),
        code => Ok(see_other(&format!("{page}?problem={}", code.word()))),
    }
}

fn see_other(url: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(url) = HeaderValue::from_str(url) {
        response.headers_mut().insert(header::LOCATION, url);
    }
    response
}

fn set_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}
