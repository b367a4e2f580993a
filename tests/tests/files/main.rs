//! Files that come with mails: who opens them, as what, and for how long.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

mod ends;
mod merged;
mod names;
mod readers;

use std::fmt::Write as _;

use play::Answer;
use tests::desk::{Desk, Setup};

const CUSTOMER: &str = "customer@example.net";

fn desk() -> Desk {
    let desk = Desk::start(Setup::under(
        "web-host-au",
        "2026-11-23T22:00:00Z".parse().unwrap(),
    ));
    // Its policy is in force by then.
    desk.advance("PT5M");
    desk
}

/// A mail with files of these names, which stand in it as RFC 2231 lets anything stand in a header.
fn mail(desk: &Desk, from: &str, to: &str, text: &str, files: &[(String, &str)]) {
    let mut raw = format!(
        "From: <{from}>\nTo: <{to}>\nSubject: Files\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=\"=_b_=\"\n\n--=_b_=\n\n{text}\n"
    );
    for (name, content) in files {
        let name = name.bytes().fold(String::new(), |mut name, byte| {
            let _ = write!(name, "%{byte:02X}");
            name
        });
        let _ = write!(
            raw,
            "--=_b_=\nContent-Type: image/svg+xml\nContent-Disposition: attachment; filename*=UTF-8''{name}\n\n{content}\n"
        );
    }
    let raw = format!("{raw}--=_b_=--\n");
    desk.client().deliver(from, to, &raw).unwrap();
    desk.settle();
}

/// The customer's page and its key, from the newest mail to them.
fn page(desk: &Desk, customer: &str) -> String {
    let mails = desk.mails();
    let newest = mails.iter().rev().find(|mail| mail.is_to(customer));
    let text = newest.unwrap().text().to_owned();
    let link = text
        .split_whitespace()
        .find(|word| word.contains("/tickets/") && word.contains("?key="));
    let link = link.unwrap().trim_matches(['<', '>', '.']);
    link[link.find("/tickets/").unwrap()..].to_owned()
}

/// Every link to a file on a page.
fn links(desk: &Desk, page: &str) -> Vec<String> {
    let answer = desk.ask("GET", page, &[], b"");
    assert_eq!(answer.status, 200);
    let hrefs = answer.body.split("href=\"").skip(1);
    let hrefs = hrefs.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"));
    hrefs.filter(|href| href.contains("/files/")).collect()
}

/// Where a link leads; 404 is none.
fn opened(desk: &Desk, link: &str) -> Option<String> {
    let answer = desk.ask("GET", link, &[], b"");
    if answer.status == 404 {
        return None;
    }
    assert_eq!(answer.status, 303, "{}", answer.body);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), Some(value), "{name}");
    }
    Some(answer.header("location").unwrap().to_owned())
}

fn download(url: &str) -> Answer {
    let rest = url.strip_prefix("http://127.0.0.1:").unwrap();
    let (port, path) = rest.split_once('/').unwrap();
    play::send(port.parse().unwrap(), "GET", &format!("/{path}"), &[], b"").unwrap()
}
