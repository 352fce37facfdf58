//! TLS with a certificate of the server's own making, checked as a browser would that was told to trust it.

use crate::process::{Server, qism, request};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;

#[test]
fn a_self_signed_server_is_trusted_by_who_has_its_certificate_and_keeps_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let server = serve(folder.path());
    assert!(server.demo_json()["base_url"].as_str().is_some_and(|url| url.starts_with("https://localhost:")));
    let certificate = std::fs::read(folder.path().join("data/tls-cert.pem")).expect("the certificate");
    let answer = ask(&server, folder.path(), "localhost");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let answer = ask(&server, folder.path(), "127.0.0.1");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(ask(&server, folder.path(), "elsewhere.example"), "");
    assert!(!server.get("/healthz").contains("HTTP/1.1"), "plain HTTP gets nothing but an alert");
    drop(server);
    let _again = serve(folder.path());
    assert_eq!(std::fs::read(folder.path().join("data/tls-cert.pem")).expect("the certificate"), certificate);
}

fn serve(folder: &Path) -> Server {
    let file = folder.join("qism.toml");
    std::fs::write(&file, "[tls]\nmode = \"self_signed\"\n").expect("a file");
    let mut command = qism(&["serve", "--demo", "--config", &file.display().to_string()]);
    Server::start(&folder.join("data"), command.args(crate::ANY_PORTS))
}

/// The answer over TLS to a client that trusts the server's certificate for this name; empty where it does not.
fn ask(server: &Server, folder: &Path, name: &str) -> String {
    let certificate = CertificateDer::from_pem_file(folder.join("data/tls-cert.pem")).expect("PEM");
    let mut roots = RootCertStore::empty();
    roots.add(certificate).expect("a root");
    let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).expect("a name");
    let mut client = ClientConnection::new(Arc::new(config), name).expect("a client");
    let mut stream = TcpStream::connect(server.authority()).expect("it listens");
    if client.complete_io(&mut stream).is_err() {
        return String::new();
    }
    request(StreamOwned::new(client, stream), "/healthz")
}
