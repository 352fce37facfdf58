//! Which publication stands in which of a receiver's video slots.

use crate::ids::{ParticipantId, PublicationId};
use crate::protocol::{Publication, Quality, Role, Source};
use crate::rtp::Mid;

/// A receiver's video slot as it is and as it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VideoSlot {
    pub mid: Mid,
    /// What it shows now.
    pub shows: Option<PublicationId>,
    /// What the client asked for; the server chooses where this is nothing, or nothing that can be shown.
    pub watched: Option<PublicationId>,
}

/// A publication and who sends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    pub publication: Publication,
    pub role: Role,
}

/// What each slot is to show, in the slots' order: what the client asked for; then, in the slots that are left, the
/// screens, the trainers' cameras (their devices' pictures too) and the cameras of those who have the floor, each
/// kind oldest first. What a slot shows already stays there if it is to be shown at all. Nobody sees what they send
/// themselves.
pub(super) fn fill(
    slots: &[VideoSlot],
    candidates: &[Candidate],
    own: ParticipantId,
    quality: Quality,
) -> Vec<Option<PublicationId>> {
    let mut pictures: Vec<(u8, PublicationId)> = candidates
        .iter()
        .filter(|candidate| candidate.publication.participant != own)
        .filter_map(|candidate| Some((rank(candidate, quality)?, candidate.publication.id)))
        .collect();
    pictures.sort();
    let mut filled: Vec<Option<PublicationId>> = Vec::with_capacity(slots.len());
    for slot in slots {
        let asked = slot.watched.filter(|asked| pictures.iter().any(|(_, picture)| picture == asked));
        filled.push(asked);
    }
    let free = filled.iter().filter(|slot| slot.is_none()).count();
    let mut chosen: Vec<PublicationId> =
        pictures.iter().map(|(_, id)| *id).filter(|id| !filled.contains(&Some(*id))).take(free).collect();
    for (slot, place) in slots.iter().zip(filled.iter_mut()).filter(|(_, place)| place.is_none()) {
        let staying = slot.shows.and_then(|shown| chosen.iter().position(|id| *id == shown));
        *place = staying.map(|position| chosen.remove(position));
    }
    let mut chosen = chosen.into_iter();
    for place in filled.iter_mut().filter(|place| place.is_none()) {
        *place = chosen.next();
    }
    filled
}

/// Lower comes first; nothing for what this receiver is not shown.
fn rank(candidate: &Candidate, quality: Quality) -> Option<u8> {
    match (candidate.publication.source, quality) {
        (Source::Microphone | Source::ScreenAudio, _) | (_, Quality::VoiceOnly) => None,
        (Source::Screen, Quality::Automatic | Quality::Economy) => Some(0),
        (Source::Camera, Quality::Economy) => None,
        (Source::Camera, Quality::Automatic) if candidate.role == Role::Trainer => Some(1),
        (Source::Camera, Quality::Automatic) => Some(2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const SELF: u128 = 50;

    fn who(number: u128) -> ParticipantId {
        ParticipantId(Uuid::from_u128(number))
    }

    fn candidate(id: u64, participant: u128, source: Source, role: Role) -> Candidate {
        Candidate { publication: Publication { id: PublicationId(id), participant: who(participant), source }, role }
    }

    /// A trainee's camera, a trainer's camera and microphone, an encoder's picture, a screen; in this order of age.
    fn class() -> Vec<Candidate> {
        vec![
            candidate(1, 10, Source::Camera, Role::Trainee),
            candidate(2, 1, Source::Camera, Role::Trainer),
            candidate(3, 1, Source::Microphone, Role::Trainer),
            candidate(4, 2, Source::Camera, Role::Trainer),
            candidate(5, 1, Source::Screen, Role::Trainer),
        ]
    }

    fn slots(count: usize) -> Vec<VideoSlot> {
        let mid = |index: usize| Mid::parse(format!("{index}")).expect("a mid");
        (0..count).map(|index| VideoSlot { mid: mid(index), shows: None, watched: None }).collect()
    }

    fn filled(slots: &[VideoSlot], candidates: &[Candidate], quality: Quality) -> Vec<u64> {
        let filled = fill(slots, candidates, who(SELF), quality);
        filled.into_iter().map(|slot| slot.map_or(0, |id| id.0)).collect()
    }

    #[test]
    fn the_screen_comes_first_then_trainers_then_the_floor() {
        assert_eq!(filled(&slots(5), &class(), Quality::Automatic), [5, 2, 4, 1, 0]);
        assert_eq!(filled(&slots(2), &class(), Quality::Automatic), [5, 2]);
        assert_eq!(filled(&slots(0), &class(), Quality::Automatic), [] as [u64; 0]);
    }

    #[test]
    fn a_weak_link_is_spared_cameras_and_the_weakest_all_pictures() {
        assert_eq!(filled(&slots(3), &class(), Quality::Economy), [5, 0, 0]);
        assert_eq!(filled(&slots(3), &class(), Quality::VoiceOnly), [0, 0, 0]);
    }

    #[test]
    fn nobody_sees_themselves() {
        let mut class = class();
        class.push(candidate(6, SELF, Source::Camera, Role::Trainee));
        assert_eq!(filled(&slots(6), &class, Quality::Automatic), [5, 2, 4, 1, 0, 0]);
        let mut slots = slots(1);
        slots[0].watched = Some(PublicationId(6));
        assert_eq!(filled(&slots, &class, Quality::Automatic), [5]);
    }

    #[test]
    fn what_the_client_asks_for_comes_before_what_the_server_chooses() {
        let mut slots = slots(2);
        slots[0].watched = Some(PublicationId(1));
        assert_eq!(filled(&slots, &class(), Quality::Automatic), [1, 5]);
        slots[0].watched = Some(PublicationId(99));
        assert_eq!(filled(&slots, &class(), Quality::Automatic), [5, 2], "what is not there is not waited for");
        slots[0].watched = Some(PublicationId(3));
        assert_eq!(filled(&slots, &class(), Quality::Automatic), [5, 2], "a sound is no picture");
        slots[0].watched = Some(PublicationId(2));
        assert_eq!(filled(&slots, &class(), Quality::Economy), [5, 0], "the chosen quality bounds it");
    }

    #[test]
    fn a_picture_that_stays_keeps_its_slot() {
        let mut slots = slots(3);
        slots[0].shows = Some(PublicationId(2));
        slots[1].shows = Some(PublicationId(77));
        slots[2].shows = Some(PublicationId(4));
        assert_eq!(filled(&slots, &class(), Quality::Automatic), [2, 5, 4]);
    }
}
