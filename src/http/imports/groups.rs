//! The table of groups against those that are there.

use super::{ImportReport, begun, meanwhile, without_problems};
use crate::auth::new_id;
use crate::http::acting::Acting;
use crate::http::problem::Refused;
use crate::ids::{CourseId, GroupId};
use crate::import::{GroupRow, Import, write};
use crate::store::{Group, GroupFilter, GroupRecord, GroupsImport};
use crate::text::{Language, Title, fold};
use std::collections::HashMap;
use std::num::NonZeroU16;

/// What one key stands for.
pub(super) enum Named<T> {
    One(T),
    Several,
}

/// Every group that is in use.
pub(super) async fn all(acting: &Acting) -> Result<Vec<GroupRecord>, Refused> {
    Ok(acting.store.groups(&GroupFilter::default(), None, u32::MAX).await?)
}

/// Things by the key of their names.
pub(super) fn by_name<T>(named: impl IntoIterator<Item = (String, T)>) -> HashMap<String, Named<T>> {
    let mut map = HashMap::new();
    for (name, value) in named {
        map.entry(fold(&name)).and_modify(|known| *known = Named::Several).or_insert(Named::One(value));
    }
    map
}

/// Looks at a table of groups, and writes it unless it is only looked at.
pub(super) async fn bring(acting: &Acting, table: Import<GroupRow>, preview: bool) -> Result<ImportReport, Refused> {
    let (mut report, rows) = begun(table);
    let titles = acting.store.course_titles().await?;
    let courses = by_name(titles.into_iter().filter_map(|(id, title)| Some((title, id.parse::<CourseId>().ok()?))));
    let known: HashMap<(CourseId, String), GroupRecord> =
        all(acting).await?.into_iter().map(|group| ((group.course, fold(&group.name)), group)).collect();
    let mut import = GroupsImport::default();
    for numbered in rows {
        let (line, GroupRow { course, group, capacity }) = (numbered.line, numbered.row);
        let id = match courses.get(&fold(course.as_str())) {
            Some(Named::One(id)) => *id,
            Some(Named::Several) => {
                let detail = "several courses have this title: give one of them another, or make the group by hand";
                report.wrong(line, "course", "ambiguous_course", detail, course.as_str());
                continue;
            }
            None => {
                let detail = "no course has this title: make the course first, or correct the title";
                report.wrong(line, "course", "unknown_course", detail, course.as_str());
                continue;
            }
        };
        let capacity = capacity.map(|capacity| u32::from(capacity.get()));
        match known.get(&(id, fold(group.as_str()))) {
            Some(there) if capacity.is_some_and(|capacity| there.members > capacity) => {
                let detail = "the group has more members already: give a larger capacity";
                report.wrong(line, "capacity", "too_few", detail, &capacity.unwrap_or_default().to_string());
            }
            // An empty cell says nothing: what the group has stays.
            Some(there) if capacity.is_none() || capacity == there.capacity => report.note(line, "keep", &there.name),
            Some(there) => {
                report.note(line, "change", &there.name);
                import.change.push(GroupRecord { capacity, ..there.clone() });
            }
            None => {
                report.note(line, "create", group.as_str());
                let new = Group { id: GroupId(new_id(acting.at)?), course: id, name: group.into() };
                import.create.push((new, capacity));
            }
        }
    }
    let mut report = without_problems(report, preview)?;
    if preview || (import.create.is_empty() && import.change.is_empty()) {
        return Ok(report);
    }
    let detail = serde_json::json!({ "created": report.created, "changed": report.changed });
    let by = acting.change("groups.import", acting.institution, detail);
    acting.store.import_groups(&import, &by).await.map_err(meanwhile)?;
    report.written = true;
    Ok(report)
}

/// The groups as a table.
pub(super) async fn take(acting: &Acting, language: Language) -> Result<Vec<u8>, Refused> {
    let rows: Vec<GroupRow> = all(acting)
        .await?
        .into_iter()
        .filter_map(|group| {
            let capacity = group.capacity.and_then(|capacity| NonZeroU16::new(u16::try_from(capacity).ok()?));
            let (course, name) = (Title::parse(&group.course_title).ok()?, Title::parse(&group.name).ok()?);
            Some(GroupRow { course, group: name, capacity })
        })
        .collect();
    Ok(write(&rows, language))
}
