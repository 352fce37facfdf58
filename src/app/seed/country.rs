//! The invented country, line by line as a dump gives it.
//!
//! Whoever and whatever is numbered from 0 through the whole country; everything else follows from the number, so that
//! nothing but counters is kept.

use super::Size;
use super::history::Totals;
use super::words::{CITIES, COURSES, FAMILY_AR, FAMILY_FR, GIVEN_AR, GIVEN_FR};
use crate::ids::InstitutionId;
use crate::text::{fold, words};
use crate::time::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

/// How many regions there are, where there are as many institutions.
const REGIONS_MAX: u32 = 58;

/// How many trainees a group has.
pub(super) const GROUP_TRAINEES: u32 = 25;

/// How many courses an institution gives.
const INSTITUTION_COURSES: u32 = 6;

pub(super) const MINUTE_US: i64 = 60_000_000;
pub(super) const HOUR_US: i64 = 60 * MINUTE_US;
pub(super) const DAY_US: i64 = 24 * HOUR_US;
pub(super) const WEEK_US: i64 = 7 * DAY_US;

pub(super) const ZONE: &str = "Africa/Casablanca";

/// How many people may have been in one lesson.
pub(super) const LESSON_PLACES: u32 = 32;

/// What the ids of a table begin with; the number follows.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Region = 1,
    Institution,
    Trainee,
    Trainer,
    Administrator,
    Course,
    Unit,
    Group,
    Lesson,
    Announcement,
    Period,
    Venue,
    Invitation,
    Place,
}

pub(super) fn id(kind: Kind, number: u32) -> String {
    uuid(kind, number).to_string()
}

pub(super) fn uuid(kind: Kind, number: u32) -> Uuid {
    // Version 7 and variant 1 (RFC 9562), in order of the number.
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 | (kind as u128) << 40 | u128::from(number))
}

/// The country, and how much of it was given out.
pub struct Country {
    pub(super) size: Size,
    pub(super) now: Timestamp,
    /// Of everybody who can sign in, as a PHC string; absent where nobody can.
    password: Option<String>,
    table: &'static str,
    next: u32,
    /// Lines of one number that wait for their turn, the last first.
    waiting: Vec<Value>,
    pub(super) totals: Totals,
}

impl Country {
    pub fn new(size: Size, now: Timestamp, password: Option<String>) -> Self {
        Self { size, now, password, table: "", next: 0, waiting: Vec::new(), totals: Totals::default() }
    }

    pub fn administrator(&self) -> String {
        sign_in(Kind::Administrator, 0)
    }

    /// The first of each institution's trainees.
    pub fn trainees(&self) -> Vec<String> {
        (0..self.size.institutions).map(|number| sign_in(Kind::Trainee, self.first_trainee(number))).collect()
    }

    /// The first of each institution's trainers.
    pub fn trainers(&self) -> Vec<String> {
        let groups = (0..self.size.institutions).map(|number| self.first_trainee(number).div_ceil(GROUP_TRAINEES));
        groups.map(|group| sign_in(Kind::Trainer, group)).collect()
    }

    /// The next line of a table.
    pub fn line(&mut self, table: &'static str) -> Option<String> {
        if table != self.table {
            (self.table, self.next) = (table, 0);
            if matches!(table, "institution_sum" | "region_sum") {
                self.waiting = self.totals.lines(table);
            }
        }
        while self.waiting.is_empty() {
            if self.next >= self.numbers(table) {
                return None;
            }
            let number = self.next;
            self.next += 1;
            self.waiting = match table {
                "lesson_sum" => self.sums(number).into_iter().collect(),
                _ => self.records(table, number),
            };
        }
        self.waiting.pop().map(|record| record.to_string())
    }

    /// How many numbers a table's records follow from.
    fn numbers(&self, table: &str) -> u32 {
        match table {
            "region" => self.regions(),
            "institution" | "venue" => self.size.institutions,
            "credential" if self.password.is_none() => 0,
            "person" | "credential" => self.size.trainees + self.groups() + self.size.institutions,
            "course" | "course_word" | "course_unit" => self.courses(),
            "course_group" | "course_trainer" => self.groups(),
            "group_member" => self.size.trainees,
            "lesson" | "invitation" | "place" | "room_event" | "attendance" | "quality_minute" | "lesson_facts" => {
                self.size.lessons
            }
            // Two lessons of a day.
            "lesson_sum" => self.size.lessons.div_ceil(self.groups()).div_ceil(2).saturating_mul(self.groups()),
            "announcement" => self.size.institutions * 3,
            "calendar_period" => 2,
            _ => 0,
        }
    }

    fn records(&self, table: &str, number: u32) -> Vec<Value> {
        match table {
            "region" => vec![json!({ "id": id(Kind::Region, number), "name": region(number) })],
            "institution" => vec![self.institution(number)],
            "venue" => vec![json!({
                "id": id(Kind::Venue, number), "institution": id(Kind::Institution, number),
                "name": if number.is_multiple_of(2) { "الورشة الكبرى" } else { "Atelier 1" }, "capacity": 40,
            })],
            "person" => vec![self.person(number)],
            "credential" => vec![self.credential(number)],
            "course" => vec![self.course(number)],
            "course_word" => self.course_words(number),
            "course_unit" => self.units(number),
            "course_group" => vec![self.group(number)],
            "course_trainer" => vec![json!({
                "institution": id(Kind::Institution, self.institution_of_group(number)),
                "course": id(Kind::Course, self.course_of_group(number)), "person": id(Kind::Trainer, number),
            })],
            "group_member" => {
                let group = number / GROUP_TRAINEES;
                vec![json!({
                    "institution": id(Kind::Institution, self.institution_of_group(group)),
                    "course_group": id(Kind::Group, group), "person": id(Kind::Trainee, number),
                    "since": self.now.micros() - 10 * WEEK_US,
                })]
            }
            "lesson" => vec![self.lesson(number)],
            "invitation" | "place" | "room_event" | "attendance" | "quality_minute" | "lesson_facts" => {
                self.lines_of(table, number)
            }
            "announcement" => vec![self.announcement(number)],
            "calendar_period" => vec![self.period(number)],
            _ => Vec::new(),
        }
    }

    pub(super) fn regions(&self) -> u32 {
        self.size.institutions.min(REGIONS_MAX)
    }

    pub(super) fn groups(&self) -> u32 {
        self.size.trainees.div_ceil(GROUP_TRAINEES)
    }

    fn courses(&self) -> u32 {
        self.size.institutions * INSTITUTION_COURSES
    }

    /// Groups are dealt out in order, as many to each institution as to the next.
    pub(super) fn institution_of_group(&self, group: u32) -> u32 {
        share(group, self.groups(), self.size.institutions)
    }

    fn first_trainee(&self, institution: u32) -> u32 {
        let groups = u64::from(self.groups());
        let first = (u64::from(institution) * groups).div_ceil(u64::from(self.size.institutions));
        u32::try_from(first).unwrap_or(u32::MAX).saturating_mul(GROUP_TRAINEES).min(self.size.trainees - 1)
    }

    pub(super) fn course_of_group(&self, group: u32) -> u32 {
        self.institution_of_group(group) * INSTITUTION_COURSES + group % INSTITUTION_COURSES
    }

    fn institution(&self, number: u32) -> Value {
        let region = number % self.regions();
        let (kind, reach) = match number {
            0 => ("public", "ministry"),
            number if number <= self.regions() => ("public", "region"),
            number if number.is_multiple_of(9) => ("private", "institution"),
            number if number.is_multiple_of(97) => ("partner", "institution"),
            _ => ("public", "institution"),
        };
        let name = institution_name(number);
        json!({
            "id": id(Kind::Institution, number), "region": id(Kind::Region, region), "name": name,
            "time_zone": ZONE, "kind": kind, "reach": reach, "search": fold(&name),
            "language": if number.is_multiple_of(2) { "ar" } else { "fr" },
        })
    }

    /// Trainees first, then a trainer for each group, then an administrator for each institution.
    fn post(&self, number: u32) -> (Kind, u32, u32) {
        let (trainees, groups) = (self.size.trainees, self.groups());
        if number < trainees {
            (Kind::Trainee, number, self.institution_of_group(number / GROUP_TRAINEES))
        } else if number < trainees + groups {
            (Kind::Trainer, number - trainees, self.institution_of_group(number - trainees))
        } else {
            (Kind::Administrator, number - trainees - groups, number - trainees - groups)
        }
    }

    fn person(&self, number: u32) -> Value {
        let (kind, own, institution) = self.post(number);
        let name = person_name(number);
        json!({
            "id": id(kind, own), "institution": id(Kind::Institution, institution), "name": name,
            "sign_in": sign_in(kind, own), "search": fold(&name),
            "is_trainee": matches!(kind, Kind::Trainee), "is_trainer": matches!(kind, Kind::Trainer),
            "is_administrator": matches!(kind, Kind::Administrator), "is_committee": false,
            "created_at": self.now.micros() - 20 * WEEK_US,
        })
    }

    fn credential(&self, number: u32) -> Value {
        let (kind, own, institution) = self.post(number);
        let first_trainee = self.first_trainee(institution);
        let can_sign_in = match kind {
            Kind::Trainee => own == first_trainee,
            Kind::Trainer => own == first_trainee.div_ceil(GROUP_TRAINEES),
            _ => own == 0,
        };
        json!({
            "person": id(kind, own), "institution": id(Kind::Institution, institution),
            "password": self.password.as_ref().filter(|_| can_sign_in),
        })
    }

    fn course(&self, number: u32) -> Value {
        let (title, language, sector, level, _) = course(number);
        let institution = number / INSTITUTION_COURSES;
        let search = fold(&format!("{title} {sector} {}", institution_name(institution)));
        json!({
            "id": id(Kind::Course, number), "institution": id(Kind::Institution, institution), "title": title,
            "language": language, "sector": sector, "level": level, "search": search, "capacity": 100,
            "offered": is_offered(number), "created_at": self.now.micros() - 20 * WEEK_US,
        })
    }

    /// As the store writes them for a course that is offered.
    fn course_words(&self, number: u32) -> Vec<Value> {
        if !is_offered(number) {
            return Vec::new();
        }
        let (title, _, sector, _, _) = course(number);
        let institution = number / INSTITUTION_COURSES;
        let mut found: Vec<String> = words(&format!("{title} {sector} {}", institution_name(institution))).collect();
        found.sort();
        found.dedup();
        let line = |word: String| {
            let hex: String = word.bytes().map(|byte| format!("{byte:02x}")).collect();
            json!({ "word": hex, "institution": id(Kind::Institution, institution), "course": id(Kind::Course, number) })
        };
        found.into_iter().map(line).collect()
    }

    fn units(&self, number: u32) -> Vec<Value> {
        let (.., lessons) = course(number);
        let institution = id(Kind::Institution, number / INSTITUTION_COURSES);
        let unit = |(position, title): (u32, &str)| {
            json!({
                "id": id(Kind::Unit, number * 4 + position), "institution": institution,
                "course": id(Kind::Course, number), "position": position, "title": title, "planned_minutes": 1_200,
            })
        };
        (0..).zip(lessons).map(unit).collect()
    }

    fn group(&self, number: u32) -> Value {
        let institution = self.institution_of_group(number);
        let name = if institution.is_multiple_of(2) { "فوج" } else { "Groupe" };
        json!({
            "id": id(Kind::Group, number), "institution": id(Kind::Institution, institution),
            "course": id(Kind::Course, self.course_of_group(number)), "name": format!("{name} {}", number % 40 + 1),
            "capacity": 30,
        })
    }

    /// The ministry.
    pub fn ministry() -> InstitutionId {
        InstitutionId(uuid(Kind::Institution, 0))
    }

    fn announcement(&self, number: u32) -> Value {
        let institution = number / 3;
        let (title, body) = match number % 3 {
            0 => ("ورشة اللحام مغلقة صباح الخميس", "تعطى الحصة عن بعد في وقتها."),
            1 => ("Rapport de stage à remettre avant vendredi", "À déposer sur la page de la formation."),
            _ => ("أسبوع المهن", "لقاءات مع مهنيين طوال الأسبوع."),
        };
        json!({
            "id": id(Kind::Announcement, number), "institution": id(Kind::Institution, institution),
            "audience": "institution", "audience_id": id(Kind::Institution, institution), "title": title, "body": body, "author": id(Kind::Administrator, institution),
            "by_mail": false, "published_at": self.now.micros() - i64::from(number % 3) * DAY_US,
        })
    }

    fn period(&self, number: u32) -> Value {
        let (name, first, last, stops) = if number == 0 {
            ("رمضان", "2027-02-08", "2027-03-09", false)
        } else {
            ("عيد الفطر", "2027-03-10", "2027-03-12", true)
        };
        json!({
            "id": id(Kind::Period, number), "institution": id(Kind::Institution, 0), "name": name, "first_day": first,
            "last_day": last, "stops_lessons": stops,
        })
    }
}

/// Which of `shares` equal shares of `all` a number is in.
fn share(number: u32, all: u32, shares: u32) -> u32 {
    let share = u64::from(number) * u64::from(shares) / u64::from(all.max(1));
    u32::try_from(share).unwrap_or(u32::MAX)
}

fn sign_in(kind: Kind, number: u32) -> String {
    match kind {
        Kind::Trainee => format!("trainee-{number}"),
        Kind::Trainer => format!("trainer-{number}"),
        _ => format!("administrator-{number}"),
    }
}

fn pick<'a>(from: &'a [&'a str], number: u32) -> &'a str {
    let place = usize::try_from(number).unwrap_or(0) % from.len().max(1);
    from.get(place).copied().unwrap_or_default()
}

/// Two of three write their name in Arabic.
pub(super) fn person_name(number: u32) -> String {
    // Multiplied by a number without common divisors, so that neighbours do not share a name.
    let family = number.wrapping_mul(7).wrapping_add(number / 24);
    if number % 3 == 2 {
        format!("{} {}", pick(&GIVEN_FR, number), pick(&FAMILY_FR, family))
    } else {
        format!("{} {}", pick(&GIVEN_AR, number), pick(&FAMILY_AR, family))
    }
}

fn city(number: u32) -> (&'static str, &'static str) {
    CITIES.get(usize::try_from(number).unwrap_or(0) % CITIES.len()).copied().unwrap_or_default()
}

fn region(number: u32) -> String {
    let (arabic, french) = city(number);
    if number.is_multiple_of(2) {
        format!("جهة {arabic} {}", number / 20 + 1)
    } else {
        format!("{french} {}", number / 20 + 1)
    }
}

fn institution_name(number: u32) -> String {
    let (arabic, french) = city(number);
    match number {
        0 => "وزارة التكوين المهني".into(),
        number if number.is_multiple_of(2) => format!("معهد التكوين المهني، {arabic} {}", number / 20 + 1),
        number => format!("Institut spécialisé de technologie appliquée, {french} {}", number / 20 + 1),
    }
}

/// Each course is offered by some institutions and not by others.
fn is_offered(course: u32) -> bool {
    course % 5 < 3
}

/// Courses of one institution differ.
pub(super) fn course(number: u32) -> super::words::Course {
    let institution = number / INSTITUTION_COURSES;
    let place = (number % INSTITUTION_COURSES) * 2 + institution % 2;
    COURSES.get(usize::try_from(place).unwrap_or(0) % COURSES.len()).copied().unwrap_or(COURSES[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::TABLES;
    use std::collections::BTreeSet;

    fn country(institutions: u32, trainees: u32, lessons: u32) -> Country {
        Country::new(Size { institutions, trainees, lessons }, Timestamp(1_795_597_200_000_000), Some("x".into()))
    }

    #[tokio::test]
    async fn a_small_country_fits_the_schema() {
        let folder = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite:{}", folder.path().join("qism.db").display());
        let store = crate::store::Store::open(&url).await.expect("the store opens");
        for (institutions, trainees, lessons) in [(3, 200, 500)] {
            let mut progress =
                super::super::Progress { country: country(institutions, trainees, lessons), table: "", lines: 0 };
            store.load(&mut progress).await.expect("it fits");
            let rebuilt = store.rebuild_sums(Timestamp(1_795_597_200_000_000)).await.expect("rebuilt");
            assert!(rebuilt.lessons > 200, "{rebuilt:?}");
            assert_eq!((rebuilt.lessons_differed, rebuilt.sums_differed), (0, 0));
        }
    }

    #[test]
    fn nobody_is_in_two_places_and_who_is_announced_is_there() {
        let mut country = country(7, 1_000, 6_000);
        let announced: BTreeSet<String> =
            country.trainees().into_iter().chain(country.trainers()).chain([country.administrator()]).collect();
        let mut people = BTreeSet::new();
        let mut times = BTreeSet::new();
        for &table in TABLES {
            while let Some(line) = country.line(table) {
                let record: Value = serde_json::from_str(&line).expect("JSON");
                match table {
                    "person" => {
                        people.insert(record["sign_in"].as_str().expect("a name").to_owned());
                    }
                    "lesson" => {
                        let at = (record["trainer"].to_string(), record["starts_at"].as_i64());
                        assert!(times.insert(at.clone()), "{at:?}");
                    }
                    _ => {}
                }
            }
        }
        assert_eq!(people.len(), 1_000 + 40 + 7);
        assert!(announced.is_subset(&people));
    }
}
