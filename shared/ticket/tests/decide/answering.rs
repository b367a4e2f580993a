//! What is acknowledged by mail and what is held: counters as values, a day at a time.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use policy::Channel;
use ticket::{AT_ONCE_A_DAY, Held, Open, TicketId, counters, held, raised};

use crate::desk::{MONDAY_9, instant, open_command};

/// The counters as a store keeps them.
#[derive(Default)]
struct Kept(HashMap<String, Vec<Timestamp>>);

impl Kept {
    fn ask(&mut self, open: &Open, now: Timestamp) -> Option<Held> {
        self.ask_for(open, false, now)
    }

    fn ask_for(&mut self, open: &Open, verified: bool, now: Timestamp) -> Option<Held> {
        let read = |(held, counter): (Held, ticket::Counter)| {
            let times = self.0.get(&counter.key).cloned().unwrap_or_default();
            (held, counter, times)
        };
        let counted: Vec<_> = counters(open, verified).into_iter().map(read).collect();
        let held = held(&counted, now);
        if held.is_none() {
            for (_, counter, times) in counted {
                self.0.insert(counter.key, raised(&times, now));
            }
        }
        held
    }
}

fn mail(subject: &str, proved: bool) -> Open {
    let mut open = open_command(None);
    open.channel = Channel::Email;
    open.proved = proved;
    subject.clone_into(&mut open.words.subject);
    open
}

/// How many of `count` requests, a second apart, are acknowledged.
fn acknowledged(count: u32, open: impl Fn(u32) -> Open) -> usize {
    let mut kept = Kept::default();
    let asks = (0..count).filter(|n| {
        let now = instant(MONDAY_9) + SignedDuration::from_secs((*n).into());
        kept.ask(&open(*n), now).is_none()
    });
    asks.count()
}

#[test]
fn ten_thousand_submissions_with_one_victims_address_send_one_mail() {
    let form = |n: u32| {
        let mut open = open_command(None);
        open.words.subject = format!("{n} {n} attack");
        open
    };
    assert_eq!(acknowledged(10_000, form), 1);
}

#[test]
fn an_address_whose_owner_was_heard_is_answered_four_times_a_day_when_it_is_typed() {
    let mut kept = Kept::default();
    let answered = (0..10_000).filter(|n| {
        let mut open = open_command(None);
        open.words.subject = format!("{n} {n} attack");
        let now = instant(MONDAY_9) + SignedDuration::from_secs(*n);
        kept.ask_for(&open, true, now).is_none()
    });
    assert_eq!(answered.count(), AT_ONCE_A_DAY);
}

#[test]
fn a_proved_address_is_acknowledged_for_each_request_of_its_own() {
    let words = [
        "mail", "web", "domain", "invoice", "login", "backup", "ftp", "dns",
    ];
    let own = |n: u32| mail(words[n as usize], true);
    assert_eq!(acknowledged(8, own), 8);
}

#[test]
fn what_looks_like_an_answer_or_repeats_itself_is_answered_four_times_a_day_besides_its_digest() {
    let number = open_command(None).id.number("EH");
    let related = TicketId::derive(&ticket::Pepper::new("p"), "form", "other", 0);
    let letters = |n: u32| char::from_u32(u32::from('a') + n % 26).unwrap();
    assert_eq!(
        acknowledged(26, |n| mail(&format!("Re: {}", letters(n)), true)),
        AT_ONCE_A_DAY
    );
    assert_eq!(
        acknowledged(26, |n| mail(&format!("AW: {}", letters(n)), true)),
        AT_ONCE_A_DAY
    );
    assert_eq!(
        acknowledged(26, |n| mail(&format!("Trả lời: {}", letters(n)), true)),
        AT_ONCE_A_DAY
    );
    assert_eq!(
        acknowledged(26, |n| mail(&format!("[{number}] {}", letters(n)), true)),
        AT_ONCE_A_DAY
    );
    assert_eq!(
        acknowledged(1_000, |n| mail(&format!("Report {n}"), true)),
        AT_ONCE_A_DAY
    );
    assert_eq!(
        acknowledged(26, |n| mail(&format!("Case {}", letters(n)), false)),
        AT_ONCE_A_DAY
    );
    let in_thread = |n: u32| Open {
        related: Some(related),
        ..mail(&letters(n).to_string(), true)
    };
    assert_eq!(acknowledged(26, in_thread), AT_ONCE_A_DAY);
}

#[test]
fn a_machine_that_began_with_another_subject_gets_no_more() {
    let subject = |n: u32| match n {
        0 => "A request".to_owned(),
        n => format!("Report {n}"),
    };
    assert_eq!(
        acknowledged(1_000, |n| mail(&subject(n), true)),
        AT_ONCE_A_DAY
    );
}

#[test]
fn the_day_slides_so_that_no_midnight_doubles_it() {
    let mut kept = Kept::default();
    let form = open_command(None);
    let first = instant("2026-11-23T23:59:00Z");
    assert_eq!(kept.ask(&form, first), None);
    assert_eq!(
        kept.ask(&form, instant("2026-11-24T00:01:00Z")),
        Some(Held::Address)
    );
    assert_eq!(
        kept.ask(&form, instant("2026-11-24T23:58:59Z")),
        Some(Held::Address)
    );
    assert_eq!(kept.ask(&form, instant("2026-11-24T23:59:00Z")), None);
}

#[test]
fn a_request_that_is_held_and_told_by_no_digest_says_why_and_its_clock_does_not_wait() {
    let mut open = mail("Help", false);
    open.shown = false;
    open.held = Some(Held::Address);
    let desk = crate::desk::Desk::open(&open, MONDAY_9);
    assert_eq!(desk.ticket.held, Some(Held::Address));
    assert!(desk.ticket.acknowledged_at.is_some());
    let to_customer =
        |notice: &&ticket::Notice| crate::desk::short(notice) == "acknowledgement>customer";
    assert!(!desk.sent.iter().any(|notice| to_customer(&notice)));
}
