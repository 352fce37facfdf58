//! A Janus of its own for one run, with one video room: the same work for another server.
//!
//! Owns the process, its configuration in a folder that goes with it, and the room's signalling over HTTP. Refuses to
//! touch media: that is the clients', who can't tell it from this project's server.

use crate::http::{Reply, Request, send};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep};

/// How long the process may take to answer, and the room to know its publisher.
const START_TIMEOUT: Duration = Duration::from_secs(10);
const FEED_TIMEOUT: Duration = Duration::from_secs(10);
const LOOK_INTERVAL: Duration = Duration::from_millis(50);
/// How many events are passed over before the awaited one has to come.
const EVENTS_PASSED_OVER_MAX: usize = 64;
/// The only room, and its only publisher.
const ROOM: u64 = 1;
const FEED: u64 = 1;
/// What the plugin answers while the publisher is not connected (`JANUS_VIDEOROOM_ERROR_NO_SUCH_FEED`).
const NO_SUCH_FEED: u64 = 428;
/// Where media is received; below Linux's own choice of ports, which the clients use.
const MEDIA_PORTS: &str = "10000-32000";

/// A running Janus; dropping it kills it.
pub struct Janus {
    child: Child,
    _folder: TempDir,
    base_url: String,
    session: u64,
}

/// One peer connection of the room, by Janus's number for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle(u64);

impl Janus {
    /// Starts the `janus` that is installed, on a core if one is named, and makes its room.
    ///
    /// # Errors
    /// Where there is no Janus, or it does not answer within 10 s.
    pub async fn start(core: Option<usize>) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("janus-").tempdir()?;
        let port = free_port()?;
        configure(folder.path(), port)?;
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["--cpu-list", &core.to_string(), "janus"]);
                command
            }
            None => Command::new("janus"),
        };
        let log = fs::File::create(folder.path().join("log"))?;
        let mut child = command
            .arg(format!("--config={}", folder.path().join("janus.jcfg").display()))
            .arg(format!("--configs-folder={}", folder.path().display()))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .context("start janus: is Debian's package `janus` installed?")?;
        let base_url = format!("http://127.0.0.1:{port}");
        wait_until_it_answers(&mut child, folder.path(), &base_url).await?;
        let created = ask(&base_url, "/janus", json!({ "janus": "create" })).await?;
        let session = number(&created, "/data/id")?;
        let janus = Self { child, _folder: folder, base_url, session };
        let handle = janus.attach().await?;
        let room = json!({
            "request": "create", "room": ROOM, "publishers": 1, "bitrate": 0, "audiocodec": "opus", "videocodec": "vp8",
            "notify_joining": false,
        });
        janus.message(handle, room, None).await?;
        Ok(janus)
    }

    /// The process, for the kernel's accounting of it; nothing once it has ended.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Publishes by this offer; the result is the answer.
    ///
    /// # Errors
    /// Where Janus refuses.
    pub async fn publish(&self, offer: &str) -> Result<String> {
        let handle = self.attach().await?;
        let join = json!({ "request": "joinandconfigure", "ptype": "publisher", "room": ROOM, "id": FEED });
        self.message(handle, join, Some(("offer", offer))).await?;
        let event = self.event_of(handle).await?;
        ensure!(error_of(&event).is_none(), "Janus refuses the publisher: {event}");
        text(&event, "/jsep/sdp")
    }

    /// Asks to watch the publisher; the result has Janus's offer. Waits up to 10 s for the publisher to be connected.
    ///
    /// # Errors
    /// Where Janus refuses.
    pub async fn watch(&self) -> Result<(Handle, String)> {
        let handle = self.attach().await?;
        let deadline = Instant::now() + FEED_TIMEOUT;
        loop {
            let join = json!({
                "request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{ "feed": FEED }],
            });
            self.message(handle, join, None).await?;
            let event = self.event_of(handle).await?;
            match error_of(&event) {
                None => return Ok((handle, text(&event, "/jsep/sdp")?)),
                Some(NO_SUCH_FEED) if Instant::now() < deadline => sleep(LOOK_INTERVAL).await,
                Some(_) => bail!("Janus refuses a viewer: {event}"),
            }
        }
    }

    /// Answers the offer that [`Self::watch`] gave.
    ///
    /// # Errors
    /// Where Janus refuses.
    pub async fn accept(&self, handle: Handle, answer: &str) -> Result<()> {
        let start = json!({ "request": "start", "room": ROOM });
        self.message(handle, start, Some(("answer", answer))).await?;
        let event = self.event_of(handle).await?;
        ensure!(error_of(&event).is_none(), "Janus refuses a viewer's answer: {event}");
        Ok(())
    }

    async fn attach(&self) -> Result<Handle> {
        let path = format!("/janus/{}", self.session);
        let attached =
            ask(&self.base_url, &path, json!({ "janus": "attach", "plugin": "janus.plugin.videoroom" })).await?;
        Ok(Handle(number(&attached, "/data/id")?))
    }

    async fn message(&self, handle: Handle, body: Value, description: Option<(&str, &str)>) -> Result<Value> {
        let mut message = json!({ "janus": "message", "body": body });
        if let Some((kind, sdp)) = description {
            message["jsep"] = json!({ "type": kind, "sdp": sdp });
        }
        ask(&self.base_url, &format!("/janus/{}/{}", self.session, handle.0), message).await
    }

    /// The next event of the room for this connection; what else there is to tell is passed over. One caller at a time:
    /// events of all connections come from one place.
    async fn event_of(&self, handle: Handle) -> Result<Value> {
        let path = format!("/janus/{}?maxev=1", self.session);
        for _ in 0..EVENTS_PASSED_OVER_MAX {
            let request = Request { method: "GET", path: &path, headers: &[], body: &[] };
            let event: Value = send(&self.base_url, request).await?.json()?;
            let is_of_room = event["janus"] == "event" && event["sender"] == handle.0;
            if is_of_room {
                return Ok(event);
            }
        }
        bail!("Janus tells everything but what was asked for")
    }
}

/// Asks Janus; the result is its acknowledgement.
async fn ask(base_url: &str, path: &str, mut message: Value) -> Result<Value> {
    message["transaction"] = json!("loadtest");
    let body = serde_json::to_vec(&message)?;
    let headers = [("content-type", "application/json")];
    let reply: Reply = send(base_url, Request { method: "POST", path, headers: &headers, body: &body }).await?;
    let reply: Value = reply.json()?;
    ensure!(reply["janus"] != "error" && error_of(&reply).is_none(), "Janus refuses {}: {reply}", message["janus"]);
    Ok(reply)
}

fn error_of(message: &Value) -> Option<u64> {
    message.pointer("/plugindata/data/error_code")?.as_u64()
}

fn number(message: &Value, at: &str) -> Result<u64> {
    message.pointer(at).and_then(Value::as_u64).with_context(|| format!("Janus says no {at}: {message}"))
}

fn text(message: &Value, at: &str) -> Result<String> {
    let text = message.pointer(at).and_then(Value::as_str);
    Ok(text.with_context(|| format!("Janus says no {at}: {message}"))?.to_owned())
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

async fn wait_until_it_answers(child: &mut Child, folder: &Path, base_url: &str) -> Result<()> {
    let deadline = Instant::now() + START_TIMEOUT;
    let log = || fs::read_to_string(folder.join("log")).unwrap_or_default();
    loop {
        if let Some(status) = child.try_wait()? {
            bail!("janus ended with {status}:\n{}", log());
        }
        let info = Request { method: "GET", path: "/janus/info", headers: &[], body: &[] };
        if send(base_url, info).await.is_ok_and(|reply| reply.status == 200) {
            return Ok(());
        }
        ensure!(Instant::now() < deadline, "janus does not answer:\n{}", log());
        sleep(LOOK_INTERVAL).await;
    }
}

/// Writes the configuration: one thread for all media, ICE-lite, neither STUN nor TURN, the HTTP interface and the video
/// room alone. It is what Janus carries most with on one core.
fn configure(folder: &Path, port: u16) -> Result<()> {
    let parts = installed().context("Janus's plugins are not installed where Debian's package puts them")?;
    let none = folder.join("none");
    let unused = |kind: &str, used: &str| -> Result<String> {
        let names = fs::read_dir(parts.join(kind))?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        Ok(names.filter(|name| name.ends_with(".so") && name != used).collect::<Vec<_>>().join(","))
    };
    let main = format!(
        "general: {{\n configs_folder = \"{own}\"\n plugins_folder = \"{parts}/plugins\"\n \
         transports_folder = \"{parts}/transports\"\n events_folder = \"{none}\"\n loggers_folder = \"{none}\"\n \
         debug_level = 3\n debug_colors = false\n event_loops = 1\n session_timeout = 0\n}}\n\
         media: {{\n ipv6 = false\n rtp_port_range = \"{MEDIA_PORTS}\"\n}}\n\
         nat: {{\n ice_lite = true\n ignore_mdns = true\n}}\n\
         plugins: {{\n disable = \"{plugins}\"\n}}\ntransports: {{\n disable = \"{transports}\"\n}}\n",
        own = folder.display(),
        parts = parts.display(),
        none = none.display(),
        plugins = unused("plugins", "libjanus_videoroom.so")?,
        transports = unused("transports", "libjanus_http.so")?,
    );
    let http = format!(
        "general: {{\n json = \"compact\"\n base_path = \"/janus\"\n http = true\n https = false\n port = {port}\n \
         ip = \"127.0.0.1\"\n}}\nadmin: {{\n admin_http = false\n admin_https = false\n}}\n"
    );
    fs::write(folder.join("janus.jcfg"), main)?;
    fs::write(folder.join("janus.transport.http.jcfg"), http)?;
    fs::write(folder.join("janus.plugin.videoroom.jcfg"), "general: {\n}\n")?;
    Ok(())
}

/// `/usr/lib/<architecture>/janus`.
fn installed() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(|entry| Some(entry.ok()?.path().join("janus")));
    folders.into_iter().find(|folder| folder.join("plugins/libjanus_videoroom.so").exists())
}
