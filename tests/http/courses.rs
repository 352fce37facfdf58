//! Courses and their materials, the public catalogue, applications and announcements, from outside.

use crate::support::members::{ADMINISTRATOR, Member, TRAINEE, TRAINER};
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use http_body_util::BodyExt;
use qism::http::{AppState, HttpOptions, router};
use qism::protocol::ErrorCode;
use qism::store::{Reach, Roles};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use tower::ServiceExt;

/// A server, and somebody who asks it.
struct Asker<'a> {
    server: &'a Server,
    cookie: String,
    institution: String,
}

impl<'a> Asker<'a> {
    async fn new(server: &'a Server, schools: &Schools, roles: Roles) -> (Self, Member) {
        let member = server.member(schools.first.institution, roles).await;
        (Self::of(server, member).await, member)
    }

    async fn of(server: &'a Server, member: Member) -> Self {
        Self { server, cookie: server.cookie(member).await, institution: member.institution.to_string() }
    }

    async fn ask(&self, method: &str, path: &str, if_match: &str, body: &Value) -> Answer {
        let path = path.replace("{i}", &format!("/api/institutions/{}", self.institution));
        let headers = [("cookie", self.cookie.as_str()), ("content-type", "application/json"), ("if-match", if_match)];
        ask(&self.server.router, method, &path, &headers, &body.to_string()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, "*", &Value::Null).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, "*", &body).await
    }

    /// Makes what the answer's `id` names.
    async fn made(&self, path: &str, body: Value) -> String {
        let answer = self.post(path, body).await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        answer.json::<Value>()["id"].as_str().expect("an id").to_owned()
    }
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), ErrorCode::FieldsInvalid, "{}", answer.text());
    let problem: Value = answer.json();
    let fields = problem["fields"].as_array().expect("fields").iter();
    fields
        .map(|fault| (fault["field"].as_str().expect("a name").into(), fault["code"].as_str().expect("a code").into()))
        .collect()
}

fn fault(field: &str, code: &str) -> (String, String) {
    (field.into(), code.into())
}

#[tokio::test]
async fn a_course_is_made_changed_and_archived() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let course = administrator.made("{i}/courses", json!({ "title": "كهرباء السيارات", "language": "ar" })).await;
    let path = format!("{{i}}/courses/{course}");
    let changed = administrator.ask("PATCH", &path, "\"1\"", &json!({ "capacity": 20, "sector": "السيارات" })).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.text());
    let stale = administrator.ask("PATCH", &path, "\"1\"", &json!({ "capacity": 30 })).await;
    assert_eq!(stale.problem(), ErrorCode::Stale);
    assert_eq!(stale.json::<Value>()["current"]["capacity"], 20);
    let unversioned = ask(
        &server.router,
        "PATCH",
        &path.replace("{i}", &format!("/api/institutions/{}", administrator.institution)),
        &[("cookie", &administrator.cookie), ("content-type", "application/json")],
        "{}",
    )
    .await;
    assert_eq!(unversioned.problem(), ErrorCode::VersionNeeded);

    let units =
        json!({ "units": [{ "title": "الدارة", "planned_minutes": 90 }, { "title": "الشحن", "planned_minutes": 60 }] });
    let written = administrator.ask("PUT", &format!("{path}/units"), "\"2\"", &units).await;
    assert_eq!(written.status.as_u16(), 200, "{}", written.text());
    let strange = json!({ "units": [{ "id": course, "title": "x", "planned_minutes": 0 }] });
    let refused = administrator.ask("PUT", &format!("{path}/units"), "\"3\"", &strange).await;
    assert_eq!(faults(&refused), [fault("units.0.planned_minutes", "out_of_range"), fault("units.0.id", "unknown")]);

    let archived = administrator.ask("PATCH", &path, "\"3\"", &json!({ "archived": true, "capacity": null })).await;
    assert_eq!(archived.json::<Value>()["archived"], true, "{}", archived.text());
    assert_eq!(archived.json::<Value>()["capacity"], Value::Null);
    let page: Value = administrator.get(&path).await.json();
    assert_eq!(page["units"][1]["title"], "الشحن");
    assert_eq!(administrator.get("{i}/courses?search=سيارات").await.json::<Value>()["items"], json!([]));
}

#[tokio::test]
async fn what_a_course_can_not_be_is_said_by_field() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let bad = json!({
        "title": "م".repeat(10_000), "language": "de", "sector": "\u{202E}x", "apply_until": i64::MAX, "capacity": 0
    });
    let refused = administrator.post("{i}/courses", bad).await;
    let expected = [
        fault("title", "too_long"),
        fault("language", "unknown_language"),
        fault("sector", "bidi_control"),
        fault("apply_until", "out_of_range"),
        fault("capacity", "out_of_range"),
    ];
    assert_eq!(faults(&refused), expected);
    let unknown = administrator.post("{i}/courses", json!({ "title": "x", "language": "ar", "price": 1 })).await;
    assert_eq!(unknown.problem(), ErrorCode::BadMessage);
}

#[tokio::test]
async fn trainees_see_their_own_courses_alone() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (trainee, _) = Asker::new(&server, &schools, TRAINEE).await;
    let (trainer, teacher) = Asker::new(&server, &schools, TRAINER).await;
    let course = administrator.made("{i}/courses", json!({ "title": "Soudure 2", "language": "fr" })).await;
    let path = format!("{{i}}/courses/{course}");
    assert_eq!(trainee.get(&path).await.problem(), ErrorCode::NotFound);
    assert_eq!(trainee.get(&format!("{path}/materials")).await.problem(), ErrorCode::NotFound);
    assert_eq!(trainee.get("{i}/courses").await.json::<Value>()["items"], json!([]));
    assert_eq!(trainer.get(&path).await.status.as_u16(), 200);
    assert_eq!(trainer.get("/api/me/courses").await.json::<Value>()["items"], json!([]));
    let teaches = administrator.ask("PUT", &format!("{path}/trainers/{}", teacher.person), "*", &Value::Null).await;
    assert_eq!(teaches.status.as_u16(), 204, "{}", teaches.text());
    assert_eq!(trainer.get("/api/me/courses").await.json::<Value>()["items"][0]["id"], json!(course));
    assert_eq!(trainer.get(&path).await.json::<Value>()["may_teach"], true);
    let (_, other) = Asker::new(&server, &schools, TRAINEE).await;
    let no_trainer = administrator.ask("PUT", &format!("{path}/trainers/{}", other.person), "*", &Value::Null).await;
    assert_eq!(no_trainer.problem(), ErrorCode::NotFound);
}

async fn upload(asker: &Asker<'_>, course: &str, name: &str, content: &[u8]) -> Answer {
    let path = format!(
        "/api/institutions/{}/courses/{course}/materials/files?title=Guide&file_name={name}",
        asker.institution
    );
    let request = Request::builder()
        .method("POST")
        .uri(path)
        .header("host", "class.example")
        .header("cookie", &asker.cookie)
        .header("content-type", "application/octet-stream")
        .body(Body::from(content.to_vec()))
        .expect("a request");
    let (parts, body) = asker.server.router.clone().oneshot(request).await.expect("an answer").into_parts();
    let body = body.collect().await.expect("a body").to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

#[tokio::test]
async fn a_file_comes_back_as_it_was_and_only_to_be_saved() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (trainer, _) = Asker::new(&server, &schools, TRAINER).await;
    let course = administrator.made("{i}/courses", json!({ "title": "Soudure 2", "language": "fr" })).await;
    assert_eq!(upload(&trainer, &course, "x.pdf", b"%PDF-1.7").await.problem(), ErrorCode::Forbidden);
    let content = [b"%PDF-1.7\n".as_slice(), &[7; 100_000]].concat();
    let made = upload(&administrator, &course, "guide%20%C3%A9t%C3%A9.exe", &content).await;
    assert_eq!(made.status.as_u16(), 201, "{}", made.text());
    let card: Value = made.json();
    assert_eq!((&card["media_type"], &card["bytes"]), (&json!("application/pdf"), &json!(content.len())));

    let path = format!("{{i}}/courses/{course}/materials/{}/file", card["id"].as_str().expect("an id"));
    let file = administrator.get(&path).await;
    assert_eq!(file.body, content);
    assert_eq!(file.header("content-type"), "application/pdf");
    assert_eq!(file.header("content-disposition"), "attachment; filename*=UTF-8''guide%20%C3%A9t%C3%A9.exe");
    assert_eq!(file.header("content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(file.header("x-content-type-options"), "nosniff");
    let full = path.replace("{i}", &format!("/api/institutions/{}", administrator.institution));
    let range =
        ask(&server.router, "GET", &full, &[("cookie", &administrator.cookie), ("range", "bytes=5-8")], "").await;
    assert_eq!((range.status.as_u16(), range.text().as_str()), (206, "1.7\n"));
    assert_eq!(range.header("content-range"), format!("bytes 5-8/{}", content.len()));

    let removed = administrator.ask("DELETE", path.trim_end_matches("/file"), "*", &Value::Null).await;
    assert_eq!(removed.status.as_u16(), 204, "{}", removed.text());
    assert_eq!(administrator.get(&path).await.problem(), ErrorCode::NotFound);
}

#[tokio::test]
async fn files_of_other_kinds_and_over_the_quota_leave_nothing() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let course = administrator.made("{i}/courses", json!({ "title": "Soudure 2", "language": "fr" })).await;
    let program = upload(&administrator, &course, "cours.pdf", b"MZ\x90\0\x03\0\0\0").await;
    assert_eq!(faults(&program), [fault("file", "unknown_kind")]);
    // The tests' server gives each institution 4 MiB.
    let half = [b"%PDF-".as_slice(), &vec![0; 3 * 1024 * 1024]].concat();
    assert_eq!(upload(&administrator, &course, "a.pdf", &half).await.status.as_u16(), 201);
    assert_eq!(upload(&administrator, &course, "b.pdf", &half).await.problem(), ErrorCode::QuotaExceeded);
    let folder = server.database().with_file_name("materials").join(&administrator.institution);
    assert_eq!(std::fs::read_dir(folder).expect("the folder").count(), 1);
    for url in ["javascript:alert(1)", "ftp://example.org/", "https://", "https://a b/", "https://me@example.org/"] {
        let refused =
            administrator.post(&format!("{{i}}/courses/{course}/materials"), json!({ "title": "x", "url": url })).await;
        assert_eq!(faults(&refused), [fault("url", "not_a_url")], "{url}");
    }
    let link = json!({ "title": "Vidéo", "url": "https://example.org/v?x=1" });
    assert_eq!(administrator.post(&format!("{{i}}/courses/{course}/materials"), link).await.status.as_u16(), 201);
    let listed: Value = administrator.get(&format!("{{i}}/courses/{course}/materials")).await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(2));
}

/// A course that is offered with one place, its group, and its address.
async fn offered(administrator: &Asker<'_>) -> (String, String) {
    let wanted = json!({ "title": "تلحيم", "language": "ar", "offered": true, "capacity": 1 });
    let course = administrator.made("{i}/courses", wanted).await;
    let group = qism::ids::GroupId(uuid::Uuid::from_u128(900));
    let of = administrator.server.store.of(administrator.institution.parse().expect("an id"));
    let record = qism::store::Group { id: group, course: course.parse().expect("an id"), name: "فوج 1".into() };
    of.create_group(&record).await.expect("a group");
    (course, group.to_string())
}

async fn public(server: &Server, method: &str, path: &str, body: Value) -> Answer {
    ask(&server.router, method, path, &[("content-type", "application/json")], &body.to_string()).await
}

async fn apply(server: &Server, course: &str, name: &str) -> String {
    let body = json!({ "name": name, "phone": "+212 6 12 34 56 78", "message": "أريد أن أتعلم" });
    let applied = public(server, "POST", &format!("/api/catalogue/{course}/applications"), body).await;
    assert_eq!(applied.status.as_u16(), 201, "{}", applied.text());
    applied.json::<Value>()["secret"].as_str().expect("a secret").to_owned()
}

async fn stands(server: &Server, secret: &str) -> Value {
    let opened = public(server, "POST", "/api/applications/open", json!({ "secret": secret })).await;
    assert_eq!(opened.status.as_u16(), 200, "{}", opened.text());
    opened.json()
}

#[tokio::test]
async fn from_the_catalogue_to_a_place_and_up_the_waiting_list() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (course, group) = offered(&administrator).await;
    let found: Value = public(&server, "GET", "/api/catalogue?search=%D8%AA%D9%84%D8%AD", Value::Null).await.json();
    assert_eq!(found["items"][0]["id"], json!(course));
    assert_eq!(found["items"][0]["places_left"], 1);
    let (first, second) = (apply(&server, &course, "Amina").await, apply(&server, &course, "Karim").await);

    let listed: Value = administrator.get(&format!("{{i}}/applications?status=new&course={course}")).await.json();
    let ids: Vec<&str> =
        listed["items"].as_array().expect("items").iter().filter_map(|one| one["id"].as_str()).collect();
    let decide = |id: &str| format!("{{i}}/applications/{id}/decision");
    let accept = json!({ "decision": "accept", "group": group });
    let accepted = administrator.ask("POST", &decide(ids[0]), "\"1\"", &accept).await;
    assert_eq!(accepted.status.as_u16(), 200, "{}", accepted.text());
    assert!(accepted.json::<Value>()["account_link"].as_str().is_some_and(|link| link.contains("/account-link#")));
    let full = administrator.ask("POST", &decide(ids[1]), "\"1\"", &accept).await;
    assert_eq!(faults(&full), [fault("group", "full")]);
    let waits = administrator.ask("POST", &decide(ids[1]), "\"1\"", &json!({ "decision": "wait" })).await;
    assert_eq!(waits.json::<Value>()["application"]["status"], "waiting", "{}", waits.text());
    let stale =
        administrator.ask("POST", &decide(ids[1]), "\"1\"", &json!({ "decision": "refuse", "reason": "x" })).await;
    assert_eq!(stale.problem(), ErrorCode::Stale);

    assert_eq!(stands(&server, &first).await["offers_account"], true);
    let link = public(&server, "POST", "/api/applications/account", json!({ "secret": first })).await;
    assert_eq!(link.status.as_u16(), 200, "{}", link.text());
    assert_eq!(stands(&server, &second).await["status"], "waiting");
    let withdrawn = public(&server, "POST", "/api/applications/withdraw", json!({ "secret": first })).await;
    assert_eq!(withdrawn.json::<Value>()["status"], "withdrawn");
    assert_eq!(stands(&server, &second).await["status"], "accepted");
    assert_eq!(stands(&server, &first).await["offers_account"], false);

    let third = apply(&server, &course, "Leila").await;
    let listed: Value = administrator.get("{i}/applications?status=new").await.json();
    let waiting = listed["items"][0]["id"].as_str().expect("an id").to_owned();
    administrator.ask("POST", &decide(&waiting), "\"1\"", &json!({ "decision": "wait", "group": group })).await;
    let members: Value = administrator.get(&format!("{{i}}/groups/{group}/members")).await.json();
    let member = members["items"][0]["person"].as_str().expect("a member");
    let place = format!("{{i}}/groups/{group}/members/{member}");
    assert_eq!(administrator.ask("DELETE", &place, "*", &Value::Null).await.status.as_u16(), 204);
    assert_eq!(stands(&server, &third).await["status"], "accepted");
}

#[tokio::test]
async fn a_place_that_a_merge_frees_goes_to_who_waits_for_it() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (course, group) = offered(&administrator).await;
    let raised = json!({ "capacity": 2 });
    assert_eq!(administrator.ask("PATCH", &format!("{{i}}/courses/{course}"), "\"1\"", &raised).await.status, 200);
    let member = async |name: &str| {
        let person = json!({ "name": name, "roles": { "trainer": false, "trainee": true, "committee": false, "administrator": false } });
        let person = administrator.made("{i}/people", person).await;
        let place = format!("{{i}}/groups/{group}/members/{person}");
        assert_eq!(administrator.ask("PUT", &place, "*", &Value::Null).await.status.as_u16(), 204);
        person
    };
    let (once, again) = (member("Amina Berrada").await, member("Amina B.").await);
    let waits = async |name: &str| {
        let secret = apply(&server, &course, name).await;
        let listed: Value = administrator.get("{i}/applications?status=new").await.json();
        let decide = format!("{{i}}/applications/{}/decision", listed["items"][0]["id"].as_str().expect("an id"));
        let waits = administrator.ask("POST", &decide, "\"1\"", &json!({ "decision": "wait" })).await;
        assert_eq!(waits.status.as_u16(), 200, "{}", waits.text());
        secret
    };
    let (first, second) = (waits("Karim").await, waits("Leila").await);
    let merge = format!("{{i}}/people/{again}/merge");
    assert_eq!(administrator.post(&merge, json!({ "into": once })).await.status.as_u16(), 200);
    assert_eq!(stands(&server, &first).await["status"], "accepted", "one person had two places");
    assert_eq!(stands(&server, &second).await["status"], "waiting");
}

#[tokio::test]
async fn who_is_erased_waits_for_no_place() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (course, group) = offered(&administrator).await;
    let (trainee, member) = Asker::new(&server, &schools, TRAINEE).await;
    let body = json!({ "name": "x", "as_myself": true });
    let applied = trainee.post(&format!("/api/catalogue/{course}/applications"), body).await;
    assert_eq!(applied.status.as_u16(), 201, "{}", applied.text());
    let secret = applied.json::<Value>()["secret"].as_str().expect("a secret").to_owned();
    let erase = format!("{{i}}/people/{}", member.person);
    assert_eq!(administrator.ask("DELETE", &erase, "*", &Value::Null).await.status.as_u16(), 204);
    assert_eq!(stands(&server, &secret).await["status"], "withdrawn");
    let members: Value = administrator.get(&format!("{{i}}/groups/{group}/members")).await.json();
    assert_eq!(members["items"], json!([]));
}

#[tokio::test]
async fn who_applies_without_end_is_held_up_and_bad_applications_are_told_why() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (course, _) = offered(&administrator).await;
    let path = format!("/api/catalogue/{course}/applications");
    let silent = public(&server, "POST", &path, json!({ "name": "Amina" })).await;
    assert_eq!(faults(&silent), [fault("mail", "empty")]);
    let bad = json!({ "name": "", "mail": "not an address", "phone": "call me", "message": "x".repeat(3_000) });
    let refused = public(&server, "POST", &path, bad).await;
    let named: Vec<String> = faults(&refused).into_iter().map(|(field, _)| field).collect();
    assert_eq!(named, ["name", "mail", "phone", "message"]);
    // Behind a proxy that is trusted, people are told apart by what it says; behind one that is not, not at all.
    let trusted_proxies = vec!["127.0.0.1".parse().expect("an address")];
    let options = Arc::new(HttpOptions { trusted_proxies, ..HttpOptions::default() });
    let proxy: SocketAddr = "127.0.0.1:40000".parse().expect("an address");
    let state = AppState { options, ..server.state.clone() };
    let behind = router(state).layer(axum::Extension(ConnectInfo(proxy)));
    let from = async |address: &str, number: usize| {
        let body = json!({ "name": format!("Applicant {number}"), "phone": "0612345678" }).to_string();
        let headers = [("content-type", "application/json"), ("x-forwarded-for", address)];
        ask(&behind, "POST", &path, &headers, &body).await
    };
    for number in 0..20 {
        assert_eq!(from("198.51.100.1", number).await.status.as_u16(), 201);
    }
    assert_eq!(from("198.51.100.1", 20).await.problem(), ErrorCode::RateLimited);
    assert_eq!(from("198.51.100.2", 21).await.status.as_u16(), 201);
    let unnamed = server.router.clone().layer(axum::Extension(ConnectInfo(proxy)));
    let body = json!({ "name": "Applicant", "phone": "0612345678" }).to_string();
    for _ in 0..21 {
        let answer = ask(&unnamed, "POST", &path, &[("content-type", "application/json")], &body).await;
        assert_eq!(answer.status.as_u16(), 201, "nobody is held up for others behind a proxy that is not named");
    }
    let (_, hidden) = (0, administrator.made("{i}/courses", json!({ "title": "x", "language": "ar" })).await);
    let nowhere =
        public(&server, "POST", &format!("/api/catalogue/{hidden}/applications"), json!({ "name": "x" })).await;
    assert_eq!(nowhere.problem(), ErrorCode::NotFound);
    let unknown = public(&server, "POST", "/api/applications/open", json!({ "secret": "A".repeat(43) })).await;
    assert_eq!(unknown.problem(), ErrorCode::NotFound);
}

#[tokio::test]
async fn announcements_go_as_far_as_their_author_may_speak() {
    let (server, schools) = Server::start().await;
    let (administrator, _) = Asker::new(&server, &schools, ADMINISTRATOR).await;
    let (trainer, teacher) = Asker::new(&server, &schools, TRAINER).await;
    let (trainee, _) = Asker::new(&server, &schools, TRAINEE).await;
    let ministry = server.institution(schools.second.region, Reach::Ministry).await;
    let minister = Asker::of(&server, server.member(ministry, ADMINISTRATOR).await).await;
    let course = administrator.made("{i}/courses", json!({ "title": "Soudure 2", "language": "fr" })).await;
    let says = |audience: &str, target: Option<&str>| json!({ "audience": audience, "audience_id": target, "title": "إعلان", "body": "نص", "day": "2026-11-30" });
    let announcements = "{i}/announcements";
    for (asker, audience, target) in [
        (&trainer, "institution", None),
        (&trainer, "course", Some(course.as_str())),
        (&administrator, "region", None),
        (&administrator, "ministry", None),
    ] {
        let refused = asker.post(announcements, says(audience, target)).await;
        assert_eq!(refused.problem(), ErrorCode::Forbidden, "{audience}");
    }
    let teaches = format!("{{i}}/courses/{course}/trainers/{}", teacher.person);
    administrator.ask("PUT", &teaches, "*", &Value::Null).await;
    trainer.made(announcements, says("course", Some(&course))).await;
    let own = administrator.made(announcements, says("institution", None)).await;
    minister.made(announcements, says("region", Some(&schools.second.region.to_string()))).await;
    let all = minister.made(announcements, says("ministry", None)).await;

    let told: Value = trainee.get("/api/me/announcements").await.json();
    let ids: Vec<&str> =
        told["items"].as_array().expect("items").iter().filter_map(|one| one["announcement"]["id"].as_str()).collect();
    assert_eq!(ids, [all.as_str(), own.as_str()]);
    assert_eq!(trainee.post(&format!("/api/me/announcements/{own}/read"), Value::Null).await.status.as_u16(), 204);
    assert_eq!(trainee.get("/api/me/announcements/unread").await.json::<Value>()["unread"], 1);
    let withdrawn =
        administrator.ask("PATCH", &format!("{announcements}/{own}"), "\"1\"", &json!({ "withdrawn": true })).await;
    assert_eq!(withdrawn.status.as_u16(), 200, "{}", withdrawn.text());
    assert_eq!(
        trainee.post(&format!("/api/me/announcements/{own}/read"), Value::Null).await.problem(),
        ErrorCode::NotFound
    );
    let bad = json!({ "audience": "planet", "title": "\u{202E}x", "body": "", "day": "2026-02-30", "expires_at": 1 });
    let named: Vec<String> =
        faults(&administrator.post(announcements, bad).await).into_iter().map(|(field, _)| field).collect();
    assert_eq!(named, ["audience", "title", "body", "day", "expires_at"]);
}
