//! Decrypted RTP and RTCP in a room: anything that a publisher or a receiver may send, while slots change and time
//! passes. Nothing panics; what comes out is RTP, goes to receivers of the room only, and no SRTP index of one
//! receiver's stream is used twice.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::ids::{PeerId, PublicationId};
use qism::media::{OutgoingRtp, PeerKey, Room, Sink};
use qism::protocol::Source;
use qism::rtp::{Agreement, Mid};
use qism_fuzz::{Step, Steps, agreement};
use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Instant;

const TRAINER: PeerKey = PeerKey(0);
const TRAINEES: [PeerKey; 2] = [PeerKey(1), PeerKey(2)];
const VIDEO: PublicationId = PublicationId(1);
const AUDIO: PublicationId = PublicationId(2);

static AGREEMENT: LazyLock<Agreement> = LazyLock::new(agreement);
static START: LazyLock<Instant> = LazyLock::new(Instant::now);

fuzz_target!(|data: &[u8]| {
    let mut now = *START;
    let mut room = Room::new(now);
    let mut wire = Wire::default();
    for key in [TRAINER, TRAINEES[0], TRAINEES[1]] {
        room.add_peer(key, PeerId(u64::from(key.0)), &AGREEMENT);
    }
    room.publish(TRAINER, mid("0"), AUDIO, Source::Microphone, true);
    room.publish(TRAINER, mid("1"), VIDEO, Source::Camera, false);
    room.show(TRAINEES[0], mid("4"), Some(VIDEO), Some(720));
    room.show(TRAINEES[1], mid("4"), Some(VIDEO), Some(180));

    for step in Steps::of(data) {
        match step.what & 0x0f {
            0..=5 => room.handle_rtp(now, TRAINER, step.bytes, &mut wire),
            6 => room.handle_rtp(now, TRAINEES[0], step.bytes, &mut wire),
            7 | 8 => room.handle_rtcp(now, TRAINEES[usize::from(step.what >> 7)], step.bytes, &mut wire),
            9 => room.handle_rtcp(now, TRAINER, step.bytes, &mut wire),
            10 => change_slots(&mut room, &step),
            11 => {
                room.remove_peer(TRAINEES[1]);
                // A peer that comes back has new SRTP keys.
                wire.seen.retain(|(to, ..)| *to != TRAINEES[1]);
                room.add_peer(TRAINEES[1], PeerId(9), &AGREEMENT);
                room.show(TRAINEES[1], mid("4"), Some(VIDEO), None);
            }
            _ => {
                now += step.pause();
                room.handle_timeout(now, &mut wire);
            }
        }
        // Sometimes late, as where a sink was full.
        if step.what & 0x08 == 0 {
            while room.fan_out(now, &mut wire) {}
        }
        while room.poll_event().is_some() {}
    }
    for key in TRAINEES {
        let _ = room.peer_figures(now, key);
    }
    let _ = room.publication_figures(now);
});

fn change_slots(room: &mut Room, step: &Step<'_>) {
    let shown = (step.what & 0x10 == 0).then_some(VIDEO);
    let height = step.bytes.first().map(|height| u16::from(*height) * 8);
    match step.what & 0xe0 {
        0x20 => {
            room.unpublish(VIDEO);
            room.publish(TRAINER, mid("1"), VIDEO, Source::Screen, false);
        }
        0x40 => room.update_peer(TRAINEES[0], &AGREEMENT),
        _ => room.show(TRAINEES[0], mid("4"), shown, height),
    }
}

fn mid(text: &str) -> Mid {
    Mid::parse(text).expect("a mid")
}

/// What leaves the room, held against what must hold.
#[derive(Default)]
struct Wire {
    seen: HashSet<(PeerKey, u32, u64)>,
}

impl Sink for Wire {
    fn rtp(&mut self, to: PeerKey, packet: &OutgoingRtp<'_>) {
        assert!(packet.header.len() >= 12 && packet.header[0] >> 6 == 2, "not an RTP header");
        let named = u32::from_be_bytes([packet.header[8], packet.header[9], packet.header[10], packet.header[11]]);
        assert_eq!(named, packet.ssrc.0, "the header names another SSRC");
        assert_eq!(packet.header[2..4], (packet.index as u16).to_be_bytes(), "the index is not the packet's");
        assert!(AGREEMENT.slots.iter().any(|slot| slot.ssrc == packet.ssrc || slot.rtx_ssrc == Some(packet.ssrc)));
        assert!(self.seen.insert((to, packet.ssrc.0, packet.index)), "an SRTP index is used twice");
        assert!(packet.length() <= 2_048 + 64, "a packet grew");
    }

    fn is_full(&self) -> bool {
        self.seen.len() % 7 == 6
    }

    fn rtcp(&mut self, _to: PeerKey, compound: &[u8]) {
        assert!(compound.len() >= 8 && compound[0] >> 6 == 2, "not RTCP");
        assert!(compound.len().is_multiple_of(4), "RTCP comes in words");
    }
}
