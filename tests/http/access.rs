//! Every route, tried by everybody: deny by default.

use crate::support::members::{self, Member};
use crate::support::sdp::{Line, offer};
use crate::support::{Lesson, Schools, Server, Visitor};
use crate::{Answer, ask};
use qism::http::{Access, Duty, Scope, routes};
use qism::protocol::Role;
use qism::store::Reach;
use std::collections::BTreeSet;
use std::time::Duration;

/// Who asks. Everyone but `Nobody` belongs to the first institution's lesson, or to the second's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    /// A session that holds a place of this role.
    Person(Role, Home),
    /// The session of another person of the same lesson.
    Neighbour,
    /// A program on the server's own machine.
    ThisMachine,
    /// A token for publishing.
    Whip(Home),
    /// A token for playing.
    Whep(Home),
    /// The session of somebody with an account.
    Member(Post, At),
    /// A program's key with one scope.
    Key(Scope, Home),
}

/// What somebody with an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Post {
    Trainer,
    Trainee,
    Committee,
    Administrator,
}

/// Where they are it, as the institution that is asked for sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Own,
    Other,
    /// The region that it is in.
    ItsRegion,
    OtherRegion,
    Ministry,
}

/// Whether it is the lesson that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Own,
    Other,
}

const POSTS: [Post; 4] = [Post::Trainer, Post::Trainee, Post::Committee, Post::Administrator];
const ATS: [At; 5] = [At::Own, At::Other, At::ItsRegion, At::OtherRegion, At::Ministry];

fn everybody() -> Vec<Who> {
    let members = ATS.into_iter().flat_map(|at| POSTS.into_iter().map(move |post| Who::Member(post, at)));
    let keys = Scope::ALL.into_iter().flat_map(|scope| [Who::Key(scope, Home::Own), Who::Key(scope, Home::Other)]);
    GUESTS.into_iter().chain(members).chain(keys).collect()
}

/// Those without an account.
const GUESTS: [Who; 13] = [
    Who::Nobody,
    Who::ThisMachine,
    Who::Person(Role::Trainer, Home::Own),
    Who::Person(Role::Trainee, Home::Own),
    Who::Person(Role::Committee, Home::Own),
    Who::Person(Role::Trainer, Home::Other),
    Who::Person(Role::Trainee, Home::Other),
    Who::Person(Role::Committee, Home::Other),
    Who::Neighbour,
    Who::Whip(Home::Own),
    Who::Whip(Home::Other),
    Who::Whep(Home::Own),
    Who::Whep(Home::Other),
];

/// The lessons, and who is in them.
struct World {
    server: Server,
    own: Lesson,
    /// The places that are asked for: one of each role, in the first lesson.
    places: Vec<(Role, Visitor)>,
    strangers: Vec<(Role, Visitor)>,
    neighbour: Visitor,
    tokens: [(Who, String); 4],
    members: Vec<(Who, Member)>,
    keys: Vec<(Who, String)>,
}

async fn world() -> World {
    let (server, schools) = Server::start().await;
    let mut places = Vec::new();
    let mut strangers = Vec::new();
    for role in [Role::Trainer, Role::Trainee, Role::Committee] {
        places.push((role, server.visitor(&schools.first, role, "Amina").await));
        strangers.push((role, server.visitor(&schools.second, role, "Karim").await));
    }
    let neighbour = server.visitor(&schools.first, Role::Trainee, "Leila").await;
    let tokens = [
        (Who::Whip(Home::Own), schools.first.whip.clone()),
        (Who::Whip(Home::Other), schools.second.whip.clone()),
        (Who::Whep(Home::Own), schools.first.whep.clone()),
        (Who::Whep(Home::Other), schools.second.whep.clone()),
    ];
    let members = members(&server, &schools).await;
    let mut keys = Vec::new();
    for scope in Scope::ALL {
        for (home, institution) in [(Home::Own, schools.first.institution), (Home::Other, schools.second.institution)] {
            keys.push((Who::Key(scope, home), server.api_key(institution, &[scope.word()]).await));
        }
    }
    World { server, own: schools.first, places, strangers, neighbour, tokens, members, keys }
}

/// Somebody of each post at each place.
async fn members(server: &Server, schools: &Schools) -> Vec<(Who, Member)> {
    let own_region = server.institution(schools.first.region, Reach::Region).await;
    let other_region = server.institution(schools.second.region, Reach::Region).await;
    let ministry = server.institution(schools.second.region, Reach::Ministry).await;
    let mut members = Vec::new();
    for (at, institution) in [
        (At::Own, schools.first.institution),
        (At::Other, schools.second.institution),
        (At::ItsRegion, own_region),
        (At::OtherRegion, other_region),
        (At::Ministry, ministry),
    ] {
        for (post, roles) in
            POSTS.into_iter().zip([members::TRAINER, members::TRAINEE, members::COMMITTEE, members::ADMINISTRATOR])
        {
            members.push((Who::Member(post, at), server.member(institution, roles).await));
        }
    }
    members
}

impl World {
    /// The place that is asked for by path: of the asker's role where they have one in this lesson.
    fn place(&self, who: Who) -> &Visitor {
        let role = match who {
            Who::Person(role, _) => role,
            _ => Role::Trainee,
        };
        &self.places.iter().find(|(of, _)| *of == role).expect("each role has a place").1
    }

    async fn credentials(&self, who: Who) -> Option<(&'static str, String)> {
        let cookie = |visitor: &Visitor| Some(("cookie", format!("qism={}", visitor.session)));
        match who {
            Who::Nobody | Who::ThisMachine => None,
            Who::Person(_, Home::Own) => cookie(self.place(who)),
            Who::Person(role, Home::Other) => {
                cookie(&self.strangers.iter().find(|(of, _)| *of == role).expect("each role").1)
            }
            Who::Neighbour => cookie(&self.neighbour),
            Who::Whip(_) | Who::Whep(_) => {
                let (_, token) = self.tokens.iter().find(|(of, _)| *of == who).expect("each token");
                Some(("authorization", format!("Bearer {token}")))
            }
            Who::Key(..) => {
                let (_, key) = self.keys.iter().find(|(of, _)| *of == who).expect("each key");
                Some(("authorization", format!("Bearer {key}")))
            }
            // A new session each time: what was asked before may have ended the last one.
            Who::Member(..) => {
                let (_, member) = self.members.iter().find(|(of, _)| *of == who).expect("each member");
                Some(("cookie", self.server.cookie(*member).await))
            }
        }
    }

    async fn ask(&self, method: &str, pattern: &str, who: Who, device: &str) -> Answer {
        let place = self.place(who);
        let path = pattern
            .replace("{lesson}", &self.own.id.to_string())
            .replace("{participant}", &place.participant.to_string())
            .replace("{device}", device)
            .replace("{*page}", "anything")
            .replace("{institution}", &self.own.institution.to_string());
        let path = with_unknown_ids(&path);
        let (content_type, body) = body_of(method, pattern);
        let if_match = if pattern.starts_with("/api/") { "\"1\"" } else { "*" };
        let mut headers = vec![("content-type", content_type), ("if-match", if_match)];
        let credentials = self.credentials(who).await;
        if let Some((name, value)) = &credentials {
            headers.push((name, value));
        }
        let mut router = self.server.router.clone();
        if who == Who::ThisMachine {
            let peer = std::net::SocketAddr::from(([127, 0, 0, 1], 40_000));
            router = router.layer(axum::Extension(axum::extract::ConnectInfo(peer)));
        }
        ask(&router, method, &path, &headers, &body).await
    }

    /// A WHIP or WHEP session to be asked about.
    async fn session(&self, pattern: &str) -> String {
        let (endpoint, opener) = if pattern.starts_with("/whip") {
            ("/whip/{lesson}", Who::Whip(Home::Own))
        } else {
            ("/whep/{lesson}", Who::Whep(Home::Own))
        };
        let answer = self.ask("POST", endpoint, opener, "").await;
        assert_eq!(answer.status.as_u16(), 201, "{}", answer.text());
        answer.header("location").rsplit('/').next().expect("an id").to_owned()
    }
}

/// What is left of the pattern is of records that are not there.
fn with_unknown_ids(path: &str) -> String {
    let unknown = uuid::Uuid::from_u128(1).to_string();
    path.split('/')
        .map(|part| if part.starts_with('{') { unknown.as_str() } else { part })
        .collect::<Vec<_>>()
        .join("/")
}

fn body_of(method: &str, pattern: &str) -> (&'static str, String) {
    match (method, pattern) {
        ("POST", "/whip/{lesson}") => ("application/sdp", offer(9, "whip", &[Line::SendsAudio, Line::SendsVideo])),
        ("POST", "/whep/{lesson}") => {
            ("application/sdp", offer(8, "whep", &[Line::ReceivesAudio, Line::ReceivesVideo]))
        }
        ("PATCH", "/whip/{lesson}/{device}" | "/whep/{lesson}/{device}") => {
            ("application/trickle-ice-sdpfrag", "a=end-of-candidates\r\n".into())
        }
        (_, "/api/sessions") => ("application/json", r#"{"invitation":"not-a-secret","name":null}"#.into()),
        (_, "/api/account-links/open") => ("application/json", r#"{"secret":"not-a-secret"}"#.into()),
        (_, "/api/account-links/accept") => {
            ("application/json", r#"{"secret":"not-a-secret","password":"a long enough one"}"#.into())
        }
        (_, "/api/invitations/open") => ("application/json", r#"{"invitation":"not-a-secret"}"#.into()),
        // Who may ask is told that it is no body; who may not is told that first.
        _ => ("application/json", "{}".into()),
    }
}

/// What an asker may expect of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    Status(u16),
    /// They get by: whatever the handler says then of the body and of records that are not there.
    GetsBy,
}

impl Expected {
    fn holds(self, status: u16) -> bool {
        match self {
            Self::Status(expected) => status == expected,
            Self::GetsBy => status < 500 && !matches!(status, 401 | 403),
        }
    }
}

fn expected(access: Access, who: Who, method: &str, pattern: &str) -> Expected {
    match access {
        Access::BeforeSecondFactor | Access::SignedIn => match who {
            Who::Member(..) => Expected::GetsBy,
            _ => Expected::Status(401),
        },
        Access::Overseer => match who {
            Who::Member(Post::Committee | Post::Administrator, _) => Expected::GetsBy,
            Who::Member(..) => Expected::Status(403),
            _ => Expected::Status(401),
        },
        Access::Above => match who {
            Who::Member(Post::Committee | Post::Administrator, At::ItsRegion | At::OtherRegion | At::Ministry) => {
                Expected::GetsBy
            }
            Who::Member(..) => Expected::Status(403),
            _ => Expected::Status(401),
        },
        Access::AdministratorOf(reach) => match who {
            Who::Member(Post::Administrator, At::Ministry) => Expected::GetsBy,
            Who::Member(Post::Administrator, At::ItsRegion | At::OtherRegion) if reach == Reach::Region => {
                Expected::GetsBy
            }
            Who::Member(..) => Expected::Status(403),
            _ => Expected::Status(401),
        },
        Access::Within(duty, scope) => match who {
            Who::Key(_, Home::Other) => Expected::Status(404),
            Who::Key(of, Home::Own) if Some(of) == scope => Expected::GetsBy,
            Who::Key(..) => Expected::Status(403),
            Who::Member(_, At::Other | At::OtherRegion) => Expected::Status(404),
            Who::Member(post, at) if allowed(duty, post, at == At::Own) => Expected::GetsBy,
            Who::Member(..) => Expected::Status(403),
            _ => Expected::Status(401),
        },
        // Calls that anybody may make with what they know: a password, a link's secret.
        Access::Anybody if method != "OPTIONS" && (method != "GET" || pattern.contains('{')) => match pattern {
            "/api/sign-out" => Expected::Status(204),
            // Pages of the web client.
            page if page.ends_with("/{*page}") => Expected::Status(200),
            _ => Expected::Status(if method == "POST" { 400 } else { 404 }),
        },
        _ => Expected::Status(expected_of_guests(access, who, method, pattern)),
    }
}

/// Written out apart from the server's own words, so that a slip there shows here.
fn allowed(duty: Duty, post: Post, own: bool) -> bool {
    match (duty, post) {
        (Duty::OwnAdministrator, Post::Administrator) => own,
        (_, Post::Administrator) => true,
        (Duty::Anyone | Duty::Oversight | Duty::Reports, Post::Committee) => true,
        (Duty::Anyone, Post::Trainer | Post::Trainee) | (Duty::Staff | Duty::Reports, Post::Trainer) => own,
        _ => false,
    }
}

/// Of the routes that lead into lessons.
fn expected_of_guests(access: Access, who: Who, method: &str, pattern: &str) -> u16 {
    match access {
        Access::BeforeSecondFactor
        | Access::SignedIn
        | Access::Above
        | Access::Overseer
        | Access::AdministratorOf(_)
        | Access::Within(..) => unreachable!("those are for members"),
        Access::Anybody => match pattern {
            _ if pattern.starts_with("/whip") || pattern.starts_with("/whep") => 204,
            _ => 200,
        },
        // A session, a role, a token: none stands in for the invitation's secret.
        Access::Invitation => 404,
        Access::OwnPlace => match who {
            Who::Person(_, Home::Own) => 200,
            _ => 401,
        },
        // Without an upgrade nobody gets so far; tests/signalling tries tickets.
        Access::Ticket => 400,
        Access::WhipToken => {
            if who == Who::Whip(Home::Own) {
                201
            } else {
                401
            }
        }
        Access::Operator => {
            if who == Who::ThisMachine {
                200
            } else {
                403
            }
        }
        Access::WhepToken => {
            if who == Who::Whep(Home::Own) {
                201
            } else {
                401
            }
        }
        Access::OwnDevice => {
            let opener = if pattern.starts_with("/whip") { Who::Whip(Home::Own) } else { Who::Whep(Home::Own) };
            match who {
                _ if who == opener && method == "PATCH" => 204,
                _ if who == opener => 200,
                Who::Whip(_) | Who::Whep(_) | Who::Key(..) => 403,
                _ => 401,
            }
        }
    }
}

#[tokio::test]
async fn every_route_is_for_whom_it_says_and_for_nobody_else() {
    let world = world().await;
    let mut tried = 0;
    for route in routes() {
        assert!(!route.methods.is_empty(), "{} says nothing about who may use it", route.path);
        for (method, access) in route.methods {
            for who in everybody() {
                let device = if *access == Access::OwnDevice { world.session(route.path).await } else { "x".into() };
                // Wrong secrets and tokens are braked, and their allowance comes back with time.
                world.server.clock.advance(Duration::from_secs(1));
                let answer = world.ask(method, route.path, who, &device).await;
                let expected = expected(*access, who, method, route.path);
                let status = answer.status.as_u16();
                assert!(
                    expected.holds(status),
                    "{method} {} by {who:?}: {status}, not {expected:?}: {}",
                    route.path,
                    answer.text()
                );
                tried += 1;
                if *access == Access::OwnDevice {
                    let opener =
                        if route.path.starts_with("/whip") { Who::Whip(Home::Own) } else { Who::Whep(Home::Own) };
                    // A room takes only so many devices at a time.
                    world.ask("DELETE", route.path, opener, &device).await;
                }
            }
        }
    }
    assert_eq!(tried, routes().iter().map(|route| route.methods.len()).sum::<usize>() * everybody().len());
}

/// What a route does not declare, it does not do.
#[tokio::test]
async fn a_method_that_is_not_declared_is_not_allowed() {
    let (server, _) = Server::start().await;
    for route in routes() {
        let declared: BTreeSet<&str> = route.methods.iter().map(|(method, _)| *method).collect();
        let id = uuid::Uuid::nil().to_string();
        let path = with_unknown_ids(&route.path.replace("{lesson}", &id).replace("{*page}", "anything"));
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"] {
            if declared.contains(method) {
                continue;
            }
            let answer = ask(&server.router, method, &path, &[], "").await;
            assert_eq!(answer.status.as_u16(), 405, "{method} {path}");
            answer.problem();
            for method in &declared {
                assert!(answer.header("allow").contains(method), "{path}: {}", answer.header("allow"));
            }
        }
    }
}
