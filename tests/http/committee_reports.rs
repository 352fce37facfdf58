//! What many lessons come to: who may read it, and that it is what the lessons' own reports say.

use crate::reports::{Class, class, person};
use crate::support::members::{ADMINISTRATOR, COMMITTEE, Member, TRAINER};
use crate::{Answer, ask};
use qism::ids::{EventSeq, LessonId, PersonId};
use qism::protocol::{ErrorCode, LoggedEvent, Phase, RoomEvent};
use qism::store::{NewLesson, Reach};
use qism::time::Timestamp;
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

const JSON: (&str, &str) = ("content-type", "application/json");
const MINUTE_US: i64 = 60_000_000;
const DAY_US: i64 = 24 * 60 * MINUTE_US;

async fn call(class: &Class, who: Member, method: &str, path: &str, body: &str) -> Answer {
    let cookie = class.server.cookie(who).await;
    ask(&class.server.router, method, path, &[JSON, ("cookie", &cookie)], body).await
}

async fn get(class: &Class, who: Member, path: &str) -> Value {
    let answer = call(class, who, "GET", path, "").await;
    assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.text());
    answer.json()
}

/// The day of the class, in its zone.
fn day(class: &Class) -> String {
    day_at(class, 0)
}

fn day_at(class: &Class, days: i64) -> String {
    let zone = qism::schedule::Zone::parse("Africa/Casablanca").expect("a zone");
    qism::schedule::week::day(&zone, Timestamp(class.starts_at + days * DAY_US)).to_string()
}

/// The path of a report of the class's day.
fn of_institution(class: &Class, more: &str) -> String {
    let day = day(class);
    format!("/api/institutions/{}/reports?from={day}&to={day}{more}", class.lesson().institution)
}

fn of_branch(class: &Class, more: &str) -> String {
    let day = day(class);
    format!("/api/reports?from={day}&to={day}{more}")
}

#[tokio::test]
async fn a_report_is_what_its_lessons_reports_say() {
    let class = class().await;
    class.given().await;
    let lesson = class.report(class.administrator).await;
    let report = get(&class, class.administrator, &of_institution(&class, "&by=group")).await;
    let total = &report["total"];
    assert_eq!(
        (&total["planned"], &total["given"], &total["cancelled"], &total["late"]),
        (&json!(1), &json!(1), &json!(0), &json!(1))
    );
    assert_eq!((&total["given_us"], &total["late_us"]), (&lesson["given_us"], &lesson["late_us"]));
    assert_eq!((&total["expected"], &total["came"]), (&lesson["expected"], &json!(1)));
    assert_eq!(total["planned_us"], 60 * MINUTE_US);
    // Two were expected for an hour; the guest was there and is not counted.
    let counted = person(&lesson, class.trainee)["counted_us"].clone();
    assert_eq!((&total["expected_us"], &total["present_us"]), (&json!(120 * MINUTE_US), &counted));
    assert_eq!((&total["attendance_percent"], &total["punctual_percent"]), (&json!(25.0), &json!(0.0)));
    assert_eq!(total["tools"]["chat"], 1);
    assert_eq!(total["tools"]["screen"], 0);

    let day = day(&class);
    assert_eq!(
        (&report["from"], &report["to"], &report["per"], &report["by"]),
        (&json!(day), &json!(day), &json!("day"), &json!("group"))
    );
    assert_eq!(report["series"], json!([{ "from": day, "to": day, "figures": total }]));
    let rows = report["rows"].as_array().expect("rows");
    assert_eq!((rows.len(), &rows[0]["name"], &rows[0]["figures"]), (1, &json!("Groupe 2"), total));
    assert_eq!(rows[0]["within"], "Soudure");
    assert_eq!((&report["before"], &report["compare"], &rows[0]["before"]), (&json!(null), &json!(null), &json!(null)));
    for by in ["course", "trainer"] {
        let other = get(&class, class.administrator, &of_institution(&class, &format!("&by={by}"))).await;
        assert_eq!((&other["rows"][0]["figures"], other["rows"].as_array().map(Vec::len)), (total, Some(1)), "{by}");
    }
    // By the country's region, and by the region's institution: the same.
    for (reach, by, name) in [(Reach::Ministry, "region", "Souss-Massa"), (Reach::Region, "institution", "Institut 1")]
    {
        let who = class.above(reach, COMMITTEE).await;
        let above = get(&class, who, &of_branch(&class, "")).await;
        assert_eq!((&above["total"], &above["by"], &above["named"]), (total, &json!(by), &json!(false)));
        assert_eq!((&above["rows"][0]["name"], &above["rows"][0]["figures"]), (&json!(name), total));
    }
    let ministry = class.above(Reach::Ministry, ADMINISTRATOR).await;
    let region = get(&class, ministry, &of_branch(&class, &format!("&region={}", class.lesson().region))).await;
    assert_eq!((&region["rows"][0]["id"], &region["total"]), (&json!(class.lesson().institution.to_string()), total));
}

#[tokio::test]
async fn a_report_is_compared_with_another_period() {
    let class = class().await;
    class.given().await;
    let (first, last) = (day_at(&class, -40), day_at(&class, -34));
    let path = of_institution(&class, &format!("&compare_from={first}&compare_to={last}&per=week"));
    let report = get(&class, class.administrator, &path).await;
    assert_eq!(report["compare"], json!({ "from": first, "to": last }));
    assert_eq!((&report["before"]["planned"], &report["before"]["attendance_percent"]), (&json!(0), &json!(null)));
    assert_eq!(report["rows"][0]["before"], report["before"]);
    let series = report["before_series"].as_array().expect("a series");
    assert_eq!((&series[0]["from"], &series[series.len() - 1]["to"]), (&json!(first), &json!(last)));

    // The other way round, what was given is before.
    let day = day(&class);
    let path = format!(
        "/api/institutions/{}/reports?from={first}&to={last}&compare_from={day}&compare_to={day}",
        class.lesson().institution
    );
    let turned = get(&class, class.administrator, &path).await;
    assert_eq!((&turned["before"], &turned["total"]), (&report["total"], &report["before"]));
    assert_eq!((&turned["rows"][0]["before"], &turned["rows"][0]["figures"]["given"]), (&report["total"], &json!(0)));
}

#[tokio::test]
async fn lists_of_lessons_say_how_they_went_to_those_who_may_read_their_records() {
    let class = class().await;
    class.given().await;
    let day = day(&class);
    let path = format!("/api/institutions/{}/lessons?from={day}&to={day}", class.lesson().institution);
    let report = class.report(class.administrator).await;
    let colleague = class.server.member(class.lesson().institution, TRAINER).await;
    let above = class.above(Reach::Ministry, COMMITTEE).await;
    for (who, sees) in
        [(class.administrator, true), (class.trainer, true), (above, true), (colleague, false), (class.trainee, false)]
    {
        let lessons = get(&class, who, &path).await;
        let lesson = &lessons["items"][0];
        let expected = if sees { (&report["late_us"], &report["rate_percent"]) } else { (&Value::Null, &Value::Null) };
        assert_eq!((&lesson["late_us"], &lesson["attendance_percent"]), expected, "{who:?}");
    }
    assert_eq!((&report["late_us"], &report["rate_percent"]), (&json!(2 * MINUTE_US), &json!(25.0)));
    let key = class.server.api_key(class.lesson().institution, &["timetable:read"]).await;
    let lessons = ask(&class.server.router, "GET", &path, &[("authorization", &format!("Bearer {key}"))], "").await;
    assert_eq!(
        lessons.json::<Value>()["items"][0]["attendance_percent"],
        json!(null),
        "a program's key has no reports"
    );
}

#[tokio::test]
async fn another_branchs_lessons_are_not_there() {
    let class = class().await;
    class.given().await;
    let second = &class.schools.second;
    let region = class.server.institution(second.region, Reach::Region).await;
    let others = [
        class.server.member(region, COMMITTEE).await,
        class.server.member(second.institution, COMMITTEE).await,
        class.server.member(second.institution, ADMINISTRATOR).await,
    ];
    for who in others {
        let report = get(&class, who, &of_branch(&class, "")).await;
        assert_eq!((&report["total"]["planned"], &report["total"]["given"]), (&json!(0), &json!(0)));
        assert_eq!(report["rows"], json!([]));
        let asked = format!("&region={}", class.lesson().region);
        for path in [of_branch(&class, &asked), of_institution(&class, "")] {
            assert_eq!(call(&class, who, "GET", &path, "").await.status.as_u16(), 404, "{path}");
        }
    }
}

#[tokio::test]
async fn a_trainer_sees_their_own_lessons_only() {
    let class = class().await;
    class.given().await;
    let colleague = class.server.member(class.lesson().institution, TRAINER).await;
    let before = class.looks().await;
    for (who, given) in [(class.trainer, 1), (colleague, 0)] {
        for by in ["course", "group", "trainer"] {
            let report = get(&class, who, &of_institution(&class, &format!("&by={by}"))).await;
            assert_eq!(report["total"]["given"], given, "{by}");
            assert_eq!(report["rows"].as_array().map(Vec::len), Some(given), "{by}");
        }
    }
    assert_eq!(class.looks().await, before, "they look at themselves");
    let path = of_institution(&class, &format!("&trainer={}", class.trainer.person));
    assert_eq!(call(&class, colleague, "GET", &path, "").await.status.as_u16(), 404);
    assert_eq!(get(&class, class.trainer, &path).await["total"]["given"], 1);
    for path in [of_branch(&class, ""), of_branch(&class, "").replace("reports?", "reports.csv?")] {
        assert_eq!(call(&class, class.trainer, "GET", &path, "").await.status.as_u16(), 403, "{path}");
    }
    assert_eq!(call(&class, class.trainee, "GET", &of_institution(&class, ""), "").await.status.as_u16(), 403);
}

#[tokio::test]
async fn trainers_have_names_for_those_who_may_see_them() {
    let class = class().await;
    class.given().await;
    let path = of_institution(&class, "&by=trainer");
    let of_one = of_institution(&class, &format!("&trainer={}", class.trainer.person));
    let above = class.above(Reach::Region, COMMITTEE).await;
    let before = class.looks().await;
    let unnamed = call(&class, above, "GET", &path, "").await;
    let report: Value = unnamed.json();
    assert_eq!((&report["named"], &report["rows"][0]["figures"]["given"]), (&json!(false), &json!(1)));
    assert_eq!((&report["rows"][0]["id"], &report["rows"][0]["name"]), (&json!(null), &json!(null)));
    let csv = call(&class, above, "GET", &path.replace("reports?", "reports.csv?"), "").await;
    for hidden in ["Salma", &class.trainer.person.to_string()] {
        assert!(!unnamed.text().contains(hidden) && !csv.text().contains(hidden), "{hidden}");
    }
    assert_eq!(call(&class, above, "GET", &of_one, "").await.status.as_u16(), 404);
    get(&class, class.administrator, &of_institution(&class, "")).await;
    assert_eq!(class.looks().await, before, "nobody was named");

    class.sees_names(above).await;
    for who in [above, class.administrator] {
        let looks = class.looks().await;
        let report = get(&class, who, &path).await;
        assert_eq!((&report["named"], &report["rows"][0]["name"]), (&json!(true), &json!("Salma Ouchen")));
        assert_eq!(report["rows"][0]["id"], class.trainer.person.to_string());
        assert_eq!(get(&class, who, &of_one).await["total"]["given"], 1);
        assert_eq!(class.looks().await, looks + 2, "each look is noted");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_said_by_a_code() {
    let class = class().await;
    let institution = class.lesson().institution;
    for (query, field, code) in [
        ("", "from", "report_period_unreadable"),
        ("from=2026-11-01&to=tomorrow", "to", "report_period_unreadable"),
        ("from=2026-11-02&to=2026-11-01", "to", "report_period_backwards"),
        ("from=2025-01-01&to=2026-11-01", "to", "report_period_too_long"),
        ("from=2026-11-01&to=2026-11-01&compare_from=2026-10-01", "compare_to", "report_compare_incomplete"),
        ("from=2026-11-01&to=2026-11-01&by=region", "by", "unknown"),
        ("from=2026-11-01&to=2026-11-01&per=hour", "per", "unknown"),
        ("from=2026-11-01&to=2026-11-01&course=x", "course", "unknown"),
    ] {
        for file in ["", ".csv", ".xlsx"] {
            let path = format!("/api/institutions/{institution}/reports{file}?{query}");
            let answer = call(&class, class.administrator, "GET", &path, "").await;
            assert_eq!((answer.status.as_u16(), answer.problem()), (422, ErrorCode::FieldsInvalid), "{path}");
            let problem: Value = answer.json();
            assert_eq!((&problem["fields"][0]["field"], &problem["fields"][0]["code"]), (&json!(field), &json!(code)));
        }
    }
    let answer = call(&class, class.administrator, "GET", &of_branch(&class, "&by=course"), "").await;
    assert_eq!(answer.problem(), ErrorCode::FieldsInvalid);
    let answer = call(&class, class.administrator, "GET", &of_branch(&class, "&since=2026"), "").await;
    assert_eq!(answer.problem(), ErrorCode::BadRequest);
}

#[tokio::test]
async fn rows_are_given_out_as_files_that_calculate_nothing() {
    let class = class().await;
    class.server.execute("UPDATE course SET title = $1", &["=HYPERLINK(\"https://elsewhere.example\")"]).await;
    class.given().await;
    let day = day(&class);
    let file = |kind: &str, more: &str| of_institution(&class, more).replace("reports?", &format!("reports.{kind}?"));
    for (language, title, total, share) in [
        ("fr", "Taux d’assiduité", "Total", "25,0"),
        ("ar", "نسبة الحضور", "المجموع", "25,0"),
        ("en", "Attendance", "Total", "25.0"),
    ] {
        let path = file("csv", &format!("&language={language}&compare_from=2026-01-01&compare_to=2026-01-02"));
        let csv = call(&class, class.administrator, "GET", &path, "").await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert_eq!(csv.header("content-disposition"), format!("attachment; filename=\"report-{day}-{day}.csv\""));
        assert_eq!(csv.body[..3], [0xEF, 0xBB, 0xBF]);
        let text = csv.text();
        let lines: Vec<&str> = text.trim_end().split("\r\n").collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].contains(title) && lines[2].contains(total) && lines[1].contains(share), "{text}");
        assert!(lines[1].starts_with("\"'=HYPERLINK"), "{text}");
        assert!(lines[1].contains("0:40:00"), "what was given: {text}");
        let separator = if language == "en" { ',' } else { ';' };
        let cells = |line: &str| line.matches(separator).count();
        assert_eq!((cells(lines[0]), cells(lines[2])), (24, 24), "{text}");
        let xlsx = call(&class, class.administrator, "GET", &path.replace(".csv", ".xlsx"), "").await;
        assert_eq!((xlsx.status.as_u16(), &xlsx.body[..2]), (200, b"PK".as_slice()));
    }
    let ministry = class.above(Reach::Ministry, COMMITTEE).await;
    for kind in ["csv", "xlsx"] {
        let path = of_branch(&class, "&by=institution&language=fr").replace("reports?", &format!("reports.{kind}?"));
        let answer = call(&class, ministry, "GET", &path, "").await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.text());
        assert!(kind == "xlsx" || answer.text().contains("Institut 1;1;1;0;1;"), "{}", answer.text());
    }
    let wrong = call(&class, class.administrator, "GET", &file("csv", "&language=de"), "").await;
    assert_eq!(wrong.status.as_u16(), 422);
}

/// Lessons of an hour on the days before the class's, which nobody of the group came to.
async fn missed(class: &Class, days: impl Iterator<Item = i64>) {
    let of = class.server.store.of(class.lesson().institution);
    let lesson = of.timetable_lesson(class.lesson().id).await.expect("a store").expect("a lesson");
    for day in days {
        let starts_at = Timestamp(class.starts_at - day * DAY_US);
        let ends_at = starts_at.plus(Duration::from_secs(3_600));
        let id = LessonId(Uuid::from_u128(0x900 + u128::try_from(day).expect("before")));
        let (group, trainer): (_, PersonId) = (lesson.group.id, class.trainer.person);
        let new = NewLesson { id, group, trainer, title: "Le joint".into(), starts_at, ends_at };
        of.create_lesson(&new).await.expect("a lesson");
        let log = [
            LoggedEvent { seq: EventSeq(1), at: starts_at, event: RoomEvent::LessonStarted {} },
            LoggedEvent { seq: EventSeq(2), at: ends_at, event: RoomEvent::LessonEnded {} },
        ];
        of.append_events(id, &log, Phase::Ended { since: ends_at }).await.expect("a log");
    }
    class.server.rooms.settle_ended().await.expect("settled");
}

#[tokio::test]
async fn trainees_at_risk_are_found_by_the_rule_that_is_given_out() {
    let class = class().await;
    class.given().await;
    let path = format!("/api/institutions/{}/reports/at-risk", class.lesson().institution);
    let nobody = get(&class, class.administrator, &path).await;
    assert_eq!((&nobody["count"], &nobody["trainees"]), (&json!(0), &json!([])), "one lesson says nothing");
    let rule = json!({ "weeks": 4, "below_percent": 60.0, "falls_by_points": 20.0, "missed_in_a_row": 3, "lessons_at_least": 3 });
    assert_eq!(nobody["rule"], rule);

    missed(&class, 2..5).await;
    let looks = class.looks().await;
    let compared = format!("{path}?compare_to={}", day_at(&class, -20));
    let found = get(&class, class.administrator, &compared).await;
    assert_eq!(class.looks().await, looks + 1, "a look at names is noted");
    assert_eq!(
        (&found["named"], &found["count"], &found["before_count"], &found["more"]),
        (&json!(true), &json!(2), &json!(0), &json!(false))
    );
    let absent = &found["trainees"][0];
    assert_eq!((&absent["person"], &absent["name"]), (&json!(class.absent.person.to_string()), &json!("Salma Ouchen")));
    assert_eq!(
        (&absent["lessons"], &absent["attendance_percent"], &absent["missed_in_a_row"]),
        (&json!(4), &json!(0.0), &json!(4))
    );
    assert_eq!((&absent["reasons"], &absent["before_percent"]), (&json!(["low", "missing"]), &json!(null)));
    let came = &found["trainees"][1];
    // Half an hour of four, in the last of the four.
    assert_eq!(
        (&came["person"], &came["attendance_percent"]),
        (&json!(class.trainee.person.to_string()), &json!(12.5))
    );
    assert_eq!((&came["reasons"], &came["missed_in_a_row"]), (&json!(["low"]), &json!(0)));
    // Until the day before, both missed three in a row.
    let earlier = get(&class, class.administrator, &format!("{path}?to={}", day_at(&class, -1))).await;
    assert_eq!(earlier["trainees"][1]["reasons"], json!(["low", "missing"]));
    let elsewhere = format!("{path}?course={}", Uuid::from_u128(1));
    assert_eq!(get(&class, class.administrator, &elsewhere).await["count"], 0);

    let above = class.above(Reach::Ministry, COMMITTEE).await;
    let looks = class.looks().await;
    let answer = call(&class, above, "GET", &path, "").await;
    let unnamed: Value = answer.json();
    assert_eq!(
        (&unnamed["count"], &unnamed["named"], &unnamed["trainees"][0]["name"]),
        (&json!(2), &json!(false), &json!(null))
    );
    for hidden in ["Salma", &class.absent.person.to_string(), &class.trainee.person.to_string()] {
        assert!(!answer.text().contains(hidden), "{hidden}");
    }
    assert_eq!(class.looks().await, looks);

    // A trainer is told of their own lessons, another institution's committee of none.
    assert_eq!(get(&class, class.trainer, &path).await["count"], 2);
    let colleague = class.server.member(class.lesson().institution, TRAINER).await;
    assert_eq!(get(&class, colleague, &path).await["count"], 0);
    let stranger = class.server.member(class.schools.second.institution, COMMITTEE).await;
    assert_eq!(call(&class, stranger, "GET", &path, "").await.status.as_u16(), 404);
    assert_eq!(call(&class, class.trainee, "GET", &path, "").await.status.as_u16(), 403);
    let wrong = call(&class, class.administrator, "GET", &format!("{path}?to=soon"), "").await;
    assert_eq!((wrong.status.as_u16(), wrong.problem()), (422, ErrorCode::FieldsInvalid));
}

#[tokio::test]
async fn a_report_is_kept_under_a_name_by_who_may_read_it() {
    const PATH: &str = "/api/me/report-views";
    let class = class().await;
    let (own, other) = (class.lesson().institution, class.schools.second.institution);
    let asked = json!({ "name": " Chaque  mois ", "institution": own, "query": "period=last-month&by=group", "mail": "monthly" });
    let answer = call(&class, class.administrator, "POST", PATH, &asked.to_string()).await;
    assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
    let made: Value = answer.json();
    assert_eq!(
        (&made["name"], &made["mail"], &made["institution"]),
        (&json!("Chaque mois"), &json!("monthly"), &json!(own))
    );
    let due = made["mail_due_at"].as_i64().expect("it is due");
    assert!(due > class.starts_at && due < class.starts_at + 32 * DAY_US, "{due}");
    let list = get(&class, class.administrator, PATH).await;
    assert_eq!(list, json!({ "items": [made] }));

    let one = format!("{PATH}/{}", made["id"].as_str().expect("an id"));
    let change = json!({ "mail": null, "institution": null, "query": "period=week&compare=none" }).to_string();
    let changed: Value = call(&class, class.administrator, "PATCH", &one, &change).await.json();
    assert_eq!(
        (&changed["mail"], &changed["mail_due_at"], &changed["institution"]),
        (&json!(null), &json!(null), &json!(null))
    );
    assert_eq!((&changed["name"], &changed["query"]), (&json!("Chaque mois"), &json!("period=week&compare=none")));
    let somebody = class.server.member(own, ADMINISTRATOR).await;
    assert_eq!(get(&class, somebody, PATH).await["items"], json!([]));
    for method in ["PATCH", "DELETE"] {
        assert_eq!(call(&class, somebody, method, &one, "{}").await.status.as_u16(), 404, "{method}");
    }
    assert_eq!(call(&class, class.administrator, "DELETE", &one, "").await.status.as_u16(), 204);
    assert_eq!(call(&class, class.administrator, "DELETE", &one, "").await.status.as_u16(), 404);

    let view = |institution: Value, query: &str| {
        json!({ "name": "x", "institution": institution, "query": query }).to_string()
    };
    for (who, body, status) in [
        (class.administrator, view(json!(other), "period=week"), 404),
        (class.trainer, view(json!(null), "period=week"), 403),
        (class.trainer, view(json!(own), "period=week"), 201),
        (class.trainee, view(json!(own), "period=week"), 403),
        (class.administrator, view(json!(null), "next=https://elsewhere.example"), 422),
        (class.administrator, view(json!(null), "from=2025-01-01&to=2026-12-31"), 422),
        (class.administrator, json!({ "name": "", "query": "" }).to_string(), 422),
        (class.administrator, json!({ "name": "x", "query": "", "mail": "hourly" }).to_string(), 422),
    ] {
        let answer = call(&class, who, "POST", PATH, &body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}: {}", answer.text());
        if status == 422 {
            assert_eq!(answer.problem(), ErrorCode::FieldsInvalid);
        }
    }
}
