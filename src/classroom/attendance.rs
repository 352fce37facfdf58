//! Who was there and when, as a lesson's log tells it.

use super::LoggedEvent;
use crate::ids::ParticipantId;
use crate::protocol::{ParticipantKind, RoomEvent};
use crate::time::Timestamp;
use std::collections::BTreeMap;

/// From when until when.
pub type Stay = (Timestamp, Timestamp);

/// When each participant was there while the lesson was on air; a stay ends with the last sign of life. Devices are
/// nobody's presence.
///
/// Hand it a whole log, entry by entry, and ask for [`Attendance::stays`] at its end.
#[derive(Clone, Debug, Default)]
pub struct Attendance {
    on_air: Option<Timestamp>,
    /// Since when those who are there now are there.
    here: BTreeMap<ParticipantId, Timestamp>,
    stays: BTreeMap<ParticipantId, Vec<Stay>>,
}

impl Attendance {
    /// Takes in the next entry of the log.
    pub fn note(&mut self, entry: &LoggedEvent) {
        let at = entry.at;
        match &entry.event {
            RoomEvent::LessonStarted {} => self.on_air = Some(at),
            RoomEvent::LessonEnded {} => {
                self.all_gone(at);
                self.on_air = None;
            }
            RoomEvent::Joined { participant, kind: ParticipantKind::Person, .. } => self.came(*participant, at),
            RoomEvent::Returned { participant } => self.came(*participant, at),
            RoomEvent::ConnectionLost { participant, since } | RoomEvent::Left { participant, since, .. } => {
                self.gone(*participant, *since);
            }
            RoomEvent::ServerRestarted { since } => self.all_gone(*since),
            _ => {}
        }
    }

    /// When each was there: in order, and apart from each other.
    #[must_use]
    pub fn stays(&self) -> &BTreeMap<ParticipantId, Vec<Stay>> {
        &self.stays
    }

    fn came(&mut self, participant: ParticipantId, at: Timestamp) {
        self.here.entry(participant).or_insert(at);
    }

    fn gone(&mut self, participant: ParticipantId, at: Timestamp) {
        let Some(since) = self.here.remove(&participant) else { return };
        let Some(on_air) = self.on_air else { return };
        let since = since.max(on_air);
        if since < at {
            self.stays.entry(participant).or_default().push((since, at));
        }
    }

    fn all_gone(&mut self, at: Timestamp) {
        let here: Vec<ParticipantId> = self.here.keys().copied().collect();
        for participant in here {
            self.gone(participant, at);
        }
    }
}

/// How long these stays last together, in microseconds; what overlaps counts once, so that who is there with two
/// devices is there once.
#[must_use]
pub fn together_us(mut stays: Vec<Stay>) -> i64 {
    stays.sort_unstable();
    let mut total: i64 = 0;
    let mut counted_to = Timestamp(i64::MIN);
    for (from, to) in stays {
        let from = from.max(counted_to);
        if from < to {
            total = total.saturating_add(to.micros().saturating_sub(from.micros()));
            counted_to = to;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::EventSeq;
    use crate::protocol::{LeaveReason, Role};
    use uuid::Uuid;

    fn participant(number: u128) -> ParticipantId {
        ParticipantId(Uuid::from_u128(number))
    }

    fn joined(number: u128, kind: ParticipantKind) -> RoomEvent {
        RoomEvent::Joined { participant: participant(number), name: "Amina".into(), role: Role::Trainee, kind }
    }

    fn person(number: u128) -> RoomEvent {
        joined(number, ParticipantKind::Person)
    }

    fn left(number: u128, since: i64) -> RoomEvent {
        RoomEvent::Left { participant: participant(number), reason: LeaveReason::Left, since: Timestamp(since) }
    }

    fn lost(number: u128, since: i64) -> RoomEvent {
        RoomEvent::ConnectionLost { participant: participant(number), since: Timestamp(since) }
    }

    /// The stays of the first participant, from what happened when.
    fn stays(events: Vec<(i64, RoomEvent)>) -> Vec<(i64, i64)> {
        let mut attendance = Attendance::default();
        for (index, (at, event)) in events.into_iter().enumerate() {
            attendance.note(&LoggedEvent { seq: EventSeq(index as u64 + 1), at: Timestamp(at), event });
        }
        let stays = attendance.stays().get(&participant(1)).cloned().unwrap_or_default();
        stays.iter().map(|(from, to)| (from.micros(), to.micros())).collect()
    }

    #[test]
    fn only_the_time_on_air_counts() {
        let events = vec![
            (10, person(1)),
            (20, RoomEvent::LessonStarted {}),
            (90, RoomEvent::LessonEnded {}),
            (90, left(1, 90)),
        ];
        assert_eq!(stays(events), [(20, 90)]);
        assert_eq!(stays(vec![(10, person(1)), (15, left(1, 15)), (20, RoomEvent::LessonStarted {})]), []);
    }

    #[test]
    fn a_lost_connection_ends_a_stay_at_its_last_sign_of_life() {
        let events = vec![
            (10, RoomEvent::LessonStarted {}),
            (20, person(1)),
            (45, lost(1, 40)),
            (48, RoomEvent::Returned { participant: participant(1) }),
            (60, lost(1, 55)),
            (70, left(1, 55)),
            (90, RoomEvent::LessonEnded {}),
        ];
        assert_eq!(stays(events), [(20, 40), (48, 55)]);
    }

    #[test]
    fn a_restart_of_the_server_ends_everybodys_stay() {
        let events = vec![
            (10, RoomEvent::LessonStarted {}),
            (20, person(1)),
            (80, RoomEvent::ServerRestarted { since: Timestamp(30) }),
            (85, RoomEvent::Returned { participant: participant(1) }),
            (90, RoomEvent::LessonEnded {}),
        ];
        assert_eq!(stays(events), [(20, 30), (85, 90)]);
    }

    #[test]
    fn a_device_is_nobodys_presence() {
        let events = vec![
            (10, RoomEvent::LessonStarted {}),
            (20, joined(1, ParticipantKind::Device)),
            (90, RoomEvent::LessonEnded {}),
        ];
        assert_eq!(stays(events), []);
    }

    #[test]
    fn what_overlaps_counts_once() {
        let stay = |from, to| (Timestamp(from), Timestamp(to));
        assert_eq!(together_us(vec![]), 0);
        assert_eq!(together_us(vec![stay(50, 90), stay(10, 60)]), 80);
        assert_eq!(together_us(vec![stay(10, 90), stay(20, 30)]), 80);
        assert_eq!(together_us(vec![stay(10, 20), stay(20, 30), stay(40, 50)]), 30);
    }
}
