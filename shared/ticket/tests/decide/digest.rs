//! The digest of held numbers: what it names, when it leaves, and which clocks wait for it.

use jiff::Timestamp;
use policy::Channel;
use ticket::{
    Addressee, Command, Event, Held, MOST_NAMED, Open, Pepper, Text, TicketId, Waiting, is_gathered,
};

use crate::desk::{Desk, MONDAY_9, customer, instant, open_command, policy, told};

/// A mail whose acknowledgement is held, with what waits already; acknowledged within an hour by the policy.
fn mail(waiting: Option<Waiting>) -> Open {
    Open {
        channel: Channel::Email,
        shown: false,
        held: Some(Held::Address),
        waiting,
        ..open_command(None)
    }
}

fn told_at(at: &str) -> Waiting {
    Waiting {
        told: Some(instant(at)),
        ..Waiting::default()
    }
}

/// What waits after a request was added.
fn after(waiting: &Waiting, open: &Open, now: &str) -> Option<Waiting> {
    let desk = Desk::open(open, now);
    waiting.with(&desk.ticket, &policy(), instant(now))
}

fn leaves(waiting: &Waiting, open: &Open, now: &str) -> Option<Timestamp> {
    after(waiting, open, now)?.at
}

#[test]
fn a_digest_leaves_before_the_acknowledgement_of_a_mail_is_due_and_the_clock_waits_for_it() {
    let none = Waiting::default();
    let desk = Desk::open(&mail(Some(none.clone())), MONDAY_9);
    assert_eq!(desk.ticket.held, Some(Held::Address));
    assert_eq!(desk.ticket.acknowledged_at, None);
    assert_eq!(desk.next_due, Some(instant("2026-11-23T10:00:00Z")));
    let at = leaves(&none, &mail(Some(none.clone())), MONDAY_9);
    assert_eq!(at, Some(instant("2026-11-23T09:50:00Z")));
}

#[test]
fn what_the_page_has_shown_waits_an_hour_and_an_earlier_digest_is_never_put_off() {
    let shown = Open {
        waiting: Some(Waiting::default()),
        held: Some(Held::Address),
        ..open_command(None)
    };
    let at = leaves(&Waiting::default(), &shown, MONDAY_9);
    assert_eq!(at, Some(instant("2026-11-23T10:00:00Z")));
    let first = after(&Waiting::default(), &shown, MONDAY_9).unwrap();
    let sooner = leaves(&first, &mail(Some(first.clone())), "2026-11-23T09:05:00Z");
    assert_eq!(sooner, Some(instant("2026-11-23T09:55:00Z")));
    let later = leaves(&first, &shown, "2026-11-23T09:30:00Z");
    assert_eq!(later, first.at);
}

#[test]
fn an_address_is_told_once_a_day_and_what_cannot_be_told_in_time_waits_without_a_clock() {
    let told = told_at("2026-11-22T12:00:00Z");
    let desk = Desk::open(&mail(Some(told.clone())), MONDAY_9);
    assert!(desk.ticket.acknowledged_at.is_some());
    let next = leaves(&told, &mail(Some(told.clone())), MONDAY_9);
    assert_eq!(next, Some(instant("2026-11-23T12:00:00Z")));
    // Told so early that a day is over in time.
    let told = told_at("2026-11-22T09:40:00Z");
    let desk = Desk::open(&mail(Some(told.clone())), MONDAY_9);
    assert_eq!(desk.ticket.acknowledged_at, None);
    let next = leaves(&told, &mail(Some(told.clone())), MONDAY_9);
    assert_eq!(next, Some(instant("2026-11-23T09:50:00Z")));
}

#[test]
fn a_list_that_is_full_takes_no_more_and_no_clock_waits_for_it() {
    let id = open_command(None).id;
    let full = Waiting {
        tickets: vec![id; MOST_NAMED],
        at: Some(instant("2026-11-23T09:30:00Z")),
        ..Waiting::default()
    };
    assert_eq!(after(&full, &mail(Some(full.clone())), MONDAY_9), None);
    let desk = Desk::open(&mail(Some(full)), MONDAY_9);
    assert!(desk.ticket.acknowledged_at.is_some());
}

#[test]
fn the_caps_over_many_addresses_and_the_switch_leave_nothing_to_a_digest() {
    let gathered: Vec<Held> = Held::ALL
        .iter()
        .copied()
        .filter(|held| is_gathered(*held))
        .collect();
    assert_eq!(gathered, [Held::Address, Held::Thread, Held::Subject]);
}

#[test]
fn numbers_are_told_to_the_requester_and_meet_the_clock_when_the_mail_is_accepted() {
    let mut desk = Desk::open(&mail(Some(Waiting::default())), MONDAY_9);
    let other = TicketId::derive(&Pepper::new("p"), "form", "other", 0);
    let tickets = vec![desk.ticket.id, other];
    let tell = Command::TellNumbers {
        tickets: tickets.clone(),
        more: 4,
    };
    let decision = desk.do_at(&tell, "2026-11-23T09:50:00Z");
    assert_eq!(told(&decision), ["numbers>customer"]);
    let notice = &decision.notices[0];
    assert_eq!(notice.to, Addressee::Customer(customer().hash));
    assert_eq!(notice.text.acknowledges(desk.ticket.id), tickets);
    assert_eq!(notice.text, Text::Numbers { tickets, more: 4 });
    assert!(matches!(
        decision.events[0].event,
        Event::NumbersTold { more: 4, .. }
    ));
    assert_eq!(desk.ticket.acknowledged_at, None, "nothing has left yet");
    desk.do_at(&Command::Acknowledged, "2026-11-23T09:51:00Z");
    let met = Some(instant("2026-11-23T09:51:00Z"));
    assert_eq!(desk.ticket.acknowledged_at, met);
    assert!(told(&desk.tick("2026-11-23T10:00:00Z")).is_empty());
}
