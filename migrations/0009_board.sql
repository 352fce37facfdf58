-- Alarms about lessons, and what their committees say of them.

-- One for each lesson and rule; where the rule holds again, the same one goes on.
CREATE TABLE alarm (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    rule TEXT NOT NULL CHECK (rule IN ('no_trainer', 'few_present', 'poor_speech')),
    raised_at BIGINT NOT NULL,
    -- Since when the rule no longer holds.
    ended_at BIGINT,
    -- Who has taken charge of it: somebody of the institution, or of one that reaches it.
    taken_by TEXT,
    taken_at BIGINT,
    UNIQUE (institution, id),
    UNIQUE (institution, lesson, rule),
    CHECK ((taken_by IS NULL) = (taken_at IS NULL)),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);
CREATE INDEX alarm_by_time ON alarm (raised_at, id);
CREATE INDEX alarm_of_institution ON alarm (institution, raised_at, id);
CREATE INDEX alarm_open ON alarm (raised_at, id) WHERE ended_at IS NULL;
CREATE INDEX alarm_taken_by ON alarm (taken_by) WHERE taken_by IS NOT NULL;

CREATE TABLE alarm_comment (
    id TEXT NOT NULL PRIMARY KEY,
    institution TEXT NOT NULL,
    alarm TEXT NOT NULL,
    -- Somebody of the institution, or of one that reaches it.
    author TEXT NOT NULL,
    at BIGINT NOT NULL,
    body TEXT NOT NULL,
    FOREIGN KEY (institution, alarm) REFERENCES alarm (institution, id)
);
CREATE INDEX comment_of_alarm ON alarm_comment (institution, alarm, at, id);
CREATE INDEX comment_of_author ON alarm_comment (author);

-- Whether somebody of a committee is told of alarms by mail. Unless they said, those of an institution's own are, and
-- those of a region or the ministry are not.
ALTER TABLE person ADD COLUMN alarm_mail BOOLEAN;
CREATE INDEX person_of_committee ON person (institution, id) WHERE is_committee;

-- The board reads what is about to start, whoever gives it.
CREATE INDEX lesson_by_time ON lesson (starts_at);
