//! What SES wrote on top of a mail it stored: envelope and findings, for a mail whose event is gone.

use jiff::Timestamp;

use crate::event::{Envelope, Receipt, Record, Ses, Verdict};

/// Header bytes that are looked at; SES's own lines are far shorter.
const LIMIT: usize = 16 * 1024;

/// The record that the event of this mail would have held, as far as SES's own header lines tell.
///
/// Whoever sent the mail can write any line, but not above SES's, and does not know the id that SES gave it. So only
/// the topmost lines count: `Return-Path`, then `Received` with this mail's id, then each finding once, up to
/// `X-SES-RECEIPT`, the last that SES writes. If anything else stands in between, nothing was found: no verdict passes,
/// and none fails. An envelope recipient that is not named is left out; the mail is then routed by its own headers.
pub(crate) fn record(id: &str, at: Timestamp, raw: &[u8]) -> Record {
    let found = Found::read(id, raw).unwrap_or_default();
    Record {
        ses: Ses {
            mail: Envelope {
                timestamp: at,
                source: found.source,
                message_id: id.to_owned(),
            },
            receipt: Receipt {
                recipients: found.recipient.into_iter().collect(),
                spam_verdict: found.spam.unwrap_or_default(),
                virus_verdict: found.virus.unwrap_or_default(),
                dmarc_verdict: found.dmarc.unwrap_or_default(),
            },
        },
    }
}

#[derive(Default)]
struct Found {
    source: Option<String>,
    recipient: Option<String>,
    spam: Option<Verdict>,
    virus: Option<Verdict>,
    dmarc: Option<Verdict>,
}

impl Found {
    /// None unless SES's block is whole.
    fn read(id: &str, raw: &[u8]) -> Option<Self> {
        let mut found = Self::default();
        let fields = fields(raw);
        let mut fields = fields.iter().map(|field| {
            let (name, value) = field.split_once(':').unwrap_or((field, ""));
            (name.to_ascii_lowercase(), value.trim())
        });
        let (name, from) = fields.next()?;
        found.source = (name == "return-path").then(|| address(from))?;
        let (name, received) = fields.next()?;
        let mut words = received.split_whitespace();
        let named = words.any(|word| word == "id") && words.next() == Some(id);
        (name == "received" && named).then_some(())?;
        found.recipient = recipient(received);
        let mut spf = false;
        for (name, value) in fields {
            match name.as_str() {
                "x-ses-receipt" => return Some(found),
                "x-ses-spam-verdict" if found.spam.is_none() => {
                    found.spam = Some(Verdict::of(value));
                }
                "x-ses-virus-verdict" if found.virus.is_none() => {
                    found.virus = Some(Verdict::of(value));
                }
                "received-spf" if !spf => spf = true,
                "authentication-results" if found.dmarc.is_none() => {
                    let (server, results) = value.split_once(';')?;
                    (server.trim() == "amazonses.com").then_some(())?;
                    found.dmarc = Some(dmarc(results));
                }
                _ => return None,
            }
        }
        None
    }
}

/// `dmarc=pass` among the results of `Authentication-Results`.
fn dmarc(results: &str) -> Verdict {
    let mut words = results.split([';', ' ', '\t']);
    let word = words.find_map(|word| word.trim().strip_prefix("dmarc="));
    match word {
        Some("pass") => Verdict::of("PASS"),
        Some("fail") => Verdict::of("FAIL"),
        _ => Verdict::default(),
    }
}

/// The address after `for` in a `Received` line.
fn recipient(received: &str) -> Option<String> {
    let mut words = received.split_whitespace();
    words.find(|word| *word == "for")?;
    address(words.next()?)
}

/// An address without brackets and what stands behind it; none for the null sender.
fn address(text: &str) -> Option<String> {
    let address = text.trim_matches(|c: char| matches!(c, '<' | '>' | ';') || c.is_whitespace());
    (!address.is_empty()).then(|| address.to_owned())
}

/// The header's fields, unfolded, in order.
fn fields(raw: &[u8]) -> Vec<String> {
    let top = String::from_utf8_lossy(&raw[..raw.len().min(LIMIT)]);
    let mut fields: Vec<String> = Vec::new();
    for line in top.lines() {
        match (line, fields.last_mut()) {
            ("", _) => break,
            (folded, Some(field)) if folded.starts_with([' ', '\t']) => field.push_str(folded),
            (line, _) => fields.push(line.to_owned()),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "Return-Path: <a@b.example>\r\n\
        Received: from mx.b.example (mx.b.example [192.0.2.1])\r\n by inbound-smtp.eu-west-1.amazonaws.com with SMTP id m1\r\n for help@support.example.com;\r\n Mon, 23 Nov 2026 05:40:00 +0000 (UTC)\r\n\
        X-SES-Spam-Verdict: PASS\r\nX-SES-Virus-Verdict: FAIL\r\nReceived-SPF: none (spfCheck)\r\n\
        Authentication-Results: amazonses.com;\r\n spf=none;\r\n dkim=pass;\r\n dmarc=pass header.from=b.example;\r\n\
        X-SES-RECEIPT: AEFB\r\nX-SES-DKIM-SIGNATURE: a=rsa\r\n";

    fn read(raw: &str) -> Ses {
        let at = "2026-11-23T05:40:00Z".parse().unwrap();
        record("m1", at, raw.as_bytes()).ses
    }

    #[test]
    fn envelope_and_findings_stand_in_the_topmost_block() {
        let ses = read(&format!("{BLOCK}From: a@b.example\r\n\r\nHi"));
        assert_eq!(ses.mail.source.as_deref(), Some("a@b.example"));
        assert_eq!(ses.receipt.recipients, ["help@support.example.com"]);
        assert_eq!(ses.receipt.spam_verdict, Verdict::Pass);
        assert_eq!(ses.receipt.virus_verdict, Verdict::Fail);
        assert_eq!(ses.receipt.dmarc_verdict, Verdict::Pass);
        let bounce = read(&format!("{}\r\n\r\n", BLOCK.replace("a@b.example>", ">")));
        assert_eq!(bounce.mail.source, None);
    }

    #[test]
    fn what_a_sender_writes_proves_nothing() {
        let unproved = BLOCK.replace("dmarc=pass", "dmarc=fail");
        let forged = "Authentication-Results: amazonses.com; dmarc=pass\r\nX-SES-RECEIPT: x\r\n";
        for (raw, why) in [
            (format!("{unproved}{forged}"), "below SES's block"),
            (BLOCK.replace("id m1", "id m2"), "with another mail's id"),
            (
                BLOCK.replace("amazonses.com;", "mx.evil.example;"),
                "of another server",
            ),
            (
                BLOCK.replace("X-SES-RECEIPT", "X-Other"),
                "in a block that is not whole",
            ),
            (
                format!("{forged}{unproved}"),
                "above a block that is then not on top",
            ),
        ] {
            let ses = read(&format!("{raw}From: a@b.example\r\n\r\nHi"));
            assert_ne!(ses.receipt.dmarc_verdict, Verdict::Pass, "{why}");
        }
        assert_eq!(read(&unproved).receipt.dmarc_verdict, Verdict::Fail);
    }

    #[test]
    fn no_bytes_are_too_odd() {
        for raw in [
            "",
            ":",
            "\r\n",
            "Return-Path",
            "Return-Path: <a@b>\r\nReceived: id",
            "\u{fffd}",
        ] {
            assert_ne!(read(raw).receipt.dmarc_verdict, Verdict::Pass);
        }
    }
}
