//! One mail, described for people.

use std::fmt::Write as _;

use mail::{Attachment, InboundMail, Kind, Mailbox, Report};

use crate::text::{columns, indented, line, section, subject};

/// What the mail says, how it would be filed and why.
pub(super) fn describe(raw: &[u8], envelope_from: Option<&str>) -> String {
    match mail::parse(raw, envelope_from) {
        Ok(mail) => reading(&mail),
        Err(refused) => format!(
            "Over a bound: {refused}. It is kept raw, a ticket says so, and the sender is told:\n  {}\n\n{}",
            refused.sentence(),
            reading(&refused.top)
        ),
    }
}

fn reading(mail: &InboundMail) -> String {
    let mut out = columns(&fields(mail));
    out.push_str(&section("New words", &mail.reply_text));
    out.push_str(&section("Folded", &folded(mail)));
    if mail.text_truncated {
        out.push_str("\nThe text is longer than what is shown; the rest stays in the raw mail.\n");
    }
    out.push_str(&files(&mail.attachments));
    if let Some(report) = &mail.report {
        out.push_str(&reported(report));
    }
    out.push_str(&forwarding(mail));
    out
}

fn fields(mail: &InboundMail) -> Vec<[String; 2]> {
    let mut fields = vec![
        ["Subject".to_owned(), subject(&mail.subject)],
        ["From".to_owned(), people(&mail.from)],
        ["To".to_owned(), people(&mail.to)],
        ["Filed as".to_owned(), filed(mail).to_owned()],
        ["Because".to_owned(), line(&mail.verdict.evidence)],
    ];
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            fields.push([name.to_owned(), value]);
        }
    };
    add("Cc", people(&mail.cc));
    add("Reply-To", people(&mail.reply_to));
    add("Sent on to", line(&mail.delivered_to.join(", ")));
    if mail.ambiguous_sender {
        add(
            "Sender",
            "in doubt: unverified whatever SPF, DKIM and DMARC say".to_owned(),
        );
    }
    if let Some(seal) = mail.seal {
        add("Sealed", format!("{seal:?}, kept as it is"));
    }
    fields
}

fn filed(mail: &InboundMail) -> &'static str {
    match (mail.verdict.kind, mail.verdict.machine_request) {
        (Kind::Human, false) if mail.verdict.may_be_answered() => "request: a ticket, acknowledged",
        (Kind::Human, false) => "request: a ticket, without an answer to its null sender",
        (Kind::Human, true) => "machine's request: a ticket, without an answer",
        (Kind::AutoReply, _) => "automatic reply: no ticket, no answer",
        (Kind::Bounce, _) => "bounce: no ticket, no answer",
        (Kind::FeedbackReport, _) => "feedback report: no ticket, no answer",
        (Kind::List, _) => "list mail: no ticket, no answer",
    }
}

fn people(list: &[Mailbox]) -> String {
    let one = |m: &Mailbox| match m.name.as_str() {
        "" => m.address.clone(),
        name => format!("{name} <{}>", m.address),
    };
    line(&list.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// What is not new: the lines of the text that the new words leave out.
fn folded(mail: &InboundMail) -> String {
    let mut new = mail.reply_text.lines().peekable();
    let mut rest = Vec::new();
    for text in mail.text.lines() {
        if new.peek().is_some_and(|n| n.trim() == text.trim()) {
            new.next();
        } else {
            rest.push(text);
        }
    }
    let start = rest.iter().take_while(|l| l.trim().is_empty()).count();
    rest[start..].join("\n").trim_end().to_owned()
}

fn files(attachments: &[Attachment]) -> String {
    let lines: Vec<[String; 5]> = attachments
        .iter()
        .enumerate()
        .map(|(n, file)| {
            let shown = if file.inline {
                ", shown in the text"
            } else {
                ""
            };
            let inside = file
                .inside
                .map_or_else(String::new, |outer| format!(", inside {}", outer + 1));
            let looks = file
                .sniffed
                .map_or_else(String::new, |t| format!("looks like {t}"));
            [
                format!("{}", n + 1),
                line(&file.filename),
                format!("{} bytes", file.size),
                format!("says {}", line(&file.content_type)),
                format!("{looks}{shown}{inside}")
                    .trim_start_matches(", ")
                    .to_owned(),
            ]
        })
        .collect();
    section("Files", &columns(&lines))
}

fn reported(report: &Report) -> String {
    let mut body = String::new();
    if let Some(kind) = &report.feedback_type {
        let _ = writeln!(body, "feedback: {}", line(kind));
    }
    for one in &report.recipients {
        let action = one.action.map_or_else(String::new, |a| format!(", {a:?}"));
        let status = one.status.as_deref().unwrap_or_default();
        let _ = writeln!(
            body,
            "{}{action} {status} {}",
            one.address,
            line(&one.diagnostic)
        );
    }
    for id in &report.original_ids {
        let _ = writeln!(body, "about <{}>", line(&id.to_string()));
    }
    section("It reports", &body)
}

fn forwarding(mail: &InboundMail) -> String {
    let lines: Vec<[String; 3]> = mail
        .forwarded
        .iter()
        .map(|mark| {
            let address = mark.address.clone().unwrap_or_default();
            [
                format!("{:?}", mark.how),
                mark.field.to_owned(),
                line(&address),
            ]
        })
        .collect();
    section("Marks of forwarding", &indented(&columns(&lines), ""))
}

#[cfg(test)]
mod tests {
    use super::describe;

    #[test]
    fn a_mail_is_shown_with_its_kind_its_words_and_what_is_folded() {
        let raw = b"From: Jo <jo@x.example>\nTo: desk@in.example\nSubject: Re: shop\x1b[2J\nX-Original-To: help@shop.example\n\nStill down.\n\nOn Mon, 3 Mar 2025 at 10:00, Desk <d@in.example> wrote:\n> Hello\n";
        let shown = describe(raw, Some("jo@x.example"));
        for part in [
            "Subject     Re: shop [2J\n",
            "From        Jo <jo@x.example>\n",
            "Filed as    request: a ticket, acknowledged\n",
            "\nNew words\n  Still down.\n",
            "\nFolded\n  On Mon, 3 Mar 2025 at 10:00, Desk <d@in.example> wrote:\n  > Hello\n",
            "Alias  x-original-to  help@shop.example",
        ] {
            assert!(shown.contains(part), "{part:?} in\n{shown}");
        }
        assert!(!shown.contains('\u{1b}'));
    }

    #[test]
    fn a_mail_over_a_bound_says_what_its_sender_is_told() {
        let fields = "X: y\n".repeat(3_000);
        let shown = describe(format!("From: jo@x.example\n{fields}\nhi").as_bytes(), None);
        assert!(
            shown.starts_with("Over a bound: the mail has 2001 header fields"),
            "{shown}"
        );
        assert!(shown.contains("please write a new mail to us alone"));
    }
}
