/// Whether a page of this origin may speak to the server: a page that the server gave out itself, which is one of the
/// host that the request names or of the configured base URL. Programs that are no browsers send no origin; they need
/// a ticket like everybody.
#[must_use]
pub fn is_own_origin(origin: Option<&str>, host: Option<&str>, base_url: Option<&str>) -> bool {
    let Some(origin) = origin else { return true };
    let same = |other: &str| origin.eq_ignore_ascii_case(other.trim_end_matches('/'));
    if base_url.is_some_and(same) {
        return true;
    }
    let Some(host) = host.filter(|host| !host.is_empty()) else { return false };
    ["http://", "https://"].iter().any(|scheme| {
        let rest = origin.get(..scheme.len()).filter(|start| start.eq_ignore_ascii_case(scheme));
        rest.is_some() && origin.get(scheme.len()..).is_some_and(|rest| rest.eq_ignore_ascii_case(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_servers_own_pages_may_connect() {
        let own = |origin| is_own_origin(Some(origin), Some("class.example:8080"), Some("https://qism.example/"));
        assert!(own("http://class.example:8080"));
        assert!(own("https://CLASS.example:8080"));
        assert!(own("https://qism.example"));
        for foreign in [
            "http://evil.example",
            "http://class.example",
            "http://class.example:8080.evil.example",
            "http://evil.example/class.example:8080",
            "https://qism.example.evil.example",
            "http://qism.example",
            "null",
            "",
            "file://",
        ] {
            assert!(!own(foreign), "{foreign}");
        }
        assert!(!is_own_origin(Some("http://"), Some(""), None));
        assert!(!is_own_origin(Some("http://class.example"), None, None));
        assert!(is_own_origin(None, Some("class.example"), None), "no browser");
    }
}
