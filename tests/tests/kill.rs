//! The runner and its functions are killed while customers write: nothing that was accepted is lost and nobody is told
//! twice, kills between the answer of SES and our record of it included. Only where SES's own event of that mail is
//! lost too is the mail sent again.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should stop here"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use jiff::Timestamp;
use play::Mail;
use serde_json::{Value, json};
use tests::desk::{Desk, Setup};

const CUSTOMERS: usize = 200;
/// The customer whose acknowledgement SES accepts without being heard; its event tells of it.
const UNHEARD: usize = CUSTOMERS - 2;
/// The customer whose acknowledgement SES accepts without being heard, and whose event is lost.
const LAST: usize = CUSTOMERS - 1;
/// How many write at the same time.
const WRITERS: usize = 6;
/// Chosen once, so that a failure can be looked at again.
const SEED: u64 = 20_261_123;
const KILLS: usize = 5;
#[test]
fn nothing_accepted_is_lost_and_nobody_is_told_twice_unless_ses_is_not_heard_at_all() {
    let at = "2026-11-23T22:00:00Z".parse().unwrap();
    let mut desk = Desk::start(Setup::under("web-host-au", at));
    let crowd = Crowd::new(&desk);
    let mut kills = Vec::new();
    thread::scope(|scope| {
        let _ends = Ends(&crowd.over);
        for writer in 0..WRITERS {
            let crowd = &crowd;
            scope.spawn(move || {
                (writer..UNHEARD)
                    .step_by(WRITERS)
                    .for_each(|who| crowd.write(who));
            });
        }
        for (accepted, wait) in instants() {
            crowd.wait_for(accepted);
            thread::sleep(wait);
            kills.push(kill(&mut desk, &crowd));
        }
        crowd.wait_for(CUSTOMERS * 9 / 10);
        for (who, answer) in [(UNHEARD, "stall"), (LAST, "vanish")] {
            desk.ses(&json!({ "answer": answer, "address": address(who) }));
            let crowd = &crowd;
            scope.spawn(move || crowd.write(who));
            while !desk.mails().iter().any(|mail| mail.is_to(&address(who))) {
                crowd.go_on();
                thread::sleep(Duration::from_millis(20));
            }
            kills.push(kill(&mut desk, crowd));
        }
    });
    // Leases, visibility timeouts and retries run out; the ladders' first levels are later.
    desk.advance("PT1H");

    let accepted = crowd.numbers();
    let listed: BTreeSet<String> = desk.tickets().iter().map(|t| text(&t["number"])).collect();
    assert_eq!(
        accepted.len(),
        CUSTOMERS,
        "every customer got an answer with a number of their own"
    );
    assert_eq!(accepted, listed, "the tickets are those that were accepted");
    for who in [0, CUSTOMERS / 2, CUSTOMERS - 1] {
        assert!(
            crowd.numbers[who].get() == Some(&crowd.ask(who).unwrap()),
            "a repeat gets the same number"
        );
    }
    let repeated = repeats(&desk.mails());
    println!(
        "{} kills; sent twice: {repeated:?}, whose sending SES could tell nobody of",
        kills.len(),
    );
    assert_eq!(repeated, [address(LAST)]);
}

/// After how many accepted requests, and how much later, each kill comes.
fn instants() -> Vec<(usize, Duration)> {
    let mut state = SEED;
    let mut next = |below: u64| {
        // Knuth's MMIX generator; its high bits are the good ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut instants: Vec<_> = (0..KILLS)
        .map(|_| {
            (
                usize::try_from(next(150)).unwrap() + 5,
                Duration::from_millis(next(60)),
            )
        })
        .collect();
    instants.sort();
    instants
}

/// Customers who write by program, and try again when no answer comes.
struct Crowd {
    port: AtomicU16,
    accepted: AtomicUsize,
    numbers: Vec<std::sync::OnceLock<String>>,
    /// The test has failed: nobody waits for an answer any more.
    over: AtomicBool,
}

/// Writers that go on for ever would hide why the test has failed.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.fetch_or(thread::panicking(), Ordering::SeqCst);
    }
}

impl Crowd {
    fn new(desk: &Desk) -> Self {
        Self {
            port: AtomicU16::new(desk.port("http")),
            accepted: AtomicUsize::new(0),
            numbers: (0..CUSTOMERS).map(|_| std::sync::OnceLock::new()).collect(),
            over: AtomicBool::new(false),
        }
    }

    fn write(&self, who: usize) {
        let _ends = Ends(&self.over);
        let number = loop {
            match self.ask(who) {
                Some(number) => break number,
                None if self.over.load(Ordering::SeqCst) => return,
                None => thread::sleep(Duration::from_millis(50)),
            }
        };
        self.numbers[who].set(number).expect("each writes once");
        self.accepted.fetch_add(1, Ordering::SeqCst);
    }

    /// One try; none if no answer came, or one that asks to come back.
    fn ask(&self, who: usize) -> Option<String> {
        let body = json!({
            "email": address(who), "subject": format!("Question {who}"), "message": "How much is it?",
            "department": "sales",
        });
        let key = format!("question-{who}");
        let headers = [
            ("Content-Type", "application/json"),
            ("Idempotency-Key", key.as_str()),
        ];
        let port = self.port.load(Ordering::SeqCst);
        let answer = play::send(
            port,
            "POST",
            "/tickets",
            &headers,
            body.to_string().as_bytes(),
        )
        .ok()?;
        match answer.status {
            201 => {
                let receipt: Value = serde_json::from_str(&answer.body).expect("a receipt is JSON");
                Some(text(&receipt["number"]))
            }
            500.. => None,
            status => panic!("a good request got {status}: {}", answer.body),
        }
    }

    fn wait_for(&self, accepted: usize) {
        while self.accepted.load(Ordering::SeqCst) < accepted {
            self.go_on();
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Stops whoever waits for what will not come.
    fn go_on(&self) {
        assert!(!self.over.load(Ordering::SeqCst), "a writer has failed");
    }

    fn numbers(&self) -> BTreeSet<String> {
        self.numbers
            .iter()
            .filter_map(|number| number.get().cloned())
            .collect()
    }
}

fn address(who: usize) -> String {
    format!("customer-{who}@example.net")
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// Kills the desk where it stands and starts it again; tells when it died.
fn kill(desk: &mut Desk, crowd: &Crowd) -> Timestamp {
    let died = desk.now();
    desk.kill();
    desk.restart();
    crowd.port.store(desk.port("http"), Ordering::SeqCst);
    died
}

/// Checks that everybody got what is theirs; tells who got a notice twice.
fn repeats(mails: &[Mail]) -> Vec<String> {
    let mut copies: BTreeMap<&str, Vec<&Mail>> = BTreeMap::new();
    for mail in mails {
        copies
            .entry(mail.header("x-troth-notice"))
            .or_default()
            .push(mail);
    }
    let thanked: BTreeSet<&str> = copies
        .values()
        .map(|mails| mails[0].to[0].as_str())
        .collect();
    for who in 0..CUSTOMERS {
        assert!(
            thanked.contains(address(who).as_str()),
            "{} got nothing",
            address(who)
        );
    }
    // One acknowledgement to each customer and one notice to the one agent, for each ticket.
    assert_eq!(copies.len(), 2 * CUSTOMERS);
    let twice = copies.values().filter(|mails| mails.len() > 1);
    twice
        .flat_map(|mails| &mails[1..])
        .map(|mail| mail.to[0].clone())
        .collect()
}
