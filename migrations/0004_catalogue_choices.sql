-- The sectors and levels that the catalogue can be narrowed to, each found by one look instead of in every course.

CREATE INDEX course_offered_sector ON course (sector, apply_until) WHERE offered AND archived_at IS NULL;
CREATE INDEX course_offered_level ON course (level, apply_until) WHERE offered AND archived_at IS NULL;
