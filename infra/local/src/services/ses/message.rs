//! What SES does to a message's header before it leaves.

use jiff::Timestamp;

use super::message_id_domain;

/// Splits a message into its header block and the rest, separator included.
pub(crate) fn split(raw: &[u8]) -> (&[u8], &[u8]) {
    let mut at = 0;
    while at < raw.len() {
        let end = raw[at..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(raw.len(), |offset| at + offset + 1);
        if matches!(&raw[at..end], b"\n" | b"\r\n") {
            return raw.split_at(at);
        }
        at = end;
    }
    (raw, &[])
}

/// The header fields of a block, each with its folded lines, in order.
pub(crate) fn fields(header: &[u8]) -> Vec<&[u8]> {
    let mut fields: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < header.len() {
        let end = header[at..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(header.len(), |offset| at + offset + 1);
        match fields.last_mut() {
            Some(field) if matches!(header[at], b' ' | b'\t') => field.1 = end,
            _ => fields.push((at, end)),
        }
        at = end;
    }
    fields
        .into_iter()
        .map(|(from, to)| &header[from..to])
        .collect()
}

/// The field's name and unfolded value.
pub(crate) fn name_and_value(field: &[u8]) -> Option<(String, String)> {
    let text = String::from_utf8_lossy(field);
    let (name, value) = text.split_once(':')?;
    let value: String = value.replace("\r\n", "\n").replace("\n ", " ");
    let value = value.replace("\n\t", " ");
    Some((name.trim().to_owned(), value.trim().to_owned()))
}

fn is_named(field: &[u8], name: &str) -> bool {
    field
        .split(|byte| *byte == b':')
        .next()
        .is_some_and(|own| own.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
}

/// Replaces Message-ID and Date as SES does, drops Bcc and Return-Path, keeps the rest.
pub(crate) fn rewrite(raw: &[u8], id: &str, now: Timestamp) -> Vec<u8> {
    let (header, rest) = split(raw);
    let mut out = Vec::with_capacity(raw.len() + 128);
    for field in fields(header) {
        let dropped = ["message-id", "date", "bcc", "return-path"];
        if !dropped.iter().any(|name| is_named(field, name)) {
            out.extend_from_slice(field.trim_ascii_end());
            out.extend_from_slice(b"\r\n");
        }
    }
    let own = format!(
        "Message-ID: <{id}@{}>\r\nDate: {}\r\n",
        message_id_domain(),
        rfc2822(now)
    );
    out.extend_from_slice(own.as_bytes());
    if rest.is_empty() {
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(rest);
    out
}

/// The instant as mail writes it.
pub(crate) fn rfc2822(at: Timestamp) -> String {
    jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-03-02T09:30:00Z".parse().unwrap()
    }

    #[test]
    fn message_id_and_date_are_replaced_and_our_references_stay() {
        let raw = b"Message-ID: <mine@x>\r\nDate: Mon, 1 Jan 2001 00:00:00 +0000\r\n\
            References: <a@x>\r\n <b@x>\r\nmessage-id: <again@x>\r\nSubject: Hi\r\n\r\nBody\r\n";
        let out = String::from_utf8(rewrite(raw, "0107-abc", now())).unwrap();
        assert!(!out.contains("mine@x") && !out.contains("again@x") && !out.contains("2001"));
        assert!(out.contains("Message-ID: <0107-abc@eu-central-1.amazonses.com>\r\n"));
        assert!(
            out.contains("Date: Mon, 2 Mar 2026 09:30:00 +0000\r\n"),
            "{out}"
        );
        assert!(out.contains("References: <a@x>\r\n <b@x>\r\n"));
        assert!(out.ends_with("\r\n\r\nBody\r\n"));
    }

    #[test]
    fn a_header_like_line_in_the_body_is_left_alone() {
        let raw = b"Subject: Hi\n\nMessage-ID: <quoted@x>\n";
        let out = String::from_utf8(rewrite(raw, "id", now())).unwrap();
        assert!(out.ends_with("\n\nMessage-ID: <quoted@x>\n"));
    }

    #[test]
    fn bcc_does_not_leave() {
        let out = rewrite(b"Bcc: secret@x\r\nTo: a@x\r\n\r\n.", "id", now());
        assert!(!String::from_utf8(out).unwrap().contains("secret@x"));
    }

    #[test]
    fn a_folded_value_reads_as_one_line() {
        let read = name_and_value(b"Subject: one\r\n two\r\n").unwrap();
        assert_eq!(read, ("Subject".to_owned(), "one two".to_owned()));
    }
}
