use policy::Status;
use ticket::{Command, Event, NoteReason, Order, Refusal, TooMuch, Words, caps};

use crate::desk::{Desk, MONDAY_9, customer, open_command, person, reply, told};
use crate::people::contact;

#[test]
fn opening_acknowledges_the_customer_and_tells_the_departments_agents() {
    let desk = Desk::technical();
    let mut all: Vec<_> = desk.sent.iter().map(crate::desk::short).collect();
    all.sort();
    assert_eq!(
        all,
        ["acknowledgement>customer", "opened>ann", "opened>bob"]
    );
    assert_eq!(desk.ticket.status, Status::New);
}

#[test]
fn before_triage_every_departments_agents_are_told() {
    let desk = Desk::open(&open_command(None), MONDAY_9);
    let mut all: Vec<_> = desk.sent.iter().map(crate::desk::short).collect();
    all.sort();
    assert_eq!(
        all,
        [
            "acknowledgement>customer",
            "opened>ann",
            "opened>bob",
            "opened>cash"
        ]
    );
}

#[test]
fn a_machine_is_not_acknowledged_and_its_clock_does_not_wait_for_it() {
    let mut open = open_command(Some("technical"));
    open.acknowledge = false;
    open.shown = false;
    let desk = Desk::open(&open, MONDAY_9);
    assert!(
        desk.sent
            .iter()
            .all(|notice| crate::desk::short(notice) != "acknowledgement>customer")
    );
    assert!(desk.ticket.acknowledged_at.is_some());
}

#[test]
fn an_agents_answer_goes_to_the_customer_and_the_ticket_waits_for_them() {
    let mut desk = Desk::technical();
    let decision = desk.agent_replies("2026-11-23T10:00:00Z");
    assert_eq!(told(&decision), ["reply>customer"]);
    assert_eq!(desk.ticket.status, Status::Pending);
    assert!(desk.ticket.first_reply_at.is_some());
}

#[test]
fn a_customers_message_on_a_pending_ticket_opens_it_and_starts_the_next_response() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T10:00:00Z");
    let decision = desk.customer_writes("2026-11-23T11:00:00Z");
    assert_eq!(
        told(&decision),
        ["customer_replied>ann", "customer_replied>bob"]
    );
    assert_eq!(desk.ticket.status, Status::Open);
    assert_eq!(desk.ticket.response_cycle, 1);
}

#[test]
fn more_customer_messages_do_not_restart_the_next_response() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T10:00:00Z");
    desk.customer_writes("2026-11-23T11:00:00Z");
    let since = desk.ticket.waiting_since;
    desk.customer_writes("2026-11-23T12:00:00Z");
    assert_eq!(desk.ticket.waiting_since, since);
    assert_eq!(desk.ticket.response_cycle, 1);
}

#[test]
fn a_customers_message_on_a_solved_ticket_reopens_it_and_tells_the_lead_too() {
    let mut desk = Desk::technical();
    desk.do_at(
        &reply("ann", &[ticket::Order::Status(Status::Solved)]),
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(desk.ticket.status, Status::Solved);
    let decision = desk.customer_writes("2026-11-24T10:00:00Z");
    assert_eq!(
        told(&decision),
        ["reopened>ann", "reopened>bob", "reopened>lea"]
    );
    assert_eq!(desk.ticket.status, Status::Open);
}

#[test]
fn a_stranger_may_not_write_as_a_customer_but_their_mail_is_kept_for_agents() {
    let mut desk = Desk::technical();
    let from = crate::people::contact("stranger@example.org").hash;
    let words = Words::text("Let me in");
    let as_customer = Command::CustomerMessage {
        from,
        words: words.clone(),
        proved: false,
    };
    assert_eq!(
        desk.try_do(&as_customer, "2026-11-23T10:00:00Z"),
        Err(Refusal::NotAParticipant)
    );
    let decision = desk.do_at(
        &Command::StrangerMessage {
            from: crate::people::contact("stranger@example.org"),
            words,
            tell: false,
        },
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(told(&decision), ["stranger>ann", "stranger>bob"]);
    assert_eq!(decision.events[0].event, Event::StrangerWrote);
}

#[test]
fn a_reply_without_the_marker_becomes_a_note_and_its_writer_is_told() {
    let mut desk = Desk::technical();
    let note = Command::InternalNote {
        agent: person("ann"),
        words: Words::text("quoted text and all"),
        instead_of_reply: Some(NoteReason::NoMarker),
        orders: vec![],
    };
    let decision = desk.do_at(&note, "2026-11-23T10:00:00Z");
    assert_eq!(told(&decision), ["note>ann"]);
    assert_eq!(desk.ticket.first_reply_at, None);
}

#[test]
fn mail_that_does_not_arrive_shows_on_the_ticket_and_the_agents_are_told() {
    let mut desk = Desk::technical();
    let notice = desk.sent[0].id.clone();
    let command = Command::NotReached {
        notice,
        who: Some(customer().hash),
        reason: "MessageRejected".into(),
    };
    let decision = desk.do_at(&command, "2026-11-23T10:00:00Z");
    assert_eq!(told(&decision), ["not_reached>ann", "not_reached>bob"]);
    assert_eq!(desk.ticket.not_reached, [customer().hash]);
}

#[test]
fn a_full_ticket_takes_no_more_messages() {
    let mut desk = Desk::technical();
    desk.ticket.messages = caps::MESSAGES;
    let from = customer().hash;
    let words = Words::text("more");
    let refused = desk.try_do(
        &Command::CustomerMessage {
            from,
            words,
            proved: false,
        },
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(refused, Err(Refusal::TicketIsFull));
}

#[test]
fn words_beyond_the_bound_are_cut_at_a_character_and_marked() {
    let words = Words::text("é".repeat(Words::MAX_BYTES)).bounded();
    assert!(words.cut && words.text.len() <= Words::MAX_BYTES);
    assert!(words.text.chars().all(|c| c == 'é'));
}

#[test]
fn an_auto_responder_that_answers_our_answers_is_soon_left_alone() {
    let mut desk = Desk::technical();
    let note = Command::InternalNote {
        agent: person("ann"),
        words: Words::text("I am on holiday"),
        instead_of_reply: Some(NoteReason::AutoReply),
        orders: vec![],
    };
    let told: usize = (0..10)
        .map(|minute| desk.do_at(&note, &format!("2026-11-23T10:0{minute}:00Z")))
        .map(|decision| decision.notices.len())
        .sum();
    assert_eq!(told, caps::KEPT_AS_NOTE as usize);
}

#[test]
fn a_mail_that_is_too_much_to_read_is_a_ticket_and_its_sender_is_told_what_to_do_once_for_each() {
    let too_much = Words {
        too_much: Some(TooMuch::Size),
        ..Words::text("Your mail is larger than we can take in.")
    };
    let mut open = open_command(Some("technical"));
    open.words = too_much.clone();
    let mut desk = Desk::open(&open, MONDAY_9);
    let told_of = |sent: &[ticket::Notice]| {
        let all = sent.iter().map(crate::desk::short);
        all.filter(|it| it == "too_much>customer").count()
    };
    assert_eq!(told_of(&desk.sent), 1);
    let message = Command::CustomerMessage {
        from: customer().hash,
        words: too_much,
        proved: false,
    };
    let decision = desk.do_at(&message, "2026-11-23T10:00:00Z");
    assert_eq!(told_of(&decision.notices), 1);
    open.acknowledge = false;
    assert_eq!(told_of(&Desk::open(&open, MONDAY_9).sent), 0);
}

#[test]
fn a_requester_is_proved_once_by_their_own_words_and_by_nobody_elses() {
    let mut desk = Desk::technical();
    let mut write = |from: &str, proved: bool| {
        let command = Command::CustomerMessage {
            from: contact(from).hash,
            words: Words::text("More about it"),
            proved,
        };
        let done = desk.try_do(&command, MONDAY_9);
        let proofs = done.map(|done| {
            let events = done.events.iter();
            events
                .filter(|it| it.event == Event::RequesterProved)
                .count()
        });
        (proofs.ok(), desk.ticket.requester_proved)
    };
    assert_eq!(write("customer@example.net", false), (Some(0), false));
    assert_eq!(write("stranger@example.net", true), (None, false));
    assert_eq!(write("customer@example.net", true), (Some(1), true));
    assert_eq!(write("customer@example.net", true), (Some(0), true));
    let friend = contact("friend@example.org");
    let mut desk = Desk::technical();
    let add = Order::AddParticipant {
        who: friend.clone(),
        earlier: false,
    };
    desk.orders(&[add], MONDAY_9);
    let command = Command::CustomerMessage {
        from: friend.hash,
        words: Words::text("Me too"),
        proved: true,
    };
    desk.do_at(&command, MONDAY_9);
    assert!(!desk.ticket.requester_proved);
}
