//! Mail whose event was lost: whatever lies under `inbox/` for minutes is filed as if its event had come.

use jiff::{SignedDuration, Timestamp};
use runtime::telemetry::Chain;
use runtime::{Diagnostic, Invocation, Seen};
use serde::Serialize;

use crate::bucket::{Left, Raw};
use crate::handler::{Desk, Failure, one};
use crate::top;

/// Younger mail is left to its event. With a sweep every 5 minutes, lost mail is found within 10.
const AGE: SignedDuration = SignedDuration::from_mins(5);

/// Mails of one run; more wait for the next, so that a run ends well within its time.
const MOST: usize = 20;

/// What a sweep did, for the log and for whoever drives the clock.
#[derive(Debug, Default, Serialize)]
pub struct Swept {
    /// When to look again at the latest; none when nothing lies in the inbox.
    next: Option<Timestamp>,
    /// Mails that were filed.
    filed: usize,
    /// Mails that could not be filed; they stay where they are.
    failed: usize,
    /// Mails that are still there: too young, failed, or beyond what one run takes.
    left: usize,
}

/// Files what was left behind. A mail whose event comes after all, before, after or meanwhile, is decided once: by its
/// SES id.
///
/// # Errors
/// The inbox cannot be listed: the next sweep does its work.
pub async fn sweep(desk: &Desk, invocation: &Invocation) -> Result<Swept, Diagnostic> {
    let now = invocation.now;
    let found = desk.bucket.inbox().await.map_err(|error| Diagnostic {
        error_type: "InboxUnreadable".to_owned(),
        error_message: Chain(&error).to_string(),
    })?;
    let old = |left: &&Left| left.at.checked_add(AGE).is_ok_and(|due| due <= now);
    let due: Vec<&Left> = found.iter().filter(old).collect();
    let mut swept = Swept::default();
    for left in turn(&due, now) {
        match refile(desk, left, now).await {
            Ok(()) => swept.filed += 1,
            Err(cause) => {
                tracing::error!(seen = Seen::EventFailed.name(), mail.message_id = %left.id, error = %Chain(cause.as_ref()), "a mail left in the inbox was not filed");
                swept.failed += 1;
            }
        }
    }
    swept.left = found.len() - swept.filed;
    let again = |left: &Left| left.at.checked_add(AGE).map_or(now, |due| due.max(now));
    let next = found.iter().map(again).min();
    swept.next = next.filter(|_| swept.left > 0);
    tracing::info!(
        filed = swept.filed,
        failed = swept.failed,
        left = swept.left,
        "swept the inbox"
    );
    Ok(swept)
}

/// The mails of this run: beginning elsewhere each time, so that some which cannot be filed never keep others waiting.
fn turn<'l>(due: &[&'l Left], now: Timestamp) -> Vec<&'l Left> {
    let runs = usize::try_from(now.as_second() / AGE.as_secs()).unwrap_or(0);
    let start = (runs * MOST).checked_rem(due.len()).unwrap_or(0);
    let around = due[start..].iter().chain(&due[..start]);
    around.take(MOST).copied().collect()
}

/// Files one mail by what SES wrote on it. One that is gone was filed meanwhile.
async fn refile(desk: &Desk, left: &Left, now: Timestamp) -> Result<(), Failure> {
    let limit = mail::Limits::DEFAULT.total_bytes;
    let record = match desk.bucket.read(&left.id, limit).await? {
        Raw::Gone => return Ok(()),
        Raw::Mail(raw) | Raw::TooLarge(_, raw) => top::record(&left.id, left.at, &raw),
    };
    tracing::warn!(seen = Seen::EventLost.name(), mail.message_id = %left.id, "a mail's event was lost; it is filed by what SES wrote on it");
    one(desk, &record, now).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_mails_each_has_its_turn() {
        let at: Timestamp = "2026-11-23T05:40:00Z".parse().unwrap();
        let all: Vec<Left> = (0..50)
            .map(|n| Left {
                id: n.to_string(),
                at,
            })
            .collect();
        let due: Vec<&Left> = all.iter().collect();
        let mut seen = std::collections::BTreeSet::new();
        for run in 0..5 {
            let now = at + AGE * run;
            let taken = turn(&due, now);
            assert_eq!(taken.len(), MOST);
            seen.extend(taken.iter().map(|left| left.id.clone()));
        }
        assert_eq!(seen.len(), 50);
        assert!(turn(&[], at).is_empty());
    }
}
