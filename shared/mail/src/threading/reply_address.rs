//! The address that an answer goes to.

use jiff::Timestamp;
use ticket::{Keyring, TicketId};

/// A verified reply address: which ticket, and whom it was given to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplyAddress {
    /// Given to a participant: `t-<ticket>-<person>-<tag>@domain`.
    Participant {
        /// The ticket.
        ticket: TicketId,
        /// The start of the hash of the participant's address.
        person_short: String,
    },
    /// Given to an agent: `a-<ticket>-<person>-<expiry>-<tag>@domain`.
    Agent {
        /// The ticket.
        ticket: TicketId,
        /// The start of the hash of the agent's address.
        person_short: String,
        /// Until when it acts.
        expires: Timestamp,
        /// Whether that is over: the text is kept, but nothing acts.
        expired: bool,
    },
}

const PARTICIPANT: &str = "reply";
const AGENT: &str = "agent-reply";
const PERSON: usize = 10;
const SECONDS_PER_HOUR: i64 = 3600;

impl ReplyAddress {
    /// The address for a participant's answers. The tag covers all of it, the local part fits in 64 bytes
    /// and means the same in any case, since mail systems change case.
    pub fn participant(
        ticket: TicketId,
        person_short: &str,
        domain: &str,
        keyring: &Keyring,
    ) -> String {
        let ticket = lower(ticket);
        let tag = keyring.sign(PARTICIPANT, &[&ticket, person_short]);
        format!("t-{ticket}-{person_short}-{tag}@{domain}")
    }

    /// The address for an agent's answers, acting until `expires`, rounded up to the hour.
    pub fn agent(
        ticket: TicketId,
        person_short: &str,
        expires: Timestamp,
        domain: &str,
        keyring: &Keyring,
    ) -> String {
        let ticket = lower(ticket);
        let seconds = expires.as_second().max(0);
        let expiry = base32(
            u64::try_from(seconds.saturating_add(SECONDS_PER_HOUR - 1) / SECONDS_PER_HOUR)
                .unwrap_or(0),
        );
        let tag = keyring.sign(AGENT, &[&ticket, person_short, &expiry]);
        format!("a-{ticket}-{person_short}-{expiry}-{tag}@{domain}")
    }

    /// Reads an address; `None` unless every byte of it is as we wrote it, case apart.
    pub fn parse(address: &str, domain: &str, keyring: &Keyring, now: Timestamp) -> Option<Self> {
        let (local, at) = address.trim().rsplit_once('@')?;
        if !at.eq_ignore_ascii_case(domain) || local.len() > 64 || !local.is_ascii() {
            return None;
        }
        let local = local.to_ascii_lowercase();
        let fields: Vec<&str> = local.split('-').collect();
        match fields.as_slice() {
            ["t", ticket, person, tag] => {
                let id = exact(ticket, person)?;
                keyring
                    .verify(PARTICIPANT, &[ticket, person], tag)
                    .then(|| Self::Participant {
                        ticket: id,
                        person_short: (*person).to_owned(),
                    })
            }
            ["a", ticket, person, expiry, tag] => {
                let id = exact(ticket, person)?;
                if !keyring.verify(AGENT, &[ticket, person, expiry], tag) {
                    return None;
                }
                let hours = i64::from_str_radix(expiry, 32).ok()?;
                let expires = Timestamp::from_second(hours.checked_mul(SECONDS_PER_HOUR)?).ok()?;
                let person_short = (*person).to_owned();
                Some(Self::Agent {
                    ticket: id,
                    person_short,
                    expires,
                    expired: now >= expires,
                })
            }
            _ => None,
        }
    }

    /// The ticket.
    pub fn ticket(&self) -> TicketId {
        match self {
            Self::Participant { ticket, .. } | Self::Agent { ticket, .. } => *ticket,
        }
    }
}

/// The tag of what looks like one of our addresses.
pub(super) fn tag(local: &str) -> Option<&str> {
    let fields: Vec<&str> = local.split('-').collect();
    match fields.as_slice() {
        ["t" | "T", _, _, tag] | ["a" | "A", _, _, _, tag] => Some(tag),
        _ => None,
    }
}

pub(super) fn lower(ticket: TicketId) -> String {
    ticket.as_str().to_ascii_lowercase()
}

/// A ticket in the one spelling that we write. People may type `O` for `0`; an address that does was not ours.
pub(super) fn exact_ticket(text: &str) -> Option<TicketId> {
    let id: TicketId = text.parse().ok()?;
    (lower(id) == text).then_some(id)
}

fn exact(ticket: &str, person: &str) -> Option<TicketId> {
    (person.len() == PERSON)
        .then(|| exact_ticket(ticket))
        .flatten()
}

fn base32(mut value: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.extend(char::from_digit(u32::try_from(value % 32).unwrap_or(0), 32));
        value /= 32;
        if value == 0 {
            return digits.into_iter().rev().collect();
        }
    }
}
