//! What SES tells the event bus of its own doing.

use std::sync::Arc;

use jiff::Timestamp;
use rusqlite::params;
use serde_json::{Value, json};

use super::mailbox::Sent;
use crate::lambda::asynchronous::Events;
use crate::ledger::Ledger;
use crate::template::{ACCOUNT, ConfigurationSet, EventRule, REGION, arn};

const SOURCE: &str = "aws.ses";
const SENT: &str = "Email Sent";

/// Hands `Send` events to the functions whose rules take them.
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

    /// Tells of a mail that is kept, once; when this returns, a killed runner still delivers the events.
    pub(crate) fn publish(&self, sent: &Sent) -> rusqlite::Result<()> {
        let told = self
            .sets
            .iter()
            .any(|set| set.tells_of_sends && sent.configuration_set.as_ref() == Some(&set.name));
        self.ledger.write(|transaction| {
            if mark(transaction, sent)? && told {
                let event = event(sent);
                for rule in self.rules.iter().filter(|rule| rule.takes(SOURCE, SENT)) {
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
fn event(sent: &Sent) -> Value {
    let under = sent.configuration_set.clone().unwrap_or_default();
    let mut tags = json!({ "ses:operation": ["SendEmail"], "ses:configuration-set": [under] });
    for (name, value) in &sent.tags {
        tags[name] = json!([value]);
    }
    json!({
        "version": "0",
        "id": uuid::Uuid::new_v4().to_string(),
        "detail-type": SENT,
        "source": SOURCE,
        "account": ACCOUNT,
        "time": whole_second(sent.at),
        "region": REGION,
        "resources": [arn("ses", &format!("configuration-set/{under}"))],
        "detail": {
            "eventType": "Send",
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
            "send": {},
        },
    })
}

fn whole_second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
