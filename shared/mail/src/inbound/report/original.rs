//! The ids of the mail that a report is about, from its quoted original.

use super::{Evidence, LOOK, Report, blocks, source};
use crate::{
    clean,
    inbound::{
        address::{self, tokens},
        decode,
        encoded_word::decode_text,
        headers::Headers,
        ids::{self, MessageId},
        mime::{Part, Shape},
    },
    threading::looks_like_ses,
};

/// Fields whose ids are ids of that mail or of its thread.
const ID_FIELDS: [&str; 8] = [
    "message-id",
    "x-ses-message-id",
    "x-original-message-id",
    "x-gmail-original-message-id",
    "x-microsoft-original-message-id",
    "resent-message-id",
    "in-reply-to",
    "references",
];

/// Fields in which SES's id stands among other things: in the envelope sender or as a relay's id.
const TRACES: [&str; 6] = [
    "return-path",
    "x-envelope-from",
    "original-mail-from",
    "received",
    "feedback-id",
    "x-original-from",
];

/// Received lines and their like that are searched.
const MAX_TRACES: usize = 50;
/// Bytes of one that are searched.
const MAX_TRACE: usize = 4_000;
const MAX_NOTICES: usize = 10;

/// The original as a part of the report, else as it stands in the words of the report.
pub(super) fn read(evidence: &Evidence<'_>, report: &mut Report) {
    let mut found = false;
    for (index, part) in evidence.parts.iter().enumerate().skip(1) {
        found |= part_headers(index, part, evidence, report);
    }
    if found {
        return;
    }
    let words = if evidence.text.is_empty() {
        decode::guess(&evidence.raw[..evidence.raw.len().min(LOOK)])
    } else {
        clean::floor(evidence.text, LOOK).to_owned()
    };
    let unquoted: String = words
        .lines()
        .flat_map(|line| [line.trim_start_matches(['>', '|', ' ']), "\n"])
        .collect();
    for fields in blocks(unquoted.as_bytes()) {
        headers(&fields, report);
    }
}

/// Reads a part that holds the original's headers; whether it is one.
fn part_headers(
    index: usize,
    part: &Part<'_>,
    evidence: &Evidence<'_>,
    report: &mut Report,
) -> bool {
    let of_message = |p: &Part<'_>| p.shape == Shape::Message;
    if part
        .parent
        .is_some_and(|p| p + 1 == index && of_message(&evidence.parts[p]))
    {
        headers(&part.headers, report);
        return true;
    }
    let holds = matches!(
        part.mime.as_str(),
        "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers"
    ) || part.mime == "message/rfc822" && !of_message(part);
    if !holds {
        return false;
    }
    if let Some(fields) = blocks(&source(part, evidence)).next() {
        headers(&fields, report);
    }
    true
}

fn headers(fields: &Headers<'_>, report: &mut Report) {
    for name in ID_FIELDS {
        for id in ids::read(fields, name) {
            report.id(id);
        }
    }
    envelope_ids(fields, report);
    for raw in fields.all("x-troth-notice") {
        let notice = clean::single_line(&decode_text(raw), 100);
        if report.notices.len() < MAX_NOTICES && !report.notices.contains(&notice) {
            report.notices.push(notice);
        }
    }
    if report.original_to.is_empty() {
        report.original_to = address::mailboxes(fields, "to");
        report.original_to.retain(|m| !m.address.is_empty());
        report.original_to.truncate(super::MAX_RECIPIENTS);
    }
}

/// Whether one of SES's ids may stand in a field at all: one has six hyphens, or SES's domain.
fn may_hold_ses(raw: &[u8]) -> bool {
    memchr::memchr_iter(b'-', raw).nth(5).is_some()
        || memchr::memmem::find(&raw.to_ascii_lowercase(), b"amazonses").is_some()
}

/// SES's id of the mail, wherever it stands in the traces: SES sends from `<id>@...amazonses.com`.
pub(super) fn envelope_ids(fields: &Headers<'_>, report: &mut Report) {
    for name in TRACES {
        for raw in fields.all(name).take(MAX_TRACES) {
            let raw = &raw[..raw.len().min(MAX_TRACE)];
            if !may_hold_ses(raw) {
                continue;
            }
            let text = decode_text(raw);
            let bare = text
                .split(|c: char| c.is_whitespace() || "<>();,=".contains(c))
                .filter(|word| word.len() > 40);
            for word in bare.chain(tokens(&text)) {
                if let Some(id) = MessageId::parse(word)
                    && looks_like_ses(&id)
                {
                    report.id(id);
                }
            }
        }
    }
}
