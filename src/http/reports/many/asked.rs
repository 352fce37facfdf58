//! What a request for a report asks for.

use crate::http::record::Fields;
use crate::rollup::Per;
use crate::rollup::view::{DaysFault, Grouping, days};
use serde::Deserialize;
use std::ops::RangeInclusive;
use utoipa::IntoParams;

/// Which report of a branch of the country is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BranchReportQuery {
    /// The first day, as 2026-11-01.
    #[param(required = true)]
    pub from: Option<String>,
    /// The last day, included; 400 days at most.
    #[param(required = true)]
    pub to: Option<String>,
    /// `region` or `institution`; what the branch consists of unless said.
    pub by: Option<String>,
    /// Only of one region; for the ministry.
    pub region: Option<String>,
    /// The first day of what it is compared with.
    pub compare_from: Option<String>,
    /// The last day of that, included.
    pub compare_to: Option<String>,
    /// `day`, `week` or `month`: what a point of the series is of; what suits the period unless said.
    pub per: Option<String>,
    /// The language of a file's titles: `ar`, `fr` or `en`; the institution's own unless said.
    pub language: Option<String>,
}

/// Which report of an institution is asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct InstitutionReportQuery {
    /// The first day, as 2026-11-01.
    #[param(required = true)]
    pub from: Option<String>,
    /// The last day, included; 400 days at most.
    #[param(required = true)]
    pub to: Option<String>,
    /// `course`, `group` or `trainer`; `course` unless said.
    pub by: Option<String>,
    /// Only lessons of this course.
    pub course: Option<String>,
    /// Only lessons of this group.
    pub group: Option<String>,
    /// Only lessons of this trainer; for those who see names.
    pub trainer: Option<String>,
    /// The first day of what it is compared with.
    pub compare_from: Option<String>,
    /// The last day of that, included.
    pub compare_to: Option<String>,
    /// `day`, `week` or `month`: what a point of the series is of; what suits the period unless said.
    pub per: Option<String>,
    /// The language of a file's titles: `ar`, `fr` or `en`; the institution's own unless said.
    pub language: Option<String>,
}

/// The periods of a report.
pub struct Periods {
    pub days: RangeInclusive<i32>,
    pub compare: Option<RangeInclusive<i32>>,
    pub per: Per,
}

/// Reads the periods that a request names, or notes what is wrong with them.
pub fn periods(
    fields: &mut Fields,
    asked: (Option<&str>, Option<&str>),
    compared: (Option<&str>, Option<&str>),
    per: Option<&str>,
) -> Option<Periods> {
    let whole = period(fields, ["from", "to"], asked.0.unwrap_or_default(), asked.1.unwrap_or_default());
    let compare = match compared {
        (None, None) => Some(None),
        (Some(from), Some(to)) => period(fields, ["compare_from", "compare_to"], from, to).map(Some),
        (from, _) => {
            let missing = if from.is_none() { "compare_from" } else { "compare_to" };
            fields.fault(
                missing,
                "report_compare_incomplete",
                "Give both days of what it is compared with, or neither.",
            );
            None
        }
    };
    let known = |word: &str| Per::ALL.into_iter().find(|per| per.word() == word);
    let per = per.map(|word| fields.word("per", word, known(word), "unknown"));
    let days = whole?;
    let per = per.unwrap_or_else(|| Some(Per::of(&days)))?;
    Some(Periods { compare: compare?, per, days })
}

fn period(fields: &mut Fields, names: [&str; 2], from: &str, to: &str) -> Option<RangeInclusive<i32>> {
    let found = days(from, to);
    found
        .map_err(|fault| {
            // The one that can't be read; for what is wrong with both, the end.
            let is_first = fault == DaysFault::Unreadable && days(from, from).is_err();
            let [first, last] = names;
            fields.fault(if is_first { first } else { last }, fault.word(), sentence(fault));
        })
        .ok()
}

/// What is put side by side, of what can be in this report.
pub fn grouping(fields: &mut Fields, by: Option<&str>, unless_said: Grouping) -> Option<Grouping> {
    let within = unless_said.is_within_institution();
    let known = |word: &str| Grouping::parse(word).filter(|by| by.is_within_institution() == within);
    by.map_or(Some(unless_said), |word| fields.word("by", word, known(word), "unknown"))
}

fn sentence(fault: DaysFault) -> String {
    let text = fault.to_string();
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| format!("{}{}.", first.to_uppercase(), characters.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(asked: (Option<&str>, Option<&str>), compared: (Option<&str>, Option<&str>)) -> Option<String> {
        let mut fields = Fields::default();
        let read = periods(&mut fields, asked, compared, None);
        assert_eq!(read.is_some(), fields.are_good());
        fields.done().err().map(|refused| format!("{refused:?}"))
    }

    #[test]
    fn what_is_wrong_with_a_period_is_said_where_it_is() {
        let whole = (Some("2026-11-01"), Some("2026-11-30"));
        assert_eq!(faults(whole, (None, None)), None);
        assert_eq!(faults(whole, (Some("2026-10-01"), Some("2026-10-31"))), None);
        for (asked, compared, field, code) in [
            ((None, Some("2026-11-30")), (None, None), "\"from\"", "report_period_unreadable"),
            ((Some("2026-11-01"), Some("tomorrow")), (None, None), "\"to\"", "report_period_unreadable"),
            ((Some("2026-11-02"), Some("2026-11-01")), (None, None), "\"to\"", "report_period_backwards"),
            ((Some("2025-01-01"), Some("2026-11-01")), (None, None), "\"to\"", "report_period_too_long"),
            (whole, (Some("2026-10-01"), None), "\"compare_to\"", "report_compare_incomplete"),
            (whole, (None, Some("2026-10-01")), "\"compare_from\"", "report_compare_incomplete"),
        ] {
            let said = faults(asked, compared).expect("refused");
            assert!(said.contains(field) && said.contains(code), "{said}");
        }
    }

    #[test]
    fn the_server_chooses_what_a_point_is_of_unless_it_is_said() {
        let of = |from, to, per| {
            periods(&mut Fields::default(), (Some(from), Some(to)), (None, None), per).map(|periods| periods.per)
        };
        assert_eq!(of("2026-11-01", "2026-11-30", None), Some(Per::Day));
        assert_eq!(of("2026-09-01", "2026-11-30", None), Some(Per::Week));
        assert_eq!(of("2026-01-01", "2026-12-31", None), Some(Per::Month));
        assert_eq!(of("2026-01-01", "2026-12-31", Some("week")), Some(Per::Week));
        assert_eq!(of("2026-01-01", "2026-12-31", Some("hour")), None);
    }
}
