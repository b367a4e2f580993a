//! Reports: what mail servers and providers tell about our own mail.

use super::{Decision, Evidence, Kind, LOOK, sender_words, words};
use crate::inbound::{InboundMail, Mailbox, mime::Part};

/// Reports by structure: RFC 5965 (feedback), RFC 3464 (delivery), RFC 8098 (disposition).
pub(super) fn by_structure(evidence: &Evidence<'_>) -> Decision {
    let own = |mime: &str| {
        evidence
            .parts
            .iter()
            .find(|p| p.mime == mime && !inside_a_message(p, evidence.parts))
    };
    let root = evidence.headers.content_type("content-type");
    let report_type = root
        .as_ref()
        .and_then(|c| c.attribute("report-type"))
        .unwrap_or_default()
        .to_ascii_lowercase();
    if own("message/feedback-report").is_some() || report_type == "feedback-report" {
        return Some((
            Kind::FeedbackReport,
            "It is a feedback report (RFC 5965).".to_owned(),
        ));
    }
    if let Some(part) =
        own("message/delivery-status").or_else(|| own("message/global-delivery-status"))
    {
        let bytes = part.bytes(evidence.raw);
        let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK)]).to_ascii_lowercase();
        let feedback = head.contains("feedback-type:");
        return Some(if feedback {
            (
                Kind::FeedbackReport,
                "Its delivery report carries a feedback type.".to_owned(),
            )
        } else {
            (
                Kind::Bounce,
                "It is a delivery report (RFC 3464).".to_owned(),
            )
        });
    }
    if own("message/disposition-notification").is_some()
        || report_type == "disposition-notification"
    {
        return Some((
            Kind::AutoReply,
            "It is a read receipt (RFC 8098).".to_owned(),
        ));
    }
    if report_type == "delivery-status" {
        return Some((
            Kind::Bounce,
            "It is a delivery report (RFC 3464).".to_owned(),
        ));
    }
    if evidence.headers.has("x-hmxmroriginalrecipient") {
        return Some((
            Kind::FeedbackReport,
            "It is a complaint of a mail provider's feedback loop.".to_owned(),
        ));
    }
    None
}

fn inside_a_message(part: &Part<'_>, parts: &[Part<'_>]) -> bool {
    let mut at = part.parent;
    while let Some(index) = at {
        if parts[index].mime == "message/rfc822" {
            return true;
        }
        at = parts[index].parent;
    }
    false
}

/// Bounces that do not say by structure what they are.
pub(super) fn bounce(evidence: &Evidence<'_>, null_sender: bool) -> Decision {
    let (local, name) = sender_words(evidence.mail);
    let subject = evidence.mail.subject.to_lowercase();
    let body = crate::clean::floor(evidence.text, LOOK).to_lowercase();
    let bounce = |why: &str| Some((Kind::Bounce, why.to_owned()));
    for field in ["x-failed-recipients", "x-actual-recipients"] {
        if evidence.headers.has(field) {
            return bounce("It names recipients that failed.");
        }
    }
    let daemon = words::daemon(&local) || words::daemon_name(&name);
    let about = words::bounce_subject(&subject);
    let says = words::bounce_body(&body);
    if let Some(decision) = ses_notification(evidence.mail, &body) {
        return Some(decision);
    }
    if daemon && !words::auto_subject(&subject) {
        return bounce("Its sender is a mail server's daemon.");
    }
    let reserved = words::postmaster(&local) || null_sender;
    if words::system(&local) && (about || reserved && says) {
        return bounce("Its sender is a mail system and it speaks of a failed delivery.");
    }
    if null_sender && (about || says) && !words::auto_subject(&subject) {
        return bounce("Its envelope sender is null and it speaks of a failed delivery.");
    }
    None
}

/// SES reports by mail where someone subscribed to its SNS topic so.
fn ses_notification(mail: &InboundMail, body: &str) -> Option<(Kind, String)> {
    let sns = |m: &Mailbox| m.address.ends_with("@sns.amazonaws.com");
    if !mail.from.iter().any(sns) {
        return None;
    }
    let json: String = body.chars().filter(|c| !matches!(c, '\\' | ' ')).collect();
    let (_, kind) = json.split_once("\"notificationtype\":\"")?;
    let said = |kind: Kind| {
        Some((
            kind,
            "It is an SES notification about a mail of ours.".to_owned(),
        ))
    };
    match kind.split('"').next()? {
        "complaint" => said(Kind::FeedbackReport),
        _ => said(Kind::Bounce),
    }
}
