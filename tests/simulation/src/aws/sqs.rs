//! SQS: two queues with visibility, receive counts and dead letters. The functions only send; receiving is the event
//! source's, which is the simulation itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Reply, only, text};

/// As in `infra/template.yaml`.
const VISIBILITY: u64 = 360 * 1_000_000;
pub(crate) const MOST_RECEIVES: usize = 5;
pub(crate) const BATCH: usize = 10;

/// What no function of the desk has written: it must be found among the dead letters, and nothing with it.
pub(crate) const UNREADABLE: [&str; 3] = [
    "no record of ours",
    r#"{"ticket":"none","notice":"none"}"#,
    r#"{"notice":7}"#,
];

#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: String,
    pub(crate) body: String,
    visible: u64,
    pub(crate) receives: usize,
}

#[derive(Debug, Default)]
pub(crate) struct Queues {
    waiting: BTreeMap<String, Vec<Message>>,
    pub(crate) dead: Vec<Message>,
    sent: u64,
    /// When a record was sent first and last, in microseconds, by its words.
    sent_at: BTreeMap<String, (u64, u64)>,
}

impl Queues {
    pub(crate) fn answer(&mut self, operation: &str, body: &Value, now: u64) -> Reply {
        assert_eq!(
            operation, "SendMessageBatch",
            "an operation of SQS that the simulation does not know"
        );
        only(body, &["QueueUrl", "Entries"]);
        let entries = body["Entries"].as_array().map_or(&[][..], Vec::as_slice);
        assert!(
            (1..=BATCH).contains(&entries.len()),
            "a batch of {}",
            entries.len()
        );
        let mut done = Vec::new();
        for entry in entries {
            only(entry, &["Id", "MessageBody"]);
            self.send(text(body, "QueueUrl"), text(entry, "MessageBody"), now);
            done.push(json!({ "Id": entry["Id"], "MessageId": format!("m{}", self.sent), "MD5OfMessageBody": "" }));
        }
        Reply::json(200, &json!({ "Successful": done, "Failed": [] }))
    }

    pub(crate) fn send(&mut self, queue: &str, body: &str, visible: u64) {
        self.sent += 1;
        let (_, last) = self
            .sent_at
            .entry(body.to_owned())
            .or_insert((visible, visible));
        *last = visible;
        let id = format!("m{}", self.sent);
        let message = Message {
            id,
            body: body.to_owned(),
            visible,
            receives: 0,
        };
        self.waiting
            .entry(queue.to_owned())
            .or_default()
            .push(message);
    }

    /// When a record was sent first and last, in microseconds.
    pub(crate) fn sent_at(&self, body: &str) -> Option<(u64, u64)> {
        self.sent_at.get(body).copied()
    }

    /// What has not been deleted yet.
    pub(crate) fn waiting(&self, queue: &str) -> &[Message] {
        self.waiting.get(queue).map_or(&[], Vec::as_slice)
    }

    /// What can be received now, at most so many; what was received too often goes to the dead letters.
    pub(crate) fn receive(&mut self, queue: &str, most: usize, now: u64) -> Vec<Message> {
        let Some(messages) = self.waiting.get_mut(queue) else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        let mut place = 0;
        while place < messages.len() && taken.len() < most {
            if messages[place].visible > now {
                place += 1;
            } else if messages[place].receives >= MOST_RECEIVES {
                self.dead.push(messages.remove(place));
            } else {
                messages[place].receives += 1;
                messages[place].visible = now + VISIBILITY;
                taken.push(messages[place].clone());
                place += 1;
            }
        }
        taken
    }

    pub(crate) fn delete(&mut self, queue: &str, id: &str) {
        if let Some(messages) = self.waiting.get_mut(queue) {
            messages.retain(|message| message.id != id);
        }
    }

    /// The earliest instant at which something can be received.
    pub(crate) fn next(&self, queue: &str) -> Option<u64> {
        self.waiting
            .get(queue)?
            .iter()
            .map(|message| message.visible)
            .min()
    }
}
