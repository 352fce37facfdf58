use super::*;
use crate::ids::{EventSeq, ParticipantId};
use crate::protocol::{LeaveReason, LoggedEvent, ParticipantKind, Role, RoomEvent};
use SpellKind::{Away, Dropped, Present};
use uuid::Uuid;

const SECOND: i64 = 1_000_000;

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * SECOND)
}

fn who(number: u128) -> ParticipantId {
    ParticipantId(Uuid::from_u128(number))
}

fn joined(number: u128, kind: ParticipantKind) -> RoomEvent {
    RoomEvent::Joined { participant: who(number), name: "Amina".into(), role: Role::Trainee, kind }
}

fn came(number: u128) -> RoomEvent {
    joined(number, ParticipantKind::Person)
}

fn returned(number: u128) -> RoomEvent {
    RoomEvent::Returned { participant: who(number) }
}

fn left(number: u128, reason: LeaveReason, since: i64) -> RoomEvent {
    RoomEvent::Left { participant: who(number), reason, since: at(since) }
}

fn lost(number: u128, since: i64) -> RoomEvent {
    RoomEvent::ConnectionLost { participant: who(number), since: at(since) }
}

fn hidden(number: u128, since: i64) -> RoomEvent {
    RoomEvent::PageHidden { participant: who(number), since: at(since) }
}

fn shown(number: u128) -> RoomEvent {
    RoomEvent::PageShown { participant: who(number) }
}

fn started() -> RoomEvent {
    RoomEvent::LessonStarted {}
}

fn ended() -> RoomEvent {
    RoomEvent::LessonEnded {}
}

fn log(events: Vec<(i64, RoomEvent)>) -> Vec<LoggedEvent> {
    let numbered = events.into_iter().zip(1..);
    numbered.map(|((when, event), seq)| LoggedEvent { seq: EventSeq(seq), at: at(when), event }).collect()
}

const PLANNED: Span = Span { from: Timestamp(20 * SECOND), to: Timestamp(80 * SECOND) };

/// The first participant's spells, in seconds.
fn spells(events: Vec<(i64, RoomEvent)>) -> Vec<(SpellKind, i64, i64)> {
    in_seconds(&account(PLANNED, &log(events)).of(&[who(1)]).spells)
}

fn in_seconds(spells: &[Spell]) -> Vec<(SpellKind, i64, i64)> {
    spells.iter().map(|spell| (spell.kind, spell.from.seconds(), spell.to.seconds())).collect()
}

#[test]
fn only_the_time_on_air_counts_and_planned_minutes_apart() {
    let events = vec![(10, came(1)), (30, started()), (90, ended()), (90, left(1, LeaveReason::LessonEnded, 90))];
    let account = account(PLANNED, &log(events));
    assert_eq!(account.on_air, [Span { from: at(30), to: at(90) }]);
    assert_eq!(account.given_us(), 60 * SECOND);
    let person = account.of(&[who(1)]);
    assert_eq!((person.present_us, person.planned_present_us), (60 * SECOND, 50 * SECOND));
    assert_eq!((person.first_at, person.last_at), (Some(at(30)), Some(at(90))));
    assert_eq!(spells(vec![(10, came(1)), (15, left(1, LeaveReason::Left, 15)), (20, started())]), []);
}

#[test]
fn who_drops_is_dropped_from_the_last_sign_of_life_until_the_return_or_for_ten_seconds() {
    let events = vec![(10, started()), (10, came(1)), (29, lost(1, 20)), (33, returned(1)), (60, ended())];
    assert_eq!(spells(events), [(Present, 10, 20), (Dropped, 20, 33), (Present, 33, 60)]);
    let gone = vec![
        (10, started()),
        (10, came(1)),
        (29, lost(1, 20)),
        // Noted late: nobody is lost for longer than that.
        (45, left(1, LeaveReason::Lost, 20)),
        (50, came(1)),
        (60, ended()),
    ];
    assert_eq!(spells(gone), [(Present, 10, 20), (Dropped, 20, 30), (Present, 50, 60)]);
    let removed = vec![(10, started()), (10, came(1)), (21, lost(1, 20)), (24, left(1, LeaveReason::Removed, 20))];
    assert_eq!(spells(removed), [(Present, 10, 20), (Dropped, 20, 24)]);
}

#[test]
fn a_hidden_page_is_away_until_it_is_shown_or_the_connection_ends() {
    let events = vec![
        (10, started()),
        (10, came(1)),
        (20, hidden(1, 20)),
        (30, shown(1)),
        (40, hidden(1, 40)),
        (59, lost(1, 50)),
        (60, returned(1)),
        (70, ended()),
    ];
    let expected =
        [(Present, 10, 20), (Away, 20, 30), (Present, 30, 40), (Away, 40, 50), (Dropped, 50, 60), (Present, 60, 70)];
    assert_eq!(spells(events.clone()), expected);
    let person = account(PLANNED, &log(events)).of(&[who(1)]);
    assert_eq!((person.present_us, person.away_us, person.dropped_us), (30 * SECOND, 20 * SECOND, 10 * SECOND));
    assert_eq!((person.planned_present_us, person.planned_away_us, person.drops), (20 * SECOND, 20 * SECOND, 1));
}

#[test]
fn a_last_sign_of_life_takes_back_what_was_noted_after_it() {
    let events =
        vec![(10, started()), (10, came(1)), (20, hidden(1, 20)), (22, shown(1)), (25, lost(1, 15)), (40, ended())];
    assert_eq!(spells(events), [(Present, 10, 15), (Dropped, 15, 25)]);
}

#[test]
fn nothing_is_on_air_while_the_server_does_not_run() {
    let events = vec![
        (10, started()),
        (10, came(1)),
        (12, came(2)),
        (40, RoomEvent::ServerRestarted { since: at(30) }),
        (42, returned(1)),
        (50, left(2, LeaveReason::ServerRestarted, 30)),
        (60, ended()),
    ];
    let account = account(PLANNED, &log(events));
    assert_eq!(account.on_air, [Span { from: at(10), to: at(30) }, Span { from: at(40), to: at(60) }]);
    let first = account.of(&[who(1)]);
    assert_eq!(in_seconds(&first.spells), [(Present, 10, 30), (Dropped, 40, 42), (Present, 42, 60)]);
    let second = account.of(&[who(2)]);
    assert_eq!(in_seconds(&second.spells), [(Present, 12, 30)], "whose ten seconds passed unseen");
}

#[test]
fn a_restart_cuts_a_drop_in_two_and_counts_it_once() {
    let events = vec![
        (10, started()),
        (10, came(1)),
        (25, lost(1, 20)),
        (27, RoomEvent::ServerRestarted { since: at(26) }),
        (29, returned(1)),
        (60, ended()),
    ];
    let person = account(PLANNED, &log(events)).of(&[who(1)]);
    assert_eq!(
        in_seconds(&person.spells),
        [(Present, 10, 20), (Dropped, 20, 26), (Dropped, 27, 29), (Present, 29, 60)]
    );
    assert_eq!((person.drops, person.dropped_us), (1, 8 * SECOND));
}

#[test]
fn two_devices_of_one_person_count_once_and_the_better_counts() {
    let events = vec![
        (10, started()),
        (10, came(1)),
        (15, came(2)),
        (20, hidden(1, 20)),
        (30, hidden(2, 30)),
        (40, shown(1)),
        (49, lost(1, 45)),
        (52, left(2, LeaveReason::Left, 52)),
        (55, left(1, LeaveReason::Lost, 45)),
        (60, ended()),
    ];
    let account = account(PLANNED, &log(events));
    let person = account.of(&[who(1), who(2)]);
    let expected = [(Present, 10, 30), (Away, 30, 40), (Present, 40, 45), (Away, 45, 52), (Dropped, 52, 55)];
    assert_eq!(in_seconds(&person.spells), expected);
    assert_eq!(person.last_at, Some(at(52)));
    assert_eq!(account.of(&[]), PersonAccount::default());
}

#[test]
fn devices_are_nobodys_presence() {
    let device = ParticipantKind::Device;
    let events = vec![(10, started()), (12, joined(1, device)), (20, lost(1, 15)), (21, returned(1)), (30, ended())];
    assert_eq!(spells(events), []);
}

#[test]
fn while_it_is_on_air_everybody_has_been_there_until_now() {
    let events = log(vec![(10, started()), (10, came(1)), (12, came(2)), (25, lost(2, 20))]);
    let so_far = account(PLANNED, &events);
    assert_eq!(in_seconds(&so_far.of(&[who(1)]).spells), [(Present, 10, 25)]);
    let now = account_until(PLANNED, &events, at(50));
    assert_eq!(in_seconds(&now.of(&[who(1)]).spells), [(Present, 10, 50)]);
    assert_eq!(in_seconds(&now.of(&[who(2)]).spells), [(Present, 12, 20), (Dropped, 20, 30)], "gone by now");
    assert_eq!(now.given_us(), 40 * SECOND);
}
