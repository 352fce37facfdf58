-- What an institution does around its lessons: people and their accounts, courses, the timetable, enrolment,
-- announcements, and what other programs may do. As before, one text for SQLite and PostgreSQL; days and wall-clock
-- times without a zone are ISO 8601 text (2026-11-30, 2026-11-30T08:30).
--
-- `version` counts the changes of a row: who edits says which one they saw. `search` is the row's text as `text::fold`
-- writes it.

ALTER TABLE region ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

ALTER TABLE institution ADD COLUMN kind TEXT NOT NULL DEFAULT 'public' CHECK (kind IN ('public', 'private', 'partner'));
-- Whose records its administrators and committee may see besides its own.
ALTER TABLE institution ADD COLUMN reach TEXT NOT NULL DEFAULT 'institution'
    CHECK (reach IN ('institution', 'region', 'ministry'));
ALTER TABLE institution ADD COLUMN language TEXT NOT NULL DEFAULT 'ar';
-- When lessons may be given, as JSON: for each weekday from Monday, its first and last minute, or null.
ALTER TABLE institution ADD COLUMN opening_hours TEXT;
ALTER TABLE institution ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE institution ADD COLUMN closed_at BIGINT;
ALTER TABLE institution ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX institution_of_region ON institution (region, name, id);
CREATE INDEX institution_by_name ON institution (name, id);
CREATE INDEX institution_that_reaches ON institution (reach, region) WHERE reach <> 'institution';

ALTER TABLE person ADD COLUMN sign_in TEXT;
ALTER TABLE person ADD COLUMN mail TEXT;
ALTER TABLE person ADD COLUMN language TEXT;
-- What the institution itself calls them: a number of its register.
ALTER TABLE person ADD COLUMN external_id TEXT;
ALTER TABLE person ADD COLUMN is_trainer BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE person ADD COLUMN is_trainee BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE person ADD COLUMN is_committee BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE person ADD COLUMN is_administrator BOOLEAN NOT NULL DEFAULT FALSE;
-- How much data they want to spend in a week, in bytes.
ALTER TABLE person ADD COLUMN data_limit BIGINT;
ALTER TABLE person ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE person ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person ADD COLUMN disabled_at BIGINT;
-- Their name and all that leads to them was deleted; `name` is a pseudonym.
ALTER TABLE person ADD COLUMN erased_at BIGINT;
-- The person of the same institution that this one was merged into.
ALTER TABLE person ADD COLUMN merged_into TEXT;
ALTER TABLE person ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX person_by_sign_in ON person (sign_in);
CREATE UNIQUE INDEX person_by_external_id ON person (institution, external_id);
CREATE INDEX person_by_name ON person (institution, name, id);
CREATE INDEX person_by_mail ON person (LOWER(mail));
CREATE INDEX person_administrates ON person (institution, id) WHERE is_administrator;

CREATE TABLE credential (
    person TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    -- A PHC string of argon2id.
    password TEXT,
    password_set_at BIGINT,
    -- Base32 of the shared secret (RFC 6238), once it was confirmed.
    totp TEXT,
    totp_pending TEXT,
    -- The last time step that was used: a code works once.
    totp_step BIGINT NOT NULL DEFAULT 0,
    -- SHA-256 of each code that may stand in for a lost device, as JSON.
    recovery TEXT,
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);

-- Who somebody is at an OpenID provider.
CREATE TABLE identity (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    institution TEXT NOT NULL,
    person TEXT NOT NULL,
    linked_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX identity_of_person ON identity (institution, person);

-- A link by which somebody sets their password, once.
CREATE TABLE account_link (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX account_link_of_person ON account_link (institution, person);

-- A session with a person is somebody who signed in; one without holds guests' places, as before.
ALTER TABLE session ADD COLUMN institution TEXT;
ALTER TABLE session ADD COLUMN person TEXT;
ALTER TABLE session ADD COLUMN second_factor_at BIGINT;
ALTER TABLE session ADD COLUMN last_seen_at BIGINT;
-- The browser's own words, shortened, so that its owner knows it again.
ALTER TABLE session ADD COLUMN browser TEXT;
CREATE INDEX session_of_person ON session (person, expires_at);

ALTER TABLE course ADD COLUMN sector TEXT NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN level TEXT NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- Whether the public catalogue offers it, and until when people may apply.
ALTER TABLE course ADD COLUMN offered BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE course ADD COLUMN apply_until BIGINT;
-- How many trainees it takes; more wait.
ALTER TABLE course ADD COLUMN capacity BIGINT;
ALTER TABLE course ADD COLUMN search TEXT NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE course ADD COLUMN archived_at BIGINT;
ALTER TABLE course ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX course_by_title ON course (institution, title, id);
CREATE INDEX course_offered ON course (title, id) WHERE offered AND archived_at IS NULL;

-- The words by which the public catalogue finds a course that it offers, in UTF-8: bytes have one order in both
-- databases, so that the words with one beginning are one range of the key.
CREATE TABLE course_word (
    word BYTEA NOT NULL,
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    PRIMARY KEY (word, institution, course),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id)
);
CREATE INDEX word_of_course ON course_word (institution, course);

-- One unit of a course's programme.
CREATE TABLE course_unit (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    position BIGINT NOT NULL,
    title TEXT NOT NULL,
    planned_minutes BIGINT NOT NULL,
    UNIQUE (institution, id),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id)
);
CREATE INDEX unit_of_course ON course_unit (institution, course, position);

CREATE TABLE course_trainer (
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    person TEXT NOT NULL,
    PRIMARY KEY (institution, course, person),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX course_of_trainer ON course_trainer (institution, person);

ALTER TABLE course_group ADD COLUMN capacity BIGINT;
ALTER TABLE course_group ADD COLUMN archived_at BIGINT;
ALTER TABLE course_group ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX group_of_course ON course_group (institution, course, name, id);
CREATE INDEX group_by_name ON course_group (institution, name, id);

CREATE TABLE group_member (
    institution TEXT NOT NULL,
    course_group TEXT NOT NULL,
    person TEXT NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (institution, course_group, person),
    FOREIGN KEY (institution, course_group) REFERENCES course_group (institution, id),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX group_of_member ON group_member (institution, person);

-- What trainees learn from by themselves: a file in the data folder, or a link.
CREATE TABLE material (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    title TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('file', 'link')),
    url TEXT,
    file_name TEXT,
    media_type TEXT,
    bytes BIGINT,
    -- SHA-256 of the file, in lower-case hexadecimal.
    content_hash TEXT,
    created_at BIGINT NOT NULL,
    UNIQUE (institution, id),
    CHECK ((kind = 'link') = (url IS NOT NULL)),
    CHECK ((kind = 'file') = (content_hash IS NOT NULL)),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id)
);
CREATE INDEX material_of_course ON material (institution, course, created_at, id);

-- Where a lesson that is not only at a distance takes place: a workshop, a hall.
CREATE TABLE venue (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    name TEXT NOT NULL,
    capacity BIGINT NOT NULL,
    archived_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id)
);
CREATE INDEX venue_by_name ON venue (institution, name, id);

-- Days with a name: holidays, on which no lesson is given, and periods that people plan by, such as Ramadan. Those of
-- an institution that reaches further hold for all that it reaches.
CREATE TABLE calendar_period (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    name TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    stops_lessons BOOLEAN NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id),
    CHECK (first_day <= last_day)
);
CREATE INDEX period_by_day ON calendar_period (institution, first_day, id);

-- What makes lessons again and again. The lessons themselves are rows of `lesson`, each of which can be moved alone.
CREATE TABLE lesson_series (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course_group TEXT NOT NULL,
    trainer TEXT NOT NULL,
    venue TEXT,
    unit TEXT,
    title TEXT NOT NULL,
    -- The first lesson by the clock on the wall of the zone.
    starts_local TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    -- An RRULE (RFC 5545 §3.3.10) that ends.
    rule TEXT NOT NULL,
    -- Starts that are left out and starts that were added, as JSON lists of local times.
    exceptions TEXT NOT NULL DEFAULT '[]',
    additions TEXT NOT NULL DEFAULT '[]',
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id),
    FOREIGN KEY (institution, course_group) REFERENCES course_group (institution, id),
    FOREIGN KEY (institution, trainer) REFERENCES person (institution, id)
);

ALTER TABLE lesson ADD COLUMN series TEXT;
-- Which of the series' starts it stands for, by the wall clock.
ALTER TABLE lesson ADD COLUMN series_start TEXT;
ALTER TABLE lesson ADD COLUMN venue TEXT;
ALTER TABLE lesson ADD COLUMN unit TEXT;
-- The zone whose wall clock it was planned by; the institution's where it is absent.
ALTER TABLE lesson ADD COLUMN time_zone TEXT;
-- Who was to give it before somebody stood in.
ALTER TABLE lesson ADD COLUMN planned_trainer TEXT;
ALTER TABLE lesson ADD COLUMN improvised BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE lesson ADD COLUMN cancelled_at BIGINT;
ALTER TABLE lesson ADD COLUMN cancel_reason TEXT;
ALTER TABLE lesson ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE lesson ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX lesson_by_start ON lesson (institution, starts_at, id);
CREATE INDEX lesson_of_trainer ON lesson (institution, trainer, starts_at);
CREATE INDEX lesson_of_group ON lesson (institution, course_group, starts_at);
CREATE INDEX lesson_at_venue ON lesson (institution, venue, starts_at);
CREATE INDEX lesson_of_series ON lesson (institution, series, starts_at);

-- Whose invitation it is, where that person has an account.
ALTER TABLE invitation ADD COLUMN person TEXT;
ALTER TABLE invitation ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX invitation_of_lesson ON invitation (institution, lesson, person);
CREATE INDEX invitation_of_person ON invitation (institution, person);

ALTER TABLE place ADD COLUMN person TEXT;
-- What it was sent and what it sent, in bytes.
ALTER TABLE place ADD COLUMN bytes_down BIGINT NOT NULL DEFAULT 0;
ALTER TABLE place ADD COLUMN bytes_up BIGINT NOT NULL DEFAULT 0;
CREATE INDEX place_of_person ON place (institution, person);

-- How long somebody was in a lesson that is over: follows from its log of events.
CREATE TABLE attendance (
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    person TEXT NOT NULL,
    present_us BIGINT NOT NULL,
    PRIMARY KEY (institution, lesson, person),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX attendance_of_person ON attendance (institution, person);

-- Somebody who wants to follow a course that is offered.
CREATE TABLE application (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    -- Where they have an account, or got one by being accepted.
    person TEXT,
    name TEXT NOT NULL,
    mail TEXT,
    phone TEXT,
    message TEXT NOT NULL DEFAULT '',
    -- The language in which they applied.
    language TEXT NOT NULL DEFAULT 'ar',
    status TEXT NOT NULL CHECK (status IN ('new', 'waiting', 'accepted', 'refused', 'withdrawn')),
    reason TEXT,
    -- The group that they are in, or wait for.
    course_group TEXT,
    -- SHA-256 of the secret by which the applicant looks after it.
    secret_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    decided_at BIGINT,
    decided_by TEXT,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id)
);
CREATE INDEX application_of_course ON application (institution, course, status, created_at, id);
CREATE INDEX application_by_status ON application (institution, status, created_at, id);
CREATE INDEX application_of_person ON application (institution, person) WHERE person IS NOT NULL;

CREATE TABLE announcement (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    audience TEXT NOT NULL CHECK (audience IN ('institution', 'region', 'ministry', 'course', 'group')),
    -- The institution, region, course or group; for a ministry's, the institution that is the ministry.
    audience_id TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    author TEXT NOT NULL,
    -- The day that it is about, which puts it into people's calendars.
    day TEXT,
    by_mail BOOLEAN NOT NULL,
    -- How far queueing its mail came: the last person who was looked at, and when all were.
    mailed_to TEXT,
    mailed_at BIGINT,
    published_at BIGINT NOT NULL,
    expires_at BIGINT,
    withdrawn_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id)
);
CREATE INDEX announcement_by_date ON announcement (institution, published_at, id);
CREATE INDEX announcement_of_audience ON announcement (audience, audience_id, published_at);
CREATE INDEX announcement_to_mail ON announcement (published_at, id)
    WHERE by_mail AND mailed_at IS NULL AND withdrawn_at IS NULL;

CREATE TABLE announcement_read (
    institution TEXT NOT NULL,
    person TEXT NOT NULL,
    announcement TEXT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (institution, person, announcement),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);

-- Mail that waits to be sent, and what became of it.
CREATE TABLE mail (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    person TEXT,
    recipient TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    sent_at BIGINT,
    failed_at BIGINT,
    last_error TEXT
);
CREATE INDEX mail_due ON mail (due_at, id) WHERE sent_at IS NULL AND failed_at IS NULL;
CREATE INDEX mail_of_institution ON mail (institution, created_at, id);

CREATE TABLE calendar_feed (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    person TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT,
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX feed_of_person ON calendar_feed (institution, person);

CREATE TABLE api_key (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    name TEXT NOT NULL,
    secret_hash TEXT NOT NULL UNIQUE,
    -- Words with a space between.
    scopes TEXT NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT,
    revoked_at BIGINT,
    UNIQUE (institution, id)
);
CREATE INDEX api_key_of_institution ON api_key (institution, created_at, id);

CREATE TABLE webhook (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    url TEXT NOT NULL,
    -- In the clear: what is sent is signed with it.
    secret TEXT NOT NULL,
    -- Words with a space between.
    events TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    version BIGINT NOT NULL DEFAULT 1,
    UNIQUE (institution, id)
);
CREATE INDEX webhook_of_institution ON webhook (institution, created_at, id);

CREATE TABLE webhook_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    webhook TEXT NOT NULL,
    event TEXT NOT NULL,
    payload TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    delivered_at BIGINT,
    failed_at BIGINT,
    last_status BIGINT,
    last_error TEXT,
    FOREIGN KEY (institution, webhook) REFERENCES webhook (institution, id)
);
CREATE INDEX delivery_due ON webhook_delivery (due_at, id) WHERE delivered_at IS NULL AND failed_at IS NULL;
CREATE INDEX delivery_of_webhook ON webhook_delivery (institution, webhook, created_at, id);

-- Answers to creates that were asked for with a key, so that asking again creates nothing twice.
CREATE TABLE idempotent_answer (
    institution TEXT NOT NULL,
    -- The person or the API key that asked.
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    -- SHA-256 of the method, the path and the body.
    request_hash TEXT NOT NULL,
    -- Absent while the request is served.
    status BIGINT,
    headers TEXT,
    body TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (institution, actor, idempotency_key)
);
CREATE INDEX idempotent_answer_by_age ON idempotent_answer (created_at);

-- What was done and by whom: each entry's hash covers the one before.
CREATE TABLE audit_entry (
    institution TEXT NOT NULL REFERENCES institution (id),
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'key', 'system')),
    actor TEXT,
    action TEXT NOT NULL,
    subject TEXT,
    detail TEXT NOT NULL,
    -- SHA-256, in lower-case hexadecimal.
    hash TEXT NOT NULL,
    PRIMARY KEY (institution, seq)
);
