//! How people get in: the first of all, those who were sent a link, and those who have a password.

use crate::support::members::{Member, TRAINEE};
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use axum::extract::ConnectInfo;
use qism::auth::{Secret, new_id};
use qism::http::{AppState, HttpOptions, router};
use qism::ids::AccountLinkId;
use qism::protocol::{ErrorCode, Problem};
use qism::store::NewAccountLink;
use qism::time::Clock;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PASSWORD: &str = "une phrase de tous les jours";

pub async fn post(router: &axum::Router, path: &str, cookie: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("cookie", cookie)];
    ask(router, "POST", path, &headers, &body.to_string()).await
}

pub async fn get(router: &axum::Router, path: &str, cookie: &str) -> Answer {
    ask(router, "GET", path, &[("cookie", cookie)], "").await
}

/// The session's cookie that an answer sets.
pub fn cookie(answer: &Answer) -> String {
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
    cookie.split(';').next().expect("a cookie").to_owned()
}

/// The fields that an answer complains about, and the words.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), ErrorCode::FieldsInvalid, "{}", answer.text());
    answer.json::<Problem>().fields.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

fn setup(secret: &str, sign_in: &str) -> Value {
    json!({
        "secret": secret, "name": "رشيد العلوي", "sign_in": sign_in, "password": PASSWORD,
        "institution": { "name": "قطاع التكوين المهني", "language": "ar", "time_zone": "Africa/Casablanca" },
    })
}

/// A link by which somebody sets their password.
async fn link(server: &Server, member: Member, lifetime: Duration) -> String {
    let now = server.clock.now();
    let secret = Secret::random().expect("randomness");
    let id = AccountLinkId(new_id(now).expect("randomness"));
    let link = NewAccountLink { id, person: member.person, expires_at: now.plus(lifetime) };
    let of = server.store.of(member.institution);
    of.create_account_link(&link, &secret.hash(), None, &server.by_the_system("link.create")).await.expect("a link");
    secret.text()
}

/// Somebody who set their password: what they sign in with, and the cookie they got then.
pub async fn person(server: &Server, member: Member) -> (String, String) {
    let secret = link(server, member, Duration::from_secs(3_600)).await;
    let body = json!({ "secret": secret, "password": PASSWORD });
    let cookie = cookie(&post(&server.router, "/api/account-links/accept", "", &body).await);
    (format!("member-{}", member.person), cookie)
}

async fn trainee() -> (Server, Schools, Member) {
    let (server, schools) = Server::start().await;
    let member = server.member(schools.first.institution, TRAINEE).await;
    (server, schools, member)
}

pub async fn sign_in(router: &axum::Router, sign_in: &str, password: &str) -> Answer {
    post(router, "/api/sign-in", "", &json!({ "sign_in": sign_in, "password": password })).await
}

#[tokio::test]
async fn the_first_administrator_comes_by_the_printed_link_and_nobody_after_them() {
    let (server, _) = Server::start().await;
    let is_open = async || get(&server.router, "/api/setup", "").await.json::<Value>()["open"].as_bool();
    assert_eq!(is_open().await, Some(false), "no link was printed");
    let secret = server.auth.offer_first_start().await.expect("an answer").expect("there is no administrator");
    assert_eq!(is_open().await, Some(true));
    let other = Secret::random().expect("randomness").text();
    let refused = post(&server.router, "/api/setup", "", &setup(&other, "rachid")).await;
    assert_eq!(refused.problem(), ErrorCode::InvitationInvalid);

    let answer = post(&server.router, "/api/setup", "", &setup(&secret, "Rachid")).await;
    let cookie = cookie(&answer);
    let me: Value = get(&server.router, "/api/me", &cookie).await.json();
    assert_eq!((me["reach"].as_str(), me["roles"]["administrator"].as_bool()), (Some("ministry"), Some(true)));
    assert_eq!((me["institution_name"].as_str(), me["language"].as_str()), (Some("قطاع التكوين المهني"), Some("ar")));
    assert_eq!(is_open().await, Some(false));
    let again = post(&server.router, "/api/setup", "", &setup(&secret, "somebody.else")).await;
    assert_eq!(again.problem(), ErrorCode::InvitationInvalid);
    assert_eq!(server.auth.offer_first_start().await.expect("an answer"), None);
    assert_eq!(sign_in(&server.router, "rachid", PASSWORD).await.status.as_u16(), 200);
}

#[tokio::test]
async fn of_two_first_administrators_at_once_one_is_made() {
    let (server, _) = Server::start().await;
    let secret = server.auth.offer_first_start().await.expect("an answer").expect("there is no administrator");
    let (one, other) = (setup(&secret, "rachid"), setup(&secret, "rachid"));
    let (one, other) =
        tokio::join!(post(&server.router, "/api/setup", "", &one), post(&server.router, "/api/setup", "", &other));
    let mut statuses = [one.status.as_u16(), other.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses[0] == 200 && [404, 409].contains(&statuses[1]), "{statuses:?}");
}

#[tokio::test]
async fn what_the_first_administrator_mistyped_is_said_by_field_and_can_be_sent_again() {
    let (server, _) = Server::start().await;
    let secret = server.auth.offer_first_start().await.expect("an answer").expect("there is no administrator");
    let bad = json!({
        "secret": secret, "name": "م".repeat(10_000), "sign_in": "r", "password": "1234567890",
        "institution": { "name": "a\u{202E}b", "language": "xx", "time_zone": "Africa/Nowhere" },
    });
    let answer = post(&server.router, "/api/setup", "", &bad).await;
    let expected = [
        ("name", "too_long"),
        ("sign_in", "sign_in_too_short"),
        ("institution.name", "bidi_control"),
        ("institution.language", "unknown_language"),
        ("institution.time_zone", "unknown_zone"),
        ("password", "password_common"),
    ];
    assert_eq!(faults(&answer), expected.map(|(field, word)| (field.to_owned(), word.to_owned())));
    cookie(&post(&server.router, "/api/setup", "", &setup(&secret, "rachid")).await);
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_ends_sessions_elsewhere() {
    let (server, _, member) = trainee().await;
    let elsewhere = server.cookie(member).await;
    let secret = link(&server, member, Duration::from_secs(60)).await;
    let card = post(&server.router, "/api/account-links/open", "", &json!({ "secret": secret })).await;
    assert_eq!(card.json::<Value>()["name"], "Salma Ouchen");
    let accept = async |password: &str| {
        let body = json!({ "secret": secret, "password": password });
        post(&server.router, "/api/account-links/accept", "", &body).await
    };
    assert_eq!(faults(&accept("short").await), [("password".into(), "password_too_short".into())]);
    assert_eq!(faults(&accept("Salma-Ouchen-1").await), [("password".into(), "password_own_name".into())]);
    let here = cookie(&accept(PASSWORD).await);
    assert_eq!(get(&server.router, "/api/me", &here).await.status.as_u16(), 200);
    assert_eq!(get(&server.router, "/api/me", &elsewhere).await.problem(), ErrorCode::NotSignedIn);
    assert_eq!(accept(PASSWORD).await.problem(), ErrorCode::LinkUsed);
    let opened = post(&server.router, "/api/account-links/open", "", &json!({ "secret": secret })).await;
    assert_eq!(opened.problem(), ErrorCode::LinkUsed);
    let late = link(&server, member, Duration::from_secs(60)).await;
    server.clock.advance(Duration::from_secs(61));
    let opened = post(&server.router, "/api/account-links/open", "", &json!({ "secret": late })).await;
    assert_eq!(opened.problem(), ErrorCode::LinkExpired);
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "how long an answer takes is what is looked at")]
async fn a_wrong_password_and_an_unknown_account_look_the_same() {
    let (server, _, member) = trainee().await;
    let (name, _) = person(&server, member).await;
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..5 {
        for (index, name) in [name.as_str(), "nobody.at.all"].into_iter().enumerate() {
            // Each round is its own quarter of an hour, so that nobody waits.
            server.clock.advance(Duration::from_secs(900));
            let begun = Instant::now();
            let answer = sign_in(&server.router, name, &format!("not the password {round}")).await;
            times[index].push(begun.elapsed());
            let problem: Problem = answer.json();
            assert_eq!((answer.status.as_u16(), problem.code), (401, ErrorCode::SignInFailed));
            assert_eq!(problem.detail, "the sign-in name, the password or the code is wrong");
        }
    }
    let [known, unknown] = times.map(|mut times| {
        times.sort_unstable();
        times[0]
    });
    // A lookup alone takes a hundredth of a hash.
    assert!(known < unknown * 4 && unknown < known * 4, "{known:?} and {unknown:?}");
}

#[tokio::test]
async fn who_fails_often_waits_and_a_right_password_ends_it() {
    let (server, _, member) = trainee().await;
    let (name, _) = person(&server, member).await;
    for name in [name.as_str(), "nobody.at.all"] {
        for _ in 0..5 {
            assert_eq!(sign_in(&server.router, name, "not the password").await.problem(), ErrorCode::SignInFailed);
        }
        let answer = sign_in(&server.router, name, PASSWORD).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (429, ErrorCode::RateLimited), "however right it is");
        assert_eq!(answer.header("retry-after"), "1");
    }
    server.clock.advance(Duration::from_secs(1));
    assert_eq!(sign_in(&server.router, &name.to_uppercase(), PASSWORD).await.status.as_u16(), 200);
    assert_eq!(sign_in(&server.router, &name, "not the password").await.problem(), ErrorCode::SignInFailed);
    assert_eq!(sign_in(&server.router, &name, PASSWORD).await.status.as_u16(), 200, "it counts from the start again");
}

#[tokio::test]
async fn an_address_that_tries_many_accounts_waits_and_others_do_not() {
    let (server, _, _) = trainee().await;
    let trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    let options = Arc::new(HttpOptions { trusted_proxies, ..HttpOptions::default() });
    let router = router(AppState { options, ..server.state.clone() });
    let proxy: SocketAddr = "127.0.0.1:40000".parse().expect("an address");
    let router = router.layer(axum::Extension(ConnectInfo(proxy)));
    let attempt = async |number: usize, from: &str| {
        let body = json!({ "sign_in": format!("account-{number}"), "password": "x" });
        let headers = [("content-type", "application/json"), ("x-forwarded-for", from)];
        ask(&router, "POST", "/api/sign-in", &headers, &body.to_string()).await.status.as_u16()
    };
    for number in 0..200 {
        assert_eq!(attempt(number, "198.51.100.1").await, 401);
    }
    assert_eq!(attempt(200, "198.51.100.1").await, 429);
    assert_eq!(attempt(200, "198.51.100.2").await, 401);
}

#[tokio::test]
async fn a_password_is_changed_with_the_one_before_and_ends_other_sessions() {
    let (server, _, member) = trainee().await;
    let (name, here) = person(&server, member).await;
    let elsewhere = server.cookie(member).await;
    let change = async |current: &str, new: &str| {
        let body = json!({ "current": current, "new": new });
        post(&server.router, "/api/me/password", &here, &body).await
    };
    assert_eq!(faults(&change("not it", "une autre phrase longue").await), [("current".into(), "wrong".into())]);
    assert_eq!(faults(&change(PASSWORD, "short").await), [("new".into(), "password_too_short".into())]);
    assert_eq!(change(PASSWORD, "une autre phrase longue").await.status.as_u16(), 204);
    assert_eq!(get(&server.router, "/api/me", &here).await.status.as_u16(), 200);
    assert_eq!(get(&server.router, "/api/me", &elsewhere).await.status.as_u16(), 401);
    assert_eq!(sign_in(&server.router, &name, PASSWORD).await.status.as_u16(), 401);
    assert_eq!(sign_in(&server.router, &name, "une autre phrase longue").await.status.as_u16(), 200);
}

#[tokio::test]
async fn sessions_are_listed_and_ended() {
    let (server, schools, member) = trainee().await;
    let here = server.cookie(member).await;
    let elsewhere = server.cookie(member).await;
    let list = async || get(&server.router, "/api/me/sessions", &here).await.json::<Value>()["items"].clone();
    let listed = list().await;
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 2);
    let other = listed.iter().find(|session| session["current"] == false).expect("the other");
    let path = format!("/api/me/sessions/{}", other["id"].as_str().expect("an id"));
    let stranger = server.member(schools.first.institution, TRAINEE).await;
    let strangers = server.cookie(stranger).await;
    let end =
        async |cookie: &str| ask(&server.router, "DELETE", &path, &[("cookie", cookie)], "").await.status.as_u16();
    assert_eq!(end(&strangers).await, 404);
    assert_eq!(end(&here).await, 204);
    assert_eq!(get(&server.router, "/api/me", &elsewhere).await.status.as_u16(), 401);
    let third = server.cookie(member).await;
    assert_eq!(post(&server.router, "/api/me/sessions/end-others", &here, &json!({})).await.status.as_u16(), 204);
    assert_eq!(get(&server.router, "/api/me", &third).await.status.as_u16(), 401);
    assert_eq!(list().await.as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_session_notes_now_and_then_that_it_is_used() {
    let (server, _, member) = trainee().await;
    let here = server.cookie(member).await;
    let seen = async || {
        let sessions: Value = get(&server.router, "/api/me/sessions", &here).await.json();
        sessions["items"][0]["last_seen_at"].as_i64().expect("a time")
    };
    let first = seen().await;
    server.clock.advance(Duration::from_secs(200));
    assert_eq!(seen().await, first);
    server.clock.advance(Duration::from_secs(200));
    assert!(seen().await >= first + 400_000_000);
}

#[tokio::test]
async fn signing_in_gives_a_new_session_and_ends_the_browsers_old_one() {
    let (server, schools, member) = trainee().await;
    let (name, first) = person(&server, member).await;
    let body = json!({ "sign_in": name, "password": PASSWORD });
    let second = cookie(&post(&server.router, "/api/sign-in", &first, &body).await);
    assert_ne!(first, second);
    assert_eq!(get(&server.router, "/api/me", &first).await.status.as_u16(), 401);
    let guest = server.visitor(&schools.first, qism::protocol::Role::Trainee, "Driss").await;
    let signed_in = cookie(&post(&server.router, "/api/sign-in", &format!("qism={}", guest.session), &body).await);
    let place = format!("/api/lessons/{}/participants/{}", guest.lesson, guest.participant);
    assert_eq!(get(&server.router, &place, &signed_in).await.status.as_u16(), 200, "the guest's place is kept");
}

#[tokio::test]
async fn people_change_their_own_name_and_language() {
    let (server, _, member) = trainee().await;
    let here = server.cookie(member).await;
    let headers = [("content-type", "application/json"), ("cookie", here.as_str())];
    let change = async |body: Value| ask(&server.router, "PATCH", "/api/me", &headers, &body.to_string()).await;
    let me: Value = change(json!({ "name": " سلمى  أوشن ", "language": "fr-MA" })).await.json();
    assert_eq!((me["name"].as_str(), me["language"].as_str()), (Some("سلمى أوشن"), Some("fr")));
    assert_eq!(get(&server.router, "/api/me", &here).await.json::<Value>(), me);
    let expected = [("name".to_owned(), "empty".to_owned()), ("language".to_owned(), "unknown_language".to_owned())];
    assert_eq!(faults(&change(json!({ "name": "", "language": "tlh" })).await), expected);
}
