//! Timetables as CSV: looked at, planned all at once or not at all, known again, and taken out to be brought elsewhere.

use crate::support::members::ADMINISTRATOR;
use crate::support::{Schools, Server};
use crate::{Answer, ask};
use qism::ids::{CourseId, GroupId, InstitutionId, UnitId};
use qism::protocol::{ErrorCode, Problem};
use qism::store::{Course, CourseUnit, Group};
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

/// Two groups that are called the same, trainers, a room with one seat and a programme; and who asks.
struct Desk {
    server: Arc<Server>,
    institution: InstitutionId,
    cookie: String,
    /// From which ids of its own are counted.
    base: u128,
}

impl Desk {
    async fn open() -> Self {
        Self::two().await.0
    }

    /// Desks of two institutions, which look alike.
    async fn two() -> (Self, Self) {
        let (server, Schools { first, second }) = Server::start().await;
        let server = Arc::new(server);
        (Self::at(&server, first.institution, 0x100).await, Self::at(&server, second.institution, 0x200).await)
    }

    async fn at(server: &Arc<Server>, institution: InstitutionId, base: u128) -> Self {
        let administrator = server.member(institution, ADMINISTRATOR).await;
        let cookie = server.cookie(administrator).await;
        let desk = Self { server: Arc::clone(server), institution, cookie, base };
        for (name, number) in
            [("Salma Idrissi", "F1"), ("أحمد بنعلي", "F2"), ("Salma Ouchen", "F3"), ("Salma Ouchen", "F4")]
        {
            let roles = json!({ "trainer": true, "trainee": false, "committee": false, "administrator": false });
            let made = desk.post("/people", json!({ "name": name, "external_id": number, "roles": roles })).await;
            assert_eq!(made.status, 201, "{}", made.text());
        }
        for (name, capacity) in [("Atelier 1", 30), ("Cabine", 1)] {
            let made = desk.post("/venues", json!({ "name": name, "capacity": capacity })).await;
            assert_eq!(made.status, 201, "{}", made.text());
        }
        desk.courses().await;
        // The lesson that every school of these tests has is of now, and in nobody's table.
        let institution = institution.to_string();
        server.execute("UPDATE lesson SET cancelled_at = 1 WHERE institution = $1", &[&institution]).await;
        desk
    }

    async fn courses(&self) {
        let of = self.server.store.of(self.institution);
        let id = |number: u128| Uuid::from_u128(self.base + number);
        for (title, number) in [("Soudage", 1), ("كهرباء السيارات", 2)] {
            let course = Course { id: CourseId(id(number)), title: title.into(), language: "fr".into() };
            of.create_course(&course).await.expect("a course");
        }
        for (name, number, course) in [("G1", 3, 1), ("G2", 4, 1), ("G1", 5, 2)] {
            let group = Group { id: GroupId(id(number)), course: CourseId(id(course)), name: name.into() };
            of.create_group(&group).await.expect("a group");
        }
        let unit = CourseUnit { id: UnitId(id(6)), title: "Arc électrique".into(), planned_minutes: 600 };
        let by = self.server.by_the_system("programme.change");
        of.replace_units(CourseId(id(1)), 1, &[unit], &by).await.expect("a programme");
    }

    /// G1 of the first course.
    fn group(&self) -> String {
        Uuid::from_u128(self.base + 3).to_string()
    }

    async fn ask(&self, method: &str, path: &str, kind: &str, body: &str) -> Answer {
        let path = format!("/api/institutions/{}{path}", self.institution);
        let headers = [("cookie", self.cookie.as_str()), ("content-type", kind), ("if-match", "\"1\"")];
        ask(&self.server.router, method, &path, &headers, body).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, "application/json", &body.to_string()).await
    }

    async fn bring(&self, file: &str) -> Answer {
        self.ask("POST", "/imports/lessons", "text/csv", file).await
    }

    async fn look(&self, file: &str) -> Value {
        self.ask("POST", "/imports/lessons?preview=true", "text/csv", file).await.json()
    }

    async fn taken(&self) -> String {
        let answer = self.ask("GET", "/exports/lessons.csv?language=fr", "text/csv", "").await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.text()
    }

    /// Starts and titles of March 2027.
    async fn march(&self) -> Vec<(String, String)> {
        self.items().await.iter().map(|item| (text(item, "starts"), text(item, "title"))).collect()
    }

    async fn items(&self) -> Vec<Value> {
        let answer = self.ask("GET", "/lessons?from=2027-03-01&to=2027-04-05", "application/json", "").await;
        answer.json::<Value>()["items"].as_array().expect("a list").clone()
    }

    async fn audited(&self) -> usize {
        let entries = self.server.store.of(self.institution).audit_before(None, 100).await.expect("the log");
        entries.iter().filter(|entry| entry.action == "lessons.import").count()
    }
}

fn text(item: &Value, field: &str) -> String {
    item[field].as_str().unwrap_or_else(|| panic!("{field} of {item}")).to_owned()
}

fn counts(report: &Value) -> [u64; 3] {
    ["created", "changed", "kept"].map(|count| report[count].as_u64().unwrap_or_else(|| panic!("{report}")))
}

fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(), ErrorCode::FieldsInvalid, "{}", answer.text());
    answer.json::<Problem>().fields.into_iter().map(|fault| (fault.field, fault.code)).collect()
}

fn fault(field: &str, code: &str) -> (String, String) {
    (field.into(), code.into())
}

const HEADER: &str =
    "Référence;Formation;Groupe;Formateur;Séance;Unité;Date;Début;Fin;Durée en minutes;Salle;Répétition;Jusqu’au;Sauf";

/// Mondays of March but the 22nd, and one long evening.
fn march() -> String {
    format!(
        "{HEADER}\r\n\
         S1;Soudage;G1;Salma Idrissi;Arc;Arc electrique;1/3/2027;8h30;10h30;;Atelier 1;hebdomadaire;29/3/2027;22/3/2027\r\n\
         ;كهرباء السيارات;G1;احمد بنعلى;دارة الشحن;;2027-03-02;22:30;;180;;;;\r\n"
    )
}

#[tokio::test]
async fn a_timetable_is_looked_at_planned_once_and_known_again_wherever_it_was_moved() {
    let desk = Desk::open().await;
    let holiday = json!({ "name": "عيد", "first_day": "2027-03-08", "last_day": "2027-03-09", "stops_lessons": true });
    assert_eq!(desk.post("/periods", holiday).await.status, 201);
    let preview = desk.look(&march()).await;
    assert_eq!((counts(&preview), &preview["written"]), ([2, 0, 0], &json!(false)), "{preview}");
    assert_eq!((&preview["lessons"], &preview["skipped"]), (&json!(4), &json!(1)), "{preview}");
    assert_eq!(preview["rows"][0]["name"], "Arc · G1");
    assert_eq!((desk.march().await, desk.audited().await), (vec![], 0), "a preview writes nothing");

    let written: Value = desk.bring(&march()).await.json();
    assert_eq!((counts(&written), &written["written"]), ([2, 0, 0], &json!(true)), "{written}");
    let planned = desk.march().await;
    let starts: Vec<&str> = planned.iter().map(|(starts, _)| starts.as_str()).collect();
    assert_eq!(starts, ["2027-03-01T08:30", "2027-03-02T22:30", "2027-03-15T08:30", "2027-03-29T08:30"]);
    let items = desk.items().await;
    assert_eq!(
        (text(&items[0]["venue"], "name"), text(&items[0]["unit"], "name")),
        ("Atelier 1".into(), "Arc électrique".into())
    );
    assert_eq!((items[1]["minutes"].as_u64(), text(&items[1]["trainer"], "name")), (Some(180), "أحمد بنعلي".into()));
    assert_eq!(items[0]["series"], items[2]["series"]);
    assert!(items[1]["series"].is_null() && items[0]["series"].is_string(), "{items:?}");
    assert_eq!(desk.audited().await, 1);

    let again: Value = desk.bring(&march()).await.json();
    assert_eq!((counts(&again), &again["written"]), ([0, 0, 2], &json!(false)), "{again}");
    // Moved by hand: the same file does not put them back, nor make them twice.
    for (item, starts) in [(&items[0], "2027-03-01T14:00"), (&items[1], "2027-03-04T09:00")] {
        let edit = json!({ "scope": "this", "starts": starts });
        let path = format!("/lessons/{}", text(item, "id"));
        let moved = desk.ask("PATCH", &path, "application/json", &edit.to_string()).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
    }
    let moved = desk.march().await;
    let again: Value = desk.bring(&march()).await.json();
    assert_eq!((counts(&again), desk.march().await), ([0, 0, 2], moved));
    assert_eq!(desk.audited().await, 1);
    // What its own list calls the same is the same, and says something else now.
    let renamed = march().replace(";Arc;", ";Arc et gaz;");
    assert_eq!(faults(&desk.bring(&renamed).await), [fault("2.key", "known_key")]);
}

#[tokio::test]
async fn what_is_in_a_lines_way_is_told_by_line_and_nothing_is_planned() {
    let desk = Desk::open().await;
    assert_eq!(desk.bring(&march()).await.status, 200);
    let trainee = json!({ "trainer": false, "trainee": true, "committee": false, "administrator": false });
    for name in ["Karim", "Leila"] {
        let person: Value = desk.post("/people", json!({ "name": name, "roles": trainee })).await.json();
        let path = format!("/groups/{}/members/{}", desk.group(), text(&person, "id"));
        assert!(desk.ask("PUT", &path, "application/json", "").await.status.is_success());
    }
    let holiday = json!({ "name": "عيد", "first_day": "2027-03-08", "last_day": "2027-03-09", "stops_lessons": true });
    assert_eq!(desk.post("/periods", holiday).await.status, 201);
    let before = desk.march().await;
    let file = [
        HEADER,
        // In the way of one that is planned: by trainer and room; by group.
        ";Soudage;G2;F1;Gaz;;2027-03-15;10:00;11:00;;Atelier 1;;;",
        ";Soudage;G1;F2;Gaz;;2027-03-29;10:00;11:00;;;;;",
        // Two lines of the file: the second is told.
        ";Soudage;G2;F2;Gaz;;2027-03-16;10:00;11:00;;;;;",
        ";Soudage;G1;F2;Gaz;;2027-03-16;10:30;11:30;;;hebdomadaire;2027-04-16;",
        ";Soudage;G1;F1;Gaz;;2027-03-09;10:00;11:00;;;;;",
        ";Soudage;G1;F1;Gaz;;2027-03-17;10:00;11:00;;Cabine;;;",
        ";;G1;F1;Gaz;;2027-03-17;15:00;16:00;;;;;",
        ";Soudage;Groupe 2;F1;Gaz;;2027-03-17;17:00;18:00;;;;;",
        ";Soudage;G1;Salma Ouchen;Gaz;Arc;2027-03-18;15:00;16:00;;Hangar;;;",
        ";Soudage;G1;Amina;Gaz;;2027-03-18;17:00;18:00;;;FREQ=WEEKLY,COUNT=2;2027-04-01;",
        ";Soudage;G1;F1;Gaz;;2027-03-18;10:00;11:00;;;\"FREQ=WEEKLY;COUNT=2\";;2027-03-26",
        // Nothing is wrong with this one.
        ";Soudage;G1;F1;Gaz;;2027-03-19;10:00;11:00;;;;;",
        ";Soudage;G1;F1;Gaz;;2027-03-20;10:00;9:00;;;;;",
    ]
    .join("\n");
    let expected = [
        fault("2.trainer", "trainer_busy"),
        fault("2.room", "room_busy"),
        fault("3.group", "group_busy"),
        fault("5.trainer", "trainer_busy"),
        fault("6.date", "on_closed_day"),
        fault("7.room", "venue_too_small"),
        fault("8.group", "ambiguous_group"),
        fault("9.group", "unknown_group"),
        fault("10.trainer", "ambiguous_trainer"),
        fault("10.room", "unknown_room"),
        fault("10.unit", "unknown_unit"),
        fault("11.trainer", "unknown_trainer"),
        fault("11.repeat", "rule_malformed"),
        fault("12.except", "not_a_day_of_it"),
        fault("14.end", "end_before_start"),
    ];
    let refused = desk.bring(&file).await;
    assert_eq!(faults(&refused), expected);
    let current = &refused.json::<Value>()["current"];
    let of = |line: u64| {
        let problems = current["problems"].as_array().expect("problems").iter();
        problems
            .filter(move |problem| problem["line"] == line)
            .map(|problem| &problem["in_the_way"])
            .collect::<Vec<_>>()
    };
    let planned = json!({ "title": "Arc", "starts": "2027-03-15T08:30", "ends": "2027-03-15T10:30" });
    assert_eq!(of(2), [&planned, &planned]);
    let other = json!({ "title": "Gaz", "starts": "2027-03-16T10:00", "ends": "2027-03-16T11:00", "line": 4 });
    assert_eq!(of(5), [&other]);
    let preview = desk.look(&file).await;
    assert_eq!((counts(&preview), &preview["problem_count"]), ([2, 0, 0], &json!(15)), "{preview}");
    assert_eq!(desk.march().await, before);
}

#[tokio::test]
async fn what_is_taken_out_is_known_again_and_can_be_brought_elsewhere() {
    let (desk, elsewhere) = Desk::two().await;
    assert_eq!(desk.bring(&march()).await.status, 200);
    let made = json!({ "group": desk.group(), "title": "Gaz", "starts": "2027-03-03T08:30", "minutes": 60 });
    let people: Value = desk.ask("GET", "/people?search=idrissi", "application/json", "").await.json();
    let mut made = made;
    made["trainer"] = people["items"][0]["id"].clone();
    let mut series = made.clone();
    series["starts"] = json!("2027-03-05T08:30");
    series["repeat"] = json!({ "rule": "FREQ=WEEKLY;BYDAY=FR,SA;COUNT=6", "exceptions": ["2027-03-12T08:30"],
                               "additions": ["2027-03-31T09:00"] });
    for lesson in [&made, &series] {
        let planned = desk.post("/lessons", lesson.clone()).await;
        assert_eq!(planned.status, 201, "{}", planned.text());
    }
    // One of a series moves, one is called off.
    let items = desk.items().await;
    let the = |starts: &str| {
        let item = items.iter().find(|item| item["starts"] == starts).unwrap_or_else(|| panic!("{items:?}"));
        format!("/lessons/{}", text(item, "id"))
    };
    let edit = json!({ "scope": "this", "starts": "2027-03-16T08:30" });
    let moved = desk.ask("PATCH", &the("2027-03-15T08:30"), "application/json", &edit.to_string()).await;
    assert_eq!(moved.status, 200, "{}", moved.text());
    let off = format!("{}/cancel", the("2027-03-13T08:30"));
    assert_eq!(desk.post(&off, json!({ "scope": "this", "reason": "Panne" })).await.status, 200);

    let file = desk.taken().await;
    let lines: Vec<&str> = file.lines().filter(|line| line.contains("2027-")).collect();
    assert_eq!(
        lines,
        [
            "S1;Soudage;G1;Salma Idrissi;Arc;Arc électrique;2027-03-01;08:30;10:30;;Atelier 1;hebdomadaire;2027-03-29;2027-03-15 2027-03-22",
            ";كهرباء السيارات;G1;أحمد بنعلي;دارة الشحن;;2027-03-02;22:30;;180;;;;",
            ";Soudage;G1;Salma Idrissi;Gaz;;2027-03-03;08:30;09:30;;;;;",
            ";Soudage;G1;Salma Idrissi;Gaz;;2027-03-05;08:30;09:30;;;\"FREQ=WEEKLY;COUNT=6;BYDAY=FR,SA\";;2027-03-12 2027-03-13",
            ";Soudage;G1;Salma Idrissi;Arc;Arc électrique;2027-03-16;08:30;10:30;;Atelier 1;;;",
            ";Soudage;G1;Salma Idrissi;Gaz;;2027-03-31;09:00;10:00;;;;;",
        ]
    );
    let before = desk.march().await;
    let again: Value = desk.bring(&file).await.json();
    assert_eq!((counts(&again), &again["written"]), ([0, 0, 6], &json!(false)), "{again}");
    assert_eq!(desk.march().await, before);

    let brought: Value = elsewhere.bring(&file).await.json();
    assert_eq!((counts(&brought), &brought["lessons"]), ([6, 0, 0], &json!(before.len() - 1)), "{brought}");
    // But for the one that was called off, the two timetables are one.
    let given: Vec<(String, String)> = before.into_iter().filter(|(starts, _)| starts != "2027-03-13T08:30").collect();
    assert_eq!(elsewhere.march().await, given);
    assert_eq!(elsewhere.taken().await, file);
}
