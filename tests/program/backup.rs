//! Backups of a server at work, and the check of the audit log.

use crate::process::{Server, call, qism, said};
use std::path::Path;

fn in_folder(folder: &Path, words: &[&str], more: &[&Path]) -> (Option<i32>, String) {
    let mut command = qism(words);
    command.arg("--data-dir").arg(folder);
    said(command.args(more))
}

/// The hash that a command printed.
fn hash(text: &str) -> String {
    let (_, hash) = text.split_once("hash ").unwrap_or_else(|| panic!("no hash in {text}"));
    hash.chars().take_while(char::is_ascii_hexdigit).collect()
}

#[test]
fn a_backup_of_a_server_at_work_is_restored_to_the_same_hash() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (data, other) = (folder.path().join("data"), folder.path().join("other"));
    let file = folder.path().join("school.backup");
    std::fs::create_dir_all(data.join("materials/one")).expect("a folder");
    // More than one chunk, and none that is text.
    let material: Vec<u8> = (0..200_000_u32).flat_map(|number| number.to_be_bytes()).collect();
    std::fs::write(data.join("materials/one/two"), &material).expect("a file");
    let server = Server::demo(&data);
    let before = server.demo_json();

    // People come in meanwhile: each writes a session, a place and more.
    let (code, text) = std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let server = &server;
        let link = before["links"]["trainee"].as_str().expect("a link");
        let secret = link.split_once('#').expect("a secret").1.to_owned();
        let load = scope.spawn(move || {
            let mut came = 0;
            while stopped.try_recv().is_err() {
                let body = serde_json::json!({ "invitation": secret, "name": format!("Salma {came}") });
                call(server, "/api/sessions", "", &body);
                came += 1;
            }
            came
        });
        let backup = in_folder(&data, &["backup"], &[&file]);
        stop.send(()).expect("it runs");
        assert!(load.join().expect("no panic") > 0);
        backup
    });
    assert_eq!(code, Some(0), "{text}");
    let written = hash(&text);

    let (code, text) = in_folder(&other, &["restore"], &[&file]);
    assert_eq!(code, Some(0), "{text}");
    assert_eq!(hash(&text), written);
    assert_eq!(std::fs::read(other.join("materials/one/two")).expect("the file"), material);
    let (code, text) = in_folder(&other, &["restore"], &[&file]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("not empty"), "{text}");
    let (code, text) = in_folder(&data, &["backup"], &[&file]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("there already"), "{text}");
}

#[test]
fn a_damaged_backup_restores_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let file = folder.path().join("school.backup");
    let server = Server::demo(&data);
    let (code, text) = in_folder(&data, &["backup"], &[&file]);
    assert_eq!(code, Some(0), "{text}");
    drop(server);
    let whole = std::fs::read(&file).expect("the backup");
    let broken = folder.path().join("broken.backup");
    let other = folder.path().join("other");
    let middle = whole.len() / 2;
    let mut flipped = whole.clone();
    flipped[middle] ^= 1;
    for (what, bytes) in [("flipped", flipped), ("cut", whole[..middle].to_vec()), ("empty", Vec::new())] {
        std::fs::write(&broken, bytes).expect("a file");
        let (code, text) = in_folder(&other, &["restore"], &[&broken]);
        assert_eq!(code, Some(1), "{what}: {text}");
        assert!(!other.join("qism.db").exists(), "{what}");
    }
}

#[test]
fn the_audit_log_shows_one_flipped_byte() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    drop(Server::demo(folder.path()));
    let database = folder.path().join("qism.db");
    let (code, text) = in_folder(folder.path(), &["audit", "verify"], &[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("intact"), "{text}");

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let institution = runtime.block_on(write_entries(&database));
    let (code, text) = in_folder(folder.path(), &["audit", "verify"], &[]);
    assert_eq!(code, Some(0), "{text}");

    for (change, back) in [
        (
            "UPDATE audit_entry SET detail = '{\"capacity\":31}' WHERE seq = 2",
            "UPDATE audit_entry SET detail = '{\"capacity\":30}' WHERE seq = 2",
        ),
        ("UPDATE audit_entry SET at = at + 1 WHERE seq = 3", "UPDATE audit_entry SET at = at - 1 WHERE seq = 3"),
        ("DELETE FROM audit_entry WHERE seq = 1", ""),
    ] {
        let change = format!("{change} AND institution = '{institution}'");
        runtime.block_on(execute(&database, &change));
        let (code, text) = in_folder(folder.path(), &["audit", "verify"], &[]);
        assert_eq!(code, Some(1), "{change}: {text}");
        assert!(text.contains(&institution), "{text}");
        if !back.is_empty() {
            runtime.block_on(execute(&database, &format!("{back} AND institution = '{institution}'")));
            assert_eq!(in_folder(folder.path(), &["audit", "verify"], &[]).0, Some(0));
        }
    }
}

/// Three changes of a new institution; gives its id.
async fn write_entries(database: &Path) -> String {
    use qism::ids::{InstitutionId, RegionId, VenueId};
    use qism::store::{Change, ChangedBy, Institution, Region, Store, Venue};
    let store = Store::open(&format!("sqlite:{}", database.display())).await.expect("the store opens");
    let id = |number| uuid::Uuid::from_u128(number);
    let region = Region { id: RegionId(id(1)), name: "Souss-Massa".into() };
    let institution = Institution {
        id: InstitutionId(id(2)),
        region: region.id,
        name: "ISTA".into(),
        time_zone: "Africa/Casablanca".into(),
    };
    store.create_region(&region).await.expect("a region");
    store.create_institution(&institution).await.expect("an institution");
    for number in 3..6 {
        let venue = Venue { id: VenueId(id(number)), name: format!("Atelier {number}"), capacity: 30, version: 1 };
        let by = Change {
            at: qism::time::Timestamp(1_795_597_200_000_000),
            actor: ChangedBy::System,
            action: "venue.create",
            subject: Some(venue.id.to_string()),
            detail: serde_json::json!({ "capacity": 30 }),
        };
        store.of(institution.id).create_venue(&venue, &by).await.expect("a venue");
    }
    store.close().await;
    institution.id.to_string()
}

async fn execute(database: &Path, sql: &str) {
    use sqlx::{AssertSqlSafe, Connection};
    let url = format!("sqlite:{}", database.display());
    let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("the database");
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.expect("changed");
    assert_eq!(done.rows_affected(), 1, "{sql}");
    connection.close().await.expect("closed");
}
