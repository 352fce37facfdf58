//! The table of people against those who are there.

use super::groups::{Named, all, by_name};
use super::{ImportReport, begun, meanwhile, without_problems};
use crate::auth::new_id;
use crate::http::acting::Acting;
use crate::http::people::{account_of, blank, sign_in};
use crate::http::problem::Refused;
use crate::ids::{GroupId, PersonId};
use crate::import::{ExternalId, Import, PersonRow, Role, write};
use crate::store::{GroupRecord, PeopleImport, PersonRecord, Roles, Store};
use crate::text::{Language, Mail, Name, SignInName, Title, fold};
use std::collections::{BTreeSet, HashMap, HashSet};

/// The institution as the table meets it.
struct There {
    people: Vec<PersonRecord>,
    by_external_id: HashMap<String, usize>,
    by_sign_in: HashMap<String, usize>,
    by_mail: HashMap<String, usize>,
    groups: HashMap<String, Named<GroupRecord>>,
    members: HashSet<(GroupId, PersonId)>,
}

impl There {
    async fn of(acting: &Acting) -> Result<Self, Refused> {
        let people = acting.store.everybody().await?;
        let by = |key: fn(&PersonRecord) -> Option<String>| -> HashMap<String, usize> {
            people.iter().enumerate().filter_map(|(index, person)| Some((key(person)?, index))).collect()
        };
        let by_external_id = by(|person| person.external_id.clone());
        let by_sign_in = by(|person| person.sign_in.clone());
        let by_mail = by(|person| person.mail.as_ref().map(|mail| mail.to_lowercase()));
        let groups = by_name(all(acting).await?.into_iter().map(|group| (group.name.clone(), group)));
        let members = acting.store.memberships().await?.into_iter();
        let members = members.filter_map(|(group, person)| Some((group.parse().ok()?, person.parse().ok()?))).collect();
        Ok(Self { people, by_external_id, by_sign_in, by_mail, groups, members })
    }

    /// Who a row is: by its number, else by its sign-in name, else by its mail address. Somebody who has another number
    /// is somebody else.
    fn find(&self, row: &PersonRow) -> Option<&PersonRecord> {
        let number = row.external_id.as_ref().map(ToString::to_string);
        let by_number = number.as_ref().and_then(|number| self.by_external_id.get(number));
        let by_sign_in = || self.by_sign_in.get(row.sign_in.as_ref()?.as_str());
        let by_mail = || self.by_mail.get(&row.mail.as_ref()?.as_str().to_lowercase());
        let found = by_number.or_else(by_sign_in).or_else(by_mail).and_then(|index| self.people.get(*index))?;
        let other = number.is_some() && found.external_id.is_some() && found.external_id != number;
        (!other).then_some(found)
    }
}

/// Looks at a table of people, and writes it unless it is only looked at.
pub(super) async fn bring(
    acting: &Acting,
    store: &Store,
    table: Import<PersonRow>,
    preview: bool,
) -> Result<ImportReport, Refused> {
    let (mut report, rows) = begun(table);
    let there = There::of(acting).await?;
    let mut import = PeopleImport::default();
    let mut given: HashSet<String> =
        rows.iter().filter_map(|row| Some(row.row.sign_in.as_ref()?.to_string())).collect();
    let mut joining: HashMap<GroupId, u32> = HashMap::new();
    for numbered in rows {
        let (line, row) = (numbered.line, numbered.row);
        let found = there.find(&row);
        let mut wanted = match found {
            Some(person) => person.clone(),
            None => blank(PersonId(new_id(acting.at)?), acting.at),
        };
        write_over(&mut wanted, &row);
        if let Some(taken) = taken(store, found, &wanted).await? {
            let detail = "somebody else has this sign-in name: give another";
            report.wrong(line, "sign_in", "taken", detail, &taken);
            continue;
        }
        let Ok(group) = group_of(&mut report, &there, line, &row, wanted.id, &mut joining) else { continue };
        let changed = found != Some(&wanted);
        if changed {
            acting.may_change(found.map(|person| person.roles).into_iter().chain([wanted.roles]))?;
        }
        match found {
            Some(_) if !changed && group.is_none() => report.note(line, "keep", &wanted.name),
            Some(_) => {
                report.note(line, "change", &wanted.name);
                if changed {
                    import.change.push(wanted.clone());
                }
            }
            None => {
                report.note(line, "create", &wanted.name);
                if wanted.sign_in.is_none() && !preview {
                    let mail = wanted.mail.as_deref();
                    wanted.sign_in = Some(sign_in::free(store, wanted.id, &wanted.name, mail, &given).await?);
                }
                given.extend(wanted.sign_in.clone());
                import.create.push(account_of(&wanted));
            }
        }
        import.join.extend(group.map(|group| (group, wanted.id)));
    }
    let mut report = without_problems(report, preview)?;
    if preview || (import.create.is_empty() && import.change.is_empty() && import.join.is_empty()) {
        return Ok(report);
    }
    let detail = serde_json::json!({ "created": report.created, "changed": report.changed });
    let by = acting.change("people.import", acting.institution, detail);
    acting.store.import_people(&import, &by).await.map_err(meanwhile)?;
    report.written = true;
    Ok(report)
}

/// Writes what a row says over a person. An empty cell says nothing; roles come to those that they have: taking one from
/// somebody is done by hand.
fn write_over(person: &mut PersonRecord, row: &PersonRow) {
    let has = |role| row.roles.contains(&role);
    person.name = row.name.to_string();
    person.sign_in = row.sign_in.as_ref().map(ToString::to_string).or(person.sign_in.take());
    person.mail = row.mail.as_ref().map(ToString::to_string).or(person.mail.take());
    person.external_id = row.external_id.as_ref().map(ToString::to_string).or(person.external_id.take());
    person.language = row.language.map(|language| language.tag().to_owned()).or(person.language.take());
    let Roles { trainer, trainee, committee, administrator } = person.roles;
    person.roles = Roles {
        trainer: trainer || has(Role::Trainer),
        trainee: trainee || has(Role::Trainee),
        committee: committee || has(Role::Committee),
        administrator: administrator || has(Role::Administrator),
    };
}

/// The sign-in name that a row wants and somebody else has.
async fn taken(store: &Store, found: Option<&PersonRecord>, wanted: &PersonRecord) -> Result<Option<String>, Refused> {
    let Some(sign_in) = &wanted.sign_in else { return Ok(None) };
    let own = found.is_some_and(|person| person.sign_in.as_ref() == Some(sign_in));
    Ok((!own && store.sign_in_is_taken(sign_in).await?).then(|| sign_in.clone()))
}

/// The group that a row puts its person into, where they are not in it already; what is wrong with it goes into the
/// report.
fn group_of(
    report: &mut ImportReport,
    there: &There,
    line: u32,
    row: &PersonRow,
    person: PersonId,
    joining: &mut HashMap<GroupId, u32>,
) -> Result<Option<GroupId>, ()> {
    let Some(name) = &row.group else { return Ok(None) };
    let mut wrong = |code, detail| {
        report.wrong(line, "group", code, detail, name.as_str());
        Err(())
    };
    let group = match there.groups.get(&fold(name.as_str())) {
        Some(Named::One(group)) => group,
        Some(Named::Several) => {
            return wrong("ambiguous_group", "several groups have this name: put them into it by hand");
        }
        None => return wrong("unknown_group", "no group has this name: make the group first, or correct the name"),
    };
    if there.members.contains(&(group.id, person)) {
        return Ok(None);
    }
    let more = joining.entry(group.id).or_default();
    *more += 1;
    if group.capacity.is_some_and(|capacity| group.members.saturating_add(*more) > capacity) {
        return wrong("group_full", "the group has no place left: raise its capacity, or choose another");
    }
    Ok(Some(group.id))
}

/// The people as a table.
pub(super) async fn take(acting: &Acting, language: Language) -> Result<Vec<u8>, Refused> {
    let people = acting.store.everybody().await?;
    let names: HashMap<String, String> =
        all(acting).await?.into_iter().map(|group| (group.id.to_string(), group.name)).collect();
    let memberships = acting.store.memberships().await?;
    let groups: HashMap<String, &String> =
        memberships.iter().filter_map(|(group, person)| Some((person.clone(), names.get(group)?))).collect();
    let rows: Vec<PersonRow> = people
        .into_iter()
        .filter_map(|person| {
            let group = groups.get(&person.id.to_string()).and_then(|group| Title::parse(group).ok());
            Some(PersonRow {
                name: Name::parse(&person.name).ok()?,
                sign_in: person.sign_in.as_deref().and_then(|name| SignInName::parse(name).ok()),
                mail: person.mail.as_deref().and_then(|mail| Mail::parse(mail).ok()),
                roles: roles_of(person.roles),
                group,
                language: person.language.as_deref().and_then(|tag| Language::parse(tag).ok()),
                external_id: person.external_id.as_deref().and_then(|number| ExternalId::parse(number).ok()),
            })
        })
        .collect();
    Ok(write(&rows, language))
}

fn roles_of(roles: Roles) -> BTreeSet<Role> {
    let all = [
        (roles.trainer, Role::Trainer),
        (roles.trainee, Role::Trainee),
        (roles.administrator, Role::Administrator),
        (roles.committee, Role::Committee),
    ];
    all.into_iter().filter(|(has, _)| *has).map(|(_, role)| role).collect()
}
