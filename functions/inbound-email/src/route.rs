//! Whose mail it is: one table over what SES found out, what the mail is and who sent it. Pure.

use mail::{InboundMail, Kind, ReplyAddress};
use ticket::{AddressHash, Ticket};

use crate::event::Receipt;

/// What is done with a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    /// Filed without a ticket and without an answer; the word says as what.
    File(&'static str),
    /// The agent whom the reply address was signed for, proved.
    Agent,
    /// Somebody else on an agent's reply address, or the agent unproved: kept for agents, acts on nothing.
    Stranger,
    /// A message of a participant on the ticket that the mail names.
    Message,
    /// A new ticket.
    Open,
}

/// What the routing looks at besides the mail itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    /// SES's findings.
    pub(crate) receipt: &'a Receipt,
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

/// Whether DMARC proves the sender: the only proof there is, and none if From leaves a doubt.
pub(crate) fn proved(mail: &InboundMail, receipt: &Receipt) -> bool {
    receipt.dmarc_verdict.passes() && !mail.ambiguous_sender
}

/// Decides. The first row that fits counts.
pub(crate) fn route(mail: &InboundMail, facts: &Facts<'_>) -> Route {
    let kind = mail.verdict.kind;
    if facts.receipt.virus_verdict.fails() {
        return Route::File("virus");
    }
    if facts.receipt.spam_verdict.fails() {
        return Route::File("spam");
    }
    if facts.sender_is_us {
        return Route::File("own");
    }
    if let Some(ReplyAddress::Agent { .. }) = facts.reply_address {
        return agent(mail, facts);
    }
    if kind != Kind::Human {
        return Route::File(kind.as_str());
    }
    let Some(sender) = facts.sender else {
        return Route::File("no_sender");
    };
    match facts.named {
        // DMARC FAIL says that the sender is not who From says; a forwarder's broken SPF gives GRAY.
        Some(ticket)
            if ticket.is_participant(sender)
                && !mail.ambiguous_sender
                && !facts.receipt.dmarc_verdict.fails() =>
        {
            Route::Message
        }
        _ => Route::Open,
    }
}

fn agent(mail: &InboundMail, facts: &Facts<'_>) -> Route {
    let from = mail.from.first().map(|mailbox| mailbox.address.as_str());
    let is_agent = match (from, facts.agent_address) {
        (Some(from), Some(agent)) => from.eq_ignore_ascii_case(agent),
        _ => false,
    };
    match mail.verdict.kind {
        Kind::Human | Kind::AutoReply if is_agent && proved(mail, facts.receipt) => Route::Agent,
        Kind::Human => Route::Stranger,
        kind => Route::File(kind.as_str()),
    }
}

#[cfg(test)]
#[path = "route_tests.rs"]
mod tests;
