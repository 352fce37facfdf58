//! What a server seals and exports, against programs that share nothing with it. `tests/ledger/run` brings them along.

#[path = "../program/process.rs"]
#[allow(dead_code, reason = "other tests use the rest of it")]
mod process;

use process::{Server, call, qism, said};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Any free port, for pages and for media.
const ANY_PORTS: [&str; 4] = ["--listen", "127.0.0.1:0", "--media-port", "0"];

#[test]
fn what_a_server_sealed_is_verified_by_qism_and_by_python() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("data"));
    let demo = server.demo_json();
    let path = PathBuf::from(demo["sealed_ledger"].as_str().expect("a ledger"));
    assert!(path.is_absolute());
    // It needs no server.
    let copy = folder.path().join("copy.jsonl");
    std::fs::copy(&path, &copy).expect("copied");
    server.kill();
    let (code, text) = said(&mut verify(&copy));
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("nothing was changed") && text.contains("the results follow from them"), "{text}");
    check(Command::new(python()).args(["-B".as_ref(), beside("verify.py").as_os_str(), copy.as_os_str()]));

    let ledger = std::fs::read(&copy).expect("the ledger");
    let key = seal_of(&ledger, "key");
    let (code, text) = said(verify(&copy).args(["--key", &seal_of(&ledger, "public_key"), "--key", &key]));
    assert_eq!(code, Some(0), "{text}");
    let (code, text) = said(verify(&copy).args(["--key", &"0".repeat(32)]));
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&key) && text.contains("none of those that you trust"), "{text}");
    for place in [30, ledger.len() / 2, ledger.len() - 3] {
        let mut changed = ledger.clone();
        changed[place] ^= 1;
        std::fs::write(&copy, &changed).expect("written");
        let (code, text) = said(&mut verify(&copy));
        assert_eq!(code, Some(1), "byte {place}: {text}");
        assert!(text.contains("NOT as it was sealed") && text.contains("line "), "{text}");
        let python =
            Command::new(python()).args(["-B".as_ref(), beside("verify.py").as_os_str(), copy.as_os_str()]).output();
        assert!(!python.expect("it starts").status.success(), "byte {place}");
    }
}

#[test]
fn exports_are_read_alike_by_other_programs() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::demo(&folder.path().join("data"));
    let demo = server.demo_json();
    let ledger = std::fs::read_to_string(demo["sealed_ledger"].as_str().expect("a ledger")).expect("the ledger");
    let header: Value = serde_json::from_str(ledger.lines().next().expect("a line")).expect("JSON");
    let (head, _) = call(&server, "/api/sign-in", "", &demo["accounts"]["administrator"]);
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
    let cookie = cookie.split(';').next().expect("a cookie");
    let (institution, lesson) = (header["institution"]["id"].as_str(), header["lesson"].as_str());
    let base = format!("/api/institutions/{}/lessons/{}", institution.expect("an id"), lesson.expect("an id"));
    let save = |path: &str, name: &str| {
        let body = get(&server, &format!("{base}/{path}"), cookie);
        std::fs::write(folder.path().join(name), body).expect("written");
    };
    save("report", "report.json");
    assert_eq!(
        get(&server, &format!("{base}/ledger"), cookie),
        ledger.as_bytes(),
        "the server gives out the same bytes"
    );
    for language in ["ar", "fr", "en"] {
        for kind in ["csv", "xlsx", "pdf"] {
            save(&format!("attendance.{kind}?language={language}"), &format!("attendance.{language}.{kind}"));
        }
    }
    // For whoever wants to look at them.
    if let Some(kept) = std::env::var_os("LEDGER_KEEP") {
        for file in std::fs::read_dir(folder.path()).expect("the folder").flatten().filter(|file| file.path().is_file())
        {
            std::fs::copy(file.path(), Path::new(&kept).join(file.file_name())).expect("kept");
        }
    }
    check(Command::new(python()).args([
        "-B".as_ref(),
        beside("check_exports.py").as_os_str(),
        folder.path().as_os_str(),
    ]));
}

fn verify(file: &Path) -> Command {
    let mut command = qism(&["attendance", "verify"]);
    command.arg(file);
    command
}

/// A field of the last seal.
fn seal_of(ledger: &[u8], field: &str) -> String {
    let text = std::str::from_utf8(ledger).expect("text");
    let seal: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("JSON");
    seal[field].as_str().expect("text").to_owned()
}

fn python() -> PathBuf {
    std::env::var_os("LEDGER_PYTHON").expect("LEDGER_PYTHON names a Python: use tests/ledger/run").into()
}

fn beside(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ledger").join(name)
}

fn check(command: &mut Command) {
    let (code, told) = said(command);
    println!("{told}");
    assert_eq!(code, Some(0), "{command:?}:\n{told}");
}

/// The body of a good answer.
fn get(server: &Server, path: &str, cookie: &str) -> Vec<u8> {
    let authority = server.authority();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
    let mut stream = TcpStream::connect(&authority).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
    let head = String::from_utf8_lossy(&answer[..end]);
    assert!(head.starts_with("HTTP/1.1 200"), "{path}: {}", String::from_utf8_lossy(&answer));
    answer[end + 4..].to_vec()
}

/// All that is left of a stream.
fn rest(mut stream: impl Read) -> String {
    let mut text = String::new();
    let _ = stream.read_to_string(&mut text);
    text
}
