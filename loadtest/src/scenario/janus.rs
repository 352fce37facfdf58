//! The lecture through Janus: the same publisher and viewers, told about each other by its video room.

use super::joining::Joins;
use super::lecture::{LectureOptions, Shows, rate};
use super::outcome::{Outcome, memory};
use super::person::sending;
use super::stage::Stage;
use crate::client::driver::{ClientKey, Driver, Plan};
use crate::client::publisher::Sending;
use crate::client::sdp::{self, Answer, Credentials, Line};
use crate::janus::Janus;
use crate::report::Report;
use anyhow::{Context, Result, ensure};
use qism::protocol::Source;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// From the answer to a connection that can carry media, and from there to the first picture.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const FIRST_PACKET_TIMEOUT: Duration = Duration::from_secs(20);

/// Somebody whose media connects. Dropped, they are gone without a word.
struct Guest {
    driver: Arc<Driver>,
    key: ClientKey,
    began: Instant,
    connected: oneshot::Receiver<Result<std::time::Instant>>,
    first_packet: oneshot::Receiver<std::time::Instant>,
}

impl Drop for Guest {
    fn drop(&mut self) {
        self.driver.remove(self.key);
    }
}

impl Guest {
    /// How long it took until media could flow.
    async fn connected(&mut self) -> Result<Duration> {
        let at = timeout(CONNECT_TIMEOUT, &mut self.connected).await.context("ICE and DTLS did not come up in time")?;
        let at = at.context("the client could not be opened")??;
        Ok(Instant::from_std(at).saturating_duration_since(self.began))
    }

    /// How long it took until the first packet came.
    async fn first_packet(&mut self) -> Result<Duration> {
        let at = timeout(FIRST_PACKET_TIMEOUT, &mut self.first_packet).await.context("no picture came in time")?;
        Ok(Instant::from_std(at.context("the client ended")?).saturating_duration_since(self.began))
    }
}

/// Holds the lecture.
///
/// # Errors
/// Where there is no Janus, or its publisher does not get in; what happens to viewers is in the report.
pub async fn run(lecture: &LectureOptions) -> Result<Report> {
    ensure!(!lecture.screen && !lecture.audio_only, "with Janus there is the lecture with a camera only");
    let stage = Stage::set(&lecture.options, 1).await?;
    let janus = stage.janus().context("the stage has no Janus")?;
    let _publisher = publish(&stage, janus).await.context("the publisher does not get in")?;
    let before_kib = stage.server_kib();
    let (viewers, joins) = admit(&stage, janus, lecture.viewers).await;
    stage.settle(rate(&stage, Shows::Camera) * viewers.len() as f64).await?;
    let window = stage.measure(lecture.options.seconds).await?;
    let memory = memory(before_kib, stage.server_kib(), viewers.len());
    let keyframe_requests = stage.driver.look().await?.keyframe_requests;
    let floor = stage.floor(&lecture.options, &window).await?;
    let viewers = lecture.viewers;
    let outcome =
        Outcome { scenario: "lecture", viewers, publishers: 1, joins, window, floor, memory, keyframe_requests };
    let mut report = outcome.report(&stage, &lecture.options)?;
    "janus".clone_into(&mut report.target);
    Ok(report)
}

async fn publish(stage: &Stage, janus: &Janus) -> Result<Guest> {
    let lines = [Line::Sends(Source::Microphone), Line::Sends(Source::Camera)];
    let local = Credentials::random();
    // Our clients are the DTLS client always; offered the choice, Janus would be.
    let offer = sdp::offer(&lines, &local, &stage.driver.identity.fingerprint).replace("actpass", "active");
    let socket = open_socket()?;
    let answer = janus.publish(&sdp::with_candidate(&offer, socket.local_addr()?)).await?;
    let mut guest = connect(stage, socket, local, &answer, sending(stage, &lines))?;
    guest.connected().await?;
    stage.driver.start_sending(guest.key);
    Ok(guest)
}

/// They are described one after the other, since what Janus tells all of them comes from one place, and connect at the
/// same time.
async fn admit(stage: &Stage, janus: &Janus, viewers: usize) -> (Vec<Guest>, Joins) {
    let mut described = Vec::with_capacity(viewers);
    for number in 1..=viewers {
        match watch(stage, janus).await {
            Ok(guest) => described.push(guest),
            Err(error) => stage.failures.note(format!("somebody did not get in: {error:#}")),
        }
        stage.progress.show(&format!("joining: {number} of {viewers}"));
    }
    stage.progress.clear();
    let mut guests = Vec::with_capacity(viewers);
    let mut joins = Joins { asked: viewers, ..Joins::default() };
    for mut guest in described {
        match arrive(&mut guest).await {
            Ok((joined_in, first_packet_in)) => {
                joins.joined_in.push(joined_in);
                joins.first_packet_in.push(first_packet_in);
                guests.push(guest);
            }
            Err(error) => stage.failures.note(format!("somebody did not get in: {error:#}")),
        }
    }
    (guests, joins)
}

async fn arrive(guest: &mut Guest) -> Result<(Duration, Duration)> {
    Ok((guest.connected().await?, guest.first_packet().await?))
}

async fn watch(stage: &Stage, janus: &Janus) -> Result<Guest> {
    let began = Instant::now();
    let (handle, offer) = janus.watch().await?;
    let local = Credentials::random();
    let answer = sdp::answer(&offer, &local, &stage.driver.identity.fingerprint);
    let socket = open_socket()?;
    janus.accept(handle, &sdp::with_candidate(&answer, socket.local_addr()?)).await?;
    let mut guest = connect(stage, socket, local, &offer, Vec::new())?;
    guest.began = began;
    Ok(guest)
}

/// A socket on the address that leads out of the machine: Janus offers no loopback, and its ICE-lite agent takes media
/// from no address that it was not told.
fn open_socket() -> Result<UdpSocket> {
    let probe = UdpSocket::bind("0.0.0.0:0")?;
    // A connected UDP socket sends nothing by itself; the address is one for documents (RFC 5737).
    probe.connect("198.51.100.1:9").context("Janus needs an IPv4 address that leads out of the machine")?;
    Ok(UdpSocket::bind((probe.local_addr()?.ip(), 0))?)
}

/// Starts to connect to the transport that Janus described.
fn connect(
    stage: &Stage,
    socket: UdpSocket,
    local: Credentials,
    described: &str,
    sending: Vec<Sending>,
) -> Result<Guest> {
    let driver = Arc::clone(&stage.driver);
    let answer = Answer::parse(described)?;
    let server = answer.candidates.iter().copied().find(SocketAddr::is_ipv4);
    let server = server.context("Janus offers no IPv4 address")?;
    let (measured, shows_pictures) = (sending.is_empty(), sending.is_empty());
    let (connected, is_connected) = oneshot::channel();
    let (first_packet, first_packet_at) = oneshot::channel();
    let socket = Some(socket);
    let plan = Plan { local, answer, server, socket, sending, measured, shows_pictures, connected, first_packet };
    let key = driver.add(plan);
    Ok(Guest { driver, key, began: Instant::now(), connected: is_connected, first_packet: first_packet_at })
}
