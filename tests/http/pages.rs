//! The web client's files.

use crate::ask;
use crate::support::Server;

#[tokio::test]
async fn each_address_of_the_client_is_its_one_page_with_its_policy() {
    let (server, _) = Server::start().await;
    for path in ["/", "/join", "/lesson/1/2", "/index.html"] {
        let answer = ask(&server.router, "GET", path, &[], "").await;
        assert_eq!(answer.status.as_u16(), 200, "{path}");
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        for part in ["default-src 'self';", "ws://class.example wss://class.example", "frame-ancestors 'none'"] {
            assert!(policy.contains(part), "{policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(answer.header("permissions-policy").contains("camera=(self)"));
        assert!(answer.text().starts_with("<!doctype html>") || answer.text().starts_with("<!DOCTYPE html>"));
        let etag = answer.header("etag");
        let again = ask(&server.router, "GET", path, &[("if-none-match", etag)], "").await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
    }
}

#[tokio::test]
async fn files_come_compressed_and_hashed_ones_forever() {
    let (server, _) = Server::start().await;
    let index = ask(&server.router, "GET", "/", &[], "").await.text();
    let Some(start) = index.find("/assets/") else {
        // Built with QISM_WEB_CLIENT=skip: the one-line page has no files.
        assert!(index.contains("without its web client"), "{index}");
        return;
    };
    let path: String = index[start..].chars().take_while(|c| !matches!(c, '"' | '\'' | '>' | ' ')).collect();
    let plain = ask(&server.router, "GET", &path, &[], "").await;
    assert_eq!(plain.status.as_u16(), 200, "{path}");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    let brotli = ask(&server.router, "GET", &path, &[("accept-encoding", "gzip, deflate, br")], "").await;
    assert_eq!((brotli.header("content-encoding"), brotli.header("vary")), ("br", "Accept-Encoding"));
    assert_eq!(brotli.header("content-type"), plain.header("content-type"));
    assert!(brotli.body.len() < plain.body.len());
    assert_ne!(brotli.header("etag"), plain.header("etag"));
    let gzip = ask(&server.router, "GET", &path, &[("accept-encoding", "gzip")], "").await;
    assert_eq!(gzip.header("content-encoding"), "gzip");
    let posted = ask(&server.router, "POST", &path, &[], "").await;
    assert_eq!((posted.status.as_u16(), posted.header("allow")), (405, "GET, HEAD"));
    assert_eq!(ask(&server.router, "GET", &format!("{path}.br"), &[], "").await.status.as_u16(), 404);
}

#[tokio::test]
async fn a_wrong_address_is_a_page_for_people_and_a_problem_for_programs() {
    let (server, _) = Server::start().await;
    let accept = [("accept", "text/html,application/xhtml+xml")];
    let person = ask(&server.router, "GET", "/nothing-here", &accept, "").await;
    assert_eq!(person.status.as_u16(), 404);
    assert_eq!(person.header("content-type"), "text/html; charset=utf-8");
    assert!(person.header("content-security-policy").contains("default-src 'self'"));
    for (method, headers) in [("GET", &[][..]), ("POST", &accept[..])] {
        let program = ask(&server.router, method, "/nothing-here", headers, "").await;
        assert_eq!(program.status.as_u16(), 404, "{method}");
        program.problem();
    }
}
