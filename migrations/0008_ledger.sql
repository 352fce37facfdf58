-- The keys with which an institution seals its lessons' ledgers: one at a time is in use. The seed is the private half; it
-- goes nowhere but into a backup.
CREATE TABLE signing_key (
    institution TEXT NOT NULL REFERENCES institution (id),
    -- The first 16 bytes of the public key's SHA-256, in hexadecimal.
    name TEXT NOT NULL,
    public_key TEXT NOT NULL,
    seed TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    retired_at BIGINT,
    PRIMARY KEY (institution, name)
);
CREATE UNIQUE INDEX signing_key_in_use ON signing_key (institution) WHERE retired_at IS NULL;

-- What was sealed of a lesson: the first part is the lesson, each later one a correction. The parts in their order are the
-- ledger, byte for byte.
CREATE TABLE ledger (
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    text TEXT NOT NULL,
    -- What its seal says: SHA-256 of everything before.
    hash TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL,
    PRIMARY KEY (institution, lesson, number),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id),
    FOREIGN KEY (institution, key) REFERENCES signing_key (institution, name)
);

-- Whether somebody of a region or the ministry sees who people are in the reports of institutions below.
ALTER TABLE person ADD COLUMN sees_names BOOLEAN NOT NULL DEFAULT FALSE;
