//! 10,000 malformed datagrams a second at the media port.

use crate::attack::{Forge, From, Kind};
use crate::relay::{Relay, media_address, value_of};
use loadtest::peer::{Peer, Transport};
use loadtest::publish::Publisher;
use loadtest::server::Server;
use loadtest::watch::{Epoch, Watcher};
use loadtest::whip::{self, Direction};
use rtc::rtp_transceiver::rtp_sender::RtpCodecKind;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;
use tokio::net::UdpSocket;
use tokio::time::{MissedTickBehavior, interval};

const RATE_PER_SECOND: u32 = 10_000;

/// How long, in seconds; HOSTILE_SECONDS says otherwise.
const SECONDS: u32 = 20;

/// Datagrams leave in bursts of this many.
const BURST: u32 = 50;

/// The longest that a picture may stand still for a viewer.
const STANDSTILL_MAX: Duration = Duration::from_millis(1_000);

/// The share of the attack that must turn up in the counters: loopback itself may drop some of a burst.
const COUNTED_SHARE_MIN: f64 = 0.9;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_malformed_datagrams_drops_nobody() {
    let mut server = Server::start().await.expect("a server");
    let epoch = Epoch::default();

    // The publisher comes through a relay, so that the flood can come from its address too.
    let mut publisher = Peer::new(Transport::Udp).await.expect("a peer");
    let prepared = Publisher::prepare(&publisher).await.expect("m-lines");
    let offer = publisher.offer().await.expect("an offer");
    let path = format!("/whip/{}", server.demo.lesson);
    let reply = whip::post(&server.demo.base_url, &path, &server.demo.whip.token, &offer).await.expect("a reply");
    assert_eq!(reply.status, 201, "{}", reply.text());
    let answer = reply.text();
    let target = media_address(&answer);
    let relay = Relay::to(target).await;
    publisher.accept(relay.rewrite(&answer)).await.expect("an answer that fits");
    publisher.connected().await.expect("a connection through the relay");
    let _publishing = prepared.start(440.0, epoch).await.expect("codecs that both know");

    let mut player = Peer::new(Transport::Udp).await.expect("a peer");
    player.receive(RtpCodecKind::Audio).await.expect("a slot");
    player.receive(RtpCodecKind::Video).await.expect("a slot");
    whip::connect(&server.demo, Direction::Play, &mut player).await.expect("WHEP connects");
    let states = [publisher.state(), player.state()];
    let watcher = Watcher::start(player, epoch, vec![440]);
    watcher.until(Duration::from_secs(15), |seen| seen.frames >= 60).await.expect("a picture before the flood");

    let before = counters(&server).await;
    let frames_before = watcher.seen().frames;
    let seconds = std::env::var("HOSTILE_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SECONDS);
    let standstill = tokio::spawn(longest_standstill(watcher, Duration::from_secs(u64::from(seconds))));
    let sent = flood(&relay, target, Forge::new(value_of(&answer, "ice-ufrag"), relay.kept()), seconds).await;
    let (watcher, standstill) = standstill.await.expect("a watch over the picture");

    let frames = watcher.seen().frames - frames_before;
    assert!(standstill < STANDSTILL_MAX, "the picture stood still for {standstill:?}");
    assert!(frames >= u64::from(seconds) * 30 * 9 / 10, "only {frames} frames in {seconds} s");
    for state in states {
        assert_eq!(state.borrow().to_string(), "connected");
    }
    assert!(server.is_running().expect("a process"), "{}", server.log());
    eprintln!("{frames} frames in {seconds} s, longest standstill {standstill:?}");

    check_counters(&server, &before, &sent).await;
}

/// The rise of every counter is what was sent for it. Shards hand over their figures once a second.
async fn check_counters(server: &Server, before: &BTreeMap<&'static str, f64>, sent: &BTreeMap<&'static str, u64>) {
    let mut look = interval(Duration::from_millis(200));
    let deadline = tokio::time::Instant::now() + Duration::from_secs(5);
    loop {
        look.tick().await;
        let after = counters(server).await;
        let missing: Vec<String> = sent
            .iter()
            .filter(|(name, sent)| after[*name] - before[*name] < **sent as f64 * COUNTED_SHARE_MIN)
            .map(|(name, sent)| format!("{name} rose by {} where {sent} were sent", after[name] - before[name]))
            .collect();
        if missing.is_empty() {
            return;
        }
        assert!(tokio::time::Instant::now() < deadline, "{}", missing.join("; "));
    }
}

async fn counters(server: &Server) -> BTreeMap<&'static str, f64> {
    let mut counters = BTreeMap::new();
    for (_, _, name) in Kind::ALL {
        let metric = format!("qism_media_{name}_total");
        counters.insert(name, server.metric(&metric).await.expect("metrics"));
    }
    counters
}

/// Sends all kinds in turn, and says how many went out for each counter.
async fn flood(
    relay: &Relay,
    target: std::net::SocketAddr,
    mut forge: Forge,
    seconds: u32,
) -> BTreeMap<&'static str, u64> {
    let stranger = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a socket");
    stranger.connect(target).await.expect("the media port");
    let mut bursts = interval(Duration::from_secs(1) * BURST / RATE_PER_SECOND);
    bursts.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut sent = BTreeMap::new();
    let mut kinds = Kind::ALL.iter().cycle();
    for burst in 0..seconds * RATE_PER_SECOND / BURST {
        bursts.tick().await;
        for _ in 0..BURST {
            let Some((kind, from, counter)) = kinds.next() else { break };
            let socket = if *from == From::Proven { &relay.server_side } else { &stranger };
            // What the kernel does not take has not been sent.
            if socket.send(&forge.make(*kind)).await.is_ok() {
                *sent.entry(*counter).or_insert(0) += 1;
            }
        }
        if burst % 100 == 0 {
            let (kind, _) = Kind::UNCOUNTED;
            let _ = relay.server_side.send(&forge.make(kind)).await;
        }
    }
    let total: u64 = sent.values().sum();
    assert!(total >= u64::from(seconds * RATE_PER_SECOND) * 9 / 10, "the flood was a trickle: {total}");
    sent
}

/// Watches for a while, and says how long the picture stood still at most.
async fn longest_standstill(watcher: Watcher, during: Duration) -> (Watcher, Duration) {
    let mut look = interval(Duration::from_millis(20));
    let end = tokio::time::Instant::now() + during;
    let (mut frames, mut changed_at, mut longest) = (0, tokio::time::Instant::now(), Duration::ZERO);
    loop {
        let now = look.tick().await;
        let seen = watcher.seen().frames;
        if seen != frames {
            (frames, changed_at) = (seen, now);
        }
        longest = longest.max(now - changed_at);
        if now >= end {
            return (watcher, longest);
        }
    }
}
