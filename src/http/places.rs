//! From an invitation's link to a ticket: the calls before the WebSocket.

use super::extract::{Ids, JsonBody, header};
use super::problem::Refused;
use super::{Shared, cookie};
use crate::ids::{LessonId, ParticipantId};
use crate::protocol::{ErrorCode, InvitationCard, OpenInvitation, Problem, SessionCard, StartSession, Ticket};
use crate::signalling::is_own_origin;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Says what an invitation is for.
#[utoipa::path(
    post, path = "/api/invitations/open", tag = "places", request_body = OpenInvitation,
    responses((status = 200, body = InvitationCard), (status = "4XX", body = Problem))
)]
pub async fn open_invitation(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<OpenInvitation>,
) -> Result<Json<InvitationCard>, Refused> {
    let session = cookie::session(&headers, &shared.app.options);
    Ok(Json(shared.app.auth.open_invitation(&request.invitation, session).await?))
}

/// Accepts an invitation in this browser: a session, if it has none, and a place in the lesson.
#[utoipa::path(
    post, path = "/api/sessions", tag = "places", request_body = StartSession,
    responses((status = 200, body = SessionCard), (status = "4XX", body = Problem))
)]
pub async fn start_session(
    State(shared): State<Shared>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<StartSession>,
) -> Result<Response, Refused> {
    own_page(&headers, &shared)?;
    let options = &shared.app.options;
    let session = cookie::session(&headers, options);
    let (card, secret) = shared.app.auth.start_session(&request.invitation, request.name.as_deref(), session).await?;
    let mut response = Json(card).into_response();
    if let Some(cookie) = secret.and_then(|secret| cookie::set(&secret, options)) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The place that this browser's session holds.
#[utoipa::path(
    get, path = "/api/lessons/{lesson}/participants/{participant}", tag = "places",
    params(("lesson" = String, Path), ("participant" = String, Path)),
    responses((status = 200, body = SessionCard), (status = "4XX", body = Problem))
)]
pub async fn session_card(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Ids(lesson, participant): Ids<LessonId, ParticipantId>,
) -> Result<Json<SessionCard>, Refused> {
    let session = cookie::session(&headers, &shared.app.options).ok_or_else(Refused::no_session)?;
    Ok(Json(shared.app.auth.session_card(session, lesson, participant).await?))
}

/// A ticket for the WebSocket: single use, good for a minute.
#[utoipa::path(
    post, path = "/api/lessons/{lesson}/participants/{participant}/tickets", tag = "places",
    params(("lesson" = String, Path), ("participant" = String, Path)),
    responses((status = 200, body = Ticket), (status = "4XX", body = Problem))
)]
pub async fn issue_ticket(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Ids(lesson, participant): Ids<LessonId, ParticipantId>,
) -> Result<Json<Ticket>, Refused> {
    own_page(&headers, &shared)?;
    let session = cookie::session(&headers, &shared.app.options).ok_or_else(Refused::no_session)?;
    let ticket = shared.app.auth.issue_ticket(session, lesson, participant).await?;
    shared.app.insight.join_begun(participant);
    Ok(Json(ticket))
}

/// Refuses what a page of another origin asks with this browser's cookie.
pub fn own_page(headers: &HeaderMap, shared: &Shared) -> Result<(), Refused> {
    let base_url = shared.app.options.base_url.as_deref();
    if is_own_origin(header(headers, &header::ORIGIN), header(headers, &header::HOST), base_url) {
        return Ok(());
    }
    let detail = "Only this server's own pages may ask this.";
    Err(Refused::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, detail))
}
