//! A table that is written as HTML and as Markdown from the same cells.

use crate::figures::{escaped, markdown_escaped};
use std::fmt::Write;

/// Columns and rows; the first column names a row, the others are figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A cell for every column.
    Figures(Vec<String>),
    /// Cells for the first columns, and a sentence in place of all others.
    Remark { lead: Vec<String>, remark: String },
}

impl Table {
    #[must_use]
    pub fn new(head: &[&str]) -> Self {
        Self { head: head.iter().map(|&cell| cell.to_owned()).collect(), rows: Vec::new() }
    }

    /// As a `<table>`; a remark has the shape and the colour of what deserves a look.
    #[must_use]
    pub fn html(&self) -> String {
        let head: String = self.head.iter().map(|cell| format!("<th scope=\"col\">{}</th>", escaped(cell))).collect();
        let mut text = format!("<table><thead><tr>{head}</tr></thead><tbody>");
        for row in &self.rows {
            let (cells, remark) = row.parts();
            text.push_str("<tr>");
            for (place, cell) in cells.iter().enumerate() {
                let cell = escaped(cell);
                text += &if place == 0 { format!("<th scope=\"row\">{cell}</th>") } else { format!("<td>{cell}</td>") };
            }
            if let Some(remark) = remark {
                let width = self.head.len().saturating_sub(cells.len()).max(1);
                let _ = write!(text, "<td class=\"remark\" colspan=\"{width}\">{TRIANGLE} {}</td>", escaped(remark));
            }
            text.push_str("</tr>");
        }
        text + "</tbody></table>"
    }

    /// As a Markdown table; a remark stands in the first cell that it takes the place of.
    #[must_use]
    pub fn markdown(&self) -> String {
        let line = |cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| markdown_escaped(cell)).collect();
            format!("| {} |\n", cells.join(" | "))
        };
        let mut text = line(&self.head);
        let rule: Vec<&str> = (0..self.head.len()).map(|place| if place == 0 { "---" } else { "---:" }).collect();
        let _ = writeln!(text, "|{}|", rule.join("|"));
        for row in &self.rows {
            let (cells, remark) = row.parts();
            let mut cells = cells.to_vec();
            cells.extend(remark.map(str::to_owned));
            cells.resize(self.head.len(), String::new());
            text += &line(&cells);
        }
        text
    }
}

impl Row {
    fn parts(&self) -> (&[String], Option<&str>) {
        match self {
            Self::Figures(cells) => (cells, None),
            Self::Remark { lead, remark } => (lead, Some(remark)),
        }
    }
}

/// What deserves a look, as a shape beside its words.
const TRIANGLE: &str = "<svg class=\"mark\" viewBox=\"0 0 12 12\" width=\"12\" height=\"12\" aria-hidden=\"true\">\
                        <path d=\"M6 1 L11.5 11 L0.5 11 Z\"/></svg>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_hold_the_same_cells() {
        let mut table = Table::new(&["run", "a", "b"]);
        table.rows.push(Row::Figures(vec!["one".into(), "1".into(), "2".into()]));
        table.rows.push(Row::Remark { lead: vec!["two".into()], remark: "refused: <slow>".into() });
        assert_eq!(
            table.markdown(),
            "| run | a | b |\n|---|---:|---:|\n| one | 1 | 2 |\n| two | refused: &lt;slow&gt; |  |\n"
        );
        let html = table.html();
        assert!(html.contains("<th scope=\"row\">one</th><td>1</td><td>2</td>"));
        assert!(html.contains("colspan=\"2\"") && html.contains("refused: &lt;slow&gt;"));
    }
}
