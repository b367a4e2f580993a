use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use super::*;
use crate::testing::{FakeWire, config};

fn at(minute: i64) -> Timestamp {
    Timestamp::from_second(minute * 60).unwrap()
}

/// Secrets Manager with a signing key of this id, one before it, and a pepper.
fn answer(body: &Value, kid: &str, previous: Option<&str>) -> (u16, Value) {
    let secret = |text: Value| (200, json!({ "SecretString": text.to_string() }));
    match (
        body["SecretId"].as_str().unwrap(),
        body["VersionStage"].as_str().unwrap(),
        previous,
    ) {
        ("<PEPPER_SECRET>", ..) => secret(json!({ "pepper": "pepper" })),
        (_, "AWSCURRENT", _) => secret(json!({ "kid": kid, "key": format!("key {kid}") })),
        (_, _, Some(kid)) => secret(json!({ "kid": kid, "key": format!("key {kid}") })),
        _ => (400, json!({ "__type": "ResourceNotFoundException" })),
    }
}

fn secrets(wire: &FakeWire) -> Secrets {
    Secrets::new(wire.clients().secrets_manager(), &config())
}

fn tag_of(kid: char) -> String {
    let key = format!("key {kid}");
    Keyring::new([(kid, key.as_str())])
        .sign("link", &["a"])
        .to_string()
}

#[tokio::test]
async fn both_secrets_are_asked_for_once() {
    let wire = FakeWire::new(|body| answer(body, "1", None));
    let secrets = secrets(&wire);
    for _ in 0..3 {
        let unlocked = secrets.get().await.unwrap();
        assert!(unlocked.keyring.verify("link", &["a"], &tag_of('1')));
    }
    assert_eq!(wire.asked().len(), 2);
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let down = std::sync::Arc::new(AtomicBool::new(true));
    let seen = down.clone();
    let wire = FakeWire::new(move |body| {
        if seen.load(Ordering::Relaxed) {
            (500, json!({ "__type": "InternalServiceError" }))
        } else {
            answer(body, "1", None)
        }
    });
    let secrets = secrets(&wire);
    assert!(matches!(
        secrets.get().await,
        Err(SecretsError::Unavailable { .. })
    ));
    down.store(false, Ordering::Relaxed);
    assert!(secrets.get().await.is_ok());
}

#[tokio::test]
async fn a_secret_of_another_form_is_named_and_not_quoted() {
    for text in [
        "hunter2",
        "{\"kid\":\"1\",\"key\":\"\"}",
        "{\"kid\":\"12\",\"key\":\"hunter2\"}",
        "{\"kid\":\"-\",\"key\":\"hunter2\"}",
    ] {
        let wire = FakeWire::new(move |body| match body["SecretId"].as_str() {
            Some("<PEPPER_SECRET>") => answer(body, "1", None),
            _ => (200, json!({ "SecretString": text })),
        });
        let error = secrets(&wire).get().await.unwrap_err().to_string();
        assert!(error.contains("SIGNING_KEY_SECRET"), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_tag_of_the_previous_key_still_verifies() {
    let wire = FakeWire::new(|body| answer(body, "2", Some("1")));
    let secrets = secrets(&wire);
    let unlocked = secrets
        .for_tags([tag_of('2').as_str()], at(0))
        .await
        .unwrap();
    assert!(unlocked.keyring.verify("link", &["a"], &tag_of('2')));
    assert_eq!(
        wire.asked().len(),
        2,
        "the previous key is not asked for without need"
    );
    let unlocked = secrets
        .for_tags([tag_of('1').as_str()], at(0))
        .await
        .unwrap();
    assert!(unlocked.keyring.verify("link", &["a"], &tag_of('1')));
    assert!(
        unlocked
            .keyring
            .sign("link", &["a"])
            .as_str()
            .starts_with('2')
    );
}

/// Secrets Manager whose key is rotated as soon as somebody says so.
fn rotating() -> (FakeWire, std::sync::Arc<AtomicBool>) {
    let rotated = std::sync::Arc::new(AtomicBool::new(false));
    let seen = rotated.clone();
    let wire = FakeWire::new(move |body| {
        if seen.load(Ordering::Relaxed) {
            answer(body, "2", Some("1"))
        } else {
            answer(body, "1", None)
        }
    });
    (wire, rotated)
}

#[tokio::test]
async fn a_key_that_was_rotated_after_it_was_read_is_read_again() {
    let (wire, rotated) = rotating();
    let secrets = secrets(&wire);
    secrets.get().await.unwrap();
    rotated.store(true, Ordering::Relaxed);
    let unlocked = secrets
        .for_tags([tag_of('2').as_str()], at(10))
        .await
        .unwrap();
    assert!(unlocked.keyring.verify("link", &["a"], &tag_of('2')));
}

#[tokio::test]
async fn made_up_key_ids_are_looked_for_once_in_a_minute() {
    let wire = FakeWire::new(|body| answer(body, "1", None));
    let secrets = secrets(&wire);
    for kid in "abcdefgh".chars() {
        secrets
            .for_tags([tag_of(kid).as_str()], at(0))
            .await
            .unwrap();
    }
    secrets.for_tags([""], at(0)).await.unwrap();
    assert_eq!(wire.asked().len(), 4);
    secrets
        .for_tags([tag_of('x').as_str()], at(1))
        .await
        .unwrap();
    assert_eq!(wire.asked().len(), 6);
}

#[tokio::test]
async fn a_made_up_key_id_does_not_hide_the_key_that_gets_it() {
    let (wire, rotated) = rotating();
    let secrets = secrets(&wire);
    secrets
        .for_tags([tag_of('2').as_str()], at(0))
        .await
        .unwrap();
    rotated.store(true, Ordering::Relaxed);
    let unlocked = secrets
        .for_tags([tag_of('2').as_str()], at(1))
        .await
        .unwrap();
    assert!(unlocked.keyring.verify("link", &["a"], &tag_of('2')));
}
