//! The table of lessons.

use super::Table;
use super::cells::Cells;
use super::fault::Trouble;
use super::header::{Column, word_in};
use super::when::{Date, TimeOfDay};
use crate::text::{Language, Name, Title, fold};
use std::collections::HashSet;
use std::sync::LazyLock;

/// The longest rule, in bytes.
const RULE_BYTES_MAX: usize = 200;

/// One lesson of the table, or a row of lessons. Dates and times are the institution's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimetableRow {
    /// The group's name.
    pub group: Title,
    /// The trainer's sign-in name, number or name: which one, those know who know the people.
    pub trainer: Name,
    /// The lesson's title.
    pub title: Title,
    /// The day of the first lesson.
    pub date: Date,
    /// When it begins.
    pub start: TimeOfDay,
    /// When it ends, after `start` on the same day.
    pub end: TimeOfDay,
    /// The room's name.
    pub room: Option<Title>,
    /// How it is repeated; with an end, either the rule's own or `until`.
    pub repeat: Option<Repeat>,
    /// The last day on which it may be repeated.
    pub until: Option<Date>,
}

/// How a lesson is repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Each week on the same day.
    Weekly,
    /// By a recurrence rule (RFC 5545, section 3.3.10), without its `RRULE:`. Only its characters, its beginning and
    /// whether it ends were looked at.
    Rule(String),
}

impl Repeat {
    /// Whether it ends by itself, with COUNT or UNTIL.
    #[must_use]
    pub fn has_end(&self) -> bool {
        let Self::Rule(rule) = self else { return false };
        rule.split(';').any(|part| part.starts_with("COUNT=") || part.starts_with("UNTIL="))
    }
}

/// "Weekly" in Arabic, French and English, and other words for it.
const WEEKLY: [&str; 3] = ["أسبوعي", "hebdomadaire", "weekly"];
const WEEKLY_TOO: [&str; 7] =
    ["أسبوعيا", "كل أسبوع", "أسبوعية", "chaque semaine", "toutes les semaines", "every week", "each week"];

static WEEKLY_KEYS: LazyLock<HashSet<String>> =
    LazyLock::new(|| WEEKLY.iter().chain(&WEEKLY_TOO).map(|word| fold(word)).collect());

impl Table for TimetableRow {
    const COLUMNS: &'static [Column] = &[
        Column::required(
            "group",
            ["الفوج", "Groupe", "Group"],
            &["المجموعة", "القسم", "اسم الفوج", "nom du groupe", "classe", "group name", "class"],
        ),
        Column::required(
            "trainer",
            ["المكوّن", "Formateur", "Trainer"],
            &["مكون", "الأستاذ", "أستاذ", "formatrice", "enseignant", "teacher", "instructor"],
        ),
        Column::required(
            "title",
            ["عنوان الحصة", "Séance", "Title"],
            &[
                "الحصة",
                "العنوان",
                "الموضوع",
                "المادة",
                "titre",
                "intitulé",
                "sujet",
                "module",
                "matière",
                "lesson",
                "subject",
            ],
        ),
        Column::required("date", ["التاريخ", "Date", "Date"], &["تاريخ", "اليوم", "jour", "day"]),
        Column::required(
            "start",
            ["البداية", "Début", "Start"],
            &["من", "وقت البداية", "ساعة البداية", "heure de début", "de", "from", "start time", "begins"],
        ),
        Column::required(
            "end",
            ["النهاية", "Fin", "End"],
            &["إلى", "وقت النهاية", "ساعة النهاية", "heure de fin", "à", "to", "end time", "ends"],
        ),
        Column::optional("room", ["القاعة", "Salle", "Room"], &["قاعة", "مكان", "المكان", "lieu", "atelier", "place"]),
        Column::optional(
            "repeat",
            ["التكرار", "Répétition", "Repeat"],
            &["تكرار", "récurrence", "périodicité", "recurrence", "rrule", "repeats"],
        ),
        Column::optional(
            "until",
            ["حتى", "Jusqu’au", "Until"],
            &["حتى تاريخ", "إلى غاية", "jusqu'à", "date de fin", "end date", "repeat until"],
        ),
    ];

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let group = cells.line("group");
        let trainer = cells.line("trainer");
        let title = cells.line("title");
        let date = cells.required("date", Date::parse);
        let start = cells.required("start", TimeOfDay::parse);
        let end = cells.required("end", TimeOfDay::parse);
        let room = cells.optional("room", Title::parse);
        let repeat = cells.optional("repeat", repeat);
        let until = cells.optional("until", Date::parse);
        let mut agree = true;
        let mut check = |column, trouble: Option<Trouble>| {
            if let Some(trouble) = trouble {
                agree = false;
                cells.blame(column, trouble);
            }
        };
        if let (Some(start), Some(end)) = (start, end) {
            let late = || Trouble::new("end_before_start", "let the lesson end after it starts, on the same day");
            check("end", (end <= start).then(late));
        }
        if let (Some(date), Some(repeat), Some(until)) = (date, &repeat, until) {
            check("until", until_trouble(date, repeat.as_ref(), until));
        }
        if !agree {
            return None;
        }
        Some(Self {
            group: group?,
            trainer: trainer?,
            title: title?,
            date: date?,
            start: start?,
            end: end?,
            room: room?,
            repeat: repeat?,
            until: until?,
        })
    }

    fn cells(&self, language: Language) -> Vec<String> {
        let repeat = match &self.repeat {
            None => String::new(),
            Some(Repeat::Weekly) => word_in(&WEEKLY, language).to_owned(),
            Some(Repeat::Rule(rule)) => rule.clone(),
        };
        vec![
            self.group.to_string(),
            self.trainer.to_string(),
            self.title.to_string(),
            self.date.to_string(),
            self.start.to_string(),
            self.end.to_string(),
            self.room.as_ref().map(ToString::to_string).unwrap_or_default(),
            repeat,
            self.until.map(|date| date.to_string()).unwrap_or_default(),
        ]
    }

    fn keys(&self) -> Vec<(&'static str, String)> {
        vec![("group", format!("{}\n{} {}", fold(self.group.as_str()), self.date, self.start))]
    }
}

/// What is wrong with the end of a repetition.
fn until_trouble(date: Date, repeat: Option<&Repeat>, until: Option<Date>) -> Option<Trouble> {
    let (code, detail) = match (repeat, until) {
        (None, Some(_)) => ("until_without_repeat", "say how the lesson is repeated, or leave out until when"),
        (Some(repeat), None) if !repeat.has_end() => {
            ("no_end", "say until when the lesson is repeated: give the last day")
        }
        (Some(repeat), Some(_)) if repeat.has_end() => {
            ("two_ends", "leave out the last day: the rule has an end of its own")
        }
        (Some(_), Some(until)) if until < date => ("until_before_date", "give a last day that is not before the first"),
        _ => return None,
    };
    Some(Trouble::new(code, detail))
}

fn repeat(text: &str) -> Result<Repeat, Trouble> {
    if WEEKLY_KEYS.contains(&fold(text)) {
        return Ok(Repeat::Weekly);
    }
    let rule = text.trim().to_ascii_uppercase();
    let rule = rule.strip_prefix("RRULE:").unwrap_or(&rule);
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"=;,+-".contains(&byte);
    if rule.len() <= RULE_BYTES_MAX && rule.starts_with("FREQ=") && rule.bytes().all(allowed) {
        return Ok(Repeat::Rule(rule.to_owned()));
    }
    Err(Trouble::new("unknown_repeat", "write weekly, or a recurrence rule such as FREQ=WEEKLY;INTERVAL=2"))
}
