//! From an invitation to a ticket.

use crate::support::{Lesson, Server};
use crate::{Headers, ask};
use qism::protocol::{ErrorCode, InvitationCard, Role, SessionCard, Ticket};

const JSON: (&str, &str) = ("content-type", "application/json");

fn start(lesson: &Lesson, name: &str) -> String {
    format!(r#"{{"invitation":"{}","name":"{name}"}}"#, lesson.trainee)
}

#[tokio::test]
async fn a_link_leads_to_a_ticket_and_a_reload_to_the_same_place() {
    let (server, schools) = Server::start().await;
    let router = &server.router;
    let open = format!(r#"{{"invitation":"{}"}}"#, schools.first.trainee);
    let card: InvitationCard = ask(router, "POST", "/api/invitations/open", &[JSON], &open).await.json();
    assert_eq!((card.role, card.asks_name, card.name), (Role::Trainee, true, None));
    let answer = ask(router, "POST", "/api/sessions", &[JSON], &start(&schools.first, "أمينة")).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("qism=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    let cookie = cookie.split(';').next().expect("its value").to_owned();
    let place: SessionCard = answer.json();
    assert_eq!(place.name, "أمينة");
    let with_cookie = [JSON, ("cookie", cookie.as_str())];
    let again = ask(router, "POST", "/api/sessions", &with_cookie, &start(&schools.first, "أمينة")).await;
    assert_eq!(again.header("set-cookie"), "", "the session holds");
    assert_eq!(again.json::<SessionCard>().participant, place.participant);
    let path = format!("/api/lessons/{}/participants/{}", place.lesson.id, place.participant);
    let card: SessionCard = ask(router, "GET", &path, &with_cookie, "").await.json();
    assert_eq!(card.participant, place.participant);
    let answer = ask(router, "POST", &format!("{path}/tickets"), &with_cookie, "").await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let ticket: Ticket = answer.json();
    assert_eq!(server.auth.redeem_ticket(&ticket.ticket).await.expect("good").participant, place.participant);
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_said() {
    let (server, schools) = Server::start().await;
    let good = start(&schools.first, "Amina");
    let cases: [(Headers<'_>, &str, u16, ErrorCode); 8] = [
        (&[], &good, 415, ErrorCode::BadRequest),
        (&[("content-type", "text/plain")], &good, 415, ErrorCode::BadRequest),
        (&[JSON], "{", 400, ErrorCode::BadMessage),
        (&[JSON], r#"{"invitation":"x","name":null,"more":1}"#, 400, ErrorCode::BadMessage),
        (&[JSON], r#"{"invitation":"x","name":null}"#, 404, ErrorCode::InvitationInvalid),
        (&[JSON], &start(&schools.first, "   "), 400, ErrorCode::NameInvalid),
        (&[JSON, ("origin", "http://evil.example")], &good, 403, ErrorCode::Forbidden),
        (&[JSON, ("origin", "http://class.example")], &start(&schools.first, ""), 400, ErrorCode::NameInvalid),
    ];
    for (headers, body, status, code) in cases {
        let answer = ask(&server.router, "POST", "/api/sessions", headers, body).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (status, code), "{headers:?} {body}");
    }
    let huge = format!(r#"{{"invitation":"{}","name":null}}"#, "x".repeat(100_000));
    let answer = ask(&server.router, "POST", "/api/sessions", &[JSON], &huge).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (413, ErrorCode::BadRequest));
}

#[tokio::test]
async fn an_id_that_is_none_names_nothing() {
    let (server, _) = Server::start().await;
    for path in ["/api/lessons/x/participants/y", "/api/nothing", "/nothing", "/..%2f..%2fetc/passwd"] {
        let answer = ask(&server.router, "GET", path, &[], "").await;
        assert_eq!(answer.status.as_u16(), 404, "{path}");
        answer.problem();
    }
    assert_eq!(ask(&server.router, "POST", "/whip/x", &[], "").await.status.as_u16(), 404);
}
