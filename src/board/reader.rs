//! Somebody who reads the board.

use super::Shared;
use super::state::State;
use crate::ids::{InstitutionId, LessonId, PersonId};
use crate::protocol::{BoardCard, BoardDetail, BoardLesson, BoardMessage};
use crate::store::{Branch, Change, ChangedBy, Member, StoreError};
use crate::time::Timestamp;
use std::collections::BTreeSet;
use std::sync::Arc;
use tokio::sync::watch;

/// How many lessons change with one message; the rest come with the next. About 80 kB: a board stays under 100 kB/s
/// whatever happens in the country.
pub(super) const CHANGED_MAX: usize = 500;

/// After so many beats without a message the reader is told that the board is there.
const QUIET_BEATS_MAX: u8 = 4;

/// What somebody may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    /// Who looks.
    pub person: PersonId,
    pub branch: Branch,
    /// Their own institution, whose names they see.
    pub own: InstitutionId,
    /// Whether they see the names of their whole branch.
    pub sees_names: bool,
}

impl View {
    /// What a member sees, where they oversee anything.
    #[must_use]
    pub fn of(member: &Member) -> Option<Self> {
        let oversees = member.roles.administrator || member.roles.committee;
        oversees.then(|| Self {
            person: member.person,
            branch: Branch::of(member),
            own: member.institution,
            sees_names: member.sees_names,
        })
    }

    fn names(self, institution: InstitutionId) -> bool {
        self.sees_names || institution == self.own
    }
}

/// A reader: await [`Reader::beat`], then send [`Reader::messages`]; the first messages can be taken at once. Nothing
/// is lost or queued where that takes long.
pub struct Reader {
    shared: Arc<Shared>,
    view: View,
    beats: watch::Receiver<Option<u64>>,
    /// Which places the reader knows; absent before the first board.
    epoch: Option<u64>,
    /// Up to which change of lessons everything was told, and of everything else.
    seen: u64,
    seen_rest: u64,
    institution: Option<InstitutionId>,
    lesson: Option<LessonId>,
    /// The lessons that were looked at with names, which their institutions' audit logs say.
    noted: BTreeSet<LessonId>,
    /// What was told last of what is looked at.
    cards: Option<Vec<BoardCard>>,
    detail: Option<BoardDetail>,
    quiet: u8,
}

impl Reader {
    pub(super) fn new(shared: Arc<Shared>, view: View) -> Self {
        let beats = shared.beats.subscribe();
        Self {
            shared,
            view,
            beats,
            epoch: None,
            seen: 0,
            seen_rest: 0,
            institution: None,
            lesson: None,
            noted: BTreeSet::new(),
            cards: None,
            detail: None,
            quiet: 0,
        }
    }

    /// Waits for the next beat, once a second; false where the server stops. Beats that passed meanwhile are one.
    pub async fn beat(&mut self) -> bool {
        self.beats.changed().await.is_ok() && self.beats.borrow_and_update().is_some()
    }

    /// Looks at other things than before. A lesson that is watched with names is noted first in its institution's audit
    /// log, once for each lesson as long as the reader reads.
    ///
    /// # Errors
    /// Where that can't be noted; then it is not looked at.
    pub async fn look(
        &mut self,
        institution: Option<InstitutionId>,
        lesson: Option<LessonId>,
    ) -> Result<(), StoreError> {
        (self.institution, self.lesson) = (None, None);
        (self.cards, self.detail) = (None, None);
        if let Some((of, lesson)) = self.to_note(institution, lesson) {
            let by = Change {
                at: self.shared.clock.now(),
                actor: ChangedBy::Person(self.view.person),
                action: "board.look",
                subject: Some(lesson.to_string()),
                detail: serde_json::json!({}),
            };
            self.shared.store.of(of).note_in_audit(&by).await?;
            self.noted.insert(lesson);
        }
        (self.institution, self.lesson) = (institution, lesson);
        Ok(())
    }

    /// The lesson that would be watched with names, and was not yet.
    fn to_note(
        &self,
        institution: Option<InstitutionId>,
        lesson: Option<LessonId>,
    ) -> Option<(InstitutionId, LessonId)> {
        let lesson = lesson.filter(|lesson| !self.noted.contains(lesson))?;
        let state = self.shared.state();
        let of = state.entry(lesson)?.institution();
        let is_seen = state.place_in(&state.range(self.view.branch), of).is_some();
        // Names come with the cards of its institution.
        (is_seen && institution == Some(of) && self.view.names(of)).then_some((of, lesson))
    }

    /// What the reader has not seen yet.
    pub fn messages(&mut self) -> Vec<BoardMessage> {
        let shared = Arc::clone(&self.shared);
        let at = shared.clock.now();
        let state = shared.state();
        let mut messages = Vec::new();
        if self.epoch != Some(state.epoch()) || !state.remembers(self.seen_rest) {
            messages.push(self.whole(&state, at));
        } else {
            messages.extend(self.changes(&state, at));
        }
        messages.extend(self.looked_at(&state));
        drop(state);
        self.quiet = if messages.is_empty() { self.quiet.saturating_add(1) } else { 0 };
        if self.quiet >= QUIET_BEATS_MAX {
            self.quiet = 0;
            messages.push(BoardMessage::Pong { at });
        }
        messages
    }

    /// The answer to a ping.
    #[must_use]
    pub fn pong(&self) -> BoardMessage {
        BoardMessage::Pong { at: self.shared.clock.now() }
    }

    fn whole(&mut self, state: &State, at: Timestamp) -> BoardMessage {
        (self.epoch, self.seen, self.seen_rest) = (Some(state.epoch()), state.version(), state.version());
        let range = state.range(self.view.branch);
        let (regions, institutions) = state.branch(self.view.branch);
        let mut lessons: Vec<BoardLesson> = state.lessons_after(&range, 0).into_iter().map(|(_, each)| each).collect();
        lessons.sort_by_key(|lesson| (lesson.starts_at, lesson.number));
        let mut alarms = state.alarms_after(&range, 0);
        alarms.retain(|alarm| alarm.ended_at.is_none());
        let simulated = self.shared.options.simulated;
        BoardMessage::Board { at, simulated, regions, institutions, lessons, alarms }
    }

    fn changes(&mut self, state: &State, at: Timestamp) -> Option<BoardMessage> {
        if self.seen == state.version() && self.seen_rest == state.version() {
            return None;
        }
        let range = state.range(self.view.branch);
        let mut changed = state.lessons_after(&range, self.seen);
        changed.sort_by_key(|(version, _)| *version);
        let is_cut = changed.len() > CHANGED_MAX;
        changed.truncate(CHANGED_MAX);
        self.seen = match changed.last() {
            Some((version, _)) if is_cut => *version,
            _ => state.version(),
        };
        let lessons: Vec<BoardLesson> = changed.into_iter().map(|(_, lesson)| lesson).collect();
        let gone = state.gone_after(&range, self.seen_rest);
        let alarms = state.alarms_after(&range, self.seen_rest);
        self.seen_rest = state.version();
        let is_empty = lessons.is_empty() && gone.is_empty() && alarms.is_empty();
        (!is_empty).then_some(BoardMessage::Changes { at, lessons, gone, alarms })
    }

    /// What is looked at, where it is not as it was told last.
    fn looked_at(&mut self, state: &State) -> impl Iterator<Item = BoardMessage> + use<> {
        let range = state.range(self.view.branch);
        let institution = self.institution.filter(|institution| state.place_in(&range, *institution).is_some());
        let cards = institution.map(|institution| {
            let names = self.view.names(institution);
            let mut cards: Vec<(Timestamp, BoardCard)> = state
                .entries_of(institution)
                .map(|entry| {
                    let plan = &entry.plan;
                    let card = BoardCard {
                        number: entry.number,
                        lesson: plan.lesson,
                        title: plan.title.clone(),
                        course: plan.course.clone(),
                        group: plan.group.clone(),
                        trainer: names.then(|| plan.trainer.clone()),
                    };
                    (plan.starts_at, card)
                })
                .collect();
            cards.sort_by_key(|(starts_at, card)| (*starts_at, card.number));
            (institution, cards.into_iter().map(|(_, card)| card).collect::<Vec<_>>())
        });
        let fresh_cards = cards.filter(|(_, cards)| self.cards.as_ref() != Some(cards)).map(|(institution, cards)| {
            self.cards = Some(cards.clone());
            BoardMessage::Institution { institution, lessons: cards }
        });
        let entry = self.lesson.and_then(|lesson| state.entry(lesson));
        let entry = entry.filter(|entry| state.place_in(&range, entry.institution()).is_some());
        let detail = entry.map(super::entry::Entry::detail).filter(|detail| self.detail.as_ref() != Some(detail));
        let fresh_detail = detail.map(|detail| {
            self.detail = Some(detail.clone());
            BoardMessage::Lesson { lesson: Box::new(detail) }
        });
        fresh_cards.into_iter().chain(fresh_detail)
    }
}
