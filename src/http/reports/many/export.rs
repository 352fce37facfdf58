//! The rows of a report as a file, in the language that is asked for.

use super::asked::{BranchReportQuery, InstitutionReportQuery};
use super::report::{Report, Row};
use super::words::{Words, words};
use super::{branch_report, institution_report};
use crate::http::Shared;
use crate::http::acting::{Acting, SignedIn};
use crate::http::attachment::{CSV, XLSX, attachment, broke_off};
use crate::http::problem::Refused;
use crate::http::record::Asked;
use crate::http::reports::csv::write_table;
use crate::http::reports::export::language;
use crate::http::reports::table::Cell;
use crate::http::reports::xlsx::{Sheet, write_sheet};
use crate::protocol::Problem;
use crate::rollup::Sums;
use crate::rollup::calendar::day_of;
use crate::text::Language;
use axum::extract::State;
use axum::response::Response;
use std::ops::RangeInclusive;

const SECOND_US: u64 = 1_000_000;
const MEGABYTE: u64 = 1_000_000;

/// The rows of a branch's report: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons else.
#[utoipa::path(
    get, path = "/api/reports.csv", tag = "reports", params(BranchReportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn of_branch_as_csv(
    acting: Acting,
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Asked(query): Asked<BranchReportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    Ok(csv(&branch_report(&shared, &member, &query).await?, language))
}

/// The rows of a branch's report as a spreadsheet; from right to left in Arabic.
#[utoipa::path(
    get, path = "/api/reports.xlsx", tag = "reports", params(BranchReportQuery),
    responses((status = 200, body = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn of_branch_as_xlsx(
    acting: Acting,
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Asked(query): Asked<BranchReportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    xlsx(branch_report(&shared, &member, &query).await?, language).await
}

/// The rows of an institution's report: UTF-8 with a byte order mark, cells separated by commas in English and by semicolons
/// else.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/reports.csv", tag = "reports",
    params(("institution" = String, Path), InstitutionReportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn of_institution_as_csv(
    acting: Acting,
    Asked(query): Asked<InstitutionReportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    Ok(csv(&institution_report(&acting, &query, "report.csv").await?, language))
}

/// The rows of an institution's report as a spreadsheet; from right to left in Arabic.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/reports.xlsx", tag = "reports",
    params(("institution" = String, Path), InstitutionReportQuery),
    responses((status = 200, body = String, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn of_institution_as_xlsx(
    acting: Acting,
    Asked(query): Asked<InstitutionReportQuery>,
) -> Result<Response, Refused> {
    let language = language(&acting, query.language.as_deref()).await?;
    xlsx(institution_report(&acting, &query, "report.xlsx").await?, language).await
}

fn csv(report: &Report, language: Language) -> Response {
    let words = words(language);
    let bytes = write_table(titles(report, words), rows(report, words), language);
    attachment(bytes, CSV, &name(report, "csv"))
}

async fn xlsx(report: Report, language: Language) -> Result<Response, Refused> {
    let name = name(&report, "xlsx");
    let written = tokio::task::spawn_blocking(move || write_sheet(sheet(&report, words(language)), language)).await;
    let bytes = written.ok().and_then(Result::ok).ok_or_else(broke_off)?;
    Ok(attachment(bytes, XLSX, &name))
}

fn name(report: &Report, ending: &str) -> String {
    let days = &report.wanted.periods.days;
    format!("report-{}-{}.{ending}", day_of(*days.start()), day_of(*days.end()))
}

fn sheet(report: &Report, words: &'static Words) -> Sheet {
    let days = |days: &RangeInclusive<i32>| format!("{} – {}", day_of(*days.start()), day_of(*days.end()));
    let mut head = vec![(words.period, days(&report.wanted.periods.days))];
    head.extend(report.wanted.periods.compare.as_ref().map(|compare| (words.compare, days(compare))));
    Sheet {
        title: words.title,
        head,
        titles: titles(report, words),
        wide: Some(0),
        rows: rows(report, words),
        foot: Vec::new(),
        without_foot: None,
    }
}

fn titles(report: &Report, words: &Words) -> Vec<String> {
    let mut titles = vec![words.subject(report.wanted.by)];
    titles.extend([
        words.planned,
        words.given,
        words.cancelled,
        words.late,
        words.planned_hours,
        words.given_hours,
        words.given_percent,
        words.expected,
        words.came,
        words.attendance,
        words.punctual,
        words.speech,
        words.picture,
        words.megabytes,
    ]);
    titles.extend(words.tools);
    let mut titles: Vec<String> = titles.into_iter().map(str::to_owned).collect();
    if report.before.is_some() {
        let compared = [words.given_hours, words.given_percent, words.attendance, words.punctual, words.speech];
        titles.extend(compared.map(|title| format!("{title} ({})", words.before)));
    }
    titles
}

/// A line for each subject, and one for all of them.
fn rows(report: &Report, words: &Words) -> Vec<Vec<Cell>> {
    let has_names = report.has_names();
    let is_compared = report.before.is_some();
    let name = |row: &Row| if has_names { Cell::Text(row.name.clone()) } else { Cell::Nothing };
    let line = |row: &Row| cells(name(row), &row.now, is_compared.then_some(&row.before));
    let mut rows: Vec<Vec<Cell>> = report.rows.iter().map(line).collect();
    let total = Cell::Text(words.total.to_owned());
    rows.push(cells(total, &report.now.total, report.before.as_ref().map(|part| &part.total)));
    rows
}

fn cells(name: Cell, now: &Sums, before: Option<&Sums>) -> Vec<Cell> {
    let count = |number: u64| Cell::Count(i64::try_from(number).unwrap_or(i64::MAX));
    let length = |us: u64| Cell::Length(i64::try_from(us / SECOND_US).unwrap_or(i64::MAX));
    let percent = |rate: Option<f64>| rate.map_or(Cell::Nothing, Cell::Percent);
    let score = |score: Option<f64>| score.map_or(Cell::Nothing, Cell::Decimal);
    let tools = now.tools;
    let mut cells = vec![
        name,
        count(now.planned),
        count(now.given),
        count(now.cancelled),
        count(now.late),
        length(now.planned_us),
        length(now.given_us),
        percent(now.given_percent()),
        count(now.expected),
        count(now.came),
        percent(now.attendance_percent()),
        percent(now.punctual_percent()),
        score(now.speech()),
        score(now.picture()),
        count(now.bytes / MEGABYTE),
    ];
    cells.extend([tools.camera, tools.screen, tools.chat, tools.hands, tools.floor].map(count));
    if let Some(before) = before {
        cells.extend([
            length(before.given_us),
            percent(before.given_percent()),
            percent(before.attendance_percent()),
            percent(before.punctual_percent()),
            score(before.speech()),
        ]);
    }
    cells
}
