//! Join tickets: in memory only, so that none outlives the process.

use crate::ids::{InstitutionId, LessonId, ParticipantId, SessionId};
use crate::store::SecretHash;
use crate::time::Timestamp;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// How long a ticket is good.
pub const TICKET_LIFETIME: Duration = Duration::from_secs(60);

/// How many tickets may wait to be used; past it, new ones are refused until old ones are used or expire.
pub const TICKETS_MAX: usize = 50_000;

/// How many of them one place may have; a further one replaces its oldest.
pub const TICKETS_PER_PLACE_MAX: usize = 4;

const _: () = assert!(TICKETS_PER_PLACE_MAX < TICKETS_MAX);

/// The place that a ticket opens, and the session that asked for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketFor {
    pub institution: InstitutionId,
    pub lesson: LessonId,
    pub participant: ParticipantId,
    pub session: SessionId,
}

/// The tickets that were issued and not yet used. All live equally long, so that they expire in the order of issue.
#[derive(Default)]
pub struct Tickets {
    waiting: HashMap<SecretHash, (TicketFor, Timestamp)>,
    /// In order of issue; used ones stay until they reach the front.
    order: VecDeque<SecretHash>,
    by_place: HashMap<ParticipantId, VecDeque<SecretHash>>,
}

impl Tickets {
    /// Notes a ticket; false where there are too many.
    pub fn issue(&mut self, ticket: SecretHash, place: TicketFor, now: Timestamp) -> bool {
        self.expire(now);
        let of_place = self.by_place.get(&place.participant);
        if of_place.is_some_and(|tickets| tickets.len() >= TICKETS_PER_PLACE_MAX)
            && let Some(&oldest) = of_place.and_then(|tickets| tickets.front())
        {
            self.remove(&oldest);
        }
        if self.waiting.len() >= TICKETS_MAX {
            return false;
        }
        // Used tickets are swept from the order here, before it can grow past twice the bound.
        if self.order.len() >= 2 * TICKETS_MAX {
            self.order.retain(|ticket| self.waiting.contains_key(ticket));
        }
        self.waiting.insert(ticket, (place, now.plus(TICKET_LIFETIME)));
        self.order.push_back(ticket);
        self.by_place.entry(place.participant).or_default().push_back(ticket);
        true
    }

    /// Takes a ticket out: what it is for, where it is known and still good.
    pub fn take(&mut self, ticket: &SecretHash, now: Timestamp) -> Option<TicketFor> {
        self.expire(now);
        let (place, expires_at) = self.remove(ticket)?;
        (now < expires_at).then_some(place)
    }

    fn remove(&mut self, ticket: &SecretHash) -> Option<(TicketFor, Timestamp)> {
        let (place, expires_at) = self.waiting.remove(ticket)?;
        if let Some(of_place) = self.by_place.get_mut(&place.participant) {
            of_place.retain(|other| other != ticket);
            if of_place.is_empty() {
                self.by_place.remove(&place.participant);
            }
        }
        Some((place, expires_at))
    }

    fn expire(&mut self, now: Timestamp) {
        while let Some(&oldest) = self.order.front() {
            match self.waiting.get(&oldest) {
                Some((_, expires_at)) if now < *expires_at => return,
                Some(_) => drop(self.remove(&oldest)),
                None => {}
            }
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const START: Timestamp = Timestamp(1_795_597_200_000_000);

    fn ticket(number: usize) -> SecretHash {
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        SecretHash(hash)
    }

    fn place(participant: usize) -> TicketFor {
        let id = Uuid::from_u128(u128::try_from(participant).expect("small"));
        TicketFor {
            institution: InstitutionId(Uuid::nil()),
            lesson: LessonId(Uuid::nil()),
            participant: ParticipantId(id),
            session: SessionId(Uuid::nil()),
        }
    }

    #[test]
    fn a_ticket_is_good_once() {
        let mut tickets = Tickets::default();
        assert!(tickets.issue(ticket(1), place(1), START));
        assert_eq!(tickets.take(&ticket(2), START), None);
        assert_eq!(tickets.take(&ticket(1), START), Some(place(1)));
        assert_eq!(tickets.take(&ticket(1), START), None);
    }

    #[test]
    fn a_ticket_is_good_for_less_than_a_minute() {
        let mut tickets = Tickets::default();
        tickets.issue(ticket(1), place(1), START);
        tickets.issue(ticket(2), place(1), START);
        let just_before = Timestamp(START.plus(TICKET_LIFETIME).0 - 1);
        assert_eq!(tickets.take(&ticket(1), just_before), Some(place(1)));
        assert_eq!(tickets.take(&ticket(2), START.plus(TICKET_LIFETIME)), None);
        assert!(tickets.waiting.is_empty() && tickets.order.is_empty() && tickets.by_place.is_empty());
    }

    #[test]
    fn a_place_that_asks_too_often_loses_its_oldest_ticket() {
        let mut tickets = Tickets::default();
        tickets.issue(ticket(100), place(2), START);
        for number in 0..=TICKETS_PER_PLACE_MAX {
            assert!(tickets.issue(ticket(number), place(1), START));
        }
        assert_eq!(tickets.take(&ticket(0), START), None);
        assert_eq!(tickets.take(&ticket(1), START), Some(place(1)));
        assert_eq!(tickets.take(&ticket(100), START), Some(place(2)));
    }

    #[test]
    fn tickets_are_bounded_and_room_comes_back_with_time() {
        let mut tickets = Tickets::default();
        for number in 0..TICKETS_MAX {
            assert!(tickets.issue(ticket(number), place(number), START));
        }
        assert!(!tickets.issue(ticket(TICKETS_MAX), place(TICKETS_MAX), START));
        assert!(tickets.issue(ticket(TICKETS_MAX), place(TICKETS_MAX), START.plus(TICKET_LIFETIME)));
        assert_eq!(tickets.waiting.len(), 1);
    }

    #[test]
    fn used_tickets_do_not_pile_up() {
        let mut tickets = Tickets::default();
        tickets.issue(ticket(usize::MAX), place(0), START);
        for number in 0..3 * TICKETS_MAX {
            tickets.issue(ticket(number), place(1), START);
            tickets.take(&ticket(number), START);
        }
        assert!(tickets.order.len() <= 2 * TICKETS_MAX);
        assert_eq!((tickets.waiting.len(), tickets.by_place.len()), (1, 1));
    }
}
