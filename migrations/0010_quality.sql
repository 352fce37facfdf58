-- How well a lesson was received, minute by minute: what was measured of everybody who was in it.
CREATE TABLE quality_minute (
    institution TEXT NOT NULL,
    lesson TEXT NOT NULL,
    -- The beginning of a whole minute of the clock.
    minute BIGINT NOT NULL,
    -- A quality::Minute, as JSON.
    figures TEXT NOT NULL,
    -- The lesson's scores in tenths of a point, 0 to 1000; absent where nobody heard or saw anything.
    speech BIGINT,
    picture BIGINT,
    PRIMARY KEY (institution, lesson, minute),
    FOREIGN KEY (institution, lesson) REFERENCES lesson (institution, id)
);
-- What is older than may be kept.
CREATE INDEX quality_minute_by_age ON quality_minute (institution, minute);
