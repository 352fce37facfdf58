//! Regions, institutions, people, groups: what their administrators do, and what they are told.

use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINEE, TRAINER};
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use qism::ids::InstitutionId;
use qism::protocol::{ErrorCode, Problem};
use qism::store::Reach;
use serde_json::{Value, json};
use std::io::Read;

/// An administrator at work.
struct Desk {
    server: Server,
    schools: Schools,
    administrator: Member,
    cookie: String,
}

impl Desk {
    async fn open() -> Self {
        let (server, schools) = Server::start().await;
        let administrator = server.member(schools.first.institution, ADMINISTRATOR).await;
        let cookie = server.cookie(administrator).await;
        Self { server, schools, administrator, cookie }
    }

    async fn of(server: Server, schools: Schools, administrator: Member) -> Self {
        let cookie = server.cookie(administrator).await;
        Self { server, schools, administrator, cookie }
    }

    fn institution(&self) -> InstitutionId {
        self.schools.first.institution
    }

    /// Asks for something of the first school.
    async fn ask(&self, method: &str, path: &str, version: i64, body: Value) -> Answer {
        let path = format!("/api/institutions/{}{path}", self.institution());
        self.ask_for(method, &path, version, body).await
    }

    async fn ask_for(&self, method: &str, path: &str, version: i64, body: Value) -> Answer {
        let version = format!("\"{version}\"");
        let headers =
            [("cookie", self.cookie.as_str()), ("content-type", "application/json"), ("if-match", version.as_str())];
        ask(&self.server.router, method, path, &headers, &body.to_string()).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, 1, body).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, 1, Value::Null).await
    }

    /// Makes a person; gives their id.
    async fn person(&self, body: Value) -> String {
        id_of(&self.post("/people", body).await)
    }

    /// The names on a list.
    async fn names(&self, path: &str) -> Vec<String> {
        let page: Value = self.get(path).await.json();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{page}"));
        items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
    }

    async fn course(&self) -> String {
        uuid::Uuid::from_u128((4 << 64) | 1).to_string()
    }
}

fn id_of(made: &Answer) -> String {
    assert_eq!(made.status, 201, "{}", made.text());
    made.json::<Value>()["id"].as_str().expect("an id").to_owned()
}

fn trainee(name: &str) -> Value {
    json!({ "name": name, "roles": { "trainer": false, "trainee": true, "committee": false, "administrator": false } })
}

/// The codes of the fields that can't be used.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), ErrorCode::FieldsInvalid, "{}", answer.text());
    answer.json::<Problem>().fields.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

fn fault(field: &str, code: &str) -> (String, String) {
    (field.into(), code.into())
}

#[tokio::test]
async fn people_are_made_found_and_changed() {
    let desk = Desk::open().await;
    let ahmed = desk.post("/people", trainee("أحمد الكهربائي")).await;
    assert_eq!((ahmed.status.as_u16(), ahmed.header("etag")), (201, "\"1\""), "{}", ahmed.text());
    let card: Value = ahmed.json();
    assert_eq!(card["sign_in"], "ahmd.alkhrbaii");
    let mut salma = trainee("Salma Ouchén");
    salma["mail"] = json!("Salma@Example.org");
    salma["external_id"] = json!("F 12");
    let salma = desk.post("/people", salma).await.json::<Value>();
    assert_eq!(salma["sign_in"], "salma@example.org");
    let namesake = desk.post("/people", trainee("أحمد الكهربائي")).await.json::<Value>();
    assert_eq!(namesake["sign_in"], "ahmd.alkhrbaii2");

    assert_eq!(desk.names("/people?search=OUCHEN&role=trainee").await, ["Salma Ouchén"]);
    assert_eq!(desk.names("/people?search=f%2012").await, ["Salma Ouchén"]);
    assert_eq!(
        desk.names("/people?search=%D8%A7%D8%AD%D9%85%D8%AF%20%D9%83%D9%87%D8%B1%D8%A8%D8%A7%D8%A6").await.len(),
        2
    );
    assert!(desk.names("/people?search=ouchen&role=trainer").await.is_empty());
    let first: Value = desk.get("/people?limit=2").await.json();
    let next = first["next"].as_str().expect("more").to_owned();
    let rest = desk.names(&format!("/people?limit=100&after={next}")).await;
    assert_eq!(rest.len() + 2, desk.names("/people").await.len());

    let path = format!("/people/{}", salma["id"].as_str().expect("an id"));
    let changed = desk.ask("PATCH", &path, 1, json!({ "name": "Salma O.", "mail": null })).await;
    assert_eq!((changed.status.as_u16(), changed.header("etag")), (200, "\"2\""), "{}", changed.text());
    let changed: Value = changed.json();
    assert_eq!((&changed["mail"], &changed["external_id"]), (&Value::Null, &json!("F 12")));
    let stale = desk.ask("PATCH", &path, 1, json!({ "name": "Lost" })).await;
    assert_eq!(stale.problem(), ErrorCode::Stale);
    assert_eq!(stale.json::<Value>()["current"]["name"], "Salma O.");
    let taken = desk.ask("PATCH", &path, 2, json!({ "sign_in": "ahmd.alkhrbaii" })).await;
    assert_eq!((taken.status.as_u16(), taken.problem()), (409, ErrorCode::Taken));
}

#[tokio::test]
async fn bad_input_is_refused_by_field_and_nothing_is_written() {
    let desk = Desk::open().await;
    let before = desk.names("/people").await;
    let mut bad = trainee(&"x".repeat(10_000));
    bad["mail"] = json!("no address");
    bad["sign_in"] = json!("سلمى");
    bad["language"] = json!("de");
    bad["external_id"] = json!("1\u{202E}2");
    bad["roles"]["trainee"] = json!(false);
    let refused = faults(&desk.post("/people", bad).await);
    let expected = [
        ("name", "too_long"),
        ("sign_in", "sign_in_character"),
        ("mail", "mail_character"),
        ("language", "unknown_language"),
        ("external_id", "bidi_control"),
        ("roles", "empty"),
    ];
    assert_eq!(refused, expected.map(|(field, code)| fault(field, code)));
    assert_eq!(faults(&desk.post("/people", trainee("\u{202E}Karim")).await), [fault("name", "bidi_control")]);
    assert_eq!(desk.names("/people").await, before);
    assert_eq!(faults(&desk.get("/people?role=king").await), [fault("role", "unknown_role")]);
    assert_eq!(desk.get("/people?colour=red").await.status, 400);
    let mars = desk.ask("PATCH", "", 1, json!({ "time_zone": "Mars/Olympus" })).await;
    assert_eq!(faults(&mars), [fault("time_zone", "unknown_zone")]);
    let hours = json!([{ "first": 600, "last": 500 }, null, null, null, null, null, null]);
    let upside_down = desk.ask("PATCH", "", 1, json!({ "opening_hours": hours })).await;
    assert_eq!(faults(&upside_down), [fault("opening_hours.0", "out_of_range")]);
}

#[tokio::test]
async fn an_account_is_disabled_linked_and_never_ones_own() {
    let desk = Desk::open().await;
    let somebody = desk.server.member(desk.institution(), TRAINER).await;
    let cookie = desk.server.cookie(somebody).await;
    let path = format!("/people/{}", somebody.person);
    let link: Value = desk.post(&format!("{path}/link"), json!({})).await.json();
    let (_, secret) = link["url"].as_str().expect("a link").split_once("/account-link#").expect("a secret");
    assert_eq!((secret.len(), &link["mailed"]), (43, &json!(false)));

    assert_eq!(desk.post(&format!("{path}/disable"), json!({})).await.status, 200);
    let me = ask(&desk.server.router, "GET", "/api/me", &[("cookie", &cookie)], "").await;
    assert_eq!(me.problem(), ErrorCode::NotSignedIn);
    assert_eq!(desk.post(&format!("{path}/link"), json!({})).await.problem(), ErrorCode::InUse);
    assert_eq!(desk.post(&format!("{path}/enable"), json!({})).await.status, 200);
    // Enabled again, they sign in again: the session that was ended stays so.
    let me = ask(&desk.server.router, "GET", "/api/me", &[("cookie", &cookie)], "").await;
    assert_eq!(me.problem(), ErrorCode::NotSignedIn);

    let own = format!("/people/{}", desk.administrator.person);
    assert_eq!(desk.post(&format!("{own}/disable"), json!({})).await.status, 403);
    assert_eq!(desk.ask("DELETE", &own, 1, Value::Null).await.status, 403);
    let roles = json!({ "trainer": true, "trainee": false, "committee": false, "administrator": false });
    let last = desk.ask("PATCH", &own, 1, json!({ "roles": roles })).await;
    assert_eq!((last.status.as_u16(), last.problem()), (409, ErrorCode::InUse));
    desk.server.member(desk.institution(), ADMINISTRATOR).await;
    assert_eq!(desk.ask("PATCH", &own, 1, json!({ "roles": roles })).await.status, 200);
}

#[tokio::test]
async fn a_group_takes_as_many_as_it_holds() {
    let desk = Desk::open().await;
    let course = desk.course().await;
    let group = id_of(&desk.post("/groups", json!({ "course": course, "name": "Groupe A", "capacity": 1 })).await);
    let (one, other) = (desk.person(trainee("Amina")).await, desk.person(trainee("Brahim")).await);
    let member = |person: &str| format!("/groups/{group}/members/{person}");
    assert_eq!(desk.ask("PUT", &member(&one), 1, Value::Null).await.status, 204);
    assert_eq!(desk.ask("PUT", &member(&one), 1, Value::Null).await.status, 204);
    let full = desk.ask("PUT", &member(&other), 1, Value::Null).await;
    assert_eq!((full.status.as_u16(), full.problem()), (409, ErrorCode::InUse));
    assert_eq!(desk.names(&format!("/groups/{group}/members")).await, ["Amina"]);
    assert_eq!(desk.names(&format!("/people?group={group}")).await, ["Amina"]);
    assert_eq!(desk.names(&format!("/groups?member={one}")).await, ["Groupe A"]);
    assert_eq!(desk.names("/groups?search=soud%20grou").await.len(), 2);

    assert_eq!(desk.ask("DELETE", &member(&one), 1, Value::Null).await.status, 204);
    assert_eq!(desk.ask("DELETE", &member(&one), 1, Value::Null).await.status, 404);
    assert_eq!(desk.ask("PUT", &member(&other), 1, Value::Null).await.status, 204);
    let path = format!("/groups/{group}");
    let archived = desk.ask("PATCH", &path, 1, json!({ "archived": true, "capacity": null })).await;
    assert_eq!(archived.status, 200, "{}", archived.text());
    assert_eq!(desk.names("/groups").await, ["Groupe 2"]);
    assert_eq!(desk.names("/groups?archived=true").await, ["Groupe A"]);
    assert_eq!(desk.ask("PUT", &member(&one), 1, Value::Null).await.status, 404);
    let nowhere = desk.post("/groups", json!({ "course": uuid::Uuid::nil().to_string(), "name": "x" })).await;
    assert_eq!(faults(&nowhere), [fault("course", "unknown_course")]);
}

#[tokio::test]
async fn two_accounts_become_one_and_a_person_is_forgotten() {
    let desk = Desk::open().await;
    let course = desk.course().await;
    let group = id_of(&desk.post("/groups", json!({ "course": course, "name": "Groupe A" })).await);
    let mut old = trainee("Amina Berrada");
    old["mail"] = json!("amina@example.org");
    let (old, new) = (desk.person(old).await, desk.person(trainee("Amina B.")).await);
    desk.ask("PUT", &format!("/groups/{group}/members/{old}"), 1, Value::Null).await;
    let merged = desk.post(&format!("/people/{old}/merge"), json!({ "into": new })).await;
    assert_eq!(merged.status, 200, "{}", merged.text());
    assert_eq!(merged.json::<Value>()["mail"], "amina@example.org");
    assert_eq!(desk.names(&format!("/people?group={group}")).await, ["Amina B."]);
    assert_eq!(desk.names("/people?search=berrada").await, Vec::<String>::new());
    assert_eq!(desk.get(&format!("/people/{old}")).await.json::<Value>()["merged_into"], json!(new));
    let again = desk.post(&format!("/people/{old}/merge"), json!({ "into": new })).await;
    assert_eq!(again.status, 404);
    let stranger = desk.server.member(desk.schools.second.institution, TRAINEE).await.person.to_string();
    assert_eq!(desk.post(&format!("/people/{new}/merge"), json!({ "into": stranger })).await.status, 404);
    assert_eq!(desk.post(&format!("/people/{stranger}/merge"), json!({ "into": new })).await.status, 404);

    let zip = desk.get(&format!("/people/{new}/export")).await;
    assert_eq!((zip.status.as_u16(), zip.header("content-type")), (200, "application/zip"));
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(zip.body)).expect("a zip");
    let mut groups = String::new();
    archive.by_name("groups.json").expect("its groups").read_to_string(&mut groups).expect("text");
    assert!(groups.contains("Groupe A"), "{groups}");
    assert!(archive.by_name("account.csv").is_ok());

    for _ in 0..2 {
        assert_eq!(desk.ask("DELETE", &format!("/people/{new}"), 1, Value::Null).await.status, 204);
    }
    let erased: Value = desk.get(&format!("/people/{new}")).await.json();
    let pseudonym = erased["name"].as_str().expect("a name");
    assert!(pseudonym.starts_with("stagiaire-") && erased["mail"].is_null() && erased["sign_in"].is_null(), "{erased}");
    assert_eq!(desk.names("/people?standing=erased").await, [pseudonym]);
    assert_eq!(desk.ask("PATCH", &format!("/people/{new}"), 4, json!({ "name": "Amina" })).await.status, 404);

    let log: Value = desk.get("/audit?limit=3").await.json();
    assert_eq!(log["items"][0]["action"], "person.erase");
    assert_eq!(
        (&log["items"][0]["actor_name"], &log["items"][0]["subject_name"]),
        (&json!("Salma Ouchen"), &json!(pseudonym))
    );
    let next = log["next"].as_str().expect("more");
    let older: Value = desk.get(&format!("/audit?after={next}")).await.json();
    assert_eq!(older["items"][0]["seq"].as_i64(), log["items"][2]["seq"].as_i64().map(|seq| seq - 1));
}

#[tokio::test]
async fn each_sees_its_own_branch_and_nobody_reaches_up() {
    let (server, schools) = Server::start().await;
    let region = schools.first.region;
    let ministry = server.institution(region, Reach::Ministry).await;
    let delegation = server.institution(region, Reach::Region).await;
    let of_ministry = server.member(ministry, ADMINISTRATOR).await;
    let of_region = server.member(delegation, ADMINISTRATOR).await;
    let observer = server.member(ministry, COMMITTEE).await;
    let desk = Desk::of(server, schools, of_region).await;
    let list: Value = desk.ask_for("GET", "/api/institutions?search=institut", 1, Value::Null).await.json();
    let ids: Vec<&str> =
        list["items"].as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    assert!(ids.contains(&desk.schools.first.institution.to_string().as_str()), "{list}");
    assert!(!ids.contains(&desk.schools.second.institution.to_string().as_str()), "{list}");
    let up = desk.ask_for("GET", &format!("/api/institutions/{ministry}/people"), 1, Value::Null).await;
    assert_eq!(up.status, 404, "the ministry is in the region, and not below it");
    let new = json!({ "name": "معهد جديد", "kind": "private", "language": "ar", "time_zone": "africa/casablanca" });
    let founded = desk.ask_for("POST", "/api/institutions", 1, new).await;
    let id = id_of(&founded);
    assert_eq!(founded.json::<Value>()["time_zone"], "Africa/Casablanca");
    let path = format!("/api/institutions/{id}");
    assert_eq!(desk.ask_for("PATCH", &path, 1, json!({ "reach": "ministry" })).await.status, 403);
    assert_eq!(
        desk.ask_for("POST", "/api/institutions", 1, json!({ "name": "x", "reach": "region" })).await.status,
        403
    );
    assert_eq!(desk.ask_for("PATCH", &path, 1, json!({ "closed": true })).await.status, 200);
    assert_eq!(desk.ask_for("PATCH", &path, 1, json!({ "closed": false })).await.problem(), ErrorCode::Stale);
    assert_eq!(desk.ask_for("POST", "/api/regions", 1, json!({ "name": "Tafilalet" })).await.status, 403);

    let Desk { server, schools, .. } = desk;
    let desk = Desk::of(server, schools, observer).await;
    assert_eq!(desk.ask_for("POST", "/api/regions", 1, json!({ "name": "Tafilalet" })).await.status, 403);
    let Desk { server, schools, .. } = desk;
    let desk = Desk::of(server, schools, of_ministry).await;
    let region = id_of(&desk.ask_for("POST", "/api/regions", 1, json!({ "name": "Tafilalet" })).await);
    let path = format!("/api/regions/{region}");
    assert_eq!(desk.ask_for("PATCH", &path, 1, json!({ "name": "Drâa-Tafilalet" })).await.status, 200);
    assert_eq!(desk.ask_for("PATCH", &path, 1, json!({ "name": "Lost" })).await.problem(), ErrorCode::Stale);
    let nowhere = json!({ "name": "Institut", "region": uuid::Uuid::nil().to_string() });
    let refused = desk.ask_for("POST", "/api/institutions", 1, nowhere).await;
    assert_eq!(faults(&refused), [fault("region", "unknown_region")]);
    let own = format!("/api/institutions/{}", desk.administrator.institution);
    assert_eq!(desk.ask_for("PATCH", &own, 1, json!({ "reach": "institution" })).await.status, 403);
}

const PEOPLE: &str = "Matricule;Nom;Rôle;E-mail;Groupe\r\nF1;Amina Berrada;stagiaire;amina@example.org;Groupe 2\r\n\
                      F2;أحمد;stagiaire;;Groupe 2\r\n";

impl Desk {
    async fn bring(&self, path: &str, file: &str) -> Answer {
        let path = format!("/api/institutions/{}{path}", self.institution());
        let headers = [("cookie", self.cookie.as_str()), ("content-type", "text/csv")];
        ask(&self.server.router, "POST", &path, &headers, file).await
    }
}

fn counts(report: &Value) -> [u64; 3] {
    ["created", "changed", "kept"].map(|count| report[count].as_u64().expect("a count"))
}

#[tokio::test]
async fn a_table_is_looked_at_then_written_and_the_second_time_changes_nothing() {
    let desk = Desk::open().await;
    let before = desk.names("/people").await;
    let preview: Value = desk.bring("/imports/people?preview=true", PEOPLE).await.json();
    assert_eq!((counts(&preview), &preview["written"]), ([2, 0, 0], &json!(false)), "{preview}");
    assert_eq!(desk.names("/people").await, before, "a preview writes nothing");
    let written: Value = desk.bring("/imports/people", PEOPLE).await.json();
    assert_eq!((counts(&written), &written["written"]), ([2, 0, 0], &json!(true)), "{written}");
    let again: Value = desk.bring("/imports/people", PEOPLE).await.json();
    assert_eq!((counts(&again), &again["written"]), ([0, 0, 2], &json!(false)), "{again}");
    let renamed = PEOPLE.replace("Amina Berrada", "Amina El Berrada");
    assert_eq!(counts(&desk.bring("/imports/people", &renamed).await.json()), [0, 1, 1]);
    assert_eq!(desk.names("/people?search=berrada").await, ["Amina El Berrada"]);
    // The school's trainer was there before anybody had an account.
    let trainer = format!("/people/{}", uuid::Uuid::from_u128((3 << 64) | 1));
    let roles = json!({ "trainer": true, "trainee": false, "committee": false, "administrator": false });
    let account = desk.ask("PATCH", &trainer, 1, json!({ "sign_in": "fatima", "roles": roles })).await;
    assert_eq!(account.status, 200, "{}", account.text());
    let exported = desk.get("/exports/people.csv").await;
    assert!(exported.text().contains("F1;Amina El Berrada;stagiaire;amina@example.org"), "{}", exported.text());
    let brought = desk.bring("/imports/people", &exported.text()).await;
    assert_eq!(counts(&brought.json())[1], 0, "{}", brought.text());

    let groups = "course,group,capacity\nSoudure,Groupe 2,2\nSoudure,Groupe 3,\n";
    assert_eq!(counts(&desk.bring("/imports/groups", groups).await.json()), [1, 1, 0]);
    assert_eq!(counts(&desk.bring("/imports/groups", groups).await.json()), [0, 0, 2]);
}

#[tokio::test]
async fn a_table_with_a_problem_is_refused_by_line_and_nothing_of_it_is_written() {
    let desk = Desk::open().await;
    let before = desk.names("/people").await;
    let bad = format!("{PEOPLE}F3;Karim;roi;;\r\nF4;Leila;stagiaire;;Groupe 9\r\n");
    let preview: Value = desk.bring("/imports/people?preview=true", &bad).await.json();
    assert_eq!((counts(&preview), &preview["problem_count"]), ([2, 0, 0], &json!(2)), "{preview}");
    let refused = desk.bring("/imports/people", &bad).await;
    let expected = [fault("4.role", "unknown_role"), fault("5.group", "unknown_group")];
    assert_eq!(faults(&refused), expected);
    assert_eq!(desk.names("/people").await, before);
    let wrong_column = desk.bring("/imports/people", "Nom;Couleur\r\nAmina;bleu\r\n").await;
    assert_eq!(faults(&wrong_column), [fault("file", "header_invalid")]);
    let large = "x".repeat(6_000_000);
    assert_eq!(faults(&desk.bring("/imports/people", &large).await), [fault("file", "file_too_large")]);
    assert_eq!(desk.bring("/imports/dogs", PEOPLE).await.status, 404);
}
