-- Attendance to the second. Whether somebody whose page was hidden counts as present is the institution's rule; how long
-- that was is written down apart, and so is how long a lost connection was waited for.
ALTER TABLE institution ADD COLUMN away_counts BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE attendance ADD COLUMN away_us BIGINT NOT NULL DEFAULT 0;
ALTER TABLE attendance ADD COLUMN dropped_us BIGINT NOT NULL DEFAULT 0;
-- When they were first and last there; absent where they never were.
ALTER TABLE attendance ADD COLUMN first_at BIGINT;
ALTER TABLE attendance ADD COLUMN last_at BIGINT;

-- When each run of the server last gave a sign of life, so that it is known when it was killed. The newest run has the
-- highest number, whatever its clock said.
CREATE TABLE server_sign (
    run BIGINT NOT NULL PRIMARY KEY,
    started_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL
);
