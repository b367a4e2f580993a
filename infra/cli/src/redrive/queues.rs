//! The on-failure queue and the dead-letter queues.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use aws_sdk_sqs::error::DisplayErrorContext;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, Message, MessageSystemAttributeName,
    QueueAttributeName,
};
use jiff::Timestamp;
use serde_json::Value;

use super::letter::{Back, Letter, dead_letter, on_failure as read_record};
use super::{Came, Outcome};
use crate::connection::Stack;
use crate::text;

/// A message that was listed or tried is hidden this long, should the command be killed before it shows it again.
const HIDDEN: i32 = 120;

/// What to do about a message that nobody can handle.
const UNREADABLE: &str = "A message that names no handler: read it with `aws sqs receive-message`, and delete it when nobody needs it.";

/// What to do about one that was not taken.
const NOT_TAKEN: &str = "What was not taken stays where it was: see the reason above, then run this again; twice is as good as once.";

type Failed = Box<dyn Error>;

/// Events that a function failed at three times, or that never reached one.
pub(super) async fn on_failure(
    stack: &Stack,
    dry_run: bool,
    came: &mut Came,
) -> Result<(), Failed> {
    let url = url(stack, "ON_FAILURE_QUEUE_URL")?;
    let place = Place {
        stack,
        name: "on-failure",
        terminal: url,
        source: None,
    };
    place.run(dry_run, came).await
}

/// Notices whose message could not be handled.
pub(super) async fn dead_letters(
    stack: &Stack,
    dry_run: bool,
    came: &mut Came,
) -> Result<(), Failed> {
    for (variable, name) in [
        ("URGENT_QUEUE_URL", "urgent dead letters"),
        ("BULK_QUEUE_URL", "bulk dead letters"),
    ] {
        let source = url(stack, variable)?;
        let place = Place {
            stack,
            name,
            terminal: behind(stack, &source).await?,
            source: Some(source),
        };
        place.run(dry_run, came).await?;
    }
    Ok(())
}

fn url(stack: &Stack, variable: &'static str) -> Result<String, Failed> {
    stack.queues.get(variable).cloned().ok_or_else(|| {
        format!("{variable} is missing; it is among the stack's outputs (docs/OPERATIONS.md, \"Deploying\")")
            .into()
    })
}

/// The dead-letter queue of a queue.
async fn behind(stack: &Stack, source: &str) -> Result<String, Failed> {
    let asked = stack
        .sqs
        .get_queue_attributes()
        .queue_url(source)
        .attribute_names(QueueAttributeName::RedrivePolicy);
    let answer = asked.send().await.map_err(said)?;
    let policy = answer
        .attributes()
        .and_then(|all| all.get(&QueueAttributeName::RedrivePolicy));
    let policy: Value = serde_json::from_str(policy.map_or("", String::as_str))?;
    let arn = policy["deadLetterTargetArn"].as_str().unwrap_or_default();
    let name = arn.rsplit(':').next().unwrap_or_default();
    let answer = stack.sqs.get_queue_url().queue_name(name).send().await;
    let answer = answer.map_err(said)?;
    answer
        .queue_url
        .ok_or_else(|| "a queue has no dead-letter queue".into())
}

fn said<E: Error + 'static>(error: E) -> Failed {
    format!("the queue did not answer: {}", DisplayErrorContext(error)).into()
}

/// One terminal queue.
struct Place<'s> {
    stack: &'s Stack,
    name: &'static str,
    terminal: String,
    /// Where its messages came from, if a queue.
    source: Option<String>,
}

impl Place<'_> {
    /// Goes through the queue until it shows nothing new.
    async fn run(&self, dry_run: bool, came: &mut Came) -> Result<(), Failed> {
        let mut seen = BTreeSet::new();
        let mut hidden = Vec::new();
        let result = loop {
            let batch = match self.receive().await {
                Ok(batch) => batch,
                Err(error) => break Err(error),
            };
            let fresh: Vec<Message> = batch
                .into_iter()
                .filter(|message| seen.insert(message.message_id().unwrap_or_default().to_owned()))
                .collect();
            if fresh.is_empty() {
                break Ok(());
            }
            for message in fresh {
                let outcome = self.one(&message, dry_run, came).await;
                if !matches!(outcome, Outcome::Back) {
                    hidden.extend(message.receipt_handle);
                }
            }
        };
        self.show(&hidden).await;
        result
    }

    /// The next messages: a long poll asks every server of the queue, so that an empty answer means an empty queue.
    async fn receive(&self) -> Result<Vec<Message>, Failed> {
        let asked = self
            .stack
            .sqs
            .receive_message()
            .queue_url(&self.terminal)
            .max_number_of_messages(10)
            .visibility_timeout(HIDDEN)
            .wait_time_seconds(1)
            .message_attribute_names("All")
            .message_system_attribute_names(MessageSystemAttributeName::SentTimestamp);
        let answer = asked.send().await.map_err(said)?;
        Ok(answer.messages.unwrap_or_default())
    }

    /// Lists a message, or gives it back and then deletes it: killed in between, it is given back twice.
    async fn one(&self, message: &Message, dry_run: bool, came: &mut Came) -> Outcome {
        let body = message.body().unwrap_or_default();
        let letter = match self.source {
            None => read_record(body, &attributes(message)),
            Some(_) => dead_letter(body),
        };
        let outcome = match (&letter.back, dry_run) {
            (None, _) => Outcome::Left(UNREADABLE),
            (Some(_), true) => Outcome::Waits,
            (Some(back), false) => match self.give(back, body, message).await {
                Ok(()) => Outcome::Back,
                Err(error) => {
                    eprintln!("troth: {}: {error}", letter.which);
                    Outcome::Left(NOT_TAKEN)
                }
            },
        };
        came.add(self.line(message, &letter), outcome);
        outcome
    }

    async fn give(&self, back: &Back, body: &str, message: &Message) -> Result<(), Failed> {
        let sqs = &self.stack.sqs;
        match (back, &self.source) {
            (Back::Function(name, event), _) => {
                self.stack.functions.give(name, event.as_bytes()).await?;
            }
            (Back::Queue, Some(source)) => {
                let sent = sqs.send_message().queue_url(source).message_body(body);
                sent.send().await.map_err(said)?;
            }
            (Back::Queue, None) => return Err("it came from no queue".into()),
        }
        sqs.delete_message()
            .queue_url(&self.terminal)
            .receipt_handle(message.receipt_handle().unwrap_or_default())
            .send()
            .await
            .map_err(said)?;
        Ok(())
    }

    /// Shows what stays to whoever looks next. What is not shown again comes back by itself.
    async fn show(&self, receipts: &[String]) {
        for batch in receipts.chunks(10) {
            let entries = batch.iter().enumerate().filter_map(|(place, receipt)| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(place.to_string())
                    .receipt_handle(receipt)
                    .visibility_timeout(0)
                    .build()
                    .ok()
            });
            let request = self.stack.sqs.change_message_visibility_batch();
            let request = request.queue_url(&self.terminal);
            let shown = request.set_entries(Some(entries.collect())).send().await;
            if shown.is_err() {
                eprintln!("troth: what stays is hidden for {HIDDEN} seconds");
            }
        }
    }

    fn line(&self, message: &Message, letter: &Letter) -> [String; 4] {
        let since = message
            .attributes()
            .and_then(|all| all.get(&MessageSystemAttributeName::SentTimestamp))
            .and_then(|ms| Timestamp::from_millisecond(ms.parse().ok()?).ok());
        let since = since.map_or_else(|| "-".to_owned(), |at| format!("{at:.0}"));
        let why: String = text::line(&letter.why).chars().take(160).collect();
        [self.name.to_owned(), text::line(&letter.which), since, why]
    }
}

fn attributes(message: &Message) -> BTreeMap<String, String> {
    let all = message.message_attributes().into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.clone(), value.string_value()?.to_owned())))
        .collect()
}
