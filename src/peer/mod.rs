//! One media connection: ICE-lite, DTLS, SRTP and the offer it came from. Sans-I/O.

mod session;

pub use session::Session;
