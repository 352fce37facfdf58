//! The session's cookie.

use super::HttpOptions;
use super::extract::header;
use crate::auth::SESSION_LIFETIME;
use axum::http::header::{self, HeaderMap, HeaderValue};
use std::time::Duration;

/// How long somebody may take at a sign-in provider.
const AT_PROVIDER: Duration = Duration::from_secs(600);

/// Over TLS, the prefix binds it to this host and to secure connections (RFC 6265bis §4.1.3.2).
fn name(options: &HttpOptions) -> &'static str {
    if options.secure { "__Host-qism" } else { "qism" }
}

/// The cookie that binds a sign-in at a provider to the browser that began it.
fn name_at_provider(options: &HttpOptions) -> &'static str {
    if options.secure { "__Host-qism-provider" } else { "qism-provider" }
}

/// The session's secret, if the request brings one.
pub fn session<'a>(headers: &'a HeaderMap, options: &HttpOptions) -> Option<&'a str> {
    find(headers, name(options))
}

/// What [`at_provider`] gave, if the request brings it.
pub fn returned_from_provider<'a>(headers: &'a HeaderMap, options: &HttpOptions) -> Option<&'a str> {
    find(headers, name_at_provider(options))
}

fn find<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = header(headers, &header::COOKIE)?;
    cookies.split(';').find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// The header that gives the browser its session.
pub fn set(secret: &str, options: &HttpOptions) -> Option<HeaderValue> {
    cookie(name(options), secret, SESSION_LIFETIME, options)
}

/// The header that a browser takes along to a sign-in provider, and brings back.
pub fn at_provider(secret: &str, options: &HttpOptions) -> Option<HeaderValue> {
    cookie(name_at_provider(options), secret, AT_PROVIDER, options)
}

/// Takes away what [`at_provider`] gave.
pub fn forget_provider(options: &HttpOptions) -> Option<HeaderValue> {
    cookie(name_at_provider(options), "", Duration::ZERO, options)
}

fn cookie(name: &str, secret: &str, lifetime: Duration, options: &HttpOptions) -> Option<HeaderValue> {
    let secure = if options.secure { "; Secure" } else { "" };
    let lifetime = lifetime.as_secs();
    let cookie = format!("{name}={secret}; Path=/; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::from_str(&cookie).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(cookies: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))])
    }

    #[test]
    fn the_sessions_cookie_is_found_among_others() {
        let open = HttpOptions::default();
        let secure = HttpOptions { secure: true, ..HttpOptions::default() };
        let headers = request("a=b; qism=open; __Host-qism=secure; qismo=x");
        assert_eq!(session(&headers, &open), Some("open"));
        assert_eq!(session(&headers, &secure), Some("secure"));
        assert_eq!(session(&request("qismo=x; a"), &open), None);
        assert_eq!(session(&HeaderMap::new(), &open), None);
    }

    #[test]
    fn a_script_never_sees_it_and_over_tls_nobody_on_the_way() {
        let secure = HttpOptions { secure: true, ..HttpOptions::default() };
        let cookie = set("s3cret", &secure).expect("a cookie");
        let cookie = cookie.to_str().expect("text");
        assert_eq!(cookie, "__Host-qism=s3cret; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
        assert!(set("bad\nsecret", &secure).is_none());
    }
}
