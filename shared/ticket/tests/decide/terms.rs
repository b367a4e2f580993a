//! The policy's terms that act on a running ticket: cycles, ladders, tiers, reviews.

use jiff::Timestamp;
use policy::{Metric, Policy, Priority, Span, Status, TicketType, Tier};
use ticket::{Actor, Command, Open, Order, OrderLine, Refusal, Text, Words, clocks};

use crate::desk::{Desk, MONDAY_9, customer, instant, line, open_command, pages, person, told};

fn policy() -> Policy {
    let ids = [
        "update",
        "first-quiet",
        "first-moving",
        "first-hosting",
        "first-business",
        "first-busy",
        "first",
    ];
    let source = include_str!("terms.toml");
    Policy::parse(source, "policy.toml", pages(&ids)).unwrap()
}

fn opened(change: impl FnOnce(&mut Open)) -> Desk {
    let mut open = open_command(Some("technical"));
    change(&mut open);
    Desk::open_under(policy(), &open, MONDAY_9)
}

fn due(desk: &Desk, metric: Metric) -> Option<Timestamp> {
    let clocks = clocks(&desk.ticket, &desk.policy);
    clocks
        .iter()
        .find(|clock| clock.promise.metric == metric)?
        .due
}

fn promise(desk: &Desk, metric: Metric) -> String {
    let clocks = clocks(&desk.ticket, &desk.policy);
    let clock = clocks.iter().find(|clock| clock.promise.metric == metric);
    clock.unwrap().promise.id.to_string()
}

/// An order of an operator, who reads the refusal at once.
fn by(desk: &mut Desk, order: Order, at: &str) -> Result<Vec<String>, Refusal> {
    let orders = vec![line(order)];
    let by = Actor::Operator;
    desk.try_do(&Command::Orders { by, orders }, at)
        .map(|decision| told(&decision))
}

#[test]
fn an_update_is_owed_from_each_public_word_until_the_ticket_is_settled() {
    let mut desk = opened(|_| ());
    assert_eq!(
        due(&desk, Metric::Update),
        Some(instant("2026-11-23T17:00:00Z"))
    );
    desk.agent_replies("2026-11-23T15:00:00Z");
    assert_eq!(
        due(&desk, Metric::Update),
        Some(instant("2026-11-24T15:00:00Z"))
    );
    let missed = desk.tick("2026-11-24T15:00:00Z");
    assert_eq!(told(&missed), ["breach>lea", "missed>customer"]);
    assert_eq!(told(&desk.tick("2026-11-24T15:01:00Z")), [""; 0]);
    desk.agent_replies("2026-11-24T16:00:00Z");
    assert_eq!(desk.ticket.cycle_of(Metric::Update), 3);
    assert_eq!(
        due(&desk, Metric::Update),
        Some(instant("2026-11-25T16:00:00Z"))
    );
    desk.orders(&[Order::Status(Status::Solved)], "2026-11-24T16:30:00Z");
    assert_eq!(due(&desk, Metric::Update), None);
}

#[test]
fn a_level_is_repeated_so_often_and_no_longer_than_until_somebody_has_it() {
    let mut desk = opened(|_| ());
    assert_eq!(told(&desk.tick("2026-11-23T11:00:00Z")), ["warning>lea"]);
    assert_eq!(told(&desk.tick("2026-11-23T11:59:00Z")), [""; 0]);
    assert_eq!(told(&desk.tick("2026-11-23T12:00:00Z")), ["warning>lea"]);
    assert_eq!(told(&desk.tick("2026-11-23T12:00:00Z")), [""; 0]);
    // Late ticks tell once, and the next follows the last telling.
    let third = desk.tick("2026-11-23T14:30:00Z");
    assert!(
        told(&third).contains(&"breach>lea".to_owned()),
        "{:?}",
        told(&third)
    );
    assert_eq!(desk.next_due, Some(instant("2026-11-23T15:30:00Z")));
    let told_again: Vec<_> = desk
        .sent
        .iter()
        .filter_map(|notice| match &notice.text {
            Text::Warning(deadline) | Text::Breach(deadline) => Some(deadline.repetition),
            _ => None,
        })
        .collect();
    assert_eq!(told_again, [None, Some(1), Some(2)]);
    assert_eq!(
        by(&mut desk, Order::Acknowledge, "2026-11-23T15:00:00Z"),
        Ok(vec![])
    );
    assert_eq!(
        by(&mut desk, Order::Acknowledge, "2026-11-23T15:00:00Z"),
        Err(Refusal::AlreadySo)
    );
    assert_eq!(told(&desk.tick("2026-11-23T15:30:00Z")), [""; 0]);
    let last = desk
        .sent
        .iter()
        .rfind(|notice| matches!(&notice.text, Text::Breach(_)))
        .unwrap();
    assert!(!last.text.still_holds(&last.to, &desk.ticket, &desk.policy));
}

#[test]
fn a_repetition_has_a_cap_without_any_acknowledgement() {
    let mut desk = opened(|_| ());
    let ticks = [
        "2026-11-23T11:00:00Z",
        "2026-11-23T12:00:00Z",
        "2026-11-23T13:00:00Z",
        "2026-11-23T14:00:00Z",
        "2026-11-23T15:00:00Z",
    ];
    let leads = ticks.map(|at| {
        told(&desk.tick(at))
            .iter()
            .filter(|row| row.ends_with(">lea"))
            .count()
    });
    assert_eq!(leads, [1, 1, 1, 1, 0]);
}

#[test]
fn quiet_people_are_told_at_the_next_opening_and_the_level_acts_at_once() {
    // Due Monday 22:00; the night shift and the operations centre hear of it then.
    let mut open = open_command(Some("technical"));
    open.priority = Some(Priority::Low);
    let mut desk = Desk::open_under(policy(), &open, "2026-11-23T18:00:00Z");
    let night = desk.tick("2026-11-23T22:00:00Z");
    assert_eq!(desk.ticket.priority, Priority::Urgent);
    // Urgent tickets have another promise and ladder, already past; the customer hears of one miss only.
    assert_eq!(
        told(&night),
        [
            "breach>bob",
            "breach>lea",
            "breach>noc@example.com",
            "missed>customer"
        ]
    );
    assert_eq!(told(&desk.tick("2026-11-23T22:01:00Z")), [""; 0]);
}

#[test]
fn a_miss_is_recorded_once_although_its_level_brings_another_promise() {
    let mut open = open_command(Some("technical"));
    open.priority = Some(Priority::Low);
    let mut desk = Desk::open_under(policy(), &open, "2026-11-23T18:00:00Z");
    // Late: the deadline was at 22:00, and what raises the priority comes behind the miss.
    let fired = desk.tick("2026-11-23T23:00:00Z");
    assert_eq!(desk.ticket.priority, Priority::Urgent);
    let misses = fired.events.iter().filter(|it| {
        matches!(&it.event, ticket::Event::PromiseMissed { promise, .. } if promise.as_ref() == "first-quiet")
    });
    assert_eq!(misses.count(), 1);
}

#[test]
fn who_is_quiet_hears_of_it_when_their_hours_begin() {
    let mut desk = Desk::open_under(
        Policy::parse(
            &include_str!("terms.toml").replace(
                ", quiet = \"office\", raise = \"urgent\"",
                ", quiet = \"office\"",
            ),
            "policy.toml",
            policy().pages().clone(),
        )
        .unwrap(),
        &{
            let mut open = open_command(Some("technical"));
            open.priority = Some(Priority::Low);
            open
        },
        "2026-11-23T18:00:00Z",
    );
    assert_eq!(
        told(&desk.tick("2026-11-23T22:00:00Z")),
        ["breach>bob", "breach>noc@example.com", "missed>customer"]
    );
    assert_eq!(told(&desk.tick("2026-11-24T08:59:00Z")), [""; 0]);
    assert!(told(&desk.tick("2026-11-24T09:00:00Z")).contains(&"breach>joe".to_owned()));
    // A tick that comes after closing waits for the next opening, and says when that is.
    assert_eq!(told(&desk.tick("2026-11-24T09:01:00Z")), [""; 0]);
}

#[test]
fn a_level_moves_the_ticket_once() {
    let mut desk = opened(|open| open.priority = Some(Priority::High));
    let moved = desk.tick("2026-11-23T11:00:00Z");
    assert!(
        told(&moved).contains(&"breach>chief".to_owned()),
        "{:?}",
        told(&moved)
    );
    assert_eq!(desk.ticket.department.as_ref().unwrap().as_str(), "review");
    assert_eq!(told(&desk.tick("2026-11-23T11:01:00Z")), [""; 0]);
}

#[test]
fn the_clock_hands_a_ticket_on_and_the_customer_hears_of_each_tier() {
    // 16 open hours to solve it: half of them with L1, a quarter with L2.
    let mut desk = opened(|_| ());
    desk.tick("2026-11-23T16:59:00Z");
    let to_l2 = told(&desk.tick("2026-11-23T17:00:00Z"));
    assert!(
        to_l2.contains(&"passed_on>customer".to_owned())
            && to_l2.contains(&"handed_over>eva".to_owned()),
        "{to_l2:?}"
    );
    assert_eq!(desk.ticket.tier, Tier::L2);
    desk.tick("2026-11-24T12:59:00Z");
    assert_eq!(desk.ticket.tier, Tier::L2);
    let to_l3 = told(&desk.tick("2026-11-24T13:00:00Z"));
    assert!(to_l3.contains(&"handed_over>max".to_owned()), "{to_l3:?}");
    desk.tick("2026-11-24T17:00:00Z");
    let missed = desk
        .ticket
        .missed
        .iter()
        .find(|missed| missed.promise.as_str() == "solve");
    assert_eq!(missed.unwrap().tier, Some(Tier::L3));
}

#[test]
fn a_telling_that_waits_for_quiet_gives_way_to_the_ladder_that_the_level_brings() {
    // Due at night, when only the roster is told at once; `first` holds for urgent tickets, with a ladder of its own.
    let mut desk = Desk::open_under(
        policy(),
        &Open {
            priority: Some(Priority::Low),
            ..open_command(Some("technical"))
        },
        "2026-11-23T18:00:00Z",
    );
    desk.tick("2026-11-23T22:00:00Z");
    assert_eq!(desk.ticket.priority, Priority::Urgent);
    assert_eq!(promise(&desk, Metric::FirstResponse), "first");
    assert_eq!(told(&desk.tick("2026-11-24T09:00:00Z")), [""; 0]);
    assert_eq!(told(&desk.tick("2026-11-24T11:00:00Z")), ["breach>lea"]);
}

#[test]
fn a_promise_by_service_holds_for_that_service_and_its_level_hands_the_ticket_to_a_tier_once() {
    let mut desk = opened(|open| open.service = Some("hosting".parse().unwrap()));
    assert_eq!(promise(&desk, Metric::FirstResponse), "first-hosting");
    desk.tick("2026-11-23T09:59:00Z");
    assert_eq!(desk.ticket.tier, Tier::L1);
    let half = told(&desk.tick("2026-11-23T10:00:00Z"));
    assert_eq!(desk.ticket.tier, Tier::L2);
    for row in ["warning>lea", "handed_over>eva", "passed_on>customer"] {
        assert!(half.contains(&row.to_owned()), "{row}: {half:?}");
    }
    assert_eq!(told(&desk.tick("2026-11-23T10:01:00Z")), [""; 0]);
    let other = opened(|_| ());
    assert_eq!(promise(&other, Metric::FirstResponse), "first");
}

#[test]
fn tiers_that_are_past_at_once_are_one_hand_over() {
    let mut desk = opened(|_| ());
    let late = told(&desk.tick("2026-11-24T16:00:00Z"));
    let passed_on: Vec<_> = late
        .iter()
        .filter(|row| row.starts_with("passed_on"))
        .collect();
    assert_eq!((passed_on.len(), desk.ticket.tier), (1, Tier::L3));
}

#[test]
fn a_stand_in_is_told_while_somebody_is_away() {
    let mut desk = Desk::open_under(
        policy(),
        &open_command(Some("technical")),
        "2026-12-07T09:00:00Z",
    );
    assert_eq!(told(&desk.tick("2026-12-07T11:00:00Z")), ["warning>eva"]);
}

#[test]
fn an_expected_time_is_told_revised_and_named_instead_of_a_computed_one() {
    let mut desk = opened(|_| ());
    let expect = |until: &str| Order::Expect {
        until: instant(until),
        reason: "the part is on its way".into(),
    };
    assert_eq!(
        by(&mut desk, expect("2026-11-23T08:00:00Z"), MONDAY_9).unwrap_err(),
        Refusal::NotATime("2026-11-23T08:00:00Z".into())
    );
    assert_eq!(
        by(&mut desk, expect("2026-11-26T12:00:00Z"), MONDAY_9).unwrap(),
        ["expectation>customer"]
    );
    assert_eq!(
        by(&mut desk, expect("2026-11-27T12:00:00Z"), MONDAY_9).unwrap(),
        ["expectation>customer"]
    );
    let first = desk
        .sent
        .iter()
        .find(|notice| matches!(notice.text, Text::ExpectationSet { .. }))
        .unwrap();
    assert!(
        !first
            .text
            .still_holds(&first.to, &desk.ticket, &desk.policy)
    );
    let missed = desk.tick("2026-11-23T13:00:00Z");
    let named = missed.notices.iter().find_map(|notice| match &notice.text {
        Text::PromiseMissed { expected, .. } => *expected,
        _ => None,
    });
    assert_eq!(named, Some(instant("2026-11-27T12:00:00Z")));
    desk.orders(&[Order::Status(Status::Solved)], "2026-11-24T10:00:00Z");
    assert_eq!(desk.ticket.expected, None);
}

#[test]
fn an_expected_time_in_a_reply_is_said_by_the_reply() {
    let mut desk = opened(|_| ());
    let until = instant("2026-11-26T12:00:00Z");
    let order = Order::Expect {
        until,
        reason: String::new(),
    };
    let reply = desk.do_at(&crate::desk::reply("ann", &[order]), "2026-11-23T10:00:00Z");
    assert_eq!(told(&reply), ["orders>ann", "reply>customer"]);
    assert_eq!(desk.ticket.expected, Some(until));
}

#[test]
fn a_pause_counts_no_longer_than_the_promise_allows_and_solved_as_long_as_it_lasts() {
    let mut desk = opened(|_| ());
    desk.orders(&[Order::Status(Status::OnHold)], "2026-11-23T11:00:00Z");
    // Two hours are used; the pause ends by itself on Wednesday at 11:00, and 14 are left.
    assert_eq!(
        due(&desk, Metric::Resolution),
        Some(instant("2026-11-26T17:00:00Z"))
    );
    desk.orders(&[Order::Status(Status::Solved)], "2026-11-23T12:00:00Z");
    desk.customer_writes("2026-12-07T09:00:00Z");
    // Solved for two weeks: nothing of them counts.
    assert_eq!(
        due(&desk, Metric::Resolution),
        Some(instant("2026-12-08T15:00:00Z"))
    );
}

#[test]
fn what_answers_the_customer_is_the_policys_by_channel() {
    let mut form = opened(|_| ());
    form.orders(&[Order::Status(Status::Solved)], "2026-11-23T10:00:00Z");
    assert_eq!(
        form.ticket.first_reply_at,
        Some(instant("2026-11-23T10:00:00Z"))
    );
    let mut mail = opened(|open| open.channel = policy::Channel::Email);
    mail.orders(&[Order::Status(Status::Solved)], "2026-11-23T10:00:00Z");
    assert_eq!(mail.ticket.first_reply_at, None);
}

#[test]
fn out_of_scope_solves_with_the_clause_and_answers() {
    let mut desk = opened(|open| open.channel = policy::Channel::Email);
    let scope = Order::OutOfScope("own-software".parse().unwrap());
    assert_eq!(
        by(&mut desk, scope.clone(), "2026-11-23T10:00:00Z").unwrap(),
        ["out_of_scope>customer"]
    );
    assert_eq!(
        (desk.ticket.status, desk.ticket.first_reply_at.is_some()),
        (Status::Solved, true)
    );
    assert_eq!(
        by(&mut desk, scope, "2026-11-23T10:00:00Z"),
        Err(Refusal::AlreadySo)
    );
}

#[test]
fn promises_look_at_group_and_busy_times_as_of_the_opening() {
    let acme = |open: &mut Open| open.requester.address = "it@acme.example".into();
    assert_eq!(promise(&opened(acme), Metric::FirstResponse), "first");
    let proved = opened(|open| {
        acme(open);
        open.proved = true;
    });
    assert_eq!(promise(&proved, Metric::FirstResponse), "first-business");
    let busy = |from: &str, until: &str| Span {
        from: instant(from),
        until: Some(instant(until)),
    };
    let during =
        opened(|open| open.busy = vec![busy("2026-11-23T08:00:00Z", "2026-11-23T20:00:00Z")]);
    assert_eq!(promise(&during, Metric::FirstResponse), "first-busy");
    let after =
        opened(|open| open.busy = vec![busy("2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z")]);
    assert_eq!(promise(&after, Metric::FirstResponse), "first");
}

#[test]
fn an_opening_is_routed_and_asked_for_what_is_missing() {
    let outage = opened(|open| {
        open.department = None;
        open.words.subject = "OUTAGE again".into();
    });
    assert_eq!(
        (outage.ticket.priority, outage.ticket.department.is_some()),
        (Priority::Urgent, true)
    );
    assert_eq!(outage.ticket.missing, ["account".parse().unwrap()]);
    let said = opened(|open| open.words.text = "It broke.\nkundennummer: 42".into());
    assert_eq!(said.ticket.missing, []);
    let empty = opened(|open| open.words.text = "Account:\n".into());
    assert_eq!(empty.ticket.missing.len(), 1);
}

/// A complaint that Ann has answered and solved.
fn decided_complaint() -> Desk {
    let mut desk = opened(|open| open.ticket_type = TicketType::Complaint);
    desk.do_at(
        &crate::desk::reply("ann", &[Order::Status(Status::Solved)]),
        "2026-11-23T10:00:00Z",
    );
    desk
}

#[test]
fn an_escalated_complaint_goes_to_people_who_had_no_part_in_it() {
    let mut desk = decided_complaint();
    let escalate = Command::EscalateComplaint {
        from: customer().hash,
        words: Words::text("I am not content."),
        proved: false,
    };
    let escalated = desk.do_at(&escalate, "2026-11-25T10:00:00Z");
    // Ann is an agent of the reviewing department, but answered it.
    assert_eq!(
        told(&escalated),
        [
            "review_asked>chief",
            "review_asked>joe",
            "under_review>customer"
        ]
    );
    assert_eq!(
        (desk.ticket.status, desk.ticket.assignee.clone()),
        (Status::Open, None)
    );
    assert_eq!(
        by(
            &mut desk,
            Order::Assign(person("ann")),
            "2026-11-25T11:00:00Z"
        ),
        Err(Refusal::HadAPart("ann".into()))
    );
    assert!(
        by(
            &mut desk,
            Order::Assign(person("joe")),
            "2026-11-25T11:00:00Z"
        )
        .is_ok()
    );
    // A second time it is a message like any other.
    let again = desk.do_at(&escalate, "2026-11-25T12:00:00Z");
    assert_eq!(told(&again), ["customer_replied>joe"]);
}

#[test]
fn staff_escalate_what_a_customer_asks_for_in_other_words() {
    let mut desk = decided_complaint();
    let review = Order::Review {
        reason: "not content".into(),
    };
    assert_eq!(
        by(&mut desk, review.clone(), "2026-11-25T10:00:00Z").unwrap(),
        [
            "review_asked>chief",
            "review_asked>joe",
            "under_review>customer"
        ]
    );
    let mut request = opened(|_| ());
    assert_eq!(
        by(&mut request, review, "2026-11-25T10:00:00Z"),
        Err(Refusal::NothingToReview)
    );
}

#[test]
fn an_escalation_whose_complaint_is_unclear_is_a_ticket_of_the_reviewers_with_its_clock_running() {
    let other = ticket::TicketId::derive(&ticket::Pepper::new("p"), "form", "other", 0);
    let desk = opened(|open| open.escalates = Some(vec![other]));
    assert_eq!(desk.ticket.department.as_ref().unwrap().as_str(), "review");
    assert_eq!(
        (desk.ticket.ticket_type, desk.ticket.related),
        (TicketType::Complaint, Some(other))
    );
    assert!(
        clocks(&desk.ticket, &desk.policy)
            .iter()
            .any(|clock| clock.running)
    );
    let many = opened(|open| open.escalates = Some(vec![other; 30]));
    assert_eq!(
        (many.ticket.candidates.len(), many.ticket.related),
        (10, None)
    );
}

#[test]
fn slash_lines_are_read() {
    let policy = policy();
    let read = |name: &str, args: &str| OrderLine::read(name, args, None, &policy, None).order;
    assert_eq!(read("ack", ""), Ok(Order::Acknowledge));
    let expect = |until: &str, reason: &str| {
        Ok(Order::Expect {
            until: instant(until),
            reason: reason.into(),
        })
    };
    assert_eq!(
        read("expect", "2027-02-12 16:00 waiting for a part"),
        expect("2027-02-12T16:00:00Z", "waiting for a part")
    );
    assert_eq!(
        read("expect", "2027-02-12 waiting"),
        expect("2027-02-12T23:59:00Z", "waiting")
    );
    assert_eq!(
        read("expect", "2027-02-12T16:00+07:00"),
        expect("2027-02-12T09:00:00Z", "")
    );
    assert_eq!(
        read("expect", "soon"),
        Err(Refusal::NotATime("soon".into()))
    );
    assert_eq!(
        read("out-of-scope", "own-software"),
        Ok(Order::OutOfScope("own-software".parse().unwrap()))
    );
    assert_eq!(
        read("out-of-scope", "x"),
        Err(Refusal::UnknownScope("x".into(), "own-software".into()))
    );
    assert_eq!(
        read("review", "please"),
        Ok(Order::Review {
            reason: "please".into()
        })
    );
}
