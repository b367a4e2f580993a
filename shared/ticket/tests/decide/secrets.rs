//! What a decision stores holds no secret, whichever way it came in.

use policy::Tier;
use ticket::{
    Actor, Addressee, AttachmentNote, Command, Event, Masked, NoteReason, Order, OrderLine,
    Refusal, SecretKind, Text, Words,
};

use crate::desk::{Desk, MONDAY_9, customer, instant, open_command, person};

const CARD: &str = "4111 1111 1111 1111";
const PASSWORD: &str = "hunter2";
const LATER: &str = "2026-11-23T10:00:00Z";

/// Words that hold secrets wherever words can hold something.
fn words() -> Words {
    Words {
        subject: format!("My card {CARD}"),
        text: format!("Password: {PASSWORD}"),
        quoted: format!("Password: {PASSWORD}\n> {CARD}"),
        attachments: vec![AttachmentNote {
            name: format!("{CARD}.png"),
            ..AttachmentNote::default()
        }],
        ..Words::default()
    }
}

fn line(order: Order) -> OrderLine {
    OrderLine {
        line: format!("/pay {CARD}"),
        order: Ok(order),
    }
}

/// Every command that brings words, so that one without a row does not compile.
fn commands() -> Vec<Command> {
    let all = |command: &Command| match command {
        Command::CustomerMessage { .. }
        | Command::StrangerMessage { .. }
        | Command::AgentReply { .. }
        | Command::InternalNote { .. }
        | Command::Orders { .. }
        | Command::SetStanding { .. }
        | Command::LiftStanding { .. }
        | Command::RevealSecrets { .. }
        | Command::EscalateComplaint { .. } => true,
        Command::AcknowledgeEscalation { .. }
        | Command::FireTimers
        | Command::AnnounceVersion { .. }
        | Command::TellStanding { .. }
        | Command::Acknowledged
        | Command::TellNumbers { .. }
        | Command::NotReached { .. } => false,
    };
    let from = customer().hash;
    let agent = person("ann");
    let orders = vec![
        line(Order::HandOver {
            tier: Tier::L2,
            reason: format!("card {CARD}"),
        }),
        line(Order::Expect {
            until: instant("2026-11-30T10:00:00Z"),
            reason: format!("card {CARD}"),
        }),
        OrderLine {
            line: format!("/card {CARD}"),
            order: Err(Refusal::AlreadySo),
        },
    ];
    let commands = vec![
        Command::CustomerMessage {
            from: from.clone(),
            words: words(),
            proved: false,
        },
        Command::StrangerMessage {
            from: customer(),
            words: words(),
            tell: true,
        },
        Command::AgentReply {
            agent: agent.clone(),
            words: words(),
            orders: orders.clone(),
        },
        Command::InternalNote {
            agent: agent.clone(),
            words: words(),
            instead_of_reply: Some(NoteReason::NoMarker),
            orders: orders.clone(),
        },
        Command::Orders {
            by: Actor::Agent(agent),
            orders,
        },
        Command::SetStanding {
            by: person("lea"),
            who: from.clone(),
            level: "limited".parse().unwrap(),
            until: instant("2026-11-30T10:00:00Z"),
            words: words(),
        },
        Command::LiftStanding {
            by: person("lea"),
            who: from.clone(),
            level: "limited".parse().unwrap(),
            words: words(),
        },
        Command::RevealSecrets {
            by: person("lea"),
            seq: 1,
            words: words(),
        },
        Command::EscalateComplaint {
            from,
            words: words(),
            proved: false,
        },
    ];
    assert!(commands.iter().all(all));
    commands
}

#[test]
fn no_command_brings_a_secret_into_what_is_stored() {
    for command in commands() {
        let mut desk = Desk::technical();
        let Ok(decision) = desk.try_do(&command, LATER) else {
            assert!(matches!(command, Command::EscalateComplaint { .. }));
            continue;
        };
        let stored = format!("{decision:?}");
        for secret in [CARD, PASSWORD] {
            assert!(!stored.contains(secret), "{stored}");
        }
    }
}

#[test]
fn an_opening_masks_words_and_name_and_notes_what_and_how_many() {
    let mut open = open_command(Some("technical"));
    open.words = words();
    open.requester.name = format!("Jo {CARD}");
    let context = ticket::Context {
        at: instant(MONDAY_9),
        now: instant(MONDAY_9),
        policy: &crate::desk::policy(),
    };
    let decision = ticket::open(&open, &context);
    let stored = format!("{decision:?}");
    assert!(
        !stored.contains(CARD) && !stored.contains(PASSWORD),
        "{stored}"
    );
    let masked = vec![
        Masked {
            kind: SecretKind::Card,
            count: 3,
        },
        Masked {
            kind: SecretKind::Password,
            count: 1,
        },
    ];
    let event = Event::SecretsMasked {
        seq: 1,
        masked: masked.clone(),
    };
    assert_eq!(decision.events[1].event, event);
    assert_eq!(decision.ticket.masked, masked);
    let words = decision.events[0].words.clone().unwrap();
    assert_eq!(words.subject, "My card **** 1111");
    assert_eq!(words.text, "Password: [****]");
}

#[test]
fn secrets_that_nobody_is_shown_are_noted_once_and_told() {
    let mut open = open_command(Some("technical"));
    open.words = words();
    let seen = |kind, count| Masked { kind, count };
    open.words.unseen = vec![seen(SecretKind::Password, 1), seen(SecretKind::Token, 2)];
    let context = ticket::Context {
        at: instant(MONDAY_9),
        now: instant(MONDAY_9),
        policy: &crate::desk::policy(),
    };
    let decision = ticket::open(&open, &context);
    let masked = decision.ticket.masked.iter();
    let counted: Vec<_> = masked.map(|it| (it.kind, it.count)).collect();
    assert_eq!(
        counted,
        [
            (SecretKind::Card, 3),
            (SecretKind::Token, 2),
            (SecretKind::Password, 1)
        ]
    );
    let recorded = decision.events[0].words.clone().unwrap();
    assert!(recorded.unseen.is_empty());
}

#[test]
fn words_without_secrets_stay_and_leave_no_mark() {
    let mut desk = Desk::technical();
    let decision = desk.customer_writes(LATER);
    assert!(desk.ticket.masked.is_empty());
    assert_eq!(decision.events.len(), 1);
}

#[test]
fn whoever_mails_a_secret_of_a_new_kind_is_told_and_a_page_tells_by_itself() {
    let mut desk = Desk::technical();
    let mut write = |raw: Option<&str>, text: &str| {
        let command = Command::CustomerMessage {
            from: customer().hash,
            words: Words {
                raw: raw.map(str::to_owned),
                ..Words::text(text)
            },
            proved: false,
        };
        let decision = desk.do_at(&command, "2026-11-23T10:00:00Z");
        let own = decision.notices.into_iter();
        let told = own.filter(|it| matches!(it.text, Text::SecretsMasked { .. }));
        told.map(|it| it.to).collect::<Vec<_>>()
    };
    let customers = vec![Addressee::Customer(customer().hash)];
    assert_eq!(write(Some("m1"), "nothing in it"), []);
    assert_eq!(write(Some("m2"), &format!("card {CARD}")), customers);
    assert_eq!(write(Some("m3"), &format!("again {CARD}")), []);
    assert_eq!(write(None, "My password: hunter2"), []);
}
