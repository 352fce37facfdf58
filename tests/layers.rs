//! Holds the layers: which module may know which, and what the core may not read.
//!
//! It reads source text, not a syntax tree: comments are left out, and so is what is compiled for tests only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The layers, lowest first; within one, a module may use those that stand before it.
const LAYERS: [&[&str]; 6] = [
    &["ids", "time", "units", "text", "rtp", "protocol"],
    &["media", "peer", "classroom", "attendance", "schedule", "import", "quality", "retention", "rollup"],
    &["shard"],
    &["net", "store", "web"],
    &["insight", "notify", "auth", "board", "rooms", "signalling", "http"],
    &["config", "cli", "app"],
];

/// The layer whose modules do not know each other.
const STRANGERS: usize = 1;

/// Layers below this one are told the time and handed their input: they read nothing themselves.
const FIRST_ADAPTERS: usize = 3;

/// What those layers may not name, and what it stands for.
const OUTSIDE: [(&str, &str); 14] = [
    ("Instant::now", "the clock"),
    ("SystemTime", "the clock"),
    ("thread::sleep", "the clock"),
    ("thread::spawn", "threads"),
    ("UdpSocket", "sockets"),
    ("TcpStream", "sockets"),
    ("TcpListener", "sockets"),
    ("UnixStream", "sockets"),
    ("std::env", "the environment"),
    ("std::fs", "files"),
    ("std::process", "processes"),
    ("SystemRandom", "randomness"),
    ("getrandom", "randomness"),
    ("rand::random", "randomness"),
];

/// One file of `src`: its module path (`["media", "router"]`) and its text without comments and tests.
struct Source {
    modules: Vec<String>,
    text: String,
}

#[test]
fn modules_know_only_what_is_below_them() {
    let sources = read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.len() >= 20, "only {} files were read: the test looks in the wrong place", sources.len());
    let faults: Vec<String> = sources.iter().flat_map(faults_of).collect();
    assert!(faults.is_empty(), "layers point down only (docs/ARCHITECTURE.md):\n{}", faults.join("\n"));
}

#[test]
fn every_module_of_the_library_has_a_layer() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = without_comments(&fs::read_to_string(root).expect("read lib.rs"));
    let declared: BTreeSet<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let listed: BTreeSet<&str> = LAYERS.iter().flat_map(|layer| layer.iter().copied()).collect();
    assert_eq!(declared, listed);
}

#[test]
fn an_import_that_points_up_or_sideways_is_found() {
    let cases = [
        ("media/router.rs", "use crate::net::MediaPlane;", true),
        ("media/router.rs", "use crate::peer::Session;", true),
        ("media/router.rs", "use crate::{ids::PeerId, shard::{Command, Event}};", true),
        ("media/router.rs", "use super::super::shard::Command;", true),
        ("media/mod.rs", "use super::peer;", true),
        ("media/router.rs", "fn f(c: crate::store::Store) {}", true),
        ("ids.rs", "use crate::protocol::Role;", true),
        ("media/router.rs", "let now = Instant::now();", true),
        ("peer/mod.rs", "use std::net::{IpAddr, UdpSocket};", true),
        ("media/router.rs", "use crate::rtp::{Mid, Ssrc};\nuse super::publication::Layer;", false),
        ("media/router.rs", "/// As [`crate::net`] does.\n// Instant::now\nuse crate::media::Room;", false),
        ("media/router.rs", "#[cfg(test)]\nmod tests {\n use crate::net::MediaPlane;\n}", false),
        ("net/udp.rs", "use crate::shard::Command;\nlet now = Instant::now();", false),
        ("http/mod.rs", "use crate::auth::Auth;", false),
    ];
    for (path, text, wrong) in cases {
        let source = Source { modules: module_path(Path::new(path)), text: without_tests(&without_comments(text)) };
        assert_eq!(!faults_of(&source).is_empty(), wrong, "{path}: {text}");
    }
}

fn faults_of(source: &Source) -> Vec<String> {
    let Some(own) = source.modules.first() else { return Vec::new() };
    let Some((layer, place)) = place_of(own) else { return Vec::new() };
    let here = source.modules.join("::");
    let mut faults = Vec::new();
    for used in used_modules(source) {
        let Some((other_layer, other_place)) = place_of(&used) else { continue };
        let beside = other_layer == layer && (layer == STRANGERS || other_place > place);
        if used != *own && (other_layer > layer || beside) {
            faults.push(format!("{here} uses crate::{used}, which is not below it"));
        }
    }
    if layer < FIRST_ADAPTERS {
        let read = OUTSIDE.iter().filter(|(name, _)| source.text.contains(name));
        faults.extend(read.map(|(name, what)| format!("{here} names {name}: it may not touch {what}")));
    }
    faults
}

fn place_of(module: &str) -> Option<(usize, usize)> {
    LAYERS.iter().enumerate().find_map(|(layer, modules)| {
        let place = modules.iter().position(|name| *name == module)?;
        Some((layer, place))
    })
}

/// The library's modules that a source names, by `crate::` or by as many `super::` as lead out of its own.
fn used_modules(source: &Source) -> BTreeSet<String> {
    let outward = "super::".repeat(source.modules.len());
    let mut used = BTreeSet::new();
    for prefix in ["crate::", outward.as_str()] {
        for (at, _) in source.text.match_indices(prefix) {
            let rest = &source.text[at + prefix.len()..];
            match rest.strip_prefix('{') {
                Some(group) => used.extend(heads_of_group(group)),
                None => used.extend(first_word(rest)),
            }
        }
    }
    used
}

/// The first words of a brace group's members: `ids::A, rtp::{B, C}}` gives `ids` and `rtp`.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_usize;
    let mut member_starts = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => member_starts = true,
            _ if member_starts && !letter.is_whitespace() => {
                heads.extend(first_word(&group[at..]));
                member_starts = false;
            }
            _ => {}
        }
    }
    heads
}

fn first_word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
    (!word.is_empty()).then_some(word)
}

fn read_sources(root: &Path) -> Vec<Source> {
    let mut paths = Vec::new();
    collect(root, &mut paths);
    let texts: Vec<(PathBuf, String)> = paths
        .into_iter()
        .map(|path| {
            let text = without_comments(&fs::read_to_string(&path).expect("read a source file"));
            (path.strip_prefix(root).expect("a path under src").to_path_buf(), text)
        })
        .collect();
    let tests: BTreeSet<Vec<String>> = texts.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    texts
        .into_iter()
        .map(|(path, text)| Source { modules: module_path(&path), text: without_tests(&text) })
        .filter(|source| !(1..=source.modules.len()).any(|depth| tests.contains(&source.modules[..depth])))
        .collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("read a source folder") {
        let path = entry.expect("read a folder's entry").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

/// `media/router.rs` → `["media", "router"]`, `media/mod.rs` → `["media"]`, `lib.rs` → `[]`.
fn module_path(path: &Path) -> Vec<String> {
    let mut modules: Vec<String> =
        path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if matches!(modules.last().map(String::as_str), Some("mod" | "lib" | "main")) {
        modules.pop();
    }
    modules
}

fn without_comments(text: &str) -> String {
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |kept, line| kept + line + "\n")
}

/// Leaves out a `#[cfg(test)]` module with a body, which by our style is a file's last item.
fn without_tests(text: &str) -> String {
    let end = text.match_indices("#[cfg(test)]").map(|(at, _)| at).find(|at| {
        let item = text[at + "#[cfg(test)]".len()..].trim_start();
        item.starts_with("mod ") && item.lines().next().is_some_and(|line| line.trim_end().ends_with('{'))
    });
    text[..end.unwrap_or(text.len())].to_owned()
}

/// The modules that a file declares for tests only: `#[cfg(test)] mod name;`.
fn test_modules(path: &Path, text: &str) -> Vec<Vec<String>> {
    text.match_indices("#[cfg(test)]")
        .filter_map(|(at, attribute)| {
            let item = text[at + attribute.len()..].trim_start().strip_prefix("mod ")?;
            let name = first_word(item)?;
            item[name.len()..].starts_with(';').then(|| {
                let mut modules = module_path(path);
                modules.push(name);
                modules
            })
        })
        .collect()
}
