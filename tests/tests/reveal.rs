//! A mail whose secrets were masked is kept only where the policy says so, and shown only to a lead, whose reason the
//! ticket's log holds (clause ON.4).
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::fs::File;
use std::io::Write as _;

use tests::desk::{Desk, Setup};

/// Stands only in the HTML of the mail.
const SECRET: &str = "canarypass77";

fn write(desk: &Desk, id: &str) -> String {
    let raw = format!(
        "From: <customer@example.net>\r\nTo: support@support.example.com\r\nSubject: Login {id}\r\nMessage-ID: <{id}@example.net>\r\n\
         Content-Type: multipart/alternative; boundary=cut\r\n\r\n--cut\r\n\r\nPlease see below.\r\n\
         --cut\r\nContent-Type: text/html\r\n\r\n<p>Password: <b>{SECRET}</b></p>\r\n--cut--\r\n"
    );
    let to = "support@support.example.com";
    desk.client()
        .deliver("customer@example.net", to, &raw)
        .unwrap();
    desk.settle();
    desk.advance("PT1M");
    let tickets = desk.tickets();
    let own = |it: &&serde_json::Value| it["subject"].as_str().unwrap().ends_with(id);
    let ticket = tickets.iter().find(own).unwrap();
    ticket["number"].as_str().unwrap().to_owned()
}

#[test]
fn a_masked_mail_is_shown_to_a_lead_where_the_policy_keeps_it_and_the_log_tells_why() {
    let desk = Desk::start(Setup::under(
        "online-only",
        "2026-11-24T09:00:00Z".parse().unwrap(),
    ));
    desk.advance("PT5M");
    let reveal = |number: &str, by: &str, reason: &str| {
        desk.troth(&[
            "ticket", "reveal", number, "1", "--by", by, "--reason", reason,
        ])
    };
    let deleted = write(&desk, "one");
    let (status, said) = reveal(&deleted, "lead", "Fraud case 12.");
    assert_ne!(status, Some(0));
    assert!(said.contains("the mail is not kept"), "{said}");

    let folder = desk.data().join("policy");
    let folder = folder.to_str().unwrap();
    let (status, said) = desk.troth(&["policy", "new", folder, "--from", "online-only"]);
    assert_eq!(status, Some(0), "{said}");
    let mut terms = File::options()
        .append(true)
        .open(format!("{folder}/policy.toml"))
        .unwrap();
    terms
        .write_all(b"\n[secrets]\nclause = \"ON.4\"\nkeep_for_lead = true\n")
        .unwrap();
    let (status, said) = desk.troth(&["policy", "publish", folder, "--approved-by", "the board"]);
    assert_eq!(status, Some(0), "{said}");
    desk.advance("PT5M");

    let kept = write(&desk, "two");
    for (by, reason, because) in [
        ("agent-1", "Fraud case 12.", "`agent-1` may not see it"),
        ("lead", " ", "--reason is empty"),
    ] {
        let (status, said) = reveal(&kept, by, reason);
        assert_ne!(status, Some(0));
        assert!(said.contains(because) && !said.contains(SECRET), "{said}");
    }
    let (_, before) = desk.troth(&["ticket", "history", &kept]);
    assert!(!before.contains("revealed"), "{before}");
    let (status, said) = reveal(&kept, "lead", "Fraud case 12.");
    assert_eq!(status, Some(0), "{said}");
    assert!(
        said.contains(&format!("Password: {SECRET}")) && said.contains("Please see below."),
        "{said}"
    );
    let (_, evidence) = desk.troth(&["evidence", &kept]);
    for part in [
        "secrets revealed (seq 1)",
        "agent lead",
        "Fraud case 12.",
        "chain",
    ] {
        assert!(evidence.contains(part), "{part} in {evidence}");
    }
    assert!(!evidence.contains(SECRET) && !desk.logs().contains(SECRET));
    let (_, elsewhere) = reveal(&kept, "lead", "And the next entry.");
    assert!(elsewhere.contains(SECRET));
    let (_, twice) = desk.troth(&["ticket", "history", &kept]);
    assert_eq!(twice.matches("secrets revealed").count(), 2, "{twice}");
}
