//! Bounces that are only words: the addresses and codes in them.

use super::{Evidence, Report, ReportedRecipient};
use crate::{
    clean,
    inbound::{
        InboundMail,
        address::{normalise, tokens},
        kind::LOOK,
    },
};

/// Addresses above the quoted original, with the code that stands nearest after them.
pub(super) fn recipients(evidence: &Evidence<'_>, report: &mut Report) {
    let own = own(evidence.mail);
    let words = clean::floor(evidence.text, LOOK);
    let mut last: Option<ReportedRecipient> = None;
    for line in words.lines() {
        let bare = line.trim_start_matches(['>', '|', ' ']);
        if ends_the_words(bare) {
            break;
        }
        if let Some(address) = tokens(bare)
            .filter_map(normalise)
            .find(|a| !own.contains(a))
        {
            if let Some(done) = last.take() {
                report.recipient(done);
            }
            last = Some(ReportedRecipient {
                address,
                ..ReportedRecipient::default()
            });
        }
        if let (Some(recipient), Some(code)) = (&mut last, status_code(bare))
            && recipient.status.is_none()
        {
            recipient.status = Some(code);
            recipient.diagnostic = clean::single_line(bare, super::MAX_DIAGNOSTIC);
        }
    }
    if let Some(done) = last {
        report.recipient(done);
    }
}

/// The report's own addresses say nothing about who failed.
fn own(mail: &InboundMail) -> Vec<String> {
    let listed = mail.from.iter().chain(&mail.to).chain(&mail.cc);
    listed.map(|m| m.address.clone()).collect()
}

/// Where the quoted mail begins.
fn ends_the_words(line: &str) -> bool {
    [
        "received:",
        "return-path:",
        "message-id:",
        "dkim-signature:",
    ]
    .iter()
    .any(|name| {
        line.get(..name.len())
            .is_some_and(|l| l.eq_ignore_ascii_case(name))
    })
}

/// The first status code (RFC 3463) of a text, `4.x.x` or `5.x.x`; else the class of the first SMTP
/// reply code as one (`550` is `5.0.0`).
pub(super) fn status_code(text: &str) -> Option<String> {
    let mut reply = None;
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    for word in words.map(|w| w.trim_matches('.')).filter(|w| w.len() >= 3) {
        let fields: Vec<&str> = word.split('.').take(4).collect();
        let code = matches!(fields.as_slice(), ["2" | "4" | "5", b, c] if (1..=3).contains(&b.len()) && (1..=3).contains(&c.len()));
        if code {
            return Some(word.to_owned());
        }
        let smtp = word.len() == 3 && matches!(word.as_bytes()[0], b'4' | b'5');
        if smtp && reply.is_none() && !word.contains('.') {
            reply = Some(format!("{}.0.0", &word[..1]));
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::status_code;

    #[test]
    fn a_status_is_found_among_words_and_numbers() {
        for (text, want) in [
            ("smtp; 550 5.1.1 <jo@x.example> unknown", Some("5.1.1")),
            ("550 unknown user", Some("5.0.0")),
            ("4.4.7 (delivery expired)", Some("4.4.7")),
            ("from [192.0.2.5] at 10.4.4.1", None),
            ("5.1.1.", Some("5.1.1")),
            ("", None),
        ] {
            assert_eq!(status_code(text).as_deref(), want, "{text}");
        }
    }
}
