-- Reports that somebody looks at again and again, and those that come to them by mail.
CREATE TABLE report_view (
    id TEXT NOT NULL PRIMARY KEY,
    -- Whose it is, and nobody else's.
    institution TEXT NOT NULL,
    person TEXT NOT NULL,
    name TEXT NOT NULL,
    -- The institution whose lessons it is of; absent where it is the branch that its owner oversees.
    subject TEXT REFERENCES institution (id),
    -- A rollup::view::View.
    query TEXT NOT NULL,
    mail TEXT CHECK (mail IN ('weekly', 'monthly')),
    -- When the next mail is to be written. Moved on in the transaction that queues one: nobody gets it twice.
    mail_due_at BIGINT,
    created_at BIGINT NOT NULL,
    UNIQUE (institution, id),
    CHECK ((mail IS NULL) = (mail_due_at IS NULL)),
    FOREIGN KEY (institution, person) REFERENCES person (institution, id)
);
CREATE INDEX report_view_of_person ON report_view (institution, person, created_at, id);
CREATE INDEX report_view_to_mail ON report_view (mail_due_at, id) WHERE mail_due_at IS NOT NULL;
