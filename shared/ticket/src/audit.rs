//! Auditing a log: whether its digests chain, and what it adds up to.

use crate::decide::chain_digest;
use crate::model::Ticket;
use crate::{Recorded, apply};

/// What the events add up to; none for a log that does not begin with an opening.
pub fn fold(events: &[Recorded]) -> Option<Ticket> {
    events.iter().fold(None, apply)
}

/// The sequence number at which the log is not what was recorded: a gap, or a digest that its event and its
/// predecessor do not give. None for a log that verifies.
///
/// A cut at the end shows only beside the snapshot, which keeps the newest digest.
pub fn first_break(events: &[Recorded]) -> Option<u32> {
    let mut previous = "";
    for (recorded, seq) in events.iter().zip(1..) {
        let Recorded {
            at,
            actor,
            event,
            words,
            chain,
            ..
        } = recorded;
        if recorded.seq != seq
            || chain_digest(previous, seq, at, actor, event, words.as_ref()) != *chain
        {
            return Some(seq);
        }
        previous = chain.as_str();
    }
    None
}
