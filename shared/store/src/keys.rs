//! Every key of the table, built here and nowhere else.

use jiff::Timestamp;
use policy::PolicyHash;
use ticket::{AddressHash, ContentDigest, NoticeId, TicketId};

/// Partition key of a ticket and everything that belongs to it.
pub(crate) fn ticket(id: TicketId) -> String {
    format!("{TICKET}{id}")
}

/// What the partition keys of tickets begin with.
pub(crate) const TICKET: &str = "T#";

/// Sort key of the snapshot.
pub(crate) const SNAPSHOT: &str = "ticket";

/// Sort key of an event; six digits, so that they sort.
pub(crate) fn event(seq: u32) -> String {
    format!("e#{seq:06}")
}

/// What all events of a ticket begin with.
pub(crate) const EVENTS: &str = "e#";

/// What all notices of a ticket begin with.
pub(crate) const NOTICES: &str = "n#";

/// Sort key of a participant.
pub(crate) fn participant(hash: &AddressHash) -> String {
    format!("{PARTICIPANTS}{hash}")
}

/// What the sort keys of participants begin with.
pub(crate) const PARTICIPANTS: &str = "c#";

/// Sort key of a notice.
pub(crate) fn notice(id: &NoticeId) -> String {
    format!("{NOTICES}{id}")
}

/// Partition key of an idempotency record; the caller's key is digested, since it may be anything.
pub(crate) fn once(source: &str, key: &str) -> String {
    format!(
        "{ONCE_RECORDS}{source}#{}",
        ContentDigest::of(&[key.as_bytes()])
    )
}

/// What the partition keys of idempotency records begin with.
pub(crate) const ONCE_RECORDS: &str = "I#";

/// Partition key of a counter; what people wrote stands in its key as a digest only.
pub(crate) fn counter(key: &str) -> String {
    format!("{COUNTERS}{key}")
}

/// What the partition keys of counters begin with.
pub(crate) const COUNTERS: &str = "R#";

/// Partition and sort key of the switch that stops acknowledgements.
pub(crate) const SWITCH: (&str, &str) = ("B", "acknowledgements");

/// Sort key of a counter.
pub(crate) const COUNTER: &str = "r";

/// Sort key of an idempotency record.
pub(crate) const ONCE: &str = "i";

/// Partition key of a policy version.
pub(crate) fn policy(hash: &PolicyHash) -> String {
    format!("P#{hash}")
}

/// Sort key of a policy version.
pub(crate) const POLICY: &str = "p";

/// What the sort keys of a version's pages begin with; the language follows.
pub(crate) const PAGES: &str = "page#";

/// Partition key of all publications, and what their sort keys begin with.
pub(crate) const PUBLICATIONS: (&str, &str) = ("P", "v#");

/// Partition and sort key of the pointer that older binaries wrote in place of publications.
pub(crate) const CURRENT_POLICY: (&str, &str) = ("P", "current");

/// What the sort keys of rollouts begin with, and their names in the due index; they stand beside the publications.
pub(crate) const ROLLOUTS: &str = "r#";

/// The shard of the due index that rollouts stand in: there are too few to spread.
pub(crate) const ROLLOUT_SHARD: u32 = 0;

/// Partition key of declared busy times, and what their sort keys begin with.
pub(crate) const BUSY: (&str, &str) = ("B", "b#");

/// Partition key of what is known of a mail by the local part of its message id.
pub(crate) fn mail(local_part: &str) -> String {
    format!("{MAIL}{local_part}")
}

/// What the keys of mails begin with; the local part of the id follows.
pub(crate) const MAIL: &str = "M#";

/// The partition of the queue index that lists filed mails; no department's, since those have a `#` in them.
pub(crate) const FILED: &str = "filed";

/// Sort key of a mail that we sent.
pub(crate) const MAIL_SENT: &str = "m";

/// Sort key of a mail that was filed without a ticket.
pub(crate) const MAIL_FILED: &str = "f";

/// Partition key of what is known of an address, whatever ticket it is on.
pub(crate) fn contact(hash: &AddressHash) -> String {
    format!("{CONTACTS}{hash}")
}

/// What the partition keys of what is known of addresses begin with.
pub(crate) const CONTACTS: &str = "C#";

/// Sort key of whether mail reaches an address.
pub(crate) const REACH: &str = "reach";

/// Sort key of the numbers that wait to be told to an address.
pub(crate) const DIGEST: &str = "digest";

/// What the names of digests in the due index begin with; the address hash follows.
pub(crate) const DIGESTS: &str = "d#";

/// What the sort keys of decisions about an address begin with; when it was decided follows.
pub(crate) const STANDINGS: &str = "s#";

/// Sort key of a decision about an address; milliseconds, so that they sort.
pub(crate) fn standing(from: Timestamp) -> String {
    format!("{STANDINGS}{:015}", from.as_millisecond())
}

/// A shard of the due index: the ticket's symbols added up.
pub(crate) fn due_shard(id: TicketId) -> String {
    shard_of(id.as_str())
}

/// The shard of whatever these symbols name: added up.
pub(crate) fn shard_of(symbols: &str) -> String {
    let sum: u32 = symbols.bytes().map(u32::from).sum();
    shard(sum % crate::due::SHARDS)
}

/// The partition key of shard `n`.
pub(crate) fn shard(n: u32) -> String {
    format!("due#{n}")
}

/// The sort key of the due index: an instant that sorts as text, and what is due then.
///
/// The instant is rounded up to the whole second, so that nothing is found before it is due.
pub(crate) fn due_at(instant: Timestamp, what: &str) -> String {
    format!("{}#{what}", sortable(instant))
}

/// An instant as text that sorts by time: RFC 3339 in UTC, whole seconds, rounded up.
pub(crate) fn sortable(instant: Timestamp) -> String {
    let up = instant.subsec_nanosecond() > 0;
    let seconds = instant.as_second() + i64::from(up);
    Timestamp::from_second(seconds)
        .unwrap_or(instant)
        .to_string()
}

/// Reads the instant that [`sortable`] or [`due_at`] wrote.
pub(crate) fn instant_of(key: &str) -> Option<Timestamp> {
    key.split('#').next()?.parse().ok()
}

/// Sorts behind every instant: for tickets with nothing scheduled.
pub(crate) const NEVER: &str = "9999-12-31T23:59:59Z";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_keys_sort_by_time_and_never_before_the_instant() {
        let at: Timestamp = "2026-11-21T10:00:00.001Z".parse().unwrap();
        let key = due_at(at, "7K3Q9M2X");
        assert_eq!(key, "2026-11-21T10:00:01Z#7K3Q9M2X");
        assert!(instant_of(&key).unwrap() >= at);
        assert!(key.as_str() < NEVER);
    }
}
