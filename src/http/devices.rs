//! WHIP (RFC 9725) and WHEP (draft-ietf-wish-whep): encoders and players over plain HTTP.

use super::extract::{Id, Ids, header, text_body};
use super::problem::Refused;
use super::{Shared, sdp_fragment};
use crate::ids::{LessonId, ParticipantId};
use crate::protocol::{ErrorCode, Problem};
use crate::rooms::{DeviceKey, DeviceRefusal, Direction};
use crate::store::InvitationPurpose;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

const SDP: &str = "application/sdp";

/// Publishes to a lesson: the body is an SDP offer that only sends.
#[utoipa::path(
    post, path = "/whip/{lesson}", tag = "streams", params(("lesson" = String, Path)),
    request_body(content = String, content_type = "application/sdp"),
    responses(
        (status = 201, body = String, content_type = "application/sdp", description = "Location, ETag and the answer"),
        (status = "4XX", body = Problem)
    )
)]
pub async fn publish(
    State(shared): State<Shared>,
    Id(lesson): Id<LessonId>,
    request: Request,
) -> Result<Response, Refused> {
    connect(&shared, lesson, Direction::Publishes, request).await
}

/// Plays a lesson: the body is an SDP offer that only receives.
#[utoipa::path(
    post, path = "/whep/{lesson}", tag = "streams", params(("lesson" = String, Path)),
    request_body(content = String, content_type = "application/sdp"),
    responses(
        (status = 201, body = String, content_type = "application/sdp", description = "Location, ETag and the answer"),
        (status = "4XX", body = Problem)
    )
)]
pub async fn play(
    State(shared): State<Shared>,
    Id(lesson): Id<LessonId>,
    request: Request,
) -> Result<Response, Refused> {
    connect(&shared, lesson, Direction::Plays, request).await
}

async fn connect(
    shared: &Shared,
    lesson: LessonId,
    direction: Direction,
    request: Request,
) -> Result<Response, Refused> {
    let token = bearer(request.headers())?.to_owned();
    accepts(request.headers(), SDP)?;
    let (purpose, endpoint) = match direction {
        Direction::Publishes => (InvitationPurpose::Whip, "whip"),
        Direction::Plays => (InvitationPurpose::Whep, "whep"),
    };
    let offer = text_body(request, shared, SDP).await?;
    if offer.is_empty() {
        return Err(Refused::bad_request("The body is empty; send an SDP offer."));
    }
    let admission = shared.app.auth.admit_device(&token, lesson, purpose).await;
    let admission = admission.map_err(|refusal| unauthorised(refusal.into()))?;
    let session = shared.app.rooms.connect_device(&admission, direction, key(&token), &offer).await?;
    let mut response = (StatusCode::CREATED, session.answer).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(SDP));
    insert(headers, header::LOCATION, &format!("/{endpoint}/{lesson}/{}", session.device));
    insert(headers, header::ETAG, &format!("\"{}\"", session.etag));
    Ok(response)
}

/// Trickles a candidate or restarts ICE, with an `application/trickle-ice-sdpfrag`; WHEP's sessions take the same.
#[utoipa::path(
    patch, path = "/whip/{lesson}/{device}", tag = "streams",
    params(("lesson" = String, Path), ("device" = String, Path)),
    request_body(content = String, content_type = "application/trickle-ice-sdpfrag"),
    responses(
        (status = 200, body = String, content_type = "application/trickle-ice-sdpfrag", description = "ICE restarted"),
        (status = 204, description = "Taken"),
        (status = "4XX", body = Problem)
    )
)]
pub async fn change(
    State(shared): State<Shared>,
    Ids(lesson, device): Ids<LessonId, ParticipantId>,
    request: Request,
) -> Result<Response, Refused> {
    let key = key(bearer(request.headers())?);
    let etag = if_match(request.headers())?;
    let text = text_body(request, &shared, sdp_fragment::CONTENT_TYPE).await?;
    let fragment = sdp_fragment::parse(&text).map_err(Refused::bad_request)?;
    let restarted =
        shared.app.rooms.device_ice(lesson, device, key, etag, fragment.credentials).await.map_err(refused)?;
    let Some(ice) = restarted else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let mut response = sdp_fragment::answer(&ice).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(sdp_fragment::CONTENT_TYPE));
    insert(headers, header::ETAG, &format!("\"{}\"", ice.credentials.ufrag));
    Ok(response)
}

/// Ends the session; WHEP's sessions take the same.
#[utoipa::path(
    delete, path = "/whip/{lesson}/{device}", tag = "streams",
    params(("lesson" = String, Path), ("device" = String, Path)),
    responses((status = 200, description = "Ended"), (status = "4XX", body = Problem))
)]
pub async fn end(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Ids(lesson, device): Ids<LessonId, ParticipantId>,
) -> Result<StatusCode, Refused> {
    let key = key(bearer(&headers)?);
    shared.app.rooms.device_leaves(lesson, device, key).await.map_err(refused)?;
    Ok(StatusCode::OK)
}

/// RFC 9725 §4.2: says what a POST takes, and lets pages of other origins ask.
pub async fn endpoint_options() -> Response {
    let methods = [(header::ACCESS_CONTROL_ALLOW_METHODS, "POST, OPTIONS"), (header::ALLOW, "POST, OPTIONS")];
    let mut response = (StatusCode::NO_CONTENT, methods).into_response();
    response.headers_mut().insert("accept-post", HeaderValue::from_static(SDP));
    preflight(response)
}

pub async fn session_options() -> Response {
    const METHODS: &str = "PATCH, DELETE, OPTIONS";
    let methods = [(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS), (header::ALLOW, METHODS)];
    let mut response = (StatusCode::NO_CONTENT, methods).into_response();
    response.headers_mut().insert("accept-patch", HeaderValue::from_static(sdp_fragment::CONTENT_TYPE));
    preflight(response)
}

fn preflight(mut response: Response) -> Response {
    let headers = response.headers_mut();
    let allowed = HeaderValue::from_static("Authorization, Content-Type, If-Match");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    response
}

/// RFC 6750 §2.1.
fn bearer(headers: &HeaderMap) -> Result<&str, Refused> {
    let found = header(headers, &header::AUTHORIZATION).and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    found.filter(|token| !token.is_empty()).ok_or_else(|| {
        let detail = "Send the lesson's token as Authorization: Bearer.";
        Refused::new(StatusCode::UNAUTHORIZED, ErrorCode::InvitationInvalid, detail)
    })
}

/// What a session keeps of its token.
fn key(token: &str) -> DeviceKey {
    let digest = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    let mut key = [0; 32];
    key.copy_from_slice(digest.as_ref());
    DeviceKey(key)
}

/// RFC 9725 §4.3.2 and §4.3.3: an ICE session's entity tag, or nothing where any will do (`*`).
fn if_match(headers: &HeaderMap) -> Result<Option<String>, Refused> {
    let Some(value) = header(headers, &header::IF_MATCH).map(str::trim) else {
        let detail = "Send the session's ETag, or *, as If-Match.";
        return Err(Refused::new(StatusCode::PRECONDITION_REQUIRED, ErrorCode::BadRequest, detail));
    };
    if value == "*" {
        return Ok(None);
    }
    // Anything but one strong tag matches nothing.
    let tag = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    Ok(Some(tag.unwrap_or_default().to_owned()))
}

/// Whether the client takes what it would be sent.
fn accepts(headers: &HeaderMap, content_type: &str) -> Result<(), Refused> {
    let Some(accept) = header(headers, &header::ACCEPT) else { return Ok(()) };
    let kind = content_type.split('/').next().unwrap_or_default();
    let taken = accept.split(',').any(|range| {
        let range = range.split(';').next().unwrap_or_default().trim();
        range == "*/*" || range.eq_ignore_ascii_case(content_type) || range.strip_suffix("/*") == Some(kind)
    });
    if taken {
        return Ok(());
    }
    let detail = format!("The answer is {content_type}, which Accept leaves out.");
    Err(Refused::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, detail))
}

/// A token that does not hold is missing authorisation here, not a missing page.
fn unauthorised(refused: Refused) -> Refused {
    match refused.code() {
        ErrorCode::InvitationInvalid => refused.with_status(StatusCode::UNAUTHORIZED),
        _ => refused,
    }
}

fn refused(refusal: DeviceRefusal) -> Refused {
    let detail = refusal.to_string();
    match refusal {
        DeviceRefusal::NotFound => Refused::new(StatusCode::NOT_FOUND, ErrorCode::PeerUnknown, detail),
        DeviceRefusal::WrongToken => Refused::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, detail),
        DeviceRefusal::StaleEtag => Refused::new(StatusCode::PRECONDITION_FAILED, ErrorCode::BadRequest, detail),
        DeviceRefusal::Refused(refusal) => refusal.into(),
    }
}

fn insert(headers: &mut HeaderMap, name: header::HeaderName, value: &str) {
    // Ids, and tags of hexadecimal digits: always valid.
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}
