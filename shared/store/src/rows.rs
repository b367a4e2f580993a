//! Tickets, events, participants and notices as items, there and back.

use jiff::Timestamp;
use policy::Status;
use ticket::{Contact, Notice, Recorded, Ticket, TicketId, words_digest};

use crate::error::StoreError;
use crate::item::{self, Item, Reader, instant, json, number, text, with};
use crate::keys;

/// How long a notice may lie unsent before the tick puts it back on its queue.
pub(crate) const UNSENT_GRACE: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// The snapshot. The subject is kept apart from the state, since it is personal and can be erased.
pub(crate) fn snapshot(ticket: &Ticket, subject: &str, next_due: Option<Timestamp>) -> Item {
    let id = ticket.id.to_string();
    let item = item::asking(ticket.schema(), &keys::ticket(ticket.id), keys::SNAPSHOT);
    let sort = match next_due {
        Some(due) => keys::due_at(due, &id),
        None => format!("{}#{id}", keys::NEVER),
    };
    let mut item = with(
        item,
        [
            ("seq", number(ticket.seq)),
            ("state", json(ticket)),
            ("subject", text(subject)),
            ("queue", text(queue(ticket))),
            ("queue_due", text(&sort)),
        ],
    );
    if let Some(due) = next_due {
        item = with(
            item,
            [
                ("due_shard", text(keys::due_shard(ticket.id))),
                ("due_at", text(keys::due_at(due, &id))),
            ],
        );
    }
    if !ticket.is_settled() {
        item = with(
            item,
            [("agent", text(agent(ticket))), ("agent_due", text(sort))],
        );
    }
    item
}

fn department(ticket: &Ticket) -> &str {
    ticket
        .department
        .as_ref()
        .map_or("triage", |department| department.as_ref())
}

/// The `queue` key: department (or `triage`) and status group.
fn queue(ticket: &Ticket) -> String {
    format!("{}#{}", department(ticket), group(ticket.status))
}

/// The groups in which agents look at tickets.
pub(crate) const GROUPS: [&str; 3] = ["open", "waiting", "settled"];

fn group(status: Status) -> &'static str {
    match status {
        Status::New | Status::Open => GROUPS[0],
        Status::Pending | Status::OnHold => GROUPS[1],
        Status::Solved | Status::Closed => GROUPS[2],
    }
}

/// The `agent` key: who has it, or that nobody in the department has.
fn agent(ticket: &Ticket) -> String {
    match &ticket.assignee {
        Some(assignee) => assignee.to_string(),
        None => format!("none#{}", department(ticket)),
    }
}

/// Reads a snapshot back: ticket, subject and the instant it is due, if any.
pub(crate) fn read_snapshot(
    item: &Item,
) -> Result<(Ticket, String, Option<Timestamp>), StoreError> {
    let reader = Reader::new(item)?;
    let due = reader.optional("due_at").and_then(keys::instant_of);
    let subject = reader.optional("subject").unwrap_or_default().to_owned();
    Ok((reader.json("state")?, subject, due))
}

/// An event; `who` and `event` are facts, `words` is personal.
pub(crate) fn event(id: TicketId, recorded: &Recorded) -> Item {
    let schema = recorded.event.schema();
    let item = item::asking(schema, &keys::ticket(id), &keys::event(recorded.seq));
    let mut item = with(
        item,
        [
            ("at", instant(recorded.at)),
            ("rec", instant(recorded.recorded_at)),
            ("who", json(&recorded.actor)),
            ("event", json(&recorded.event)),
            ("chain", text(recorded.chain.as_str())),
        ],
    );
    if let Some(words) = &recorded.words {
        item = with(
            item,
            [
                ("words", json(words)),
                ("wd", text(words_digest(Some(words)))),
            ],
        );
    }
    item
}

/// Reads an event back.
pub(crate) fn read_event(item: &Item) -> Result<Recorded, StoreError> {
    let reader = Reader::new(item)?;
    let seq = reader
        .text("SK")?
        .strip_prefix(keys::EVENTS)
        .and_then(|seq| seq.parse().ok())
        .ok_or_else(|| StoreError::corrupt(reader.name(), "no sequence number"))?;
    let words = match reader.optional("words") {
        Some(_) => Some(reader.json("words")?),
        None => None,
    };
    let chain = ticket::ContentDigest::from_stored(reader.text("chain")?)
        .ok_or_else(|| StoreError::corrupt(reader.name(), "no chain digest"))?;
    Ok(Recorded {
        seq,
        at: reader.instant("at")?,
        recorded_at: reader.instant("rec")?,
        actor: reader.json("who")?,
        event: reader.json("event")?,
        words,
        chain,
    })
}

/// A participant: the only item that holds an address.
pub(crate) fn participant(id: TicketId, contact: &Contact, at: Timestamp) -> Item {
    let item = item::new(&keys::ticket(id), &keys::participant(&contact.hash));
    with(
        item,
        [
            ("address", text(&contact.address)),
            ("name", text(&contact.name)),
            ("gen", number(0)),
            ("person", text(contact.hash.as_str())),
            ("person_created", text(keys::due_at(at, id.as_str()))),
        ],
    )
}

/// A notice, pending. Its due key lets the tick find it if no queue ever carried it.
pub(crate) fn notice(id: TicketId, notice: &Notice, now: Timestamp) -> Item {
    let sort_key = keys::notice(&notice.id);
    let item = item::asking(notice.text.schema(), &keys::ticket(id), &sort_key);
    let retry = now.checked_add(UNSENT_GRACE).unwrap_or(now);
    with(
        item,
        [
            ("notice", json(notice)),
            ("st", text("pending")),
            ("due_shard", text(keys::due_shard(id))),
            (
                "due_at",
                text(keys::due_at(retry, &format!("{id}#{sort_key}"))),
            ),
        ],
    )
}
