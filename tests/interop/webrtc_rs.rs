//! webrtc-rs, an implementation of WebRTC that shares no connection logic with the server, against a real server.

use loadtest::class::{Class, hold};
use loadtest::demo::invitation_of;
use loadtest::link::Link;
use loadtest::peer::{Peer, Transport};
use loadtest::place::Place;
use loadtest::publish::{Publisher, Publishing};
use loadtest::server::{Launch, Server};
use loadtest::watch::{Epoch, Watcher};
use loadtest::whip::{self, Direction, Resource};
use qism::protocol::{ServerMessage, TransportKind};
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::time::Duration;

/// How long media may take to arrive.
const BOUND: Duration = Duration::from_secs(15);

/// Frames that arrive whole before a stream counts as flowing: three seconds.
const FRAMES: u64 = 90;

const TONE_HZ: u32 = 440;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_publishes_by_whip_and_another_plays_by_whep() {
    let server = Server::start().await.expect("a server");
    let epoch = Epoch::default();
    let (_publishing, _publisher, resource) = publish(&server, Transport::Udp, epoch).await;
    let (player, _) = play(&server, Transport::Udp, epoch).await;

    let seen = player.until(BOUND, |seen| seen.frames >= FRAMES && hears(&seen.tones)).await.expect("media flows");
    let lost: u64 = seen.video.values().map(loadtest::measure::StreamMeasure::lost).sum();
    assert_eq!(lost, 0, "the player misses packets on loopback");

    let ended = resource.delete().await.expect("an answer");
    assert_eq!(ended.status, 200, "{}", ended.text());
    let again = resource.delete().await.expect("an answer");
    assert_eq!(again.status, 404, "a session that was deleted is gone: {}", again.text());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_udp_gets_in_over_tcp() {
    let server = Server::start().await.expect("a server");
    let epoch = Epoch::default();
    let (_publishing, _publisher, _) = publish(&server, Transport::Tcp, epoch).await;
    let (player, _) = play(&server, Transport::Tcp, epoch).await;
    player.until(BOUND, |seen| seen.frames >= FRAMES && hears(&seen.tones)).await.expect("media flows over TCP");

    // The committee's figures name what carries each connection: none of these two has UDP.
    let invitation = invitation_of(&server.demo.links.committee).expect("an invitation");
    let place = Place::take(&server.demo.base_url, invitation, "Observer").await.expect("a place");
    let ticket = place.ticket().await.expect("a ticket");
    let (mut link, _) = Link::enter(&server.demo.base_url, ticket).await.expect("a link");
    let carried = |message: &ServerMessage| match message {
        ServerMessage::Figures { figures } => {
            let tcp = figures.participants.iter().filter(|figures| figures.transport == TransportKind::Tcp).count();
            tcp == 2 && figures.participants.iter().all(|figures| figures.transport != TransportKind::Udp)
        }
        _ => false,
    };
    link.wait_for(carried).await.expect("figures of two connections over TCP");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ice_restarts_by_patch_and_media_goes_on() {
    let server = Server::start().await.expect("a server");
    let epoch = Epoch::default();
    let (_publishing, publisher, mut resource) = publish(&server, Transport::Udp, epoch).await;
    let (player, _) = play(&server, Transport::Udp, epoch).await;
    player.until(BOUND, |seen| seen.frames >= FRAMES).await.expect("media flows");

    let fragment = "a=ice-ufrag:none\r\na=ice-pwd:0123456789012345678901\r\n";
    let stale = resource.trickle("\"another\"", fragment).await.expect("an answer");
    assert_eq!(stale.status, 412, "{}", stale.text());

    resource.restart_ice(&publisher).await.expect("a restart");
    let frames = player.seen().frames;
    player.until(BOUND, |seen| seen.frames >= frames + 2 * FRAMES).await.expect("media goes on");
    assert_eq!(publisher.state().borrow().to_string(), "connected");
    assert_eq!(resource.delete().await.expect("an answer").status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn viewers_who_join_like_browsers_see_and_hear_the_lecture() {
    let server = Server::start().await.expect("a server");
    let class = Class { viewers: 5, duration: Duration::from_secs(3) };
    let report = hold(&server.demo, class).await.expect("a class");
    assert!(report.is_complete(), "{report}");
    assert!(report.whole_frames_received >= 5 * FRAMES / 2, "{report}");
    assert!(report.audio_packets_received > 0, "{report}");
    assert_eq!(report.video_lost_percent, 0.0, "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lesson_that_outgrows_its_shard_is_seen_and_heard_on_all() {
    let config = "[media]\nshards = 2\nroom_peers_per_shard = 1\n".to_owned();
    let launch = Launch { config, ..Launch::default() };
    let server = Server::launch(&launch).await.expect("a server");
    let epoch = Epoch::default();
    let (_publishing, _publisher, resource) = publish(&server, Transport::Udp, epoch).await;
    // One player beside the publisher, one on the other shard.
    let (first, _) = play(&server, Transport::Udp, epoch).await;
    let (second, _) = play(&server, Transport::Udp, epoch).await;
    for player in [&first, &second] {
        let seen = player.until(BOUND, |seen| seen.frames >= FRAMES && hears(&seen.tones)).await.expect("media flows");
        let lost: u64 = seen.video.values().map(loadtest::measure::StreamMeasure::lost).sum();
        assert_eq!(lost, 0, "a player misses packets on loopback");
    }
    let on = |page: &str, shard: u8| {
        let series = format!("qism_media_peers{{shard=\"{shard}\"}} ");
        page.lines().find_map(|line| line.strip_prefix(&series)?.parse::<u32>().ok()).unwrap_or_default()
    };
    let spread = |page: &str| on(page, 0) + on(page, 1) == 3 && on(page, 0) > 0 && on(page, 1) > 0;
    until_metrics(&server, "peers on both shards", spread).await;
    let metric = async |name: &str| server.metric(name).await.expect("a metric");
    assert!(metric("qism_media_relay_received_total").await >= FRAMES as f64);
    assert_eq!(metric("qism_media_dropped_relay_total").await, 0.0);
    assert_eq!(metric("qism_media_publications").await, 2.0, "a camera and a microphone, each counted once");

    assert_eq!(resource.delete().await.expect("an answer").status, 200);
    let none = |page: &str| {
        let counts = page.lines().filter_map(|line| line.strip_prefix("qism_media_publications{"));
        counts.filter(|line| line.ends_with(" 0")).count() == 2
    };
    until_metrics(&server, "no publication on either shard", none).await;
}

/// Waits until the metrics, which are renewed once a second, show something.
async fn until_metrics(server: &Server, what: &str, shown: impl Fn(&str) -> bool) {
    let deadline = tokio::time::Instant::now() + BOUND;
    loop {
        let page = server.look_up("/metrics").await.expect("metrics").text().to_owned();
        if shown(&page) {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{what} did not come within {BOUND:?}:\n{page}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn publish(server: &Server, transport: Transport, epoch: Epoch) -> (Publishing, Peer, Resource) {
    let mut peer = Peer::new(transport).await.expect("a peer");
    let publisher = Publisher::prepare(&peer).await.expect("m-lines");
    let resource = whip::connect(&server.demo, Direction::Publish, &mut peer).await.expect("WHIP connects");
    let publishing = publisher.start(TONE_HZ as f32, epoch).await.expect("codecs that both know");
    (publishing, peer, resource)
}

async fn play(server: &Server, transport: Transport, epoch: Epoch) -> (Watcher, Resource) {
    let mut peer = Peer::new(transport).await.expect("a peer");
    peer.receive(RtpCodecKind::Audio).await.expect("an audio slot");
    peer.receive(RtpCodecKind::Video).await.expect("a video slot");
    let resource = whip::connect(&server.demo, Direction::Play, &mut peer).await.expect("WHEP connects");
    (Watcher::start(peer, epoch, vec![TONE_HZ]), resource)
}

fn hears(tones: &[(u32, f32)]) -> bool {
    tones.iter().any(|(frequency, share)| *frequency == TONE_HZ && *share > 0.8)
}
