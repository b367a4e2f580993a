//! The SQS edge: every record gets a verdict of its own.

use std::future::Future;

use crate::Seen;

pub use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is dealt with; SQS may forget it.
    Done,
    /// It may succeed later. SQS shows it again after its visibility timeout.
    Retry {
        /// Why, for the log; no text of people.
        reason: String,
    },
    /// It can never succeed. It is reported like [`Verdict::Retry`], because that is how SQS moves it to the
    /// dead-letter queue after its last try, where a person sees it; answering "done" would delete it unseen.
    Reject {
        /// Why, for the log; no text of people.
        reason: String,
    },
}

impl Verdict {
    /// A retry for this reason.
    pub fn retry(reason: impl Into<String>) -> Self {
        Self::Retry {
            reason: reason.into(),
        }
    }

    /// A rejection for this reason.
    pub fn reject(reason: impl Into<String>) -> Self {
        Self::Reject {
            reason: reason.into(),
        }
    }
}

/// Runs the records one after another, each in a task of its own, and answers which ones failed.
///
/// One after another, because a record may have an effect that cannot be undone before it is recorded: killed at any
/// instant, a batch leaves at most one such effect in doubt. A panic fails its record only. The event is taken as plain
/// [`SqsEvent`] because a typed body would fail the whole batch over one bad record.
pub async fn each<Handler, Judging>(event: SqsEvent, handler: Handler) -> SqsBatchResponse
where
    Handler: Fn(SqsMessage) -> Judging,
    Judging: Future<Output = Verdict> + Send + 'static,
{
    let mut failed = Vec::new();
    for record in event.records {
        let id = record.message_id.clone().unwrap_or_default();
        let verdict = tokio::spawn(handler(record)).await;
        let verdict = verdict.unwrap_or_else(|_| Verdict::retry("panicked"));
        if log(&id, &verdict) {
            failed.push(id);
        }
    }
    let mut response = SqsBatchResponse::default();
    response.set_failures(failed);
    response
}

/// Logs what did not succeed; answers whether the record is to be reported as failed.
fn log(id: &str, verdict: &Verdict) -> bool {
    match verdict {
        Verdict::Done => return false,
        Verdict::Retry { reason } => tracing::warn!(
            sqs.message_id = id,
            reason,
            "a record is left for another try"
        ),
        Verdict::Reject { reason } => {
            tracing::error!(
                seen = Seen::MessageRejected.name(),
                sqs.message_id = id,
                reason,
                "a record can never succeed"
            );
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(bodies: &[&str]) -> SqsEvent {
        let records: Vec<_> = bodies
            .iter()
            .map(|body| serde_json::json!({ "messageId": format!("id-{body}"), "body": body }))
            .collect();
        serde_json::from_value(serde_json::json!({ "Records": records })).unwrap()
    }

    async fn judge(record: SqsMessage) -> Verdict {
        match record.body.as_deref() {
            Some("good") => Verdict::Done,
            Some("late") => Verdict::retry("throttled"),
            Some("bad") => Verdict::reject("not one of ours"),
            _ => panic!("a record that panics"),
        }
    }

    #[tokio::test]
    async fn only_records_that_failed_are_reported_and_a_panic_fails_one_record() {
        let response = each(event(&["good", "late", "boom", "good", "bad"]), judge).await;
        let failed: Vec<_> = response
            .batch_item_failures
            .iter()
            .map(|it| it.item_identifier.as_str())
            .collect();
        assert_eq!(failed, ["id-late", "id-boom", "id-bad"]);
    }

    #[tokio::test]
    async fn every_subset_of_bad_records_is_reported_exactly() {
        for subset in 0u32..1024 {
            let bodies: Vec<&str> = (0..10)
                .map(|place| {
                    if subset & (1 << place) == 0 {
                        "good"
                    } else {
                        "bad"
                    }
                })
                .collect();
            let response = each(event(&bodies), judge).await;
            assert_eq!(
                response.batch_item_failures.len(),
                subset.count_ones() as usize
            );
        }
    }

    #[tokio::test]
    async fn a_batch_without_failures_answers_an_empty_list() {
        let response = each(event(&["good"]), judge).await;
        assert_eq!(
            serde_json::to_string(&response).unwrap(),
            r#"{"batchItemFailures":[]}"#
        );
    }
}
