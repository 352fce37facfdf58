//! A lecture: one publisher with sound and pictures, and many who join like browsers do and watch.

use crate::class_report::{Report, ViewerReport};
use crate::demo::{Demo, invitation_of};
use crate::link::Link;
use crate::peer::{Peer, Transport};
use crate::place::Place;
use crate::publish::{Publisher, Publishing};
use crate::watch::{Epoch, Watcher};
use crate::whip::{self, Direction, Resource};
use anyhow::{Context, Result, ensure};
use futures_util::stream::{FuturesUnordered, StreamExt};
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;

/// The tone that the publisher sends, in hertz.
const TONE_HZ: f32 = 440.0;

/// A browser's slots.
const AUDIO_SLOTS: usize = 3;
const VIDEO_SLOTS: usize = 2;

/// How many viewers join at the same time; a class comes in within a minute, not in one instant.
const JOINING_MAX: usize = 16;

/// From joining to the first video packet, after which a viewer counts as one who saw nothing.
const FIRST_PACKET_TIMEOUT: Duration = Duration::from_secs(20);

/// How large and how long.
#[derive(Clone, Copy, Debug)]
pub struct Class {
    pub viewers: usize,
    /// How long everybody watches, after the last has joined.
    pub duration: Duration,
}

/// One who is in the room and watches.
struct Viewer {
    watcher: Watcher,
    joined_in: Duration,
    first_packet_in: Option<Duration>,
    link: JoinHandle<()>,
}

impl Drop for Viewer {
    fn drop(&mut self) {
        self.link.abort();
    }
}

/// Holds the lecture.
///
/// # Errors
/// Where the publisher does not get in; a viewer who does not is counted in the report.
pub async fn hold(demo: &Demo, class: Class) -> Result<Report> {
    let epoch = Epoch::default();
    let (publishing, publisher, resource) = publish(demo, epoch).await.context("the publisher does not get in")?;
    let turns = Arc::new(Semaphore::new(JOINING_MAX));
    let mut joining: FuturesUnordered<_> = (0..class.viewers)
        .map(|number| {
            let turns = Arc::clone(&turns);
            async move {
                let _turn = turns.acquire().await;
                join(demo, number, epoch).await
            }
        })
        .collect();
    let mut viewers = Vec::new();
    let mut failures = Vec::new();
    while let Some(joined) = joining.next().await {
        match joined {
            Ok(viewer) => viewers.push(viewer),
            Err(error) => failures.push(format!("{error:#}")),
        }
    }
    tokio::time::sleep(class.duration).await;
    let sent = publishing.sent();
    let viewers = viewers
        .iter()
        .map(|viewer| ViewerReport::of(&viewer.watcher.seen(), viewer.joined_in, viewer.first_packet_in))
        .collect();
    let ended = resource.delete().await?;
    ensure!(ended.status == 200, "DELETE was answered {}", ended.status);
    drop(publishing);
    publisher.close().await?;
    Ok(Report::new(class, sent, viewers, failures))
}

async fn publish(demo: &Demo, epoch: Epoch) -> Result<(Publishing, Peer, Resource)> {
    let mut peer = Peer::new(Transport::Udp).await?;
    let publisher = Publisher::prepare(&peer).await?;
    let resource = whip::connect(demo, Direction::Publish, &mut peer).await?;
    Ok((publisher.start(TONE_HZ, epoch).await?, peer, resource))
}

async fn join(demo: &Demo, number: usize, epoch: Epoch) -> Result<Viewer> {
    let began = Instant::now();
    let place = Place::take(&demo.base_url, invitation_of(&demo.links.trainee)?, &format!("Trainee {number}")).await?;
    let (mut link, _) = Link::enter(&demo.base_url, place.ticket().await?).await?;
    let mut peer = Peer::new(Transport::Udp).await?;
    for _ in 0..AUDIO_SLOTS {
        peer.receive(RtpCodecKind::Audio).await?;
    }
    for _ in 0..VIDEO_SLOTS {
        peer.receive(RtpCodecKind::Video).await?;
    }
    let answer = link.offer(peer.offer().await?, Vec::new()).await?;
    peer.accept(answer).await?;
    // Reading goes on from here: a client that does not read is cut.
    let link = tokio::spawn(async move { while link.next().await.is_ok() {} });
    peer.connected().await?;
    let joined_in = began.elapsed();
    let watcher = Watcher::start(peer, epoch, Vec::new());
    let first = watcher.until(FIRST_PACKET_TIMEOUT, |seen| seen.first_video_us.is_some()).await;
    let first_packet_in = first.is_ok().then(|| began.elapsed());
    Ok(Viewer { watcher, joined_in, first_packet_in, link })
}
