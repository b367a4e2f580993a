//! What the previews show: each text of a notice, and each of its kinds that reads differently.

use policy::{Channel, Status, TicketType, Tier};
use ticket::{
    Deadline, Masked, MergeRefusal, NoteReason, OrderAnswer, Refusal, SecretKind, Text, Ticket,
    TooMuch, clocks, expected_after_miss,
};

use super::Preview;
use super::example::{
    ANSWER, CUSTOMERS, DECISION, Example, Kind, LIFTED, MERGED, REASON, REVIEW, STRANGERS,
};

/// What customers get.
pub(super) fn for_customers(example: &Example<'_>) -> Vec<Preview> {
    let mut all = acknowledgements(example);
    let ticket = example.ticket(Kind::REQUEST);
    let until = example.later(72);
    let mut texts: Vec<(String, Text)> = vec![
        ("solved".into(), Text::Solved { seq: ANSWER }),
        (
            "expectation-set".into(),
            Text::ExpectationSet { until, seq: REASON },
        ),
        ("under-review".into(), Text::UnderReview),
        (
            "too-much".into(),
            Text::TooMuch {
                what: TooMuch::Size,
            },
        ),
        (
            "policy-changed".into(),
            Text::PolicyChanged {
                version: example.policy.hash().clone(),
                effective: example.later(24 * 14),
            },
        ),
        ("arrived".into(), Text::Arrived),
        (
            "merged".into(),
            Text::Merged {
                from: Example::other(),
            },
        ),
        (
            "secrets-masked".into(),
            Text::SecretsMasked {
                masked: vec![Masked {
                    kind: SecretKind::Password,
                    count: 1,
                }],
            },
        ),
        ("released".into(), Text::Released { seq: STRANGERS }),
        (
            "joined".into(),
            Text::Joined {
                agent: example.agent(),
            },
        ),
    ];
    let tiers =
        [Tier::L2, Tier::L3].map(|tier| (tiered("passed-on", tier), Text::PassedOn { tier }));
    texts.extend(tiers);
    let reply = |agent| {
        let (seq, answers) = (ANSWER, Some(1));
        let text = Text::Reply {
            seq,
            agent,
            answers,
        };
        ("reply".to_owned(), text)
    };
    texts.extend(example.agent().map(reply));
    let scope = example.policy.terms().scope.first();
    texts.extend(scope.map(|rule| {
        let scope = rule.id.clone();
        ("out-of-scope".to_owned(), Text::OutOfScope { scope })
    }));
    if example.policy.terms().conduct.is_some() {
        let lifted = Text::StandingLifted { seq: LIFTED };
        texts.push(("standing".into(), Text::Standing { seq: DECISION }));
        texts.push(("standing-lifted".into(), lifted));
    }
    let now = example.later(2);
    let written = texts.into_iter();
    all.extend(written.filter_map(|(name, text)| example.to_customer(&name, &ticket, text, now)));
    all.extend(misses(example));
    all
}

/// The receipt of each type of ticket, of an address that nobody has proved, and of one that was sent too late.
fn acknowledgements(example: &Example<'_>) -> Vec<Preview> {
    let kind = Kind::REQUEST;
    let complaint = Kind {
        ticket_type: TicketType::Complaint,
        ..kind
    };
    let feedback = Kind {
        ticket_type: TicketType::Feedback,
        ..kind
    };
    let unproved = Kind {
        proved: false,
        channel: Channel::Form,
        ..kind
    };
    let soon = example.opened;
    [
        ("acknowledgement", kind, soon),
        ("acknowledgement-of-a-complaint", complaint, soon),
        ("acknowledgement-of-feedback", feedback, soon),
        ("acknowledgement-to-an-unproved-address", unproved, soon),
        ("acknowledgement-after-a-miss", kind, example.later(24 * 9)),
    ]
    .into_iter()
    .filter_map(|(name, kind, now)| {
        example.to_customer(name, &example.ticket(kind), Text::Acknowledgement, now)
    })
    .chain(numbers(example, &example.ticket(unproved)))
    .collect()
}

/// The numbers of requests whose acknowledgements were held.
fn numbers(example: &Example<'_>, ticket: &Ticket) -> Option<Preview> {
    let tickets = vec![ticket.id, Example::other()];
    let text = Text::Numbers { tickets, more: 3 };
    example.to_customer("numbers", ticket, text, example.later(1))
}

/// "We are late", for each published promise of an ordinary request; the last without a new time.
fn misses(example: &Example<'_>) -> Vec<Preview> {
    let ticket = example.ticket(Kind::REQUEST);
    let clocks = clocks(&ticket, example.policy);
    let published = clocks.iter().filter(|clock| clock.promise.published);
    let mut all = Vec::new();
    for clock in published {
        let Some(due) = clock.due else { continue };
        let deadline = Deadline {
            promise: clock.promise.id.clone(),
            cycle: clock.cycle,
            level: None,
            due,
            repetition: None,
            tier: None,
        };
        let name = format!("promise-missed-{}", clock.promise.id);
        let expected = expected_after_miss(clock, example.policy, due);
        for (name, expected) in [
            (name.clone(), expected),
            (format!("{name}-no-new-time"), None),
        ] {
            let text = Text::PromiseMissed {
                deadline: deadline.clone(),
                expected,
            };
            all.extend(example.to_customer(&name, &ticket, text, due));
        }
    }
    all
}

/// What staff get, without the ladders.
pub(super) fn for_staff(example: &Example<'_>) -> Vec<Preview> {
    let ticket = example.ticket(Kind::REQUEST);
    let now = example.later(1);
    let seq = CUSTOMERS;
    let mut texts: Vec<(String, Text)> = vec![
        ("opened".into(), Text::Opened { seq: 1 }),
        (
            "customer-replied".into(),
            Text::CustomerReplied {
                seq,
                stranger: false,
            },
        ),
        (
            "stranger-wrote".into(),
            Text::CustomerReplied {
                seq: STRANGERS,
                stranger: true,
            },
        ),
        ("reopened".into(), Text::Reopened { seq }),
        (
            "merged-here".into(),
            Text::MergedHere {
                from: Example::other(),
                seq: MERGED,
            },
        ),
        ("assigned".into(), Text::Assigned { seq: ANSWER }),
        ("review-asked".into(), Text::ReviewAsked { seq: REVIEW }),
        (
            "not-reached".into(),
            Text::NotReached {
                reason: "550 5.1.1 user unknown".into(),
            },
        ),
        (
            "orders-answered".into(),
            Text::OrdersAnswered { answers: answers() },
        ),
    ];
    let tiers = [Tier::L2, Tier::L3];
    texts.extend(tiers.map(|tier| {
        (
            tiered("handed-over", tier),
            Text::HandedOver { tier, seq: REASON },
        )
    }));
    let reasons = [
        ("no-marker", NoteReason::NoMarker),
        ("automatic", NoteReason::AutoReply),
        ("expired", NoteReason::Expired),
        ("nothing-above", NoteReason::NothingAbove),
        ("merged", NoteReason::Merged),
    ];
    texts.extend(reasons.map(|(name, reason)| {
        (
            format!("kept-as-note-{name}"),
            Text::KeptAsNote {
                reason,
                seq: ANSWER,
            },
        )
    }));
    let written = texts.into_iter();
    written
        .filter_map(|(name, text)| example.to_staff(&name, &ticket, text, now))
        .collect()
}

fn tiered(name: &str, tier: Tier) -> String {
    format!("{name}-{}", tier.as_str().to_lowercase())
}

/// One line that was carried out, and one for each reason why a line is not.
fn answers() -> Vec<OrderAnswer> {
    let refused = [
        ("/solve", Refusal::TicketIsClosed),
        ("/note", Refusal::TicketIsFull),
        ("/assign anna", Refusal::TooMuchAtOnce),
        ("/open", Refusal::NotAParticipant),
        ("/assign anna", Refusal::UnknownPerson("anna".into())),
        (
            "/department sales",
            Refusal::UnknownDepartment("sales".into()),
        ),
        ("/priority now", Refusal::UnknownPriority("now".into())),
        ("/escalate L9 help", Refusal::UnknownTier("L9".into())),
        ("/fix", Refusal::UnknownOrder("fix".into())),
        ("/expect soon", Refusal::NotATime("soon".into())),
        (
            "/out-of-scope cats",
            Refusal::UnknownScope("cats".into(), "own-software".into()),
        ),
        ("/review again", Refusal::NothingToReview),
        ("/assign first-1", Refusal::HadAPart("first-1".into())),
        (
            "/release 4",
            Refusal::NothingWithheld("4".into(), "5".into()),
        ),
        ("/release that", Refusal::NotAnEntry("that".into())),
        ("/participant add", Refusal::ParticipantHow),
        (
            "/participant add …@support.example.com",
            Refusal::OwnAddress,
        ),
        ("/participant remove …@example.net", Refusal::TheRequester),
        ("/escalate L2", Refusal::ReasonMissing),
        ("/solve", Refusal::AlreadySo),
        ("/new", Refusal::StatusNotByHand(Status::New)),
    ];
    let merges = refused_merges().map(|why| ("/merge EH-7K3Q-9M2X", Refusal::Merge(why)));
    let answer = |line: &str, refused| OrderAnswer {
        line: line.to_owned(),
        refused,
    };
    let done = std::iter::once(answer("/priority urgent", None));
    let refused = refused.into_iter().chain(merges);
    done.chain(refused.map(|(line, refusal)| answer(line, Some(refusal))))
        .collect()
}

/// Each reason why two tickets are not merged.
fn refused_merges() -> [MergeRefusal; 15] {
    let (number, own) = ("EH-7K3Q-9M2X", "EH-2B8N-4C6R");
    [
        MergeRefusal::NotANumber("it".into()),
        MergeRefusal::NoSuchTicket(number.into()),
        MergeRefusal::Itself(own.into()),
        MergeRefusal::CameFromThere(number.into()),
        MergeRefusal::GoesOn(number.into(), "EH-5T9V-1D3F".into()),
        MergeRefusal::Gone(number.into()),
        MergeRefusal::NotOpen(number.into()),
        MergeRefusal::OtherCustomer(number.into()),
        MergeRefusal::Unproved(number.into()),
        MergeRefusal::LetsIn(number.into()),
        MergeRefusal::Complaint(number.into(), own.into()),
        MergeRefusal::LosesPromise(number.into(), own.into(), "resolution".into()),
        MergeRefusal::NoRoom(number.into()),
        MergeRefusal::OneAtATime,
        MergeRefusal::EntryStays(number.into()),
    ]
}
