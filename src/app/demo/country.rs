//! The demo's country: 58 regions whose lessons are the store's, and whose rooms are invented. Trainees come and go, hide
//! their pages and lose their networks, each by themselves; the board is told as rooms tell it.

use crate::app::seed::{self, around};
use crate::board::{Board, Standing};
use crate::protocol::Phase;
use crate::store::{Store, StoreError};
use crate::time::{Clock, Timestamp};
use anyhow::{Context, bail};
use around::{Course, Lesson, TRAINEES};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const BEAT: Duration = Duration::from_secs(1);

/// What is said of speech and pictures changes so often.
const MEASURED_EVERY: u64 = 20;

/// A country that was prepared.
pub struct DemoCountry {
    lessons: Vec<Lesson>,
}

impl DemoCountry {
    /// Fills an empty store with the country, or finds it there, and plans its lessons around this moment.
    ///
    /// # Errors
    /// Where the store holds something else, or can't be written.
    pub async fn prepare(store: &Store, now: Timestamp) -> anyhow::Result<Self> {
        if !seed::is_there(store).await? {
            match seed::fill(store, around::SIZE, now).await {
                Err(StoreError::Conflict) => {
                    bail!("the store is not empty: --demo-country needs an empty one, name another with --data-dir")
                }
                filled => filled.context("the demo's country can't be written")?,
            }
        }
        store.end_unentered(now).await?;
        let lessons = around::lessons(now);
        let rows = lessons.iter().map(|lesson| lesson.row.clone()).collect();
        store.add_missing(&[("lesson", rows)]).await.context("the demo's lessons can't be written")?;
        Ok(Self { lessons })
    }

    /// Has its rooms tell the board, until the process ends.
    pub fn run(self, board: Board, clock: Arc<dyn Clock>) {
        tokio::spawn(async move {
            let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
            let now = clock.now();
            let mut rooms: Vec<Room> =
                self.lessons.into_iter().map(|lesson| Room::open(lesson, now, &mut chance)).collect();
            let mut ticks = interval(BEAT);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for beat in 0_u64.. {
                ticks.tick().await;
                let now = clock.now();
                for (place, room) in (0_u64..).zip(&mut rooms) {
                    room.pass(now, (beat + place).is_multiple_of(MEASURED_EVERY), &mut chance);
                    if let Some(standing) = room.news() {
                        board.tell(room.lesson.institution, room.lesson.id, standing);
                    }
                }
            }
        });
    }
}

/// Chances that are the same in each demo (xorshift64, Marsaglia 2003).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// True once in so many times.
    fn once_in(&mut self, times: u64) -> bool {
        self.next().is_multiple_of(times.max(1))
    }

    /// From 0 up to below.
    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound.max(1)
    }
}

/// How an invented trainee is in the room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trainee {
    NeverCame,
    Present,
    Away,
    Dropped,
    Left,
}

/// An invented room.
struct Room {
    lesson: Lesson,
    class: Vec<(Trainee, bool)>,
    phase: Phase,
    speech: u8,
    trainer_loses: u8,
    told: Option<Standing>,
}

impl Room {
    fn open(lesson: Lesson, now: Timestamp, chance: &mut Chance) -> Self {
        let Lesson { starts_at, ends_at, course, .. } = lesson;
        let began = starts_at.plus(Duration::from_secs(chance.below(240)));
        let phase = match course {
            Course::OnAir | Course::Empty | Course::Unheard => Phase::Live { since: began.min(now) },
            Course::NoTrainer | Course::Late | Course::NotStarted | Course::Planned => Phase::Planned,
            Course::Ended => Phase::Ended { since: ends_at.min(now) },
            Course::EndedEarly => Phase::Ended { since: Timestamp(now.micros() - 600_000_000) },
        };
        let mut room = Self { lesson, class: Vec::new(), phase, speech: 0, trainer_loses: 0, told: None };
        room.class = (0..TRAINEES).map(|_| (room.first(chance), false)).collect();
        room.measure(chance);
        room
    }

    /// How a trainee is at the beginning.
    fn first(&self, chance: &mut Chance) -> Trainee {
        let comes = match self.lesson.course {
            Course::OnAir | Course::Unheard => 92,
            Course::NoTrainer => 70,
            Course::Empty => 36,
            Course::Late => 40,
            Course::NotStarted | Course::Ended | Course::EndedEarly | Course::Planned => 0,
        };
        match chance.below(100) {
            luck if luck >= comes => Trainee::NeverCame,
            luck if luck % 12 == 0 => Trainee::Away,
            _ => Trainee::Present,
        }
    }

    /// A second passes.
    fn pass(&mut self, now: Timestamp, is_measured: bool, chance: &mut Chance) {
        match self.phase {
            Phase::Planned if self.lesson.course == Course::NotStarted => return,
            Phase::Planned if self.lesson.course == Course::Planned => {
                // People come in the minutes before and begin nearly on time.
                if now.plus(Duration::from_secs(240)) < self.lesson.starts_at {
                    return;
                }
                if now >= self.lesson.starts_at && chance.once_in(90) {
                    self.phase = Phase::Live { since: now };
                }
            }
            Phase::Planned if self.lesson.course == Course::Late && chance.once_in(300) => {
                self.phase = Phase::Live { since: now };
            }
            Phase::Live { .. } if now >= self.lesson.ends_at && chance.once_in(60) => {
                self.phase = Phase::Ended { since: now };
            }
            _ => {}
        }
        if matches!(self.phase, Phase::Ended { .. }) {
            return;
        }
        let is_coming = !matches!(self.lesson.course, Course::Empty | Course::NotStarted);
        for (trainee, is_weak) in &mut self.class {
            *trainee = moved(*trainee, is_coming, chance);
            *is_weak = if *is_weak { !chance.once_in(150) } else { chance.once_in(1_500) };
        }
        if is_measured {
            self.measure(chance);
        }
    }

    fn measure(&mut self, chance: &mut Chance) {
        let noise = u8::try_from(chance.below(4)).unwrap_or(0);
        (self.speech, self.trainer_loses) =
            if self.lesson.course == Course::Unheard { (46 + noise, 9 + noise % 2) } else { (94 + noise, 0) };
    }

    /// How the room stands, where that is not what was told last.
    fn news(&mut self) -> Option<Standing> {
        if matches!(self.lesson.course, Course::NotStarted) {
            return None;
        }
        let is_live = matches!(self.phase, Phase::Live { .. });
        let is_over = matches!(self.phase, Phase::Ended { .. });
        let count = |wanted: &dyn Fn(Trainee) -> bool| {
            u32::try_from(self.class.iter().filter(|(trainee, _)| wanted(*trainee)).count()).unwrap_or(0)
        };
        let is_here = |trainee| matches!(trainee, Trainee::Present | Trainee::Away);
        let weak = self.class.iter().filter(|(trainee, is_weak)| *is_weak && is_here(*trainee)).count();
        let mut standing = Standing {
            is_trainer_there: is_live,
            present: count(&is_here),
            away: count(&|trainee| trainee == Trainee::Away),
            dropped: count(&|trainee| trainee == Trainee::Dropped),
            came: count(&|trainee| trainee != Trainee::NeverCame),
            weak: u32::try_from(weak).unwrap_or(0),
            speech: is_live.then_some(self.speech),
            picture: is_live.then_some(self.speech.saturating_sub(3)),
            trainer_loses: is_live.then_some(self.trainer_loses),
            ..Standing::empty(self.phase)
        };
        if is_over {
            let came = standing.came;
            standing = Standing { came, ..Standing::empty(self.phase) };
        }
        if self.told.as_ref() == Some(&standing) {
            return None;
        }
        self.told = Some(standing.clone());
        Some(standing)
    }
}

/// What a trainee does within a second: hides their page once in ten minutes, loses the network once in half an hour.
fn moved(trainee: Trainee, is_coming: bool, chance: &mut Chance) -> Trainee {
    match trainee {
        Trainee::NeverCame if is_coming && chance.once_in(1_200) => Trainee::Present,
        Trainee::Present if chance.once_in(600) => Trainee::Away,
        Trainee::Present if chance.once_in(1_800) => Trainee::Dropped,
        Trainee::Present if chance.once_in(7_200) => Trainee::Left,
        Trainee::Away if chance.once_in(60) => Trainee::Present,
        Trainee::Dropped if chance.once_in(25) => Trainee::Present,
        Trainee::Left if chance.once_in(300) => Trainee::Present,
        unmoved => unmoved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_has_what_a_board_shows() {
        let now = Timestamp(1_795_597_200_000_000);
        let mut chance = Chance(7);
        let mut rooms: Vec<Room> =
            around::lessons(now).into_iter().map(|lesson| Room::open(lesson, now, &mut chance)).collect();
        let live = |rooms: &[Room]| rooms.iter().filter(|room| matches!(room.phase, Phase::Live { .. })).count();
        assert!((1_950..=2_050).contains(&live(&rooms)), "{}", live(&rooms));
        let told: Vec<Standing> = rooms.iter_mut().filter_map(Room::news).collect();
        let present: u32 = told.iter().map(|standing| standing.present).sum();
        assert!(present > 42_000, "{present}");
        assert!(told.iter().any(|standing| standing.speech.is_some_and(|speech| speech < 60)));
        for second in 0..30 {
            let now = now.plus(Duration::from_secs(second));
            rooms.iter_mut().for_each(|room| room.pass(now, false, &mut chance));
        }
        let changed = rooms.iter_mut().filter_map(Room::news).count();
        assert!(changed > 1_000, "{changed}");
    }
}
