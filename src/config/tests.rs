use super::*;

fn faults(text: &str) -> Vec<String> {
    Config::parse(text).expect_err("it must be refused").0
}

#[test]
fn an_empty_file_is_the_defaults() {
    assert_eq!(Config::parse("").expect("the defaults"), Config::default());
}

#[test]
fn what_is_printed_is_the_defaults_and_names_every_option() {
    let printed = Config::documented();
    assert_eq!(Config::parse(&printed).expect("it can be read"), Config::default());
    // Uncommented, each option without a default is a known one too.
    let keys = printed.replace("# base_url = \"\"", "base_url = \"https://class.example\"");
    let keys = keys.replace("# cert = \"\"", "cert = \"c.pem\"").replace("# key = \"\"", "key = \"k.pem\"");
    let keys = keys.replace("# url = \"\"", "url = \"sqlite:school.db\"");
    let config = Config::parse(&keys).expect("it can be read");
    assert_eq!(config.server.base_url.as_deref(), Some("https://class.example"));
    assert_eq!((config.tls.cert, config.tls.key), (Some("c.pem".into()), Some("k.pem".into())));
    assert_eq!(config.store.url, Some(Hidden("sqlite:school.db".into())));
}

#[test]
fn every_option_is_read() {
    let text = r#"
        [server]
        listen = "0.0.0.0:443"
        base_url = "https://class.example.ma"
        data_dir = "/var/lib/qism"
        [tls]
        mode = "files"
        cert = "cert.pem"
        key = "key.pem"
        [media]
        address = "192.0.2.1"
        port = 9000
        public_addresses = ["203.0.113.7", "2001:db8::7"]
        shards = 2
        room_peers_per_shard = 100
        [store]
        url = "postgres://qism:hush@localhost/qism"
        [webhooks]
        allow = ["http://127.0.0.1:9000"]
        [log]
        filter = "warn,qism::peer=debug"
        format = "json"
    "#;
    let config = Config::parse(text).expect("it can be read");
    assert_eq!(config.server.listen.to_string(), "0.0.0.0:443");
    assert_eq!(config.media_listen().to_string(), "192.0.2.1:9000");
    assert_eq!(config.media.public_addresses.len(), 2);
    assert_eq!((config.media.shards, config.tls.mode), (2, TlsMode::Files));
    assert_eq!(config.media.room_peers_per_shard, 100);
    assert_eq!(config.webhooks.allow, ["http://127.0.0.1:9000"]);
    assert_eq!(config.store_url(), "postgres://qism:hush@localhost/qism");
    assert_eq!((config.log.filter.as_str(), config.log.format), ("warn,qism::peer=debug", LogFormat::Json));
    assert!(config.is_secure());
    assert!(!format!("{config:?}").contains("hush"));
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_known_one() {
    let text = "[server]\nlisen = \"x\"\n[medai]\nport = 1\n[log]\ncolour = true\n";
    let expected = [
        "unknown key `colour` in [log]; the keys are filter, format",
        "unknown section [medai]; did you mean `media`?",
        "unknown key `lisen` in [server]; did you mean `listen`?",
    ];
    let mut found = faults(text);
    found.sort_by_key(|fault| expected.iter().position(|line| line == fault));
    assert_eq!(found, expected);
    assert_eq!(
        faults("port = 1"),
        [
            "unknown key `port` outside the sections; the sections are server, tls, media, store, mail, webhooks, sign_in, log, traces"
        ]
    );
    assert_eq!(faults("media = 1"), ["`media` is a section: write [media] on a line of its own"]);
}

#[test]
fn a_value_that_cannot_be_is_shown_with_its_line() {
    let fault = faults("[server]\nlisten = \"8080\"\n").join("\n");
    assert!(fault.contains("line 2") && fault.contains("listen"), "{fault}");
    let fault = faults("[server\n").join("\n");
    assert!(fault.contains("line 1"), "{fault}");
    let fault = faults("[tls]\nmode = \"on\"\n").join("\n");
    assert!(fault.contains("`off`") && fault.contains("`self_signed`"), "{fault}");
    let fault = faults("[media]\nport = 70000\n").join("\n");
    assert!(fault.contains("line 2"), "{fault}");
}

#[test]
fn what_cannot_work_is_refused_with_what_to_do() {
    for (text, expected) in [
        ("[server]\nbase_url = \"class.example\"", "must be http:// or https:// and a host"),
        ("[server]\nbase_url = \"https://class.example/\"", "with nothing after it"),
        ("[tls]\nmode = \"files\"\ncert = \"c.pem\"", "needs tls.key"),
        ("[media]\nshards = 0", "must be 1 to 64"),
        ("[media]\nroom_peers_per_shard = 0", "must be at least 1"),
        ("[media]\nport = 65535\nshards = 2", "goes beyond port 65535"),
        ("[server]\nlisten = \"0.0.0.0:8443\"", "both take TCP port 8443"),
        ("[server]\nlisten = \"127.0.0.1:8444\"\n[media]\nshards = 2", "both take TCP port 8444"),
        ("[media]\npublic_addresses = [\"0.0.0.0\"]", "reaches nothing"),
        ("[store]\nurl = \"mysql://hush\"", "must be sqlite:PATH or postgres://"),
        ("[log]\nfilter = \"qism=loud\"", "can't be read"),
    ] {
        let faults = faults(text);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{text}: {faults:?}");
        assert!(!faults[0].contains("hush"));
    }
    let apart = "[server]\nlisten = \"127.0.0.1:8443\"\n[media]\naddress = \"192.0.2.1\"";
    Config::parse(apart).expect("two addresses may use one port");
}

#[test]
fn paths_are_relative_to_the_file() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("qism.toml");
    std::fs::write(&path, "[server]\ndata_dir = \"kept\"\n[tls]\ncert = \"/etc/c.pem\"\n").expect("a file");
    let config = Config::read(&path).expect("it can be read");
    assert_eq!(config.server.data_dir, folder.path().join("kept"));
    assert_eq!(config.tls.cert, Some("/etc/c.pem".into()));
    assert_eq!(config.store_url(), format!("sqlite:{}", folder.path().join("kept/qism.db").display()));
    let missing = Config::read(&folder.path().join("missing.toml")).expect_err("no file").to_string();
    assert!(missing.contains("missing.toml") && missing.contains("can't be read"), "{missing}");
}

#[test]
fn sign_in_providers_are_read_and_looked_at() {
    let text = |more: &str| {
        format!("[[sign_in.oidc]]\nname = \"sso\"\nissuer = \"https://sso.example.ma\"\nclient_id = \"qism\"\n{more}")
    };
    let config = Config::parse(&text("client_secret = \"hush\"\nalgorithm = \"ES256\"")).expect("it can be read");
    let [provider] = config.sign_in.oidc.as_slice() else { panic!("one provider") };
    assert_eq!((provider.name.as_str(), provider.algorithm, provider.create), ("sso", OidcAlgorithm::Es256, None));
    assert!(!format!("{config:?}").contains("hush"));
    let institution = "institution = \"019aa000-0000-7000-8000-000000000002\"";
    Config::parse(&text(&format!("create = \"trainee\"\n{institution}"))).expect("it can be read");
    for (more, expected) in [
        (text(&text("")), "another provider has this name"),
        (text("create = \"trainee\""), "create needs institution"),
        (text(institution), "it needs create"),
        (text("create = \"trainee\"\ninstitution = \"x\""), "institution is no id"),
        (text("client_secret = \"a\"\nclient_secret_file = \"b\""), "keep one"),
        (text("").replace("https://", "http://"), "must begin with https://"),
        (text("").replace("sso\"", "S S O\""), "small letters"),
        (text("").replace("\"qism\"", "\"\""), "it needs client_id"),
    ] {
        let faults = faults(&more);
        assert!(faults.len() == 1 && faults[0].contains(expected), "{more}: {faults:?}");
    }
    assert!(faults(&text("colour = 1"))[0].contains("colour"));
}
