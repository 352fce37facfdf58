//! How the databases run what the tests had them do: no statement may read a large table from end to end.
//!
//! `tests/support/statements.rs` writes down what ran, into the folder that `QISM_STATEMENTS` names. Both databases are
//! empty here: what is looked at is whether an index serves a statement at all, which does not change with what is in
//! it. `plans.txt` keeps SQLite's answers, so that a change of one is seen; `QISM_GENERATE=1` writes it anew.

#[allow(dead_code, reason = "the store's tests use all of it")]
#[path = "../store/scratch.rs"]
mod scratch;
#[path = "../support/statements.rs"]
mod statements;

use qism::store::TABLES;
use scratch::Scratch;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, SqliteConnection};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tables with a few dozen rows in a whole country.
const SMALL: [&str; 2] = ["region", "server_sign"];

/// Indices with the few rows of a table that a statement means to read, one and all.
const PARTIAL: [&str; 8] = [
    "alarm_open",
    "announcement_to_mail",
    "institution_that_reaches",
    "lesson_on_air",
    "lesson_to_count",
    "lesson_to_settle",
    "person_administrates",
    "person_of_committee",
];

/// How statements begin that are for every institution, and what for.
const FOR_ALL: [(&str, &str); 6] = [
    ("SELECT id FROM institution WHERE EXISTS (SELECT 1 FROM audit_entry", "`qism audit verify` checks each log"),
    ("SELECT id FROM institution ORDER BY id", "`qism reports rebuild` works out each one's sums"),
    ("SELECT institution.region || ' ' || sums.span AS id", "`qism reports rebuild` adds them up"),
    ("SELECT region || ' ' || span AS id", "and holds them against these"),
    ("SELECT institution.id AS id, institution.name AS name", "a report of the country names each institution"),
    ("SELECT id, time_zone, retention_run_at FROM institution", "whose records are to be looked through tonight"),
];

fn recorded() -> BTreeSet<String> {
    let folder = std::env::var_os("QISM_STATEMENTS").map(PathBuf::from).expect("QISM_STATEMENTS names a folder");
    let mut statements = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()) {
        let text = std::fs::read_to_string(file).expect("a file");
        statements.extend(text.lines().filter(|line| is_explained(line)).map(str::to_owned));
    }
    assert!(statements.len() > 100, "only {} statements were recorded: run the other tests first", statements.len());
    statements
}

/// Whether it is looked at: what reads or changes records that are there, but for a backup, which reads each table from
/// end to end.
fn is_explained(statement: &str) -> bool {
    let is_backup =
        statement.strip_prefix("SELECT ").and_then(|rest| rest.split_once(" FROM ")).is_some_and(|(columns, table)| {
            TABLES.contains(&table) && columns.split(", ").all(|column| !column.contains(['(', ' ']))
        });
    let is_for_all = FOR_ALL.iter().any(|(beginning, _)| statement.starts_with(beginning));
    // What adds records alone reads none; a batch of them is another statement for each size.
    let only_adds = statement.starts_with("INSERT") && !statement.contains("SELECT");
    !is_backup
        && !is_for_all
        && !only_adds
        && ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|verb| statement.starts_with(verb))
}

/// The table that a step of SQLite's reads from end to end.
fn scanned<'a>(statement: &'a str, step: &'a str) -> Option<&'a str> {
    let mut words = step.strip_prefix("SCAN ")?.split(' ');
    let table = table(statement, words.next()?);
    let is_partial = words.next_back().is_some_and(|index| PARTIAL.contains(&index));
    // Subqueries and common tables are scanned too; what they are made of has steps of its own.
    (TABLES.contains(&table) && !SMALL.contains(&table) && !is_partial).then_some(table)
}

/// What an alias or a name in a plan stands for.
fn table<'a>(statement: &'a str, name: &'a str) -> &'a str {
    let words: Vec<&str> = statement.split([' ', ',', '(', ')']).filter(|word| !word.is_empty()).collect();
    let named = words.windows(3).find_map(|three| match three {
        [table, "AS", alias] if *alias == name => Some(*table),
        [_, table, alias] if *alias == name && table.chars().all(|c| c.is_ascii_lowercase() || c == '_') => {
            Some(*table)
        }
        _ => None,
    });
    named.unwrap_or(name)
}

#[tokio::test]
async fn sqlite_reads_no_large_table_from_end_to_end() {
    let scratch = Scratch::sqlite();
    scratch.open().await.close().await;
    let path = scratch.url.strip_prefix("sqlite:").expect("a path");
    let mut connection = SqliteConnection::connect(path).await.expect("the file");
    let mut plans = BTreeMap::new();
    let mut whole = Vec::new();
    for statement in recorded() {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let Ok(rows) = connection.fetch_all(sqlx::query(explain)).await else { continue };
        let steps: Vec<String> = rows.iter().map(|row| row.get::<String, _>("detail")).collect();
        let found = steps.iter().filter_map(|step| scanned(&statement, step));
        whole.extend(found.map(|table| format!("{table}: {statement}\n    {}", steps.join("\n    "))));
        plans.insert(statement, steps);
    }
    compare(&plans);
    assert!(whole.is_empty(), "{} statements:\n{}", whole.len(), whole.join("\n"));
}

/// Every statement, and below it how it is run.
fn compare(plans: &BTreeMap<String, Vec<String>>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans/plans.txt");
    if std::env::var_os("QISM_GENERATE").is_some() {
        let line = |(statement, steps): (&String, &Vec<String>)| {
            let steps: String = steps.iter().map(|step| format!("    {step}\n")).collect();
            format!("{statement}\n{steps}")
        };
        let text: String = plans.iter().map(line).collect();
        std::fs::write(&path, text).expect("plans.txt is written");
        return;
    }
    let text = std::fs::read_to_string(&path).expect("plans.txt");
    let mut kept: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut last = "";
    for line in text.lines() {
        match line.strip_prefix("    ") {
            Some(step) => kept.entry(last).or_default().push(step),
            None => last = line,
        }
        kept.entry(last).or_default();
    }
    // Some statements are for what rarely happens in a test run: one that is new to plans.txt is no fault.
    let is_otherwise = |(statement, steps): &(&String, &Vec<String>)| {
        kept.get(statement.as_str()).is_some_and(|kept| !kept.iter().eq(steps.iter()))
    };
    let changed: Vec<_> = plans.iter().filter(is_otherwise).collect();
    assert!(
        changed.is_empty(),
        "{} statements are run otherwise than plans.txt says; look, then write it anew: {changed:#?}",
        changed.len()
    );
    let known = plans.keys().filter(|statement| kept.contains_key(statement.as_str())).count();
    assert!(known * 10 >= plans.len() * 9, "plans.txt knows {known} of {} statements: write it anew", plans.len());
}

#[tokio::test]
async fn postgresql_has_an_index_for_every_statement() {
    let scratch = Scratch::postgres().await;
    scratch.open().await.close().await;
    let mut connection = PgConnection::connect(&scratch.url).await.expect("the database");
    // What is still read from end to end when that costs more than anything else can't be read otherwise.
    connection.execute("SET enable_seqscan = off").await.expect("a setting");
    connection.execute("SET plan_cache_mode = force_generic_plan").await.expect("a setting");
    let mut whole = Vec::new();
    let mut explained = 0;
    for statement in recorded() {
        let Ok(plan) = explain(&mut connection, &statement).await else { continue };
        explained += 1;
        for step in &plan {
            let Some((_, rest)) = step.split_once("Seq Scan on ") else { continue };
            let scanned = rest.split(' ').next().unwrap_or_default();
            if !SMALL.contains(&scanned) {
                whole.push(format!("{scanned}: {statement}\n    {}", plan.join("\n    ")));
            }
        }
    }
    assert!(explained > 100, "only {explained} statements were explained");
    assert!(whole.is_empty(), "{} statements:\n{}", whole.len(), whole.join("\n"));
}

async fn explain(connection: &mut PgConnection, statement: &str) -> Result<Vec<String>, sqlx::Error> {
    let parameters = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
    connection.execute(sqlx::query(AssertSqlSafe(format!("PREPARE explained AS {statement}")))).await?;
    let arguments = vec!["NULL"; parameters].join(", ");
    let call = if parameters == 0 { String::new() } else { format!("({arguments})") };
    let explain = AssertSqlSafe(format!("EXPLAIN (COSTS OFF) EXECUTE explained{call}"));
    let rows = connection.fetch_all(sqlx::raw_sql(explain)).await;
    connection.execute("DEALLOCATE explained").await?;
    Ok(rows?.iter().map(|row| row.get::<String, _>(0)).collect())
}
