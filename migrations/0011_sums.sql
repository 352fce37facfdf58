-- What lessons come to, added up for reports. Sums follow from lesson_facts, and these from a lesson's record, ledger,
-- attendance, places, minutes and log; they can be made anew.

-- Whether the sums have a lesson as it is now. Lessons to come, on air, or to be looked at anew are not counted.
ALTER TABLE lesson ADD COLUMN counted BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX lesson_to_count ON lesson (ends_at) WHERE NOT counted;

-- What the sums have of a lesson, so that it can be taken off again.
CREATE TABLE lesson_facts (
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    -- Of its planned start in its time zone, in days since 1970-01-01.
    day BIGINT NOT NULL,
    course TEXT NOT NULL,
    course_group TEXT NOT NULL,
    trainer TEXT NOT NULL,
    cancelled BOOLEAN NOT NULL,
    planned_us BIGINT NOT NULL,
    -- What follows says nothing of a lesson that was not given.
    given BOOLEAN NOT NULL,
    given_us BIGINT NOT NULL,
    late_us BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    came BIGINT NOT NULL,
    present_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    speech_minutes BIGINT NOT NULL,
    speech_tenths BIGINT NOT NULL,
    picture_minutes BIGINT NOT NULL,
    picture_tenths BIGINT NOT NULL,
    -- The tools that were used: 1 camera, 2 screen, 4 chat, 8 hands, 16 floor.
    tools BIGINT NOT NULL,
    -- What it follows from is not there any more: it stays as it is.
    kept BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (institution, lesson),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);

CREATE TABLE lesson_sum (
    institution TEXT NOT NULL REFERENCES institution (id),
    day BIGINT NOT NULL,
    course TEXT NOT NULL,
    course_group TEXT NOT NULL,
    trainer TEXT NOT NULL,
    planned BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    given BIGINT NOT NULL,
    late BIGINT NOT NULL,
    planned_us BIGINT NOT NULL,
    given_us BIGINT NOT NULL,
    late_us BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    came BIGINT NOT NULL,
    expected_us BIGINT NOT NULL,
    present_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    speech_minutes BIGINT NOT NULL,
    speech_tenths BIGINT NOT NULL,
    picture_minutes BIGINT NOT NULL,
    picture_tenths BIGINT NOT NULL,
    with_camera BIGINT NOT NULL,
    with_screen BIGINT NOT NULL,
    with_chat BIGINT NOT NULL,
    with_hands BIGINT NOT NULL,
    with_floor BIGINT NOT NULL,
    PRIMARY KEY (institution, day, course, course_group, trainer)
);

-- All of an institution's lessons: of a day, or of the month that begins on it.
CREATE TABLE institution_sum (
    institution TEXT NOT NULL REFERENCES institution (id),
    span TEXT NOT NULL CHECK (span IN ('day', 'month')),
    day BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    given BIGINT NOT NULL,
    late BIGINT NOT NULL,
    planned_us BIGINT NOT NULL,
    given_us BIGINT NOT NULL,
    late_us BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    came BIGINT NOT NULL,
    expected_us BIGINT NOT NULL,
    present_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    speech_minutes BIGINT NOT NULL,
    speech_tenths BIGINT NOT NULL,
    picture_minutes BIGINT NOT NULL,
    picture_tenths BIGINT NOT NULL,
    with_camera BIGINT NOT NULL,
    with_screen BIGINT NOT NULL,
    with_chat BIGINT NOT NULL,
    with_hands BIGINT NOT NULL,
    with_floor BIGINT NOT NULL,
    PRIMARY KEY (institution, span, day)
);
CREATE INDEX institution_sum_by_day ON institution_sum (span, day);

-- The same of all institutions of a region.
CREATE TABLE region_sum (
    region TEXT NOT NULL REFERENCES region (id),
    span TEXT NOT NULL CHECK (span IN ('day', 'month')),
    day BIGINT NOT NULL,
    planned BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    given BIGINT NOT NULL,
    late BIGINT NOT NULL,
    planned_us BIGINT NOT NULL,
    given_us BIGINT NOT NULL,
    late_us BIGINT NOT NULL,
    expected BIGINT NOT NULL,
    came BIGINT NOT NULL,
    expected_us BIGINT NOT NULL,
    present_us BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    speech_minutes BIGINT NOT NULL,
    speech_tenths BIGINT NOT NULL,
    picture_minutes BIGINT NOT NULL,
    picture_tenths BIGINT NOT NULL,
    with_camera BIGINT NOT NULL,
    with_screen BIGINT NOT NULL,
    with_chat BIGINT NOT NULL,
    with_hands BIGINT NOT NULL,
    with_floor BIGINT NOT NULL,
    PRIMARY KEY (span, day, region)
);
