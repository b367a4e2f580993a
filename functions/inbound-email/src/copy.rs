//! The same mail at two of our addresses is one mail.

use jiff::Timestamp;
use mail::InboundMail;
use ticket::ContentDigest;

use crate::event::Receipt;
use crate::route::proved;

/// Copies of a mail come within this many seconds of each other. A machine that gives all its mails one id and one text
/// is heard again after that; a copy that comes later opens a second ticket, which is the smaller harm.
const TOGETHER: i64 = 3600;

/// What a mail that came in `at` is, whichever of our addresses it came to: its Message-ID, sender, words and files, and
/// whether it is proved; none without a Message-ID.
///
/// SES gives each copy an id of its own, and the Message-ID is whatever the sender wrote. So a repeat of it suppresses
/// nothing: a mail counts as a copy only if all of it says the same, and an unproved one never stands for a proved one.
pub(crate) fn of(parsed: &InboundMail, receipt: &Receipt, at: Timestamp) -> Option<ContentDigest> {
    let id = parsed.message_id.as_ref()?.to_string();
    let from = parsed.from.first()?.address.to_lowercase();
    let proved = proved(parsed, receipt);
    let hour = at.as_second().div_euclid(TOGETHER).to_string();
    let files = parsed.attachments.iter();
    let files: Vec<String> = files
        .map(|file| format!("{} {}", file.filename, file.size))
        .collect();
    let files = files.join("\n");
    let words = [&parsed.subject, &parsed.text, &parsed.reply_text];
    let parts = [&[&id, &from, &hour][..], &words, &[&files]].concat();
    let mut parts: Vec<&[u8]> = parts.iter().map(|part| part.as_bytes()).collect();
    parts.push(if proved { b"proved" } else { b"unproved" });
    Some(ContentDigest::of(&parts))
}
