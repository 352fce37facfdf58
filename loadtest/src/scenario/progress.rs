//! One line that says how a run goes on, for people who look at it.

use std::io::{IsTerminal, Write};

/// Writes over its own last line, and only where standard error is a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    is_watched: bool,
}

impl Default for Progress {
    fn default() -> Self {
        Self { is_watched: std::io::stderr().is_terminal() }
    }
}

impl Progress {
    pub fn show(self, text: &str) {
        if self.is_watched {
            // Nobody is worse off where this can't be written.
            let _ = write!(std::io::stderr(), "\r\u{1b}[K{text}");
            let _ = std::io::stderr().flush();
        }
    }

    pub fn clear(self) {
        self.show("");
    }
}
