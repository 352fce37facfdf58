//! Who a lesson's ledger is about.

use super::super::InstitutionStore;
use super::super::fault::failed;
use super::super::records::StoreError;
use super::super::rows::{id, role};
use crate::attendance::Span;
use crate::attendance::ledger::{Format, Header, Listed, Named, Verified, verify};
use crate::ids::{LessonId, ParticipantId, PersonId};
use crate::protocol::Role;
use crate::store::TimetableLesson;
use sqlx::FromRow;
use std::collections::BTreeMap;

/// A lesson's people, as a ledger lists them.
#[derive(Clone, Debug)]
pub struct LessonPeople {
    pub header: Header,
    /// In the same order as the header's.
    pub names: Vec<Option<String>>,
}

/// What was sealed of a lesson.
#[derive(Clone, Debug)]
pub struct LessonLedger {
    pub verified: Verified,
    /// In the same order as the header's people; absent where nobody is known by that id any more.
    pub names: Vec<Option<String>>,
}

#[derive(FromRow)]
struct PlaceOf {
    participant: String,
    person: Option<String>,
    role: String,
    name: String,
}

/// Somebody on the way into a list.
struct Found {
    role: Role,
    expected: bool,
    name: String,
    participants: Vec<ParticipantId>,
}

impl InstitutionStore {
    /// Who a lesson is about as of now: who gives it, who came (but for a committee's observers and devices, who are not
    /// counted), and who of the group did not. Those with an account come first, by their ids, and the trainer before all.
    pub async fn lesson_people(&self, lesson: &TimetableLesson) -> Result<LessonPeople, StoreError> {
        let mut members: BTreeMap<PersonId, Found> = BTreeMap::new();
        let found = |role, expected, name| Found { role, expected, name, participants: Vec::new() };
        members.insert(lesson.trainer.id, found(Role::Trainer, false, lesson.trainer.name.clone()));
        for (person, name) in self.expected_at(lesson).await? {
            members.entry(person).or_insert_with(|| found(Role::Trainee, false, name)).expected = true;
        }
        let mut guests: BTreeMap<ParticipantId, Found> = BTreeMap::new();
        for place in self.places_of(lesson.id).await? {
            let (participant, role) = (id(&place.participant)?, role(&place.role)?);
            let entry = match &place.person {
                Some(person) => members.entry(id(person)?).or_insert_with(|| found(role, false, place.name)),
                None => guests.entry(participant).or_insert_with(|| found(role, false, place.name)),
            };
            if role == Role::Trainer {
                entry.role = role;
            }
            entry.participants.push(participant);
        }
        let mut all: Vec<(Option<PersonId>, Found)> =
            members.into_iter().map(|(person, found)| (Some(person), found)).collect();
        all.extend(guests.into_values().map(|found| (None, found)));
        all.sort_by_key(|(_, found)| found.role != Role::Trainer);
        let mut people = LessonPeople { header: self.header_of(lesson).await?, names: Vec::new() };
        for ((person, found), number) in all.into_iter().zip(1..) {
            let Found { role, expected, name, participants } = found;
            people.header.people.push(Listed { number, person, role, expected, participants });
            people.names.push(Some(name));
        }
        Ok(people)
    }

    /// What was sealed of a lesson, verified; absent where nothing was.
    ///
    /// # Errors
    /// [`StoreError::Unreadable`] where what is kept does not verify: somebody changed it.
    pub async fn lesson_ledger(&self, lesson: &TimetableLesson) -> Result<Option<LessonLedger>, StoreError> {
        let Some(text) = self.ledger(lesson.id).await? else { return Ok(None) };
        let verified = verify(text.as_bytes(), &[])
            .map_err(|fault| StoreError::Unreadable(format!("the ledger of lesson {}: {fault}", lesson.id)))?;
        let names = self.names_of(lesson, &verified.header).await?;
        Ok(Some(LessonLedger { verified, names }))
    }

    /// The names that a ledger's people have now.
    async fn names_of(&self, lesson: &TimetableLesson, header: &Header) -> Result<Vec<Option<String>>, StoreError> {
        let mut members: BTreeMap<PersonId, String> = self.expected_at(lesson).await?.into_iter().collect();
        let mut guests: BTreeMap<ParticipantId, String> = BTreeMap::new();
        for place in self.places_of(lesson.id).await? {
            match &place.person {
                Some(person) => drop(members.insert(id(person)?, place.name)),
                None => drop(guests.insert(id(&place.participant)?, place.name)),
            }
        }
        let mut names = Vec::with_capacity(header.people.len());
        for listed in &header.people {
            names.push(match listed.person {
                Some(person) => match members.remove(&person) {
                    Some(name) => Some(name),
                    // They left the group since, or their account went over into another.
                    None => self.person(person).await?.map(|person| person.name),
                },
                None => listed.participants.first().and_then(|participant| guests.remove(participant)),
            });
        }
        Ok(names)
    }

    async fn header_of(&self, lesson: &TimetableLesson) -> Result<Header, StoreError> {
        const SQL: &str = "SELECT name, away_counts FROM institution WHERE id = $1";
        let (name, away_counts): (String, bool) = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .fetch_one(on))
        .map_err(failed)?;
        Ok(Header {
            format: Format::V1,
            institution: Named { id: self.institution, name },
            lesson: lesson.id,
            title: lesson.title.clone(),
            course: Named { id: lesson.course.id, name: lesson.course.name.clone() },
            group: Named { id: lesson.group.id, name: lesson.group.name.clone() },
            planned: Span { from: lesson.span.starts_at, to: lesson.span.ends_at },
            time_zone: lesson.zone.name().to_owned(),
            away_counts,
            people: Vec::new(),
        })
    }

    /// Who belongs to the lesson's group and did so when it was to begin.
    async fn expected_at(&self, lesson: &TimetableLesson) -> Result<Vec<(PersonId, String)>, StoreError> {
        const SQL: &str = "
            SELECT person.id, person.name FROM group_member
            JOIN person ON person.institution = group_member.institution AND person.id = group_member.person
            WHERE group_member.institution = $1 AND group_member.course_group = $2 AND group_member.since <= $3";
        let rows: Vec<(String, String)> = reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.group.id.to_string())
            .bind(lesson.span.starts_at.micros())
            .fetch_all(on))
        .map_err(failed)?;
        rows.into_iter().map(|(person, name)| Ok((id(&person)?, name))).collect()
    }

    /// The places in a lesson that count: of people, and not of a committee's observers. Each with the name that its
    /// person has now, or that a guest gave.
    async fn places_of(&self, lesson: LessonId) -> Result<Vec<PlaceOf>, StoreError> {
        const SQL: &str = "
            SELECT place.participant, person.id AS person, place.role, COALESCE(person.name, place.name) AS name
            FROM place
            LEFT JOIN person ON person.institution = place.institution AND person.id = place.person
            WHERE place.institution = $1 AND place.lesson = $2 AND place.role <> 'committee' AND place.kind = 'person'
            ORDER BY place.participant";
        reading!(self, on => sqlx::query_as(SQL)
            .bind(self.institution.to_string())
            .bind(lesson.to_string())
            .fetch_all(on))
        .map_err(failed)
    }
}
