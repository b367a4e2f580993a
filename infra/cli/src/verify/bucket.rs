//! Raw mail: each belongs to a ticket or a filed mail, and what these name is there.

use std::collections::BTreeMap;

use aws_sdk_s3::error::DisplayErrorContext;
use jiff::{SignedDuration, Timestamp};
use store::{Finding, Problem, StoreError, Survey};
use ticket::TicketId;

use super::Error;
use crate::connection::Stack;

/// The sweep has had three turns by then.
const UNFILED: SignedDuration = SignedDuration::from_mins(15);

/// The record of a filed mail expires after this long; its raw mail stays.
const RECORD_KEPT: SignedDuration = SignedDuration::from_hours(24 * 89);

/// SES writes it itself when the receipt rule is made.
const SETUP: &str = "AMAZON_SES_SETUP_NOTIFICATION";

/// A raw mail that a message names.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) ticket: TicketId,
    pub(super) ses_id: String,
}

/// Compares the bucket with the table. The inbox is listed first: a mail that moves meanwhile is seen at least once.
pub(super) async fn examine(
    stack: &Stack,
    survey: &Survey,
    named: &[Named],
    now: Timestamp,
) -> Result<Vec<Finding>, Error> {
    let inbox = list(stack, "inbox/").await?;
    let filed = list(stack, "filed/").await?;
    let of_tickets = list(stack, "tickets/").await?;
    let mut findings = Vec::new();
    let add = |findings: &mut Vec<Finding>, problem, what: String| {
        findings.push(Finding::for_a_person(problem, what));
    };
    for (key, at) in &inbox {
        let old = now.duration_since(*at) > UNFILED;
        if old && !key.ends_with(SETUP) && exists(stack, key).await? {
            add(&mut findings, Problem::Unfiled, key.clone());
        }
    }
    for key in of_tickets.keys() {
        let mut parts = key.split('/').skip(1);
        let ticket = parts.next().and_then(|id| id.parse::<TicketId>().ok());
        let known = match ticket {
            Some(id) => survey.tickets.contains(&id) || is_there(stack.store.load(id).await)?,
            None => false,
        };
        if !known {
            add(&mut findings, Problem::RawOrphan, key.clone());
        }
    }
    for (key, at) in &filed {
        let id = key.trim_start_matches("filed/");
        let young = now.duration_since(*at) < RECORD_KEPT;
        if young && !is_there(stack.store.filed(id).await)? {
            add(&mut findings, Problem::RawOrphan, key.clone());
        }
    }
    let there = |key: &str| {
        inbox.contains_key(key) || filed.contains_key(key) || of_tickets.contains_key(key)
    };
    for Named { ticket, ses_id } in named {
        let kept = format!("tickets/{ticket}/{ses_id}");
        let is_there = there(&kept) || there(&format!("inbox/{ses_id}"));
        if !is_there && !exists(stack, &kept).await? {
            add(&mut findings, Problem::RawMissing, kept);
        }
    }
    for mail in &survey.filed {
        let is_there = there(&mail.raw) || there(&format!("inbox/{}", mail.ses_id));
        if !is_there && !exists(stack, &mail.raw).await? {
            add(&mut findings, Problem::RawMissing, mail.raw.clone());
        }
    }
    Ok(findings)
}

/// Whether an item stands in the table; one that cannot be read is there, and the survey has found it.
fn is_there<T>(read: Result<Option<T>, StoreError>) -> Result<bool, StoreError> {
    match read {
        Ok(item) => Ok(item.is_some()),
        Err(error) if error.is_outage() => Err(error),
        Err(_) => Ok(true),
    }
}

/// Every key that begins so, with when it was written.
pub(super) async fn list(
    stack: &Stack,
    prefix: &str,
) -> Result<BTreeMap<String, Timestamp>, Error> {
    let (mut found, mut from) = (BTreeMap::new(), None);
    loop {
        let page = stack
            .s3
            .list_objects_v2()
            .bucket(&stack.bucket)
            .prefix(prefix)
            .set_continuation_token(from)
            .send()
            .await
            .map_err(|error| Error::Bucket(DisplayErrorContext(error).to_string()))?;
        for object in page.contents() {
            let at = object
                .last_modified()
                .map(aws_sdk_s3::primitives::DateTime::secs);
            let at = at.and_then(|at| Timestamp::from_second(at).ok());
            if let Some(key) = object.key() {
                found.insert(key.to_owned(), at.unwrap_or(Timestamp::MAX));
            }
        }
        from = page.next_continuation_token;
        if from.is_none() {
            return Ok(found);
        }
    }
}

pub(super) async fn exists(stack: &Stack, key: &str) -> Result<bool, Error> {
    Ok(list(stack, key).await?.contains_key(key))
}
