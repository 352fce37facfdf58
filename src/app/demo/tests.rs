use super::*;
use crate::auth::Auth;
use crate::ids::EventSeq;
use crate::protocol::{ErrorCode, RoomEvent};
use crate::store::{CatalogueFilter, LoggedEvent};
use crate::time::Clock;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

const NOW: Timestamp = Timestamp(1_795_597_200_000_000);
const DAY: Duration = Duration::from_secs(24 * 3_600);

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

/// A demo in a folder of its own, as `qism serve --demo` would start it at a time.
struct Stage {
    folder: tempfile::TempDir,
    lessons: u16,
}

impl Stage {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder"), lessons: 1 }
    }

    async fn start(&self, now: Timestamp) -> (Store, Demo, serde_json::Value) {
        let store = Store::open(&format!("sqlite:{}/qism.db", self.folder.path().display())).await.expect("a store");
        let demo = Demo::prepare(&store, self.folder.path(), self.lessons, now).await.expect("prepared");
        assert!(!self.folder.path().join("demo.json").exists(), "not ready yet");
        let shown = demo.announce(&store, "http://localhost:8080").await.expect("announced");
        let announced = std::fs::read(self.folder.path().join("demo.json")).expect("demo.json");
        let announced: serde_json::Value = serde_json::from_slice(&announced).expect("JSON");
        for who in ["trainer", "trainee", "committee"] {
            assert!(shown.contains(announced["links"][who].as_str().expect("a link")), "{shown}");
        }
        (store, demo, announced)
    }
}

fn secret(announced: &serde_json::Value, who: &str) -> String {
    let link = announced["links"][who].as_str().expect("a link");
    link.strip_prefix("http://localhost:8080/join#").expect("a secret in the fragment").to_owned()
}

#[tokio::test]
async fn each_link_opens_the_lesson_that_is_on_air_now() {
    let stage = Stage::new();
    let (store, demo, announced) = stage.start(NOW).await;
    assert_eq!(announced["base_url"], "http://localhost:8080");
    assert_eq!(announced["lesson"], demo.lesson.to_string());
    let auth = Auth::new(store, Arc::new(At(NOW)));
    for (who, role, name) in [
        ("trainer", Role::Trainer, Some("فاطمة الزهراء الإدريسي")),
        ("trainee", Role::Trainee, None),
        ("committee", Role::Committee, Some("سعاد بناني")),
    ] {
        let card = auth.open_invitation(&secret(&announced, who), None).await.expect("a card");
        assert_eq!((card.role, card.name.as_deref(), card.asks_name), (role, name, name.is_none()));
        assert_eq!((card.lesson.id, card.phase), (demo.lesson, Phase::Planned));
        let minutes = NOW.since(card.lesson.starts_at).as_secs() / 60;
        assert!((3..8).contains(&minutes), "started {minutes} minutes ago");
        assert_eq!(card.lesson.ends_at.since(card.lesson.starts_at).as_secs(), 90 * 60);
    }
    for (word, purpose) in [("whip", InvitationPurpose::Whip), ("whep", InvitationPurpose::Whep)] {
        let token = announced[word]["token"].as_str().expect("a token");
        for _ in 0..3 {
            auth.admit_device(token, demo.lesson, purpose).await.expect("admitted");
        }
        assert_eq!(announced[word]["url"], format!("http://localhost:8080/{word}/{}", demo.lesson));
    }
}

#[tokio::test]
async fn a_demo_of_many_lessons_has_links_into_each_of_them() {
    let stage = Stage { lessons: 3, ..Stage::new() };
    let (store, demo, announced) = stage.start(NOW).await;
    let lessons = announced["lessons"].as_array().expect("the lessons").clone();
    assert_eq!(lessons.len(), 3);
    for key in ["lesson", "links", "whip", "whep"] {
        assert_eq!(lessons[0][key], announced[key], "the first is the one that the demo is about");
    }
    let auth = Auth::new(store.clone(), Arc::new(At(NOW)));
    for lesson in &lessons {
        for who in ["trainer", "trainee", "committee"] {
            let card = auth.open_invitation(&secret(lesson, who), None).await.expect("a card");
            assert_eq!(lesson["lesson"], card.lesson.id.to_string());
        }
    }
    // One of the others ends; the rest stays as it is.
    let ended = LoggedEvent { seq: EventSeq(1), at: NOW, event: RoomEvent::LessonEnded {} };
    let of = store.of(school::INSTITUTION);
    of.append_events(demo.more[0], &[ended], Phase::Ended { since: NOW }).await.expect("ended");
    drop((auth, store, of));
    let (_, _, after) = stage.start(NOW).await;
    let again = after["lessons"].as_array().expect("the lessons");
    assert_eq!((&again[0], &again[2]), (&lessons[0], &lessons[2]));
    assert_ne!(again[1], lessons[1]);
}

#[tokio::test]
async fn a_restart_keeps_the_lesson_the_links_and_the_places() {
    let stage = Stage::new();
    let (store, demo, before) = stage.start(NOW).await;
    let auth = Auth::new(store.clone(), Arc::new(At(NOW)));
    let (card, session) = auth.start_session(&secret(&before, "trainee"), Some("Salma"), None).await.expect("a place");
    let session = session.expect("a session");
    let live = LoggedEvent { seq: EventSeq(1), at: NOW, event: RoomEvent::LessonStarted {} };
    let of = store.of(school::INSTITUTION);
    of.append_events(demo.lesson, &[live], Phase::Live { since: NOW }).await.expect("on air");
    drop((auth, store, of));

    let later = NOW.plus(10 * DAY);
    let (store, again, after) = stage.start(later).await;
    assert_eq!(after, before);
    let auth = Auth::new(store.clone(), Arc::new(At(later)));
    let same = auth.session_card(&session, again.lesson, card.participant).await.expect("the place");
    assert_eq!(same.phase, Phase::Live { since: NOW });
    assert!(later.since(same.lesson.starts_at) < Duration::from_secs(600), "it is on air now");
    drop((auth, store));

    // The links are renewed at each start.
    let (store, _, after) = stage.start(NOW.plus(39 * DAY)).await;
    let auth = Auth::new(store, Arc::new(At(NOW.plus(39 * DAY))));
    auth.open_invitation(&secret(&after, "trainer"), None).await.expect("a card");
}

#[tokio::test]
async fn after_a_lesson_that_ended_there_is_a_new_one_with_new_links() {
    let stage = Stage::new();
    let (store, demo, before) = stage.start(NOW).await;
    let ended = LoggedEvent { seq: EventSeq(1), at: NOW, event: RoomEvent::LessonEnded {} };
    let of = store.of(school::INSTITUTION);
    of.append_events(demo.lesson, &[ended], Phase::Ended { since: NOW }).await.expect("ended");
    drop((store, of));
    let (store, again, after) = stage.start(NOW).await;
    assert_ne!(again.lesson, demo.lesson);
    let auth = Auth::new(store, Arc::new(At(NOW)));
    let old = auth.open_invitation(&secret(&before, "trainee"), None).await.expect("the ended lesson's card");
    assert_eq!((old.lesson.id, old.phase), (demo.lesson, Phase::Ended { since: NOW }));
    let new = auth.open_invitation(&secret(&after, "trainee"), None).await.expect("the new lesson's card");
    assert_eq!((new.lesson.id, new.phase), (again.lesson, Phase::Planned));
}

#[tokio::test]
async fn secrets_are_this_users_only_and_outlive_the_database() {
    let stage = Stage::new();
    let (store, _, before) = stage.start(NOW).await;
    drop(store);
    for file in ["demo.json", "demo-secrets.json"] {
        let mode = std::fs::metadata(stage.folder.path().join(file)).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    for file in ["qism.db", "qism.db-wal", "qism.db-shm", "demo.json"] {
        let _ = std::fs::remove_file(stage.folder.path().join(file));
    }
    let (store, _, after) = stage.start(NOW).await;
    assert_eq!(after, before);
    let auth = Auth::new(store, Arc::new(At(NOW)));
    let unknown = auth.open_invitation(&Secret::random().expect("randomness").text(), None).await;
    assert_eq!(unknown.expect_err("a refusal").code, ErrorCode::InvitationInvalid);
    auth.open_invitation(&secret(&after, "trainee"), None).await.expect("a card");
    std::fs::write(stage.folder.path().join("demo-secrets.json"), "{}").expect("a file");
    let damaged = kept(&stage.folder.path().join("demo-secrets.json")).err().expect("a fault").to_string();
    assert!(damaged.contains("remove it"), "{damaged}");
}

#[tokio::test]
async fn the_catalogue_finds_its_courses_by_their_words() {
    let stage = Stage::new();
    let (store, ..) = stage.start(NOW).await;
    for (search, title) in [
        ("كهرباء السيارات", "كهرباء السيارات"),
        ("soudage", "Soudage à l’arc"),
        ("frigorifiques", "Froid et climatisation"),
    ] {
        let filter = CatalogueFilter { search: search.into(), ..CatalogueFilter::default() };
        let found = store.catalogue(&filter, NOW, None, 10).await.expect("an answer");
        assert!(found.iter().any(|course| course.title == title), "{search}");
    }
}
