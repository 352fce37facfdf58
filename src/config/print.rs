//! The documented defaults as a configuration file.

use super::section::Section;
use super::{Config, Log, Mail, Media, Server, SignIn, Store, Tls, Traces, Webhooks};
use std::fmt::Write;

impl Config {
    /// Every option with its documentation and its default; what has no default stands commented out.
    #[must_use]
    pub fn documented() -> String {
        let mut text = String::from("# Qism's configuration. These are the defaults: keep what you change.\n");
        write::<Server>("server", &mut text);
        write::<Tls>("tls", &mut text);
        write::<Media>("media", &mut text);
        write::<Store>("store", &mut text);
        write::<Mail>("mail", &mut text);
        write::<Webhooks>("webhooks", &mut text);
        write::<SignIn>("sign_in", &mut text);
        write::<Log>("log", &mut text);
        write::<Traces>("traces", &mut text);
        text
    }
}

fn write<S: Section>(name: &str, text: &mut String) {
    let defaults = toml::Table::try_from(S::default()).unwrap_or_default();
    text.push('\n');
    for line in S::ABOUT {
        let _ = writeln!(text, "#{line}");
    }
    let _ = writeln!(text, "[{name}]");
    for field in S::FIELDS {
        text.push('\n');
        for line in field.about {
            let _ = writeln!(text, "#{line}");
        }
        let _ = match defaults.get(field.name) {
            // Some of these are written as sections of their own, which a list in the same place would forbid.
            Some(default) if default.as_array().is_some_and(Vec::is_empty) => writeln!(text, "# {} = []", field.name),
            Some(default) => writeln!(text, "{} = {default}", field.name),
            None => writeln!(text, "# {} = \"\"", field.name),
        };
    }
}
