//! A whole server in this process: real database, real media plane, real sockets, and a clock that can be set forward.

#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod client;
pub mod groups;
pub mod members;
pub mod sdp;
pub mod statements;

use qism::auth::{Auth, Secret};
use qism::board::{Board, BoardOptions};
use qism::http::{AppState, HttpOptions, router};
use qism::ids::{CourseId, GroupId, InstitutionId, InvitationId, LessonId, ParticipantId, PeerId, PersonId, RegionId};
use qism::insight::Insight;
use qism::net::{Accepted, IceRestarted, MediaPlane, MediaPlaneOptions, OfferRejected};
use qism::peer::Session;
use qism::protocol::Role;
use qism::rooms::{Looping, Media, Rooms};
use qism::shard::{Command, Event};
use qism::store::{
    Course, Group, Institution, Invitation, InvitationPurpose, MaterialFolder, NewLesson, Person, Region, Store,
};
use qism::time::{Clock, Timestamp};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// How long a test waits for what must come.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The system's clock, moved forward.
#[derive(Default)]
pub struct TestClock {
    ahead: AtomicI64,
}

impl TestClock {
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(i64::try_from(by.as_micros()).expect("a short while"), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that is injected")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("after 1970");
        let micros = i64::try_from(since.as_micros()).expect("before 292000");
        Timestamp(micros + self.ahead.load(Ordering::SeqCst))
    }
}

/// The media plane, and what it was told.
pub struct Spy {
    plane: MediaPlane,
    told: Mutex<Vec<Command>>,
    /// In the order in which they connected.
    peers: Mutex<Vec<PeerId>>,
}

impl Spy {
    /// What the media plane was told since this was asked last.
    pub fn take(&self) -> Vec<Command> {
        std::mem::take(&mut self.told.lock().expect("no panic"))
    }

    /// The peer that connected as the `index`th.
    pub fn peer(&self, index: usize) -> PeerId {
        *self.peers.lock().expect("no panic").get(index).expect("as many peers")
    }

    pub fn all(&self) -> Vec<Command> {
        self.told.lock().expect("no panic").clone()
    }
}

impl Media for Spy {
    fn new_peer(&self) -> PeerId {
        self.plane.new_peer()
    }

    fn connect(&self, peer: PeerId, room: LessonId, offer: &str) -> Result<Accepted, OfferRejected> {
        let accepted = self.plane.connect(peer, room, offer)?;
        self.peers.lock().expect("no panic").push(peer);
        Ok(accepted)
    }

    fn renegotiate(&self, peer: PeerId, previous: &Session, offer: &str) -> Result<Accepted, OfferRejected> {
        self.plane.renegotiate(peer, previous, offer)
    }

    fn restart_ice(
        &self,
        peer: PeerId,
        previous: &Session,
        ufrag: &str,
        password: &str,
    ) -> Result<IceRestarted, OfferRejected> {
        self.plane.restart_ice(peer, previous, ufrag, password)
    }

    fn send(&self, command: Command) {
        self.told.lock().expect("no panic").push(command.clone());
        self.plane.send(command);
    }

    fn loop_media(&self) -> Looping<'_> {
        Media::loop_media(&self.plane)
    }
}

/// The ways into one lesson.
#[derive(Clone)]
pub struct Lesson {
    pub id: LessonId,
    pub institution: InstitutionId,
    pub region: RegionId,
    pub trainer: String,
    pub trainee: String,
    pub committee: String,
    pub whip: String,
    pub whep: String,
}

impl Lesson {
    pub fn invitation(&self, role: Role) -> &str {
        match role {
            Role::Trainer => &self.trainer,
            Role::Trainee => &self.trainee,
            Role::Committee => &self.committee,
        }
    }
}

/// A running server.
pub struct Server {
    pub address: SocketAddr,
    pub store: Store,
    pub auth: Auth,
    pub rooms: Rooms,
    pub clock: Arc<TestClock>,
    pub media: Arc<Spy>,
    /// For what the media plane would say if there were media.
    pub media_says: mpsc::Sender<Event>,
    pub insight: Insight,
    pub router: axum::Router,
    /// What the routes work with, for another router with other options.
    pub state: AppState,
    serving: JoinHandle<()>,
    folder: Arc<tempfile::TempDir>,
}

/// The names of two schools' lessons, from their database.
pub struct Schools {
    pub first: Lesson,
    pub second: Lesson,
}

impl Server {
    /// A new server with two institutions, each with a lesson.
    pub async fn start() -> (Self, Schools) {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let server = Self::on(folder).await;
        let schools = Schools { first: school(&server, 1).await, second: school(&server, 2).await };
        (server, schools)
    }

    async fn on(folder: Arc<tempfile::TempDir>) -> Self {
        statements::record();
        let url = format!("sqlite:{}", folder.path().join("qism.db").display());
        let store = Store::open(&url).await.expect("the store opens");
        let clock = Arc::new(TestClock::default());
        let shared_clock: Arc<dyn Clock> = Arc::clone(&clock) as Arc<dyn Clock>;
        let auth = Auth::new(store.clone(), Arc::clone(&shared_clock));
        let options = MediaPlaneOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_addresses: Vec::new(),
            shards: 1,
            room_peers_per_shard: 250,
        };
        let (plane, events) = MediaPlane::start(options).expect("a media plane");
        let media = Arc::new(Spy { plane, told: Mutex::default(), peers: Mutex::default() });
        let (media_says, events) = with_words_of_ours(events);
        let insight = Insight::default();
        let board_options = BoardOptions { mail: true, base_url: "http://qism.test".into(), ..BoardOptions::default() };
        let board = Board::start(store.clone(), Arc::clone(&shared_clock), board_options);
        let rooms = Rooms::new(
            store.clone(),
            auth.clone(),
            Arc::clone(&media) as Arc<dyn Media>,
            events,
            Arc::clone(&shared_clock),
            insight.clone(),
            board.clone(),
        );
        rooms.reopen(store.lessons_on_air().await.expect("the lessons on air")).await.expect("the rooms open again");
        let state = AppState {
            store: store.clone(),
            auth: auth.clone(),
            rooms: rooms.clone(),
            board,
            clock: shared_clock,
            insight: insight.clone(),
            web: qism::web::Web::to_strangers(&[]).expect("TLS"),
            options: Arc::new(HttpOptions {
                materials: Some(MaterialFolder { root: folder.path().join("materials"), quota: 4 * 1024 * 1024 }),
                ..HttpOptions::default()
            }),
        };
        let router = router(state.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let service = router.clone();
        let serving = tokio::spawn(async move { axum::serve(listener, service).await.expect("serve") });
        Self { address, store, auth, rooms, clock, media, media_says, insight, router, state, serving, folder }
    }

    /// Ends without a word, as `kill -9` does, and starts again on what was on the disk then.
    pub async fn crash_and_restart(self) -> Self {
        // Of the old server, tasks go on in this process and hold the database: the new one gets what they wrote.
        let after = tempfile::tempdir().expect("a folder");
        for file in ["qism.db", "qism.db-wal"] {
            let from = self.folder.path().join(file);
            if from.exists() {
                std::fs::copy(from, after.path().join(file)).expect("copy the database");
            }
        }
        self.serving.abort();
        Self::on(Arc::new(after)).await
    }

    pub fn database(&self) -> std::path::PathBuf {
        self.folder.path().join("qism.db")
    }

    /// The value of one series of the metrics.
    pub fn metric(&self, series: &str) -> u64 {
        let text = self.insight.render(qism::insight::Format::OpenMetrics);
        let value = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.map_or(0, |value| value.parse().expect("a whole number"))
    }
}

/// The media plane's events, and a way to add to them.
fn with_words_of_ours(mut events: mpsc::Receiver<Event>) -> (mpsc::Sender<Event>, mpsc::Receiver<Event>) {
    let (sender, receiver) = mpsc::channel(1_024);
    let all = sender.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if all.send(event).await.is_err() {
                return;
            }
        }
    });
    (sender, receiver)
}

async fn school(server: &Server, number: u8) -> Lesson {
    let id = |table: u8| Uuid::from_u128(u128::from(table) << 64 | u128::from(number));
    let store = &server.store;
    let now = server.clock.now();
    let region = Region { id: RegionId(id(1)), name: "Souss-Massa".into() };
    store.create_region(&region).await.expect("a region");
    let institution = Institution {
        id: InstitutionId(id(2)),
        region: region.id,
        name: format!("Institut {number}"),
        time_zone: "Africa/Casablanca".into(),
    };
    store.create_institution(&institution).await.expect("an institution");
    let of = store.of(institution.id);
    let person = Person { id: PersonId(id(3)), name: "Fatima Zahra".into() };
    let course = Course { id: CourseId(id(4)), title: "Soudure".into(), language: "fr".into() };
    let group = Group { id: GroupId(id(5)), course: course.id, name: "Groupe 2".into() };
    of.create_person(&person).await.expect("a person");
    of.create_course(&course).await.expect("a course");
    of.create_group(&group).await.expect("a group");
    let lesson = NewLesson {
        id: LessonId(id(6)),
        group: group.id,
        trainer: person.id,
        title: "Le cordon".into(),
        starts_at: now,
        ends_at: now.plus(Duration::from_secs(3_600)),
    };
    of.create_lesson(&lesson).await.expect("a lesson");
    let mut secrets = Vec::new();
    for (index, (role, purpose, name)) in [
        (Role::Trainer, InvitationPurpose::Join, Some("Fatima")),
        (Role::Trainee, InvitationPurpose::Join, None),
        (Role::Committee, InvitationPurpose::Join, Some("Commission")),
        (Role::Trainer, InvitationPurpose::Whip, Some("Caméra d'atelier")),
        (Role::Committee, InvitationPurpose::Whep, None),
    ]
    .into_iter()
    .enumerate()
    {
        let invitation = Invitation {
            id: InvitationId(id(10 + u8::try_from(index).expect("few"))),
            institution: institution.id,
            lesson: lesson.id,
            role,
            purpose,
            name: name.map(str::to_owned),
            expires_at: now.plus(Duration::from_secs(86_400)),
            revoked_at: None,
        };
        let secret = Secret::random().expect("randomness");
        of.create_invitation(&invitation, &secret.hash()).await.expect("an invitation");
        secrets.push(secret.text());
    }
    let [trainer, trainee, committee, whip, whep] = <[String; 5]>::try_from(secrets).expect("five");
    Lesson { id: lesson.id, institution: institution.id, region: region.id, trainer, trainee, committee, whip, whep }
}

/// A browser with a place in a lesson.
#[derive(Clone)]
pub struct Visitor {
    pub lesson: LessonId,
    pub participant: ParticipantId,
    pub session: String,
}

impl Server {
    /// A browser that accepted an invitation.
    pub async fn visitor(&self, lesson: &Lesson, role: Role, name: &str) -> Visitor {
        let (card, secret) =
            self.auth.start_session(lesson.invitation(role), Some(name), None).await.expect("a session");
        Visitor { lesson: lesson.id, participant: card.participant, session: secret.expect("a new session") }
    }

    pub async fn ticket(&self, visitor: &Visitor) -> String {
        let ticket = self.auth.issue_ticket(&visitor.session, visitor.lesson, visitor.participant).await;
        ticket.expect("a ticket").ticket
    }
}
