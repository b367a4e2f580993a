//! From the raw bytes of a mail to what it says.

mod address;
mod attachment;
mod body;
pub(crate) mod decode;
mod encoded_word;
mod flowed;
mod forward;
mod headers;
pub(crate) mod html;
mod ids;
mod kind;
mod limits;
mod mail;
mod mime;
mod received;
mod report;
mod seal;
mod texts;

use std::borrow::Cow;

pub use address::{Mailbox, normalise};
pub use attachment::Attachment;
pub use forward::{ForwardMark, Forwarding};
pub use ids::MessageId;
pub use kind::{Kind, Verdict};
pub use limits::{Bound, Limits, Refused};
pub use mail::InboundMail;
pub use report::{Action, Report, ReportedRecipient};
pub use seal::Seal;

use crate::{clean, reply};
use headers::Headers;
use limits::Over;
use mime::Part;

const MAX_SUBJECT: usize = 300;

/// Reads a mail within [`Limits::DEFAULT`].
///
/// `envelope_from` is the sender of the SMTP envelope: `Some("")` or `Some("<>")` for the null sender,
/// `None` if it is not known.
///
/// # Errors
/// [`Refused`] if a bound is exceeded: keep the raw mail, file what the top headers tell, tell a human
/// sender once.
pub fn parse(raw: &[u8], envelope_from: Option<&str>) -> Result<InboundMail, Refused> {
    parse_within(raw, envelope_from, &Limits::DEFAULT)
}

/// What the beginning of a mail tells that has too many bytes to be read at all: so many of them.
pub fn top_of(beginning: &[u8], bytes: usize, envelope_from: Option<&str>) -> Refused {
    let limit = Limits::DEFAULT.total_bytes;
    let over = Over {
        bound: Bound::TotalBytes,
        limit,
        found: bytes,
    };
    let beginning = &*lines(beginning);
    let parts = whole(mime::walk(beginning, &Limits::DEFAULT));
    let (body, _) = body::read(beginning, &parts, &Limits::DEFAULT);
    let refused = refuse(over, beginning, envelope_from, &Limits::DEFAULT);
    refused.with_secrets(body.unseen)
}

/// Reads a mail within given bounds; see [`parse`].
///
/// # Errors
/// As [`parse`].
pub fn parse_within(
    raw: &[u8],
    envelope_from: Option<&str>,
    limits: &Limits,
) -> Result<InboundMail, Refused> {
    if let Err(over) = Over::check(Bound::TotalBytes, limits.total_bytes, raw.len()) {
        return Err(refuse(
            over,
            clip(raw, limits.header_bytes),
            envelope_from,
            limits,
        ));
    }
    let raw = &*lines(raw);
    let (parts, over) = mime::walk(raw, limits);
    if let Some(over) = over {
        return Err(refuse(over, raw, envelope_from, limits));
    }
    let Some(root) = parts.first() else {
        return Ok(InboundMail::default());
    };
    let (body, over) = body::read(raw, &parts, limits);
    if let Some(over) = over {
        return Err(refuse(over, raw, envelope_from, limits).with_secrets(body.unseen));
    }
    let mut mail = from_headers(&root.headers, envelope_from);
    let words = if body.fragment.is_empty() {
        &body.text
    } else {
        &body.fragment
    };
    // A report whose structure is broken is still known by its words.
    let source = words
        .trim()
        .is_empty()
        .then(|| decode::guess(clip(&raw[root.body.start..], kind::LOOK)));
    let evidence = kind::Evidence {
        envelope_from,
        headers: &root.headers,
        mail: &mail,
        text: source.as_deref().unwrap_or(words),
        raw,
        parts: &parts,
    };
    let verdict = kind::decide(&evidence);
    mail.report = report::read(&evidence, verdict.kind);
    mail.verdict = verdict;
    mail.seal = seal::of(&parts, words);
    mail.reply_text = reply::reply_text(if body.fragment.is_empty() {
        &body.marked
    } else {
        &body.fragment
    });
    mail.unseen = body.unseen;
    mail.text = body.text;
    mail.text_truncated = body.truncated;
    mail.attachments = body.attachments;
    Ok(mail)
}

/// The HTML that a mail shows, made safe by [`crate::sanitise`]; `None` if it has none or is over a bound.
///
/// Pictures in it refer to attachments by `cid:` and their [`Attachment::content_id`].
pub fn display_html(raw: &[u8]) -> Option<String> {
    let limits = Limits::DEFAULT;
    // A mail that never says "html" needs no second walk.
    if raw.len() > limits.total_bytes || !says_html(raw) {
        return None;
    }
    let raw = &*lines(raw);
    let html = texts::html(raw, &whole(mime::walk(raw, &limits)), &limits);
    (!html.is_empty()).then(|| crate::sanitise(&html))
}

/// The texts of a mail, those included that nobody reads because another part says the same: the HTML beside a plain
/// text, or a part that came damaged. None over a bound.
pub fn texts(raw: &[u8]) -> Vec<String> {
    let limits = Limits::DEFAULT;
    if raw.len() > limits.total_bytes {
        return Vec::new();
    }
    let raw = &*lines(raw);
    texts::all(raw, &whole(mime::walk(raw, &limits)), &limits)
}

/// The parts of a mail, or none: over a bound the walk stopped with parts that have no end yet.
fn whole((parts, over): (Vec<Part<'_>>, Option<Over>)) -> Vec<Part<'_>> {
    if over.is_some() { Vec::new() } else { parts }
}

fn says_html(raw: &[u8]) -> bool {
    memchr::memchr2_iter(b'h', b'H', raw).any(|at| {
        raw[at..]
            .get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case(b"html"))
    })
}

fn clip(bytes: &[u8], max: usize) -> &[u8] {
    &bytes[..bytes.len().min(max)]
}

/// The mail with `\n` ends of lines where it has none: very old and some broken mailers write `\r` alone.
fn lines(raw: &[u8]) -> Cow<'_, [u8]> {
    let raw = raw.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(raw);
    if raw.contains(&b'\r') && !raw.contains(&b'\n') {
        return Cow::Owned(
            raw.iter()
                .map(|b| if *b == b'\r' { b'\n' } else { *b })
                .collect(),
        );
    }
    Cow::Borrowed(raw)
}

fn refuse(over: Over, raw: &[u8], envelope_from: Option<&str>, limits: &Limits) -> Refused {
    let (Ok((headers, _)) | Err((headers, _))) = Headers::read(raw, 0, limits, |_| false);
    let mut top = from_headers(&headers, envelope_from);
    top.verdict = kind::decide(&kind::Evidence {
        envelope_from,
        headers: &headers,
        mail: &top,
        text: "",
        raw,
        parts: &[],
    });
    Refused {
        bound: over.bound,
        limit: over.limit,
        found: over.found,
        top: Box::new(top),
    }
}

fn from_headers(headers: &Headers<'_>, envelope_from: Option<&str>) -> InboundMail {
    let from = address::mailboxes(headers, "from");
    let forwarded = forward::marks(headers, envelope_from);
    let mut delivered_to: Vec<String> = Vec::new();
    // Who sent a mail again is not whom it was sent to.
    let routes = forwarded
        .iter()
        .filter(|mark| mark.field != "resent-from" && mark.field != "return-path");
    for address in routes.filter_map(|mark| mark.address.as_ref()) {
        if !delivered_to.contains(address) {
            delivered_to.push(address.clone());
        }
    }
    InboundMail {
        ambiguous_sender: address::sender_is_ambiguous(headers, &from),
        from,
        sender: address::mailboxes(headers, "sender").into_iter().next(),
        reply_to: address::mailboxes(headers, "reply-to"),
        to: address::mailboxes(headers, "to"),
        cc: address::mailboxes(headers, "cc"),
        delivered_to,
        forwarded,
        handed_over_by: received::handed_over_by(headers),
        subject: headers
            .text("subject")
            .map(|s| clean::single_line(&s, MAX_SUBJECT))
            .unwrap_or_default(),
        message_id: ids::read(headers, "message-id").into_iter().next(),
        in_reply_to: ids::read(headers, "in-reply-to"),
        references: ids::read(headers, "references"),
        list_id: headers
            .text("list-id")
            .map(|s| clean::single_line(&s, 200))
            .filter(|s| !s.is_empty()),
        ..InboundMail::default()
    }
}
