//! Tokens that were signed here, as providers sign them. RSA, whose keys ring does not make, is tried with a real
//! provider (tests/oidc).

use super::*;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

const NOW: Timestamp = Timestamp(1_795_597_200_000_000);

/// Signs, and publishes its key under an id.
struct Signer {
    key: Ed25519KeyPair,
    kid: &'static str,
}

impl Signer {
    fn new(kid: &'static str) -> Self {
        let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("randomness");
        Self { key: Ed25519KeyPair::from_pkcs8(document.as_ref()).expect("a key"), kid }
    }

    fn jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.key.public_key());
        json!({ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": self.kid, "x": x })
    }

    fn keys(&self) -> Keys {
        serde_json::from_value(json!({ "keys": [self.jwk()] })).expect("keys")
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let encode = |part: &Value| URL_SAFE_NO_PAD.encode(part.to_string());
        let signed = format!("{}.{}", encode(header), encode(claims));
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(self.key.sign(signed.as_bytes())))
    }

    fn header(&self) -> Value {
        json!({ "alg": "EdDSA", "kid": self.kid, "typ": "JWT" })
    }
}

fn expected() -> Expected<'static> {
    Expected {
        algorithm: SigningAlgorithm::EdDsa,
        issuer: "https://sso.example.ma",
        client_id: "qism",
        nonce: "n0nce",
        now: NOW,
    }
}

fn claims() -> Value {
    let now = NOW.seconds();
    json!({
        "iss": "https://sso.example.ma", "sub": "248289761001", "aud": "qism", "exp": now + 300, "iat": now,
        "nonce": "n0nce", "email": "salma@example.ma", "email_verified": true,
    })
}

/// The claims with some others.
fn with(changes: Value) -> Value {
    let mut claims = claims();
    let (Value::Object(all), Value::Object(changes)) = (&mut claims, changes) else { panic!("objects") };
    for (name, value) in changes {
        if value.is_null() {
            all.remove(&name)
        } else {
            all.insert(name, value)
        };
    }
    claims
}

#[test]
fn a_token_that_says_what_is_expected_is_taken() {
    let signer = Signer::new("1");
    for claims in [
        claims(),
        with(json!({ "aud": ["qism", "other"], "azp": "qism" })),
        with(json!({ "exp": NOW.seconds() - 59, "iat": NOW.seconds() + 59 })),
    ] {
        let claims = verify(&signer.token(&signer.header(), &claims), &signer.keys(), expected()).expect("taken");
        assert_eq!((claims.sub.as_str(), claims.verified_mail()), ("248289761001", Some("salma@example.ma")));
    }
}

#[test]
fn a_token_that_says_anything_else_is_refused() {
    let signer = Signer::new("1");
    let now = NOW.seconds();
    for changes in [
        json!({ "iss": "https://sso.example.ma/" }),
        json!({ "aud": "other" }),
        json!({ "aud": [] }),
        json!({ "aud": ["qism", "other"] }),
        json!({ "aud": ["qism", "other"], "azp": "other" }),
        json!({ "azp": "other" }),
        json!({ "exp": now - 60 }),
        json!({ "exp": null }),
        json!({ "iat": now + 61 }),
        json!({ "nbf": now + 61 }),
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "sub": "" }),
        json!({ "sub": null }),
    ] {
        let token = signer.token(&signer.header(), &with(changes.clone()));
        let fault = verify(&token, &signer.keys(), expected()).expect_err("refused");
        assert!(matches!(fault, TokenFault::Refused(_)), "{changes}: {fault:?}");
    }
}

#[test]
fn a_mail_address_counts_only_where_it_was_verified() {
    let signer = Signer::new("1");
    for (changes, mail) in [
        (json!({ "email_verified": "true" }), Some("salma@example.ma")),
        (json!({ "email_verified": "false" }), None),
        (json!({ "email_verified": false }), None),
        (json!({ "email_verified": null }), None),
    ] {
        let token = signer.token(&signer.header(), &with(changes));
        assert_eq!(verify(&token, &signer.keys(), expected()).expect("taken").verified_mail(), mail);
    }
}

#[test]
fn only_the_configured_algorithm_and_the_published_keys_count() {
    let (signer, other) = (Signer::new("1"), Signer::new("1"));
    let refused = |token: &str| matches!(verify(token, &signer.keys(), expected()), Err(TokenFault::Refused(_)));
    assert!(refused(&other.token(&other.header(), &claims())), "another's key under the same name");
    for header in [
        json!({ "alg": "none" }),
        json!({ "alg": "HS256", "kid": "1" }),
        json!({ "alg": "RS256", "kid": "1" }),
        json!({ "alg": "EdDSA", "kid": "1", "crit": ["exp"] }),
        json!({ "kid": "1" }),
    ] {
        assert!(refused(&signer.token(&header, &claims())), "{header}");
    }
    let brings_its_own = json!({ "alg": "EdDSA", "kid": "2", "jwk": other.jwk(), "jku": "https://evil.example" });
    let unknown = verify(&other.token(&brings_its_own, &claims()), &signer.keys(), expected());
    assert!(matches!(unknown, Err(TokenFault::UnknownKey)), "{unknown:?}");
    let token = signer.token(&signer.header(), &claims());
    let (signed, signature) = token.rsplit_once('.').expect("a signature");
    let (header, _) = signed.split_once('.').expect("claims");
    let changed = URL_SAFE_NO_PAD.encode(with(json!({ "sub": "somebody else" })).to_string());
    assert!(refused(&format!("{header}.{changed}.{signature}")));
    for broken in ["", ".", "..", signed, &format!("{signed}."), &"x".repeat(20_000)] {
        assert!(refused(broken), "{broken}");
    }
}

#[test]
fn a_token_without_a_keys_name_is_looked_at_where_one_key_alone_fits() {
    let (signer, other) = (Signer::new("1"), Signer::new("2"));
    let token = signer.token(&json!({ "alg": "EdDSA" }), &claims());
    verify(&token, &signer.keys(), expected()).expect("the only key");
    let both: Keys = serde_json::from_value(json!({ "keys": [signer.jwk(), other.jwk()] })).expect("keys");
    assert!(matches!(verify(&token, &both, expected()), Err(TokenFault::UnknownKey)));
    let mut for_encryption = signer.jwk();
    for_encryption["use"] = "enc".into();
    let encryption: Keys = serde_json::from_value(json!({ "keys": [for_encryption] })).expect("keys");
    assert!(matches!(verify(&token, &encryption, expected()), Err(TokenFault::UnknownKey)));
}

#[test]
fn elliptic_curves_are_read_as_published() {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).expect("randomness");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).expect("a key");
    let point = key.public_key().as_ref();
    let (x, y) = (URL_SAFE_NO_PAD.encode(&point[1..33]), URL_SAFE_NO_PAD.encode(&point[33..65]));
    let keys = json!({ "keys": [{ "kty": "EC", "crv": "P-256", "kid": "e", "x": x, "y": y }] });
    let keys: Keys = serde_json::from_value(keys).expect("keys");
    let encode = |part: Value| URL_SAFE_NO_PAD.encode(part.to_string());
    let signed = format!("{}.{}", encode(json!({ "alg": "ES256", "kid": "e" })), encode(claims()));
    let signature = key.sign(&random, signed.as_bytes()).expect("signed");
    let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature));
    verify(&token, &keys, Expected { algorithm: SigningAlgorithm::Es256, ..expected() }).expect("taken");
}
