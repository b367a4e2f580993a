//! A ticket in memory and the mails about it.

use std::collections::BTreeMap;

use policy::{Channel, Lang, Policy, TicketType, Tier};
use ticket::{
    Actor, AddressHash, Addressee, Contact, ContentDigest, Context, Deadline, Event, Keyring, Lane,
    NoteReason, Notice, NoticeId, Open, OrderAnswer, Pepper, Recorded, Refusal, Text, Ticket,
    TicketId, Words,
};

use crate::inbound::Mailbox;
use crate::notices::{NoticeView, Receiver, Unsayable, compose};
use crate::outbound::Letter;

pub(super) const DOMAIN: &str = "mail.example.com";
pub(super) const SITE: &str = "https://desk.example.com";
pub(super) const LANGS: [(&str, &str); 3] = [("en", "ann"), ("de", "dora"), ("vi", "van")];

pub(super) fn instant(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}

pub(super) fn keyring() -> Keyring {
    Keyring::new([('1', "secret for tests")])
}

pub(crate) fn policy() -> Policy {
    let page = ["receipt", "first", "resolution"]
        .map(|id| format!("{{promise.{id}.target}}\n"))
        .concat();
    let lang = |lang: &str| (Lang::new(lang).unwrap(), page.clone());
    let pages = BTreeMap::from(["en", "de", "vi"].map(lang));
    Policy::parse(include_str!("policy.toml"), "policy.toml", pages).unwrap()
}

/// A desk with one ticket, opened on a Monday at 09:00 in Sydney.
pub(super) struct Desk {
    pub(super) policy: Policy,
    pub(super) ticket: Ticket,
    pub(super) events: Vec<Recorded>,
    pub(super) subject: String,
    pub(super) name: String,
    pub(super) address: String,
    pub(super) now: jiff::Timestamp,
    /// Whether the files of an answer go along with its mail.
    pub(super) enclosed: bool,
}

impl Desk {
    pub(super) fn new() -> Self {
        Self::with(
            "Site down",
            "Jo Miller",
            "jo@customer.example",
            "Please help",
        )
    }

    pub(super) fn with(subject: &str, name: &str, address: &str, body: &str) -> Self {
        let policy = policy();
        let pepper = Pepper::new("pepper");
        let now = instant("2026-11-22T22:00:00Z");
        let open = Open {
            id: TicketId::derive(&pepper, "form", "nonce", 0),
            source: ContentDigest::of(&[b"source"]),
            body: ContentDigest::of(&[b"body"]),
            channel: Channel::Form,
            ticket_type: TicketType::Request,
            department: Some("technical".parse().unwrap()),
            priority: None,
            lang: Lang::new("en").unwrap(),
            zone: None,
            requester: Contact {
                hash: AddressHash::of(&pepper, address),
                address: address.to_owned(),
                name: name.to_owned(),
            },
            proved: false,
            words: Words {
                subject: subject.to_owned(),
                ..Words::text(body)
            },
            shown: false,
            acknowledge: true,
            held: None,
            waiting: None,
            related: None,
            to: Vec::new(),
            service: None,
            busy: Vec::new(),
            escalates: None,
        };
        let context = Context {
            at: now,
            now,
            policy: &policy,
        };
        let decision = ticket::open(&open, &context);
        Self {
            ticket: decision.ticket,
            events: decision.events,
            policy,
            subject: subject.to_owned(),
            name: name.to_owned(),
            address: address.to_owned(),
            now,
            enclosed: false,
        }
    }

    /// Puts an event with words into the log, as if it had been recorded.
    pub(super) fn record(&mut self, seq: u32, actor: Actor, event: Event, words: &str) {
        self.events.push(Recorded {
            seq,
            at: self.now,
            recorded_at: self.now,
            actor,
            event,
            words: Some(Words::text(words)),
            chain: self.ticket.chain.clone(),
        });
    }

    pub(super) fn to_customer(&self, text: Text) -> Result<Letter, Unsayable> {
        let hash = self.ticket.requester.clone();
        let receiver = Receiver::Customer {
            hash: hash.clone(),
            mailbox: self.mailbox(),
            page: format!("{SITE}/tickets/{}?key=1abc", self.ticket.id.number("TT")),
        };
        self.compose(Addressee::Customer(hash), text, &receiver)
    }

    pub(super) fn to_staff(&self, person: &str, text: Text) -> Result<Letter, Unsayable> {
        let person = self
            .policy
            .person(&person.parse().unwrap())
            .unwrap()
            .clone();
        let hash = AddressHash::of(&Pepper::new("pepper"), &person.address);
        let to = Addressee::Staff(person.id.clone());
        let requester = Some(self.mailbox());
        let receiver = Receiver::Staff {
            person,
            hash,
            requester,
        };
        self.compose(to, text, &receiver)
    }

    fn mailbox(&self) -> Mailbox {
        Mailbox {
            name: self.name.clone(),
            address: self.address.clone(),
        }
    }

    pub(super) fn compose(
        &self,
        to: Addressee,
        text: Text,
        receiver: &Receiver,
    ) -> Result<Letter, Unsayable> {
        let notice = Notice {
            id: NoticeId::of(self.ticket.id, &["test", &format!("{text:?}")]),
            to,
            text,
            lane: Lane::Urgent,
        };
        compose(&NoticeView {
            notice: &notice,
            ticket: &self.ticket,
            subject: &self.subject,
            policy: &self.policy,
            current: &self.policy,
            receiver,
            events: &self.events,
            enclosed: self.enclosed,
            writers: &[],
            site: SITE,
            domain: DOMAIN,
            keyring: &keyring(),
            now: self.now,
        })
    }
}

pub(super) fn deadline(level: Option<&str>) -> Deadline {
    Deadline {
        promise: "first".parse().unwrap(),
        cycle: 1,
        level: level.map(|id| id.parse().unwrap()),
        due: instant("2026-11-23T06:00:00Z"),
        repetition: None,
        tier: None,
    }
}

/// A ticket that was merged.
fn other() -> TicketId {
    TicketId::derive(&Pepper::new("pepper"), "form", "other", 0)
}

/// Every text for customers; a new one belongs here or below.
pub(super) fn customer_texts() -> Vec<Text> {
    let agent: policy::PersonId = "ann".parse().unwrap();
    vec![
        Text::Acknowledgement,
        Text::Reply {
            seq: 2,
            agent: agent.clone(),
            answers: Some(1),
        },
        Text::Arrived,
        Text::Joined { agent: Some(agent) },
        Text::Joined { agent: None },
        Text::SecretsMasked {
            masked: vec![ticket::Masked {
                kind: ticket::SecretKind::Card,
                count: 2,
            }],
        },
        Text::Merged { from: other() },
        Text::Solved { seq: 3 },
        Text::PassedOn { tier: Tier::L2 },
        Text::PassedOn { tier: Tier::L3 },
        Text::ExpectationSet {
            until: instant("2026-11-30T06:00:00Z"),
            seq: 2,
        },
        Text::OutOfScope {
            scope: "own-software".parse().unwrap(),
        },
        Text::UnderReview,
        Text::TooMuch {
            what: ticket::TooMuch::Attachments,
        },
        Text::PolicyChanged {
            version: "0123456789abcdefghjkmnpqrs".parse().unwrap(),
            effective: "2026-12-01T00:00:00Z".parse().unwrap(),
        },
        Text::PromiseMissed {
            deadline: deadline(None),
            expected: Some(instant("2026-11-24T06:00:00Z")),
        },
        Text::PromiseMissed {
            deadline: deadline(None),
            expected: None,
        },
    ]
}

/// Every text for staff.
pub(super) fn staff_texts() -> Vec<Text> {
    let refusals = [
        Refusal::TicketIsClosed,
        Refusal::UnknownPerson("Jo".into()),
        Refusal::UnknownOrder("fix".into()),
        Refusal::StatusNotByHand(policy::Status::New),
        Refusal::NotATime("soon".into()),
        Refusal::UnknownScope("x".into(), "own-software".into()),
        Refusal::NothingToReview,
        Refusal::HadAPart("ann".into()),
        Refusal::NothingWithheld("4".into(), "5, 7".into()),
        Refusal::NotAnEntry("that".into()),
        Refusal::ParticipantHow,
        Refusal::OwnAddress,
        Refusal::TheRequester,
        Refusal::Merge(ticket::MergeRefusal::OneAtATime),
    ];
    let answer = |refused| OrderAnswer {
        line: "/solve".into(),
        refused,
    };
    let mut answers = vec![answer(None)];
    answers.extend(refusals.map(|refusal| answer(Some(refusal))));
    let mut texts = vec![
        Text::Opened { seq: 1 },
        Text::CustomerReplied {
            seq: 1,
            stranger: false,
        },
        Text::CustomerReplied {
            seq: 1,
            stranger: true,
        },
        Text::Reopened { seq: 1 },
        Text::MergedHere {
            from: other(),
            seq: 1,
        },
        Text::ReviewAsked { seq: 1 },
        Text::Assigned { seq: 4 },
        Text::HandedOver {
            tier: Tier::L2,
            seq: 5,
        },
        Text::Warning(deadline(Some("warning"))),
        Text::Breach(deadline(Some("management"))),
        Text::NotReached {
            reason: "MessageRejected".into(),
        },
        Text::OrdersAnswered { answers },
    ];
    texts.extend(
        [
            NoteReason::NoMarker,
            NoteReason::AutoReply,
            NoteReason::Expired,
            NoteReason::NothingAbove,
            NoteReason::Merged,
        ]
        .map(|reason| Text::KeptAsNote { reason, seq: 1 }),
    );
    texts
}
