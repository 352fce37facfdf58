-- How long what is known of people is kept, and what was deleted by that.

-- Whether trainees count as minors where their group says nothing of it: no dates of birth are kept.
ALTER TABLE institution ADD COLUMN minors BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE course_group ADD COLUMN minors BOOLEAN;
-- The periods that are not the standard, as JSON: for each kind its days, and its days for minors.
ALTER TABLE institution ADD COLUMN retention TEXT;
ALTER TABLE institution ADD COLUMN retention_version BIGINT NOT NULL DEFAULT 1;
-- When its records were looked through last.
ALTER TABLE institution ADD COLUMN retention_run_at BIGINT;

-- Since when a lesson's records are gone or going: its sums are what they were by then, for good.
ALTER TABLE lesson ADD COLUMN room_deleted_at BIGINT;
ALTER TABLE lesson ADD COLUMN attendance_deleted_at BIGINT;
ALTER TABLE lesson ADD COLUMN quality_deleted_at BIGINT;
CREATE INDEX lesson_with_room ON lesson (institution, ends_at) WHERE room_deleted_at IS NULL;
CREATE INDEX lesson_with_attendance ON lesson (institution, ends_at) WHERE attendance_deleted_at IS NULL;
CREATE INDEX lesson_with_quality ON lesson (institution, ends_at) WHERE quality_deleted_at IS NULL;

-- Lessons whose records are being deleted: no row here outlives the work.
CREATE TABLE retention_task (
    institution TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('room', 'attendance', 'quality')),
    lesson TEXT NOT NULL,
    PRIMARY KEY (institution, kind, lesson),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);

-- How many rows of each kind are gone since the audit log was told last.
CREATE TABLE retention_count (
    institution TEXT NOT NULL REFERENCES institution (id),
    kind TEXT NOT NULL,
    gone BIGINT NOT NULL,
    PRIMARY KEY (institution, kind)
);

-- The last entry that was deleted of an audit log: the chain goes on from its hash, which an entry that is still there
-- names too.
CREATE TABLE audit_anchor (
    institution TEXT NOT NULL PRIMARY KEY REFERENCES institution (id),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE INDEX session_by_end ON session (expires_at, id);
CREATE INDEX account_link_by_end ON account_link (institution, expires_at);
CREATE INDEX announcement_read_by_age ON announcement_read (institution, read_at);
CREATE INDEX application_decided ON application (institution, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX delivery_by_age ON webhook_delivery (institution, created_at);
