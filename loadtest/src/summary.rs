//! `loadtest summary`: from the JSON of several runs to a page, a picture and the tables of the documents.

use crate::figures::markdown_escaped;
use crate::report::Report;
use crate::{headline, page, sizing};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// Where a document's figures begin and end: what stands between is replaced.
const BENCH: (&str, &str) = ("<!-- bench:begin -->", "<!-- bench:end -->");
const SIZING: (&str, &str) = ("<!-- sizing:begin -->", "<!-- sizing:end -->");

/// Reads the reports in a folder and writes what is asked for.
#[derive(Args, Clone, Debug)]
pub struct SummaryOptions {
    /// The folder with the runs' JSON files.
    #[arg(long, value_name = "DIR")]
    pub json: PathBuf,
    /// Writes one page about all runs.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Replaces the figures between the markers of this document.
    #[arg(long, value_name = "FILE")]
    pub markdown: Option<PathBuf>,
    /// Replaces the figures between the markers of this document on how big a server has to be.
    #[arg(long, value_name = "FILE")]
    pub sizing: Option<PathBuf>,
    /// Writes the chart of the CPU time of a packet.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// The command that made all these runs, for the document.
    #[arg(long, default_value = "make bench")]
    pub made_by: String,
}

/// Writes the summary and prints its table.
///
/// # Errors
/// Where the folder has no report or one that does not parse, a document has no markers, or a file can't be written.
pub fn write(options: &SummaryOptions) -> Result<()> {
    let reports = read(&options.json)?;
    print!("{}", headline::table(&reports).markdown());
    headline::comparisons(&reports).iter().for_each(|sentence| println!("{sentence}"));
    if let Some(file) = &options.html {
        store(file, &page::page(&reports))?;
    }
    if let Some(file) = &options.svg {
        store(file, &page::svg_chart(&reports))?;
    }
    if let Some(file) = &options.markdown {
        let folder = file.parent().unwrap_or(Path::new(""));
        let chart = options.svg.as_ref().and_then(|chart| chart.strip_prefix(folder).ok());
        let chart = chart.map(|chart| format!("\n![CPU time of a packet, run by run]({})\n", chart.display()));
        replace(file, BENCH, &(markdown(&reports, &options.made_by) + &chart.unwrap_or_default()))?;
    }
    if let Some(file) = &options.sizing {
        replace(file, SIZING, &format!("{}\n\n{}", whereabouts(&reports), sizing::markdown(&reports)))?;
    }
    Ok(())
}

/// The reports of a folder, in the order in which they are shown.
///
/// # Errors
/// Where there is none, or one does not parse.
pub fn read(folder: &Path) -> Result<Vec<Report>> {
    let entries = fs::read_dir(folder).with_context(|| format!("read {}", folder.display()))?;
    let mut reports = Vec::new();
    for entry in entries {
        let file = entry?.path();
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = fs::read(&file).with_context(|| format!("read {}", file.display()))?;
        let report: Report =
            serde_json::from_slice(&text).with_context(|| format!("{} is not a report", file.display()))?;
        reports.push(report);
    }
    ensure!(!reports.is_empty(), "there is no report in {}", folder.display());
    headline::sort(&mut reports);
    Ok(reports)
}

/// The table for a document, with where it was measured and how.
#[must_use]
pub fn markdown(reports: &[Report], made_by: &str) -> String {
    let commands: Vec<String> = reports.iter().map(|report| one_line(&without_paths(&report.command))).collect();
    format!(
        "{}. `{}` ran, one after the other:\n\n```sh\n{}\n```\n\n{}",
        whereabouts(reports),
        one_line(made_by),
        commands.join("\n"),
        headline::table(reports).markdown()
    )
}

fn whereabouts(reports: &[Report]) -> String {
    markdown_escaped(&page::whereabouts(reports))
}

/// The command of a run without what is of one machine: where the program is, and where its reports went.
fn without_paths(command: &str) -> String {
    let mut words = command.split(' ');
    let program = words.next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
    let mut kept = vec![program];
    while let Some(word) = words.next() {
        if matches!(word, "--json" | "--html" | "--server-bin") {
            words.next();
        } else {
            kept.push(word);
        }
    }
    kept.join(" ")
}

/// A command as it may stand in a block of code.
fn one_line(command: &str) -> String {
    let plain = |letter: char| if letter.is_control() { ' ' } else { letter };
    command.replace('`', "'").chars().map(plain).collect()
}

fn replace(file: &Path, (begin, end): (&str, &str), content: &str) -> Result<()> {
    let text = fs::read_to_string(file).with_context(|| format!("read {}", file.display()))?;
    let text = between(&text, (begin, end), content)
        .with_context(|| format!("{} has no {begin} with {end} after it", file.display()))?;
    store(file, &text)
}

/// The document with this content between its markers; `None` without them.
fn between(text: &str, (begin, end): (&str, &str), content: &str) -> Option<String> {
    let (before, rest) = text.split_once(begin)?;
    let (_, after) = rest.split_once(end)?;
    Some(format!("{before}{begin}\n{}\n{end}{after}", content.trim_end()))
}

fn store(file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).with_context(|| format!("make {}", folder.display()))?;
    }
    fs::write(file, text).with_context(|| format!("write {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let text = "a\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nb\n";
        let new = between(text, BENCH, "new\n").expect("markers");
        assert_eq!(new, "a\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nb\n");
        assert_eq!(between(&new, BENCH, "new"), Some(new.clone()));
        assert_eq!(between("<!-- bench:end --><!-- bench:begin -->", BENCH, "new"), None);
    }

    #[test]
    fn a_documents_command_names_no_place_of_one_machine() {
        let command = "/a/b/loadtest lecture --spawn --json /c/d.json --viewers 50 --html e.html";
        assert_eq!(without_paths(command), "loadtest lecture --spawn --viewers 50");
    }

    #[test]
    fn a_command_can_not_leave_its_block() {
        assert_eq!(one_line("loadtest\n```\n# x"), "loadtest ''' # x");
    }
}
