use super::acting::{Duty, Scope};
use super::{
    Shared, account, account_links, alarms, announcements, api_keys, applications, audit, board, catalogue, courses,
    devices, files, first_start, groups, health, imports, institutions, lessons, oidc, own, own_account, people,
    periods, places, regions, reports, retention, second_factor, service, venues, webhooks,
};
use crate::store::Reach;
use axum::routing::{MethodRouter, delete, get, patch, post};
use std::sync::LazyLock;

/// What a request must bring to be served. Ids in a path never suffice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// Nothing.
    Anybody,
    /// An address that watches over the server: this machine, and those that the configuration names.
    Operator,
    /// An invitation's secret, in the body.
    Invitation,
    /// The cookie of the session that holds the place which the path names.
    OwnPlace,
    /// A join ticket, in the first message.
    Ticket,
    /// A bearer token for publishing to the lesson that the path names.
    WhipToken,
    /// A bearer token for playing the lesson that the path names.
    WhepToken,
    /// The bearer token that opened the session which the path names.
    OwnDevice,
    /// The cookie of somebody who signed in, even where their second factor is still to come; it is about their own.
    BeforeSecondFactor,
    /// The cookie of somebody who signed in; it is about their own.
    SignedIn,
    /// An administrator or committee of a region or the ministry.
    Above,
    /// An administrator or a committee's observer, of whatever reach; it is about their branch of the country.
    Overseer,
    /// An administrator whose institution reaches at least so far.
    AdministratorOf(Reach),
    /// Somebody who has this duty at the institution that the path names, or (where it says so) a key of that
    /// institution with this scope.
    Within(Duty, Option<Scope>),
}

/// A route: its pattern, who may use each method, and what serves it. There is no other way to add one, and
/// tests/http/access.rs tries each with every kind of requester.
pub struct Route {
    pub path: &'static str,
    pub methods: &'static [(&'static str, Access)],
    pub(super) handler: MethodRouter<Shared>,
}

const PREFLIGHT: (&str, Access) = ("OPTIONS", Access::Anybody);

/// Each of these words is a page and the pages below it.
macro_rules! pages {
    ($($word:literal),+ $(,)?) => { [$(concat!("/", $word), concat!("/", $word, "/{*page}")),+] };
}

/// Where the web client's one page is, which finds out from its address what to show. The client has the same list in
/// web-client/src/pages.ts.
const PAGES: [&str; 34] = pages![
    "today",
    "week",
    "courses",
    "people",
    "announcements",
    "board",
    "alarms",
    "admin",
    "account",
    "catalogue",
    "application",
    "sign-in",
    "setup",
    "account-link",
    "lessons",
    "reports",
    "verify",
];

/// Every route but the web client's files, which are anybody's.
#[must_use]
pub fn routes() -> Vec<Route> {
    let mut routes = services();
    routes.extend(PAGES.map(page));
    routes.extend(calls());
    routes.extend(streams());
    routes.extend(account::routes());
    routes.extend(audit::routes());
    routes.extend(groups::routes());
    routes.extend(imports::routes());
    routes.extend(institutions::routes());
    routes.extend(people::routes());
    routes.extend(regions::routes());
    routes.extend(account_links::routes());
    routes.extend(api_keys::routes());
    routes.extend(first_start::routes());
    routes.extend(oidc::routes());
    routes.extend(own_account::routes());
    routes.extend(second_factor::routes());
    routes.extend(alarms::routes());
    routes.extend(announcements::routes());
    routes.extend(board::routes());
    routes.extend(applications::routes());
    routes.extend(catalogue::routes());
    routes.extend(courses::routes());
    routes.extend(lessons::routes());
    routes.extend(periods::routes());
    routes.extend(venues::routes());
    routes.extend(webhooks::routes());
    routes.extend(own::routes());
    routes.extend(reports::routes());
    routes.extend(retention::routes());
    routes
}

fn page(path: &'static str) -> Route {
    Route { path, methods: &[("GET", Access::Anybody)], handler: get(files::page) }
}

/// Whether the pattern is one of the web client's pages, which are no calls.
#[cfg(test)]
pub(super) fn is_page(path: &str) -> bool {
    ["/", "/join", "/lesson/{*page}"].contains(&path) || PAGES.contains(&path)
}

fn services() -> Vec<Route> {
    vec![
        page("/"),
        page("/join"),
        page("/lesson/{*page}"),
        Route { path: "/healthz", methods: &[("GET", Access::Anybody)], handler: get(health::health) },
        Route { path: "/metrics", methods: &[("GET", Access::Operator)], handler: get(service::metrics) },
        Route { path: "/api/openapi.json", methods: &[("GET", Access::Anybody)], handler: get(service::openapi) },
    ]
}

fn calls() -> Vec<Route> {
    vec![
        Route { path: "/ws", methods: &[("GET", Access::Ticket)], handler: get(service::websocket) },
        Route {
            path: "/api/invitations/open",
            methods: &[("POST", Access::Invitation)],
            handler: post(places::open_invitation),
        },
        Route { path: "/api/sessions", methods: &[("POST", Access::Invitation)], handler: post(places::start_session) },
        Route {
            path: "/api/lessons/{lesson}/participants/{participant}",
            methods: &[("GET", Access::OwnPlace)],
            handler: get(places::session_card),
        },
        Route {
            path: "/api/lessons/{lesson}/participants/{participant}/tickets",
            methods: &[("POST", Access::OwnPlace)],
            handler: post(places::issue_ticket),
        },
    ]
}

fn streams() -> Vec<Route> {
    vec![
        Route {
            path: "/whip/{lesson}",
            methods: &[("POST", Access::WhipToken), PREFLIGHT],
            handler: post(devices::publish).options(devices::endpoint_options),
        },
        Route {
            path: "/whip/{lesson}/{device}",
            methods: &[("PATCH", Access::OwnDevice), ("DELETE", Access::OwnDevice), PREFLIGHT],
            handler: patch(devices::change).merge(delete(devices::end)).options(devices::session_options),
        },
        Route {
            path: "/whep/{lesson}",
            methods: &[("POST", Access::WhepToken), PREFLIGHT],
            handler: post(devices::play).options(devices::endpoint_options),
        },
        Route {
            path: "/whep/{lesson}/{device}",
            methods: &[("PATCH", Access::OwnDevice), ("DELETE", Access::OwnDevice), PREFLIGHT],
            handler: patch(devices::change).merge(delete(devices::end)).options(devices::session_options),
        },
    ]
}

/// The pattern as a word of this program, for counting.
pub(super) fn known_path(matched: &str) -> Option<&'static str> {
    static PATHS: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| routes().into_iter().map(|route| route.path).collect());
    PATHS.iter().copied().find(|path| *path == matched)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_web_clients_pages_are_served() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web-client/src/pages.ts");
        let text = std::fs::read_to_string(path).expect("the client's list");
        let theirs: Vec<&str> = text.split('\'').skip(1).step_by(2).collect();
        let ours: Vec<&str> = PAGES.iter().step_by(2).map(|page| page.trim_start_matches('/')).collect();
        assert_eq!(ours, theirs, "web-client/src/pages.ts names other pages than src/http/routes.rs");
    }
}
