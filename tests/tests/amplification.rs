//! A flood by form and API makes no flood of mail: of one place, over many, and with the switch (security bar 26 and 37).
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop here"
)]

use std::collections::BTreeMap;

use play::Answer;
use serde_json::{Value, json};
use tests::desk::{Desk, Setup};
use ticket::{SOURCE_A_DAY, SOURCE_REQUESTS};

/// More than one place may send within its window.
const FLOOD: u32 = SOURCE_REQUESTS + 60;

/// So many at the same moment.
const WRITERS: u32 = 6;

fn desk() -> Desk {
    let desk = Desk::start(Setup::under(
        "online-only",
        "2026-11-24T09:00:00Z".parse().unwrap(),
    ));
    // A version holds a minute after it was published; a window of requests begins here.
    desk.advance("PT10M");
    desk
}

/// A request for another victim, who claims to be another sender each time.
fn ask(desk: &Desk, n: u32) -> Answer {
    let request = json!({ "email": format!("victim-{n}@customer.example"), "subject": "Help", "message": "Taintedbody" });
    let claimed = format!("203.0.113.{}", n % 250);
    let headers = [
        ("content-type", "application/json"),
        ("x-forwarded-for", claimed.as_str()),
        ("cf-connecting-ip", claimed.as_str()),
    ];
    desk.ask("POST", "/tickets", &headers, request.to_string().as_bytes())
}

fn flood(desk: &Desk, from: u32) -> Vec<Answer> {
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    let mine = (from..from + FLOOD).filter(|n| n % WRITERS == writer);
                    mine.map(|n| ask(desk, n)).collect::<Vec<_>>()
                })
            })
            .collect();
        let answers = writers.into_iter().flat_map(|it| it.join().unwrap());
        answers.collect()
    })
}

fn by_status(answers: &[Answer]) -> BTreeMap<u16, u32> {
    answers.iter().fold(BTreeMap::new(), |mut counts, answer| {
        *counts.entry(answer.status).or_default() += 1;
        counts
    })
}

#[test]
fn distinct_victims_from_one_place_get_no_more_mail_than_the_cap_whatever_its_headers_claim() {
    let desk = desk();
    let answers = flood(&desk, 0);
    let expected = BTreeMap::from([(201, SOURCE_REQUESTS), (429, FLOOD - SOURCE_REQUESTS)]);
    assert_eq!(by_status(&answers), expected);
    for refused in answers.iter().filter(|answer| answer.status == 429) {
        let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=600).contains(&wait), "{wait}");
        let problem: Value = serde_json::from_str(&refused.body).unwrap();
        assert_eq!(problem["status"], 429);
    }
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let body = b"email=somebody%40customer.example&subject=Hilfe&message=Hallo&lang=de";
    let page = desk.ask("POST", "/tickets?lang=de", &form, body);
    assert_eq!(page.status, 429);
    assert!(
        page.body.contains("Bitte warten Sie einige Minuten"),
        "{}",
        page.body
    );
    desk.settle();

    assert_eq!(
        desk.tickets().len(),
        SOURCE_REQUESTS as usize,
        "what was taken is a ticket"
    );
    let mails = desk.mails();
    let to_victims = mails.iter().filter(|mail| mail.to[0].contains("victim-"));
    assert_eq!(to_victims.count(), SOURCE_A_DAY as usize);
    let said = desk.client().troth(&["mail", "acknowledgements"]).unwrap();
    let held = SOURCE_REQUESTS - SOURCE_A_DAY;
    let line = said.lines().find(|line| line.contains("source"));
    assert!(line.unwrap().contains(&held.to_string()), "{said}");

    // The next window takes requests again, and the day's acknowledgements are used up.
    desk.advance("PT10M");
    assert_eq!(ask(&desk, FLOOD).status, 201);
    desk.settle();
    let new = desk.mails().len() - mails.len();
    let to_staff = desk
        .mails()
        .iter()
        .skip(mails.len())
        .all(|mail| mail.to[0].contains("@staff."));
    assert!(new > 0 && to_staff, "{new} new mails");
}

#[test]
fn switched_off_nobody_is_acknowledged_and_every_request_is_a_ticket() {
    let desk = desk();
    let said = desk
        .client()
        .troth(&[
            "mail",
            "acknowledgements",
            "off",
            "--reason",
            "a flood",
            "--by",
            "lead",
        ])
        .unwrap();
    assert!(said.contains("off"), "{said}");
    desk.advance("PT2M");
    assert_eq!(ask(&desk, 1).status, 201);
    let raw = "From: customer@customer.example\r\nTo: support@support.example.com\r\nSubject: Help\r\n\r\nPlease.\r\n";
    desk.client()
        .deliver(
            "customer@customer.example",
            "support@support.example.com",
            raw,
        )
        .unwrap();
    desk.settle();
    let to_customers = || {
        let mails = desk.mails();
        let to_customer = |mail: &&play::Mail| mail.to[0].ends_with("customer.example");
        mails.iter().filter(to_customer).count()
    };
    assert_eq!((desk.tickets().len(), to_customers()), (2, 0));
    let said = desk.client().troth(&["mail", "acknowledgements"]).unwrap();
    assert!(said.contains("by lead: a flood"), "{said}");
    desk.client()
        .troth(&[
            "mail",
            "acknowledgements",
            "on",
            "--reason",
            "over",
            "--by",
            "lead",
        ])
        .unwrap();
    desk.advance("PT2M");
    assert_eq!(ask(&desk, 2).status, 201);
    desk.settle();
    assert_eq!((desk.tickets().len(), to_customers()), (3, 1));
}
