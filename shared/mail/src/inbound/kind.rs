//! What kind of mail it is: written by a person to us, or by a machine.
//!
//! The order of the rules is the order of certainty: structure (a report says what it is), then headers
//! that exist for this purpose, then senders, then words. Words decide only where the sender already
//! looks like a machine, so that a customer who writes about a bounce stays a customer.

mod report;
mod words;

use super::{InboundMail, headers::Headers, mime::Part};

/// The kind of a mail; decides whether it opens a ticket and whether it may be answered.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A request: opens a ticket or continues one.
    #[default]
    Human,
    /// An answer that a machine gave to our mail: out of office, ticket robot, read receipt.
    AutoReply,
    /// A mail server tells that our mail was not (or late) delivered.
    Bounce,
    /// A provider tells that a recipient called our mail spam (RFC 5965).
    FeedbackReport,
    /// Sent to many: a mailing list, newsletter or bulk mail.
    List,
}

impl Kind {
    /// The name in logs and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::AutoReply => "auto_reply",
            Self::Bounce => "bounce",
            Self::FeedbackReport => "feedback_report",
            Self::List => "list",
        }
    }
}

/// The kind of a mail and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The kind.
    pub kind: Kind,
    /// Whether a machine made a request that opens a ticket without an answer: a form, a monitor, a
    /// no-reply sender. Only with [`Kind::Human`].
    pub machine_request: bool,
    /// Whether the envelope or Return-Path names the null sender, to which nothing may be sent (RFC 5321 4.5.5).
    pub null_sender: bool,
    /// Why, in one sentence.
    pub evidence: String,
}

impl Verdict {
    /// Whether automatic mail may answer this mail at all; counters and own addresses are checked elsewhere.
    pub fn may_be_answered(&self) -> bool {
        self.kind == Kind::Human && !self.machine_request && !self.null_sender
    }
}

/// What the decision rests on.
pub(crate) struct Evidence<'a> {
    pub(crate) envelope_from: Option<&'a str>,
    pub(crate) headers: &'a Headers<'a>,
    pub(crate) mail: &'a InboundMail,
    pub(crate) text: &'a str,
    pub(crate) raw: &'a [u8],
    pub(crate) parts: &'a [Part<'a>],
}

/// Bytes of a report part, and of a body, that are looked at.
pub(crate) const LOOK: usize = 16 * 1024;

pub(crate) fn decide(evidence: &Evidence<'_>) -> Verdict {
    let null_sender = null_sender(evidence);
    let decided = report::by_structure(evidence)
        .or_else(|| report::bounce(evidence, null_sender))
        .or_else(|| auto_reply(evidence, null_sender))
        .or_else(|| list(evidence));
    let (kind, machine_request, why) = match decided {
        Some((kind, why)) => (kind, false, why),
        None => match machine(evidence, null_sender) {
            Some(why) => (Kind::Human, true, why),
            None => (
                Kind::Human,
                false,
                "Nothing marks it as automatic.".to_owned(),
            ),
        },
    };
    Verdict {
        kind,
        machine_request,
        null_sender,
        evidence: why,
    }
}

type Decision = Option<(Kind, String)>;

fn null_sender(evidence: &Evidence<'_>) -> bool {
    let from_headers = || {
        evidence
            .headers
            .all("return-path")
            .next()
            .map(|raw| String::from_utf8_lossy(raw).into_owned())
    };
    let sender = evidence
        .envelope_from
        .map(str::to_owned)
        .or_else(from_headers);
    sender.is_some_and(|s| matches!(s.trim(), "" | "<>"))
}

/// The sender as it is compared: local part and whole name, in lower case.
fn sender_words(mail: &InboundMail) -> (String, String) {
    let from = mail.from.first().cloned().unwrap_or_default();
    let local = from
        .address
        .rsplit_once('@')
        .map_or(from.address.as_str(), |(l, _)| l)
        .to_lowercase();
    let local = if local.is_empty() {
        from.name.to_lowercase()
    } else {
        local
    };
    (local, from.name.to_lowercase())
}

fn auto_reply(evidence: &Evidence<'_>, null_sender: bool) -> Decision {
    let headers = evidence.headers;
    let reply = |why: String| Some((Kind::AutoReply, why));
    if let Some(value) = headers
        .token("auto-submitted")
        .or_else(|| headers.token("autosubmitted"))
    {
        let answers = value.starts_with("auto-generated") && !evidence.mail.in_reply_to.is_empty();
        if answers || value.starts_with("auto-replied") || value.starts_with("auto-notified") {
            return reply(format!("It says Auto-Submitted: {value} (RFC 3834)."));
        }
    }
    for field in [
        "x-autoreply",
        "x-autorespond",
        "x-auto-reply-from",
        "x-autoreply-from",
        "x-mail-autoreply",
        "x-auto-respond",
    ] {
        if let Some(value) = headers.token(field)
            && !matches!(value.as_str(), "no" | "false" | "0")
        {
            return reply(format!("It has the field {field}."));
        }
    }
    if let Some(value) = headers.token("precedence")
        && matches!(value.as_str(), "auto_reply" | "auto-reply" | "autoreply")
    {
        return reply("Its precedence is that of an automatic reply.".to_owned());
    }
    let subject = evidence.mail.subject.to_lowercase();
    if words::auto_subject(&subject) {
        return reply("Its subject begins like an automatic reply's.".to_owned());
    }
    let answers = !evidence.mail.in_reply_to.is_empty() || subject.starts_with("re:");
    if null_sender && answers {
        return reply("It answers from the null sender.".to_owned());
    }
    None
}

fn list(evidence: &Evidence<'_>) -> Decision {
    let headers = evidence.headers;
    for field in [
        "list-id",
        "list-post",
        "list-unsubscribe",
        "list-help",
        "mailing-list",
        "x-mailing-list",
        "x-mailman-version",
    ] {
        if headers.has(field) {
            return Some((Kind::List, format!("It has the field {field}.")));
        }
    }
    let precedence = headers.token("precedence")?;
    matches!(precedence.as_str(), "list" | "bulk" | "junk")
        .then(|| (Kind::List, format!("Its precedence is {precedence}.")))
}

fn machine(evidence: &Evidence<'_>, null_sender: bool) -> Option<String> {
    let headers = evidence.headers;
    if let Some(value) = headers.token("auto-submitted")
        && !value.is_empty()
        && value != "no"
    {
        return Some(format!("It says Auto-Submitted: {value} (RFC 3834)."));
    }
    if let Some(value) = headers.token("x-auto-response-suppress")
        && !matches!(value.as_str(), "" | "none")
    {
        return Some("It asks for no automatic answer (X-Auto-Response-Suppress).".to_owned());
    }
    let (local, _) = sender_words(evidence.mail);
    if words::no_reply(&local) {
        return Some("Its sender takes no replies.".to_owned());
    }
    null_sender.then(|| "Its envelope sender is null.".to_owned())
}
