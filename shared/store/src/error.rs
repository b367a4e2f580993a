//! What can go wrong, sorted by what the caller does about it.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use ticket::{Refusal, TicketId};

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A rule says no. Tell whoever asked; asking again changes nothing.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// There is no such ticket. Answer as for a wrong link.
    #[error("there is no ticket {0}")]
    NoSuchTicket(TicketId),
    /// A newer binary wrote this item. Try again later: this binary is about to be replaced.
    #[error("{what} was written by a newer version (schema {found}); this one will not touch it")]
    NewerSchema {
        /// The item.
        what: String,
        /// Its schema version.
        found: u16,
    },
    /// Others write the same ticket, or the table is throttled. Try again.
    #[error("the table is busy: {0}")]
    Busy(&'static str),
    /// The table did not answer, or not with a result. Try again; the record tells what had been committed.
    #[error("{doing} failed")]
    Unavailable {
        /// What was being done.
        doing: &'static str,
        /// What the SDK says.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// An item cannot be read. Park the input; a person has to look.
    #[error("{what} cannot be read: {why}")]
    Corrupt {
        /// The item.
        what: String,
        /// What is wrong with it.
        why: String,
    },
}

impl StoreError {
    /// Whether the same call may succeed later.
    pub fn is_retryable(&self) -> bool {
        self.is_outage() || matches!(self, Self::NewerSchema { .. })
    }

    /// Whether the table did not serve the call. Anything else is about one item, and the next can be looked at.
    pub fn is_outage(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable { .. })
    }

    pub(crate) fn corrupt(what: impl Into<String>, why: impl std::fmt::Display) -> Self {
        Self::Corrupt {
            what: what.into(),
            why: why.to_string(),
        }
    }

    /// Sorts an SDK error: throttling is `Busy`, everything else `Unavailable` with its source.
    pub(crate) fn of_sdk<E, R>(doing: &'static str, error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
        R: std::fmt::Debug + Send + Sync + 'static,
    {
        match error.code() {
            Some(
                "ThrottlingException"
                | "ProvisionedThroughputExceededException"
                | "RequestLimitExceeded"
                | "TransactionConflictException"
                | "TransactionInProgressException",
            ) => Self::Busy(doing),
            _ => Self::Unavailable {
                doing,
                source: Box::new(error),
            },
        }
    }
}

/// Whether an update was not done because its condition does not hold: an answer, not a failure.
pub(crate) fn is_failed_condition(error: &SdkError<UpdateItemError>) -> bool {
    let error = error.as_service_error();
    error.is_some_and(UpdateItemError::is_conditional_check_failed_exception)
}
