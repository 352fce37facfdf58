//! Datagrams at a shard: from strangers, from an address that a check has proven, checks with good integrity and
//! anything in them, over UDP and TCP, while time passes. Nothing panics, a stranger gets no answer but to a good
//! check, and never more bytes than it sent.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::ids::{LessonId, PeerId, PublicationId};
use qism::peer::{Credentials, Identity, LocalSide, Path, Session, Transport, answer};
use qism::protocol::Source;
use qism::rtp::{Mid, Ssrc};
use qism::shard::{Command, Shard};
use qism_fuzz::{OFFER, Steps};
use ring::hmac;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

const PASSWORD: &str = "pppppppppppppppppppppppp";

static IDENTITY: LazyLock<Arc<Identity>> = LazyLock::new(|| Arc::new(Identity::generate().expect("an identity")));
static SESSION: LazyLock<Session> = LazyLock::new(|| {
    let local = LocalSide {
        addresses: &[],
        fingerprint: IDENTITY.fingerprint(),
        credentials: Credentials { ufrag: "none".to_owned(), password: PASSWORD.to_owned() },
        first_ssrc: Ssrc(1_000),
        session_number: 1,
    };
    answer(OFFER, local, None).expect("a good offer").session
});
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

fuzz_target!(|data: &[u8]| {
    let mut now = *START;
    let mut shard = Shard::new(Arc::clone(&IDENTITY), now);
    connect(&mut shard, now, PeerId(1), "good");
    connect(&mut shard, now, PeerId(2), "other");
    // The first peer's address is proven; that of the second never is.
    let known = path(Transport::Udp, 4_000);
    shard.handle_datagram(now, known, &mut check("good", &[]));
    assert!(shard.knows_path(known), "a good check proves its address");
    drain(&mut shard);

    for step in Steps::of(data) {
        let stranger = path(if step.what & 0x80 == 0 { Transport::Udp } else { Transport::Tcp }, 5_000);
        let mut bytes = step.bytes.to_vec();
        match step.what & 0x0f {
            0..=2 => shard.handle_datagram(now, known, &mut bytes),
            3 | 4 => {
                shard.handle_datagram(now, stranger, &mut bytes);
                let answered = shard.outgoing().bytes().len();
                assert!(answered <= step.bytes.len(), "a stranger got more than it sent");
            }
            5..=7 => {
                let from = if step.what & 0x10 == 0 { known } else { stranger };
                let ufrag = if step.what & 0x20 == 0 { "good" } else { "other" };
                shard.handle_datagram(now, from, &mut check(ufrag, &bytes));
            }
            8 => shard.handle_path_closed(stranger),
            9 => shard.handle_command(now, Command::Disconnect { peer: PeerId(u64::from(step.what >> 7) + 1) }),
            10 => connect(&mut shard, now, PeerId(u64::from(step.what >> 7) + 1), "third"),
            _ => {
                now += step.pause();
                shard.handle_timeout(now);
            }
        }
        drain(&mut shard);
    }
    // Nothing hangs on: without further checks everybody is gone when consent has expired (RFC 7675).
    for _ in 0..8 {
        now += Duration::from_secs(10);
        shard.handle_timeout(now);
        drain(&mut shard);
    }
    assert!(!shard.knows_path(known), "a silent peer's address is still held");
});

fn connect(shard: &mut Shard, now: Instant, peer: PeerId, ufrag: &str) {
    let mut session = SESSION.clone();
    ufrag.clone_into(&mut session.local.ufrag);
    let session = Arc::new(session);
    let room = LessonId(uuid::Uuid::nil());
    shard.handle_command(now, Command::Connect { peer, room, session });
    let mid = Mid::parse("1").expect("a mid");
    let (publication, source) = (PublicationId(peer.0), Source::Camera);
    shard.handle_command(now, Command::Publish { peer, mid, publication, source, always_heard: false });
    let slot = Mid::parse("4").expect("a mid");
    let shown = Command::Show { peer, slot, publication: Some(PublicationId(3 - peer.0.min(2))), max_height: None };
    shard.handle_command(now, shown);
}

fn path(transport: Transport, port: u16) -> Path {
    Path { transport, remote: SocketAddr::from(([192, 0, 2, 1], port)), local: None }
}

fn drain(shard: &mut Shard) {
    shard.clear_outgoing(0);
    while shard.poll_event().is_some() {}
}

/// A binding request (RFC 8489) with good integrity and fingerprint around any further attributes.
fn check(ufrag: &str, attributes: &[u8]) -> Vec<u8> {
    let mut message = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
    message.extend_from_slice(&[7; 12]);
    let username = format!("{ufrag}:remote");
    put_attribute(&mut message, 0x0006, username.as_bytes());
    // What follows must still fit one check's size, and end on a word.
    let room = attributes.len().min(256) & !3;
    message.extend_from_slice(&attributes[..room]);
    set_length(&mut message, 24);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, PASSWORD.as_bytes());
    let tag = hmac::sign(&key, &message);
    put_attribute(&mut message, 0x0008, tag.as_ref());
    set_length(&mut message, 8);
    let fingerprint = crc32(&message) ^ 0x5354_554e;
    put_attribute(&mut message, 0x8028, &fingerprint.to_be_bytes());
    message
}

fn put_attribute(message: &mut Vec<u8>, kind: u16, value: &[u8]) {
    message.extend_from_slice(&kind.to_be_bytes());
    message.extend_from_slice(&(value.len() as u16).to_be_bytes());
    message.extend_from_slice(value);
    message.resize(message.len().next_multiple_of(4), 0); // RFC 8489 §14: attributes come in words
}

/// The length that the header must name while an attribute of `more` bytes is still to come.
fn set_length(message: &mut [u8], more: usize) {
    let length = (message.len() - 20 + more) as u16;
    message[2..4].copy_from_slice(&length.to_be_bytes());
}

/// ISO 3309, as RFC 8489 §14.7 asks.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}
