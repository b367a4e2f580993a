//! One event of SES: whose mail it is, and what is recorded of it.

use jiff::Timestamp;
use runtime::Diagnostic;
use serde::Deserialize;
use serde_json::Value;
use store::{Instants, OutboxEntry, State, Store, StoreError};
use ticket::{Command, NoticeId, Text, TicketId};

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

/// A mail of ours that SES accepted.
#[derive(Debug, PartialEq, Eq)]
struct Accepted {
    ticket: TicketId,
    notice: NoticeId,
    ses_id: String,
    at: Timestamp,
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
    let Some(mail) = accepted(event)? else {
        return Ok(());
    };
    let Some(entry) = store.notice(mail.ticket, &mail.notice).await? else {
        tracing::warn!(ticket.id = %mail.ticket, notice.id = %mail.notice, ses.message_id = mail.ses_id, "SES sent a notice that there is not");
        return Ok(());
    };
    mark(store, &mail, &entry).await?;
    if entry.notice.text == Text::Acknowledgement {
        let instants = Instants::new(mail.at, now);
        store
            .execute(mail.ticket, &Command::Acknowledged, instants, None)
            .await?;
    }
    Ok(())
}

async fn mark(store: &Store, mail: &Accepted, entry: &OutboxEntry) -> Result<(), StoreError> {
    let Accepted {
        ticket,
        notice,
        ses_id,
        at,
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

/// The mail of ours that the event is about; none if it is another's, or about something else than sending.
fn accepted(event: &Value) -> Result<Option<Accepted>, serde_json::Error> {
    let Detail { event_type, mail } = Event::deserialize(event)?.detail;
    let (Some(ticket), Some(notice)) = (mail.tags.ticket.first(), mail.tags.nid.first()) else {
        return Ok(None);
    };
    let (Ok(ticket), Some(notice)) = (ticket.parse(), NoticeId::from_stored(notice)) else {
        return Ok(None);
    };
    Ok((event_type == "Send").then_some(Accepted {
        ticket,
        notice,
        ses_id: mail.message_id,
        at: mail.timestamp,
    }))
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
        let mail = accepted(&event("Send", &tags)).unwrap().unwrap();
        assert_eq!((mail.ticket, mail.notice), (ticket, notice));
        assert_eq!(mail.ses_id, "0107-ses");
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
            assert_eq!(accepted(&event("Send", &tags)).unwrap(), None, "{tags}");
        }
    }

    #[test]
    fn only_sending_is_recorded() {
        let (ticket, notice) = ours();
        let tags = json!({ "ticket": [ticket.as_str()], "nid": [notice.as_str()] });
        assert_eq!(accepted(&event("Delivery", &tags)).unwrap(), None);
    }

    #[test]
    fn what_is_no_event_of_ses_is_an_error_and_not_lost() {
        assert!(accepted(&json!({ "detail": { "eventType": "Send" } })).is_err());
    }
}
