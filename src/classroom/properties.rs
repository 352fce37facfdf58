//! What the module's documentation says always holds, tried with any sequence of requests.

use super::tests::{lesson, participant};
use super::*;
use crate::ids::{EventSeq, ParticipantId, PublicationId};
use crate::protocol::{Command, ParticipantKind, Phase, Presence, Role, RoomEvent, Source};
use crate::time::Timestamp;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Who takes part: trainers 0 and 1, trainees 2 to 5, a committee's observer 6, an encoder 7, a player 8.
const CAST: u8 = 9;

fn entrant(number: u8) -> Entrant {
    let (role, kind) = match number {
        0 | 1 => (Role::Trainer, ParticipantKind::Person),
        2..=5 => (Role::Trainee, ParticipantKind::Person),
        6 => (Role::Committee, ParticipantKind::Person),
        7 => (Role::Trainer, ParticipantKind::Device),
        _ => (Role::Committee, ParticipantKind::Device),
    };
    Entrant { participant: participant(number), name: format!("P{number}"), role, kind }
}

fn anybody() -> impl Strategy<Value = ParticipantId> {
    (0..CAST).prop_map(participant)
}

fn any_source() -> impl Strategy<Value = Source> {
    prop_oneof![Just(Source::Microphone), Just(Source::Camera), Just(Source::Screen), Just(Source::ScreenAudio)]
}

fn any_command() -> impl Strategy<Value = Command> {
    prop_oneof![
        3 => Just(Command::StartLesson {}),
        3 => "[a-z ]{0,4}".prop_map(|text| Command::Say { text }),
        3 => Just(Command::HidePage {}),
        2 => Just(Command::ShowPage {}),
        4 => Just(Command::RaiseHand {}),
        2 => anybody().prop_map(|participant| Command::LowerHand { participant }),
        1 => Just(Command::LowerAllHands {}),
        6 => anybody().prop_map(|participant| Command::GiveFloor { participant }),
        2 => anybody().prop_map(|participant| Command::TakeFloor { participant }),
        8 => any_source().prop_map(|source| Command::Publish { source }),
        2 => any_source().prop_map(|source| Command::Unpublish { source }),
        2 => anybody().prop_map(|participant| Command::Mute { participant }),
        1 => Just(Command::MuteAll {}),
        2 => anybody().prop_map(|participant| Command::Remove { participant }),
    ]
}

/// One thing that happens to a room, `after` microseconds after the one before; a negative number is a clock that
/// was set back.
#[derive(Clone, Debug)]
struct Step {
    after: i64,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Ask(u8, Command),
    Join(u8),
    Lose(u8, i64),
    Leave(u8),
    EndMedia(u8),
    /// The server last ran so long ago.
    Restart(i64),
    Wait,
}

fn any_step() -> impl Strategy<Value = Step> {
    let what = prop_oneof![
        40 => (0..CAST, any_command()).prop_map(|(by, command)| What::Ask(by, command)),
        // Once in a hundred steps, or most histories would be over soon.
        1 => (0..CAST).prop_map(|by| What::Ask(by, Command::EndLesson {})),
        10 => (0..CAST).prop_map(What::Join),
        3 => (0..CAST, -1_000_000..20_000_000_i64).prop_map(|(who, ago)| What::Lose(who, ago)),
        2 => (0..CAST).prop_map(What::Leave),
        1 => (0..CAST).prop_map(What::EndMedia),
        1 => (-1_000_000..20_000_000_i64).prop_map(What::Restart),
        3 => Just(What::Wait),
    ];
    (-1_000_000..4_000_000_i64, what).prop_map(|(after, what)| Step { after, what })
}

fn is_by_committee(what: &What) -> bool {
    matches!(what, What::Ask(8, _))
        || matches!(what, What::Ask(6, command) if !matches!(command, Command::HidePage {} | Command::ShowPage {}))
}

fn run(room: &mut Room, step: &Step, now: Timestamp, fresh: PublicationId) -> Result<Vec<LoggedEvent>, Refusal> {
    let request = match step.what.clone() {
        What::Ask(by, command) => Request::Command { by: participant(by), command, fresh },
        What::Join(who) => Request::Join(entrant(who)),
        What::Lose(who, ago) => Request::Lose { participant: participant(who), since: Timestamp(now.0 - ago) },
        What::Leave(who) => Request::Leave { participant: participant(who) },
        What::EndMedia(who) => Request::EndMedia { participant: participant(who) },
        What::Restart(ago) => Request::Restart { last_ran: Timestamp(now.0 - ago) },
        What::Wait => return Ok(room.handle_timeout(now)),
    };
    room.handle(request, now)
}

fn assert_invariants(room: &Room) {
    assert!(room.floor.len() <= FLOOR_HOLDERS_MAX, "floor");
    let unique = |ids: Vec<ParticipantId>| ids.iter().collect::<BTreeSet<_>>().len() == ids.len();
    assert!(unique(room.floor.iter().map(|f| f.participant).collect()), "the floor twice");
    assert!(unique(room.hands.iter().map(|h| h.participant).collect()), "a hand twice");
    for id in room.floor.iter().map(|f| f.participant).chain(room.hands.iter().map(|h| h.participant)) {
        assert_eq!(room.connected(id), Some((Role::Trainee, ParticipantKind::Person)), "hand or floor of another");
    }
    assert!(room.hands.iter().all(|hand| !room.has_floor(hand.participant)), "hand and floor");
    assert!(room.hands.is_sorted_by_key(|hand| hand.since), "hands out of order");
    assert!(room.floor.is_empty() || matches!(room.phase, Phase::Live { .. }), "the floor off air");
    let sent: BTreeSet<_> = room.publications.iter().map(|p| (p.participant, p.source)).collect();
    assert_eq!(sent.len(), room.publications.len(), "one source twice");
    let ids: BTreeSet<_> = room.publications.iter().map(|p| p.id).collect();
    assert_eq!(ids.len(), room.publications.len(), "one publication id twice");
    for publication in &room.publications {
        match room.connected(publication.participant) {
            Some((Role::Trainer, _)) => {}
            Some((Role::Trainee, ParticipantKind::Person)) => {
                assert!(room.has_floor(publication.participant), "sends without the floor");
                assert!(matches!(publication.source, Source::Microphone | Source::Camera), "a trainee's screen");
            }
            other => panic!("{other:?} sends"),
        }
    }
    for (id, member) in &room.members {
        assert_eq!(matches!(member.presence, Presence::Lost { .. }), member.gone.is_some(), "{id} waits for nothing");
        let sees = matches!(member.presence, Presence::Present { .. }) && member.kind == ParticipantKind::Person;
        assert!(sees || member.hidden_since.is_none(), "{id} is hidden and not there");
        assert!(!member.removed || !member.is_connected(), "{id} was removed and is there");
    }
    if matches!(room.phase, Phase::Ended { .. }) {
        assert_eq!(room.connected_count(), 0, "somebody stayed");
        assert!(room.publications.is_empty() && room.floor.is_empty() && room.hands.is_empty(), "not over");
    }
    assert!(room.chat.len() <= CHAT_KEPT_MAX && room.members.len() <= KNOWN_MAX, "bounds");
    assert!(room.publications.len() <= PUBLICATIONS_MAX, "bounds");
}

fn removed(log: &[LoggedEvent]) -> BTreeSet<ParticipantId> {
    let removed = log.iter().filter_map(|entry| match entry.event {
        RoomEvent::Left { participant, reason: crate::protocol::LeaveReason::Removed, .. } => Some(participant),
        _ => None,
    });
    removed.filter(|id| *id != participant(7) && *id != participant(8)).collect()
}

/// A class on air with everybody in it, from which most rules are one or two steps away.
fn opening() -> Vec<Step> {
    let joins = (0..CAST).map(What::Join);
    let steps = joins.chain([What::Ask(0, Command::StartLesson {})]);
    steps.map(|what| Step { after: 1, what }).collect()
}

fn any_history() -> impl Strategy<Value = Vec<Step>> {
    let steps = prop::collection::vec(any_step(), 1..200);
    (any::<bool>(), steps).prop_map(|(opened, steps)| {
        let opening = if opened { opening() } else { Vec::new() };
        opening.into_iter().chain(steps).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_requests_breaks_what_always_holds(steps in any_history()) {
        let mut room = Room::new(lesson());
        let mut log: Vec<LoggedEvent> = Vec::new();
        let mut now = Timestamp(1_700_000_000_000_000);
        for (number, step) in steps.iter().enumerate() {
            now = Timestamp(now.0 + step.after);
            let before = room.clone();
            let result = run(&mut room, step, now, PublicationId(number as u64));
            let events = match result {
                Ok(events) => events,
                Err(_) => {
                    prop_assert_eq!(&room, &before);
                    continue;
                }
            };
            prop_assert!(!is_by_committee(&step.what), "a committee's observer was obeyed");
            if matches!(before.phase, Phase::Ended { .. }) {
                prop_assert!(events.is_empty(), "the log grew after the end");
            }
            let barred = removed(&log);
            for entry in &events {
                if let RoomEvent::Joined { participant, .. } | RoomEvent::Returned { participant } = &entry.event {
                    prop_assert!(!barred.contains(participant), "a removed participant came back");
                }
            }
            log.extend(events);
            assert_invariants(&room);
            if matches!(step.what, What::Wait) {
                prop_assert!(room.poll_timeout().is_none_or(|at| at > now), "lost for too long");
            }
        }
        for (index, pair) in log.windows(2).enumerate() {
            prop_assert_eq!(pair[1].seq, pair[0].seq.next(), "gap after entry {}", index);
            prop_assert!(pair[1].at >= pair[0].at, "time went back after entry {}", index);
        }
        prop_assert_eq!(log.first().map(|entry| entry.seq), (!log.is_empty()).then_some(EventSeq(1)));
        let mut replayed = Room::new(lesson());
        for entry in &log {
            prop_assert_eq!(replayed.apply(entry), Ok(()));
        }
        prop_assert_eq!(replayed, room);
    }
}
