//! How somebody comes into a lesson: link, place, ticket, WebSocket, offer, media.

use super::stage::{Failures, Stage};
use crate::client::driver::{ClientKey, Driver, Plan};
use crate::client::publisher::Sending;
use crate::client::sdp::{self, Answer, Credentials, Line};
use crate::demo::invitation_of;
use crate::link::{Link, Refused};
use crate::place::Place;
use anyhow::{Context, Result};
use qism::protocol::{ClientMessage, Command, ErrorCode, Quality, Source};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

/// From the answer to a connection that can carry media.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// From the connection to the first media packet.
const FIRST_PACKET_TIMEOUT: Duration = Duration::from_secs(20);

/// How long somebody who leaves waits for the server's goodbye.
const LEAVE_TIMEOUT: Duration = Duration::from_secs(5);

/// A browser's slots.
pub const AUDIO_SLOTS: usize = 3;

/// What somebody is to do in a lesson.
#[derive(Clone, Debug)]
pub struct Part {
    /// The m-lines of the offer.
    pub lines: Vec<Line>,
    /// What is published from the beginning.
    pub publishes: Vec<Source>,
    pub quality: Quality,
    /// Whether loss at this participant counts.
    pub measured: bool,
}

impl Part {
    /// Somebody who listens, and watches in so many slots.
    #[must_use]
    pub fn viewer(video_slots: usize) -> Self {
        Self {
            lines: slots(video_slots),
            publishes: Vec::new(),
            quality: if video_slots == 0 { Quality::VoiceOnly } else { Quality::Automatic },
            measured: true,
        }
    }

    /// Somebody who sends from these sources, and watches in so many slots.
    #[must_use]
    pub fn publisher(sources: &[Source], video_slots: usize) -> Self {
        let sending = sources.iter().map(|source| Line::Sends(*source));
        Self {
            lines: sending.chain(slots(video_slots)).collect(),
            publishes: sources.to_vec(),
            quality: Quality::Automatic,
            measured: false,
        }
    }

    #[must_use]
    pub fn measured(self) -> Self {
        Self { measured: true, ..self }
    }

    fn shows_pictures(&self) -> bool {
        self.lines.contains(&Line::VideoSlot) && self.quality != Quality::VoiceOnly
    }
}

fn slots(video_slots: usize) -> Vec<Line> {
    let audio = std::iter::repeat_n(Line::AudioSlot, AUDIO_SLOTS);
    audio.chain(std::iter::repeat_n(Line::VideoSlot, video_slots)).collect()
}

/// Somebody whose media is connected. Dropped, they are gone without a word.
pub struct Participant {
    driver: Arc<Driver>,
    key: ClientKey,
    began: Instant,
    pub joined_in: Duration,
    first_packet: Option<oneshot::Receiver<std::time::Instant>>,
    leave: mpsc::Sender<()>,
    link: JoinHandle<()>,
}

impl Drop for Participant {
    fn drop(&mut self) {
        self.link.abort();
        self.driver.remove(self.key);
    }
}

impl Participant {
    /// Accepts an invitation and joins.
    ///
    /// # Errors
    /// Where the server refuses, or media does not connect.
    pub async fn join(stage: &Stage, link: &str, name: &str, part: Part) -> Result<Self> {
        let began = Instant::now();
        let place = Place::take(&stage.base_url, invitation_of(link)?, name).await?;
        Self::enter(stage, &place, began, part).await
    }

    /// Joins from a place that is there already; `began` is when it began.
    ///
    /// # Errors
    /// Where the server refuses, or media does not connect.
    pub async fn enter(stage: &Stage, place: &Place, began: Instant, part: Part) -> Result<Self> {
        let (mut link, _) = Link::enter(&stage.base_url, place.ticket().await?).await?;
        if part.quality != Quality::Automatic {
            link.send(&ClientMessage::Receive { quality: part.quality }).await?;
        }
        let driver = Arc::clone(&stage.driver);
        let local = Credentials::random();
        let offer = sdp::offer(&part.lines, &local, &driver.identity.fingerprint);
        let answer = Answer::parse(&link.offer(offer, sdp::sources(&part.lines)).await?)?;
        let server = candidate(&answer.candidates).context("the answer has no candidate")?;
        let (connected, is_connected) = oneshot::channel();
        let (first_packet, first_packet_at) = oneshot::channel();
        let shows_pictures = part.shows_pictures();
        let sending = sending(stage, &part.lines);
        let measured = part.measured;
        let key = driver.add(Plan {
            local,
            answer,
            server,
            socket: None,
            sending,
            measured,
            shows_pictures,
            connected,
            first_packet,
        });
        let (leave, leaving) = mpsc::channel(1);
        let (granted, is_granted) = oneshot::channel();
        // From here on the link is read without a pause: who does not read is cut, and who does not speak is lost.
        let link = tokio::spawn(carry(link, part.publishes, granted, leaving, stage.failures.clone()));
        let mut participant =
            Self { driver, key, began, joined_in: Duration::ZERO, first_packet: Some(first_packet_at), leave, link };
        let connected = timeout(CONNECT_TIMEOUT, is_connected).await.context("ICE and DTLS did not come up in time")?;
        let at = connected.context("the client could not be opened")??;
        participant.joined_in = Instant::from_std(at).saturating_duration_since(began);
        is_granted.await.context("the link ended while publishing")??;
        participant.driver.start_sending(key);
        Ok(participant)
    }

    /// Waits for the first media packet: a picture's for who shows pictures, else sound's. Gives how long it took from
    /// the first request on.
    ///
    /// # Errors
    /// Where none comes within 20 s.
    pub async fn first_packet(&mut self) -> Result<Duration> {
        let first = self.first_packet.take().context("it was waited for before")?;
        let at = timeout(FIRST_PACKET_TIMEOUT, first).await.context("no media came in time")?;
        Ok(Instant::from_std(at.context("the client ended")?).saturating_duration_since(self.began))
    }

    /// Leaves the lesson in order.
    pub async fn leave(mut self) {
        if self.leave.send(()).await.is_ok() {
            let _ = timeout(LEAVE_TIMEOUT, &mut self.link).await;
        }
    }
}

/// Publishes, then keeps the link alive until somebody leaves or the server ends it.
async fn carry(
    mut link: Link,
    publishes: Vec<Source>,
    granted: oneshot::Sender<Result<()>>,
    mut leaving: mpsc::Receiver<()>,
    failures: Failures,
) {
    let published = publish(&mut link, &publishes).await;
    if granted.send(published).is_err() {
        return;
    }
    tokio::select! {
        ended = link.drain() => if let Err(error) = ended {
            failures.note(format!("a participant was cut off: {error:#}"));
        },
        asked = leaving.recv() => if asked.is_some() && link.send(&ClientMessage::Leave {}).await.is_ok() {
            // The server says goodbye and closes.
            let _ = link.drain().await;
        },
    }
}

async fn publish(link: &mut Link, sources: &[Source]) -> Result<()> {
    for source in sources {
        link.command(Command::Publish { source: *source }).await.with_context(|| format!("publish {source:?}"))?;
    }
    Ok(())
}

/// Puts a lesson on air, where it is not yet.
///
/// # Errors
/// Where the server refuses.
pub async fn start_lesson(stage: &Stage, trainer: &str) -> Result<()> {
    let place = Place::take(&stage.base_url, invitation_of(trainer)?, "Trainer").await?;
    let (mut link, _) = Link::enter(&stage.base_url, place.ticket().await?).await?;
    match link.command(Command::StartLesson {}).await {
        Err(error) if error.downcast_ref::<Refused>().is_some_and(|refused| refused.code == ErrorCode::LessonEnded) => {
            Err(error.context("the lesson is over"))
        }
        // On air already is on air too.
        _ => link.send(&ClientMessage::Leave {}).await,
    }
}

/// What these lines of an offer send, each voice another.
pub(super) fn sending(stage: &Stage, lines: &[Line]) -> Vec<Sending> {
    let sends = lines.iter().enumerate().filter_map(|(mid, line)| match line {
        Line::Sends(source) => Some((mid, *source)),
        _ => None,
    });
    sends
        .map(|(mid, source)| {
            let (voice, voice_place) = stage.next_voice();
            Sending { mid: mid.to_string(), source, bitrate_bps: stage.bitrate_bps, voice, voice_place }
        })
        .collect()
}

/// A server on this machine is reached over loopback where it can be.
fn candidate(candidates: &[SocketAddr]) -> Option<SocketAddr> {
    let loopback = candidates.iter().find(|address| address.ip().is_loopback());
    loopback.or_else(|| candidates.first()).copied()
}
