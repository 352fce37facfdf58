//! What the demo school's office does: venues, holidays, announcements, applications.

use super::timetable::Weeks;
use super::{INSTITUTION, KENITRA, MINISTRY, hash_of, id, row};
use crate::auth::Secret;
use crate::store::Rows;
use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

/// Days with a name: their first and last day, and whether they stop lessons.
const PERIODS: [(u32, &str, &str, &str, bool); 8] = [
    (1, "المسيرة الخضراء", "2026-11-06", "2026-11-06", true),
    (2, "عيد الاستقلال", "2026-11-18", "2026-11-18", true),
    (3, "تقديم وثيقة الاستقلال", "2027-01-11", "2027-01-11", true),
    (4, "رأس السنة الأمازيغية", "2027-01-14", "2027-01-14", true),
    (5, "عطلة منتصف السنة", "2027-01-24", "2027-01-31", true),
    (6, "رمضان", "2027-02-08", "2027-03-09", false),
    (7, "عيد الفطر", "2027-03-10", "2027-03-12", true),
    (8, "عيد الشغل", "2027-05-01", "2027-05-01", true),
];

/// Applications in every state: name, status, reason and how many days ago.
const APPLICATIONS: [(&str, &str, Option<&str>, i64); 8] = [
    ("نورة السملالي", "new", None, 1),
    ("Hamza Idrissi", "new", None, 2),
    ("مروان الدغمي", "waiting", None, 5),
    ("Salma Kettani", "waiting", None, 6),
    ("آية بنعلي", "accepted", None, 12),
    ("Zakaria Mouline", "accepted", None, 14),
    ("ربيع حمدان", "refused", Some("الملف غير مكتمل: تنقص شهادة المستوى"), 9),
    ("Inès Belkacem", "withdrawn", None, 8),
];

pub fn tables(weeks: &Weeks, secrets: &Secret) -> Vec<Rows> {
    vec![
        ("venue", venues()),
        ("calendar_period", periods()),
        ("announcement", announcements(weeks)),
        ("application", applications(weeks, secrets)),
    ]
}

fn venues() -> Vec<Map<String, Value>> {
    let venues = [
        (1, INSTITUTION, "ورشة الكهرباء", 16),
        (2, INSTITUTION, "قاعة 4", 30),
        (3, INSTITUTION, "المدرج", 120),
        (4, KENITRA, "Atelier froid", 14),
        (5, KENITRA, "Salle B12", 28),
    ];
    let rows = venues.map(|(number, of, name, capacity)| {
        row(json!({ "id": id(5_000 + number).to_string(), "institution": of.to_string(), "name": name,
                    "capacity": capacity }))
    });
    rows.into()
}

fn periods() -> Vec<Map<String, Value>> {
    let rows = PERIODS.map(|(number, name, first, last, stops)| {
        row(json!({
            "id": id(5_100 + number).to_string(), "institution": MINISTRY.to_string(), "name": name,
            "first_day": first, "last_day": last, "stops_lessons": stops,
        }))
    });
    rows.into()
}

/// This week's announcements; those of other weeks stay.
fn announcements(weeks: &Weeks) -> Vec<Map<String, Value>> {
    let monday = weeks.monday();
    let week = u32::try_from(monday.since(jiff::civil::date(2024, 1, 1)).map_or(0, |span| span.get_days() / 7));
    let number = 600_000 + week.unwrap_or_default() * 8;
    let at = |day: Date, hour: i8| weeks.zone.instant(day.at(hour, 30, 0, 0)).micros();
    let friday = monday.saturating_add(4.days());
    let own = |place: u32, title: &str, body: &str, day: Option<Date>, published: i64| {
        let mut columns = row(json!({
            "id": id(number + place).to_string(), "institution": INSTITUTION.to_string(), "audience": "institution",
            "audience_id": INSTITUTION.to_string(), "title": title, "body": body, "author": id(200).to_string(),
            "by_mail": false, "published_at": published,
            "expires_at": at(monday.saturating_add(13.days()), 20),
        }));
        if let Some(day) = day {
            columns.insert("day".into(), day.to_string().into());
        }
        columns
    };
    let mut all = vec![
        own(
            0,
            "تسليم تقرير التدريب قبل الجمعة",
            "يُرفع في صفحة التكوين بصيغة PDF. من ليس له مقاول متابع يتصل بالإدارة.",
            Some(friday),
            at(monday.saturating_sub(1.day()), 18),
        ),
        own(
            1,
            "Atelier de soudage fermé samedi matin",
            "Entretien de la ventilation. La séance a lieu à distance, à l’heure.",
            Some(monday.saturating_add(5.days())),
            at(monday.saturating_sub(2.days()), 9),
        ),
    ];
    let mut ministry = own(
        2,
        "الأيام المفتوحة للتكوين المهني",
        "تفتح المؤسسات أبوابها للتلاميذ وأسرهم. برنامج كل جهة لدى مندوبيتها.",
        None,
        at(monday.saturating_sub(3.days()), 10),
    );
    for (column, value) in [
        ("institution", MINISTRY.to_string()),
        ("audience", "ministry".to_owned()),
        ("audience_id", MINISTRY.to_string()),
        ("author", id(17).to_string()),
    ] {
        ministry.insert(column.into(), value.into());
    }
    all.push(ministry);
    all
}

fn applications(weeks: &Weeks, secrets: &Secret) -> Vec<Map<String, Value>> {
    let day_us = 86_400_000_000_i64;
    let rows = (1_u32..).zip(APPLICATIONS).map(|(number, (name, status, reason, days))| {
        let created_at = weeks.now.micros().saturating_sub(days.saturating_mul(day_us));
        let mut columns = row(json!({
            "id": id(5_200 + number).to_string(), "institution": INSTITUTION.to_string(),
            "course": id(20).to_string(), "name": name, "mail": format!("candidat{number}@exemple.example"),
            "message": "أرغب في متابعة هذا التكوين ابتداء من الفوج القادم.", "status": status,
            "secret_hash": hash_of(&secrets.derive(&format!("application/{number}"))), "created_at": created_at,
        }));
        if let Some(reason) = reason {
            columns.insert("reason".into(), reason.into());
        }
        if matches!(status, "accepted" | "refused") {
            columns.insert("decided_at".into(), created_at.saturating_add(day_us).into());
            columns.insert("decided_by".into(), id(200).to_string().into());
        }
        if status == "waiting" {
            columns.insert("course_group".into(), id(30).to_string().into());
        }
        columns
    });
    rows.collect()
}
