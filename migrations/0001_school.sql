-- The school, its lessons, and the ways into them. One text for SQLite and PostgreSQL: ids are UUIDs as TEXT, times
-- are microseconds since 1970-01-01T00:00:00Z as BIGINT.
--
-- Every table below `institution` carries its institution, and refers to other tables by (institution, id): a row
-- that mixes two institutions can't be written.

CREATE TABLE region (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE institution (
    id TEXT NOT NULL PRIMARY KEY,
    region TEXT NOT NULL REFERENCES region (id),
    name TEXT NOT NULL,
    -- IANA name.
    time_zone TEXT NOT NULL
);

CREATE TABLE person (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    name TEXT NOT NULL,
    UNIQUE (institution, id)
);

CREATE TABLE course (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL REFERENCES institution (id),
    title TEXT NOT NULL,
    -- BCP 47 tag of the language it is taught in.
    language TEXT NOT NULL,
    UNIQUE (institution, id)
);

CREATE TABLE course_group (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course TEXT NOT NULL,
    name TEXT NOT NULL,
    UNIQUE (institution, id),
    FOREIGN KEY (institution, course) REFERENCES course (institution, id)
);

CREATE TABLE lesson (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    course_group TEXT NOT NULL,
    trainer TEXT NOT NULL,
    title TEXT NOT NULL,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    phase TEXT NOT NULL CHECK (phase IN ('planned', 'live', 'ended')),
    phase_since BIGINT,
    -- The last event of its log; who appends must know it.
    last_seq BIGINT NOT NULL,
    UNIQUE (institution, id),
    CHECK ((phase = 'planned') = (phase_since IS NULL)),
    FOREIGN KEY (institution, course_group) REFERENCES course_group (institution, id),
    FOREIGN KEY (institution, trainer) REFERENCES person (institution, id)
);

CREATE INDEX lesson_on_air ON lesson (starts_at) WHERE phase = 'live';

CREATE TABLE invitation (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('trainer', 'trainee', 'committee')),
    purpose TEXT NOT NULL CHECK (purpose IN ('join', 'whip', 'whep')),
    name TEXT,
    -- SHA-256 of the secret in the link, in lower-case hexadecimal.
    secret_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    UNIQUE (institution, id),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);

-- A browser's session belongs to no institution: one browser may hold places in several (a committee's observer does),
-- and the session alone opens nothing. What it opens are its places, and they have their institution.
CREATE TABLE session (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE place (
    participant TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    session TEXT REFERENCES session (id),
    invitation TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('trainer', 'trainee', 'committee')),
    kind TEXT NOT NULL CHECK (kind IN ('person', 'device')),
    name TEXT NOT NULL,
    barred_at BIGINT,
    -- One browser has one place by one invitation; devices have no session, and as many places as they come.
    UNIQUE (session, invitation),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id),
    FOREIGN KEY (institution, invitation) REFERENCES invitation (institution, id)
);

CREATE TABLE room_event (
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    -- A RoomEvent of the protocol, as JSON.
    event TEXT NOT NULL,
    PRIMARY KEY (institution, lesson, seq),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);
