//! An agent's mail: the words above the marker go to the customer, slash lines act.

use jiff::Timestamp;
use mail::{InboundMail, Kind, ReplyAddress, above_marker, slash_commands};
use policy::{PersonId, Policy};
use ticket::{Actor, Command, NoteReason, Order, OrderLine, Pepper, Words};

/// What an agent's proved mail asks for.
pub(crate) fn command(
    mail: &InboundMail,
    words: Words,
    agent: &PersonId,
    address: &ReplyAddress,
    policy: &Policy,
    pepper: &Pepper,
    now: Timestamp,
) -> Command {
    let expired = matches!(address, ReplyAddress::Agent { expires, .. } if *expires <= now);
    let reason = if mail.verdict.kind == Kind::AutoReply {
        Some(NoteReason::AutoReply)
    } else if expired {
        Some(NoteReason::Expired)
    } else {
        None
    };
    if let Some(reason) = reason {
        return kept_as_note(words, agent, reason);
    }
    let Some(above) = above_marker(&mail.text, mail::MARKER) else {
        return kept_as_note(words, agent, NoteReason::NoMarker);
    };
    let (commands, text) = slash_commands(&above);
    let orders: Vec<OrderLine> = commands
        .iter()
        .map(|line| OrderLine::read(&line.name, &line.args, Some(agent), policy, Some(pepper)))
        .collect();
    let own_words = |words| Words {
        text: text.to_owned(),
        quoted: String::new(),
        ..words
    };
    let brings_files = mail.attachments.iter().any(|file| !file.inline);
    let is_note = orders.iter().any(|line| line.order == Ok(Order::Note));
    match (text.trim().is_empty(), is_note) {
        (true, _) if orders.is_empty() => kept_as_note(words, agent, NoteReason::NothingAbove),
        // A file without a word is kept, and its agent is told: nobody said that it is for the customer.
        (true, _) if brings_files => Command::InternalNote {
            agent: agent.clone(),
            words: own_words(words),
            instead_of_reply: (!is_note).then_some(NoteReason::NothingAbove),
            orders,
        },
        (true, _) => Command::Orders {
            by: Actor::Agent(agent.clone()),
            orders,
        },
        (false, true) => Command::InternalNote {
            agent: agent.clone(),
            words: own_words(words),
            instead_of_reply: None,
            orders,
        },
        (false, false) => Command::AgentReply {
            agent: agent.clone(),
            words: own_words(words),
            orders,
        },
    }
}

fn kept_as_note(words: Words, agent: &PersonId, reason: NoteReason) -> Command {
    Command::InternalNote {
        agent: agent.clone(),
        words,
        instead_of_reply: Some(reason),
        orders: Vec::new(),
    }
}
