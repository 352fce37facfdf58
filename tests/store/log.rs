use crate::scratch::{STARTS_AT, Scratch, chat, said, school};
use qism::ids::{EventSeq, ParticipantId, PublicationId};
use qism::protocol::{LeaveReason, ParticipantKind, Phase, Role, RoomEvent, Source};
use qism::store::{InstitutionStore, LoggedEvent, StoreError};
use qism::time::Timestamp;
use uuid::Uuid;

const LIVE: Phase = Phase::Live { since: STARTS_AT };

pub async fn events_come_back_in_order_as_they_were(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    of.append_events(school.lesson, &chat(1, 3), LIVE).await.expect("appended");
    of.append_events(school.lesson, &[said(4, "هل يشحن المنوّب البطارية؟ \u{1F50B}\n'; --")], LIVE)
        .await
        .expect("appended");
    let mut expected = chat(1, 3);
    expected.push(said(4, "هل يشحن المنوّب البطارية؟ \u{1F50B}\n'; --"));
    assert_eq!(of.events_after(school.lesson, EventSeq(0), 100).await.expect("read"), expected);
}

pub async fn every_kind_of_event_survives(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    let (participant, by) = (ParticipantId(Uuid::from_u128(1)), ParticipantId(Uuid::from_u128(2)));
    let publication = PublicationId(3);
    let kinds = vec![
        RoomEvent::LessonStarted {},
        RoomEvent::Joined { participant, name: "سلمى".into(), role: Role::Trainee, kind: ParticipantKind::Person },
        RoomEvent::ConnectionLost { participant, since: STARTS_AT },
        RoomEvent::Returned { participant },
        RoomEvent::PageHidden { participant, since: STARTS_AT },
        RoomEvent::PageShown { participant },
        RoomEvent::Said { participant, text: String::new() },
        RoomEvent::HandRaised { participant },
        RoomEvent::HandLowered { participant, by },
        RoomEvent::FloorGiven { participant, by },
        RoomEvent::FloorTaken { participant, by },
        RoomEvent::PublicationStarted { publication, participant, source: Source::ScreenAudio },
        RoomEvent::PublicationEnded { publication, by },
        RoomEvent::Left { participant, reason: LeaveReason::Removed, since: STARTS_AT },
        RoomEvent::ServerRestarted { since: Timestamp(1_700_000_000_000_000) },
        RoomEvent::LessonEnded {},
    ];
    let events: Vec<LoggedEvent> = (1..)
        .zip(kinds)
        .map(|(seq, event)| LoggedEvent { seq: EventSeq(seq), at: Timestamp(STARTS_AT.0 + 7), event })
        .collect();
    of.append_events(school.lesson, &events, Phase::Ended { since: STARTS_AT }).await.expect("appended");
    assert_eq!(of.events_after(school.lesson, EventSeq(0), 100).await.expect("read"), events);
}

pub async fn reading_goes_on_where_it_stopped(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    of.append_events(school.lesson, &chat(1, 10), LIVE).await.expect("appended");
    let first = of.events_after(school.lesson, EventSeq(0), 4).await.expect("read");
    let rest = of.events_after(school.lesson, EventSeq(4), 100).await.expect("read");
    assert_eq!((first, rest), (chat(1, 4), chat(5, 6)));
    assert_eq!(of.events_after(school.lesson, EventSeq(10), 100).await.expect("read"), vec![]);
    assert_eq!(of.events_after(school.lesson, EventSeq(u64::MAX), 100).await.expect("read"), vec![]);
}

pub async fn an_append_that_does_not_continue_the_log_conflicts_and_writes_nothing(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    of.append_events(school.lesson, &chat(1, 2), LIVE).await.expect("appended");
    let gap = [said(3, "three"), said(5, "five")];
    let refused: [&[LoggedEvent]; 6] =
        [&chat(1, 2), &chat(2, 2), &chat(4, 1), &gap, &chat(0, 1), &[said(u64::MAX, "the end of time")]];
    for events in refused {
        let answer = of.append_events(school.lesson, events, Phase::Ended { since: STARTS_AT }).await;
        assert!(matches!(answer, Err(StoreError::Conflict)), "{answer:?} for {events:?}");
    }
    assert_eq!(of.events_after(school.lesson, EventSeq(0), 100).await.expect("read"), chat(1, 2));
    let lesson = store.lesson(school.lesson).await.expect("an answer").expect("the lesson");
    assert_eq!(lesson.phase, LIVE);
    of.append_events(school.lesson, &chat(3, 1), LIVE).await.expect("the log goes on");
}

pub async fn of_many_writers_at_one_position_one_wins(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let of: InstitutionStore = school.of(&store);
            let lesson = school.lesson;
            tokio::spawn(async move {
                let event = said(1, &format!("writer {writer}"));
                of.append_events(lesson, std::slice::from_ref(&event), LIVE).await.map(|()| event)
            })
        })
        .collect();
    let mut won = Vec::new();
    for writer in writers {
        match writer.await.expect("no panic") {
            Ok(event) => won.push(event),
            Err(StoreError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(school.of(&store).events_after(school.lesson, EventSeq(0), 100).await.expect("read"), won);
}

pub async fn a_long_batch_is_appended_whole(scratch: Scratch) {
    let store = scratch.open().await;
    let school = school(&store, 1).await;
    let of = school.of(&store);
    of.append_events(school.lesson, &chat(1, 2_500), LIVE).await.expect("appended");
    assert_eq!(of.events_after(school.lesson, EventSeq(0), 5_000).await.expect("read"), chat(1, 2_500));
}

pub async fn the_phase_is_what_the_last_append_said(scratch: Scratch) {
    let store = scratch.open().await;
    let (first, second) = (school(&store, 1).await, school(&store, 2).await);
    assert_eq!(store.lessons_on_air().await.expect("an answer"), vec![]);
    first.of(&store).append_events(first.lesson, &chat(1, 1), LIVE).await.expect("appended");
    second.of(&store).append_events(second.lesson, &chat(1, 1), Phase::Planned).await.expect("appended");
    let on_air = store.lessons_on_air().await.expect("an answer");
    assert_eq!(on_air.iter().map(|lesson| (lesson.card.id, lesson.phase)).collect::<Vec<_>>(), [(first.lesson, LIVE)]);
    let ended = Phase::Ended { since: STARTS_AT };
    first.of(&store).append_events(first.lesson, &chat(2, 1), ended).await.expect("appended");
    assert_eq!(store.lessons_on_air().await.expect("an answer"), vec![]);
    assert_eq!(store.lesson(first.lesson).await.expect("an answer").expect("the lesson").phase, ended);
}
