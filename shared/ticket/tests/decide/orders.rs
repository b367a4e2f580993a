use policy::{Status, Tier};
use ticket::{Order, OrderLine, Refusal, Text};

use crate::desk::{Desk, line, person, reply, told};

#[test]
fn each_order_is_answered_by_itself_and_a_refused_one_does_not_undo_the_others() {
    let mut desk = Desk::technical();
    let unknown = OrderLine {
        line: "/dance".into(),
        order: Err(Refusal::UnknownOrder("dance".into())),
    };
    let by = ticket::Actor::Agent(person("ann"));
    let orders = vec![line(Order::Assign(person("bob"))), unknown];
    let decision = desk.do_at(
        &ticket::Command::Orders { by, orders },
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(told(&decision), ["assigned>bob", "orders>ann"]);
    assert_eq!(desk.ticket.assignee, Some(person("bob")));
    let answers = decision
        .notices
        .iter()
        .find_map(|notice| match &notice.text {
            Text::OrdersAnswered { answers } => Some(answers.clone()),
            _ => None,
        });
    let refused: Vec<bool> = answers
        .unwrap()
        .iter()
        .map(|answer| answer.refused.is_some())
        .collect();
    assert_eq!(refused, [false, true]);
}

#[test]
fn refused_orders_of_two_mails_in_one_instant_are_both_answered() {
    let mut desk = Desk::technical();
    let by = ticket::Actor::Agent(person("ann"));
    let mut answered = |word: &str| {
        let refused = OrderLine {
            line: format!("/{word}"),
            order: Err(Refusal::UnknownOrder(word.into())),
        };
        let (by, orders) = (by.clone(), vec![refused]);
        let decision = desk.do_at(
            &ticket::Command::Orders { by, orders },
            "2026-11-23T10:00:00Z",
        );
        decision.notices[0].id.clone()
    };
    assert_ne!(answered("dance"), answered("sing"));
}

#[test]
fn solving_with_the_answer_tells_the_customer_both() {
    let mut desk = Desk::technical();
    let decision = desk.do_at(
        &reply("ann", &[Order::Status(Status::Solved)]),
        "2026-11-23T10:00:00Z",
    );
    assert_eq!(
        told(&decision),
        ["orders>ann", "reply>customer", "solved>customer"]
    );
    assert_eq!(desk.next_due, None);
}

#[test]
fn a_hand_over_to_l2_tells_the_lead_and_to_l3_management_too() {
    let mut desk = Desk::technical();
    let hand_over = |tier| Order::HandOver {
        tier,
        reason: "needs a specialist".into(),
    };
    let to_l2 = desk.orders(&[hand_over(Tier::L2)], "2026-11-23T10:00:00Z");
    assert_eq!(
        told(&to_l2),
        ["handed_over>lea", "orders>ann", "passed_on>customer"]
    );
    let to_l3 = desk.orders(&[hand_over(Tier::L3)], "2026-11-23T11:00:00Z");
    assert_eq!(
        told(&to_l3),
        [
            "handed_over>chief",
            "handed_over>lea",
            "orders>ann",
            "passed_on>customer"
        ]
    );
}

#[test]
fn orders_that_make_no_sense_are_refused_with_a_reason() {
    let table = [
        (
            Order::Status(Status::New),
            Refusal::StatusNotByHand(Status::New),
        ),
        (
            Order::Status(Status::Closed),
            Refusal::StatusNotByHand(Status::Closed),
        ),
        (
            Order::Assign(person("nobody")),
            Refusal::UnknownPerson("nobody".into()),
        ),
        (
            Order::Department("kitchen".parse().unwrap()),
            Refusal::UnknownDepartment("kitchen".into()),
        ),
        (
            Order::Priority(policy::Priority::Normal),
            Refusal::AlreadySo,
        ),
        (
            Order::HandOver {
                tier: Tier::L2,
                reason: " ".into(),
            },
            Refusal::ReasonMissing,
        ),
    ];
    for (order, expected) in table {
        let mut desk = Desk::technical();
        let decision = desk.orders(&[order], "2026-11-23T10:00:00Z");
        let Some(Text::OrdersAnswered { answers }) =
            decision.notices.first().map(|notice| &notice.text)
        else {
            panic!("no answer");
        };
        assert_eq!(answers[0].refused.as_ref(), Some(&expected));
        assert!(decision.events.is_empty());
    }
}

#[test]
fn slash_lines_are_read_as_people_write_them() {
    let ann = person("ann");
    let policy = crate::desk::policy();
    let read =
        |name: &str, args: &str| OrderLine::read(name, args, Some(&ann), &policy, None).order;
    let table = [
        ("solve", "", Ok(Order::Status(Status::Solved))),
        ("hold", "", Ok(Order::Status(Status::OnHold))),
        ("assign", "me", Ok(Order::Assign(person("ann")))),
        ("assign", "Agent B", Ok(Order::Assign(person("bob")))),
        ("assign", "lead", Ok(Order::Assign(person("lea")))),
        (
            "assign",
            "agent",
            Err(Refusal::UnknownPerson("agent".into())),
        ),
        ("assign", "", Err(Refusal::UnknownPerson(String::new()))),
        (
            "priority",
            "Urgent",
            Ok(Order::Priority(policy::Priority::Urgent)),
        ),
        (
            "priority",
            "hot",
            Err(Refusal::UnknownPriority("hot".into())),
        ),
        (
            "department",
            "Rechnungen",
            Ok(Order::Department("billing".parse().unwrap())),
        ),
        (
            "department",
            "kitchen",
            Err(Refusal::UnknownDepartment("kitchen".into())),
        ),
        (
            "escalate",
            "L2 needs a specialist",
            Ok(Order::HandOver {
                tier: Tier::L2,
                reason: "needs a specialist".into(),
            }),
        ),
        ("escalate", "L2", Err(Refusal::ReasonMissing)),
        ("escalate", "L9 why", Err(Refusal::UnknownTier("L9".into()))),
        ("dance", "", Err(Refusal::UnknownOrder("dance".into()))),
    ];
    for (name, args, expected) in table {
        assert_eq!(read(name, args), expected, "/{name} {args}");
    }
}
