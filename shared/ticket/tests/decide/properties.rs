use policy::{Priority, Status};
use proptest::prelude::*;
use ticket::{Command, Order, Words};

use crate::desk::{Desk, customer, instant, open_command, person, reply};

fn commands() -> impl Strategy<Value = Command> {
    let by = || ticket::Actor::Agent(person("ann"));
    let orders = move |order| Command::Orders {
        by: by(),
        orders: vec![crate::desk::line(order)],
    };
    prop_oneof![
        3 => Just(Command::FireTimers),
        2 => Just(Command::CustomerMessage { from: customer().hash, words: Words::text("hm"), proved: false }),
        2 => Just(reply("bob", &[])),
        1 => Just(Command::Acknowledged),
        1 => prop_oneof![Just(Status::Open), Just(Status::Pending), Just(Status::OnHold), Just(Status::Solved)]
            .prop_map(move |status| orders(Order::Status(status))),
        1 => prop_oneof![Just(Priority::Low), Just(Priority::Urgent)]
            .prop_map(move |priority| orders(Order::Priority(priority))),
        1 => prop_oneof![Just("technical"), Just("billing")]
            .prop_map(move |department| orders(Order::Department(department.parse().unwrap()))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// `Desk` checks after every command that the snapshot is the fold of the log and that no notice repeats.
    #[test]
    fn any_history_folds_to_its_snapshot_and_firing_twice_is_firing_once(
        steps in prop::collection::vec((commands(), 0i64..2_000), 1..25),
        triage in any::<bool>(),
    ) {
        let department = if triage { None } else { Some("technical") };
        let mut desk = Desk::open(&open_command(department), crate::desk::MONDAY_9);
        let mut at = instant(crate::desk::MONDAY_9);
        for (command, minutes) in steps {
            at += jiff::SignedDuration::from_mins(minutes);
            let _refused_or_done = desk.try_do(&command, &at.to_string());
            desk.tick(&at.to_string());
            let again = desk.tick(&at.to_string());
            prop_assert!(again.events.is_empty() && again.notices.is_empty());
            prop_assert!(desk.next_due.is_none_or(|due| due > at));
        }
    }
}
