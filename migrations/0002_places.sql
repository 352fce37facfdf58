-- A lesson's places are counted before one more is taken.

CREATE INDEX place_of_lesson ON place (institution, lesson);
