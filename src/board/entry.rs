//! One lesson on the board.

use super::Standing;
use super::rules::Since;
use crate::ids::InstitutionId;
use crate::protocol::{AlarmRule, BoardCause, BoardDetail, BoardLesson, BoardState, Phase};
use crate::store::BoardPlan;
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::time::Duration;

/// A lesson is shown from so long before its planned start on, and for so long once it is over.
pub(super) const AHEAD: Duration = Duration::from_secs(3_600);
pub(super) const AFTER: Duration = Duration::from_secs(3_600);

/// A start that is later than this is no start.
const LATE: Duration = Duration::from_secs(10 * 60);

/// Who ends so long before the planned end ends early.
const EARLY: Duration = Duration::from_secs(5 * 60);

/// How many minutes a curve has: a day. Later minutes are left out.
const CURVE_MINUTES_MAX: usize = 24 * 60;

const MINUTE_US: i64 = 60_000_000;

/// A lesson.
pub(super) struct Entry {
    /// Stands for it in messages.
    pub number: u32,
    pub plan: BoardPlan,
    pub standing: Standing,
    started_at: Option<Timestamp>,
    /// A trainer has been there, as the room said, or as it follows from its being on air.
    pub trainer_came: bool,
    /// How many were present, for each minute since `curve_from`.
    curve: Vec<u32>,
    curve_from: Timestamp,
    /// As readers are shown it; absent while it is not to be on the board. Its institution's place is the reader's.
    pub shown: Option<BoardLesson>,
    /// The number of the change that made `shown` what it is.
    pub version: u64,
    pub since: Since,
    /// Rules that hold, and whose alarm is raised or being raised.
    pub raised: BTreeSet<AlarmRule>,
}

impl Entry {
    pub fn new(number: u32, plan: BoardPlan, standing: Option<Standing>) -> Self {
        let mut entry = Self {
            number,
            standing: Standing::empty(plan.phase),
            started_at: None,
            trainer_came: false,
            curve: Vec::new(),
            curve_from: plan.starts_at,
            shown: None,
            version: 0,
            since: Since::default(),
            raised: BTreeSet::new(),
            plan,
        };
        entry.stand(standing.unwrap_or_else(|| Standing::empty(entry.plan.phase)));
        entry
    }

    pub fn institution(&self) -> InstitutionId {
        self.plan.institution
    }

    /// Takes over what its room says.
    pub fn stand(&mut self, standing: Standing) {
        self.trainer_came |= standing.is_trainer_there || matches!(standing.phase, Phase::Live { .. });
        if let Phase::Live { since } = standing.phase
            && self.started_at.is_none()
        {
            self.started_at = Some(since);
            self.curve_from = since;
        }
        self.standing = standing;
    }

    /// How it stands at a time; absent where it is not to be on the board (yet, or any more).
    pub fn state(&self, now: Timestamp) -> Option<BoardState> {
        let BoardPlan { starts_at, ends_at, .. } = self.plan;
        match self.standing.phase {
            Phase::Live { .. } => Some(BoardState::Live),
            Phase::Ended { since } if now > since.plus(AFTER) => None,
            Phase::Ended { since } if since.plus(EARLY) <= ends_at => Some(BoardState::EndedEarly),
            Phase::Ended { .. } => Some(BoardState::Ended),
            Phase::Planned if now.plus(AHEAD) < starts_at || now > ends_at.plus(AFTER) => None,
            Phase::Planned if now < starts_at => Some(BoardState::Planned),
            Phase::Planned if now < starts_at.plus(LATE) => Some(BoardState::Late),
            Phase::Planned => Some(BoardState::NotStarted),
        }
    }

    /// As readers are to be shown it at a time.
    pub fn lesson(&self, now: Timestamp) -> Option<BoardLesson> {
        let Standing { present, away, weak, speech, .. } = self.standing;
        Some(BoardLesson {
            number: self.number,
            institution: 0,
            state: self.state(now)?,
            starts_at: self.plan.starts_at,
            ends_at: self.plan.ends_at,
            expected: self.plan.expected,
            present,
            away,
            weak,
            speech,
        })
    }

    /// Draws the curve up to a time.
    pub fn draw(&mut self, now: Timestamp) {
        if !matches!(self.standing.phase, Phase::Live { .. }) {
            return;
        }
        let passed = now.micros().saturating_sub(self.curve_from.micros()) / MINUTE_US;
        let Some(minute) = usize::try_from(passed).ok().filter(|minute| *minute < CURVE_MINUTES_MAX) else { return };
        let last = self.curve.last().copied();
        // Minutes that nobody counted were as the one before; the first ones of a lesson whose server came later are
        // not known, and begin with what there is.
        while self.curve.len() <= minute {
            self.curve.push(last.unwrap_or(self.standing.present));
        }
        if let Some(count) = self.curve.get_mut(minute) {
            *count = self.standing.present;
        }
    }

    pub fn detail(&self) -> BoardDetail {
        let Standing { present, away, dropped, came, weak, speech, picture, trainer_loses, observers, .. } =
            self.standing;
        let ended_at = match self.standing.phase {
            Phase::Ended { since } => Some(since),
            _ => None,
        };
        BoardDetail {
            number: self.number,
            lesson: self.plan.lesson,
            started_at: self.started_at,
            ended_at,
            is_trainer_there: self.standing.is_trainer_there,
            expected: self.plan.expected,
            present,
            away,
            dropped,
            never_came: self.plan.expected.saturating_sub(came),
            weak,
            speech,
            picture,
            trainer_loses,
            observers,
            curve: self.curve.clone(),
            curve_from: self.curve_from,
            causes: self.causes(),
        }
    }

    /// What the figures show, the gravest first.
    fn causes(&self) -> Vec<BoardCause> {
        let Standing { is_trainer_there, present, dropped, came, weak, trainer_loses, .. } = self.standing;
        if !matches!(self.standing.phase, Phase::Live { .. }) {
            return Vec::new();
        }
        let expected = self.plan.expected;
        let never_came = expected.saturating_sub(came);
        let of = |count: u32, whole: u32, percent: u32| {
            count > 0 && u64::from(count) * 100 >= u64::from(whole) * u64::from(percent)
        };
        let loses = trainer_loses.filter(|percent| *percent >= TRAINER_LOSES);
        [
            (!is_trainer_there).then_some(BoardCause::NoTrainer {}),
            loses.map(|percent| BoardCause::TrainerLoses { percent }),
            of(dropped, expected, MANY_PERCENT).then_some(BoardCause::Dropped { trainees: dropped }),
            of(never_came, expected, MANY_PERCENT).then_some(BoardCause::NeverCame { trainees: never_came }),
            of(weak, present, MANY_PERCENT).then_some(BoardCause::Weak { trainees: weak }),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// From so many percent on, what the trainer's uplink loses is heard.
const TRAINER_LOSES: u8 = 3;

/// So many percent of a class are a cause.
const MANY_PERCENT: u32 = 20;
