//! SES receiving: raw mail to the bucket, a true SES event to the rule's function.

mod event;
mod verdicts;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::clock::Clock;
use crate::lambda::asynchronous::Events;
use crate::services::s3::Buckets;
use crate::services::ses::new_message_id;
use crate::template::ReceiptRule;

use event::Received;

/// A mail as it came over the wire.
#[derive(Debug)]
pub(crate) struct Arrival {
    /// Envelope sender; empty for the null sender.
    pub(crate) return_path: String,
    pub(crate) recipients: Vec<String>,
    pub(crate) raw: Vec<u8>,
}

/// The receiving half of SES.
#[derive(Debug)]
pub(crate) struct Receiving {
    pub(crate) rules: Vec<ReceiptRule>,
    pub(crate) buckets: Buckets,
    pub(crate) events: Arc<Events>,
    pub(crate) clock: Arc<Clock>,
    /// Of so many mails to come, the event gets lost.
    pub(crate) drops: AtomicU64,
}

impl Receiving {
    /// Whether any rule takes mail for this recipient.
    pub(crate) fn takes(&self, recipient: &str) -> bool {
        self.rules.iter().any(|rule| rule.takes(recipient))
    }

    /// Stores the mail and queues its event; when this returns, a killed runner does not lose it.
    /// Recipients that no rule takes are passed over.
    pub(crate) fn accept(&self, arrival: Arrival) -> Result<(), Box<dyn std::error::Error>> {
        let (verdicts, raw) = verdicts::strip(&arrival.raw);
        let arrival = Arrival { raw, ..arrival };
        for rule in &self.rules {
            let recipients: Vec<String> = arrival
                .recipients
                .iter()
                .filter(|r| rule.takes(r))
                .cloned()
                .collect();
            if recipients.is_empty() {
                continue;
            }
            let at = self.clock.now();
            let received = Received {
                arrival: &arrival,
                recipients: &recipients,
                id: &new_message_id(at),
                at,
                rule,
                verdicts: &verdicts,
            };
            let raw = received.stamped();
            let key = format!("{}{}", rule.prefix, received.id);
            self.buckets.put(&rule.bucket, &key, &raw, at)?;
            // A tick may look into the bucket, whether or not the event comes.
            self.events.activity.happen();
            if self.drops() {
                continue;
            }
            let event = received.event(&raw);
            self.events.submit(&rule.function, &event, None)?;
        }
        Ok(())
    }

    /// Whether this mail's event gets lost; uses up one count of the order.
    fn drops(&self) -> bool {
        let one_less = |drops: u64| drops.checked_sub(1);
        self.drops
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less)
            .is_ok()
    }
}
