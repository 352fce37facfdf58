//! A running server, and commands that end by themselves.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Longer than any start or stop.
const PATIENCE: Duration = Duration::from_secs(60);

pub fn qism(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_qism"));
    command.args(arguments);
    command
}

/// Runs a command to its end: its exit code, and all that it said.
pub fn said(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().expect("qism can be run");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("text"))
}

/// A server that is ready, and ends with the test.
pub struct Server {
    child: Option<Child>,
    folder: PathBuf,
    /// What it printed until it was ready.
    pub printed: String,
}

impl Server {
    pub fn demo(folder: &Path) -> Self {
        let data = folder.display().to_string();
        Self::start(folder, qism(&["serve", "--demo", "--data-dir", &data]).args(crate::ANY_PORTS))
    }

    /// Waits for the last of the demo's links on its output.
    pub fn start(folder: &Path, command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("qism can be run");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        let (ready, wait) = mpsc::channel();
        std::thread::spawn(move || {
            let mut printed = String::new();
            for line in output.lines() {
                printed.push_str(&line.expect("text"));
                printed.push('\n');
                if printed.contains("committee observer") {
                    let _ = ready.send(printed);
                    return;
                }
            }
        });
        let mut server = Self { child: Some(child), folder: folder.to_owned(), printed: String::new() };
        match wait.recv_timeout(PATIENCE) {
            Ok(printed) => server.printed = printed,
            Err(_) => panic!("the server did not get ready: {}", server.end()),
        }
        server
    }

    pub fn id(&self) -> u32 {
        self.child.as_ref().expect("it runs").id()
    }

    pub fn demo_json(&self) -> serde_json::Value {
        let text = std::fs::read(self.folder.join("demo.json")).expect("demo.json");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// The host and port that it serves at.
    pub fn authority(&self) -> String {
        let demo = self.demo_json();
        let (_, authority) = demo["base_url"].as_str().and_then(|url| url.split_once("://")).expect("a URL");
        authority.to_owned()
    }

    /// The whole answer to a plain request.
    pub fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.authority()).expect("it listens");
        request(&mut stream, path)
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.end();
    }

    /// SIGTERM: the exit code, and what it said on standard error.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let mut child = self.child.take().expect("it runs");
        let sent = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().expect("kill can be run");
        assert!(sent.success());
        let text = crate::rest(child.stderr.take().expect("its errors"));
        (child.wait().expect("it ended").code(), text)
    }

    fn end(&mut self) -> String {
        let Some(mut child) = self.child.take() else { return String::new() };
        let _ = child.kill();
        let text = child.stderr.take().map(crate::rest).unwrap_or_default();
        let _ = child.wait();
        text
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// Posts JSON: the answer's head, and its body as JSON.
pub fn call(server: &Server, path: &str, cookie: &str, body: &serde_json::Value) -> (String, serde_json::Value) {
    let authority = server.authority();
    let body = body.to_string();
    let request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nOrigin: http://{authority}\r\nCookie: {cookie}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(authority).expect("it listens");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("HTTP/1.1 200"), "{answer}");
    (head.to_owned(), serde_json::from_str(body).expect("JSON"))
}

/// Asks for a page and reads the answer to the connection's end; what is cut off gives less of it, or nothing.
pub fn request(mut stream: impl Read + Write, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let mut answer = String::new();
    if stream.write_all(request.as_bytes()).is_ok() {
        let _ = stream.read_to_string(&mut answer);
    }
    answer
}
