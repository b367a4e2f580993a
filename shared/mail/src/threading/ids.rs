//! Ids in References: ours, signed, and those that SES gives.

use ticket::{Keyring, TicketId};

use super::reply_address::{exact_ticket, lower};
use crate::inbound::MessageId;

/// Our id of a notice, as it stands in References: `n.<ticket>.<notice>.<tag>@domain`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The ticket.
    pub ticket: TicketId,
    /// The start of the notice's id.
    pub notice_short: String,
}

const PURPOSE: &str = "reference";

impl Reference {
    /// The id of a notice, without angle brackets.
    pub fn sign(ticket: TicketId, notice_short: &str, domain: &str, keyring: &Keyring) -> String {
        let ticket = lower(ticket);
        let tag = keyring.sign(PURPOSE, &[&ticket, notice_short]);
        format!("n.{ticket}.{notice_short}.{tag}@{domain}")
    }

    /// Reads an id; `None` unless it is ours and untouched, case apart.
    pub fn parse(id: &MessageId, domain: &str, keyring: &Keyring) -> Option<Self> {
        if !id.domain.eq_ignore_ascii_case(domain) || !id.local.is_ascii() {
            return None;
        }
        let local = id.local.to_ascii_lowercase();
        let fields: Vec<&str> = local.split('.').collect();
        let ["n", ticket, notice, tag] = fields.as_slice() else {
            return None;
        };
        let found = exact_ticket(ticket)?;
        keyring
            .verify(PURPOSE, &[ticket, notice], tag)
            .then(|| Self {
                ticket: found,
                notice_short: (*notice).to_owned(),
            })
    }
}

/// The tag of what looks like one of our ids.
pub(super) fn tag(local: &str) -> Option<&str> {
    let fields: Vec<&str> = local.split('.').collect();
    match fields.as_slice() {
        ["n" | "N", _, _, tag] => Some(tag),
        _ => None,
    }
}

/// Whether an id may be one that SES gave: its domain is SES's, or its local part has the shape
/// `0100018c1d3e4f5a-8b7c6d5e-1234-5678-9abc-def012345678-000000`, which stays when a relay changes the domain.
pub fn looks_like_ses(id: &MessageId) -> bool {
    const SHAPE: [usize; 7] = [16, 8, 4, 4, 4, 12, 6];
    let ses = id.domain == "amazonses.com" || id.domain.ends_with(".amazonses.com");
    let groups: Vec<&str> = id.local.split('-').collect();
    let shaped = groups.len() == SHAPE.len()
        && groups
            .iter()
            .zip(SHAPE)
            .all(|(g, n)| g.len() == n && g.bytes().all(|b| b.is_ascii_hexdigit()));
    shaped || (ses && id.local.len() <= 100 && id.local.bytes().all(|b| b.is_ascii_graphic()))
}
