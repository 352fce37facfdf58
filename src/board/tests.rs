//! The board's state in virtual time: who sees what, what changed, and which alarms follow.

use super::Standing;
use super::state::{Due, State};
use crate::ids::{AlarmId, InstitutionId, LessonId, RegionId};
use crate::protocol::{AlarmRule, BoardState, Phase};
use crate::store::{Alarm, BoardPlace, BoardPlan, Branch};
use crate::time::Timestamp;
use std::time::Duration;
use uuid::Uuid;

const START: Timestamp = Timestamp(1_795_597_200_000_000);

fn at(minutes: i64) -> Timestamp {
    Timestamp(START.micros() + minutes * 60_000_000)
}

fn institution(number: u128) -> InstitutionId {
    InstitutionId(Uuid::from_u128(number))
}

fn region(number: u128) -> RegionId {
    RegionId(Uuid::from_u128(number))
}

fn lesson(number: u128) -> LessonId {
    LessonId(Uuid::from_u128(number))
}

/// Institutions 1 and 2 in the first region, 3 in the second.
fn places() -> Vec<BoardPlace> {
    let place = |number: u128, of: u128| BoardPlace {
        institution: institution(number),
        name: format!("Institution {number}"),
        region: region(of),
        region_name: format!("Region {of}"),
    };
    vec![place(1, 1), place(2, 1), place(3, 2)]
}

/// Lesson 10 of institution 1, and so on.
fn plan(of: u128) -> BoardPlan {
    BoardPlan {
        lesson: lesson(of * 10),
        institution: institution(of),
        title: "La soudure".into(),
        course: "Soudage".into(),
        group: "Groupe 1".into(),
        trainer: "Amina".into(),
        starts_at: START,
        ends_at: at(120),
        phase: Phase::Planned,
        expected: 20,
    }
}

fn live(present: u32) -> Standing {
    Standing { is_trainer_there: true, present, came: present, ..Standing::empty(Phase::Live { since: START }) }
}

/// A board that began long ago, with three lessons.
fn board() -> State {
    let mut state = State::new(at(-600));
    state.set_places(places());
    state.set_plans(vec![plan(1), plan(2), plan(3)]);
    state
}

fn stands(state: &State, of: u128) -> Option<BoardState> {
    state.entry(lesson(of * 10)).and_then(|entry| entry.shown.as_ref()).map(|shown| shown.state)
}

fn raised(state: &mut State, due: &Due, number: u128, now: Timestamp) {
    let Due::Raise { institution: of, lesson, rule } = *due else { panic!("{due:?}") };
    state.alarm_changed(Alarm {
        id: AlarmId(Uuid::from_u128(number)),
        institution: of,
        institution_name: "Institution".into(),
        region: region(1),
        lesson,
        lesson_title: "La soudure".into(),
        starts_at: START,
        rule,
        raised_at: now,
        ended_at: None,
        taken_by: None,
        taken_by_name: None,
        taken_at: None,
        comments: 0,
    });
}

#[test]
fn a_lesson_goes_through_its_states() {
    let mut state = board();
    let mut seen = Vec::new();
    for minute in [-61, -60, 0, 9, 10] {
        state.beat(at(minute));
        seen.push(stands(&state, 1));
    }
    let (planned, late, missing) = (BoardState::Planned, BoardState::Late, BoardState::NotStarted);
    assert_eq!(seen, [None, Some(planned), Some(late), Some(late), Some(missing)]);
    state.tell(institution(1), lesson(10), live(20));
    state.beat(at(11));
    assert_eq!(stands(&state, 1), Some(BoardState::Live));
    state.tell(institution(1), lesson(10), Standing::empty(Phase::Ended { since: at(115) }));
    state.tell(institution(2), lesson(20), Standing::empty(Phase::Ended { since: at(116) }));
    state.beat(at(117));
    assert_eq!((stands(&state, 1), stands(&state, 2)), (Some(BoardState::EndedEarly), Some(BoardState::Ended)));
    state.beat(at(176));
    assert_eq!((stands(&state, 1), stands(&state, 2)), (None, Some(BoardState::Ended)));
}

#[test]
fn a_branch_sees_its_own_only() {
    let mut state = board();
    state.beat(at(0));
    for (branch, institutions, regions, numbers) in [
        (Branch::Country, 3, 2, 3),
        (Branch::Region(region(1)), 2, 1, 2),
        (Branch::Region(region(2)), 1, 1, 1),
        (Branch::Institution(institution(2)), 1, 1, 1),
        (Branch::Region(region(9)), 0, 0, 0),
        (Branch::Institution(institution(9)), 0, 0, 0),
    ] {
        let range = state.range(branch);
        let (of_regions, of_institutions) = state.branch(branch);
        let lessons = state.lessons_after(&range, 0);
        assert_eq!(
            (of_institutions.len(), of_regions.len(), lessons.len()),
            (institutions, regions, numbers),
            "{branch:?}"
        );
        // Every place that is named is in the lists.
        for (_, shown) in &lessons {
            assert!(usize::try_from(shown.institution).is_ok_and(|place| place < institutions), "{branch:?}");
        }
        assert!(of_institutions.iter().all(|each| usize::try_from(each.region).is_ok_and(|place| place < regions)));
    }
    let second = state.range(Branch::Region(region(2)));
    let (_, listed) = state.branch(Branch::Region(region(2)));
    assert_eq!(listed[0].id, institution(3));
    // What happens elsewhere is not heard of: figures, alarms, and what is gone.
    let before = state.version();
    state.tell(institution(1), lesson(10), live(3));
    let due = state.beat(at(30));
    due.iter().filter(|due| matches!(due, Due::Raise { institution: of, .. } if *of == institution(1))).for_each(
        |due| {
            raised(&mut state, due, 77, at(30));
        },
    );
    state.set_plans(vec![plan(1), plan(3)]);
    let first = state.range(Branch::Region(region(1)));
    assert_eq!(state.gone_after(&first, before).len(), 1);
    assert!(state.gone_after(&second, before).is_empty());
    let heard = state.lessons_after(&second, before);
    assert!(heard.iter().all(|(_, shown)| shown.number == state.entry(lesson(30)).expect("there").number), "{heard:?}");
}

#[test]
fn what_did_not_change_is_not_told_again() {
    let mut state = board();
    state.tell(institution(1), lesson(10), live(20));
    state.tell(institution(2), lesson(20), live(20));
    state.beat(at(1));
    let (all, seen) = (state.range(Branch::Country), state.version());
    state.beat(at(2));
    assert_eq!(state.lessons_after(&all, seen), []);
    state.tell(institution(2), lesson(20), live(19));
    state.beat(at(3));
    let changed = state.lessons_after(&all, seen);
    assert_eq!(changed.iter().map(|(_, shown)| shown.present).collect::<Vec<_>>(), [19]);
    assert_eq!(state.lessons_after(&all, state.version()), []);
}

#[test]
fn a_room_speaks_for_its_own_institution_only() {
    let mut state = board();
    state.tell(institution(3), lesson(10), live(20));
    state.beat(at(1));
    assert_eq!(stands(&state, 1), Some(BoardState::Late));
}

#[test]
fn a_lesson_that_begins_unplanned_is_there_once_it_is_read() {
    let mut state = State::new(at(-600));
    assert!(state.take_wish_for_plans());
    state.set_places(places());
    state.set_plans(vec![]);
    assert!(!state.take_wish_for_plans());
    state.tell(institution(1), lesson(10), live(7));
    assert!(state.take_wish_for_plans(), "a room speaks of a lesson that is not known");
    state.tell(institution(1), lesson(10), live(8));
    assert!(!state.take_wish_for_plans(), "it was asked for already");
    state.set_plans(vec![plan(1)]);
    state.beat(at(1));
    let shown = state.lessons_after(&state.range(Branch::Country), 0);
    assert_eq!(
        shown.iter().map(|(_, shown)| (shown.state, shown.present)).collect::<Vec<_>>(),
        [(BoardState::Live, 8)]
    );
}

#[test]
fn an_alarm_is_due_once_and_ended_once() {
    let mut state = board();
    assert_eq!(state.beat(at(9)), []);
    let due = state.beat(at(10));
    assert_eq!(due.len(), 3, "no lesson has a trainer: {due:?}");
    let ours = Due::Raise { institution: institution(1), lesson: lesson(10), rule: AlarmRule::NoTrainer };
    assert!(due.contains(&ours));
    assert_eq!(state.beat(at(11)), [], "it is being raised");
    state.undo(&ours);
    assert_eq!(state.beat(at(11)), std::slice::from_ref(&ours), "it could not be written");
    // The trainer comes before the alarm is written: it is ended once it has an id.
    state.tell(institution(1), lesson(10), live(20));
    assert_eq!(state.beat(at(12)), []);
    raised(&mut state, &ours, 77, at(12));
    let id = AlarmId(Uuid::from_u128(77));
    let end = Due::End { institution: institution(1), lesson: lesson(10), rule: AlarmRule::NoTrainer, alarm: id };
    assert_eq!(state.beat(at(12)), [end]);
    let (all, seen) = (state.range(Branch::Country), state.version());
    state.alarm_ended(id, at(12));
    let told = state.alarms_after(&all, seen);
    assert_eq!(told.iter().map(|alarm| (alarm.id, alarm.ended_at)).collect::<Vec<_>>(), [(id, Some(at(12)))]);
    assert_eq!(state.beat(at(13)), []);
    assert!(state.remembers(state.version()));
    assert!(!state.remembers(seen) || state.alarms_after(&all, seen).len() == 1, "nobody misses its end");
    state.beat(at(15));
    assert!(!state.remembers(seen), "who was away for so long gets the whole board");
}

#[test]
fn an_alarm_about_a_lesson_that_is_not_here_ends() {
    let mut state = board();
    let due = state.beat(at(10));
    let ours = due.into_iter().find(|due| matches!(due, Due::Raise { lesson: of, .. } if *of == lesson(10)));
    raised(&mut state, &ours.expect("raised"), 77, at(10));
    state.set_plans(vec![plan(2), plan(3)]);
    let ended = state.beat(at(11));
    assert!(matches!(ended[..], [Due::End { lesson: of, .. }] if of == lesson(10)), "{ended:?}");
    assert_eq!(state.beat(at(11)), [], "once");
}

#[test]
fn what_a_restart_finds_goes_on() {
    let mut before = board();
    let due = before.beat(at(10));
    let ours =
        due.into_iter().find(|due| matches!(due, Due::Raise { lesson: of, .. } if *of == lesson(10))).expect("due");
    let mut state = State::new(at(20));
    raised(&mut state, &ours, 77, at(10));
    state.set_places(places());
    state.set_plans(vec![BoardPlan { phase: Phase::Live { since: START }, ..plan(1) }]);
    assert_eq!(state.beat(at(20)), [], "it is raised already");
    state.tell(institution(1), lesson(10), live(20));
    assert_eq!(state.beat(at(20)), [], "rooms may still open");
    let later = at(20).plus(Duration::from_secs(61));
    assert!(matches!(state.beat(later)[..], [Due::End { .. }]));
}

#[test]
fn a_curve_has_a_point_for_each_minute() {
    let mut state = board();
    state.tell(institution(1), lesson(10), live(5));
    state.beat(at(0));
    state.tell(institution(1), lesson(10), live(9));
    state.beat(at(3));
    let detail = state.entry(lesson(10)).expect("there").detail();
    assert_eq!((detail.curve, detail.curve_from), (vec![5, 5, 5, 9], START));
    assert_eq!((detail.never_came, detail.started_at), (11, Some(START)));
}

#[test]
fn who_missed_more_than_is_remembered_gets_the_whole_board() {
    let mut state = board();
    state.beat(at(0));
    let seen = state.version();
    assert!(state.remembers(seen));
    for turn in 0..3_000_u128 {
        state.set_plans(vec![]);
        let fresh = BoardPlan { lesson: lesson(1_000 + turn), ..plan(1) };
        state.set_plans(vec![fresh, BoardPlan { lesson: lesson(9_000 + turn), ..plan(2) }]);
        state.beat(at(0));
    }
    assert!(!state.remembers(seen));
    assert!(state.gone_after(&state.range(Branch::Country), 0).len() <= 4_096);
}
