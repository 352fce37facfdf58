use crate::scratch::{PostgresServer, STARTS_AT, Scratch, chat, school};
use qism::ids::EventSeq;
use qism::protocol::Phase;
use qism::store::{Store, StoreError};
use sqlx::{Connection, Executor, SqliteConnection};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

const LIVE: Phase = Phase::Live { since: STARTS_AT };

/// Longer than any bounded wait of the store.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn what_was_written_is_there_after_closing(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    school.of(&store).append_events(school.lesson, &chat(1, 5), LIVE).await.expect("appended");
    store.close().await;
    let closed = school.of(&store).append_events(school.lesson, &chat(6, 1), LIVE).await;
    assert!(matches!(closed, Err(StoreError::Unavailable(_))), "{closed:?}");
    drop(store);
    let store = scratch.open().await;
    assert_eq!(school.of(&store).events_after(school.lesson, EventSeq(0), 100).await.expect("read"), chat(1, 5));
}

pub async fn a_second_server_is_refused_and_told_why(scratch: Scratch) {
    let first = scratch.open().await;
    assert!(matches!(Store::open(&scratch.url).await, Err(StoreError::Held(_))));
    let text = refusal(&scratch.url).await;
    assert!(text.contains("in use by another Qism"), "{text}");
    assert!(text.contains("stop that one first"), "{text}");
    first.ping().await.expect("the first goes on");
    drop(first);
    scratch.open().await.ping().await.expect("the database is free again");
}

pub async fn a_newer_schema_is_refused(scratch: Scratch) {
    scratch.open().await.close().await;
    scratch
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, installed_on, success, checksum, execution_time)
             VALUES (9999, 'from the future', CURRENT_TIMESTAMP, TRUE, '', 0)",
        )
        .await;
    let text = refusal(&scratch.url).await;
    assert!(text.contains("made by a newer Qism"), "{text}");
}

#[tokio::test]
async fn a_folder_that_does_not_exist_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let missing = folder.path().join("nowhere");
    let text = refusal(&format!("sqlite:{}/qism.db", missing.display())).await;
    assert!(text.contains(&missing.display().to_string()) && text.contains("create it"), "{text}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let text = refusal(&format!("sqlite:{}/qism.db", file.display())).await;
    assert!(text.contains("is not a folder"), "{text}");
}

#[tokio::test]
async fn the_files_are_this_users_only() {
    let scratch = Scratch::sqlite();
    let store = scratch.open().await;
    school(&store, 1).await;
    let path = scratch.url.strip_prefix("sqlite:").expect("a path");
    for suffix in ["", "-wal", "-shm", ".lock"] {
        let file = format!("{path}{suffix}");
        let mode = std::fs::metadata(&file).expect(&file).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("qism.db");
    let letter = "Dear database, ".repeat(500);
    std::fs::write(&file, &letter).expect("a file");
    let text = refusal(&format!("sqlite:{}", file.display())).await;
    assert!(text.contains("not an intact SQLite database"), "{text}");
    assert_eq!(std::fs::read_to_string(&file).expect("the file"), letter);
}

#[tokio::test]
async fn a_database_that_another_program_locked_is_refused() {
    let scratch = Scratch::sqlite();
    scratch.open().await.close().await;
    let path = scratch.url.strip_prefix("sqlite:").expect("a path").to_owned();
    let mut other = SqliteConnection::connect(&path).await.expect("the file");
    other.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE theirs (x INT)").await.expect("lock");
    let text = refusal(&scratch.url).await;
    assert!(text.contains("locked by another program"), "{text}");
}

#[tokio::test]
async fn a_url_of_another_kind_is_refused_without_repeating_it() {
    let text = refusal("mysql://qism:hush@localhost/qism").await;
    assert!(text.contains("sqlite:PATH") && !text.contains("hush"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let text = refusal(&format!("postgres://qism:hush@localhost/qism?host={}", folder.path().display())).await;
    assert!(text.contains("see that PostgreSQL runs") && !text.contains("hush"), "{text}");
    let scratch = Scratch::postgres().await;
    let text = refusal(&scratch.url.replace("/scratch_", "/missing_")).await;
    assert!(text.contains("has no database of that name"), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_that_goes_away_is_an_error_and_its_return_is_noticed() {
    let mut server = PostgresServer::start();
    let store = Store::open(&server.url).await.expect("the store opens");
    let school = school(&store, 1).await;
    let of = school.of(&store);
    of.append_events(school.lesson, &chat(1, 2), LIVE).await.expect("appended");
    server.crash();
    let next = chat(3, 1);
    let gone = of.append_events(school.lesson, &next, LIVE);
    let gone = tokio::time::timeout(PATIENCE, gone).await.expect("an answer in time");
    assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");
    let gone = tokio::time::timeout(PATIENCE, store.ping()).await.expect("an answer in time");
    assert!(matches!(gone, Err(StoreError::Unavailable(_))), "{gone:?}");
    server.start_again();
    of.append_events(school.lesson, &chat(3, 1), LIVE).await.expect("appended again");
    assert_eq!(of.events_after(school.lesson, EventSeq(0), 100).await.expect("read"), chat(1, 3));
}

async fn refusal(url: &str) -> String {
    let opened = tokio::time::timeout(PATIENCE, Store::open(url)).await.expect("an answer in time");
    opened.err().expect("it must not open").to_string()
}
