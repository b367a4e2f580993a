//! Whose mail it is: one table over what SES found out, what the mail is, who sent it and what it names. Pure.
//!
//! Only what SES tells in its event counts. A mail's own `Authentication-Results` and `X-SES-*` lines are never read:
//! anybody can write them (security-bar 1.1).

use mail::{InboundMail, Kind, ReplyAddress, is_setup_notice};
use ticket::{AddressHash, Ticket};

use crate::event::{Receipt, Verdict};

/// What is done with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Filed without a ticket and without an answer; the word says as what.
    File(&'static str),
    /// The agent whom the reply address was signed for, proved.
    Agent,
    /// Somebody else on a reply address, or an agent unproved on theirs: kept for agents until they release it, acts on
    /// nothing.
    Stranger,
    /// A message of a participant on the ticket that the mail names.
    Message,
    /// A new ticket, marked as maybe related to the one that the mail names.
    Open,
}

/// Who From claims to be or, where it names nobody, the envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The requester of the ticket that the mail names.
    Requester,
    /// Another participant of it.
    Participant,
    /// The agent for whom the reply address was signed.
    Agent,
    /// Anybody else.
    Stranger,
    /// A provider that asks whoever sets the desk up to confirm something.
    Provider,
    /// One of our own addresses: answering it would be talking to ourselves.
    Ourselves,
    /// Nobody: there is no address in From, and the envelope sender is null.
    Nobody,
}

/// What leads to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lead {
    /// A reply address that was signed for an agent.
    AgentAddress,
    /// A reply address that was signed for a customer.
    CustomerAddress,
    /// Our signed id, or an id that SES gave.
    Ticket,
    /// Nothing.
    None,
}

/// How far it is known that the sender is who From says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// DMARC passed: the only proof there is.
    Proved,
    /// Nobody can say, as with most forwarded mail.
    Unknown,
    /// DMARC failed, or From leaves a doubt about who it is.
    Failed,
}

/// What the routing looks at besides the mail itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// SES's findings.
    pub(crate) receipt: &'a Receipt,
    /// Whether a forwarder that the policy trusts handed the mail on: DMARC may then fail for an honest mail.
    pub(crate) forwarded: bool,
    /// The reply address the mail came to, its signature verified.
    pub(crate) reply_address: Option<&'a ReplyAddress>,
    /// The agent the reply address was signed for, as the policy has them: their address.
    pub(crate) agent_address: Option<&'a str>,
    /// The ticket that the mail names.
    pub(crate) named: Option<&'a Ticket>,
    /// The sender's pseudonym.
    pub(crate) sender: Option<&'a AddressHash>,
    /// Whether the sender's address is one of ours.
    pub(crate) sender_is_us: bool,
}

/// One row: what it asks for (an empty list asks for nothing) and what is done then.
struct Rule {
    virus: &'static [Verdict],
    spam: &'static [Verdict],
    kinds: &'static [Kind],
    senders: &'static [Sender],
    leads: &'static [Lead],
    proofs: &'static [Proof],
    then: Then,
}

enum Then {
    Do(Route),
    /// File it as the kind of mail that it is.
    FileAsItsKind,
}

const ANY: Rule = Rule {
    virus: &[],
    spam: &[],
    kinds: &[],
    senders: &[],
    leads: &[],
    proofs: &[],
    then: Then::FileAsItsKind,
};

/// The table. The first row that fits counts.
const RULES: &[Rule] = &[
    Rule {
        virus: &[Verdict::Fail],
        then: Then::Do(Route::File("virus")),
        ..ANY
    },
    Rule {
        senders: &[Sender::Ourselves],
        then: Then::Do(Route::File("own")),
        ..ANY
    },
    // Its link is for the operator alone, not for a queue.
    Rule {
        senders: &[Sender::Provider],
        then: Then::Do(Route::File("setup")),
        ..ANY
    },
    // An auto-responder's mail is kept as a note, and its agent is told.
    Rule {
        kinds: &[Kind::Human, Kind::AutoReply],
        senders: &[Sender::Agent],
        leads: &[Lead::AgentAddress],
        proofs: &[Proof::Proved],
        then: Then::Do(Route::Agent),
        ..ANY
    },
    // Whoever is proved and belongs on the ticket is heard, whatever a filter thinks of their words.
    Rule {
        kinds: &[Kind::Human],
        senders: &[Sender::Requester, Sender::Participant],
        leads: &[Lead::Ticket, Lead::CustomerAddress],
        proofs: &[Proof::Proved],
        then: Then::Do(Route::Message),
        ..ANY
    },
    Rule {
        spam: &[Verdict::Fail],
        then: Then::Do(Route::File("spam")),
        ..ANY
    },
    Rule {
        kinds: &[
            Kind::AutoReply,
            Kind::Bounce,
            Kind::FeedbackReport,
            Kind::List,
        ],
        then: Then::FileAsItsKind,
        ..ANY
    },
    Rule {
        leads: &[Lead::AgentAddress],
        then: Then::Do(Route::Stranger),
        ..ANY
    },
    Rule {
        senders: &[Sender::Nobody],
        then: Then::Do(Route::File("no_sender")),
        ..ANY
    },
    Rule {
        senders: &[Sender::Requester, Sender::Participant],
        leads: &[Lead::Ticket, Lead::CustomerAddress],
        proofs: &[Proof::Unknown],
        then: Then::Do(Route::Message),
        ..ANY
    },
    // Whoever was given the address passed it on: the words belong here, and wait.
    Rule {
        senders: &[Sender::Stranger],
        leads: &[Lead::CustomerAddress],
        then: Then::Do(Route::Stranger),
        ..ANY
    },
    Rule {
        then: Then::Do(Route::Open),
        ..ANY
    },
];

/// Whether DMARC proves the sender.
pub(crate) fn proved(mail: &InboundMail, receipt: &Receipt) -> bool {
    proof(mail, receipt, false) == Proof::Proved
}

/// How far SES's findings prove From. SPF or DKIM may pass for a domain that From does not name; DMARC compares.
fn proof(mail: &InboundMail, receipt: &Receipt, forwarded: bool) -> Proof {
    match receipt.dmarc_verdict {
        // DMARC is about From; where there is none, it says nothing.
        _ if mail.ambiguous_sender || mail.from.is_empty() => Proof::Failed,
        Verdict::Pass => Proof::Proved,
        Verdict::Fail if !forwarded => Proof::Failed,
        Verdict::Fail | Verdict::Gray | Verdict::Unknown => Proof::Unknown,
    }
}

/// Decides by the table.
pub(crate) fn route(mail: &InboundMail, facts: &Facts<'_>) -> Route {
    let lead = lead(facts);
    let sender = sender(mail, facts, lead);
    let proof = proof(mail, facts.receipt, facts.forwarded);
    let kind = mail.verdict.kind;
    let fits = |rule: &&Rule| {
        is(rule.virus, facts.receipt.virus_verdict)
            && is(rule.spam, facts.receipt.spam_verdict)
            && is(rule.kinds, kind)
            && is(rule.senders, sender)
            && is(rule.leads, lead)
            && is(rule.proofs, proof)
    };
    match RULES.iter().find(fits).map(|rule| &rule.then) {
        Some(Then::Do(route)) => *route,
        Some(Then::FileAsItsKind) | None => Route::File(kind.as_str()),
    }
}

fn is<T: PartialEq + Copy>(wanted: &[T], found: T) -> bool {
    wanted.is_empty() || wanted.contains(&found)
}

fn lead(facts: &Facts<'_>) -> Lead {
    match (facts.reply_address, facts.named) {
        (Some(ReplyAddress::Agent { .. }), _) => Lead::AgentAddress,
        (Some(ReplyAddress::Participant { .. }), Some(_)) => Lead::CustomerAddress,
        (_, Some(_)) => Lead::Ticket,
        _ => Lead::None,
    }
}

fn sender(mail: &InboundMail, facts: &Facts<'_>, lead: Lead) -> Sender {
    let from = mail.from.first().map(|mailbox| mailbox.address.as_str());
    let agent = match (from, facts.agent_address) {
        (Some(from), Some(agent)) => from.eq_ignore_ascii_case(agent),
        _ => false,
    };
    match (facts.sender, facts.named) {
        (None, _) => Sender::Nobody,
        _ if facts.sender_is_us => Sender::Ourselves,
        _ if lead == Lead::None && is_setup_notice(mail) => Sender::Provider,
        _ if lead == Lead::AgentAddress && agent => Sender::Agent,
        (Some(hash), Some(ticket)) if *hash == ticket.requester => Sender::Requester,
        (Some(hash), Some(ticket)) if ticket.is_participant(hash) => Sender::Participant,
        _ => Sender::Stranger,
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
