-- What was there before people had accounts and records were searched. Who gives lessons is a trainer: of those people
-- nothing else was known. Records get their search key from the program, which finds those without one by these indexes;
-- they are all but empty after that.
UPDATE person SET is_trainer = TRUE
WHERE created_at = 0 AND version = 1 AND NOT is_trainer AND EXISTS
    (SELECT 1 FROM lesson WHERE lesson.institution = person.institution AND lesson.trainer = person.id);
CREATE INDEX institution_without_key ON institution (id) WHERE search = '';
CREATE INDEX person_without_key ON person (id) WHERE search = '' AND erased_at IS NULL AND merged_into IS NULL;
CREATE INDEX course_without_key ON course (id) WHERE search = '';
CREATE INDEX group_without_key ON course_group (id) WHERE search = '';
