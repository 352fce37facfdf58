//! One's own second factor: an authenticator app, and the codes that stand in for a lost device.

use super::Shared;
use super::acting::SignedIn;
use super::extract::JsonBody;
use super::problem::Refused;
use super::routes::{Access, Route};
use crate::protocol::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/me/second-factor", methods: &[("POST", Access::BeforeSecondFactor)], handler: post(begin) },
        Route {
            path: "/api/me/second-factor/confirm",
            methods: &[("POST", Access::BeforeSecondFactor)],
            handler: post(confirm),
        },
        Route {
            path: "/api/me/second-factor/give",
            methods: &[("POST", Access::BeforeSecondFactor)],
            handler: post(give),
        },
        Route { path: "/api/me/second-factor/remove", methods: &[("POST", Access::SignedIn)], handler: post(remove) },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(begin, confirm, give, remove))]
pub(super) struct Described;

/// What an authenticator app must be told.
#[derive(Serialize, ToSchema)]
pub struct EnrolmentCard {
    /// In base32, to be typed.
    secret: String,
    /// `otpauth://totp/…`.
    uri: String,
    /// The URI as a QR code: its rows from top to bottom, `1` for each dark square and `0` for each light one, without a
    /// margin.
    qr: Vec<String>,
}

/// A code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Code {
    code: String,
}

/// The password, once more.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnPassword {
    password: String,
}

/// Codes that stand in for a lost device, each once. They are shown this one time.
#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    codes: Vec<String>,
}

/// Begins a second factor; it holds once its first code is confirmed.
#[utoipa::path(
    post, path = "/api/me/second-factor", tag = "account",
    responses((status = 200, body = EnrolmentCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn begin(State(shared): State<Shared>, SignedIn(member): SignedIn) -> Result<Json<EnrolmentCard>, Refused> {
    let enrolment = shared.app.auth.begin_second_factor(&member).await?;
    let qr = squares(&enrolment.uri);
    Ok(Json(EnrolmentCard { secret: enrolment.secret, uri: enrolment.uri, qr }))
}

/// Puts the second factor in force with its first code.
#[utoipa::path(
    post, path = "/api/me/second-factor/confirm", tag = "account", request_body = Code,
    responses((status = 200, body = RecoveryCodes), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn confirm(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<Code>,
) -> Result<Json<RecoveryCodes>, Refused> {
    Ok(Json(RecoveryCodes { codes: shared.app.auth.confirm_second_factor(&member, &asked.code).await? }))
}

/// Gives the second factor in a session that began without, at a sign-in provider for example.
#[utoipa::path(
    post, path = "/api/me/second-factor/give", tag = "account", request_body = Code,
    responses((status = 204, description = "It is given"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn give(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<Code>,
) -> Result<StatusCode, Refused> {
    shared.app.auth.give_second_factor(&member, &asked.code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes one's second factor away; the password is asked for once more.
#[utoipa::path(
    post, path = "/api/me/second-factor/remove", tag = "account", request_body = OwnPassword,
    responses((status = 204, description = "It is gone"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn remove(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<OwnPassword>,
) -> Result<StatusCode, Refused> {
    shared.app.auth.remove_second_factor(&member, &asked.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A QR code's rows; none where the text is too long for one, which is then typed.
fn squares(text: &str) -> Vec<String> {
    let Ok(code) = qrcode::QrCode::new(text) else { return Vec::new() };
    let row = |row: &[qrcode::Color]| row.iter().map(|color| color.select('1', '0')).collect();
    code.to_colors().chunks(code.width().max(1)).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_its_three_corners() {
        let rows = squares("otpauth://totp/Qism:salma?secret=ABC&issuer=Qism");
        assert!(rows.len() >= 21 && rows.iter().all(|row| row.len() == rows.len()));
        assert!(rows[0].starts_with("1111111") && rows[0].ends_with("1111111"));
        assert!(rows[rows.len() - 1].starts_with("1111111"));
        assert_eq!(squares(&"x".repeat(5_000)), Vec::<String>::new());
    }
}
