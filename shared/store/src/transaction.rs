//! Transactions of labelled operations, so that a cancellation says which condition failed.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{Put, TransactWriteItem, Update};

use ticket::SCHEMA;

use crate::error::StoreError;
use crate::item::{Item, number};

/// `DynamoDB` takes 100 operations in a transaction.
const MAX_OPERATIONS: usize = 100;

/// What an operation is for; the answer when its condition fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Label {
    /// The snapshot: somebody else changed the ticket first.
    Version,
    /// The first snapshot of a ticket: it exists already.
    Existence,
    /// An idempotency record: this input has been taken before.
    Once,
    /// A counter that somebody raised since it was read.
    Counter,
    /// A notice that is no longer in the state it was in.
    NoticeState,
    /// An operation without a condition.
    Unconditional,
}

/// How a transaction ended, other than by failing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Commit {
    /// Everything was written.
    Done,
    /// Nothing was written: the condition of this operation failed.
    Failed(Label),
}

/// Operations to be written together.
#[derive(Debug)]
pub(crate) struct Transaction<'t> {
    table: &'t str,
    labels: Vec<Label>,
    operations: Vec<TransactWriteItem>,
}

impl<'t> Transaction<'t> {
    pub(crate) fn new(table: &'t str) -> Self {
        Self {
            table,
            labels: Vec::new(),
            operations: Vec::new(),
        }
    }

    pub(crate) fn table(&self) -> &'t str {
        self.table
    }

    pub(crate) fn push(&mut self, label: Label, operation: TransactWriteItem) {
        self.labels.push(label);
        self.operations.push(operation);
    }

    /// Writes an item whatever is there.
    pub(crate) fn put(&mut self, item: Item) {
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .build();
        self.push(
            Label::Unconditional,
            TransactWriteItem::builder().set_put(put.ok()).build(),
        );
    }

    /// Writes an item that must not exist yet.
    pub(crate) fn put_new(&mut self, label: Label, item: Item) {
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(PK)")
            .build();
        self.push(
            label,
            TransactWriteItem::builder().set_put(put.ok()).build(),
        );
    }

    /// Replaces the snapshot if it is still at this sequence number and no newer binary wrote it meanwhile.
    pub(crate) fn put_snapshot(&mut self, item: Item, seq: u32) {
        let put = Put::builder()
            .table_name(self.table)
            .set_item(Some(item))
            .condition_expression("seq = :seq AND v <= :schema")
            .expression_attribute_values(":seq", number(seq))
            .expression_attribute_values(":schema", number(SCHEMA))
            .build();
        self.push(
            Label::Version,
            TransactWriteItem::builder().set_put(put.ok()).build(),
        );
    }

    /// An update with its own condition.
    pub(crate) fn update(
        &mut self,
        label: Label,
        update: aws_sdk_dynamodb::types::builders::UpdateBuilder,
    ) {
        let update: Result<Update, _> = update.table_name(self.table).build();
        self.push(
            label,
            TransactWriteItem::builder().set_update(update.ok()).build(),
        );
    }

    /// Writes everything or nothing.
    ///
    /// # Errors
    /// `Busy` on conflicts and throttling; `Unavailable` when the outcome is unknown: read the record.
    pub(crate) async fn commit(self, client: &Client) -> Result<Commit, StoreError> {
        const DOING: &str = "writing a transaction";
        if self.operations.len() > MAX_OPERATIONS {
            return Err(ticket::Refusal::TooMuchAtOnce.into());
        }
        let sent = client
            .transact_write_items()
            .set_transact_items(Some(self.operations))
            .send()
            .await;
        let Err(error) = sent else {
            return Ok(Commit::Done);
        };
        if let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) =
            error.as_service_error()
        {
            let codes: Vec<&str> = canceled
                .cancellation_reasons()
                .iter()
                .map(|reason| reason.code().unwrap_or("None"))
                .collect();
            return outcome(&self.labels, &codes)
                .unwrap_or_else(|| Err(StoreError::of_sdk(DOING, error)));
        }
        Err(StoreError::of_sdk(DOING, error))
    }
}

/// Reads the cancellation reasons, which stand in the order of the operations. A failed condition outweighs a conflict:
/// it is an answer, and a conflict only a reason to ask again.
fn outcome(labels: &[Label], codes: &[&str]) -> Option<Result<Commit, StoreError>> {
    let failed = codes
        .iter()
        .position(|code| *code == "ConditionalCheckFailed");
    if let Some(label) = failed.and_then(|place| labels.get(place)) {
        return Some(Ok(Commit::Failed(*label)));
    }
    codes
        .iter()
        .find_map(|code| match *code {
            "TransactionConflict" => Some("others write the same items"),
            "ThrottlingError" | "ProvisionedThroughputExceeded" => Some("throttled"),
            _ => None,
        })
        .map(|why| Err(StoreError::Busy(why)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancellation_names_the_operation_whose_condition_failed() {
        let labels = [Label::Version, Label::Unconditional, Label::Once];
        let codes = ["None", "None", "ConditionalCheckFailed"];
        let result = outcome(&labels, &codes).unwrap().unwrap();
        assert_eq!(result, Commit::Failed(Label::Once));
    }

    #[test]
    fn a_conflict_is_busy_and_an_unknown_reason_is_nothing() {
        let labels = [Label::Version];
        assert!(matches!(
            outcome(&labels, &["TransactionConflict"]),
            Some(Err(StoreError::Busy(_)))
        ));
        assert!(outcome(&labels, &["ValidationError"]).is_none());
    }
}
