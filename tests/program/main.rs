//! The program from outside: commands, exit codes, and what it says.

mod backup;
mod killing;
mod lesson;
mod process;
mod tls;

use process::{Server, qism, said};
use std::io::Read;
use std::net::{SocketAddr, TcpListener};

/// Any free port, for pages and for media.
const ANY_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--media-port", "0"];

#[test]
fn the_demo_is_announced_when_it_serves() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let demo = server.demo_json();
    let base_url = demo["base_url"].as_str().expect("a URL");
    assert!(base_url.starts_with("http://localhost:"), "{base_url}");
    for who in ["trainer", "trainee", "committee"] {
        let link = demo["links"][who].as_str().expect("a link");
        assert!(server.printed.contains(link), "{who} in {}", server.printed);
    }
    let answer = server.get("/healthz");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn a_second_server_on_the_same_data_is_refused_and_leaves_the_first_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let before = server.demo_json();
    let mut second = qism(&["serve", "--demo", "--data-dir", &folder.path().display().to_string()]);
    let (code, text) = said(second.args(ANY_PORTS));
    assert_eq!(code, Some(1), "{text}");
    let process = format!("in use by another Qism (process {})", server.id());
    assert!(text.contains(&process) && text.contains("stop that one first"), "{text}");
    assert_eq!(server.demo_json(), before);
}

#[test]
fn after_kill_9_the_demo_is_the_same() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let before = server.demo_json();
    server.kill();
    let after = Server::demo(folder.path()).demo_json();
    for name in ["lesson", "/links/trainer", "/whip/token", "/whep/token"] {
        let of = |demo: &serde_json::Value| {
            let value = demo.pointer(name).or_else(|| demo.get(name)).and_then(|value| value.as_str());
            // The port is another each time.
            value.map(|value| value.rsplit('#').next().unwrap_or_default().to_owned()).expect("text")
        };
        assert_eq!(of(&before), of(&after), "{name}");
    }
}

#[test]
fn told_to_stop_it_ends_well() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = Server::demo(folder.path());
    let (code, text) = server.terminate();
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("stopped"), "{text}");
    // Nothing waits in a side file: the database was closed.
    assert!(!folder.path().join("qism.db-wal").exists());
}

#[test]
fn a_port_in_use_is_named_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().display().to_string();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address: SocketAddr = taken.local_addr().expect("its address");
    let pages = ["serve", "--data-dir", &data, "--listen", &address.to_string(), "--media-port", "0"];
    let (code, text) = said(&mut qism(&pages));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&address.to_string()) && text.contains("--listen"), "{text}");
    let port = address.port().to_string();
    let media = ["serve", "--data-dir", &data, "--listen", "127.0.0.1:0", "--media-port", &port];
    let (code, text) = said(&mut qism(&media));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&port) && text.contains("--media-port"), "{text}");
}

#[test]
fn a_database_that_is_gone_ends_the_start_and_its_password_is_not_said() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("qism.toml");
    let socket = folder.path().display();
    let url = format!("postgres://qism:hush@localhost/qism?host={socket}");
    std::fs::write(&file, format!("[store]\nurl = {url:?}\n")).expect("a file");
    let (code, text) = said(qism(&["serve", "--config", &file.display().to_string()]).args(ANY_PORTS));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("see that PostgreSQL runs") && !text.contains("hush"), "{text}");
}

#[test]
fn configurations_are_checked_and_printed() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("qism.toml");
    let path = file.display().to_string();
    let (code, printed) = said(&mut qism(&["config", "print"]));
    assert_eq!(code, Some(0));
    std::fs::write(&file, &printed).expect("a file");
    let (code, text) = said(&mut qism(&["config", "check", &path]));
    assert_eq!((code, text), (Some(0), format!("{path} can be used\n")));
    std::fs::write(&file, printed.replace("listen =", "lisen =")).expect("a file");
    for command in
        [["config", "check", &path].as_slice(), &["serve", "--config", &path], &["doctor", "--config", &path]]
    {
        let (code, text) = said(&mut qism(command));
        assert_eq!(code, Some(1), "{text}");
        assert!(text.contains("unknown key `lisen` in [server]; did you mean `listen`?"), "{text}");
    }
    let (code, text) = said(&mut qism(&["--version"]));
    assert_eq!((code, text), (Some(0), format!("qism {}\n", env!("CARGO_PKG_VERSION"))));
}

#[test]
fn the_doctor_ends_with_what_it_found() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().display().to_string();
    let (code, text) = said(qism(&["doctor", "--data-dir", &data]).args(ANY_PORTS));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("ok       the SQLite database opens"), "{text}");
    let plain = ["doctor", "--data-dir", &data, "--listen", "0.0.0.0:0", "--media-port", "0"];
    let file = folder.path().join("qism.toml");
    std::fs::write(&file, "[server]\nbase_url = \"http://class.example\"\n").expect("a file");
    let (code, text) = said(qism(&plain).args(["--config", &file.display().to_string()]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("problem  http://class.example is not a secure origin"), "{text}");
}

/// Everything that is still to be read.
fn rest(mut from: impl Read) -> String {
    let mut text = String::new();
    let _ = from.read_to_string(&mut text);
    text
}
