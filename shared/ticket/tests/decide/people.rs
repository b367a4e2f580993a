use policy::Status;
use ticket::{
    Actor, AddressHash, Addressee, Command, Contact, Decision, Event, Order, OrderLine, Pepper,
    Refusal, Text, Words, caps,
};

use crate::desk::{Desk, customer, person, policy, told};

const AT: &str = "2026-11-23T10:00:00Z";
const LATER: &str = "2026-11-23T11:00:00Z";

pub(crate) fn contact(address: &str) -> Contact {
    Contact {
        hash: AddressHash::of(&Pepper::new("p"), address),
        address: address.to_owned(),
        name: "Somebody".to_owned(),
    }
}

fn stranger_writes(desk: &mut Desk, address: &str, tell: bool, at: &str) -> Decision {
    let command = Command::StrangerMessage {
        from: contact(address),
        words: Words::text("Let me in"),
        tell,
    };
    desk.do_at(&command, at)
}

fn one(desk: &mut Desk, order: Order) -> Result<Decision, Refusal> {
    let line = crate::desk::line(order);
    let orders = vec![line];
    let by = Actor::Operator;
    desk.try_do(&Command::Orders { by, orders }, LATER)
}

fn add(address: &str, earlier: bool) -> Order {
    let who = contact(address);
    Order::AddParticipant { who, earlier }
}

fn to_customers(decision: &Decision) -> Vec<&Text> {
    let customers = decision.notices.iter();
    customers
        .filter(|notice| matches!(notice.to, Addressee::Customer(_)))
        .map(|notice| &notice.text)
        .collect()
}

#[test]
fn a_strangers_mail_starts_the_clock_of_the_next_response_at_its_receipt() {
    let mut desk = Desk::technical();
    desk.agent_replies("2026-11-23T09:30:00Z");
    assert_eq!(desk.ticket.status, Status::Pending);
    stranger_writes(&mut desk, "s@example.org", true, AT);
    assert_eq!(desk.ticket.status, Status::Open);
    assert_eq!(desk.ticket.waiting_since, Some(AT.parse().unwrap()));
    assert_eq!(desk.ticket.response_cycle, 1);
}

#[test]
fn a_stranger_is_told_once_and_gets_nothing_else_of_the_ticket() {
    let mut desk = Desk::technical();
    let first = stranger_writes(&mut desk, "s@example.org", true, AT);
    assert_eq!(to_customers(&first), [&Text::Arrived]);
    assert_eq!(first.contacts, [contact("s@example.org")]);
    let second = stranger_writes(&mut desk, "s@example.org", true, LATER);
    assert_eq!(to_customers(&second), Vec::<&Text>::new());
    let other = stranger_writes(&mut desk, "t@example.org", true, LATER);
    assert_eq!(to_customers(&other), [&Text::Arrived]);
    let machine = stranger_writes(&mut desk, "m@example.org", false, LATER);
    assert_eq!(to_customers(&machine), Vec::<&Text>::new());
    let answer = desk.agent_replies("2026-11-23T12:00:00Z");
    assert_eq!(told(&answer), ["reply>customer"]);
    assert_eq!(
        answer.notices[0].to,
        Addressee::Customer(customer().hash),
        "the answer is the requester's"
    );
}

#[test]
fn somebody_who_takes_part_is_not_told_as_a_stranger_and_keeps_their_name() {
    let mut desk = Desk::technical();
    let decision = stranger_writes(&mut desk, "customer@example.net", true, AT);
    assert_eq!(to_customers(&decision), Vec::<&Text>::new());
    assert_eq!(decision.contacts, []);
}

#[test]
fn words_wait_until_an_agent_names_their_entry_and_are_released_once() {
    let mut desk = Desk::technical();
    let entry = stranger_writes(&mut desk, "s@example.org", true, AT).events[0].seq;
    let refused = |entry: u32, waiting: &str| {
        Err(Refusal::NothingWithheld(
            entry.to_string(),
            waiting.to_owned(),
        ))
    };
    let waiting = entry.to_string();
    assert_eq!(
        one(&mut desk, Order::Release { seq: 1 }).map(|_| ()),
        refused(1, &waiting),
        "the request is no stranger's"
    );
    let released = one(&mut desk, Order::Release { seq: entry }).unwrap();
    assert_eq!(released.events[0].event, Event::Released { seq: entry });
    assert_eq!(told(&released), ["released>customer"]);
    assert_eq!(
        one(&mut desk, Order::Release { seq: entry }).map(|_| ()),
        refused(entry, "-")
    );
}

#[test]
fn a_ticket_holds_so_many_unreleased_words_and_then_takes_no_more() {
    let mut desk = Desk::technical();
    for _ in 0..caps::WITHHELD {
        stranger_writes(&mut desk, "s@example.org", true, AT);
    }
    let command = Command::StrangerMessage {
        from: contact("s@example.org"),
        words: Words::text("once more"),
        tell: true,
    };
    assert_eq!(desk.try_do(&command, AT), Err(Refusal::TicketIsFull));
    desk.customer_writes(LATER);
}

#[test]
fn a_new_participant_gets_what_is_written_from_now_on() {
    let mut desk = Desk::technical();
    let who = contact("colleague@example.net");
    let added = one(&mut desk, add("colleague@example.net", false)).unwrap();
    assert_eq!(to_customers(&added), [&Text::Joined { agent: None }]);
    let joined = added.events[0].seq;
    assert_eq!(desk.ticket.reads_after(&who.hash), joined);
    assert_eq!(desk.ticket.reads_after(&customer().hash), 0);
    let answer = desk.agent_replies("2026-11-23T12:00:00Z");
    let mut to: Vec<&Addressee> = answer.notices.iter().map(|it| &it.to).collect();
    to.sort();
    let mut both = [
        Addressee::Customer(customer().hash),
        Addressee::Customer(who.hash.clone()),
    ];
    both.sort();
    assert_eq!(to, both.iter().collect::<Vec<_>>());
    let command = Command::CustomerMessage {
        from: who.hash,
        words: Words::text("I see"),
        proved: false,
    };
    let wrote = desk.do_at(&command, "2026-11-23T13:00:00Z");
    assert_eq!(wrote.events[0].event, Event::CustomerWrote);
}

#[test]
fn earlier_words_are_a_participants_only_where_the_order_says_so() {
    let mut desk = Desk::technical();
    one(&mut desk, add("colleague@example.net", true)).unwrap();
    let who = contact("colleague@example.net").hash;
    assert!(desk.ticket.is_participant(&who));
    assert_eq!(desk.ticket.reads_after(&who), 0);
}

#[test]
fn whoever_is_removed_gets_nothing_more_and_is_a_stranger_again() {
    let mut desk = Desk::technical();
    let who = contact("colleague@example.net").hash;
    one(&mut desk, add("colleague@example.net", false)).unwrap();
    let waiting = desk.agent_replies("2026-11-23T12:00:00Z");
    let remove = Order::RemoveParticipant { who: who.clone() };
    one(&mut desk, remove.clone()).unwrap();
    for notice in &waiting.notices {
        let mine = notice.to == Addressee::Customer(who.clone());
        let holds = notice
            .text
            .still_holds(&notice.to, &desk.ticket, &desk.policy);
        assert_eq!(holds, !mine, "an answer that has not left yet");
    }
    let command = Command::CustomerMessage {
        from: who,
        words: Words::text("Hello?"),
        proved: false,
    };
    assert_eq!(desk.try_do(&command, LATER), Err(Refusal::NotAParticipant));
    assert_eq!(one(&mut desk, remove).map(|_| ()), Err(Refusal::AlreadySo));
}

#[test]
fn participants_are_refused_with_a_reason() {
    let mut desk = Desk::technical();
    let requester = customer().hash;
    for (order, refusal) in [
        (add("customer@example.net", false), Refusal::AlreadySo),
        (
            Order::RemoveParticipant { who: requester },
            Refusal::TheRequester,
        ),
    ] {
        assert_eq!(one(&mut desk, order).map(|_| ()), Err(refusal));
    }
    for n in 0..caps::PARTICIPANTS {
        one(&mut desk, add(&format!("c{n}@example.net"), false)).unwrap();
    }
    assert_eq!(
        one(&mut desk, add("one.more@example.net", false)).map(|_| ()),
        Err(Refusal::TicketIsFull)
    );
}

#[test]
fn an_answer_names_the_newest_words_of_each_who_gets_it() {
    let mut desk = Desk::technical();
    one(&mut desk, add("colleague@example.net", false)).unwrap();
    let answers = |decision: &Decision, who: &AddressHash| {
        let own = Addressee::Customer(who.clone());
        let notice = decision.notices.iter().find(|notice| notice.to == own);
        match &notice.unwrap().text {
            Text::Reply { answers, .. } => *answers,
            other => panic!("{other:?}"),
        }
    };
    let colleague = contact("colleague@example.net").hash;
    let first = desk.agent_replies("2026-11-23T12:00:00Z");
    assert_eq!(answers(&first, &customer().hash), Some(1));
    assert_eq!(answers(&first, &colleague), None);
    let newest = desk.customer_writes("2026-11-23T13:00:00Z").events[0].seq;
    stranger_writes(&mut desk, "s@example.org", true, "2026-11-23T13:30:00Z");
    let second = desk.agent_replies("2026-11-23T14:00:00Z");
    assert_eq!(answers(&second, &customer().hash), Some(newest));
}

#[test]
fn a_line_about_a_participant_is_read_as_mail_programs_write_addresses() {
    let policy = policy();
    let pepper = Pepper::new("p");
    let ann = person("ann");
    let read =
        |args: &str| OrderLine::read("participant", args, Some(&ann), &policy, Some(&pepper));
    let plain = Contact {
        name: String::new(),
        ..contact("jo@example.net")
    };
    for (args, earlier) in [
        ("add jo@example.net", false),
        ("add <jo@example.net>", false),
        ("add jo@example.net<mailto:jo@example.net>", false),
        ("add  jo@example.net  earlier", true),
    ] {
        let who = plain.clone();
        let order = Ok(Order::AddParticipant { who, earlier });
        assert_eq!(read(args).order, order, "{args}");
    }
    for args in [
        "",
        "add",
        "jo@example.net",
        "add jo",
        "add jo@example",
        "add jö@example.net",
        "add jo@exa mple.net",
        "add jo@b@example.net",
        "add \"jo\r\nBcc: x@y.example\"@example.net",
        "add jo@example.net later",
        "remove",
        "remove jo@example.net earlier",
    ] {
        assert_eq!(read(args).order, Err(Refusal::ParticipantHow), "{args}");
    }
    let own = policy.terms().departments.iter();
    let own = own.flat_map(|it| &it.addresses).next();
    if let Some(own) = own {
        let read = read(&format!("add {own}"));
        assert_eq!(read.order, Err(Refusal::OwnAddress));
    }
    assert_eq!(
        read("add jo@example.net").line,
        "/participant add …@example.net"
    );
}
