//! What SES tells the event bus of its own doing.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::params;
use serde_json::{Value, json};

use super::mailbox::Sent;
use super::orders::Behaviour;
use crate::lambda::asynchronous::Events;
use crate::ledger::Ledger;
use crate::template::{ACCOUNT, ConfigurationSet, EventRule, REGION, arn};

const SOURCE: &str = "aws.ses";
/// What happens to a mail after SES has accepted it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happening {
    Send,
    Delivery,
    DeliveryDelay,
    Bounce,
    Suppressed,
    Complaint,
    Reject,
}

impl Happening {
    /// The name of a configuration set's event type, the event's own name, and `EventBridge`'s detail type.
    fn names(self) -> [&'static str; 3] {
        match self {
            Self::Send => ["SEND", "Send", "Email Sent"],
            Self::Delivery => ["DELIVERY", "Delivery", "Email Delivered"],
            Self::DeliveryDelay => ["DELIVERY_DELAY", "DeliveryDelay", "Email Delivery Delayed"],
            Self::Bounce | Self::Suppressed => ["BOUNCE", "Bounce", "Email Bounced"],
            Self::Complaint => ["COMPLAINT", "Complaint", "Email Complaint Received"],
            Self::Reject => ["REJECT", "Reject", "Email Rejected"],
        }
    }

    /// What follows a mail that SES was told to treat like this.
    fn of(behaviour: Behaviour) -> &'static [Self] {
        match behaviour {
            Behaviour::Bounce => &[Self::Send, Self::Bounce],
            Behaviour::Suppress => &[Self::Send, Self::Suppressed],
            Behaviour::Complain => &[Self::Send, Self::Delivery, Self::Complaint],
            Behaviour::Delay => &[Self::Send, Self::DeliveryDelay],
            Behaviour::Harmful => &[Self::Send, Self::Reject],
            Behaviour::Stall => &[Self::Send],
            _ => &[Self::Send, Self::Delivery],
        }
    }

    /// The event's own part, as SES writes it; see
    /// <https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-examples.html>.
    fn part(self, sent: &Sent) -> (&'static str, Value) {
        let (at, to) = (sent.at.to_string(), &sent.to);
        let recipients = |more: Value| {
            let all = to.iter().map(|address| {
                let mut recipient = more.clone();
                recipient["emailAddress"] = json!(address);
                recipient
            });
            all.collect::<Value>()
        };
        match self {
            Self::Send => ("send", json!({})),
            Self::Delivery => (
                "delivery",
                json!({ "timestamp": at, "processingTimeMillis": 1, "recipients": to, "smtpResponse": "250 ok", "reportingMTA": "local" }),
            ),
            Self::DeliveryDelay => (
                "deliveryDelay",
                json!({ "timestamp": at, "delayType": "MailboxFull", "delayedRecipients": recipients(json!({ "status": "4.2.2", "diagnosticCode": "smtp; 452 4.2.2 mailbox full" })) }),
            ),
            Self::Bounce => (
                "bounce",
                json!({ "timestamp": at, "feedbackId": sent.id, "bounceType": "Permanent", "bounceSubType": "General", "reportingMTA": "dns; local",
                    "bouncedRecipients": recipients(json!({ "action": "failed", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown" })) }),
            ),
            Self::Suppressed => (
                "bounce",
                json!({ "timestamp": at, "feedbackId": sent.id, "bounceType": "Permanent", "bounceSubType": "OnAccountSuppressionList",
                    "bouncedRecipients": recipients(json!({ "action": "failed", "status": "5.1.1", "diagnosticCode": "Amazon SES did not send the message to this address because it is on the suppression list for your account." })) }),
            ),
            Self::Complaint => (
                "complaint",
                json!({ "timestamp": at, "feedbackId": sent.id, "complaintSubType": null, "complaintFeedbackType": "abuse", "complainedRecipients": recipients(json!({})) }),
            ),
            Self::Reject => ("reject", json!({ "reason": "Bad content" })),
        }
    }
}

/// Hands SES's events to the functions whose rules take them.
#[derive(Debug)]
pub(crate) struct Publisher {
    pub(crate) sets: Vec<ConfigurationSet>,
    pub(crate) rules: Vec<EventRule>,
    pub(crate) events: Arc<Events>,
    pub(crate) ledger: Arc<Ledger>,
}

impl Publisher {
    /// Whether there is a configuration set of this name.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.sets.iter().any(|set| set.name == name)
    }

    /// Tells of a mail that is kept and of what becomes of it, once; when this returns, a killed runner still delivers
    /// the events.
    pub(crate) fn publish(&self, sent: &Sent, behaviour: Behaviour) -> rusqlite::Result<()> {
        let under = self
            .sets
            .iter()
            .find(|set| sent.configuration_set.as_ref() == Some(&set.name));
        self.ledger.write(|transaction| {
            if !mark(transaction, sent)? {
                return Ok(());
            }
            for happening in Happening::of(behaviour) {
                let [kind, _, detail] = happening.names();
                if under.is_none_or(|set| !set.tells_of.iter().any(|told| told == kind)) {
                    continue;
                }
                let event = event(sent, *happening);
                for rule in self.rules.iter().filter(|rule| rule.takes(SOURCE, detail)) {
                    self.events
                        .insert(transaction, &rule.function, &event, None)?;
                }
            }
            Ok(())
        })?;
        self.events.activity.ring();
        Ok(())
    }

    /// Takes care that nobody is ever told of a mail.
    pub(crate) fn forget(&self, sent: &Sent) -> rusqlite::Result<()> {
        self.ledger.write(|transaction| mark(transaction, sent))?;
        Ok(())
    }
}

/// Marks the mail as dealt with; false if it was before.
fn mark(transaction: &rusqlite::Transaction<'_>, sent: &Sent) -> rusqlite::Result<bool> {
    let new = transaction.execute(
        "INSERT OR IGNORE INTO told_sends (mail) VALUES (?1)",
        params![sent.id],
    )?;
    Ok(new == 1)
}

/// The event as `EventBridge` hands it to a target.
fn event(sent: &Sent, happening: Happening) -> Value {
    let [_, name, detail_type] = happening.names();
    let (part, said) = happening.part(sent);
    let under = sent.configuration_set.clone().unwrap_or_default();
    let mut tags = json!({ "ses:operation": ["SendEmail"], "ses:configuration-set": [under] });
    for (name, value) in &sent.tags {
        tags[name] = json!([value]);
    }
    let mut event = json!({
        "version": "0",
        "id": uuid::Uuid::new_v4().to_string(),
        "detail-type": detail_type,
        "source": SOURCE,
        "account": ACCOUNT,
        "time": whole_second(sent.at),
        "region": REGION,
        "resources": [arn("ses", &format!("configuration-set/{under}"))],
        "detail": {
            "eventType": name,
            "mail": {
                "timestamp": sent.at.to_string(),
                "source": sent.from,
                "sendingAccountId": ACCOUNT,
                "messageId": sent.id,
                "destination": sent.to,
                "headersTruncated": false,
                "headers": [],
                "commonHeaders": {},
                "tags": tags,
            },
        },
    });
    event["detail"][part] = said;
    event
}

fn whole_second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
