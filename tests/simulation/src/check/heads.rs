//! What stands on a mail besides its words: who sends it, where an answer goes, what it belongs to, and that no person wrote
//! it; and that what tells of a deadline says which.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use mail::{Reference, ReplyAddress};
use mail_parser::{Address, Message, MessageParser};
use ticket::{AddressHash, Addressee, Deadline, Keyring, Pepper, Text};

use crate::aws::ses::Accepted;
use crate::aws::{PEPPER, SIGNING_KEYS};
use crate::desk::{DOMAIN, Desk};
use crate::records::{Dossier, Outgoing, sent};
use crate::time::instant;
use crate::world::State;

pub(super) fn check(
    desk: &Desk,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let mut ids: BTreeMap<String, (&str, &str)> = BTreeMap::new();
    for (mail, dossier, outgoing) in sent(state, all) {
        let Some(parsed) = MessageParser::default().parse_headers(mail.raw.as_bytes()) else {
            continue;
        };
        let head = Head {
            desk,
            mail,
            dossier,
            outgoing,
            parsed,
        };
        let what = || format!("a mail to {:?} ({:?})", mail.to, outgoing.notice.text);
        wrong.extend(head.wrong().map(|why| format!("{} {why}", what())));
        // Sent again, it is the same mail; no other has its id.
        let own = (mail.ticket.as_str(), mail.notice.as_str());
        let id = head.parsed.message_id().unwrap_or_default().to_owned();
        if *ids.entry(id).or_insert(own) != own {
            wrong.push(format!("{} has the id of another", what()));
        }
    }
}

/// A mail that left, with the notice that it carries out.
struct Head<'a> {
    desk: &'a Desk,
    mail: &'a Accepted,
    dossier: &'a Dossier,
    outgoing: &'a Outgoing,
    parsed: Message<'a>,
}

impl Head<'_> {
    /// The first thing that is wrong.
    fn wrong(&self) -> Option<String> {
        let text = &self.outgoing.notice.text;
        let from = only(self.parsed.from());
        if from != Some(&format!("desk@{DOMAIN}")) {
            return Some(format!("is sent by {from:?}"));
        }
        if !self.is_answered_rightly() {
            return Some(format!("is answered to {:?}", only(self.parsed.reply_to())));
        }
        let automatic = self.parsed.header("Auto-Submitted").is_some();
        if automatic == matches!(text, Text::Reply { .. }) {
            return Some(format!("says that it is automatic: {automatic}"));
        }
        let prefix = &self.desk.policy.terms().prefix;
        let number = self
            .dossier
            .snapshot
            .as_ref()
            .map(|it| it.id.number(prefix));
        let subject = self.parsed.subject().unwrap_or_default();
        let apart = matches!(text, Text::Arrived | Text::Numbers { .. });
        if !apart && number.is_some_and(|number| !subject.contains(&number)) {
            return Some(format!("has a subject without the number: {subject}"));
        }
        if !self.is_threaded() {
            return Some("refers to no mail of its ticket".to_owned());
        }
        self.unsaid().map(|it| format!("does not say {it}"))
    }

    /// An answer comes to the ticket, as that of whom the mail went to.
    fn is_answered_rightly(&self) -> bool {
        let keyring = Keyring::new(SIGNING_KEYS);
        let now = instant(self.mail.at);
        let own = &self.outgoing.notice.to;
        let person = match own {
            Addressee::Customer(hash) => hash.clone(),
            _ => AddressHash::of(&Pepper::new(PEPPER), &self.mail.to[0]),
        };
        let read = only(self.parsed.reply_to());
        match read.and_then(|it| ReplyAddress::parse(it, DOMAIN, &keyring, now)) {
            Some(ReplyAddress::Participant {
                ticket,
                person_short,
            }) => {
                let customer = matches!(own, Addressee::Customer(_));
                customer && self.is_own(ticket) && person_short == person.short()
            }
            Some(ReplyAddress::Agent {
                ticket,
                person_short,
                expired,
                ..
            }) => {
                let staff = !matches!(own, Addressee::Customer(_));
                staff && !expired && self.is_own(ticket) && person_short == person.short()
            }
            None => false,
        }
    }

    fn is_own(&self, ticket: ticket::TicketId) -> bool {
        ticket.to_string() == self.dossier.id
    }

    /// The mails of a ticket are one conversation, in whose mailbox they may be.
    fn is_threaded(&self) -> bool {
        let keyring = Keyring::new(SIGNING_KEYS);
        let references = self.parsed.references().as_text_list().unwrap_or_default();
        let ours = references.iter().filter_map(|id| {
            let (local, domain) = id.split_once('@')?;
            let id = mail::MessageId {
                local: local.to_owned(),
                domain: domain.to_owned(),
            };
            Reference::parse(&id, DOMAIN, &keyring)
        });
        let own = ours.filter(|it| self.is_own(it.ticket));
        // The root of the conversation, and itself: SES gives it another id.
        let names: Vec<String> = own.map(|it| it.notice_short).collect();
        names == ["root", self.outgoing.notice.id.short()]
    }

    /// Which promise is late by which clause, and what is expected instead.
    fn unsaid(&self) -> Option<String> {
        let said = self.mail.text();
        let policy = &self.desk.policy;
        let zone = policy.terms().zone.rules();
        let own = self.dossier.snapshot.as_ref()?.zone.as_deref();
        let own = own.and_then(|name| TimeZone::get(name).ok());
        let named = |Deadline { promise, level, .. }: &Deadline| {
            let clause = policy.promise(promise).and_then(|it| it.clause.clone());
            let level = level.as_ref().map(ToString::to_string);
            [Some(promise.to_string()), clause, level]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        };
        let wall = |at: Timestamp| {
            let shown = at.to_zoned(own.as_ref().unwrap_or(zone).clone());
            format!("{:02}:{:02}", shown.hour(), shown.minute())
        };
        let wanted = match &self.outgoing.notice.text {
            Text::Warning(deadline) | Text::Breach(deadline) => named(deadline),
            // A time that has passed meanwhile is not named.
            Text::PromiseMissed { expected, .. } => {
                let ahead = expected.filter(|at| *at > instant(self.mail.at));
                ahead.map(wall).into_iter().collect()
            }
            Text::ExpectationSet { until, .. } => vec![wall(*until)],
            _ => Vec::new(),
        };
        wanted.into_iter().find(|it| !said.contains(it))
    }
}

/// The one address of a field.
fn only<'a>(field: Option<&'a Address<'a>>) -> Option<&'a str> {
    field?.first()?.address()
}
