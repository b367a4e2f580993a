//! What is dropped, held back, masked, refused or given up is counted: the one list of it.
//!
//! A log line that says so carries `seen = Seen::X.name()`. The layer in here turns each into a metric of the name in
//! `CloudWatch`'s embedded metric format, a second line of the log, so that there is no count without a line with ids
//! and no such line without a count. Format:
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>.

use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// The namespace of all metrics.
pub const NAMESPACE: &str = "Troth";

/// The field by which a log line is counted.
const FIELD: &str = "seen";

/// The field that is a metric by itself: for how long the oldest due entry has waited.
const OLDEST: (&str, &str) = ("oldest_due_seconds", "OldestDueSeconds");

/// Something that did not take the usual way. Each has a paragraph in `docs/OPERATIONS.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Seen {
    /// A mail was filed without a ticket and without an answer.
    MailFiled,
    /// A mail with a virus, or one that SES takes for spam, was filed.
    MailQuarantined,
    /// A mail's event was lost and the sweep found the mail.
    EventLost,
    /// A mail or a word of SES could not be handled; after three times its event is on the on-failure queue.
    EventFailed,
    /// Secrets in somebody's words were masked.
    SecretsMasked,
    /// A request was taken and its acknowledgement held back by a cap.
    AcknowledgementHeld,
    /// A request was refused: the answer said why.
    RequestRefused,
    /// SES asked to wait; the notice is put off.
    NoticeThrottled,
    /// SES takes no mail from us for longer: quota, pause, permission.
    SendingStopped,
    /// A notice was not sent because mail to its address was stopped.
    NoticeSuppressed,
    /// A notice can never be sent.
    NoticeRefused,
    /// A message can never be handled; after five times it is a dead letter.
    MessageRejected,
    /// An entry of the due index failed too often and was parked.
    EntryParked,
    /// A mail came back for good.
    MailBounced,
    /// Somebody called a mail of ours unwanted.
    MailComplained,
}

impl Seen {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::MailFiled,
        Self::MailQuarantined,
        Self::EventLost,
        Self::EventFailed,
        Self::SecretsMasked,
        Self::AcknowledgementHeld,
        Self::RequestRefused,
        Self::NoticeThrottled,
        Self::SendingStopped,
        Self::NoticeSuppressed,
        Self::NoticeRefused,
        Self::MessageRejected,
        Self::EntryParked,
        Self::MailBounced,
        Self::MailComplained,
    ];

    /// The metric's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MailFiled => "MailFiled",
            Self::MailQuarantined => "MailQuarantined",
            Self::EventLost => "EventLost",
            Self::EventFailed => "EventFailed",
            Self::SecretsMasked => "SecretsMasked",
            Self::AcknowledgementHeld => "AcknowledgementHeld",
            Self::RequestRefused => "RequestRefused",
            Self::NoticeThrottled => "NoticeThrottled",
            Self::SendingStopped => "SendingStopped",
            Self::NoticeSuppressed => "NoticeSuppressed",
            Self::NoticeRefused => "NoticeRefused",
            Self::MessageRejected => "MessageRejected",
            Self::EntryParked => "EntryParked",
            Self::MailBounced => "MailBounced",
            Self::MailComplained => "MailComplained",
        }
    }
}

/// What a report on a mail of ours is counted as.
pub fn of_report(report: store::Report) -> Option<&'static str> {
    match report {
        store::Report::HardBounce => Some(Seen::MailBounced.name()),
        store::Report::Complaint => Some(Seen::MailComplained.name()),
        _ => None,
    }
}

/// Writes a metric for each log line that counts something.
#[derive(Debug)]
pub(crate) struct Metrics {
    /// The table's name: it tells the stacks of an account apart.
    table: String,
}

impl Metrics {
    pub(crate) fn new(table: String) -> Self {
        Self { table }
    }

    /// One line in the embedded metric format.
    fn line(&self, metric: &Metric, at: u128) -> Value {
        json!({
            "_aws": {
                "Timestamp": u64::try_from(at).unwrap_or_default(),
                "CloudWatchMetrics": [{
                    "Namespace": NAMESPACE,
                    "Dimensions": [["Table"]],
                    "Metrics": [{ "Name": metric.name, "Unit": metric.unit }],
                }],
            },
            "Table": self.table,
            metric.name.as_str(): metric.value,
        })
    }
}

impl<S: Subscriber> Layer<S> for Metrics {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let fields = event.metadata().fields();
        if fields.field(FIELD).is_none() && fields.field(OLDEST.0).is_none() {
            return;
        }
        let mut found = Found::default();
        event.record(&mut found);
        let Some(metric) = found.0 else { return };
        let at = now();
        // A log that cannot be written must not stop the desk.
        let _ = writeln!(std::io::stdout(), "{}", self.line(&metric, at));
    }
}

/// The machine's time, as every log line carries it.
#[expect(
    clippy::disallowed_methods,
    reason = "a metric stands beside its log line and carries the same clock's time"
)]
fn now() -> u128 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_millis())
}

struct Metric {
    name: String,
    unit: &'static str,
    value: u64,
}

#[derive(Default)]
struct Found(Option<Metric>);

impl Visit for Found {
    fn record_str(&mut self, field: &Field, value: &str) {
        let known = Seen::ALL.iter().any(|seen| seen.name() == value);
        if field.name() == FIELD && known {
            self.0 = Some(Metric {
                name: value.to_owned(),
                unit: "Count",
                value: 1,
            });
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == OLDEST.0 {
            self.0 = Some(Metric {
                name: OLDEST.1.to_owned(),
                unit: "Seconds",
                value,
            });
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.record_u64(field, u64::try_from(value).unwrap_or_default());
    }

    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_line_has_the_shape_that_cloudwatch_reads() {
        let metrics = Metrics::new("tickets".to_owned());
        let metric = Metric {
            name: Seen::MailFiled.name().to_owned(),
            unit: "Count",
            value: 1,
        };
        assert_eq!(
            metrics.line(&metric, 1_763_856_000_000),
            json!({
                "_aws": {
                    "Timestamp": 1_763_856_000_000_u64,
                    "CloudWatchMetrics": [{
                        "Namespace": "Troth",
                        "Dimensions": [["Table"]],
                        "Metrics": [{ "Name": "MailFiled", "Unit": "Count" }],
                    }],
                },
                "Table": "tickets",
                "MailFiled": 1,
            })
        );
    }

    #[test]
    fn every_name_is_its_own() {
        let names: std::collections::BTreeSet<_> = Seen::ALL.map(Seen::name).into();
        assert_eq!(names.len(), Seen::ALL.len());
    }
}
