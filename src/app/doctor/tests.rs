use super::*;
use crate::app::tls::Validity;
use crate::config::TlsMode;
use crate::time::Timestamp;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::time::Duration;

const NOW: Timestamp = Timestamp(1_795_597_200_000_000);
const DAY: Duration = Duration::from_secs(24 * 3_600);

fn only(findings: Vec<Finding>, verdict: Verdict) -> String {
    let texts: Vec<String> =
        findings.into_iter().filter(|finding| finding.verdict == verdict).map(|finding| finding.text).collect();
    assert_eq!(texts.len(), 1, "{texts:?}");
    texts.concat()
}

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// A configuration whose ports are free, or were a moment ago.
fn config(folder: &std::path::Path) -> Config {
    let mut config = Config::default();
    config.server.data_dir = folder.to_owned();
    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    config.media.address = address("127.0.0.1");
    config.media.port = 0;
    config
}

#[tokio::test]
async fn a_sound_setup_has_no_problem_and_stays_usable() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = config(folder.path());
    for _ in 0..2 {
        // The first look leaves nothing open that the second would find in use.
        let findings = examine(&config).await;
        assert!(findings.iter().all(|finding| finding.verdict != Verdict::Problem), "{findings:?}");
        assert!(findings.len() >= 7, "{findings:?}");
    }
}

#[test]
fn a_port_in_use_is_a_problem_that_names_its_option() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = config(folder.path());
    let pages = TcpListener::bind("127.0.0.1:0").expect("a port");
    config.server.listen = pages.local_addr().expect("its address");
    let text = only(ports(&config), Verdict::Problem);
    assert!(text.contains("pages") && text.contains("is in use") && text.contains("server.listen"), "{text}");
    drop(pages);

    config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let media = UdpSocket::bind("127.0.0.1:0").expect("a port");
    config.media.port = media.local_addr().expect("its address").port();
    let text = only(ports(&config), Verdict::Problem);
    assert!(text.starts_with("UDP ") && text.contains("media.port"), "{text}");
    config.media.port = 0;
    config.media.address = address("192.0.2.1");
    let texts: Vec<Finding> =
        ports(&config).into_iter().filter(|finding| finding.verdict == Verdict::Problem).collect();
    assert!(texts.iter().all(|finding| finding.text.contains("not an address of this machine")), "{texts:?}");
}

fn ports(config: &Config) -> Vec<Finding> {
    let mut findings = network::media_ports(config);
    findings.push(network::page_port(config.server.listen));
    findings
}

#[tokio::test]
async fn a_server_that_runs_by_this_configuration_is_no_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = config(folder.path());
    let _store = crate::store::Store::open(&config.store_url()).await.expect("a store");
    let pages = TcpListener::bind("127.0.0.1:0").expect("a port");
    config.server.listen = pages.local_addr().expect("its address");
    let text = only(in_use_or_free(&config, NOW).await, Verdict::Ok);
    assert!(text.contains("serves with this configuration already"), "{text}");
}

#[tokio::test]
async fn a_database_in_use_or_damaged_is_a_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let config = config(folder.path());
    let store = crate::store::Store::open(&config.store_url()).await.expect("a store");
    let text = only(in_use_or_free(&config, NOW).await, Verdict::Problem);
    assert!(text.contains("in use by another Qism"), "{text}");
    // All that it wrote is in the file before that is overwritten.
    store.close().await;
    drop(store);
    std::fs::write(folder.path().join("qism.db"), "no database ".repeat(1_000)).expect("a file");
    let text = only(in_use_or_free(&config, NOW).await, Verdict::Problem);
    assert!(text.contains("restore it from a backup"), "{text}");
}

#[test]
fn a_folder_that_cannot_be_written_is_a_problem() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let text = only(host::data_folder(&file.join("data")), Verdict::Problem);
    assert!(text.contains("can't be made") && text.contains("--data-dir"), "{text}");
    assert!(host::data_folder(folder.path()).iter().all(|finding| finding.verdict != Verdict::Problem));
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1, "nothing is left behind");
}

#[test]
fn a_disk_that_fills_up_is_a_warning_and_then_a_problem() {
    const GIB: u64 = 1 << 30;
    let verdict = |bytes| host::of_room(bytes).verdict;
    assert_eq!(verdict(10 * GIB), Verdict::Ok);
    assert_eq!(verdict(GIB), Verdict::Warning);
    assert_eq!(verdict(50 << 20), Verdict::Problem);
}

#[test]
fn a_clock_that_cannot_be_right_is_a_problem() {
    assert_eq!(host::clock(NOW).verdict, Verdict::Ok);
    for wrong in [Timestamp(0), Timestamp(1_600_000_000_000_000), Timestamp(i64::MAX)] {
        assert_eq!(host::clock(wrong).verdict, Verdict::Problem);
    }
}

#[test]
fn a_certificate_is_judged_by_its_dates() {
    let verdict = |from: Timestamp, until: Timestamp| pages::dates(Validity { from, until }, NOW).verdict;
    let past = Timestamp(0);
    assert_eq!(verdict(past, NOW.plus(60 * DAY)), Verdict::Ok);
    assert_eq!(verdict(past, NOW.plus(3 * DAY)), Verdict::Warning);
    assert_eq!(verdict(past, NOW), Verdict::Problem);
    assert_eq!(verdict(NOW.plus(DAY), NOW.plus(60 * DAY)), Verdict::Problem);
}

#[test]
fn a_certificate_must_be_there_and_be_for_the_host() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut config = config(folder.path());
    config.tls.mode = TlsMode::SelfSigned;
    crate::app::tls::prepare(&config, NOW).expect("a certificate");
    config.tls.cert = Some(folder.path().join("tls-cert.pem"));
    config.tls.key = Some(folder.path().join("tls-key.pem"));
    config.tls.mode = TlsMode::Files;
    config.server.base_url = Some("https://class.example".into());
    let text = only(pages::examine(&config, NOW), Verdict::Problem);
    assert!(text.contains("is not for class.example"), "{text}");
    config.server.base_url = Some("https://localhost:8443".into());
    assert!(pages::examine(&config, NOW).iter().all(|finding| finding.verdict == Verdict::Ok));
    config.tls.key = Some(folder.path().join("missing.pem"));
    let text = only(pages::examine(&config, NOW), Verdict::Problem);
    assert!(text.contains("missing.pem can't be read"), "{text}");
}

#[test]
fn pages_need_a_secure_origin_for_a_camera() {
    let mut config = Config::default();
    let verdict = |config: &Config, url: &str| pages::origin(config, url).verdict;
    assert_eq!(verdict(&config, "http://192.168.1.5:8080"), Verdict::Problem);
    assert_eq!(verdict(&config, "http://class.example"), Verdict::Problem);
    for here in ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"] {
        assert_eq!(verdict(&config, here), Verdict::Warning);
    }
    assert_eq!(verdict(&config, "https://class.example"), Verdict::Ok);
    config.tls.mode = TlsMode::SelfSigned;
    assert_eq!(verdict(&config, "https://192.168.1.5"), Verdict::Ok);
}

#[test]
fn private_addresses_alone_are_a_warning() {
    let mut config = Config::default();
    let own = [address("192.168.1.5"), address("fd00::5")];
    let finding = network::reachable(&config, &own);
    assert_eq!(finding.verdict, Verdict::Warning);
    assert!(finding.text.contains("media.public_addresses"), "{}", finding.text);
    assert_eq!(network::reachable(&config, &[]).verdict, Verdict::Warning);
    assert_eq!(network::reachable(&config, &[own[0], address("203.0.113.7")]).verdict, Verdict::Ok);
    config.media.public_addresses = vec![address("203.0.113.7")];
    assert_eq!(network::reachable(&config, &own).verdict, Verdict::Ok);
}
