//! The second factor, with an authenticator app of the test's own.

use crate::ask;
use crate::signing_in::{cookie, get, person, post, sign_in};
use crate::support::Server;
use crate::support::members::{ADMINISTRATOR, TRAINEE};
use qism::http::{AppState, HttpOptions, SecondFactor, router};
use qism::protocol::ErrorCode;
use qism::store::Reach;
use qism::time::Clock;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const PASSWORD: &str = "une phrase de tous les jours";

/// What an app shows now (RFC 6238).
fn code(server: &Server, secret: &str) -> String {
    let mut bits = String::new();
    for letter in secret.bytes() {
        let value = if letter.is_ascii_uppercase() { letter - b'A' } else { letter - b'2' + 26 };
        bits += &format!("{value:05b}");
    }
    let bytes: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| u8::from_str_radix(std::str::from_utf8(byte).expect("bits"), 2).expect("bits"))
        .collect();
    let step = u64::try_from(server.clock.now().seconds() / 30).expect("after 1970");
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &bytes);
    let tag = ring::hmac::sign(&key, &step.to_be_bytes());
    let offset = usize::from(tag.as_ref()[19] & 15);
    let four: [u8; 4] = tag.as_ref()[offset..offset + 4].try_into().expect("four");
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// Begins and confirms a second factor: its secret, and the codes for a lost device.
async fn enrol(server: &Server, router: &axum::Router, here: &str) -> (String, Vec<String>) {
    let begun: Value = post(router, "/api/me/second-factor", here, &json!({})).await.json();
    let secret = begun["secret"].as_str().expect("a secret").to_owned();
    assert!(begun["uri"].as_str().is_some_and(|uri| uri.contains(&secret)));
    assert!(begun["qr"].as_array().is_some_and(|rows| rows.len() > 20));
    let wrong = post(router, "/api/me/second-factor/confirm", here, &json!({ "code": "000000" })).await;
    assert_eq!(wrong.problem(), ErrorCode::FieldsInvalid);
    let code = code(server, &secret);
    let confirmed: Value = post(router, "/api/me/second-factor/confirm", here, &json!({ "code": code })).await.json();
    let codes: Vec<String> = serde_json::from_value(confirmed["codes"].clone()).expect("codes");
    assert_eq!(codes.len(), 10);
    (secret, codes)
}

#[tokio::test]
async fn an_account_with_a_second_factor_needs_its_code_each_time_and_each_code_works_once() {
    let (server, schools) = Server::start().await;
    let member = server.member(schools.first.institution, TRAINEE).await;
    let (name, here) = person(&server, member).await;
    let (secret, codes) = enrol(&server, &server.router, &here).await;
    let with = async |password: &str, code: &str| {
        let body = json!({ "sign_in": name, "password": password, "code": code });
        post(&server.router, "/api/sign-in", "", &body).await
    };
    let answer = sign_in(&server.router, &name, PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (401, ErrorCode::SecondFactorNeeded));
    assert_eq!(sign_in(&server.router, &name, "not the password").await.problem(), ErrorCode::SignInFailed);
    let used = code(&server, &secret);
    assert_eq!(with(PASSWORD, &used).await.problem(), ErrorCode::SignInFailed, "it confirmed the app already");
    server.clock.advance(Duration::from_secs(30));
    let fresh = code(&server, &secret);
    assert_eq!(with("not the password", &fresh).await.problem(), ErrorCode::SignInFailed);
    let signed_in = cookie(&with(PASSWORD, &fresh).await);
    assert_eq!(get(&server.router, "/api/me", &signed_in).await.json::<Value>()["needs_second_factor"], Value::Null);
    assert_eq!(with(PASSWORD, &fresh).await.problem(), ErrorCode::SignInFailed);
    cookie(&with(PASSWORD, &codes[3].to_uppercase()).await);
    assert_eq!(with(PASSWORD, &codes[3]).await.problem(), ErrorCode::SignInFailed);
    cookie(&with(PASSWORD, &codes[4].replace('-', " ")).await);
}

#[tokio::test]
async fn wrong_codes_are_braked_however_often_the_password_is_right() {
    let (server, schools) = Server::start().await;
    let member = server.member(schools.first.institution, TRAINEE).await;
    let (name, here) = person(&server, member).await;
    enrol(&server, &server.router, &here).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&server.router, &name, PASSWORD).await.problem(), ErrorCode::SecondFactorNeeded);
        let body = json!({ "sign_in": name, "password": PASSWORD, "code": "000000" });
        assert_eq!(post(&server.router, "/api/sign-in", "", &body).await.problem(), ErrorCode::SignInFailed);
    }
    assert_eq!(sign_in(&server.router, &name, PASSWORD).await.problem(), ErrorCode::RateLimited);
}

#[tokio::test]
async fn it_is_removed_with_the_password() {
    let (server, schools) = Server::start().await;
    let member = server.member(schools.first.institution, TRAINEE).await;
    let (name, here) = person(&server, member).await;
    enrol(&server, &server.router, &here).await;
    let again = post(&server.router, "/api/me/second-factor", &here, &json!({})).await;
    assert_eq!(again.problem(), ErrorCode::Taken);
    let remove = async |password: &str| {
        post(&server.router, "/api/me/second-factor/remove", &here, &json!({ "password": password })).await
    };
    assert_eq!(remove("not it").await.problem(), ErrorCode::FieldsInvalid);
    assert_eq!(remove(PASSWORD).await.status.as_u16(), 204);
    cookie(&sign_in(&server.router, &name, PASSWORD).await);
}

#[tokio::test]
async fn who_must_have_one_reaches_nothing_else_until_then() {
    let (server, schools) = Server::start().await;
    let options = Arc::new(HttpOptions { second_factor: SecondFactor::Required, ..HttpOptions::default() });
    let router = router(AppState { options, ..server.state.clone() });
    let ministry = server.institution(schools.second.region, Reach::Ministry).await;
    let (_, above) = person(&server, server.member(ministry, ADMINISTRATOR).await).await;
    let (_, own) = person(&server, server.member(schools.first.institution, ADMINISTRATOR).await).await;
    let (_, trainee) = person(&server, server.member(ministry, TRAINEE).await).await;
    let venues = format!("/api/institutions/{}/venues", schools.first.institution);
    let refused = get(&router, &venues, &above).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (403, ErrorCode::SecondFactorNeeded));
    assert_eq!(get(&router, "/api/me/sessions", &above).await.status.as_u16(), 403);
    assert_eq!(get(&router, "/api/me", &above).await.json::<Value>()["needs_second_factor"], "enrol");
    assert_eq!(get(&router, &venues, &own).await.status.as_u16(), 200, "an institution's own may do without");
    assert_eq!(get(&router, "/api/me/sessions", &trainee).await.status.as_u16(), 200);
    enrol(&server, &router, &above).await;
    assert_eq!(get(&router, &venues, &above).await.status.as_u16(), 200);
    assert_eq!(get(&router, "/api/me", &above).await.json::<Value>()["needs_second_factor"], Value::Null);
}

#[tokio::test]
async fn a_session_that_began_without_it_reaches_nothing_until_it_is_given() {
    let (server, schools) = Server::start().await;
    let member = server.member(schools.first.institution, TRAINEE).await;
    let (_, here) = person(&server, member).await;
    let (secret, _) = enrol(&server, &server.router, &here).await;
    let elsewhere = server.cookie_without_second_factor(member).await;
    assert_eq!(get(&server.router, "/api/me/sessions", &elsewhere).await.problem(), ErrorCode::SecondFactorNeeded);
    assert_eq!(get(&server.router, "/api/me", &elsewhere).await.json::<Value>()["needs_second_factor"], "code");
    let give = async |code: &str| {
        post(&server.router, "/api/me/second-factor/give", &elsewhere, &json!({ "code": code })).await
    };
    assert_eq!(give("000000").await.problem(), ErrorCode::FieldsInvalid);
    server.clock.advance(Duration::from_secs(30));
    assert_eq!(give(&code(&server, &secret)).await.status.as_u16(), 204);
    assert_eq!(
        ask(&server.router, "GET", "/api/me/sessions", &[("cookie", &elsewhere)], "").await.status.as_u16(),
        200
    );
}
