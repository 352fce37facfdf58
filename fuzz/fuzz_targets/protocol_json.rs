//! What a client may send over the WebSocket: any bytes are a message or an error, never a panic, and what was
//! understood says the same when it is written again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use qism::protocol::{ClientMessage, OpenInvitation, StartSession};

fuzz_target!(|data: &[u8]| {
    let _ = serde_json::from_slice::<OpenInvitation>(data);
    let _ = serde_json::from_slice::<StartSession>(data);
    let Ok(message) = serde_json::from_slice::<ClientMessage>(data) else { return };
    let written = serde_json::to_vec(&message).expect("a message can be written");
    let again: ClientMessage = serde_json::from_slice(&written).expect("a written message can be read");
    // A ping's `at` is a float that the server only sends back: its last digit may change in reading.
    if !matches!(message, ClientMessage::Ping { .. }) {
        assert_eq!(message, again);
    }
});
