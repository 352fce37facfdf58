//! Groups of trainees, and who is in them.

use crate::courses::by;
use crate::people::{account, add};
use crate::scratch::{STARTS_AT, Scratch, school};
use qism::ids::{CourseId, GroupId, PersonId};
use qism::store::{Change, Group, GroupFilter, GroupRecord, InstitutionStore, Roles, StoreError};
use std::time::Duration;
use uuid::Uuid;

const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };

fn group(number: u128, course: CourseId, name: &str) -> Group {
    Group { id: GroupId(Uuid::from_u128(0x5_000 + number)), course, name: name.into() }
}

async fn names(of: &InstitutionStore, filter: GroupFilter) -> Vec<String> {
    let mut names: Vec<String> =
        of.groups(&filter, None, 100).await.expect("groups").into_iter().map(|group| group.name).collect();
    names.sort();
    names
}

async fn the(of: &InstitutionStore, group: GroupId) -> GroupRecord {
    of.group(group).await.expect("an answer").expect("the group")
}

async fn members(of: &InstitutionStore, group: GroupId) -> Vec<PersonId> {
    let mut members: Vec<PersonId> =
        of.members(group, None, 100).await.expect("members").into_iter().map(|member| member.person).collect();
    members.sort_unstable();
    members
}

pub async fn a_group_is_found_changed_and_archived(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let made = group(1, ours.course, "Électricité – groupe A");
    of.add_group(&made, Some(2), &by("group.create")).await.expect("a group");
    let twice = of.add_group(&made, None, &by("group.create")).await;
    assert!(matches!(twice, Err(StoreError::Conflict)), "{twice:?}");
    for course in [theirs.course, CourseId(Uuid::from_u128(1))] {
        let refused = of.add_group(&group(2, course, "G"), None, &by("group.create")).await;
        assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    }
    let record = the(&of, made.id).await;
    assert_eq!((record.course_title.as_str(), record.capacity, record.members), ("كهرباء السيارات", Some(2), 0));
    let search = |words: &str| GroupFilter { search: words.into(), ..GroupFilter::default() };
    for words in ["electr", "GROUPE a", "كهربا electr"] {
        assert_eq!(names(&of, search(words)).await, ["Électricité – groupe A"], "{words}");
    }
    assert_eq!(names(&of, search("السّيارات")).await.len(), 2, "by the course's title");
    assert_eq!(names(&of, search("فوج ٢")).await, ["فوج 2"]);
    assert_eq!(names(&of, GroupFilter { course: Some(theirs.course), ..GroupFilter::default() }).await.len(), 0);

    let wanted = GroupRecord { name: "Groupe B".into(), capacity: None, ..record.clone() };
    of.change_group(&wanted, &by("group.change")).await.expect("changed");
    assert!(matches!(of.change_group(&record, &by("group.change")).await, Err(StoreError::Stale)));
    let wanted = GroupRecord { version: 2, ..wanted };
    assert_eq!(the(&of, made.id).await, wanted);
    assert_eq!(names(&of, search("electr")).await, Vec::<String>::new());
    let foreign = theirs.of(&store);
    assert!(matches!(foreign.change_group(&wanted, &by("group.change")).await, Err(StoreError::Missing)));
    assert_eq!(foreign.group(made.id).await.expect("an answer"), None);

    let archived = GroupRecord { archived_at: Some(STARTS_AT), ..wanted };
    of.change_group(&archived, &by("group.archive")).await.expect("archived");
    assert_eq!(names(&of, GroupFilter::default()).await, ["فوج 2"]);
    assert_eq!(names(&of, GroupFilter { archived: true, ..GroupFilter::default() }).await, ["Groupe B"]);
    let late = add(&of, account(1, "Amina", TRAINEE)).await;
    let refused = of.add_member(made.id, late, &by("group.join")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
}

pub async fn a_group_takes_as_many_as_it_has_places_for(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let of = ours.of(&store);
    let made = group(1, ours.course, "فوج 3");
    of.add_group(&made, Some(2), &by("group.create")).await.expect("a group");
    let mut people = Vec::new();
    for (number, name) in [(1, "Amina"), (2, "Karim"), (3, "Leila")] {
        people.push(add(&of, account(number, name, TRAINEE)).await);
    }
    let later = Change { at: STARTS_AT.plus(Duration::from_secs(60)), ..by("group.join") };
    for person in &people[..2] {
        of.add_member(made.id, *person, &by("group.join")).await.expect("a place");
        of.add_member(made.id, *person, &later).await.expect("in it already");
    }
    let full = of.add_member(made.id, people[2], &by("group.join")).await;
    assert!(matches!(full, Err(StoreError::Full)), "{full:?}");
    assert_eq!(members(&of, made.id).await, people[..2]);
    let listed = of.members(made.id, None, 1).await.expect("members");
    assert_eq!((listed[0].name.as_str(), listed[0].since), ("Amina", STARTS_AT), "since the first time");
    let after = Some((listed[0].name.clone(), listed[0].person.to_string()));
    let rest = of.members(made.id, after, 10).await.expect("members");
    assert_eq!(rest.iter().map(|member| member.name.as_str()).collect::<Vec<_>>(), ["Karim"]);
    assert_eq!(names(&of, GroupFilter { member: Some(people[0]), ..GroupFilter::default() }).await, ["فوج 3"]);

    let record = the(&of, made.id).await;
    assert_eq!(record.members, 2);
    let too_few = of.change_group(&GroupRecord { capacity: Some(1), ..record.clone() }, &by("group.change")).await;
    assert!(matches!(too_few, Err(StoreError::Full)), "{too_few:?}");
    assert_eq!(the(&of, made.id).await, record, "nothing of it was written");

    let foreign = theirs.of(&store);
    for (group, person) in [(made.id, people[2]), (theirs.group, people[2]), (made.id, theirs.trainer)] {
        let refused = foreign.add_member(group, person, &by("group.join")).await;
        assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    }
    assert!(matches!(of.add_member(made.id, theirs.trainer, &by("group.join")).await, Err(StoreError::Missing)));
    assert!(matches!(foreign.remove_member(made.id, people[0], &by("group.leave")).await, Err(StoreError::Missing)));
    assert_eq!(foreign.members(made.id, None, 10).await.expect("members"), []);
    assert!(!foreign.is_member(made.id, people[0]).await.expect("an answer"));

    of.remove_member(made.id, people[0], &by("group.leave")).await.expect("a place is free");
    assert!(matches!(of.remove_member(made.id, people[0], &by("group.leave")).await, Err(StoreError::Missing)));
    of.add_member(made.id, people[2], &by("group.join")).await.expect("the free place");
    assert_eq!(members(&of, made.id).await, people[1..]);
}
