//! The table of lessons.

use super::Table;
use super::cells::Cells;
use super::fault::Trouble;
use super::header::{Column, word_in};
use super::people::ExternalId;
use super::when::{Date, TimeOfDay};
use crate::text::{Language, Line, Name, Title, ascii_digits, fold};
use std::collections::{BTreeSet, HashSet};
use std::num::NonZeroU16;
use std::sync::LazyLock;

/// The longest rule, in bytes.
pub const RULE_BYTES_MAX: usize = 200;

/// The longest lesson, in minutes: half a day.
pub const LESSON_MINUTES_MAX: u16 = 12 * 60;

const DAY_MINUTES: u16 = 24 * 60;

/// A lesson's title.
pub type LessonTitle = Line<200>;

/// One lesson of the table, or a row of lessons. Dates and times are the institution's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimetableRow {
    /// What the lesson or the row of lessons is called in the institution's own lists.
    pub key: Option<ExternalId>,
    /// The title of the group's course, where the group's name alone says too little.
    pub course: Option<Title>,
    /// The group's name.
    pub group: Title,
    /// The trainer's sign-in name, number or name: which one, those know who know the people.
    pub trainer: Name,
    /// The lesson's title.
    pub title: LessonTitle,
    /// The title of a unit of the course's programme.
    pub unit: Option<Title>,
    /// The day of the first lesson.
    pub date: Date,
    /// When it begins.
    pub start: TimeOfDay,
    /// How long it lasts, up to [`LESSON_MINUTES_MAX`].
    pub minutes: NonZeroU16,
    /// The room's name.
    pub room: Option<Title>,
    /// How it is repeated; with an end, either the rule's own or `until`.
    pub repeat: Option<Repeat>,
    /// The last day on which it may be repeated.
    pub until: Option<Date>,
    /// Days on which it is not repeated after all.
    pub except: BTreeSet<Date>,
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
        Column::optional(
            "key",
            ["المرجع", "Référence", "Reference"],
            &["مرجع", "رقم الحصة", "رمز الحصة", "réf", "n° de séance", "code", "id", "lesson number", "external id"],
        ),
        Column::optional(
            "course",
            ["التكوين", "Formation", "Course"],
            &["الشعبة", "التخصص", "عنوان التكوين", "filière", "intitulé de la formation", "course title"],
        ),
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
        Column::optional("unit", ["الوحدة", "Unité", "Unit"], &["وحدة", "unité de formation", "unit title"]),
        Column::required("date", ["التاريخ", "Date", "Date"], &["تاريخ", "اليوم", "jour", "day"]),
        Column::required(
            "start",
            ["البداية", "Début", "Start"],
            &["من", "وقت البداية", "ساعة البداية", "heure de début", "de", "from", "start time", "begins"],
        ),
        Column::optional(
            "end",
            ["النهاية", "Fin", "End"],
            &["إلى", "وقت النهاية", "ساعة النهاية", "heure de fin", "à", "to", "end time", "ends"],
        ),
        Column::optional(
            "minutes",
            ["المدة بالدقائق", "Durée en minutes", "Minutes"],
            &["المدة", "الدقائق", "durée", "durée (min)", "duration", "duration in minutes", "length"],
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
        Column::optional(
            "except",
            ["باستثناء", "Sauf", "Except"],
            &["ما عدا", "الاستثناءات", "sauf le", "exceptions", "excepté", "except on", "not on"],
        ),
    ];

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let key = cells.optional("key", ExternalId::parse);
        let course = cells.optional("course", Title::parse);
        let group = cells.line("group");
        let trainer = cells.line("trainer");
        let title = cells.line("title");
        let unit = cells.optional("unit", Title::parse);
        let date = cells.required("date", Date::parse);
        let start = cells.required("start", TimeOfDay::parse);
        let minutes = length(cells, start);
        let room = cells.optional("room", Title::parse);
        let repeat = cells.optional("repeat", repeat);
        let until = cells.optional("until", Date::parse);
        let except = cells.optional("except", dates);
        let mut agree = true;
        let mut check = |column, trouble: Option<Trouble>| {
            if let Some(trouble) = trouble {
                agree = false;
                cells.blame(column, trouble);
            }
        };
        if let (Some(date), Some(repeat), Some(until)) = (date, &repeat, until) {
            check("until", until_trouble(date, repeat.as_ref(), until));
        }
        if let (Some(None), Some(Some(_))) = (&repeat, &except) {
            let detail = "say how the lesson is repeated, or leave out on which days it is not";
            check("except", Some(Trouble::new("except_without_repeat", detail)));
        }
        if !agree {
            return None;
        }
        Some(Self {
            key: key?,
            course: course?,
            group: group?,
            trainer: trainer?,
            title: title?,
            unit: unit?,
            date: date?,
            start: start?,
            minutes: minutes?,
            room: room?,
            repeat: repeat?,
            until: until?,
            except: except?.unwrap_or_default(),
        })
    }

    fn cells(&self, language: Language) -> Vec<String> {
        let repeat = match &self.repeat {
            None => String::new(),
            Some(Repeat::Weekly) => word_in(&WEEKLY, language).to_owned(),
            Some(Repeat::Rule(rule)) => rule.clone(),
        };
        let text = |title: &Option<Title>| title.as_ref().map(ToString::to_string).unwrap_or_default();
        let end = after(self.start, self.minutes);
        let except: Vec<String> = self.except.iter().map(ToString::to_string).collect();
        vec![
            self.key.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(&self.course),
            self.group.to_string(),
            self.trainer.to_string(),
            self.title.to_string(),
            text(&self.unit),
            self.date.to_string(),
            self.start.to_string(),
            end.map(|end| end.to_string()).unwrap_or_default(),
            // What lasts into the next day says how long.
            end.map_or_else(|| self.minutes.to_string(), |_| String::new()),
            text(&self.room),
            repeat,
            self.until.map(|date| date.to_string()).unwrap_or_default(),
            except.join(" "),
        ]
    }

    fn keys(&self) -> Vec<(&'static str, String)> {
        let course = self.course.as_ref().map(|course| fold(course.as_str())).unwrap_or_default();
        let slot = format!("{course}\n{}\n{} {}", fold(self.group.as_str()), self.date, self.start);
        let key = self.key.as_ref().map(|key| ("key", key.to_string()));
        key.into_iter().chain([("group", slot)]).collect()
    }
}

/// How long a lesson lasts: until its end, or so many minutes. One of them must be there, and two must agree.
fn length(cells: &mut Cells<'_>, start: Option<TimeOfDay>) -> Option<NonZeroU16> {
    let minutes = cells.optional("minutes", minutes)?;
    let end = match minutes {
        None => Some(cells.required("end", TimeOfDay::parse)?),
        Some(_) => cells.optional("end", TimeOfDay::parse)?,
    };
    let Some(end) = end else { return minutes };
    let until_end = NonZeroU16::new(end.minutes().saturating_sub(start?.minutes()));
    let (column, trouble) = match (until_end, minutes) {
        (None, _) => {
            let detail = "let the lesson end after it starts; where it lasts into the next day, give its minutes alone";
            ("end", Trouble::new("end_before_start", detail))
        }
        (Some(found), _) if found.get() > LESSON_MINUTES_MAX => {
            ("end", Trouble::new("lesson_too_long", "let the lesson end 12 hours after it starts at the latest"))
        }
        (Some(found), Some(given)) if found != given => {
            ("minutes", Trouble::new("two_lengths", "leave out the minutes or the end: they do not agree"))
        }
        (found, _) => return found,
    };
    cells.blame(column, trouble);
    None
}

/// The end of a lesson, where that is on the same day.
fn after(start: TimeOfDay, minutes: NonZeroU16) -> Option<TimeOfDay> {
    let end = start.minutes().checked_add(minutes.get()).filter(|end| *end < DAY_MINUTES)?;
    TimeOfDay::new(u8::try_from(end / 60).ok()?, u8::try_from(end % 60).ok()?)
}

fn minutes(text: &str) -> Result<NonZeroU16, Trouble> {
    let digits = ascii_digits(text);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    number
        .filter(|number: &NonZeroU16| number.get() <= LESSON_MINUTES_MAX)
        .ok_or_else(|| Trouble::new("minutes", "write how many minutes the lesson lasts, from 1 to 720"))
}

/// Days separated by spaces, commas or semicolons.
fn dates(text: &str) -> Result<BTreeSet<Date>, Trouble> {
    let parts = text.split([' ', ',', ';', '،', '؛']).filter(|part| !part.is_empty());
    parts.map(Date::parse).collect()
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
