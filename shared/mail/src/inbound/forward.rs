//! Marks that forwarders leave on a mail. Claims like all headers: they explain why SPF or DMARC failed,
//! they prove nothing.

use super::{
    address::{normalise, tokens},
    encoded_word::decode_text,
    headers::Headers,
};

/// How a mail was passed on before it reached us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Forwarding {
    /// A mailbox's forwarding setting or rule sent it on (Google's `X-Forwarded-For`, Exchange's rules).
    Rule,
    /// An alias or delivery step noted an address (`Delivered-To`, `X-Original-To`, ...). A mail that came
    /// straight to us may have one too, with our own address.
    Alias,
    /// Somebody sent it again (`Resent-*`, RFC 5322 3.6.6).
    Resent,
    /// The envelope sender was rewritten to survive SPF (SRS, or Google's `+caf_`).
    RewrittenSender,
    /// A mailing list or group passed it on.
    List,
    /// A relay sealed what it had verified (ARC, RFC 8617).
    Sealed,
}

/// One mark of forwarding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardMark {
    /// What it tells.
    pub how: Forwarding,
    /// The field it was found in, in lower case.
    pub field: &'static str,
    /// The address it names, normalised: the mailbox that passed the mail on, or one on the way.
    pub address: Option<String>,
}

/// Fields that name addresses on the way. Read for routing too; see [`super::InboundMail::delivered_to`].
pub(crate) const NOTED: [(&str, Forwarding); 15] = [
    ("delivered-to", Forwarding::Alias),
    ("x-original-to", Forwarding::Alias),
    ("x-forwarded-to", Forwarding::Rule),
    ("x-envelope-to", Forwarding::Alias),
    ("envelope-to", Forwarding::Alias),
    ("x-delivered-to", Forwarding::Alias),
    ("x-ms-exchange-organization-original-to", Forwarding::Alias),
    ("x-forwarded-for", Forwarding::Rule),
    ("x-ms-exchange-inbox-rules-loop", Forwarding::Rule),
    ("x-google-original-to", Forwarding::Alias),
    ("x-gm-original-to", Forwarding::Alias),
    ("x-rcpt-to", Forwarding::Alias),
    ("resent-to", Forwarding::Resent),
    ("resent-cc", Forwarding::Resent),
    ("resent-from", Forwarding::Resent),
];

/// Fields whose presence tells that somebody passed the mail on.
const PRESENT: [(&str, Forwarding); 9] = [
    ("x-forwarded-encrypted", Forwarding::Rule),
    ("x-ms-exchange-generated-message-source", Forwarding::Rule),
    ("x-autoforwarded", Forwarding::Rule),
    ("autoforwarded", Forwarding::Rule),
    ("list-id", Forwarding::List),
    ("list-post", Forwarding::List),
    ("x-google-group-id", Forwarding::List),
    ("x-mailman-version", Forwarding::List),
    ("arc-seal", Forwarding::Sealed),
];

/// Marks kept of one mail; a hostile one has thousands.
const MAX_MARKS: usize = 60;
/// Bytes of one field that are searched for addresses.
const MAX_FIELD: usize = 4_000;

/// The addresses that a field of a name lists, set apart by commas, spaces or brackets.
pub(crate) fn addresses(headers: &Headers<'_>, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    for raw in headers.all(name).take(MAX_MARKS) {
        let text = decode_text(&raw[..raw.len().min(MAX_FIELD)]);
        found.extend(tokens(&text).filter_map(normalise));
    }
    found.truncate(MAX_MARKS);
    found
}

/// The marks of forwarding, each once.
pub(crate) fn marks(headers: &Headers<'_>, envelope_from: Option<&str>) -> Vec<ForwardMark> {
    let mut marks: Vec<ForwardMark> = Vec::new();
    let mut add = |how, field, address| {
        let mark = ForwardMark {
            how,
            field,
            address,
        };
        if marks.len() < MAX_MARKS && !marks.contains(&mark) {
            marks.push(mark);
        }
    };
    for (field, how) in NOTED {
        for address in addresses(headers, field) {
            add(how, field, Some(address));
        }
    }
    for (field, how) in PRESENT {
        if headers.has(field) {
            add(how, field, None);
        }
    }
    let noted = headers.text("return-path");
    for path in envelope_from.into_iter().chain(noted.as_deref()) {
        if is_rewritten(path) {
            add(Forwarding::RewrittenSender, "return-path", normalise(path));
        }
    }
    marks
}

/// Whether an envelope sender is a forwarder's rewriting: SRS (`SRS0=...`, Exchange's `+SRS=`), the batch
/// tags of mail servers excepted, and Google's `user+caf_=to=domain@...`.
fn is_rewritten(path: &str) -> bool {
    let path = path.trim().trim_start_matches('<').to_ascii_lowercase();
    ["srs0=", "srs1=", "srs0+", "srs1+", "srs0-", "srs1-"]
        .iter()
        .any(|p| path.starts_with(p))
        || path.contains("+srs=")
        || path.contains("+caf_=")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inbound::limits::Limits;

    fn hows(text: &str, envelope: Option<&str>) -> Vec<(Forwarding, Option<String>)> {
        let headers = match Headers::read(text.as_bytes(), 0, &Limits::DEFAULT, |_| false) {
            Ok((headers, _)) | Err((headers, _)) => headers,
        };
        let marks = marks(&headers, envelope);
        marks.into_iter().map(|m| (m.how, m.address)).collect()
    }

    #[test]
    fn each_kind_of_forwarder_leaves_its_mark() {
        let at = |how, address: &str| (how, Some(address.to_owned()));
        for (headers, envelope, want) in [
            (
                "X-Forwarded-For: help@shop.example desk@in.example\n",
                None,
                at(Forwarding::Rule, "help@shop.example"),
            ),
            (
                "X-MS-Exchange-Inbox-Rules-Loop: help@shop.example\n",
                None,
                at(Forwarding::Rule, "help@shop.example"),
            ),
            (
                "X-Original-To: help@shop.example\n",
                None,
                at(Forwarding::Alias, "help@shop.example"),
            ),
            (
                "Resent-From: Help <help@shop.example>\n",
                None,
                at(Forwarding::Resent, "help@shop.example"),
            ),
            (
                "X: y\n",
                Some("SRS0=ab=cd=x.example=jo@shop.example"),
                at(
                    Forwarding::RewrittenSender,
                    "SRS0=ab=cd=x.example=jo@shop.example",
                ),
            ),
            (
                "Return-Path: <help+caf_=desk=in.example@shop.example>\n",
                None,
                at(
                    Forwarding::RewrittenSender,
                    "help+caf_=desk=in.example@shop.example",
                ),
            ),
            (
                "List-Id: <help.shop.example>\n",
                None,
                (Forwarding::List, None),
            ),
            (
                "ARC-Seal: i=1; a=rsa-sha256\n",
                None,
                (Forwarding::Sealed, None),
            ),
        ] {
            assert_eq!(hows(headers, envelope).first(), Some(&want), "{headers}");
        }
        assert_eq!(hows("From: jo@x.example\n", Some("jo@x.example")), []);
    }

    #[test]
    fn marks_of_a_hostile_mail_are_bounded() {
        let field = |n| format!("Delivered-To: a{n}@x.example\n");
        let fields = (0..1_500).map(field).collect::<Vec<_>>().concat();
        assert_eq!(hows(&fields, None).len(), MAX_MARKS);
    }
}
