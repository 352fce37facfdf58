//! Who is at the demo school. Everybody has an account; a few have a password, which `demo.json` tells.

use super::{CASABLANCA, INSTITUTION, KENITRA, LYON, MARRAKECH, MINISTRY, OBSERVER, TRAINER, id, row, search};
use crate::ids::InstitutionId;
use crate::store::{Roles, Rows};
use serde_json::json;
use uuid::Uuid;

const TRAINS: Roles = Roles { trainer: true, trainee: false, committee: false, administrator: false };
const LEARNS: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };
const OBSERVES: Roles = Roles { trainer: false, trainee: false, committee: true, administrator: false };
const ADMINISTERS: Roles = Roles { trainer: false, trainee: false, committee: false, administrator: true };

/// Somebody who is written out by name.
pub struct Somebody {
    pub number: u32,
    pub institution: InstitutionId,
    pub name: &'static str,
    pub sign_in: &'static str,
    pub language: &'static str,
    pub roles: Roles,
}

/// An account with a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// What `demo.json` calls it, and what its password is derived for.
    pub word: &'static str,
    pub number: u32,
    pub institution: InstitutionId,
    pub sign_in: &'static str,
}

impl Account {
    /// The id of its person.
    pub fn person(&self) -> Uuid {
        id(self.number)
    }
}

/// The trainee whose account has a password.
pub(super) const TRAINEE: u32 = 300;

pub const ACCOUNTS: [Account; 5] = [
    Account { word: "administrator", number: 200, institution: INSTITUTION, sign_in: "administration" },
    Account { word: "trainer", number: 10, institution: INSTITUTION, sign_in: "fatima.elidrissi" },
    Account { word: "trainee", number: TRAINEE, institution: INSTITUTION, sign_in: "salma.ouchen" },
    Account { word: "committee", number: 16, institution: MINISTRY, sign_in: "souad.bennani" },
    Account { word: "ministry", number: 17, institution: MINISTRY, sign_in: "ministere" },
];

const fn somebody(
    number: u32,
    institution: InstitutionId,
    name: &'static str,
    sign_in: &'static str,
    language: &'static str,
    roles: Roles,
) -> Somebody {
    Somebody { number, institution, name, sign_in, language, roles }
}

/// Those who have something to do with more than their own group.
pub fn named() -> [Somebody; 16] {
    [
        somebody(10, INSTITUTION, TRAINER, "fatima.elidrissi", "ar", TRAINS),
        somebody(11, INSTITUTION, "Hasnaa Mrini", "hasnaa.mrini", "fr", TRAINS),
        somebody(12, KENITRA, "Driss Cherkaoui", "driss.cherkaoui", "fr", TRAINS),
        somebody(13, INSTITUTION, "عبد اللطيف بنجلون", "abdellatif.benjelloun", "ar", TRAINS),
        somebody(14, INSTITUTION, "Karim Ouali", "karim.ouali", "fr", TRAINS),
        somebody(15, INSTITUTION, "إدريس الشرقاوي", "idriss.charqaoui", "ar", TRAINS),
        somebody(16, MINISTRY, OBSERVER, "souad.bennani", "ar", OBSERVES),
        somebody(17, MINISTRY, "يونس العلمي", "ministere", "ar", ADMINISTERS),
        somebody(18, KENITRA, "Nadia Berrada", "nadia.berrada", "fr", ADMINISTERS),
        somebody(19, MARRAKECH, "رشيد أيت الحاج", "rachid.aitelhaj", "ar", TRAINS),
        somebody(20, MARRAKECH, "لطيفة المنصوري", "latifa.mansouri", "ar", ADMINISTERS),
        somebody(21, CASABLANCA, "Omar Tazi", "omar.tazi", "fr", Roles { trainer: true, ..ADMINISTERS }),
        somebody(22, LYON, "Claire Fontaine", "claire.fontaine", "fr", Roles { trainer: true, ..ADMINISTERS }),
        somebody(23, KENITRA, "Samira Lahlou", "samira.lahlou", "fr", TRAINS),
        somebody(200, INSTITUTION, "خديجة الحسني", "administration", "ar", ADMINISTERS),
        somebody(TRAINEE, INSTITUTION, "سلمى أوشن", "salma.ouchen", "ar", LEARNS),
    ]
}

/// How many trainees each institution has besides those who are written out.
const TRAINEES: [(InstitutionId, u32, u32); 5] =
    [(INSTITUTION, 301, 23), (KENITRA, 330, 12), (MARRAKECH, 350, 8), (CASABLANCA, 360, 6), (LYON, 370, 2)];

const ARABIC: ([&str; 12], [&str; 7]) = (
    ["أمينة", "يوسف", "زينب", "حمزة", "مريم", "إلياس", "هاجر", "أيوب", "سناء", "بلال", "وفاء", "ياسين"],
    ["العمراني", "بوزيد", "الناصري", "حجي", "الفاسي", "أزناك", "الصبار"],
);
const FRENCH: ([&str; 12], [&str; 7]) = (
    ["Yassine", "Imane", "Mehdi", "Sara", "Anas", "Kenza", "Reda", "Houda", "Ismaïl", "Meryem", "Adam", "Lina"],
    ["Alaoui", "Bennis", "Chraibi", "Daoudi", "El Khatib", "Filali", "Haddad"],
);

/// The trainees of an institution, in order.
pub fn trainees(institution: InstitutionId) -> Vec<u32> {
    let own = (institution == INSTITUTION).then_some(TRAINEE);
    let (_, first, count) = TRAINEES.iter().find(|(of, ..)| *of == institution).copied().unwrap_or((institution, 0, 0));
    own.into_iter().chain(first..first + count).collect()
}

/// What somebody is called.
pub fn name_of(number: u32) -> String {
    if let Some(somebody) = named().into_iter().find(|somebody| somebody.number == number) {
        return somebody.name.to_owned();
    }
    let home = TRAINEES.iter().find(|(_, first, count)| (*first..first + count).contains(&number));
    home.map(|(institution, ..)| trainee_name(*institution, number)).unwrap_or_default()
}

fn trainee_name(institution: InstitutionId, number: u32) -> String {
    let arabic = institution == MARRAKECH || (institution == INSTITUTION && !number.is_multiple_of(4));
    let (first, last) = if arabic { ARABIC } else { FRENCH };
    let at = |of: &[&'static str], number: u32| {
        let index = usize::try_from(number).unwrap_or_default() % of.len().max(1);
        of.get(index).copied().unwrap_or_default()
    };
    format!("{} {}", at(&first, number), at(&last, number / 2 + number))
}

pub fn tables() -> Vec<Rows> {
    let mut people = Vec::new();
    for Somebody { number, institution, name, sign_in, language, roles } in named() {
        people.push(person(number, institution, name, sign_in, language, roles));
    }
    for (institution, first, count) in TRAINEES {
        for number in first..first + count {
            let language = if institution == INSTITUTION || institution == MARRAKECH { "ar" } else { "fr" };
            let sign_in = format!("stagiaire.{number}");
            people.push(person(number, institution, &trainee_name(institution, number), &sign_in, language, LEARNS));
        }
    }
    let credentials = people.iter().map(|person| {
        row(json!({ "person": person.get("id").cloned().unwrap_or_default(),
                    "institution": person.get("institution").cloned().unwrap_or_default() }))
    });
    let credentials = credentials.collect();
    vec![("person", people), ("credential", credentials)]
}

fn person(
    number: u32,
    institution: InstitutionId,
    name: &str,
    sign_in: &str,
    language: &str,
    roles: Roles,
) -> serde_json::Map<String, serde_json::Value> {
    let mut columns = row(json!({
        "id": id(number).to_string(), "institution": institution.to_string(), "name": name, "sign_in": sign_in,
        "language": language, "is_trainer": roles.trainer, "is_trainee": roles.trainee,
        "is_committee": roles.committee, "is_administrator": roles.administrator, "search": search(name),
        "external_id": format!("{}{number:04}", if roles.trainee { "S" } else { "P" }),
    }));
    if number == TRAINEE {
        columns.insert("data_limit".into(), json!(1_000_000_000));
    }
    columns
}
