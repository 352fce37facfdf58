//! How the room stands, counted once a second for the committees' board.

use super::task::RoomTask;
use crate::board::Standing;
use crate::ids::{ParticipantId, PeerId, PersonId};
use crate::protocol::{ParticipantKind, Presence, Role};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the board was told last, and who is whose device.
#[derive(Default)]
pub(super) struct Counted {
    told: Option<Standing>,
    /// Guests are nobody but themselves.
    people: HashMap<ParticipantId, Option<PersonId>>,
}

/// Somebody of the class: a person with an account, or a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Somebody {
    Person(PersonId),
    Guest(ParticipantId),
}

/// How somebody is in the room, the best of their devices: in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Here {
    Left,
    Dropped,
    Away,
    Present,
}

impl RoomTask {
    /// Tells the board how the room stands, where that changed.
    pub(super) async fn tell_board(&mut self) {
        self.learn_people().await;
        let standing = self.count();
        if self.standing.told.as_ref() != Some(&standing) {
            self.shared.board.tell(self.log.store().institution(), self.lesson, standing.clone());
            self.standing.told = Some(standing);
        }
    }

    /// Finds out whose places those are that are new here.
    async fn learn_people(&mut self) {
        let people = &mut self.standing.people;
        if self.room.everybody().all(|one| people.contains_key(&one.id)) {
            return;
        }
        // Where the store does not say, each place counts as somebody for now; the next newcomer asks again.
        let Ok(known) = self.log.store().people_of_places(self.lesson).await else { return };
        let known: HashMap<ParticipantId, PersonId> = known.into_iter().collect();
        for one in self.room.everybody() {
            people.entry(one.id).or_insert_with(|| known.get(&one.id).copied());
        }
    }

    fn count(&mut self) -> Standing {
        let mut class: BTreeMap<Somebody, Here> = BTreeMap::new();
        let mut standing = Standing::empty(self.room.phase());
        let peers: HashMap<ParticipantId, PeerId> = self.peers.iter().map(|(peer, of)| (*of, *peer)).collect();
        let limited = self.figures.limited_by_network();
        let mut weak: BTreeSet<Somebody> = BTreeSet::new();
        for one in self.room.everybody().filter(|one| one.kind == ParticipantKind::Person) {
            let is_connected = !matches!(one.presence, Presence::Gone { .. });
            match one.role {
                Role::Trainer => standing.is_trainer_there |= is_connected,
                Role::Committee => standing.observers += u32::from(is_connected),
                Role::Trainee => {
                    let person = self.standing.people.get(&one.id).copied().flatten();
                    let somebody = person.map_or(Somebody::Guest(one.id), Somebody::Person);
                    let here = match one.presence {
                        Presence::Present { .. } if one.is_hidden => Here::Away,
                        Presence::Present { .. } => Here::Present,
                        Presence::Lost { .. } => Here::Dropped,
                        Presence::Gone { .. } if one.was_lost => Here::Dropped,
                        Presence::Gone { .. } => Here::Left,
                    };
                    let best = class.entry(somebody).or_insert(here);
                    *best = (*best).max(here);
                    if here >= Here::Away && peers.get(&one.id).is_some_and(|peer| limited.contains(peer)) {
                        weak.insert(somebody);
                    }
                }
            }
        }
        let count = |wanted: Here| u32::try_from(class.values().filter(|here| **here == wanted).count());
        standing.away = count(Here::Away).unwrap_or(u32::MAX);
        standing.present = count(Here::Present).unwrap_or(u32::MAX).saturating_add(standing.away);
        standing.dropped = count(Here::Dropped).unwrap_or(u32::MAX);
        standing.came = u32::try_from(class.len()).unwrap_or(u32::MAX);
        standing.weak = u32::try_from(weak.len()).unwrap_or(u32::MAX);
        if let Some(now) = self.quality.now() {
            let whole = |points: f64| points.clamp(0.0, 100.0).round() as u8;
            standing.speech = now.speech.map(|score| whole(score.points()));
            standing.picture = now.picture.map(|score| whole(score.points()));
            standing.trainer_loses = now.trainer_uplink.map(|uplink| whole(uplink.lost_percent()));
        }
        standing
    }
}
