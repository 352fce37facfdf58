//! Holds what docs/ARCHITECTURE.md says of a packet's path: every function that it names is there, and all of them
//! together can be read in one sitting.

use std::fs;
use std::path::Path;

/// How many lines the functions may have together, without tests.
const LINES_MAX: usize = 1_200;

#[test]
fn a_packets_path_is_as_documented_and_reads_in_one_sitting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let document = fs::read_to_string(root.join("docs/ARCHITECTURE.md")).expect("the document");
    let steps = steps(&document);
    assert!(steps.len() >= 15, "the document names {} files", steps.len());
    let mut sum = 0;
    for (file, functions) in &steps {
        let source = fs::read_to_string(root.join("src").join(file)).unwrap_or_else(|_| panic!("there is no {file}"));
        for function in functions {
            let lines = lines_of(&source, function);
            assert!(lines > 0, "{file} has no function {function}");
            sum += lines;
        }
    }
    assert!(sum <= LINES_MAX, "a packet's path has {sum} lines");
    println!("a packet's path has {sum} lines");
}

/// The files of the section, each with the functions that stand in parentheses behind it.
fn steps(document: &str) -> Vec<(String, Vec<String>)> {
    let from = document.find("## A packet's path").expect("the section");
    let section = &document[from + 3..];
    let section = &section[..section.find("\n## ").expect("the next section")];
    let mut steps = Vec::new();
    // Code spans are the odd pieces; what stands between two of them tells how they belong together.
    let pieces: Vec<&str> = section.split('`').collect();
    let mut at = 1;
    while at < pieces.len() {
        let opens = pieces.get(at + 1).is_some_and(|between| between.trim() == "(");
        if pieces[at].ends_with(".rs") && opens {
            let mut functions = Vec::new();
            loop {
                at += 2;
                functions.push(pieces[at].to_owned());
                if pieces[at + 1].trim() != "," {
                    break;
                }
            }
            steps.push((pieces[at - 2 * functions.len()].to_owned(), functions));
        }
        at += 2;
    }
    steps
}

/// How many lines the functions of this name have, from their first line to the brace that closes them.
fn lines_of(source: &str, function: &str) -> usize {
    let own = source.find("#[cfg(test)]").map_or(source, |tests| &source[..tests]);
    let lines: Vec<&str> = own.lines().collect();
    let begins = |line: &str| {
        let rest = line.trim_start().trim_start_matches("pub(super) ").trim_start_matches("pub(crate) ");
        let rest = rest.trim_start_matches("pub ").strip_prefix("fn ").and_then(|rest| rest.strip_prefix(function));
        rest.is_some_and(|rest| rest.starts_with(['(', '<']))
    };
    let starts = lines.iter().enumerate().filter(|(_, line)| begins(line));
    let length = |(start, line): (usize, &&str)| {
        let indent = &line[..line.len() - line.trim_start().len()];
        let close = format!("{indent}}}");
        lines[start..].iter().position(|line| *line == close).map_or(0, |end| end + 1)
    };
    starts.map(length).sum()
}

#[test]
fn lines_are_counted() {
    let source = "fn one() {\n    1\n}\n\nimpl X {\n    pub fn one(&self) {\n    }\n    fn other() {\n    }\n}\n#[cfg(test)]\nfn one() {\n}\n";
    assert_eq!(lines_of(source, "one"), 3 + 2);
    assert_eq!(lines_of(source, "oth"), 0);
}
