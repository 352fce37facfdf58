//! What somebody looks at again and again in the reports, under names, and how often it comes to them by mail.

use crate::auth::new_id;
use crate::http::Shared;
use crate::http::acting::{Acting, Duty, SignedIn, reaches};
use crate::http::extract::{Id, JsonBody};
use crate::http::problem::Refused;
use crate::http::record::{Created, Fields, Page, present};
use crate::ids::{InstitutionId, ReportViewId};
use crate::notify::next_report_mail;
use crate::protocol::{ErrorCode, Problem};
use crate::rollup::view::View;
use crate::schedule::Zone;
use crate::store::{Member, REPORT_VIEWS_MAX, ReportMail, ReportView, StoreError};
use crate::text::Name;
use crate::time::Timestamp;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

/// A report under a name.
#[derive(Serialize, ToSchema)]
pub struct ReportViewCard {
    id: String,
    name: String,
    /// Whose lessons it is of; absent where it is one's own branch of the country.
    institution: Option<String>,
    /// What stands behind the `?` of the page's address.
    query: String,
    /// `weekly` (on Mondays), `monthly` (on the first) or absent: how often it comes by mail, of the week or month that is
    /// over then.
    #[schema(value_type = Option<String>)]
    mail: Option<&'static str>,
    /// When the next one is due, in microseconds since 1970-01-01T00:00:00Z.
    mail_due_at: Option<i64>,
    created_at: i64,
}

/// A report to be kept under a name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReportView {
    /// 1 to 80 characters.
    name: String,
    institution: Option<String>,
    /// What stands behind the `?` of the page's address; at most 500 bytes.
    query: String,
    mail: Option<String>,
}

/// What of it is changed; absent fields stay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportViewChange {
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    institution: Option<Option<String>>,
    query: Option<String>,
    #[serde(default, deserialize_with = "present")]
    mail: Option<Option<String>>,
}

fn card(view: ReportView) -> ReportViewCard {
    ReportViewCard {
        id: view.id.to_string(),
        name: view.name,
        institution: view.subject.map(|institution| institution.to_string()),
        query: view.query,
        mail: view.mail.map(|(mail, _)| mail.word()),
        mail_due_at: view.mail.map(|(_, due_at)| due_at.micros()),
        created_at: view.created_at.micros(),
    }
}

/// One's reports under names, in the order in which they were made; 30 at most, on one page.
#[utoipa::path(
    get, path = "/api/me/report-views", tag = "reports",
    responses((status = 200, body = Page<ReportViewCard>), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn list(acting: Acting, SignedIn(member): SignedIn) -> Result<Json<Page<ReportViewCard>>, Refused> {
    let views = acting.store.report_views(member.person).await?;
    Ok(Json(Page { items: views.into_iter().map(card).collect(), next: None }))
}

/// Keeps a report under a name; of one's branch, or of an institution whose reports one may read.
#[utoipa::path(
    post, path = "/api/me/report-views", tag = "reports", request_body = NewReportView,
    responses((status = 201, body = ReportViewCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn create(
    State(shared): State<Shared>,
    acting: Acting,
    SignedIn(member): SignedIn,
    JsonBody(asked): JsonBody<NewReportView>,
) -> Result<Created<ReportViewCard>, Refused> {
    let mut fields = Fields::default();
    let name = fields.take("name", Name::parse(&asked.name)).map(String::from);
    let query = query_of(&mut fields, asked.query);
    let subject = subject_of(&mut fields, asked.institution.as_deref());
    let mail = mail_of(&mut fields, asked.mail.as_deref());
    fields.done()?;
    may_read(&shared, &member, subject).await?;
    let view = ReportView {
        id: ReportViewId(new_id(acting.at)?),
        name: name.unwrap_or_default(),
        subject,
        query: query.unwrap_or_default(),
        mail: mail.map(|mail| (mail, due(&member, mail, acting.at))),
        created_at: acting.at,
    };
    let by = acting.change("report_view.create", view.id, json!({ "mail": mail.map(ReportMail::word) }));
    match acting.store.create_report_view(member.person, &view, &by).await {
        Err(StoreError::Full) => {
            let detail = format!("You have {REPORT_VIEWS_MAX} views, as many as one can have; delete one first.");
            return Err(Refused::new(StatusCode::CONFLICT, ErrorCode::InUse, detail));
        }
        created => created?,
    }
    Ok(Created { location: format!("/api/me/report-views/{}", view.id), version: 1, record: card(view) })
}

/// Changes a report under a name.
#[utoipa::path(
    patch, path = "/api/me/report-views/{view}", tag = "reports",
    params(("view" = String, Path)), request_body = ReportViewChange,
    responses((status = 200, body = ReportViewCard), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn change(
    State(shared): State<Shared>,
    acting: Acting,
    SignedIn(member): SignedIn,
    Id(id): Id<ReportViewId>,
    JsonBody(asked): JsonBody<ReportViewChange>,
) -> Result<Json<ReportViewCard>, Refused> {
    let mut view = acting.store.report_view(member.person, id).await?.ok_or_else(Refused::no_record)?;
    let mut fields = Fields::default();
    if let Some(name) = asked.name {
        view.name = fields.take("name", Name::parse(&name)).map(String::from).unwrap_or_default();
    }
    if let Some(query) = asked.query {
        view.query = query_of(&mut fields, query).unwrap_or_default();
    }
    if let Some(institution) = asked.institution {
        view.subject = subject_of(&mut fields, institution.as_deref());
    }
    if let Some(mail) = asked.mail {
        let mail = mail_of(&mut fields, mail.as_deref());
        // Who asks for the same again does not put off what is due.
        if mail != view.mail.map(|(mail, _)| mail) {
            view.mail = mail.map(|mail| (mail, due(&member, mail, acting.at)));
        }
    }
    fields.done()?;
    may_read(&shared, &member, view.subject).await?;
    let by = acting.change("report_view.change", id, json!({ "mail": view.mail.map(|(mail, _)| mail.word()) }));
    acting.store.change_report_view(member.person, &view, &by).await?;
    Ok(Json(card(view)))
}

/// Forgets a report under a name.
#[utoipa::path(
    delete, path = "/api/me/report-views/{view}", tag = "reports", params(("view" = String, Path)),
    responses((status = 204, description = "It is gone"), (status = "4XX", body = Problem), (status = "5XX", body = Problem))
)]
pub async fn remove(
    acting: Acting,
    SignedIn(member): SignedIn,
    Id(view): Id<ReportViewId>,
) -> Result<StatusCode, Refused> {
    let by = acting.change("report_view.remove", view, json!({}));
    acting.store.remove_report_view(member.person, view, &by).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn query_of(fields: &mut Fields, query: String) -> Option<String> {
    match View::parse(&query) {
        Ok(_) => Some(query),
        Err(fault) => {
            fields.fault(
                "query",
                "report_query_unreadable",
                format!("This is no address of the reports' page: {fault}."),
            );
            None
        }
    }
}

fn subject_of(fields: &mut Fields, institution: Option<&str>) -> Option<InstitutionId> {
    institution.and_then(|text| fields.word("institution", text, text.parse().ok(), "unknown"))
}

fn mail_of(fields: &mut Fields, mail: Option<&str>) -> Option<ReportMail> {
    mail.and_then(|word| fields.word("mail", word, ReportMail::parse(word), "unknown"))
}

/// When the first mail comes, by the clock of the reader's institution.
fn due(member: &Member, mail: ReportMail, now: Timestamp) -> Timestamp {
    let zone = Zone::parse(&member.time_zone).unwrap_or_else(|_| Zone::utc());
    next_report_mail(&zone, mail, now)
}

/// # Errors
/// Where they can't read these reports: nobody keeps what they would be refused.
async fn may_read(shared: &Shared, member: &Member, subject: Option<InstitutionId>) -> Result<(), Refused> {
    let Some(institution) = subject else {
        return if Duty::Oversight.allows(member.roles, true) { Ok(()) } else { Err(Refused::forbidden()) };
    };
    if !reaches(shared, member, institution).await? {
        return Err(Refused::no_record());
    }
    let may = Duty::Reports.allows(member.roles, institution == member.institution);
    if may { Ok(()) } else { Err(Refused::forbidden()) }
}
