//! Hurries committed notices along.
//!
//! The row is the retry: a notice that is not enqueued here is found by the tick. So a failure is
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FakeWire, config};
    use serde_json::Value;
    use ticket::{NoticeId, Pepper, TicketId};

    fn notices(lane: Lane, count: usize) -> Vec<NoticeRef> {
        let ticket = TicketId::derive(&Pepper::new("pepper"), "form", "a", 0);
        let notice = |number: usize| NoticeRef {
            ticket,
            notice: NoticeId::of(ticket, &[&number.to_string()]),
            lane,
        };
        (0..count).map(notice).collect()
    }

    fn accepted(body: &Value, failed: &[&str]) -> (u16, Value) {
        let ids = body["Entries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry["Id"].as_str().unwrap());
        let (bad, good): (Vec<&str>, Vec<&str>) = ids.partition(|id| failed.contains(id));
        let good: Vec<Value> = good
            .iter()
            .map(|id| json!({ "Id": id, "MessageId": "m", "MD5OfMessageBody": "" }))
            .collect();
        let bad: Vec<Value> = bad
            .iter()
            .map(|id| json!({ "Id": id, "SenderFault": false, "Code": "InternalError" }))
            .collect();
        (200, json!({ "Successful": good, "Failed": bad }))
    }

    #[tokio::test]
    async fn notices_go_to_their_lanes_ten_at_a_time() {
        let wire = FakeWire::new(|body| accepted(body, &[]));
        let all = [notices(Lane::Bulk, 3), notices(Lane::Urgent, 21)].concat();
        let enqueued = enqueue(&wire.clients().sqs(), &Queues::of(&config()), &all).await;
        assert_eq!(enqueued, Enqueued { sent: 24, left: 0 });
        let mut sizes: Vec<(String, usize)> = wire
            .asked()
            .iter()
            .map(|body| {
                (
                    body["QueueUrl"].as_str().unwrap().to_owned(),
                    body["Entries"].as_array().unwrap().len(),
                )
            })
            .collect();
        sizes.sort();
        let expected = [
            ("<BULK_QUEUE_URL>", 3),
            ("<URGENT_QUEUE_URL>", 1),
            ("<URGENT_QUEUE_URL>", 10),
            ("<URGENT_QUEUE_URL>", 10),
        ];
        assert_eq!(
            sizes,
            expected.map(|(queue, size)| (queue.to_owned(), size))
        );
        let body: Value = serde_json::from_str(
            wire.asked()[0]["Entries"][0]["MessageBody"]
                .as_str()
                .unwrap(),
        )
        .unwrap();
        assert_eq!(body["ticket"], json!(all[0].ticket));
    }

    #[tokio::test]
    async fn what_a_queue_does_not_take_is_left_to_the_tick() {
        let wire = FakeWire::new(|body| accepted(body, &["1", "2"]));
        let enqueued = enqueue(
            &wire.clients().sqs(),
            &Queues::of(&config()),
            &notices(Lane::Bulk, 4),
        )
        .await;
        assert_eq!(enqueued, Enqueued { sent: 2, left: 2 });
    }

    #[tokio::test]
    async fn a_queue_that_is_down_fails_no_request() {
        let wire = FakeWire::new(|_| (500, json!({ "__type": "InternalError" })));
        let enqueued = enqueue(
            &wire.clients().sqs(),
            &Queues::of(&config()),
            &notices(Lane::Urgent, 4),
        )
        .await;
        assert_eq!(enqueued, Enqueued { sent: 0, left: 4 });
    }
}
