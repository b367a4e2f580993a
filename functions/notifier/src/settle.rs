//! What becomes of a notice, in the table and on its ticket.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use runtime::{Seen, outbox};
use store::{Instants, OutboxEntry, State, StoreError};
use ticket::{AddressHash, Addressee, Command, Text};

use crate::answer::Wait;
use crate::handler::{Desk, Failure, Named};

/// How often SES's answer is offered to the table before the lease has to decide.
const RECORD_ATTEMPTS: u32 = 5;

/// SES has the mail: records it before anything else, then does what follows.
pub(crate) async fn sent(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    ses_id: &str,
    acknowledged: bool,
    now: Timestamp,
) -> Result<(), Failure> {
    record(desk, named, ses_id, now).await.inspect_err(|_| {
        tracing::error!(ticket.id = %named.ticket, notice.id = %named.notice, ses.message_id = ses_id, "a mail has left and could not be recorded; it leaves again when its lease is over");
    })?;
    tracing::info!(ticket.id = %named.ticket, notice.id = %named.notice, ses.message_id = ses_id, "sent a notice");
    if acknowledged && entry.notice.text == Text::Acknowledgement {
        return Ok(());
    }
    acknowledge(desk, named, entry, now, now).await
}

async fn record(
    desk: &Desk,
    named: &Named,
    ses_id: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let mut attempt = 1;
    loop {
        match desk
            .store
            .sent(named.ticket, &named.notice, ses_id, now)
            .await
        {
            Err(error) if error.is_retryable() && attempt < RECORD_ATTEMPTS => {
                desk.store.wait(Duration::from_millis(50 << attempt)).await;
                attempt += 1;
            }
            outcome => return outcome,
        }
    }
}

/// A second delivery: nothing is sent, but the first one may have been killed before what follows a sent notice.
pub(crate) async fn already(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    now: Timestamp,
) -> Result<(), Failure> {
    match &entry.state {
        State::Sent { at, .. } => acknowledge(desk, named, entry, *at, now).await,
        _ => Ok(()),
    }
}

/// Meets the `acknowledge` promise of the tickets that the notice acknowledges, at the instant at which SES took the mail.
/// Doing it twice is the same as once.
async fn acknowledge(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    at: Timestamp,
    now: Timestamp,
) -> Result<(), Failure> {
    let instants = Instants::new(at, now);
    for ticket in entry.notice.text.acknowledges(named.ticket) {
        desk.store
            .execute(ticket, &Command::Acknowledged, instants, None)
            .await?;
    }
    Ok(())
}

/// The notice has lost its point.
pub(crate) async fn pointless(desk: &Desk, named: &Named, now: Timestamp) -> Result<(), Failure> {
    desk.store
        .superseded(named.ticket, &named.notice, now)
        .await?;
    tracing::info!(ticket.id = %named.ticket, notice.id = %named.notice, "a notice has lost its point");
    Ok(())
}

/// No time was left to send it: the next tick enqueues it again.
pub(crate) async fn untouched(desk: &Desk, named: &Named, now: Timestamp) -> Result<(), Failure> {
    desk.store.later(named.ticket, &named.notice, now).await?;
    tracing::warn!(ticket.id = %named.ticket, notice.id = %named.notice, "no time was left to send a notice");
    Ok(())
}

/// SES wants us to wait: the notice's next try is its due key, and the tick enqueues it again.
pub(crate) async fn later(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    wait: Wait,
    now: Timestamp,
) -> Result<(), Failure> {
    let until = next_try(named, wait.duration(entry.tries), now);
    desk.store.later(named.ticket, &named.notice, until).await?;
    if wait.needs_a_person() {
        tracing::error!(seen = Seen::SendingStopped.name(), ticket.id = %named.ticket, notice.id = %named.notice, ?wait, %until, "SES takes no mail from us; a notice is put off");
    } else {
        tracing::warn!(seen = Seen::NoticeThrottled.name(), ticket.id = %named.ticket, notice.id = %named.notice, ?wait, %until, "a notice is put off");
    }
    Ok(())
}

/// Between once and twice the wait, spread by the notice's id: what was refused together must not come back together.
fn next_try(named: &Named, wait: Duration, now: Timestamp) -> Timestamp {
    let hash = named.notice.as_str().bytes().fold(0u64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(u64::from(byte))
    });
    let seconds = wait.as_secs() + hash % wait.as_secs().max(1);
    let wait = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    now.saturating_add(wait).unwrap_or(Timestamp::MAX)
}

/// Mail to this address was stopped. An agent whose words do not go out is told each time; of automatic mail, the agents
/// of the ticket are told once.
pub(crate) async fn stopped(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    who: &AddressHash,
    reason: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let words = matches!(entry.notice.text, Text::Reply { .. });
    let known = match desk.store.load(named.ticket).await? {
        Some(stored) => stored.ticket.not_reached.contains(who),
        None => true,
    };
    if words || !known {
        return never(desk, named, entry, reason, now).await;
    }
    desk.store
        .failed(named.ticket, &named.notice, reason, now)
        .await?;
    tracing::info!(seen = Seen::NoticeSuppressed.name(), ticket.id = %named.ticket, notice.id = %named.notice, reason, "a notice is not sent");
    Ok(())
}

/// The notice can never be sent: first the ticket shows it, then the notice is settled, so that a kill between the two
/// tries again. The ticket takes the failure of one notice once.
pub(crate) async fn never(
    desk: &Desk,
    named: &Named,
    entry: &OutboxEntry,
    reason: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let who = match &entry.notice.to {
        Addressee::Customer(hash) => Some(hash.clone()),
        Addressee::Staff(_) | Addressee::Address(_) => None,
    };
    tracing::error!(seen = Seen::NoticeRefused.name(), ticket.id = %named.ticket, notice.id = %named.notice, staff = who.is_none(), reason, "a notice can never be sent");
    let instants = Instants::new(now, now);
    let shown = desk
        .store
        .not_reached(named.ticket, &named.notice, who, reason, instants)
        .await;
    match shown {
        Ok(told) => {
            outbox::enqueue(&desk.sqs, &desk.queues, &told).await;
        }
        Err(error) if error.is_retryable() => return Err(error.into()),
        // A ticket that cannot show it must not keep the notice going round for ever.
        Err(error) => {
            tracing::error!(ticket.id = %named.ticket, notice.id = %named.notice, %error, "a ticket does not show that a notice failed");
        }
    }
    desk.store
        .failed(named.ticket, &named.notice, reason, now)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticket::{NoticeId, Pepper, TicketId};

    #[test]
    fn what_was_refused_together_is_spread_over_the_wait() {
        let ticket = TicketId::derive(&Pepper::new("pepper"), "form", "a", 0);
        let now = Timestamp::UNIX_EPOCH;
        let tries: std::collections::BTreeSet<i64> = (0..50)
            .map(|n: u32| {
                let notice = NoticeId::of(ticket, &[&n.to_string()]);
                next_try(&Named { ticket, notice }, Duration::from_mins(1), now).as_second()
            })
            .collect();
        assert!(tries.iter().all(|second| (60..120).contains(second)));
        assert!(tries.len() > 20, "{tries:?}");
    }
}
