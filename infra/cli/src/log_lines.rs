//! Tickets' logs as JSON lines: one ticket a line, without anybody's words.

use jiff::Timestamp;
use policy::PolicyHash;
use serde::{Deserialize, Serialize};
use ticket::{Actor, ContentDigest, Event, Recorded, TicketId};

/// A ticket in an export.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) number: String,
    pub(crate) id: TicketId,
    /// The version that it was opened under.
    pub(crate) policy: PolicyHash,
    pub(crate) events: Vec<Entry>,
}

/// An event: facts, and the digests that prove them.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    seq: u32,
    at: Timestamp,
    recorded_at: Timestamp,
    who: Actor,
    event: Event,
    chain: ContentDigest,
}

impl Line {
    pub(crate) fn new(number: String, id: TicketId, log: &[Recorded]) -> Option<Self> {
        let Event::Opened(opened) = &log.first()?.event else {
            return None;
        };
        let entry = |recorded: &Recorded| Entry {
            seq: recorded.seq,
            at: recorded.at,
            recorded_at: recorded.recorded_at,
            who: recorded.actor.clone(),
            event: recorded.event.clone(),
            chain: recorded.chain.clone(),
        };
        Some(Self {
            number,
            id,
            policy: opened.policy.clone(),
            events: log.iter().map(entry).collect(),
        })
    }

    /// The log, with no words in it.
    pub(crate) fn log(self) -> Vec<Recorded> {
        let recorded = |entry: Entry| Recorded {
            seq: entry.seq,
            at: entry.at,
            recorded_at: entry.recorded_at,
            actor: entry.who,
            event: entry.event,
            words: None,
            chain: entry.chain,
        };
        self.events.into_iter().map(recorded).collect()
    }
}
