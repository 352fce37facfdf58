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

/// An application to a course.
struct Applied {
    course: u32,
    name: &'static str,
    /// A mail address, or else a telephone number.
    reached: &'static str,
    message: &'static str,
    status: &'static str,
    reason: Option<&'static str>,
    days_ago: i64,
}

const fn applied(
    course: u32,
    name: &'static str,
    reached: &'static str,
    message: &'static str,
    status: &'static str,
    days_ago: i64,
) -> Applied {
    Applied { course, name, reached, message, status, reason: None, days_ago }
}

/// Applications in every state, to the course that is full and to the one that begins later.
const APPLICATIONS: [Applied; 10] = [
    applied(
        20,
        "نورة السملالي",
        "noura.semlali@exemple.example",
        "أشتغل في ورشة والدي وأرغب في تعلم تشخيص الأعطال.",
        "new",
        1,
    ),
    applied(
        29,
        "Hamza Idrissi",
        "+212 600 00 01 21",
        "Je travaille en journée : le groupe du soir me convient.",
        "new",
        2,
    ),
    applied(29, "Salma Kettani", "salma.kettani@exemple.example", "", "new", 3),
    applied(
        20,
        "مروان الدغمي",
        "+212 600 00 01 22",
        "أرغب في متابعة هذا التكوين ابتداء من الفوج القادم.",
        "waiting",
        5,
    ),
    applied(
        20,
        "Othmane Naciri",
        "othmane.naciri@exemple.example",
        "Ma moto électrique m’a donné envie d’apprendre.",
        "waiting",
        6,
    ),
    applied(20, "آية بنعلي", "aya.benali@exemple.example", "", "accepted", 12),
    applied(20, "Zakaria Mouline", "zakaria.mouline@exemple.example", "", "accepted", 14),
    Applied {
        reason: Some("الملف غير مكتمل: تنقص شهادة المستوى"),
        ..applied(20, "ربيع حمدان", "+212 600 00 01 23", "", "refused", 9)
    },
    applied(20, "Inès Belkacem", "ines.belkacem@exemple.example", "", "withdrawn", 8),
    applied(29, "هدى أمزيان", "+212 600 00 01 24", "هل يمكن متابعة الحصص من الهاتف؟", "new", 4),
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
    for (place, audience, of, author, title, body, day) in [
        (
            3,
            "group",
            30,
            10,
            "قياس تيار الشحن: أحضروا دفتر التطبيق",
            "نملأ جدول القياسات معا في حصة السبت. من لا يملك جهاز قياس يعمل مع زميل.",
            Some(monday.saturating_add(5.days())),
        ),
        (
            4,
            "course",
            21,
            11,
            "Le plan du rapport est en ligne",
            "Le modèle est dans les supports de la formation. Apportez votre première page à la prochaine séance.",
            None,
        ),
    ] {
        let mut taught = own(place, title, body, day, at(monday.saturating_sub(4.days()), 12));
        taught.insert("audience".into(), audience.into());
        taught.insert("audience_id".into(), id(of).to_string().into());
        taught.insert("author".into(), id(author).to_string().into());
        all.push(taught);
    }
    all
}

fn applications(weeks: &Weeks, secrets: &Secret) -> Vec<Map<String, Value>> {
    let day_us = 86_400_000_000_i64;
    let rows = (1_u32..).zip(APPLICATIONS).map(|(number, applied)| {
        let Applied { course, name, reached, message, status, reason, days_ago } = applied;
        let created_at = weeks.now.micros().saturating_sub(days_ago.saturating_mul(day_us));
        let language = if name.is_ascii() || name.contains('è') { "fr" } else { "ar" };
        let mut columns = row(json!({
            "id": id(5_200 + number).to_string(), "institution": INSTITUTION.to_string(),
            "course": id(course).to_string(), "name": name, "message": message, "status": status, "language": language,
            "secret_hash": hash_of(&secrets.derive(&format!("application/{number}"))), "created_at": created_at,
        }));
        let mut also = |column: &str, value: Value| columns.insert(column.into(), value);
        also(if reached.contains('@') { "mail" } else { "phone" }, reached.into());
        if let Some(reason) = reason {
            also("reason", reason.into());
        }
        if matches!(status, "accepted" | "refused") {
            also("decided_at", created_at.saturating_add(day_us).into());
            also("decided_by", id(200).to_string().into());
        }
        if status == "waiting" {
            also("course_group", id(30).to_string().into());
        }
        columns
    });
    rows.collect()
}
