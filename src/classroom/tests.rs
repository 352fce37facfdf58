use super::*;
use crate::ids::{EventSeq, LessonId, ParticipantId, PublicationId};
use crate::protocol::{
    Command, ErrorCode, LeaveReason, LessonCard, ParticipantKind, Presence, Role, RoomEvent, Source,
};
use crate::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

pub(super) fn participant(number: u8) -> ParticipantId {
    ParticipantId(Uuid::from_u128(u128::from(number) + 1))
}

pub(super) fn lesson() -> LessonCard {
    LessonCard {
        id: LessonId(Uuid::from_u128(99)),
        title: "Welding".into(),
        course: "Metalwork".into(),
        group: "A".into(),
        trainer: "T".into(),
        institution: "Centre".into(),
        language: "fr".into(),
        starts_at: Timestamp(0),
        ends_at: Timestamp(0),
        time_zone: "Africa/Casablanca".into(),
    }
}

const TRAINER: u8 = 0;
const TRAINEE: u8 = 1;
const OTHER: u8 = 2;
const THIRD: u8 = 3;
const OBSERVER: u8 = 4;
const ENCODER: u8 = 5;

/// A room with one of each, and a clock in seconds.
struct Class {
    room: Room,
    log: Vec<LoggedEvent>,
    now: Timestamp,
    publications: u64,
}

impl Class {
    fn planned() -> Self {
        let mut class = Self { room: Room::new(lesson()), log: Vec::new(), now: Timestamp(0), publications: 0 };
        for (number, role, kind) in [
            (TRAINER, Role::Trainer, ParticipantKind::Person),
            (TRAINEE, Role::Trainee, ParticipantKind::Person),
            (OTHER, Role::Trainee, ParticipantKind::Person),
            (THIRD, Role::Trainee, ParticipantKind::Person),
            (OBSERVER, Role::Committee, ParticipantKind::Person),
            (ENCODER, Role::Trainer, ParticipantKind::Device),
        ] {
            class.join(number, role, kind).expect("come in");
        }
        class
    }

    fn live() -> Self {
        let mut class = Self::planned();
        class.ask(TRAINER, Command::StartLesson {}).expect("start");
        class
    }

    fn join(&mut self, number: u8, role: Role, kind: ParticipantKind) -> Result<Vec<RoomEvent>, ErrorCode> {
        let entrant = Entrant { participant: participant(number), name: format!("P{number}"), role, kind };
        self.request(Request::Join(entrant))
    }

    fn ask(&mut self, by: u8, command: Command) -> Result<Vec<RoomEvent>, ErrorCode> {
        self.publications += 1;
        let fresh = PublicationId(self.publications);
        self.request(Request::Command { by: participant(by), command, fresh })
    }

    fn request(&mut self, request: Request) -> Result<Vec<RoomEvent>, ErrorCode> {
        let entries = self.room.handle(request, self.now).map_err(|refusal| refusal.code)?;
        self.log.extend(entries.iter().cloned());
        Ok(entries.into_iter().map(|entry| entry.event).collect())
    }

    fn pass(&mut self, seconds: u64) -> Vec<RoomEvent> {
        self.now = self.now.plus(Duration::from_secs(seconds));
        let entries = self.room.handle_timeout(self.now);
        self.log.extend(entries.iter().cloned());
        entries.into_iter().map(|entry| entry.event).collect()
    }

    fn presence(&self, number: u8) -> Option<Presence> {
        let snapshot = self.room.snapshot();
        snapshot.participants.into_iter().find(|p| p.id == participant(number)).map(|p| p.presence)
    }

    fn sent_by(&self, number: u8) -> Vec<Source> {
        let sent = self.room.publications().iter().filter(|p| p.participant == participant(number));
        sent.map(|p| p.source).collect()
    }
}

fn publish(source: Source) -> Command {
    Command::Publish { source }
}

fn give_floor(number: u8) -> Command {
    Command::GiveFloor { participant: participant(number) }
}

fn take_floor(number: u8) -> Command {
    Command::TakeFloor { participant: participant(number) }
}

#[test]
fn a_trainee_speaks_only_with_the_floor_and_falls_silent_without_it() {
    let mut class = Class::live();
    assert_eq!(class.ask(TRAINEE, publish(Source::Microphone)), Err(ErrorCode::Forbidden));
    class.ask(TRAINEE, Command::RaiseHand {}).expect("raise");
    class.ask(TRAINER, give_floor(TRAINEE)).expect("give");
    assert!(class.room.snapshot().hands.is_empty(), "the floor lowers the hand");
    class.ask(TRAINEE, publish(Source::Microphone)).expect("speak");
    class.ask(TRAINEE, publish(Source::Camera)).expect("show");
    assert_eq!(class.ask(TRAINEE, publish(Source::Screen)), Err(ErrorCode::Forbidden));
    class.ask(TRAINER, take_floor(TRAINEE)).expect("take");
    assert_eq!(class.sent_by(TRAINEE), []);
    assert_eq!(class.ask(TRAINEE, publish(Source::Microphone)), Err(ErrorCode::Forbidden));
}

#[test]
fn a_holder_may_give_the_floor_up_but_not_take_anothers() {
    let mut class = Class::live();
    class.ask(TRAINER, give_floor(TRAINEE)).expect("give");
    assert_eq!(class.ask(OTHER, take_floor(TRAINEE)), Err(ErrorCode::Forbidden));
    class.ask(TRAINEE, take_floor(TRAINEE)).expect("give up");
    assert!(!class.room.has_floor(participant(TRAINEE)));
}

#[test]
fn the_floor_has_no_more_holders_than_can_be_heard() {
    let mut class = Class::live();
    class.ask(TRAINER, give_floor(TRAINEE)).expect("first");
    class.ask(TRAINER, give_floor(OTHER)).expect("second");
    assert_eq!(class.ask(TRAINER, give_floor(THIRD)), Err(ErrorCode::FloorFull));
    assert_eq!(class.ask(TRAINER, give_floor(OTHER)), Ok(vec![]), "who has it, has it");
    class.ask(TRAINER, take_floor(TRAINEE)).expect("take");
    class.ask(TRAINER, give_floor(THIRD)).expect("third");
}

#[test]
fn only_trainees_get_the_floor() {
    let mut class = Class::live();
    for number in [TRAINER, OBSERVER, ENCODER] {
        assert_eq!(class.ask(TRAINER, give_floor(number)), Err(ErrorCode::Forbidden));
    }
    assert_eq!(class.ask(TRAINER, give_floor(77)), Err(ErrorCode::ParticipantUnknown));
}

#[test]
fn before_the_start_people_talk_in_the_chat_but_the_floor_waits() {
    let mut class = Class::planned();
    class.ask(TRAINEE, Command::Say { text: "  good morning ".into() }).expect("write");
    assert_eq!(class.room.snapshot().chat.first().map(|m| m.text.clone()).as_deref(), Some("good morning"));
    class.ask(TRAINER, publish(Source::Camera)).expect("the trainer shows");
    assert_eq!(class.ask(TRAINER, give_floor(TRAINEE)), Err(ErrorCode::LessonNotStarted));
    assert_eq!(class.ask(TRAINER, Command::EndLesson {}), Err(ErrorCode::LessonNotStarted));
    assert_eq!(class.ask(TRAINEE, Command::StartLesson {}), Err(ErrorCode::Forbidden));
}

#[test]
fn the_end_is_final_for_all() {
    let mut class = Class::live();
    class.ask(TRAINER, give_floor(TRAINEE)).expect("give");
    class.ask(TRAINEE, publish(Source::Camera)).expect("show");
    let events = class.ask(TRAINER, Command::EndLesson {}).expect("end");
    assert_eq!(events.first(), Some(&RoomEvent::LessonEnded {}));
    assert_eq!(events.len(), 7, "and six who left");
    assert_eq!(class.room.connected_count(), 0);
    assert!(class.room.publications().is_empty());
    assert_eq!(class.ask(TRAINER, Command::StartLesson {}), Err(ErrorCode::LessonEnded));
    assert_eq!(class.join(TRAINEE, Role::Trainee, ParticipantKind::Person), Err(ErrorCode::LessonEnded));
}

#[test]
fn who_is_removed_has_no_way_back() {
    let mut class = Class::live();
    class.ask(TRAINER, give_floor(TRAINEE)).expect("give");
    class.ask(TRAINEE, publish(Source::Microphone)).expect("speak");
    class.ask(TRAINER, Command::Remove { participant: participant(TRAINEE) }).expect("remove");
    assert_eq!(class.sent_by(TRAINEE), []);
    assert_eq!(class.join(TRAINEE, Role::Trainee, ParticipantKind::Person), Err(ErrorCode::Removed));
    assert_eq!(class.join(TRAINEE, Role::Trainer, ParticipantKind::Person), Err(ErrorCode::Removed));
    assert_eq!(class.ask(TRAINEE, Command::Say { text: "hello".into() }), Err(ErrorCode::ParticipantUnknown));
}

#[test]
fn trainers_and_observers_cannot_be_removed_but_devices_can() {
    let mut class = Class::live();
    class.join(TRAINER + 50, Role::Trainer, ParticipantKind::Person).expect("a second trainer");
    for number in [TRAINER + 50, OBSERVER] {
        let remove = Command::Remove { participant: participant(number) };
        assert_eq!(class.ask(TRAINER, remove), Err(ErrorCode::Forbidden));
    }
    class.ask(ENCODER, publish(Source::Camera)).expect("the encoder sends");
    class.ask(TRAINER, Command::Remove { participant: participant(ENCODER) }).expect("remove the encoder");
    assert_eq!(class.presence(ENCODER), None, "a device that left is forgotten");
    assert!(class.room.publications().is_empty());
}

#[test]
fn a_lost_connection_counts_from_its_last_sign_of_life() {
    let mut class = Class::live();
    let last_heard = class.now.plus(Duration::from_secs(1));
    class.pass(9);
    class.request(Request::Lose { participant: participant(TRAINEE), since: last_heard }).expect("lose");
    assert_eq!(class.presence(TRAINEE), Some(Presence::Lost { since: last_heard }));
    assert_eq!(class.room.poll_timeout(), Some(last_heard.plus(RETURN_WITHIN)));
    assert_eq!(class.pass(1), vec![]);
    let left = RoomEvent::Left { participant: participant(TRAINEE), reason: LeaveReason::Lost, since: last_heard };
    assert_eq!(class.pass(1), vec![left]);
    class.join(TRAINEE, Role::Trainee, ParticipantKind::Person).expect("come back");
    assert!(matches!(class.presence(TRAINEE), Some(Presence::Present { .. })));
}

#[test]
fn who_returns_in_time_keeps_hand_and_floor() {
    let mut class = Class::live();
    class.ask(TRAINER, give_floor(TRAINEE)).expect("give");
    class.ask(OTHER, Command::RaiseHand {}).expect("raise");
    for number in [TRAINEE, OTHER] {
        let since = class.now;
        class.request(Request::Lose { participant: participant(number), since }).expect("lose");
    }
    class.pass(9);
    for number in [TRAINEE, OTHER] {
        let returned = RoomEvent::Returned { participant: participant(number) };
        assert_eq!(class.join(number, Role::Trainee, ParticipantKind::Person), Ok(vec![returned]));
    }
    assert_eq!(class.pass(60), vec![]);
    assert!(class.room.has_floor(participant(TRAINEE)));
    assert_eq!(class.room.snapshot().hands.len(), 1);
}

#[test]
fn a_second_connection_of_somebody_present_is_no_event() {
    let mut class = Class::live();
    assert_eq!(class.join(TRAINEE, Role::Trainee, ParticipantKind::Person), Ok(vec![]));
    let events = class.join(TRAINEE, Role::Trainer, ParticipantKind::Person).expect("with another role");
    assert!(matches!(events.as_slice(), [RoomEvent::Left { .. }, RoomEvent::Joined { role: Role::Trainer, .. }]));
}

#[test]
fn after_a_restart_all_are_lost_since_the_server_last_ran() {
    let mut class = Class::live();
    class.ask(TRAINER, publish(Source::Screen)).expect("share");
    let newest = class.now;
    let last_ran = newest.plus(Duration::from_secs(60));
    class.now = class.now.plus(Duration::from_secs(3_600));
    assert_eq!(class.request(Request::Restart { last_ran }), Ok(vec![RoomEvent::ServerRestarted { since: last_ran }]));
    assert!(class.room.publications().is_empty());
    assert_eq!(class.presence(ENCODER), None);
    assert_eq!(class.presence(TRAINEE), Some(Presence::Lost { since: last_ran }));
    class.join(TRAINER, Role::Trainer, ParticipantKind::Person).expect("come back");
    assert_eq!(class.pass(9), vec![]);
    let gone = class.pass(1);
    assert_eq!(gone.len(), 4, "nobody else came back");
    for event in gone {
        let RoomEvent::Left { reason, since, .. } = event else { panic!("{event:?}") };
        assert_eq!((reason, since), (LeaveReason::ServerRestarted, last_ran));
    }
    assert_eq!(class.pass(60), vec![]);
}

#[test]
fn a_lesson_that_everybody_left_ends_when_its_time_is_past() {
    let mut class = Class::live();
    let hour = 3_600;
    class.room.lesson = std::sync::Arc::new(LessonCard { ends_at: Timestamp(hour * 1_000_000), ..lesson() });
    assert_eq!(class.room.poll_timeout(), None, "they are there");
    assert_eq!(class.pass(2 * hour.unsigned_abs()), vec![], "it goes on for as long as anybody is there");
    for number in [TRAINER, TRAINEE, OTHER, THIRD, OBSERVER, ENCODER] {
        class.request(Request::Leave { participant: participant(number) }).expect("leave");
    }
    assert_eq!(class.room.poll_timeout(), Some(class.now.plus(ENDS_ALONE_AFTER)));
    assert_eq!(class.pass(ENDS_ALONE_AFTER.as_secs() - 1), vec![]);
    class.join(TRAINEE, Role::Trainee, ParticipantKind::Person).expect("it may be found again");
    assert_eq!(class.pass(hour.unsigned_abs()), vec![]);
    class.request(Request::Leave { participant: participant(TRAINEE) }).expect("leave");
    assert_eq!(class.pass(ENDS_ALONE_AFTER.as_secs()), vec![RoomEvent::LessonEnded {}]);
    assert_eq!(class.pass(hour.unsigned_abs()), vec![], "once");
}

#[test]
fn a_lesson_that_everybody_left_early_is_on_air_until_its_end() {
    let mut class = Class::live();
    let ends_at = Timestamp(3_600_000_000);
    class.room.lesson = std::sync::Arc::new(LessonCard { ends_at, ..lesson() });
    for number in [TRAINER, TRAINEE, OTHER, THIRD, OBSERVER, ENCODER] {
        class.request(Request::Leave { participant: participant(number) }).expect("leave");
    }
    assert_eq!(class.room.poll_timeout(), Some(ends_at.plus(ENDS_ALONE_AFTER)));
    let mut planned = Class { room: Room::new(lesson()), log: Vec::new(), now: Timestamp(0), publications: 0 };
    assert_eq!(planned.pass(86_400), vec![], "what did not begin does not end");
}

#[test]
fn a_restart_of_an_empty_room_is_not_worth_an_event() {
    let mut class = Class { room: Room::new(lesson()), log: Vec::new(), now: Timestamp(0), publications: 0 };
    assert_eq!(class.request(Request::Restart { last_ran: Timestamp(0) }), Ok(vec![]));
}

#[test]
fn muting_stops_microphones_only_and_all_means_trainees() {
    let mut class = Class::live();
    class.ask(TRAINER, publish(Source::Microphone)).expect("the trainer speaks");
    for number in [TRAINEE, OTHER] {
        class.ask(TRAINER, give_floor(number)).expect("give");
        class.ask(number, publish(Source::Microphone)).expect("speak");
        class.ask(number, publish(Source::Camera)).expect("show");
    }
    class.ask(TRAINER, Command::Mute { participant: participant(TRAINEE) }).expect("mute");
    assert_eq!(class.sent_by(TRAINEE), [Source::Camera]);
    class.ask(TRAINEE, publish(Source::Microphone)).expect("who has the floor may unmute");
    class.ask(TRAINER, Command::MuteAll {}).expect("mute all");
    assert_eq!(class.sent_by(TRAINEE), [Source::Camera]);
    assert_eq!(class.sent_by(OTHER), [Source::Camera]);
    assert_eq!(class.sent_by(TRAINER), [Source::Microphone]);
}

#[test]
fn hands_stand_in_order_and_only_trainers_lower_others() {
    let mut class = Class::live();
    for number in [OTHER, TRAINEE, THIRD] {
        class.ask(number, Command::RaiseHand {}).expect("raise");
        assert_eq!(class.ask(number, Command::RaiseHand {}), Ok(vec![]), "a raised hand is raised");
    }
    let order: Vec<_> = class.room.snapshot().hands.iter().map(|hand| hand.participant).collect();
    assert_eq!(order, [OTHER, TRAINEE, THIRD].map(participant));
    let lower = |number: u8| Command::LowerHand { participant: participant(number) };
    assert_eq!(class.ask(TRAINEE, lower(OTHER)), Err(ErrorCode::Forbidden));
    class.ask(TRAINEE, lower(TRAINEE)).expect("one's own");
    class.ask(TRAINER, Command::LowerAllHands {}).expect("all");
    assert!(class.room.snapshot().hands.is_empty());
}

#[test]
fn a_message_has_a_length() {
    let mut class = Class::live();
    let mut say = |text: String| class.ask(TRAINEE, Command::Say { text });
    assert_eq!(say("  \n ".into()), Err(ErrorCode::TextLength));
    assert_eq!(say("ق".repeat(2_001)), Err(ErrorCode::TextLength));
    assert!(say("ق".repeat(2_000)).is_ok());
}

#[test]
fn the_chat_keeps_the_newest_messages() {
    let mut class = Class::live();
    for number in 0..CHAT_KEPT_MAX + 5 {
        class.ask(TRAINER, Command::Say { text: format!("{number}") }).expect("write");
    }
    let chat = class.room.snapshot().chat;
    assert_eq!(chat.len(), CHAT_KEPT_MAX);
    assert_eq!(chat.first().map(|m| m.text.as_str()), Some("5"));
}

#[test]
fn a_full_room_turns_the_next_away_but_not_who_returns() {
    let mut room = Room::new(lesson());
    let entrant = |number: usize| Entrant {
        participant: ParticipantId(Uuid::from_u128(number as u128)),
        name: "P".into(),
        role: Role::Trainee,
        kind: ParticipantKind::Person,
    };
    for number in 0..CONNECTED_MAX {
        room.handle(Request::Join(entrant(number)), Timestamp(0)).expect("come in");
    }
    let refusal = room.handle(Request::Join(entrant(CONNECTED_MAX)), Timestamp(0)).expect_err("full");
    assert_eq!(refusal.code, ErrorCode::TooMany);
    assert!(room.handle(Request::Join(entrant(0)), Timestamp(0)).is_ok());
}

#[test]
fn an_entry_out_of_order_is_refused() {
    let class = Class::live();
    let mut room = Room::new(lesson());
    let second = class.log.get(1).expect("two entries");
    assert_eq!(room.apply(second), Err(LogGap { after: EventSeq(0), found: EventSeq(2) }));
    assert_eq!(room, Room::new(lesson()));
}

#[test]
fn every_command_says_who_may_use_it() {
    let whom = participant(TRAINEE);
    let expected = [
        (Command::StartLesson {}, [true, false, false, false]),
        (Command::EndLesson {}, [true, false, false, false]),
        (Command::HidePage {}, [true, true, true, false]),
        (Command::ShowPage {}, [true, true, true, false]),
        (Command::Say { text: "x".into() }, [true, true, false, false]),
        (Command::RaiseHand {}, [false, true, false, false]),
        (Command::LowerHand { participant: whom }, [true, true, false, false]),
        (Command::LowerAllHands {}, [true, false, false, false]),
        (Command::GiveFloor { participant: whom }, [true, false, false, false]),
        (Command::TakeFloor { participant: whom }, [true, true, false, false]),
        (publish(Source::Camera), [true, true, false, true]),
        (Command::Unpublish { source: Source::Camera }, [true, true, false, true]),
        (Command::Mute { participant: whom }, [true, false, false, false]),
        (Command::MuteAll {}, [true, false, false, false]),
        (Command::Remove { participant: whom }, [true, false, false, false]),
    ];
    for (command, row) in expected {
        let person = ParticipantKind::Person;
        let device = ParticipantKind::Device;
        let found = [
            may(Role::Trainer, person, &command),
            may(Role::Trainee, person, &command),
            may(Role::Committee, person, &command),
            may(Role::Trainer, device, &command),
        ];
        assert_eq!(found, row, "{command:?}");
        assert!(!may(Role::Trainee, device, &command) && !may(Role::Committee, device, &command), "{command:?}");
    }
}
