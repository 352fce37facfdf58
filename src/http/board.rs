//! The door to the committees' board.

use super::acting::SignedIn;
use super::problem::Refused;
use super::routes::{Access, Route};
use super::{Shared, cookie, places, service};
use crate::board::View;
use crate::protocol::{BOARD_SUBPROTOCOL, Problem};
use crate::signalling::{Upgrade, UpgradeRefusal};
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use utoipa::OpenApi;

pub(super) fn routes() -> Vec<Route> {
    vec![Route { path: "/api/board", methods: &[("GET", Access::Overseer)], handler: get(open) }]
}

#[derive(OpenApi)]
#[openapi(paths(open))]
pub(super) struct Described;

/// Opens the WebSocket of the board that docs/PROTOCOL.md describes: how the lessons of the reader's branch of the
/// country stand, for committees and administrators.
#[utoipa::path(
    get, path = "/api/board", tag = "alarms",
    responses(
        (status = 101, description = "The WebSocket is open"), (status = "4XX", body = Problem),
        (status = "5XX", body = Problem)
    )
)]
async fn open(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    headers: HeaderMap,
    upgrade: Option<Upgrade>,
) -> Result<Response, Refused> {
    places::own_page(&headers, &shared)?;
    let session = cookie::session(&headers, &shared.app.options).ok_or_else(Refused::not_signed_in)?;
    let view = View::of(&member).ok_or_else(Refused::forbidden)?;
    let upgrade = upgrade.ok_or(UpgradeRefusal::NoWebSocket);
    let opened = upgrade.and_then(|upgrade| shared.signalling.upgrade_board(upgrade, session.to_owned(), view));
    opened.map_err(|refusal| match refusal {
        UpgradeRefusal::Subprotocol => {
            Refused::bad_request(format!("Ask for the WebSocket subprotocol {BOARD_SUBPROTOCOL}."))
        }
        other => service::not_upgraded(other),
    })
}
