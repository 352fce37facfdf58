//! The rules by which alarms are raised, for one lesson at one time.

use super::Standing;
use crate::protocol::{AlarmRule, Phase};
use crate::time::Timestamp;
use std::time::Duration;

/// So long after the planned start a trainer must be there, and the number of trainees counts.
pub(super) const GRACE: Duration = Duration::from_secs(10 * 60);

/// So long something must hold before an alarm is raised.
pub(super) const HOLDS_FOR: Duration = Duration::from_secs(2 * 60);

/// Speech under this is poor, of 100.
pub(super) const POOR_SPEECH: u8 = 60;

/// Since when what a rule is about is so, for each rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Since([Option<Timestamp>; AlarmRule::ALL.len()]);

/// What a rule says now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It does not hold.
    Fine,
    /// It holds, not yet for long enough.
    Soon,
    /// It holds.
    Holds,
}

/// A lesson as the rules look at it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub starts_at: Timestamp,
    pub ends_at: Timestamp,
    pub expected: u32,
    /// Whether a trainer has been there at all.
    pub trainer_came: bool,
    pub standing: &'a Standing,
}

impl Since {
    /// Looks at a rule at a time not before the one of the last look.
    pub fn look(&mut self, rule: AlarmRule, case: Case<'_>, now: Timestamp) -> Verdict {
        let Some(since) = self.0.get_mut(place(rule)) else { return Verdict::Fine };
        if !is_so(rule, case, now) {
            *since = None;
            return Verdict::Fine;
        }
        let since = *since.get_or_insert(now);
        if now.since(since) >= patience(rule, case) { Verdict::Holds } else { Verdict::Soon }
    }
}

fn place(rule: AlarmRule) -> usize {
    match rule {
        AlarmRule::NoTrainer => 0,
        AlarmRule::FewPresent => 1,
        AlarmRule::PoorSpeech => 2,
    }
}

/// A trainer who has not come is missed at once; one who was there may have lost their network for a moment.
fn patience(rule: AlarmRule, case: Case<'_>) -> Duration {
    if rule == AlarmRule::NoTrainer && !case.trainer_came { Duration::ZERO } else { HOLDS_FOR }
}

fn is_so(rule: AlarmRule, case: Case<'_>, now: Timestamp) -> bool {
    let Case { standing, expected, .. } = case;
    let is_due = now >= case.starts_at.plus(GRACE);
    let is_live = matches!(standing.phase, Phase::Live { .. });
    match rule {
        AlarmRule::NoTrainer => {
            let is_over = matches!(standing.phase, Phase::Ended { .. }) || (!is_live && now >= case.ends_at);
            is_due && !is_over && !standing.is_trainer_there
        }
        AlarmRule::FewPresent => is_due && is_live && standing.present.saturating_mul(2) < expected,
        AlarmRule::PoorSpeech => is_live && standing.speech.is_some_and(|speech| speech < POOR_SPEECH),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);

    fn at(minutes: u64) -> Timestamp {
        START.plus(Duration::from_secs(minutes * 60))
    }

    fn live(present: u32, is_trainer_there: bool, speech: Option<u8>) -> Standing {
        Standing { is_trainer_there, present, speech, ..Standing::empty(Phase::Live { since: START }) }
    }

    fn case(standing: &Standing) -> Case<'_> {
        let trainer_came = matches!(standing.phase, Phase::Live { .. });
        Case { starts_at: START, ends_at: at(120), expected: 25, trainer_came, standing }
    }

    #[test]
    fn nobody_is_missed_before_ten_minutes_have_passed() {
        let nobody = Standing::empty(Phase::Planned);
        let mut since = Since::default();
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&nobody), at(9)), Verdict::Fine);
        // Nobody looks at the very moment.
        let moment_later = at(10).plus(Duration::from_millis(400));
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&nobody), moment_later), Verdict::Holds);
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&live(0, true, None)), at(11)), Verdict::Fine);
        // A trainer who was there may come back.
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&live(0, false, None)), at(20)), Verdict::Soon);
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&live(0, false, None)), at(22)), Verdict::Holds);
        let ended = Standing::empty(Phase::Ended { since: at(30) });
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&ended), at(31)), Verdict::Fine);
        let mut since = Since::default();
        assert_eq!(since.look(AlarmRule::NoTrainer, case(&nobody), at(120)), Verdict::Fine, "its time is over");
    }

    #[test]
    fn under_half_of_the_expected_is_few_once_it_lasts() {
        let (twelve, thirteen) = (live(12, true, None), live(13, true, None));
        let mut since = Since::default();
        assert_eq!(since.look(AlarmRule::FewPresent, case(&twelve), at(9)), Verdict::Fine);
        assert_eq!(since.look(AlarmRule::FewPresent, case(&twelve), at(10)), Verdict::Soon);
        assert_eq!(since.look(AlarmRule::FewPresent, case(&thirteen), at(11)), Verdict::Fine);
        assert_eq!(since.look(AlarmRule::FewPresent, case(&twelve), at(12)), Verdict::Soon);
        assert_eq!(since.look(AlarmRule::FewPresent, case(&twelve), at(14)), Verdict::Holds);
        let nobody = Standing::empty(Phase::Planned);
        assert_eq!(since.look(AlarmRule::FewPresent, case(&nobody), at(15)), Verdict::Fine, "it is not on air");
    }

    #[test]
    fn speech_is_poor_under_sixty_for_two_minutes() {
        let mut since = Since::default();
        assert_eq!(since.look(AlarmRule::PoorSpeech, case(&live(20, true, Some(59))), at(1)), Verdict::Soon);
        assert_eq!(since.look(AlarmRule::PoorSpeech, case(&live(20, true, Some(59))), at(3)), Verdict::Holds);
        assert_eq!(since.look(AlarmRule::PoorSpeech, case(&live(20, true, Some(60))), at(4)), Verdict::Fine);
        assert_eq!(since.look(AlarmRule::PoorSpeech, case(&live(20, true, None)), at(5)), Verdict::Fine);
    }
}
