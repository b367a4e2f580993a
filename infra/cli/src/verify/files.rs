//! Files of mails: each that a message lists is there, and each that is there is listed.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use runtime::file_object;
use store::{Finding, Problem};
use ticket::FileKey;

use super::Error;
use super::bucket::{exists, list};
use crate::connection::Stack;

/// A file is written before its ticket names it, by a function that lives a minute; a younger one may still get its ticket.
const SETTLED: SignedDuration = SignedDuration::from_mins(15);

/// Compares the files with the messages, which were read before: a file that came meanwhile is too young to count.
pub(super) async fn examine(
    stack: &Stack,
    listed: &BTreeSet<FileKey>,
    now: Timestamp,
) -> Result<Vec<Finding>, Error> {
    let there = list(stack, "files/").await?;
    let listed: BTreeSet<String> = listed.iter().map(file_object).collect();
    let mut findings = Vec::new();
    for (object, at) in &there {
        if !listed.contains(object) && now.duration_since(*at) > SETTLED {
            findings.push(Finding::for_a_person(Problem::FileOrphan, object.clone()));
        }
    }
    for object in listed {
        if !there.contains_key(&object) && !exists(stack, &object).await? {
            findings.push(Finding::for_a_person(Problem::FileMissing, object));
        }
    }
    Ok(findings)
}
