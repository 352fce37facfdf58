//! Clients of which thousands fit in one process: sans-I/O, one UDP socket each, all driven by one thread.
//!
//! A client offers like a browser ([`sdp`]), connects by ICE, DTLS and SRTP ([`transport`]), sends frames and real
//! voice ([`publisher`]), and counts what it receives ([`viewer`], [`stream`]); [`driver`] has the sockets. Signalling
//! is not theirs: scenarios bring offers to the server and answers back.

pub mod clock;
pub mod driver;
mod endpoint;
pub mod frame;
pub mod publisher;
pub mod sdp;
pub mod stream;
pub mod tally;
pub mod transport;
pub mod viewer;
pub mod voice;
pub mod wire;
