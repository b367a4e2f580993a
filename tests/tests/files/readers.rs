//! Who opens which file.

use serde_json::Value;
use tests::desk::Desk;

use super::{CUSTOMER, desk, download, links, mail, opened, page};

const AGENT: &str = "tech-1@staff.example.com";

#[test]
fn a_file_opens_for_those_who_may_read_its_message_and_for_nobody_else() {
    let desk = desk();
    let to = "technical@support.example.com";
    let file = |name: &str| [(name.to_owned(), "content")];
    mail(&desk, CUSTOMER, to, "Please see.", &file("theirs.txt"));
    mail(
        &desk,
        "other@example.net",
        to,
        "Please see.",
        &file("others.txt"),
    );
    let (own, other) = (page(&desk, CUSTOMER), page(&desk, "other@example.net"));
    let link = links(&desk, &own).remove(0);
    assert!(opened(&desk, &link).is_some());
    let (path, key) = link.split_once("?key=").unwrap();
    let (others_path, _) = other.split_once('?').unwrap();
    let last = path.rsplit_once('/').unwrap().0;
    for wrong in [
        format!("{others_path}/files/1-1?key={key}"),
        format!("{path}?key="),
        path.to_owned(),
        format!("{path}?key={}", &key[1..]),
        format!("{last}/1-2?key={key}"),
        format!("{last}/2-1?key={key}"),
        format!("{last}/1-0?key={key}"),
        format!("{last}/01-1?key={key}"),
        format!("{link}&who=tech-1"),
        format!("{link}&who=tech-1&until=9999999999"),
    ] {
        assert_eq!(opened(&desk, &wrong), None, "{wrong}");
    }
    // What is written for colleagues, and what a stranger wrote, is for staff.
    let mails = desk.mails();
    let told = mails.iter().find(|mail| mail.is_to(AGENT)).unwrap();
    let reply = |text: &str, name: &str| {
        let quoted = told.text().replace('\n', "\n> ");
        let words = format!("{text}\n\n> {quoted}");
        mail(
            &desk,
            AGENT,
            &address(told.header("reply-to")),
            &words,
            &file(name),
        );
    };
    reply("/note\nFor us.", "secret.txt");
    let customers = mails.iter().find(|mail| mail.is_to(CUSTOMER)).unwrap();
    let reply_to = address(customers.header("reply-to"));
    mail(
        &desk,
        "stranger@example.org",
        &reply_to,
        "I saw this.",
        &file("strange.txt"),
    );
    let number = own.split(['/', '?']).nth(2).unwrap();
    let (note, strange) = (
        entry(&desk, number, "secret.txt"),
        entry(&desk, number, "strange.txt"),
    );
    assert_eq!(links(&desk, &own).len(), 1);
    let theirs = |entry: u64| format!("{last}/{entry}-1?key={key}");
    for entry in [note, strange] {
        assert_eq!(opened(&desk, &theirs(entry)), None);
    }
    let staffs = told
        .text()
        .lines()
        .find(|line| line.contains("/files/1-1?who="))
        .unwrap();
    let staffs = &staffs[staffs.find("/tickets/").unwrap()..];
    for entry in [1, note, strange] {
        let link = staffs.replace("/files/1-1", &format!("/files/{entry}-1"));
        let url = opened(&desk, &link).unwrap();
        assert_eq!(download(&url).body, "content");
    }
    for wrong in [
        staffs.replace("who=tech-1", "who=tech-2"),
        staffs.replace("until=", "until=1"),
        staffs.replace(number, others_path.rsplit('/').next().unwrap()),
    ] {
        assert_eq!(opened(&desk, &wrong), None, "{wrong}");
    }
    reply(&format!("/release {strange}\nHe is right."), "answer.txt");
    assert!(opened(&desk, &theirs(strange)).is_some());
    assert_eq!(opened(&desk, &theirs(note)), None);
    desk.advance("P30DT1H");
    assert_eq!(opened(&desk, staffs), None, "a link for staff has ended");
    assert!(opened(&desk, &link).is_some(), "a customer's page stays");
}

fn address(header: &str) -> String {
    let address = header.rsplit_once('<').map_or(header, |(_, rest)| rest);
    address.trim_end_matches('>').to_owned()
}

/// The entry of a ticket's log that lists a file of this name.
fn entry(desk: &Desk, number: &str, name: &str) -> u64 {
    let log = desk.troth_json(&["ticket", "history", number]);
    let events = log["events"].as_array().unwrap();
    let lists = |event: &&Value| {
        let files = event["words"]["attachments"].as_array();
        files.is_some_and(|files| files.iter().any(|file| file["name"] == name))
    };
    let found = events.iter().find(lists).unwrap();
    assert_eq!(
        found["words"]["attachments"][0]["sha256"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    found["seq"].as_u64().unwrap()
}
