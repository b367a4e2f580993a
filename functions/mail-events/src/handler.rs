//! One event of SES: whose mail it is, and what is recorded of it.

use jiff::Timestamp;
use runtime::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use store::{Instants, OutboxEntry, Report, State, Store, StoreError};
use ticket::{Command, NoticeId, TicketId};

/// The event, as far as it is looked at.
/// Shape: <https://docs.aws.amazon.com/ses/latest/dg/monitoring-eventbridge.html>.
#[derive(Debug, Deserialize)]
struct Event {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Detail {
    event_type: String,
    mail: Mail,
    #[serde(default)]
    bounce: Bounce,
    #[serde(default)]
    complaint: Complaint,
    #[serde(default)]
    delivery: When,
    #[serde(default)]
    delivery_delay: Delay,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Bounce {
    timestamp: Option<Timestamp>,
    #[serde(rename = "bounceType")]
    kind: String,
    #[serde(rename = "bounceSubType")]
    sub_kind: String,
    bounced_recipients: Vec<Bounced>,
}

/// Of a recipient only the status is read: the diagnostic likes to quote addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Bounced {
    status: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Complaint {
    timestamp: Option<Timestamp>,
    #[serde(rename = "complaintSubType")]
    sub_kind: Option<String>,
    #[serde(rename = "complaintFeedbackType")]
    kind: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Delay {
    timestamp: Option<Timestamp>,
    delay_type: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct When {
    timestamp: Option<Timestamp>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mail {
    timestamp: Timestamp,
    message_id: String,
    #[serde(default)]
    tags: Tags,
}

/// Tags have lists of values; a mail of ours has one of each.
#[derive(Debug, Default, Deserialize)]
struct Tags {
    #[serde(default)]
    ticket: Vec<String>,
    #[serde(default)]
    nid: Vec<String>,
}

/// What SES says of a mail of ours.
#[derive(Debug, PartialEq, Eq)]
struct Said {
    ticket: TicketId,
    notice: NoticeId,
    ses_id: String,
    at: Timestamp,
    what: What,
}

#[derive(Debug, PartialEq, Eq)]
enum What {
    /// It accepted the mail.
    Sent,
    /// What became of the mail, and its reason without an address.
    Report(Report, String),
}

/// Why an event could not be recorded; it is retried, and kept on the on-failure queue after that.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The event cannot be read: a person looks at it.
    #[error("the event is not one of SES")]
    Unreadable(#[from] serde_json::Error),
    /// The table: the event comes again.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        let error_type = match failure {
            Failure::Unreadable(_) => "Unreadable",
            Failure::Store(_) => "Store",
        };
        Self {
            error_type: error_type.to_owned(),
            error_message: failure.to_string(),
        }
    }
}

/// Records the event; doing it again changes nothing.
pub async fn record(store: &Store, event: &Value, now: Timestamp) -> Result<(), Failure> {
    let Some(said) = said(event)? else {
        return Ok(());
    };
    let Some(entry) = store.notice(said.ticket, &said.notice).await? else {
        tracing::warn!(ticket.id = %said.ticket, notice.id = %said.notice, ses.message_id = said.ses_id, "SES speaks of a notice that there is not");
        return Ok(());
    };
    let instants = Instants::new(said.at, now);
    match &said.what {
        What::Sent => {
            mark(store, &said, &entry).await?;
            for ticket in entry.notice.text.acknowledges(said.ticket) {
                store
                    .execute(ticket, &Command::Acknowledged, instants, None)
                    .await?;
            }
        }
        // The notices that tell the agents are found by the next ticks: this function has no queue.
        What::Report(report, reason) => {
            store
                .report(said.ticket, &said.notice, *report, reason, instants)
                .await?;
            tracing::info!(seen = runtime::of_report(*report), ticket.id = %said.ticket, notice.id = %said.notice, ses.message_id = said.ses_id, ?report, "SES reports on a mail");
        }
    }
    Ok(())
}

async fn mark(store: &Store, mail: &Said, entry: &OutboxEntry) -> Result<(), StoreError> {
    let Said {
        ticket,
        notice,
        ses_id,
        at,
        ..
    } = mail;
    match &entry.state {
        State::Sent { ses_id: known, .. } if known == ses_id => Ok(()),
        State::Sent { ses_id: known, .. } => {
            tracing::error!(ticket.id = %ticket, notice.id = %notice, ses.message_id = ses_id, ses.known_id = known, "a notice was sent twice");
            Ok(())
        }
        _ => {
            store.sent(*ticket, notice, ses_id, *at).await?;
            tracing::info!(ticket.id = %ticket, notice.id = %notice, ses.message_id = ses_id, "SES says that it sent a notice");
            Ok(())
        }
    }
}

/// What the event says of a mail of ours; none if it is another's, or says what we do not ask about.
fn said(event: &Value) -> Result<Option<Said>, serde_json::Error> {
    let detail = Event::deserialize(event)?.detail;
    let Some((what, at)) = what(&detail) else {
        return Ok(None);
    };
    let mail = detail.mail;
    let (Some(ticket), Some(notice)) = (mail.tags.ticket.first(), mail.tags.nid.first()) else {
        return Ok(None);
    };
    let (Ok(ticket), Some(notice)) = (ticket.parse(), NoticeId::from_stored(notice)) else {
        return Ok(None);
    };
    Ok(Some(Said {
        ticket,
        notice,
        at: at.unwrap_or(mail.timestamp),
        ses_id: mail.message_id,
        what,
    }))
}

/// What happened and when, where the event says when.
fn what(detail: &Detail) -> Option<(What, Option<Timestamp>)> {
    let (report, reason, at) = match detail.event_type.as_str() {
        "Send" => return Some((What::Sent, None)),
        "Delivery" => (Report::Delivered, String::new(), detail.delivery.timestamp),
        "DeliveryDelay" => {
            let delay = &detail.delivery_delay;
            (Report::Delayed, word(&delay.delay_type), delay.timestamp)
        }
        "Bounce" => (
            of_bounce(&detail.bounce),
            reason_of(&detail.bounce),
            detail.bounce.timestamp,
        ),
        "Complaint" => {
            let complaint = &detail.complaint;
            // The address was on SES's suppression list: the mail was never sent.
            let suppressed = complaint.sub_kind.as_deref() == Some("OnAccountSuppressionList");
            let kind = complaint.kind.as_deref();
            let reason = if suppressed {
                "on SES's suppression list after a complaint".to_owned()
            } else {
                format!("complaint {}", word(kind.unwrap_or("abuse")))
            };
            (Report::Complaint, reason, complaint.timestamp)
        }
        "Reject" => (
            Report::Rejected,
            "SES found harmful content".to_owned(),
            None,
        ),
        _ => return None,
    };
    Some((What::Report(report, reason), at))
}

/// `Permanent` bounces are final. SES sends the others only after it has given up trying.
fn of_bounce(bounce: &Bounce) -> Report {
    if bounce.kind == "Permanent" {
        Report::HardBounce
    } else {
        Report::SoftBounce
    }
}

fn reason_of(bounce: &Bounce) -> String {
    let status = bounce.bounced_recipients.first();
    let status = status.map_or("", |recipient| recipient.status.as_str());
    let is_code = status.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let status = if is_code { status } else { "" };
    let words = [&bounce.kind, &bounce.sub_kind, status].map(word);
    let words: Vec<String> = words.into_iter().filter(|it| !it.is_empty()).collect();
    words.join(" ")
}

/// A word as SES writes them; anything else in it is left out, whatever a mail server put there.
fn word(text: &str) -> String {
    let known = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.chars().filter(known).take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use ticket::Pepper;

    fn event(kind: &str, tags: &Value) -> Value {
        json!({
            "version": "0", "detail-type": "Email Sent", "source": "aws.ses",
            "detail": {
                "eventType": kind,
                "mail": {
                    "timestamp": "2026-11-23T05:40:00.250Z", "source": "help@desk.example",
                    "messageId": "0107-ses", "destination": ["c@customer.example"],
                    "headers": [], "commonHeaders": {}, "tags": tags,
                },
                "send": {},
            },
        })
    }

    fn ours() -> (TicketId, NoticeId) {
        let ticket = TicketId::derive(&Pepper::new("pepper"), "form", "a", 0);
        (ticket, NoticeId::of(ticket, &["acknowledgement"]))
    }

    #[test]
    fn a_send_event_names_the_notice_by_its_tags() {
        let (ticket, notice) = ours();
        let tags = json!({ "ticket": [ticket.as_str()], "nid": [notice.as_str()], "ses:operation": ["SendEmail"] });
        let mail = said(&event("Send", &tags)).unwrap().unwrap();
        assert_eq!((mail.ticket, mail.notice), (ticket, notice));
        assert_eq!((mail.ses_id.as_str(), mail.what), ("0107-ses", What::Sent));
        assert_eq!(mail.at.to_string(), "2026-11-23T05:40:00.25Z");
    }

    #[test]
    fn a_mail_without_our_tags_is_left_alone() {
        let (ticket, notice) = ours();
        for tags in [
            json!({}),
            json!({ "ticket": [ticket.as_str()] }),
            json!({ "nid": [notice.as_str()] }),
            json!({ "ticket": ["not a ticket"], "nid": [notice.as_str()] }),
            json!({ "ticket": [], "nid": [] }),
        ] {
            assert_eq!(said(&event("Send", &tags)).unwrap(), None, "{tags}");
        }
    }

    /// Examples: <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html>.
    #[test]
    fn each_report_of_ses_is_read_with_its_instant_and_without_an_address() {
        let (ticket, notice) = ours();
        let tags = json!({ "ticket": [ticket.as_str()], "nid": [notice.as_str()] });
        let at = "2026-11-23T05:41:00Z";
        for (kind, name, part, report, reason) in [
            (
                "Delivery",
                "delivery",
                json!({ "recipients": ["c@customer.example"] }),
                Report::Delivered,
                "",
            ),
            (
                "DeliveryDelay",
                "deliveryDelay",
                json!({ "delayType": "MailboxFull", "expirationTime": at }),
                Report::Delayed,
                "MailboxFull",
            ),
            (
                "Bounce",
                "bounce",
                json!({ "bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [{
                    "emailAddress": "c@customer.example", "action": "failed", "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 <c@customer.example> unknown" }] }),
                Report::HardBounce,
                "Permanent General 5.1.1",
            ),
            (
                "Bounce",
                "bounce",
                json!({ "bounceType": "Transient", "bounceSubType": "MailboxFull" }),
                Report::SoftBounce,
                "Transient MailboxFull",
            ),
            (
                "Bounce",
                "bounce",
                json!({ "bounceType": "Undetermined", "bounceSubType": "Undetermined",
                "bouncedRecipients": [{ "status": "c@customer.example" }] }),
                Report::SoftBounce,
                "Undetermined Undetermined",
            ),
            (
                "Complaint",
                "complaint",
                json!({ "complaintFeedbackType": "abuse", "complaintSubType": null }),
                Report::Complaint,
                "complaint abuse",
            ),
            (
                "Complaint",
                "complaint",
                json!({ "complaintSubType": "OnAccountSuppressionList" }),
                Report::Complaint,
                "on SES's suppression list after a complaint",
            ),
            (
                "Reject",
                "reject",
                json!({ "reason": "Bad content" }),
                Report::Rejected,
                "SES found harmful content",
            ),
        ] {
            let mut event = event(kind, &tags);
            event["detail"][name] = part;
            event["detail"][name]["timestamp"] = json!(at);
            let mail = said(&event).unwrap().unwrap();
            assert_eq!(mail.what, What::Report(report, reason.to_owned()), "{kind}");
            let own = if kind == "Reject" {
                "2026-11-23T05:40:00.25Z"
            } else {
                at
            };
            assert_eq!(mail.at.to_string(), own, "{kind}");
        }
    }

    #[test]
    fn what_we_do_not_ask_about_is_left_alone() {
        let (ticket, notice) = ours();
        let tags = json!({ "ticket": [ticket.as_str()], "nid": [notice.as_str()] });
        for kind in ["Open", "Click", "Rendering Failure", "Subscription"] {
            assert_eq!(said(&event(kind, &tags)).unwrap(), None, "{kind}");
        }
    }

    #[test]
    fn what_is_no_event_of_ses_is_an_error_and_not_lost() {
        assert!(said(&json!({ "detail": { "eventType": "Send" } })).is_err());
    }
}
