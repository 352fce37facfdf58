//! What an office keeps: institutions and regions, rooms, webhooks, accounts' secrets, announcements; and all of it as a
//! dump, which the other kind of database takes in.

use crate::courses::by;
use crate::ledgers::settle;
use crate::people::{account, add};
use crate::scratch::{ENDS_AT, STARTS_AT, School, Scratch, chat, school};
use qism::attendance::ledger::verify;
use qism::ids::{
    AnnouncementId, GroupId, InstitutionId, LessonId, MailId, PersonId, RegionId, SessionId, VenueId, WebhookId,
};
use qism::protocol::{Phase, RoomEvent};
use qism::store::{
    Announcement, Attempt, Audience, DumpSink, DumpSource, InstitutionFilter, InstitutionKind, InstitutionRecord,
    InstitutionStore, Listener, LoggedEvent, NewAccount, NewMail, Reach, Region, Roles, SecretHash, SessionRecord,
    Store, StoreError, Venue, Webhook, WebhookEvent,
};
use qism::time::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use uuid::Uuid;

const TRAINER: Roles = Roles { trainer: true, trainee: false, committee: false, administrator: false };
const TRAINEE: Roles = Roles { trainer: false, trainee: true, committee: false, administrator: false };

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x7_000 + number)
}

pub async fn institutions_are_founded_changed_and_closed(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let ministry = ours.of(&store);
    let region = Region { id: RegionId(id(1)), name: "Draa".into() };
    ministry.add_region(&region, &by("region.create")).await.expect("a region");
    assert!(matches!(ministry.add_region(&region, &by("region.create")).await, Err(StoreError::Conflict)));
    let renamed = Region { name: "درعة تافيلالت".into(), ..region.clone() };
    ministry.change_region(&renamed, 1, &by("region.change")).await.expect("changed");
    assert!(matches!(ministry.change_region(&region, 1, &by("region.change")).await, Err(StoreError::Stale)));
    let nowhere = Region { id: RegionId(id(9)), ..region.clone() };
    assert!(matches!(ministry.change_region(&nowhere, 1, &by("region.change")).await, Err(StoreError::Missing)));

    let record = InstitutionRecord {
        id: InstitutionId(id(2)),
        region: region.id,
        name: "Institut Spécialisé d’Agadir".into(),
        kind: InstitutionKind::Private,
        reach: Reach::Institution,
        language: "fr".into(),
        time_zone: "Africa/Casablanca".into(),
        opening_hours: None,
        away_counts: true,
        closed_at: None,
        version: 1,
    };
    let of = store.of(record.id);
    of.found(&record, &by("institution.create")).await.expect("founded");
    assert!(matches!(of.found(&record, &by("institution.create")).await, Err(StoreError::Conflict)));
    let elsewhere = InstitutionRecord { region: RegionId(id(9)), id: InstitutionId(id(3)), ..record.clone() };
    let refused = store.of(elsewhere.id).found(&elsewhere, &by("institution.create")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    assert_eq!(of.itself().await.expect("an answer"), Some(record.clone()));
    let (zone, language) = of.zone_and_language().await.expect("an answer").expect("the institution");
    assert_eq!((zone.name(), language.as_str()), ("Africa/Casablanca", "fr"));
    let counted = store.regions().await.expect("regions");
    let counted: BTreeMap<&str, u64> =
        counted.iter().map(|region| (region.name.as_str(), region.institutions)).collect();
    assert_eq!(counted, BTreeMap::from([("Souss-Massa", 1), ("درعة تافيلالت", 1)]));

    let found = async |search: &str, kind, closed| {
        let filter = InstitutionFilter { kind, closed, search: search.into(), ..InstitutionFilter::default() };
        store.institutions(&filter, None, 10).await.expect("institutions").len()
    };
    assert_eq!(found("specialise agad", None, None).await, 1);
    assert_eq!(found("specialise agad", Some(InstitutionKind::Public), None).await, 0);
    let day = Some(serde_json::from_str("[480, 1080]").expect("minutes"));
    let wanted = InstitutionRecord {
        name: "ISTA Agadir".into(),
        opening_hours: Some([day, day, day, day, day, None, None]),
        away_counts: false,
        closed_at: Some(STARTS_AT),
        ..record.clone()
    };
    of.change_itself(&wanted, &by("institution.change")).await.expect("changed");
    assert_eq!(of.itself().await.expect("an answer"), Some(InstitutionRecord { version: 2, ..wanted.clone() }));
    assert!(matches!(of.change_itself(&record, &by("institution.change")).await, Err(StoreError::Stale)));
    assert_eq!([found("ista", None, Some(true)).await, found("ista", None, Some(false)).await], [1, 0]);
    let counted = store.regions().await.expect("regions");
    assert!(counted.iter().any(|one| one.id == region.id && one.institutions == 0), "closed ones don't count");
    let audited = store.institutions_audited().await.expect("institutions");
    assert_eq!(audited.len(), 2, "{audited:?}");
}

pub async fn a_room_is_made_changed_and_archived(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let room =
        |number: u128, name: &str| Venue { id: VenueId(id(number)), name: name.into(), capacity: 20, version: 1 };
    for room in [room(1, "Atelier"), room(2, "Cabine")] {
        of.create_venue(&room, &by("venue.create")).await.expect("a room");
    }
    assert!(matches!(of.create_venue(&room(1, "x"), &by("venue.create")).await, Err(StoreError::Conflict)));
    let first = of.venues(None, 1).await.expect("rooms");
    assert_eq!(first, [room(1, "Atelier")]);
    let after = Some((first[0].name.clone(), first[0].id.to_string()));
    assert_eq!(of.venues(after, 10).await.expect("rooms"), [room(2, "Cabine")]);
    let wanted = Venue { name: "ورشة".into(), capacity: 12, ..room(1, "") };
    of.change_venue(&wanted, &by("venue.change")).await.expect("changed");
    assert!(matches!(of.change_venue(&wanted, &by("venue.change")).await, Err(StoreError::Stale)));
    assert_eq!(of.venue(wanted.id).await.expect("an answer"), Some(Venue { version: 2, ..wanted.clone() }));
    assert!(matches!(foreign.change_venue(&wanted, &by("venue.change")).await, Err(StoreError::Missing)));
    assert!(matches!(foreign.archive_venue(wanted.id, 2, &by("venue.archive")).await, Err(StoreError::Missing)));
    assert_eq!(foreign.venues(None, 10).await.expect("rooms"), []);
    of.archive_venue(wanted.id, 2, &by("venue.archive")).await.expect("archived");
    assert_eq!(of.venues(None, 10).await.expect("rooms"), [room(2, "Cabine")]);
    assert_eq!(of.venue(wanted.id).await.expect("an answer"), None);
    let choices = of.lesson_choices(Some(ours.trainer)).await.expect("choices");
    assert_eq!(choices.venues.iter().map(|venue| venue.name.as_str()).collect::<Vec<_>>(), ["Cabine"]);
    assert_eq!(choices.groups.len(), 1);
}

fn webhook(number: u128, events: &[WebhookEvent]) -> Webhook {
    Webhook {
        id: WebhookId(id(number)),
        url: "https://example.org/hook".into(),
        events: events.to_vec(),
        created_at: STARTS_AT,
        disabled_at: None,
        version: 1,
    }
}

async fn begin(store: &Store, school: &School) {
    let started = LoggedEvent { seq: qism::ids::EventSeq(1), at: STARTS_AT, event: RoomEvent::LessonStarted {} };
    let live = Phase::Live { since: STARTS_AT };
    school.of(store).append_events(school.lesson, &[started], live).await.expect("on air");
}

pub async fn webhooks_are_told_and_tried_again(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let (started, ended) = (webhook(1, &[WebhookEvent::LessonStarted]), webhook(2, &[WebhookEvent::LessonEnded]));
    of.create_webhook(&started, "hush", 2, &by("webhook.create")).await.expect("a webhook");
    of.create_webhook(&ended, "hush", 2, &by("webhook.create")).await.expect("a webhook");
    let third = of.create_webhook(&webhook(3, &WebhookEvent::ALL), "hush", 2, &by("webhook.create")).await;
    assert!(matches!(third, Err(StoreError::Conflict)), "{third:?}");
    assert_eq!(of.webhooks().await.expect("webhooks"), [started.clone(), ended.clone()]);
    begin(&store, &ours).await;
    begin(&store, &theirs).await;
    let due = store.deliveries_due(STARTS_AT, 10).await.expect("deliveries");
    assert_eq!(
        due.iter().map(|due| (due.institution, due.secret.as_str())).collect::<Vec<_>>(),
        [(ours.institution, "hush")]
    );
    assert!(due[0].payload.contains("lesson.started") && due[0].payload.contains(&ours.lesson.to_string()), "{due:?}");

    let later = STARTS_AT.plus(Duration::from_secs(60));
    let again = Attempt::Again { due_at: later, error: "503".into() };
    store.note_delivery(due[0].id, &again, Some(503)).await.expect("noted");
    assert_eq!(store.deliveries_due(STARTS_AT, 10).await.expect("deliveries"), []);
    let tried = of.deliveries(started.id, None, 10).await.expect("deliveries");
    assert_eq!((tried[0].attempts, tried[0].last_status, tried[0].due_at), (1, Some(503), Some(later)));
    store.note_delivery(due[0].id, &Attempt::Failed { at: later, error: "410".into() }, None).await.expect("noted");
    let given_up = of.deliveries(started.id, None, 10).await.expect("deliveries");
    assert_eq!((given_up[0].failed_at, given_up[0].due_at), (Some(later), None));
    let refused = foreign.deliver_again(started.id, due[0].id, &by("webhook.again")).await;
    assert!(matches!(refused, Err(StoreError::Missing)), "{refused:?}");
    of.deliver_again(started.id, due[0].id, &by("webhook.again")).await.expect("again");
    assert_eq!(store.deliveries_due(STARTS_AT, 10).await.expect("deliveries").len(), 1);
    store.note_delivery(due[0].id, &Attempt::Done { at: later }, Some(204)).await.expect("noted");
    let done = of.deliveries(started.id, None, 10).await.expect("deliveries");
    assert_eq!((done[0].delivered_at, done[0].last_status), (Some(later), Some(204)));
    let before = Some((done[0].created_at.micros(), done[0].id.to_string()));
    assert_eq!(of.deliveries(started.id, before, 10).await.expect("deliveries"), []);

    assert_eq!(foreign.webhook(started.id).await.expect("an answer"), None);
    assert_eq!(foreign.deliveries(started.id, None, 10).await.expect("deliveries"), []);
    assert!(matches!(foreign.remove_webhook(started.id, &by("webhook.remove")).await, Err(StoreError::Missing)));
    let off = Webhook { disabled_at: Some(STARTS_AT), ..started.clone() };
    of.change_webhook(&off, &by("webhook.change")).await.expect("changed");
    assert!(matches!(of.change_webhook(&off, &by("webhook.change")).await, Err(StoreError::Stale)));
    assert_eq!(of.webhook(started.id).await.expect("an answer"), Some(Webhook { version: 2, ..off }));
    of.remove_webhook(started.id, &by("webhook.remove")).await.expect("removed");
    assert_eq!(of.webhooks().await.expect("webhooks"), [ended]);
}

async fn trainee_with_secrets(of: &InstitutionStore) -> PersonId {
    let person = NewAccount {
        sign_in: Some("amina".into()),
        mail: Some("amina@example.org".into()),
        ..account(1, "Amina", TRAINEE)
    };
    add(of, person).await
}

pub async fn an_account_keeps_its_name_and_its_secrets(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let amina = trainee_with_secrets(&of).await;
    of.add_member(ours.group, amina, &by("group.join")).await.expect("a member");
    assert!(store.sign_in_is_taken("amina").await.expect("an answer"));
    assert!(!store.sign_in_is_taken("karim").await.expect("an answer"));
    assert!(!store.has_password(amina).await.expect("an answer"));
    of.set_password(amina, "$hash", &by("password.set")).await.expect("set");
    assert!(store.has_password(amina).await.expect("an answer"));
    assert!(matches!(foreign.set_password(amina, "$other", &by("password.set")).await, Err(StoreError::Missing)));
    of.change_own(amina, Some("أمينة"), None, &by("person.change_own")).await.expect("changed");
    of.change_own(amina, None, Some("ar"), &by("person.change_own")).await.expect("changed");
    assert!(matches!(foreign.change_own(amina, Some("x"), None, &by("x")).await, Err(StoreError::Missing)));
    let record = of.person(amina).await.expect("an answer").expect("Amina");
    assert_eq!((record.name.as_str(), record.language.as_deref()), ("أمينة", Some("ar")));
    assert_eq!(store.name_of(amina).await.expect("an answer").as_deref(), Some("أمينة"));
    assert_eq!(store.name_of(PersonId(id(9))).await.expect("an answer"), None);

    let session = SessionId(id(1));
    let signed_in = SessionRecord { id: session, created_at: STARTS_AT, expires_at: ENDS_AT, revoked_at: None };
    of.create_member_session(&signed_in, &SecretHash([7; 32]), amina, None, "Firefox").await.expect("a session");
    of.begin_second_factor(amina, "JBSWY3DP").await.expect("begun");
    of.confirm_second_factor(amina, session, "JBSWY3DP", 1, "[\"one\"]", &by("second_factor.confirm"))
        .await
        .expect("on");
    assert_eq!(of.recovery_codes(amina).await.expect("an answer").as_deref(), Some("[\"one\"]"));
    assert_eq!(foreign.recovery_codes(amina).await.expect("an answer"), None);
    assert!(of.replace_recovery_codes(amina, "[\"one\"]", "[]", &by("recovery.use")).await.expect("an answer"));
    assert!(
        !of.replace_recovery_codes(amina, "[\"one\"]", "[]", &by("recovery.use")).await.expect("an answer"),
        "once"
    );
    of.note_second_factor(session, STARTS_AT).await.expect("noted");
    assert!(matches!(foreign.note_second_factor(session, STARTS_AT).await, Err(StoreError::Missing)));

    let contacts = of.contacts(ours.group, ours.trainer).await.expect("contacts");
    let told: Vec<(&str, &str)> =
        contacts.iter().map(|contact| (contact.mail.as_str(), contact.language.as_str())).collect();
    assert_eq!(told, [("amina@example.org", "ar")]);
    assert_eq!(foreign.contacts(ours.group, ours.trainer).await.expect("contacts"), []);
    store.give_account(ours.trainer, "fatima", TRAINER).await.expect("given");
    store.give_account(ours.trainer, "another", TRAINEE).await.expect("there already");
    let trainer = of.person(ours.trainer).await.expect("an answer").expect("the trainer");
    assert_eq!((trainer.sign_in.as_deref(), trainer.roles), (Some("fatima"), TRAINER));
    of.add_course_trainer(ours.course, ours.trainer, &by("course.trainer")).await.expect("a trainer");
    let trainers = of.trainers_of(ours.course).await.expect("trainers");
    assert_eq!(trainers.iter().map(|person| person.id).collect::<Vec<_>>(), [ours.trainer]);
    let parts = of.person_export(amina).await.expect("an export");
    let rows = |name: &str| parts.iter().find(|part| part.name == name).map_or(0, |part| part.rows.len());
    assert_eq!([rows("account"), rows("groups"), rows("sessions"), rows("attendance")], [1, 1, 1, 0]);
    assert!(rows("changes_made_or_undergone") == 0 && parts.len() >= 15, "{}", parts.len());
    let theirs = foreign.person_export(amina).await.expect("an export");
    assert!(theirs.iter().all(|part| part.rows.is_empty()), "{theirs:?}");
}

pub async fn announcements_are_listed_by_who_wrote_them(scratch: Scratch) {
    let store = scratch.open().await;
    let (ours, theirs) = (school(&store, 1).await, school(&store, 2).await);
    let (of, foreign) = (ours.of(&store), theirs.of(&store));
    let amina = trainee_with_secrets(&of).await;
    of.add_member(ours.group, amina, &by("group.join")).await.expect("a member");
    let announcement = |number: u64, audience| Announcement {
        id: AnnouncementId(id(u128::from(number))),
        institution: ours.institution,
        institution_name: String::new(),
        audience,
        audience_name: None,
        title: format!("إعلان {number}"),
        body: "…".into(),
        author: ours.trainer.to_string(),
        author_name: None,
        day: Some("2026-11-30".into()),
        by_mail: false,
        published_at: STARTS_AT.plus(Duration::from_secs(number)),
        expires_at: None,
        withdrawn_at: None,
        version: 1,
    };
    for announcement in [announcement(1, Audience::Institution), announcement(2, Audience::Group(ours.group))] {
        of.announce(&announcement, &by("announcement.create")).await.expect("announced");
    }
    let elsewhere = of.announce(&announcement(3, Audience::Group(GroupId(id(9)))), &by("announcement.create")).await;
    assert!(matches!(elsewhere, Err(StoreError::Missing)), "{elsewhere:?}");
    let listed = of.announcements(Some(ours.trainer), None, 10).await.expect("announcements");
    let titles: Vec<&str> = listed.iter().map(|one| one.title.as_str()).collect();
    assert_eq!(titles, ["إعلان 2", "إعلان 1"]);
    assert_eq!(listed[0].author_name.as_deref(), Some("فاطمة الزهراء الإدريسي"));
    let before = Some((listed[0].published_at.micros(), listed[0].id.to_string()));
    assert_eq!(of.announcements(None, before, 10).await.expect("announcements").len(), 1);
    assert_eq!(of.announcements(Some(amina), None, 10).await.expect("announcements"), []);
    assert_eq!(foreign.announcements(None, None, 10).await.expect("announcements"), []);
    let listener = |person, school: &School| Listener {
        person,
        institution: school.institution,
        region: RegionId(Uuid::from_u128(1 << 64 | u128::from(school.institution.0.as_u128() as u8))),
    };
    let second = AnnouncementId(id(2));
    let told = store.announcement_for(&listener(amina, &ours), ENDS_AT, second).await.expect("an answer");
    assert!(told.is_some_and(|told| told.announcement.title == "إعلان 2"));
    for outsider in [listener(theirs.trainer, &theirs), listener(PersonId(id(9)), &ours)] {
        let told = store.announcement_for(&outsider, ENDS_AT, second).await.expect("an answer");
        assert_eq!(told, None, "{outsider:?}");
    }
}

/// Lines of a dump, as they are written and read.
#[derive(Default)]
struct Lines(BTreeMap<&'static str, VecDeque<String>>);

impl DumpSink for Lines {
    fn line(&mut self, table: &'static str, json: &str) -> std::io::Result<()> {
        self.0.entry(table).or_default().push_back(json.to_owned());
        Ok(())
    }
}

impl DumpSource for Lines {
    fn line(&mut self, table: &'static str) -> std::io::Result<Option<String>> {
        Ok(self.0.get_mut(table).and_then(VecDeque::pop_front))
    }
}

async fn dump(store: &Store) -> Lines {
    let mut lines = Lines::default();
    store.dump(&mut lines).await.expect("a dump");
    for lines in lines.0.values_mut() {
        lines.make_contiguous().sort();
    }
    lines
}

pub async fn a_dump_is_taken_in_by_the_other_kind_of_database(scratch: Scratch) {
    let store = scratch.open().await;
    let ours = school(&store, 1).await;
    let of = ours.of(&store);
    let amina = trainee_with_secrets(&of).await;
    of.add_member(ours.group, amina, &by("group.join")).await.expect("a member");
    settle(&of, ours.lesson, &[], STARTS_AT).await.expect("sealed");
    of.create_webhook(&webhook(1, &WebhookEvent::ALL), "hush", 5, &by("webhook.create")).await.expect("a webhook");
    begin(&store, &ours).await;
    of.append_events(ours.lesson, &chat(2, 5), Phase::Live { since: STARTS_AT }).await.expect("a log");
    let mail = NewMail {
        id: MailId(id(5)),
        person: Some(amina),
        recipient: "amina@example.org".into(),
        subject: "«مرحبا»".into(),
        body: "Ligne 1\nLigne 2 \u{1F600}".into(),
        created_at: STARTS_AT,
    };
    of.queue_mail(&[mail]).await.expect("a mail");
    store.note_mail(MailId(id(5)), &Attempt::Again { due_at: ENDS_AT, error: "busy".into() }).await.expect("noted");
    assert_eq!(store.mail_due(STARTS_AT, 10).await.expect("mail").len(), 0);
    assert_eq!(store.mail_due(ENDS_AT, 10).await.expect("mail").len(), 1);

    let other = if scratch.url.starts_with("sqlite:") { Scratch::postgres().await } else { Scratch::sqlite() };
    let copy = other.open().await;
    let mut lines = dump(&store).await;
    assert!(lines.0.len() > 12, "{:?}", lines.0.keys());
    copy.load(&mut lines).await.expect("taken in");
    copy.optimise().await.expect("looked at");
    assert_eq!(dump(&copy).await.0, dump(&store).await.0);
    let again = copy.load(&mut Lines::default()).await;
    assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");
    let of = copy.of(ours.institution);
    assert_eq!(of.verify_audit().await.expect("an answer"), ours.of(&store).verify_audit().await.expect("an answer"));
    let ledger = of.ledger(ours.lesson).await.expect("an answer").expect("the ledger");
    verify(ledger.as_bytes(), &[]).expect("byte for byte what was sealed");
    let lesson = copy.lesson(LessonId(ours.lesson.0)).await.expect("an answer").expect("the lesson");
    assert_eq!((lesson.card.starts_at, lesson.phase), (STARTS_AT, Phase::Live { since: STARTS_AT }));
    assert_eq!(of.people(&Default::default(), None, 10).await.expect("people").len(), 2);
    assert_eq!(store.deliveries_due(Timestamp(i64::MAX), 10).await.expect("deliveries").len(), 1);
}
