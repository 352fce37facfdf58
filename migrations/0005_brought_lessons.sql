-- A lesson that was brought with a table of lessons is known again when the table comes once more, wherever it was moved
-- since: by what the institution's own list calls it, and by the line itself (the first half of its SHA-256, in
-- lower-case hexadecimal).
ALTER TABLE lesson ADD COLUMN external_key TEXT;
ALTER TABLE lesson ADD COLUMN external_line TEXT;
CREATE INDEX lesson_by_external_line ON lesson (institution, external_line, external_key)
    WHERE external_line IS NOT NULL;
