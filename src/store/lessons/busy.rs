//! What is in a lesson's way, and where it would fit instead.

use super::connection::Timetable;
use super::rows::{TimetableLesson, zone};
use crate::ids::{GroupId, LessonId, PersonId, VenueId};
use crate::schedule::conflicts::{self, DISTANCE_MAX, FreeSearch, OpeningHours, Window, nearest_free};
use crate::schedule::{Busy, Holiday, Resource, Span, Wanted};
use crate::store::records::StoreError;
use crate::time::Timestamp;
use jiff::civil::{Time, Weekday};
use std::collections::{BTreeMap, BTreeSet};

/// How many lessons in the way are told.
const CLASHES_MAX: usize = 20;

/// How many free times are offered.
const FREE_MAX: usize = 4;

/// A weekday's first and last minute of opening, as the institution's record has them.
pub type OpenHours = [Option<(u16, u16)>; 7];

/// Where an institution says nothing: Monday to Saturday, 8:00 to 18:00.
const USUAL: OpenHours = {
    let day = Some((8 * 60, 18 * 60));
    [day, day, day, day, day, day, None]
};

const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// A lesson's wanted place in the timetable.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub lesson: LessonId,
    pub title: String,
    pub span: Span,
    pub trainer: PersonId,
    pub group: GroupId,
    pub venue: Option<VenueId>,
}

/// What a search for conflicts goes by, besides the slots.
pub(super) struct Circumstances<'a> {
    pub holidays: &'a [Holiday],
    pub now: Timestamp,
    /// The group that must find a seat at a venue.
    pub seats: Option<(GroupId, VenueId)>,
}

/// A lesson in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub lesson: LessonId,
    pub title: String,
    pub span: Span,
    /// Who or what is in it at that time.
    pub who: Vec<Resource>,
    /// What is known of it; absent where it is another lesson of the same plan.
    pub details: Option<Box<TimetableLesson>>,
    /// The wanted time that it is in the way of; the first of them.
    pub wanted: Span,
}

/// A venue with fewer seats than the group has trainees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VenueTooSmall {
    pub venue: String,
    pub capacity: u32,
    pub size: u32,
}

/// Why a plan does not fit into the timetable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clashes {
    pub lessons: Vec<Clash>,
    pub too_small: Option<VenueTooSmall>,
    /// The nearest times at which the first lesson that does not fit would.
    pub free: Vec<Span>,
}

impl Slot {
    pub(super) fn resources(&self) -> Vec<Resource> {
        let people = [Resource::Trainer(self.trainer), Resource::Group(self.group)];
        people.into_iter().chain(self.venue.map(Resource::Venue)).collect()
    }
}

/// Looks whether lessons find their slots free.
pub(super) async fn look(
    tx: &mut impl Timetable,
    of: &str,
    slots: &[Slot],
    circumstances: &Circumstances<'_>,
) -> Result<Option<Clashes>, StoreError> {
    let too_small = too_small(tx, of, circumstances.seats).await?;
    let busy = busy(tx, of, slots).await?;
    let (mut wanted, mut places) = (Vec::new(), Vec::new());
    for slot in slots {
        for who in slot.resources() {
            wanted.push(Wanted { who, span: slot.span, lesson: Some(slot.lesson) });
            places.push(slot);
        }
    }
    let mut found: BTreeMap<LessonId, Clash> = BTreeMap::new();
    let mut first: Option<&Slot> = None;
    for conflict in conflicts::find(&busy, &wanted) {
        let Some(slot) = places.get(conflict.wanted) else { continue };
        first.get_or_insert(slot);
        let Busy { lesson, span, who } = conflict.with;
        if found.len() == CLASHES_MAX && !found.contains_key(&lesson) {
            continue;
        }
        let title = slots.iter().find(|slot| slot.lesson == lesson).map_or_else(String::new, |slot| slot.title.clone());
        let clash = Clash { lesson, title, span, who: Vec::new(), details: None, wanted: slot.span };
        let clash = found.entry(lesson).or_insert(clash);
        if !clash.who.contains(&who) {
            clash.who.push(who);
        }
    }
    if found.is_empty() && too_small.is_none() {
        return Ok(None);
    }
    let mut lessons: Vec<Clash> = found.into_values().collect();
    lessons.sort_by_key(|clash| (clash.span, clash.lesson));
    for clash in &mut lessons {
        if let Some(details) = tx.lesson(of, clash.lesson).await? {
            clash.title.clone_from(&details.title);
            clash.details = Some(Box::new(details));
        }
    }
    let free = match first {
        Some(slot) => free(tx, of, slot, circumstances).await?,
        None => Vec::new(),
    };
    Ok(Some(Clashes { lessons, too_small, free }))
}

/// When those who are wanted are in lessons: others as they stand, the slots' own as they are to be.
pub(super) async fn busy(tx: &mut impl Timetable, of: &str, slots: &[Slot]) -> Result<Vec<Busy>, StoreError> {
    let own: BTreeSet<LessonId> = slots.iter().map(|slot| slot.lesson).collect();
    let mut extents: BTreeMap<Resource, Span> = BTreeMap::new();
    let mut busy = Vec::new();
    for slot in slots {
        for who in slot.resources() {
            let extent = extents.entry(who).or_insert(slot.span);
            extent.starts_at = extent.starts_at.min(slot.span.starts_at);
            extent.ends_at = extent.ends_at.max(slot.span.ends_at);
            busy.push(Busy { who, span: slot.span, lesson: slot.lesson });
        }
    }
    for (who, extent) in extents {
        busy.extend(tx.taken(of, who, extent).await?.into_iter().filter(|taken| !own.contains(&taken.lesson)));
    }
    Ok(busy)
}

pub(super) async fn too_small(
    tx: &mut impl Timetable,
    of: &str,
    seats: Option<(GroupId, VenueId)>,
) -> Result<Option<VenueTooSmall>, StoreError> {
    let Some((group, venue)) = seats else { return Ok(None) };
    let Some((name, capacity)) = tx.seats(of, venue).await? else { return Ok(None) };
    let capacity = u32::try_from(capacity).unwrap_or(u32::MAX);
    let size = u32::try_from(tx.size_of(of, &group.to_string()).await?).unwrap_or(u32::MAX);
    Ok(conflicts::check_capacity(size, capacity).err().map(|_| VenueTooSmall { venue: name, capacity, size }))
}

async fn free(
    tx: &mut impl Timetable,
    of: &str,
    slot: &Slot,
    circumstances: &Circumstances<'_>,
) -> Result<Vec<Span>, StoreError> {
    let Some((zone_name, kept)) = tx.hours(of).await? else { return Ok(Vec::new()) };
    let open: OpenHours = kept.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or(USUAL);
    let hours = OpeningHours { zone: zone(&zone_name)?, windows: windows(&open) };
    let reach = i64::try_from(DISTANCE_MAX.as_micros()).unwrap_or(i64::MAX);
    let around = Span {
        starts_at: Timestamp(slot.span.starts_at.micros().saturating_sub(reach)),
        ends_at: slot.span.ends_at.plus(DISTANCE_MAX),
    };
    let who = slot.resources();
    let mut busy = Vec::new();
    for who in &who {
        busy.extend(tx.taken(of, *who, around).await?);
    }
    Ok(nearest_free(&FreeSearch {
        busy: &busy,
        who: &who,
        lesson: Some(slot.lesson),
        wanted: slot.span,
        hours: &hours,
        holidays: circumstances.holidays,
        now: circumstances.now,
        at_most: FREE_MAX,
    }))
}

fn windows(open: &OpenHours) -> Vec<Window> {
    let days = WEEKDAYS.into_iter().zip(open);
    days.filter_map(|(weekday, minutes)| {
        let (opens, closes) = (*minutes)?;
        Some(Window { weekday, opens: time(opens)?, closes: time(closes % (24 * 60))? })
    })
    .collect()
}

fn time(minutes: u16) -> Option<Time> {
    Time::new(i8::try_from(minutes / 60).ok()?, i8::try_from(minutes % 60).ok()?, 0, 0).ok()
}
