//! What customers write stays where it belongs: no log holds an address, a subject or a body, and nothing that is stored
//! holds a secret (security bar 39, clause ON.4).
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::path::Path;

use serde_json::json;
use tests::desk::{Desk, Setup};

/// What customers write, none of it a secret: it may be stored, and must not be logged.
const PERSONAL: [&str; 4] = [
    "canary-person@customer.example",
    "Canarysubject",
    "Canarybody",
    "Canaryname",
];

/// What may not be stored anywhere.
const SECRETS: [&str; 4] = [
    "4111 1111 1111 1111",
    "4111111111111111",
    "canarypass77",
    "canarytoken0123456789",
];

const TEXT: &str = "Canarybody. My card: 4111 1111 1111 1111 or 4111111111111111.\nPassword: canarypass77\nAuthorization: Bearer canarytoken0123456789\n";

#[test]
fn no_log_holds_what_customers_write_and_no_store_holds_a_secret() {
    let desk = Desk::start(Setup::under(
        "online-only",
        "2026-11-24T09:00:00Z".parse().unwrap(),
    ));
    // A version holds a minute after it was published.
    desk.advance("PT5M");
    let [address, subject, _, name] = PERSONAL;
    let request = json!({
        "email": address, "name": name, "lang": "en",
        "subject": format!("{subject} 4111111111111111"), "message": TEXT,
    });
    let headers = [("content-type", "application/json")];
    let answer = desk.ask("POST", "/tickets", &headers, request.to_string().as_bytes());
    assert_eq!(answer.status, 201);
    // Refused, and answered with what is wrong.
    let wrong = request
        .to_string()
        .replace("\"lang\":\"en\"", "\"lang\":\"xx\"");
    assert_eq!(
        desk.ask("POST", "/tickets", &headers, wrong.as_bytes())
            .status,
        422
    );
    let html = "<p>Canarybody</p><p>4111 1111 1111 1111</p>";
    let raw = format!(
        "From: {name} <{address}>\r\nTo: support@support.example.com, feedback@support.example.com\r\n\
         Subject: {subject} 4111111111111111\r\nMessage-ID: <canary@customer.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=cut\r\n\r\n\
         --cut\r\nContent-Type: text/plain\r\n\r\n{}\r\n--cut\r\nContent-Type: text/html\r\n\r\n{html}\r\n--cut--\r\n",
        TEXT.replace('\n', "\r\n")
    );
    // SES stores it once for each address; one of the two is the ticket's.
    for to in [
        "support@support.example.com",
        "feedback@support.example.com",
    ] {
        desk.client().deliver(address, to, &raw).unwrap();
        desk.settle();
    }
    desk.advance("PT30M");
    assert_eq!(desk.tickets().len(), 2);
    assert!(desk.mails().iter().any(|mail| mail.is_to(address)));
    let logs = desk.logs();
    assert!(logs.contains("a request was taken"), "{logs}");
    let replaced = logs.matches("replaced by a masked copy").count();
    assert_eq!(replaced, 2, "{logs}");
    let data = desk.data();
    let all: Vec<&str> = PERSONAL.into_iter().chain(SECRETS).collect();
    assert!(search(&data.join("data/logs"), &all) > 3);
    assert!(search(&data, &SECRETS) > 3);
}

/// Looks for canaries in every file below a folder; answers how many files it read.
fn search(folder: &Path, canaries: &[&str]) -> usize {
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read += search(&path, canaries);
            continue;
        }
        // The runner's ledger stands for Lambda's own queue, which holds SES's event with the subject until it is handled.
        if path.to_string_lossy().contains("/ledger.sqlite") {
            continue;
        }
        // A file that the runner has replaced meanwhile is read as its successor.
        let Ok(content) = std::fs::read(&path) else {
            continue;
        };
        read += 1;
        for canary in canaries {
            let found = content
                .windows(canary.len())
                .any(|window| window == canary.as_bytes());
            assert!(!found, "{canary} in {}", path.display());
        }
    }
    read
}
