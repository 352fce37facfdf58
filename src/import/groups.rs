//! The table of groups.

use super::Table;
use super::cells::Cells;
use super::fault::Trouble;
use super::header::Column;
use crate::text::{Language, Title, ascii_digits, fold};
use std::num::NonZeroU16;

/// The most places of a group.
const CAPACITY_MAX: u16 = 10_000;

/// One group of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The title of the course that it follows.
    pub course: Title,
    /// The group's name.
    pub group: Title,
    /// How many trainees it takes, up to 10,000.
    pub capacity: Option<NonZeroU16>,
}

impl Table for GroupRow {
    const COLUMNS: &'static [Column] = &[
        Column::required(
            "course",
            ["التكوين", "Formation", "Course"],
            &[
                "الشعبة",
                "التخصص",
                "عنوان التكوين",
                "اسم التكوين",
                "filière",
                "cours",
                "intitulé de la formation",
                "course title",
            ],
        ),
        Column::required(
            "group",
            ["الفوج", "Groupe", "Group"],
            &["المجموعة", "القسم", "اسم الفوج", "nom du groupe", "classe", "group name", "class"],
        ),
        Column::optional(
            "capacity",
            ["عدد المقاعد", "Capacité", "Capacity"],
            &["السعة", "الطاقة الاستيعابية", "places", "nombre de places", "effectif", "seats"],
        ),
    ];

    fn read(cells: &mut Cells<'_>) -> Option<Self> {
        let course = cells.line("course");
        let group = cells.line("group");
        let capacity = cells.optional("capacity", capacity);
        Some(Self { course: course?, group: group?, capacity: capacity? })
    }

    fn cells(&self, _language: Language) -> Vec<String> {
        let capacity = self.capacity.map(|capacity| capacity.to_string()).unwrap_or_default();
        vec![self.course.to_string(), self.group.to_string(), capacity]
    }

    fn keys(&self) -> Vec<(&'static str, String)> {
        // The key of a text has no line breaks.
        vec![("group", format!("{}\n{}", fold(self.course.as_str()), fold(self.group.as_str())))]
    }
}

fn capacity(text: &str) -> Result<NonZeroU16, Trouble> {
    let digits = ascii_digits(text);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten();
    number
        .filter(|number: &NonZeroU16| number.get() <= CAPACITY_MAX)
        .ok_or_else(|| Trouble::new("capacity", "write the number of places, from 1 to 10000, or leave it out"))
}
