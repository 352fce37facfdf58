//! Every route, tried by everybody: deny by default.

use crate::support::sdp::{Line, offer};
use crate::support::{Lesson, Server, Visitor};
use crate::{Answer, ask};
use qism::http::{Access, routes};
use qism::protocol::Role;
use std::collections::BTreeSet;

/// Who asks. Everyone but `Nobody` belongs to the first institution's lesson, or to the second's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Who {
    Nobody,
    /// A session that holds a place of this role.
    Person(Role, Home),
    /// The session of another person of the same lesson.
    Neighbour,
    /// A token for publishing.
    Whip(Home),
    /// A token for playing.
    Whep(Home),
}

/// Whether it is the lesson that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Home {
    Own,
    Other,
}

const EVERYBODY: [Who; 12] = [
    Who::Nobody,
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
    World { server, own: schools.first, places, strangers, neighbour, tokens }
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

    fn credentials(&self, who: Who) -> Option<(&'static str, String)> {
        let cookie = |visitor: &Visitor| Some(("cookie", format!("qism={}", visitor.session)));
        match who {
            Who::Nobody => None,
            Who::Person(_, Home::Own) => cookie(self.place(who)),
            Who::Person(role, Home::Other) => {
                cookie(&self.strangers.iter().find(|(of, _)| *of == role).expect("each role").1)
            }
            Who::Neighbour => cookie(&self.neighbour),
            Who::Whip(_) | Who::Whep(_) => {
                let (_, token) = self.tokens.iter().find(|(of, _)| *of == who).expect("each token");
                Some(("authorization", format!("Bearer {token}")))
            }
        }
    }

    async fn ask(&self, method: &str, pattern: &str, who: Who, device: &str) -> Answer {
        let place = self.place(who);
        let path = pattern
            .replace("{lesson}", &self.own.id.to_string())
            .replace("{participant}", &place.participant.to_string())
            .replace("{device}", device)
            .replace("{*page}", "anything");
        let (content_type, body) = body_of(method, pattern);
        let mut headers = vec![("content-type", content_type), ("if-match", "*")];
        let credentials = self.credentials(who);
        if let Some((name, value)) = &credentials {
            headers.push((name, value));
        }
        ask(&self.server.router, method, &path, &headers, &body).await
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

fn body_of(method: &str, pattern: &str) -> (&'static str, String) {
    match (method, pattern) {
        ("POST", "/whip/{lesson}") => ("application/sdp", offer(9, "whip", &[Line::SendsAudio, Line::SendsVideo])),
        ("POST", "/whep/{lesson}") => {
            ("application/sdp", offer(8, "whep", &[Line::ReceivesAudio, Line::ReceivesVideo]))
        }
        ("PATCH", _) => ("application/trickle-ice-sdpfrag", "a=end-of-candidates\r\n".into()),
        (_, "/api/sessions") => ("application/json", r#"{"invitation":"not-a-secret","name":null}"#.into()),
        _ => ("application/json", r#"{"invitation":"not-a-secret"}"#.into()),
    }
}

/// What an asker may expect of a route with this access.
fn expected(access: Access, who: Who, pattern: &str) -> u16 {
    match access {
        Access::Anybody => match pattern {
            _ if pattern.starts_with("/whip") || pattern.starts_with("/whep") => 204,
            _ => 200,
        },
        // A session, a role, a token: none stands in for the invitation's secret.
        Access::Invitation => 404,
        Access::OwnPlace => match who {
            Who::Person(_, Home::Own) => 200,
            Who::Nobody | Who::Whip(_) | Who::Whep(_) => 401,
            Who::Person(_, Home::Other) | Who::Neighbour => 401,
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
                _ if who == opener => 200,
                Who::Whip(_) | Who::Whep(_) => 403,
                Who::Nobody | Who::Person(..) | Who::Neighbour => 401,
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
            for who in EVERYBODY {
                let device = if *access == Access::OwnDevice { world.session(route.path).await } else { "x".into() };
                let answer = world.ask(method, route.path, who, &device).await;
                let mut expected = expected(*access, who, route.path);
                if expected == 200 && *method == "PATCH" {
                    expected = 204;
                }
                let status = answer.status.as_u16();
                assert_eq!(status, expected, "{method} {} by {who:?}: {}", route.path, answer.text());
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
    assert_eq!(tried, routes().iter().map(|route| route.methods.len()).sum::<usize>() * EVERYBODY.len());
}

/// What a route does not declare, it does not do.
#[tokio::test]
async fn a_method_that_is_not_declared_is_not_allowed() {
    let (server, _) = Server::start().await;
    for route in routes() {
        let declared: BTreeSet<&str> = route.methods.iter().map(|(method, _)| *method).collect();
        let id = uuid::Uuid::nil().to_string();
        let path = route.path.replace("{lesson}", &id).replace("{participant}", &id).replace("{device}", &id);
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
