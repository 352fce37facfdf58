//! Clients of a Qism server that are made of code: they join like browsers do, send and receive real media, and
//! measure. The load test's scenarios and the tests of interoperation are built on them.
//!
//! It knows the server only by its protocol: of the library it uses the words and the messages.

pub mod chart;
pub mod class;
pub mod class_report;
pub mod client;
pub mod demo;
pub mod figures;
pub mod floor;
pub mod floor_sender;
pub mod headline;
pub mod http;
mod human;
pub mod janus;
pub mod link;
mod machine;
pub mod measure;
pub mod options;
pub mod page;
pub mod peer;
pub mod picture;
pub mod place;
pub mod process;
pub mod publish;
pub mod report;
pub mod scenario;
pub mod server;
pub mod sizing;
pub mod summary;
pub mod table;
pub mod tone;
pub mod watch;
pub mod whip;
