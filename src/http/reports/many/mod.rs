//! What many lessons come to: of a branch of the country, and of an institution, over time and side by side; which trainees
//! may be lost; and what somebody looks at again and again.
//!
//! Figures of lessons name nobody. Trainers, put side by side, and trainees at risk have names for those who have them in
//! a lesson's report, and each look at them is noted in the institution's audit log.

mod asked;
mod export;
mod figures;
mod report;
mod risk;
mod views;
mod words;

use crate::http::Shared;
use crate::http::acting::{Acting, Duty, SignedIn, Who};
use crate::http::problem::Refused;
use crate::http::record::{Asked, Fields};
use crate::http::routes::{Access, Route};
use crate::ids::PersonId;
use crate::protocol::Problem;
use crate::rollup::view::Grouping;
use crate::store::{Branch, Member};
use asked::{BranchReportQuery, InstitutionReportQuery, grouping, periods};
use axum::Json;
use axum::extract::State;
use axum::routing::get;
use report::{CommitteeReport, Report, Source, Wanted};
use serde_json::json;
use utoipa::OpenApi;

const READ: Access = Access::Within(Duty::Reports, None);

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route { path: "/api/reports", methods: &[("GET", Access::Overseer)], handler: get(of_branch) },
        Route {
            path: "/api/reports.csv",
            methods: &[("GET", Access::Overseer)],
            handler: get(export::of_branch_as_csv),
        },
        Route {
            path: "/api/reports.xlsx",
            methods: &[("GET", Access::Overseer)],
            handler: get(export::of_branch_as_xlsx),
        },
        Route {
            path: "/api/institutions/{institution}/reports",
            methods: &[("GET", READ)],
            handler: get(of_institution),
        },
        Route {
            path: "/api/institutions/{institution}/reports.csv",
            methods: &[("GET", READ)],
            handler: get(export::of_institution_as_csv),
        },
        Route {
            path: "/api/institutions/{institution}/reports.xlsx",
            methods: &[("GET", READ)],
            handler: get(export::of_institution_as_xlsx),
        },
        Route {
            path: "/api/institutions/{institution}/reports/at-risk",
            methods: &[("GET", READ)],
            handler: get(risk::at_risk),
        },
        Route {
            path: "/api/me/report-views",
            methods: &[("GET", Access::SignedIn), ("POST", Access::SignedIn)],
            handler: get(views::list).post(views::create),
        },
        Route {
            path: "/api/me/report-views/{view}",
            methods: &[("PATCH", Access::SignedIn), ("DELETE", Access::SignedIn)],
            handler: axum::routing::patch(views::change).delete(views::remove),
        },
    ]
}

#[derive(OpenApi)]
#[openapi(paths(
    of_branch,
    of_institution,
    export::of_branch_as_csv,
    export::of_branch_as_xlsx,
    export::of_institution_as_csv,
    export::of_institution_as_xlsx,
    risk::at_risk,
    views::list,
    views::create,
    views::change,
    views::remove,
))]
pub(in crate::http) struct Described;

/// What the lessons of the reader's branch of the country come to, by region or institution: of their institution's, their
/// region's, or all. Nobody is named.
#[utoipa::path(
    get, path = "/api/reports", tag = "reports", params(BranchReportQuery),
    responses((status = 200, body = CommitteeReport), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn of_branch(
    State(shared): State<Shared>,
    SignedIn(member): SignedIn,
    Asked(query): Asked<BranchReportQuery>,
) -> Result<Json<CommitteeReport>, Refused> {
    Ok(Json(branch_report(&shared, &member, &query).await?.into()))
}

/// What the lessons of an institution come to, by course, group or trainer; a trainer's own only.
#[utoipa::path(
    get, path = "/api/institutions/{institution}/reports", tag = "reports",
    params(("institution" = String, Path), InstitutionReportQuery),
    responses((status = 200, body = CommitteeReport), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
async fn of_institution(
    acting: Acting,
    Asked(query): Asked<InstitutionReportQuery>,
) -> Result<Json<CommitteeReport>, Refused> {
    Ok(Json(institution_report(&acting, &query, "report").await?.into()))
}

async fn branch_report(shared: &Shared, member: &Member, query: &BranchReportQuery) -> Result<Report, Refused> {
    let branch = Branch::of(member);
    let unless_said = if branch == Branch::Country { Grouping::Region } else { Grouping::Institution };
    let unless_said = if query.region.is_some() { Grouping::Institution } else { unless_said };
    let mut fields = Fields::default();
    let (asked, compared) =
        ((query.from.as_deref(), query.to.as_deref()), (query.compare_from.as_deref(), query.compare_to.as_deref()));
    let periods = periods(&mut fields, asked, compared, query.per.as_deref());
    let by = grouping(&mut fields, query.by.as_deref(), unless_said);
    let region = query.region.as_deref().map(|text| fields.word("region", text, text.parse().ok(), "unknown"));
    fields.done()?;
    let branch = branch.narrowed(region.flatten()).ok_or_else(Refused::no_record)?;
    let (Some(periods), Some(by)) = (periods, by) else { return Err(Refused::no_record()) };
    let wanted = Wanted { periods, branch, by, course: None, group: None, trainer: None, named: false };
    Report::read(Source::Branch(&shared.app.store), wanted).await
}

/// Reads an institution's report for who asks; `at` says where, should trainers have names in it.
async fn institution_report(
    acting: &Acting,
    query: &InstitutionReportQuery,
    at: &'static str,
) -> Result<Report, Refused> {
    let reader = Reader::of(acting)?;
    let mut fields = Fields::default();
    let (asked, compared) =
        ((query.from.as_deref(), query.to.as_deref()), (query.compare_from.as_deref(), query.compare_to.as_deref()));
    let periods = periods(&mut fields, asked, compared, query.per.as_deref());
    let by = grouping(&mut fields, query.by.as_deref(), Grouping::Course);
    let course = query.course.as_deref().map(|text| fields.word("course", text, text.parse().ok(), "unknown"));
    let group = query.group.as_deref().map(|text| fields.word("group", text, text.parse().ok(), "unknown"));
    let trainer = query.trainer.as_deref().map(|text| fields.word("trainer", text, text.parse().ok(), "unknown"));
    fields.done()?;
    let (Some(periods), Some(by)) = (periods, by) else { return Err(Refused::no_record()) };
    let wanted = Wanted {
        periods,
        branch: Branch::Institution(acting.institution),
        by,
        course: course.flatten(),
        group: group.flatten(),
        trainer: reader.trainer(trainer.flatten())?,
        named: reader.named,
    };
    let is_of_trainers = by == Grouping::Trainer || wanted.trainer.is_some();
    let report = Report::read(Source::Institution(&acting.store), wanted).await?;
    if reader.only.is_none() && reader.named && is_of_trainers {
        looked(acting, at).await?;
    }
    Ok(report)
}

/// What somebody may know of an institution's lessons.
struct Reader {
    /// Whether people have names for them.
    named: bool,
    /// They see the lessons of this trainer only: themselves.
    only: Option<PersonId>,
}

impl Reader {
    fn of(acting: &Acting) -> Result<Self, Refused> {
        let Who::Person(member) = &acting.who else { return Err(Refused::forbidden()) };
        let is_own = member.institution == acting.institution;
        if Duty::Oversight.allows(member.roles, is_own) {
            return Ok(Self { named: is_own || member.sees_names, only: None });
        }
        if is_own && member.roles.trainer {
            return Ok(Self { named: true, only: Some(member.person) });
        }
        Err(Refused::forbidden())
    }

    /// Whose lessons they are shown, of the trainer that they ask for.
    fn trainer(&self, asked: Option<PersonId>) -> Result<Option<PersonId>, Refused> {
        match (self.only, asked) {
            (Some(only), Some(asked)) if only != asked => Err(Refused::no_record()),
            (Some(only), _) => Ok(Some(only)),
            // Who sees no names can't ask for somebody either.
            (None, Some(_)) if !self.named => Err(Refused::no_record()),
            (None, asked) => Ok(asked),
        }
    }
}

/// Notes a look at people's names.
async fn looked(acting: &Acting, at: &'static str) -> Result<(), Refused> {
    let by = acting.change("attendance.look", acting.institution, json!({ "at": at }));
    Ok(acting.store.note_in_audit(&by).await?)
}
