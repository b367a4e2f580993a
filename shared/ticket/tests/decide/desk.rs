//! A desk in memory: one policy, one ticket, commands at given instants, and the log to fold.

use std::collections::BTreeMap;

use jiff::Timestamp;
use policy::{Channel, DepartmentId, Lang, PersonId, Policy, TicketType};
use ticket::{
    Actor, Addressee, Command, Contact, ContentDigest, Context, Decision, Notice, Open, Order,
    OrderLine, Pepper, Recorded, Refusal, Text, Ticket, TicketId, Words, apply,
};

/// Monday morning, at opening.
pub(crate) const MONDAY_9: &str = "2026-11-23T09:00:00Z";

pub(crate) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn policy() -> Policy {
    let pages = pages(&["receipt", "first-billing", "first-urgent", "first", "next"]);
    let source = include_str!("policy.toml");
    Policy::parse(source, "policy.toml", pages).unwrap()
}

/// The pages of a policy that publishes these promises.
pub(crate) fn pages(promises: &[&str]) -> BTreeMap<Lang, String> {
    let lines = promises
        .iter()
        .map(|id| format!("{{promise.{id}.target}}\n"));
    let page: String = lines.collect();
    let pages = ["en", "de"].map(|lang| (lang.parse::<Lang>().unwrap(), page.clone()));
    BTreeMap::from(pages)
}

pub(crate) fn customer() -> Contact {
    Contact {
        hash: ticket::AddressHash::of(&Pepper::new("p"), "customer@example.net"),
        address: "customer@example.net".into(),
        name: "A customer".into(),
    }
}

pub(crate) fn open_command(department: Option<&str>) -> Open {
    Open {
        id: TicketId::derive(&Pepper::new("p"), "form", "nonce", 0),
        source: ContentDigest::of(&[b"form", b"nonce"]),
        body: ContentDigest::of(&[b"body"]),
        channel: Channel::Form,
        ticket_type: TicketType::Request,
        department: department.map(|d| d.parse::<DepartmentId>().unwrap()),
        priority: None,
        lang: "en".parse().unwrap(),
        zone: None,
        requester: customer(),
        proved: false,
        words: Words {
            subject: "It is down".into(),
            ..Words::text("Please help")
        },
        shown: true,
        acknowledge: true,
        held: None,
        waiting: None,
        related: None,
        to: Vec::new(),
        service: None,
        busy: Vec::new(),
        escalates: None,
    }
}

/// A ticket under test.
pub(crate) struct Desk {
    pub(crate) policy: Policy,
    pub(crate) ticket: Ticket,
    pub(crate) next_due: Option<Timestamp>,
    pub(crate) log: Vec<Recorded>,
    pub(crate) sent: Vec<Notice>,
}

impl Desk {
    pub(crate) fn open(command: &Open, at: &str) -> Self {
        Self::open_under(policy(), command, at)
    }

    pub(crate) fn open_under(policy: Policy, command: &Open, at: &str) -> Self {
        let at = instant(at);
        let context = Context {
            at,
            now: at,
            policy: &policy,
        };
        let decision = ticket::open(command, &context);
        Self {
            ticket: decision.ticket,
            next_due: decision.next_due,
            log: decision.events,
            sent: decision.notices,
            policy,
        }
    }

    /// Technical, opened Monday at nine.
    pub(crate) fn technical() -> Self {
        Self::open(&open_command(Some("technical")), MONDAY_9)
    }

    pub(crate) fn try_do(&mut self, command: &Command, at: &str) -> Result<Decision, Refusal> {
        let at = instant(at);
        let context = Context {
            at,
            now: at,
            policy: &self.policy,
        };
        let decision = ticket::decide(&self.ticket, command, &context)?;
        self.ticket = decision.ticket.clone();
        self.next_due = decision.next_due;
        self.log.extend(decision.events.clone());
        self.sent.extend(decision.notices.clone());
        self.check();
        Ok(decision)
    }

    pub(crate) fn do_at(&mut self, command: &Command, at: &str) -> Decision {
        self.try_do(command, at).unwrap()
    }

    pub(crate) fn tick(&mut self, at: &str) -> Decision {
        self.do_at(&Command::FireTimers, at)
    }

    pub(crate) fn customer_writes(&mut self, at: &str) -> Decision {
        let from = customer().hash;
        let words = Words::text("Any news?");
        self.do_at(
            &Command::CustomerMessage {
                from,
                words,
                proved: false,
            },
            at,
        )
    }

    pub(crate) fn agent_replies(&mut self, at: &str) -> Decision {
        self.do_at(&reply("ann", &[]), at)
    }

    pub(crate) fn orders(&mut self, orders: &[Order], at: &str) -> Decision {
        let orders = orders.iter().cloned().map(line).collect();
        let by = Actor::Agent(person("ann"));
        self.do_at(&Command::Orders { by, orders }, at)
    }

    /// What must hold after every command: the snapshot is the fold of the log, the log has no gaps, no notice repeats.
    pub(crate) fn check(&self) {
        let folded = self.log.iter().fold(None, apply);
        assert_eq!(folded.as_ref(), Some(&self.ticket));
        let seqs: Vec<u32> = self.log.iter().map(|recorded| recorded.seq).collect();
        assert_eq!(seqs, (1..=self.ticket.seq).collect::<Vec<_>>());
        let mut ids: Vec<_> = self.sent.iter().map(|notice| notice.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), self.sent.len(), "a notice was made twice");
    }
}

pub(crate) fn person(id: &str) -> PersonId {
    id.parse().unwrap()
}

pub(crate) fn line(order: Order) -> OrderLine {
    OrderLine {
        line: "/order".into(),
        order: Ok(order),
    }
}

pub(crate) fn reply(agent: &str, orders: &[Order]) -> Command {
    Command::AgentReply {
        agent: person(agent),
        words: Words::text("We are on it"),
        orders: orders.iter().cloned().map(line).collect(),
    }
}

/// Who is told what, in short: `warning>ann`.
pub(crate) fn told(decision: &Decision) -> Vec<String> {
    let mut all: Vec<String> = decision.notices.iter().map(short).collect();
    all.sort();
    all
}

pub(crate) fn short(notice: &Notice) -> String {
    let to = match &notice.to {
        Addressee::Customer(_) => "customer".to_owned(),
        Addressee::Staff(person) => person.to_string(),
        Addressee::Address(address) => address.clone(),
    };
    let text = match &notice.text {
        Text::Acknowledgement => "acknowledgement",
        Text::Numbers { .. } => "numbers",
        Text::Opened { .. } => "opened",
        Text::CustomerReplied {
            stranger: false, ..
        } => "customer_replied",
        Text::CustomerReplied { stranger: true, .. } => "stranger",
        Text::Arrived => "arrived",
        Text::Released { .. } => "released",
        Text::Joined { .. } => "joined",
        Text::SecretsMasked { .. } => "secrets",
        Text::Reopened { .. } => "reopened",
        Text::Reply { .. } => "reply",
        Text::Merged { .. } => "merged",
        Text::MergedHere { .. } => "merged_here",
        Text::Solved { .. } => "solved",
        Text::PolicyChanged { .. } => "policy_changed",
        Text::Assigned { .. } => "assigned",
        Text::HandedOver { .. } => "handed_over",
        Text::Warning(_) => "warning",
        Text::Breach(_) => "breach",
        Text::PromiseMissed { .. } => "missed",
        Text::NotReached { .. } => "not_reached",
        Text::OrdersAnswered { .. } => "orders",
        Text::KeptAsNote { .. } => "note",
        Text::PassedOn { .. } => "passed_on",
        Text::ExpectationSet { .. } => "expectation",
        Text::OutOfScope { .. } => "out_of_scope",
        Text::UnderReview => "under_review",
        Text::TooMuch { .. } => "too_much",
        Text::ReviewAsked { .. } => "review_asked",
        Text::Standing { .. } => "standing",
        Text::StandingLifted { .. } => "standing_lifted",
    };
    format!("{text}>{to}")
}
