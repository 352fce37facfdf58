//! What the server makes of input that means it harm, while a lesson is on: a clear error or silence, counted, and
//! nobody in the lesson feels it.

mod attack;
mod datagrams;
mod relay;
mod signalling;
