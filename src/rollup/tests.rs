use super::*;
use crate::ids::{CourseId, GroupId, LessonId, PersonId};
use proptest::prelude::*;
use std::collections::BTreeMap;
use uuid::Uuid;

const HOUR_US: u64 = 3_600_000_000;

/// A lesson of an hour that was given whole to 20 of 25, who were there for half of it.
fn lesson(number: u128) -> Facts {
    let given = Given {
        us: HOUR_US,
        late_us: 0,
        expected: 25,
        came: 20,
        present_us: 25 * HOUR_US / 2,
        bytes: 1_000,
        speech: Reception { minutes: 60, tenths: 60 * 900 },
        picture: Reception { minutes: 30, tenths: 30 * 700 },
        tools: Tools::default().with(Tool::Screen).with(Tool::Chat),
    };
    Facts {
        lesson: LessonId(Uuid::from_u128(number)),
        day: 20_000,
        course: CourseId(Uuid::from_u128(1)),
        group: GroupId(Uuid::from_u128(2)),
        trainer: PersonId(Uuid::from_u128(3)),
        is_cancelled: false,
        planned_us: HOUR_US,
        given: Some(given),
    }
}

#[test]
fn rates_are_of_what_was_planned_and_expected() {
    let late = lesson(2);
    let given = Given { us: HOUR_US / 2, late_us: HOUR_US / 2, ..late.given.unwrap() };
    let late = Facts { given: Some(given), ..late };
    let missed = Facts { given: None, ..lesson(3) };
    let cancelled = Facts { is_cancelled: true, ..lesson(4) };
    let rollup = Rollup::of(&[lesson(1), late, missed, cancelled]);
    let all = rollup.by(By::Institution, 20_000..=20_000)[&Subject::Institution];
    assert_eq!((all.planned, all.given, all.cancelled, all.late), (3, 2, 1, 1));
    assert_eq!(all.given_percent(), Some(50.0));
    assert_eq!(all.punctual_percent(), Some(50.0));
    assert_eq!(all.attendance_percent(), Some(50.0));
    assert_eq!((all.speech(), all.picture()), (Some(90.0), Some(70.0)));
    assert_eq!((all.came, all.expected, all.bytes), (40, 50, 2_000));
    assert_eq!(all.tools, ToolCounts { screen: 2, chat: 2, ..ToolCounts::default() });
    assert_eq!(Sums::default().attendance_percent(), None);
    assert_eq!(rollup.by(By::Day, 20_001..=20_100), BTreeMap::new());
}

#[test]
fn who_begins_within_a_minute_is_in_time() {
    let late = |late_us| {
        let given = Given { late_us, ..lesson(1).given.unwrap() };
        Sums::of(&Facts { given: Some(given), ..lesson(1) })
    };
    assert_eq!((late(LATE_AFTER_US).late, late(LATE_AFTER_US).punctual_percent()), (0, Some(100.0)));
    assert_eq!((late(LATE_AFTER_US + 1).late, late(LATE_AFTER_US).late_us), (1, LATE_AFTER_US));
}

#[test]
fn nobody_is_there_for_longer_than_they_were_expected() {
    let given = Given { present_us: 99 * HOUR_US, came: 30, ..lesson(1).given.unwrap() };
    let sums = Sums::of(&Facts { given: Some(given), ..lesson(1) });
    assert_eq!((sums.attendance_percent(), sums.came), (Some(100.0), 25));
}

#[test]
fn a_lesson_that_moves_leaves_nothing_behind() {
    let before = lesson(1);
    let after = Facts { day: 20_007, trainer: PersonId(Uuid::from_u128(9)), ..before };
    let mut rollup = Rollup::of(&[before]);
    rollup.replace(Some(&before), Some(&after));
    assert_eq!(rollup, Rollup::of(&[after]));
    rollup.replace(Some(&after), None);
    assert_eq!(rollup, Rollup::default());
}

prop_compose! {
    fn any_given()(
        us in 0..3 * HOUR_US,
        late_us in prop_oneof![Just(0), 0..HOUR_US],
        expected in 0_u32..40,
        came in 0_u32..50,
        present_us in 0..80 * HOUR_US,
        bytes in 0_u64..1_000_000_000,
        speech in (0_u32..120, 0_u64..120_000),
        picture in (0_u32..120, 0_u64..120_000),
        tools in any::<u8>(),
    ) -> Given {
        let of = |(minutes, tenths)| Reception { minutes, tenths };
        Given { us, late_us, expected, came, present_us, bytes, speech: of(speech), picture: of(picture), tools: Tools::from_bits(tools) }
    }
}

prop_compose! {
    fn any_facts()(
        number in 0_u128..8,
        day in 20_000..20_004,
        course in 0_u128..2,
        group in 0_u128..3,
        trainer in 0_u128..3,
        is_cancelled in any::<bool>(),
        planned_us in 0..2 * HOUR_US,
        given in proptest::option::of(any_given()),
    ) -> Facts {
        Facts {
            lesson: LessonId(Uuid::from_u128(number)),
            day,
            course: CourseId(Uuid::from_u128(course)),
            group: GroupId(Uuid::from_u128(group)),
            trainer: PersonId(Uuid::from_u128(trainer)),
            is_cancelled,
            planned_us,
            given,
        }
    }
}

proptest! {
    #[test]
    fn sums_are_their_numbers_and_tools_their_bits(facts in any_facts(), bits in any::<u8>()) {
        let sums = Sums::of(&facts);
        prop_assert_eq!(Sums::from_values(sums.values()), sums);
        let tools = Tools::from_bits(bits);
        prop_assert_eq!(Tools::from_bits(tools.bits()), tools);
        prop_assert_eq!(tools.bits(), bits & 31);
    }

    #[test]
    fn sums_that_are_kept_are_those_of_adding_all_up_anew(
        changes in proptest::collection::vec((any_facts(), any::<bool>()), 0..40),
    ) {
        let mut lessons: BTreeMap<LessonId, Facts> = BTreeMap::new();
        let mut kept = Rollup::default();
        for (facts, stays) in changes {
            let before = if stays { lessons.insert(facts.lesson, facts) } else { lessons.remove(&facts.lesson) };
            kept.replace(before.as_ref(), stays.then_some(&facts));
            prop_assert_eq!(&kept, &Rollup::of(lessons.values()));
        }
        let days = 20_000..=20_003;
        let whole = kept.by(By::Institution, days.clone()).remove(&Subject::Institution).unwrap_or_default();
        for by in [By::Day, By::Course, By::Group, By::Trainer] {
            let mut sum = Sums::default();
            kept.by(by, days.clone()).values().for_each(|part| sum.add(part));
            prop_assert_eq!(sum, whole);
        }
    }
}
