//! What the server counts about itself, as Prometheus metrics.
//!
//! Owns the registry. Services hold an [`Insight`] and count through its methods; shards hand over values.

/// The counters of the process; cheap to clone.
#[derive(Clone, Default)]
pub struct Insight {}
