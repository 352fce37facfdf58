//! The whole board: told by rooms and by the store, looked at by readers. No I/O, no clock.

use super::Standing;
use super::entry::Entry;
use super::rules::{Case, Verdict};
use crate::ids::{AlarmId, InstitutionId, LessonId};
use crate::protocol::{AlarmRule, BoardAlarm, BoardInstitution, BoardLesson, BoardRegion, Phase};
use crate::store::{Alarm, BoardPlace, BoardPlan, Branch};
use crate::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

/// How many lessons a board has; those that start last are left out.
pub(super) const LESSONS_MAX: u32 = 20_000;

/// How many lessons that are not on the board are remembered because their rooms are open.
const UNPLANNED_MAX: usize = 20_000;

/// How many lessons that went from the board are remembered; who has not heard of earlier ones gets the whole board.
const GONE_MAX: usize = 4_096;

/// For so long after it ended an alarm is told; who has not heard of it by then gets the whole board.
const ENDED_TOLD_FOR: Duration = Duration::from_secs(60);

/// Rooms have so long after a start to open again before what they don't say ends an alarm.
const SETTLES_WITHIN: Duration = Duration::from_secs(60);

/// What follows from a beat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Raise { institution: InstitutionId, lesson: LessonId, rule: AlarmRule },
    End { institution: InstitutionId, lesson: LessonId, rule: AlarmRule, alarm: AlarmId },
}

struct Place {
    institution: BoardInstitution,
    /// The place of its region.
    region: usize,
}

struct KeptAlarm {
    alarm: Alarm,
    version: u64,
}

/// The board.
pub(super) struct State {
    started_at: Timestamp,
    /// The number of the newest change.
    version: u64,
    /// Counts the times that places changed: what readers know of them is void then.
    epoch: u64,
    next_number: u32,
    regions: Vec<BoardRegion>,
    /// Those of one region beside each other, in the order of regions.
    places: Vec<Place>,
    place_of: HashMap<InstitutionId, usize>,
    entries: BTreeMap<LessonId, Entry>,
    /// What rooms told of lessons that are not on the board.
    unplanned: BTreeMap<LessonId, Standing>,
    wants_plans: bool,
    has_plans: bool,
    /// The change, the lesson's number, and its institution.
    gone: VecDeque<(u64, u32, InstitutionId)>,
    /// Who has seen no more than this has missed some that are gone, or ended.
    forgotten: u64,
    alarms: BTreeMap<AlarmId, KeptAlarm>,
    /// Alarms about lessons that are not here, and that are being ended.
    ending: BTreeSet<AlarmId>,
}

impl State {
    pub fn new(started_at: Timestamp) -> Self {
        Self {
            started_at,
            version: 0,
            epoch: 0,
            next_number: 1,
            regions: Vec::new(),
            places: Vec::new(),
            place_of: HashMap::new(),
            entries: BTreeMap::new(),
            unplanned: BTreeMap::new(),
            wants_plans: true,
            has_plans: false,
            gone: VecDeque::new(),
            forgotten: 0,
            alarms: BTreeMap::new(),
            ending: BTreeSet::new(),
        }
    }

    /// Takes in how a lesson's room stands.
    pub fn tell(&mut self, institution: InstitutionId, lesson: LessonId, standing: Standing) {
        if let Some(entry) = self.entries.get_mut(&lesson).filter(|entry| entry.institution() == institution) {
            entry.stand(standing);
            return;
        }
        let is_live = matches!(standing.phase, Phase::Live { .. });
        let before = self.unplanned.get(&lesson);
        let was_live = before.is_some_and(|before| matches!(before.phase, Phase::Live { .. }));
        // A lesson that begins and is not on the board was made since the last look.
        self.wants_plans |= before.is_none() || (is_live && !was_live);
        if self.unplanned.len() >= UNPLANNED_MAX {
            self.unplanned.clear();
        }
        self.unplanned.insert(lesson, standing);
    }

    /// Whether the plans are to be read before their time; asked once.
    pub fn take_wish_for_plans(&mut self) -> bool {
        std::mem::take(&mut self.wants_plans)
    }

    /// Takes in which institutions there are, in the store's order.
    pub fn set_places(&mut self, found: Vec<BoardPlace>) {
        let mut regions: Vec<BoardRegion> = Vec::new();
        let mut places = Vec::with_capacity(found.len());
        for place in found {
            if regions.last().is_none_or(|region| region.id != place.region) {
                regions.push(BoardRegion { id: place.region, name: place.region_name });
            }
            let region = regions.len().saturating_sub(1);
            let institution = BoardInstitution { id: place.institution, name: place.name, region: 0 };
            places.push(Place { institution, region });
        }
        let same = |old: &Place, new: &Place| old.institution == new.institution && old.region == new.region;
        let is_same = self.regions == regions
            && self.places.len() == places.len()
            && self.places.iter().zip(&places).all(|(old, new)| same(old, new));
        if !is_same {
            self.epoch += 1;
            self.place_of = places.iter().enumerate().map(|(at, place)| (place.institution.id, at)).collect();
            (self.regions, self.places) = (regions, places);
        }
    }

    /// Takes in what is planned around now: all of it.
    pub fn set_plans(&mut self, plans: Vec<BoardPlan>) {
        let mut plans: BTreeMap<LessonId, BoardPlan> = plans.into_iter().map(|plan| (plan.lesson, plan)).collect();
        let stays = |entry: &Entry| matches!(entry.standing.phase, Phase::Live { .. });
        let over: Vec<LessonId> = self
            .entries
            .iter()
            .filter(|(lesson, entry)| !plans.contains_key(lesson) && !stays(entry))
            .map(|(lesson, _)| *lesson)
            .collect();
        for lesson in over {
            if let Some(entry) = self.entries.remove(&lesson).filter(|entry| entry.shown.is_some()) {
                self.note_gone(entry.number, entry.institution());
            }
        }
        for (lesson, entry) in &mut self.entries {
            if let Some(plan) = plans.remove(lesson) {
                // Where no room ever told, the store knows it best.
                if entry.standing == Standing::empty(entry.standing.phase) && entry.standing.phase == entry.plan.phase {
                    entry.stand(Standing::empty(plan.phase));
                }
                entry.plan = plan;
            }
        }
        for (lesson, plan) in plans {
            let standing = self.unplanned.remove(&lesson);
            let mut entry = Entry::new(self.next_number, plan, standing);
            self.next_number = self.next_number.wrapping_add(1);
            let open = self.alarms.values().map(|kept| &kept.alarm);
            entry.raised = open.filter(|a| a.lesson == lesson && a.ended_at.is_none()).map(|a| a.rule).collect();
            self.entries.insert(lesson, entry);
        }
        self.has_plans = true;
    }

    /// Brings everything up to a time, and says what is to be done about alarms; each thing once, unless
    /// [`State::undo`] says that it could not be done.
    pub fn beat(&mut self, now: Timestamp) -> Vec<Due> {
        let mut due = Vec::new();
        let mut gone = Vec::new();
        let settles = now < self.started_at.plus(SETTLES_WITHIN);
        for (lesson, entry) in &mut self.entries {
            entry.draw(now);
            let fresh = entry.lesson(now);
            if fresh != entry.shown {
                if fresh.is_none() {
                    gone.push((entry.number, entry.institution()));
                }
                self.version += 1;
                entry.version = self.version;
                entry.shown = fresh;
            }
            for rule in AlarmRule::ALL {
                let verdict = entry.judge(rule, now);
                let institution = entry.institution();
                if verdict == Verdict::Holds && entry.raised.insert(rule) {
                    due.push(Due::Raise { institution, lesson: *lesson, rule });
                } else if verdict == Verdict::Fine && entry.raised.contains(&rule) && !settles {
                    let mut open = self.alarms.values().map(|kept| &kept.alarm);
                    // While it is being raised it has no id yet: then the next beat ends it.
                    if let Some(alarm) = open.find(|alarm| alarm.is_about(*lesson, rule)) {
                        entry.raised.remove(&rule);
                        due.push(Due::End { institution, lesson: *lesson, rule, alarm: alarm.id });
                    }
                }
            }
        }
        for (number, institution) in gone {
            self.note_gone(number, institution);
        }
        if self.has_plans && !settles {
            self.end_stray(&mut due);
        }
        self.forget_ended(now);
        due
    }

    /// Alarms about lessons that are not here.
    fn end_stray(&mut self, due: &mut Vec<Due>) {
        let open = self.alarms.values().map(|kept| &kept.alarm).filter(|alarm| alarm.ended_at.is_none());
        for alarm in open.filter(|alarm| !self.entries.contains_key(&alarm.lesson)) {
            let Alarm { institution, lesson, rule, id, .. } = *alarm;
            if self.ending.insert(id) {
                due.push(Due::End { institution, lesson, rule, alarm: id });
            }
        }
    }

    fn forget_ended(&mut self, now: Timestamp) {
        let is_old = |alarm: &Alarm| alarm.ended_at.is_some_and(|ended| now > ended.plus(ENDED_TOLD_FOR));
        let newest = self.alarms.values().filter(|kept| is_old(&kept.alarm)).map(|kept| kept.version).max();
        if let Some(newest) = newest {
            self.forgotten = self.forgotten.max(newest);
            self.alarms.retain(|_, kept| !is_old(&kept.alarm));
        }
    }

    /// What was due could not be done: it is due again.
    pub fn undo(&mut self, due: &Due) {
        match due {
            Due::Raise { lesson, rule, .. } => {
                if let Some(entry) = self.entries.get_mut(lesson) {
                    entry.raised.remove(rule);
                }
            }
            Due::End { lesson, rule, alarm, .. } => {
                self.ending.remove(alarm);
                if let Some(entry) = self.entries.get_mut(lesson) {
                    entry.raised.insert(*rule);
                }
            }
        }
    }

    /// Takes in an alarm as the store has it.
    pub fn alarm_changed(&mut self, alarm: Alarm) {
        if alarm.ended_at.is_some() && !self.alarms.contains_key(&alarm.id) {
            return;
        }
        self.version += 1;
        self.alarms.insert(alarm.id, KeptAlarm { alarm, version: self.version });
    }

    /// Notes that an alarm ended.
    pub fn alarm_ended(&mut self, alarm: AlarmId, at: Timestamp) {
        self.version += 1;
        self.ending.remove(&alarm);
        if let Some(kept) = self.alarms.get_mut(&alarm) {
            kept.alarm.ended_at.get_or_insert(at);
            kept.version = self.version;
        }
    }

    fn note_gone(&mut self, number: u32, institution: InstitutionId) {
        self.version += 1;
        if self.gone.len() >= GONE_MAX
            && let Some((version, ..)) = self.gone.pop_front()
        {
            self.forgotten = self.forgotten.max(version);
        }
        self.gone.push_back((self.version, number, institution));
    }

    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whether who has seen everything up to a change can be told the rest.
    pub fn remembers(&self, seen: u64) -> bool {
        seen >= self.forgotten
    }

    pub fn entry(&self, lesson: LessonId) -> Option<&Entry> {
        self.entries.get(&lesson)
    }

    /// The lessons of an institution that are on the board.
    pub fn entries_of(&self, institution: InstitutionId) -> impl Iterator<Item = &Entry> {
        self.entries.values().filter(move |entry| entry.institution() == institution && entry.shown.is_some())
    }

    /// The regions, and the institutions with the places of these, that a branch has.
    pub fn branch(&self, branch: Branch) -> (Vec<BoardRegion>, Vec<BoardInstitution>) {
        let Some(places) = self.places.get(self.range(branch)) else { return (Vec::new(), Vec::new()) };
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return (Vec::new(), Vec::new()) };
        let regions = self.regions.get(first.region..=last.region).unwrap_or_default().to_vec();
        let institution = |place: &Place| BoardInstitution {
            region: u32::try_from(place.region - first.region).unwrap_or(u32::MAX),
            ..place.institution.clone()
        };
        (regions, places.iter().map(institution).collect())
    }

    /// Which places a branch has.
    pub fn range(&self, branch: Branch) -> Range<usize> {
        match branch {
            Branch::Country => 0..self.places.len(),
            Branch::Institution(institution) => match self.place_of.get(&institution) {
                Some(at) => *at..*at + 1,
                None => 0..0,
            },
            Branch::Region(region) => {
                let Some(wanted) = self.regions.iter().position(|known| known.id == region) else { return 0..0 };
                let from = self.places.partition_point(|place| place.region < wanted);
                from..self.places.partition_point(|place| place.region <= wanted)
            }
        }
    }

    /// The place of an institution within a range.
    pub fn place_in(&self, range: &Range<usize>, institution: InstitutionId) -> Option<u32> {
        let at = self.place_of.get(&institution).filter(|at| range.contains(at))?;
        u32::try_from(at - range.start).ok()
    }

    /// The lessons within a range that changed after a change, with its number.
    pub fn lessons_after(&self, range: &Range<usize>, seen: u64) -> Vec<(u64, BoardLesson)> {
        let changed = self.entries.values().filter(|entry| entry.version > seen);
        changed
            .filter_map(|entry| {
                let place = self.place_in(range, entry.institution())?;
                Some((entry.version, BoardLesson { institution: place, ..entry.shown.clone()? }))
            })
            .collect()
    }

    /// The numbers of lessons within a range that went after a change.
    pub fn gone_after(&self, range: &Range<usize>, seen: u64) -> Vec<u32> {
        let gone = self.gone.iter().filter(|(version, ..)| *version > seen);
        gone.filter(|(.., of)| self.place_in(range, *of).is_some()).map(|(_, number, _)| *number).collect()
    }

    /// The alarms within a range that changed after a change, the newest first.
    pub fn alarms_after(&self, range: &Range<usize>, seen: u64) -> Vec<BoardAlarm> {
        let changed = self.alarms.values().filter(|kept| kept.version > seen);
        let mut alarms: Vec<BoardAlarm> = changed.filter_map(|kept| self.shown(range, &kept.alarm)).collect();
        alarms.sort_by_key(|alarm| std::cmp::Reverse((alarm.raised_at, alarm.id)));
        alarms
    }

    fn shown(&self, range: &Range<usize>, alarm: &Alarm) -> Option<BoardAlarm> {
        let entry = self.entries.get(&alarm.lesson).filter(|entry| entry.shown.is_some());
        Some(BoardAlarm {
            id: alarm.id,
            rule: alarm.rule,
            number: entry.map(|entry| entry.number),
            lesson: alarm.lesson,
            lesson_title: alarm.lesson_title.clone(),
            institution: self.place_in(range, alarm.institution)?,
            raised_at: alarm.raised_at,
            ended_at: alarm.ended_at,
            taken_by: alarm.taken_by_name.clone(),
            taken_at: alarm.taken_at,
            comments: alarm.comments,
        })
    }
}

impl Entry {
    /// What a rule says of the lesson; of one that is not on the board, nothing.
    fn judge(&mut self, rule: AlarmRule, now: Timestamp) -> Verdict {
        if self.shown.is_none() {
            return Verdict::Fine;
        }
        let BoardPlan { starts_at, ends_at, expected, .. } = self.plan;
        let case = Case { starts_at, ends_at, expected, trainer_came: self.trainer_came, standing: &self.standing };
        self.since.look(rule, case, now)
    }
}

impl Alarm {
    /// Whether it is an alarm about this lesson by this rule that has not ended.
    fn is_about(&self, lesson: LessonId, rule: AlarmRule) -> bool {
        self.ended_at.is_none() && self.lesson == lesson && self.rule == rule
    }
}
