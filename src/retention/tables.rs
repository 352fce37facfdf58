//! Which table holds what of people, and by which rule it goes.

use super::Kind;

/// By which rule a table's rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// When the kind's period is over.
    Kind(Kind),
    /// A while after they can't be used any more: sessions, links, answers kept for who asks twice.
    Spent,
    /// When the person is erased or merged: their account, and what belongs to it.
    Person,
    /// Names of people stand in it as staff of a plan or record of the institution's own, for as long as that is kept;
    /// an erased person's is a pseudonym.
    Plan,
    /// It holds nothing of people.
    Nobody,
}

/// Every table of the schema. A test holds it to the store's.
pub const TABLES: &[(&str, Keeping)] = &[
    ("region", Keeping::Nobody),
    ("institution", Keeping::Nobody),
    ("person", Keeping::Person),
    ("credential", Keeping::Person),
    ("identity", Keeping::Person),
    ("account_link", Keeping::Spent),
    ("session", Keeping::Spent),
    ("course", Keeping::Nobody),
    ("course_word", Keeping::Nobody),
    ("course_unit", Keeping::Nobody),
    ("course_trainer", Keeping::Plan),
    ("course_group", Keeping::Nobody),
    ("group_member", Keeping::Person),
    ("material", Keeping::Nobody),
    ("venue", Keeping::Nobody),
    ("calendar_period", Keeping::Nobody),
    ("lesson_series", Keeping::Plan),
    ("lesson", Keeping::Plan),
    ("invitation", Keeping::Kind(Kind::Room)),
    ("place", Keeping::Kind(Kind::Room)),
    ("room_event", Keeping::Kind(Kind::Room)),
    ("attendance", Keeping::Kind(Kind::Attendance)),
    ("signing_key", Keeping::Nobody),
    // The text goes; the seal stays, which names nobody.
    ("ledger", Keeping::Kind(Kind::Attendance)),
    ("server_sign", Keeping::Nobody),
    ("quality_minute", Keeping::Kind(Kind::Quality)),
    ("alarm", Keeping::Kind(Kind::Alarms)),
    ("alarm_comment", Keeping::Kind(Kind::Alarms)),
    ("application", Keeping::Kind(Kind::Applications)),
    ("report_view", Keeping::Person),
    ("announcement", Keeping::Plan),
    ("announcement_read", Keeping::Spent),
    ("mail", Keeping::Kind(Kind::Mail)),
    ("calendar_feed", Keeping::Person),
    ("api_key", Keeping::Plan),
    ("webhook", Keeping::Nobody),
    ("webhook_delivery", Keeping::Kind(Kind::Deliveries)),
    ("idempotent_answer", Keeping::Spent),
    ("audit_entry", Keeping::Kind(Kind::Audit)),
    ("lesson_facts", Keeping::Plan),
    ("lesson_sum", Keeping::Plan),
    ("institution_sum", Keeping::Nobody),
    ("region_sum", Keeping::Nobody),
    ("audit_anchor", Keeping::Nobody),
    ("retention_task", Keeping::Nobody),
    ("retention_count", Keeping::Nobody),
];
