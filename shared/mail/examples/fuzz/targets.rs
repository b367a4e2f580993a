//! What is fuzzed, and what must hold whatever comes in.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash, Hasher as _},
};

use jiff::Timestamp;
use mail::{InboundMail, MessageId, Reference, ReplyAddress};
use ticket::{Keyring, Pepper, TicketId};

use super::pieces;

/// One target. The check gives a number for the behaviour that it saw, or what was wrong.
pub(crate) struct Target {
    pub(crate) name: &'static str,
    pub(crate) pieces: &'static [&'static str],
    pub(crate) check: fn(&[u8]) -> Result<u64, String>,
}

pub(crate) const ALL: [Target; 5] = [
    Target {
        name: "mail",
        pieces: pieces::MAIL,
        check: mail,
    },
    Target {
        name: "address",
        pieces: pieces::ADDRESS,
        check: address,
    },
    Target {
        name: "reply",
        pieces: pieces::REPLY,
        check: reply,
    },
    Target {
        name: "sanitise",
        pieces: pieces::HTML,
        check: sanitise,
    },
    Target {
        name: "reply-address",
        pieces: pieces::REPLY_ADDRESS,
        check: reply_address,
    },
];

fn behaviour(seen: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    seen.hash(&mut hasher);
    hasher.finish()
}

fn holds(fact: bool, what: &str) -> Result<(), String> {
    fact.then_some(()).ok_or_else(|| what.to_owned())
}

/// Counts in few steps, so that behaviours stay few.
fn rough(count: usize) -> u32 {
    count.checked_ilog2().map_or(0, |n| n + 1)
}

fn mail(input: &[u8]) -> Result<u64, String> {
    let Ok(mail) = mail::parse(input, None) else {
        return Ok(0);
    };
    let unclean = |c: char| c.is_control() && c != '\n' && c != '\t';
    holds(
        !mail.subject.contains(char::is_control),
        "control in the subject",
    )?;
    holds(!mail.text.contains(unclean), "control in the text")?;
    holds(
        !mail.reply_text.contains(unclean),
        "control in the new words",
    )?;
    for file in &mail.attachments {
        let name = &file.filename;
        holds(
            !name.is_empty() && !name.contains(['/', '\\', '\0', '\n']),
            "unsafe name",
        )?;
        holds(
            file.read(input).len() as u64 == file.size,
            "other bytes than measured",
        )?;
    }
    for mailbox in mail.from.iter().chain(&mail.to) {
        let address = &mailbox.address;
        let stable = mail::normalise(address).as_ref() == Some(address);
        holds(
            address.is_empty() || stable,
            "an address that is not normal",
        )?;
    }
    let html = mail::display_html(input).unwrap_or_default();
    holds(mail::sanitise(&html) == html, "HTML that is not stable")?;
    Ok(behaviour(shape(&mail)))
}

fn shape(mail: &InboundMail) -> impl Hash {
    (
        mail.verdict.evidence.clone(),
        mail.ambiguous_sender,
        mail.seal,
        rough(mail.text.len()),
        rough(mail.attachments.len()),
        rough(mail.from.len()),
        mail.forwarded.len().min(4),
        mail.report
            .as_ref()
            .map(|r| (r.recipients.len(), r.original_ids.len())),
        mail.text == mail.reply_text,
    )
}

fn address(input: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(input);
    let normal = mail::normalise(&text);
    if let Some(address) = &normal {
        holds(
            mail::normalise(address).as_ref() == Some(address),
            "not stable",
        )?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>,;\"".contains(c);
        holds(
            address.chars().all(plain),
            "an address with signs of a header",
        )?;
    }
    let raw = [b"From: ", input, b"\n\nhi\n"].concat();
    let from = mail::parse(&raw, None).map_or(Vec::new(), |mail| mail.from);
    Ok(behaviour((
        normal.map(|a| rough(a.len())),
        rough(from.len()),
        rough(input.len()),
    )))
}

fn reply(input: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(input);
    let reply = mail::reply_text(&text);
    let is_mark = |c: char| ('\u{f8f0}'..='\u{f8f2}').contains(&c);
    let bare: String = text.chars().filter(|c| !is_mark(*c)).collect();
    let known = reply.lines().all(|line| bare.contains(line));
    holds(known, "new words that were not there")?;
    let empty = bare.trim().is_empty();
    holds(empty || !reply.trim().is_empty(), "nothing left")?;
    let above = mail::above_marker(&text, "=== Write above ===");
    let (commands, rest) = mail::slash_commands(&text);
    holds(text.contains(rest), "a rest that was not there")?;
    Ok(behaviour((
        rough(reply.lines().count()),
        rough(text.lines().count()),
        above.map(|a| rough(a.len())),
        commands.len().min(4),
    )))
}

fn sanitise(input: &[u8]) -> Result<u64, String> {
    let text = String::from_utf8_lossy(input);
    let safe = mail::sanitise(&text);
    holds(mail::sanitise(&safe) == safe, "not a fixed point")?;
    let lower = safe.to_ascii_lowercase();
    for tag in [
        "<script",
        "<svg",
        "<math",
        "<style",
        "<iframe",
        "<form",
        "<template",
        "<noscript",
        "<object",
    ] {
        holds(!lower.contains(tag), tag)?;
    }
    Ok(behaviour((
        rough(safe.len()),
        rough(safe.matches('<').count()),
        safe.starts_with("<pre>"),
    )))
}

/// Changes a genuine address by the input; what is then accepted must be the genuine one.
fn reply_address(input: &[u8]) -> Result<u64, String> {
    const DOMAIN: &str = "desk.example";
    let keyring = Keyring::new([('1', "a secret of this fuzzer alone")]);
    let ticket = TicketId::derive(
        &Pepper::new("a pepper of this fuzzer alone"),
        "fuzz",
        "1",
        0,
    );
    let genuine = ReplyAddress::participant(ticket, "0123456789", DOMAIN, &keyring);
    let text = String::from_utf8_lossy(input);
    let at = input.first().map_or(0, |b| usize::from(*b) % genuine.len());
    let mut changed = genuine.clone();
    changed.insert_str(at, &text);
    let mut cut = genuine.clone();
    cut.truncate(at);
    for forged in [text.to_string(), changed, cut + &text] {
        if let Some(found) = ReplyAddress::parse(&forged, DOMAIN, &keyring, Timestamp::UNIX_EPOCH) {
            let same = forged.trim().eq_ignore_ascii_case(&genuine);
            holds(
                same && found.ticket() == ticket,
                &format!("accepted: {forged}"),
            )?;
        }
        if let Some(id) = MessageId::parse(&forged) {
            holds(
                Reference::parse(&id, DOMAIN, &keyring).is_none(),
                &format!("accepted: {forged}"),
            )?;
        }
    }
    Ok(behaviour((rough(input.len()), at)))
}
