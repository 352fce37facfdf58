//! Scratch databases, and a small school in them.

use qism::ids::{
    CourseId, EventSeq, GroupId, InstitutionId, InvitationId, LessonId, ParticipantId, PersonId, RegionId, SessionId,
};
use qism::protocol::{ParticipantKind, Role, RoomEvent};
use qism::store::{
    Course, Group, Institution, InstitutionStore, Invitation, InvitationPurpose, LoggedEvent, NewLesson, Person, Place,
    Region, SecretHash, SessionRecord, Store,
};
use qism::time::Timestamp;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::str::FromStr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// An empty database of a test's own.
pub struct Scratch {
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

impl Scratch {
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("qism.db");
        Self { url: format!("sqlite:{}", path.display()), _folder: Some(folder) }
    }

    pub async fn postgres() -> Self {
        static SERVER: OnceLock<PostgresServer> = OnceLock::new();
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let server = SERVER.get_or_init(PostgresServer::start);
        let name = format!("scratch_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&server.url).await.expect("a connection to PostgreSQL");
        let create = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
        connection.execute(sqlx::query(create)).await.expect("a scratch database");
        Self { url: server.url.replace("/postgres?", &format!("/{name}?")), _folder: None }
    }

    pub async fn open(&self) -> Store {
        crate::statements::record();
        Store::open(&self.url).await.expect("the store opens")
    }

    /// Runs a statement behind the store's back.
    pub async fn execute(&self, sql: &'static str) {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
            options.connect().await.expect("the file").execute(sql).await.expect("the statement");
        } else {
            let options = PgConnectOptions::from_str(&self.url).expect("a URL").disable_statement_logging();
            options.connect().await.expect("the database").execute(sql).await.expect("the statement");
        }
    }
}

impl Scratch {
    /// The texts of the first column, read behind the store's back.
    pub async fn texts(&self, sql: String) -> Vec<String> {
        let query = sqlx::AssertSqlSafe(sql);
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let options = SqliteConnectOptions::new().filename(path).disable_statement_logging();
            let mut connection = options.connect().await.expect("the file");
            sqlx::query_scalar(query).fetch_all(&mut connection).await.expect("the rows")
        } else {
            let options = PgConnectOptions::from_str(&self.url).expect("a URL").disable_statement_logging();
            let mut connection = options.connect().await.expect("the database");
            sqlx::query_scalar(query).fetch_all(&mut connection).await.expect("the rows")
        }
    }
}

/// A private PostgreSQL that ends when this process does, however it ends.
pub struct PostgresServer {
    pub url: String,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _script: Child,
}

impl PostgresServer {
    pub fn start() -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/postgres");
        let mut child = Command::new(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/postgres can be run");
        let mut answers = BufReader::new(child.stdout.take().expect("its output")).lines();
        let Some(Ok(url)) = answers.next() else {
            panic!("no PostgreSQL; if its server programs are missing: apt-get install -y postgresql-15");
        };
        Self { url, orders: child.stdin.take().expect("its input"), answers, _script: child }
    }

    /// Ends the server at once, and gives the answer once it is down.
    pub fn crash(&mut self) {
        assert_eq!(self.order("crash"), "crashed");
    }

    pub fn start_again(&mut self) {
        assert_eq!(self.order("start"), self.url);
    }

    fn order(&mut self, order: &str) -> String {
        writeln!(self.orders, "{order}").expect("the script reads");
        self.answers.next().expect("an answer").expect("text")
    }
}

/// One institution with one lesson, and a way into it.
pub struct School {
    pub institution: InstitutionId,
    pub group: GroupId,
    pub trainer: PersonId,
    pub course: CourseId,
    pub lesson: LessonId,
    pub invitation: InvitationId,
    pub secret: SecretHash,
}

pub const STARTS_AT: Timestamp = Timestamp(1_795_597_200_000_000);
pub const ENDS_AT: Timestamp = Timestamp(1_795_602_600_000_000);

/// Writes a school whose ids all end in `number`.
pub async fn school(store: &Store, number: u8) -> School {
    let id = |table: u8| Uuid::from_u128(u128::from(table) << 64 | u128::from(number));
    let region = Region { id: RegionId(id(1)), name: "Souss-Massa".into() };
    let institution = Institution {
        id: InstitutionId(id(2)),
        region: region.id,
        name: format!("معهد التكوين {number}"),
        time_zone: "Africa/Casablanca".into(),
    };
    store.create_region(&region).await.expect("a region");
    store.create_institution(&institution).await.expect("an institution");
    let of = store.of(institution.id);
    let person = Person { id: PersonId(id(3)), name: "فاطمة الزهراء الإدريسي".into() };
    let course = Course { id: CourseId(id(4)), title: "كهرباء السيارات".into(), language: "ar".into() };
    let group = Group { id: GroupId(id(5)), course: course.id, name: "فوج 2".into() };
    let lesson = NewLesson {
        id: LessonId(id(6)),
        group: group.id,
        trainer: person.id,
        title: "دارة الشحن".into(),
        starts_at: STARTS_AT,
        ends_at: ENDS_AT,
    };
    of.create_person(&person).await.expect("a person");
    of.create_course(&course).await.expect("a course");
    of.create_group(&group).await.expect("a group");
    of.create_lesson(&lesson).await.expect("a lesson");
    let invitation = invitation(institution.id, lesson.id, InvitationId(id(7)));
    let secret = SecretHash([number; 32]);
    of.create_invitation(&invitation, &secret).await.expect("an invitation");
    School {
        institution: institution.id,
        group: group.id,
        trainer: person.id,
        course: course.id,
        lesson: lesson.id,
        invitation: invitation.id,
        secret,
    }
}

pub fn invitation(institution: InstitutionId, lesson: LessonId, id: InvitationId) -> Invitation {
    Invitation {
        id,
        institution,
        lesson,
        role: Role::Trainee,
        purpose: InvitationPurpose::Join,
        name: None,
        expires_at: ENDS_AT,
        revoked_at: None,
    }
}

impl School {
    pub fn of(&self, store: &Store) -> InstitutionStore {
        store.of(self.institution)
    }

    pub fn place(&self, participant: u128, session: Option<SessionId>) -> Place {
        let kind = if session.is_some() { ParticipantKind::Person } else { ParticipantKind::Device };
        Place {
            participant: ParticipantId(Uuid::from_u128(participant)),
            institution: self.institution,
            lesson: self.lesson,
            session,
            invitation: self.invitation,
            person: None,
            role: Role::Trainee,
            kind,
            name: "يوسف".into(),
            barred_at: None,
        }
    }
}

/// A session good until the lesson's end.
pub async fn session(store: &Store, number: u8) -> SessionId {
    let id = SessionId(Uuid::from_u128(u128::from(number)));
    let record = SessionRecord { id, created_at: STARTS_AT, expires_at: ENDS_AT, revoked_at: None };
    store.create_session(&record, &SecretHash([number; 32])).await.expect("a session");
    id
}

/// What somebody said at `seq`, one second after the one before.
pub fn said(seq: u64, text: &str) -> LoggedEvent {
    LoggedEvent {
        seq: EventSeq(seq),
        at: STARTS_AT.plus(Duration::from_secs(seq)),
        event: RoomEvent::Said { participant: ParticipantId(Uuid::from_u128(9)), text: text.into() },
    }
}

/// `count` events from `first` up.
pub fn chat(first: u64, count: u64) -> Vec<LoggedEvent> {
    (first..first + count).map(|seq| said(seq, &format!("message {seq}"))).collect()
}
