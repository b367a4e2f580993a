//! The ticket that the previews are about.

use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};
use policy::{Channel, ConductId, DepartmentId, Lang, Person, PersonId, Policy, TicketType};
use ticket::{
    Actor, AddressHash, Addressee, Contact, ContentDigest, Context, Event, Keyring, MergedFrom,
    Notice, NoticeId, Open, Pepper, Recorded, Text, Ticket, TicketId, Words,
};

use super::Preview;
use super::said::{DE, EN, Said, VI};
use crate::inbound::Mailbox;
use crate::notices::{NoticeView, Receiver, compose};

const SITE: &str = "https://support.example.com";
const DOMAIN: &str = "mail.example.com";
const ADDRESS: &str = "customer@customer.example";

/// Where the agent's, the customer's later and the colleague's words are.
pub(super) const ANSWER: u32 = 2;
pub(super) const CUSTOMERS: u32 = 3;
pub(super) const STRANGERS: u32 = 4;
pub(super) const REASON: u32 = 5;
pub(super) const REVIEW: u32 = 6;
pub(super) const DECISION: u32 = 7;
pub(super) const LIFTED: u32 = 8;
pub(super) const MERGED: u32 = 9;

/// A request of a Friday afternoon, with everything that was written on it.
pub(super) struct Example<'p> {
    pub(super) policy: &'p Policy,
    pub(super) lang: &'p Lang,
    pub(super) opened: Timestamp,
    said: &'static Said,
    department: Option<DepartmentId>,
}

/// How a ticket of the example differs from an ordinary request.
#[derive(Clone, Copy)]
pub(super) struct Kind {
    pub(super) ticket_type: TicketType,
    pub(super) proved: bool,
    pub(super) channel: Channel,
}

impl Kind {
    pub(super) const REQUEST: Self = Self {
        ticket_type: TicketType::Request,
        proved: true,
        channel: Channel::Email,
    };
}

impl<'p> Example<'p> {
    pub(super) fn new(policy: &'p Policy, lang: &'p Lang) -> Self {
        let said = match lang.as_str() {
            "de" => &DE,
            "vi" => &VI,
            _ => &EN,
        };
        let zone = TimeZone::get(policy.terms().zone.name()).unwrap_or(TimeZone::UTC);
        let friday = civil::date(2026, 11, 27).at(14, 32, 0, 0);
        let opened = zone
            .to_ambiguous_zoned(friday)
            .compatible()
            .map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp());
        let department = policy
            .possible_departments()
            .first()
            .map(|it| it.id.clone());
        Self {
            policy,
            lang,
            opened,
            said,
            department,
        }
    }

    /// A ticket as it was when it was opened.
    pub(super) fn ticket(&self, kind: Kind) -> Ticket {
        self.open(kind).0
    }

    fn open(&self, kind: Kind) -> (Ticket, Vec<Recorded>) {
        let pepper = Pepper::new("preview");
        let open = Open {
            id: TicketId::derive(&pepper, "preview", "example", 0),
            source: ContentDigest::of(&[b"preview"]),
            body: ContentDigest::of(&[b"preview"]),
            channel: kind.channel,
            ticket_type: kind.ticket_type,
            department: self.department.clone(),
            priority: None,
            lang: self.lang.clone(),
            zone: None,
            requester: Contact {
                hash: AddressHash::of(&pepper, ADDRESS),
                address: ADDRESS.to_owned(),
                name: self.said.name.to_owned(),
            },
            proved: kind.proved,
            words: Words {
                subject: self.said.subject.to_owned(),
                ..Words::text(self.said.request)
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
            at: self.opened,
            now: self.opened,
            policy: self.policy,
        };
        let decision = ticket::open(&open, &context);
        (decision.ticket, decision.events)
    }

    fn log(&self) -> Vec<Recorded> {
        let (ticket, mut events) = self.open(Kind::REQUEST);
        let customer = Actor::Customer(ticket.requester.clone());
        let stranger = Actor::Customer(AddressHash::of(&Pepper::new("preview"), "x@y.example"));
        let agent = self.agent().map_or(Actor::System, Actor::Agent);
        let (said, until) = (self.said, self.later(72));
        let levels = self.policy.terms().conduct.iter().flat_map(|it| &it.levels);
        let limited = levels.last().map(|level| level.id.clone());
        let limited = limited.or_else(|| ConductId::new("limited").ok());
        let who = ticket.requester.clone();
        let decision = limited.into_iter().flat_map(|level| {
            let lifted = Event::StandingLifted {
                who: who.clone(),
                level: level.clone(),
            };
            let (who, until) = (who.clone(), self.later(24 * 7));
            let set = Event::StandingSet { who, level, until };
            [
                (DECISION, &agent, set, said.conduct),
                (LIFTED, &agent, lifted, said.lifted),
            ]
        });
        let from = Self::other();
        let merged = Event::MergedFrom(Box::new(MergedFrom::of(from)));
        let more = [
            (MERGED, &agent, merged, said.request),
            (ANSWER, &agent, Event::AgentReplied, said.answer),
            (CUSTOMERS, &customer, Event::CustomerWrote, said.again),
            (STRANGERS, &stranger, Event::StrangerWrote, said.stranger),
            (REASON, &agent, Event::ExpectationSet { until }, said.reason),
            (REVIEW, &customer, Event::CustomerWrote, said.review),
        ];
        events.truncate(1);
        let at = self.later(1);
        events.extend(
            more.into_iter()
                .chain(decision)
                .map(|(seq, actor, event, words)| Recorded {
                    seq,
                    at,
                    recorded_at: at,
                    actor: actor.clone(),
                    event,
                    words: Some(Words::text(words)),
                    chain: ticket.chain.clone(),
                }),
        );
        events
    }

    /// Another ticket of the customer.
    pub(super) fn other() -> TicketId {
        TicketId::derive(&Pepper::new("preview"), "preview", "another", 0)
    }

    /// So many hours after the opening.
    pub(super) fn later(&self, hours: i64) -> Timestamp {
        self.opened
            .checked_add(SignedDuration::from_hours(hours))
            .unwrap_or(self.opened)
    }

    /// An agent of the example's department, reading its language.
    fn person(&self) -> Option<Person> {
        let agents = self.department.iter();
        let agents = agents.flat_map(|id| self.policy.agents_of(id));
        let person = agents.chain(&self.policy.terms().people).next()?;
        Some(Person {
            lang: self.lang.clone(),
            ..person.clone()
        })
    }

    /// Who has the ticket in notices that name somebody.
    pub(super) fn agent(&self) -> Option<PersonId> {
        self.person().map(|person| person.id)
    }

    pub(super) fn to_customer(
        &self,
        name: &str,
        ticket: &Ticket,
        text: Text,
        now: Timestamp,
    ) -> Option<Preview> {
        let hash = ticket.requester.clone();
        let number = ticket.id.number(&self.policy.terms().prefix);
        let receiver = Receiver::Customer {
            hash: hash.clone(),
            mailbox: self.mailbox(),
            page: format!("{SITE}/tickets/{number}?key=example"),
        };
        self.written(
            name,
            ticket,
            (Addressee::Customer(hash), text),
            &receiver,
            now,
        )
    }

    pub(super) fn to_staff(
        &self,
        name: &str,
        ticket: &Ticket,
        text: Text,
        now: Timestamp,
    ) -> Option<Preview> {
        let person = self.person()?;
        let to = Addressee::Staff(person.id.clone());
        let receiver = Receiver::Staff {
            hash: AddressHash::of(&Pepper::new("preview"), &person.address),
            person,
            requester: Some(self.mailbox()),
        };
        self.written(name, ticket, (to, text), &receiver, now)
    }

    fn mailbox(&self) -> Mailbox {
        Mailbox {
            name: self.said.name.to_owned(),
            address: ADDRESS.to_owned(),
        }
    }

    fn written(
        &self,
        name: &str,
        ticket: &Ticket,
        (to, text): (Addressee, Text),
        receiver: &Receiver,
        now: Timestamp,
    ) -> Option<Preview> {
        let notice = Notice {
            id: NoticeId::of(ticket.id, &["preview", name]),
            lane: text.lane(),
            to,
            text,
        };
        let events = self.log();
        let letter = compose(&NoticeView {
            notice: &notice,
            ticket,
            subject: self.said.subject,
            policy: self.policy,
            current: self.policy,
            receiver,
            events: &events,
            enclosed: false,
            writers: &[],
            site: SITE,
            domain: DOMAIN,
            keyring: &Keyring::new([('1', "preview")]),
            now,
        });
        Some(Preview {
            name: name.to_owned(),
            for_customers: matches!(receiver, Receiver::Customer { .. }),
            lang: self.lang.clone(),
            letter: letter.ok()?,
        })
    }
}
