//! Hurries committed notices along.
//!
//! The row is the retry (design.md 3.7): a notice that is not enqueued here is found by the tick. So a failure is
//! counted and logged, and never fails the request that committed the notice.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::{BuildError, DisplayErrorContext};
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use serde_json::json;
use store::NoticeRef;
use ticket::Lane;

use crate::config::Config;

/// Where notices wait for the notifier.
#[derive(Debug, Clone)]
pub struct Queues {
    urgent: String,
    bulk: String,
}

impl Queues {
    /// Takes the two URLs from the configuration.
    pub fn of(config: &Config) -> Self {
        Self {
            urgent: config.urgent_queue_url.clone(),
            bulk: config.bulk_queue_url.clone(),
        }
    }

    fn url(&self, lane: Lane) -> &str {
        match lane {
            Lane::Urgent => &self.urgent,
            Lane::Bulk => &self.bulk,
        }
    }
}

/// How many notices were enqueued, and how many are left to the tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enqueued {
    /// On their way.
    pub sent: usize,
    /// Left to the tick.
    pub left: usize,
}

/// SQS takes this many messages in one call.
const BATCH: usize = 10;

/// Enqueues notices, each in its lane, both lanes at once.
pub async fn enqueue(client: &Client, queues: &Queues, notices: &[NoticeRef]) -> Enqueued {
    let lane = |lane| async move {
        let of_lane: Vec<&NoticeRef> = notices
            .iter()
            .filter(|notice| notice.lane == lane)
            .collect();
        let mut sent = 0;
        for batch in of_lane.chunks(BATCH) {
            sent += send(client, queues.url(lane), batch).await;
        }
        sent
    };
    let (urgent, bulk) = tokio::join!(lane(Lane::Urgent), lane(Lane::Bulk));
    let sent = urgent + bulk;
    Enqueued {
        sent,
        left: notices.len() - sent,
    }
}

/// Sends one batch; answers how many of it SQS took.
async fn send(client: &Client, queue: &str, batch: &[&NoticeRef]) -> usize {
    let entries: Result<Vec<_>, BuildError> = batch
        .iter()
        .enumerate()
        .map(|(place, notice)| entry(place, notice))
        .collect();
    let request = client.send_message_batch().queue_url(queue);
    let failed: Vec<usize> = match entries.map(|entries| request.set_entries(Some(entries))) {
        Err(error) => everything(batch, &error),
        Ok(request) => match request.send().await {
            Err(error) => everything(batch, &error),
            Ok(answer) => answer
                .failed()
                .iter()
                .filter_map(|entry| entry.id().parse().ok())
                .collect(),
        },
    };
    for notice in failed.iter().filter_map(|&place| batch.get(place)) {
        tracing::warn!(ticket.id = %notice.ticket, notice.id = %notice.notice, "a notice was not enqueued; the tick will find it");
    }
    batch.len() - failed.len()
}

fn entry(place: usize, notice: &NoticeRef) -> Result<SendMessageBatchRequestEntry, BuildError> {
    let body = json!({ "ticket": notice.ticket, "notice": notice.notice });
    SendMessageBatchRequestEntry::builder()
        .id(place.to_string())
        .message_body(body.to_string())
        .build()
}

fn everything(batch: &[&NoticeRef], error: impl std::error::Error) -> Vec<usize> {
    tracing::warn!(error = %DisplayErrorContext(error), "a queue did not take its notices");
    (0..batch.len()).collect()
}
