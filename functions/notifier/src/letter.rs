//! From a claimed notice to bytes: reads what the letter is written from.

use jiff::Timestamp;
use mail::notices::{NoticeView, Receiver, compose, events_needed, to_enclose};
use mail::{Enclosed, Letter, Mailbox};
use policy::Policy;
use runtime::links::{self, Way};
use store::{Participant, StoreError, Stored};
use ticket::{Actor, AddressHash, Addressee, Keyring, Notice, Pepper, Recorded, TicketId};

use crate::handler::{Desk, Failure};

/// What a claimed notice has come to.
pub(crate) enum Prepared {
    /// It can be sent.
    Ready(Ready),
    /// What it was about has ended.
    Pointless,
    /// It can never be sent, for this reason.
    Never(String),
}

/// A mail ready for SES.
pub(crate) struct Ready {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) raw: Vec<u8>,
    /// Whether the ticket's `acknowledge` promise is met already.
    pub(crate) acknowledged: bool,
}

/// Reads the ticket again and writes the letter.
pub(crate) async fn prepare(
    desk: &Desk,
    id: TicketId,
    notice: &Notice,
    now: Timestamp,
) -> Result<Prepared, Failure> {
    let Some(stored) = desk.store.load(id).await? else {
        return Ok(Prepared::Never("there is no such ticket".to_owned()));
    };
    if !notice
        .text
        .still_holds(&notice.to, &stored.ticket, &stored.policy)
    {
        return Ok(Prepared::Pointless);
    }
    let keys = desk.secrets.get().await?;
    let current = desk.store.current_policy(now).await?;
    let current = current.unwrap_or_else(|| stored.policy.clone());
    let receiver = match &notice.to {
        Addressee::Customer(hash) => customer(desk, &stored, hash, &keys.keyring).await?,
        Addressee::Staff(person) => staff(desk, &stored, &current, person, &keys.pepper).await?,
        Addressee::Address(address) => Some(outside(desk, &stored, address, &keys.pepper).await?),
    };
    let Some(receiver) = receiver else {
        return Ok(Prepared::Never(
            "the recipient is not known any more".to_owned(),
        ));
    };
    let events = events(desk, id, notice).await?;
    let writers = writers(desk, &stored, &events).await?;
    let files = files(desk, id, notice, &events).await?;
    let view = NoticeView {
        notice,
        ticket: &stored.ticket,
        subject: &stored.subject,
        policy: &stored.policy,
        current: &current,
        receiver: &receiver,
        events: &events,
        enclosed: !files.is_empty(),
        writers: &writers,
        site: &desk.site,
        domain: &desk.domain,
        keyring: &keys.keyring,
        now,
    };
    Ok(written(&view, files))
}

fn written(view: &NoticeView<'_>, files: Vec<Enclosed>) -> Prepared {
    let letter = match compose(view) {
        Ok(letter) => Letter { files, ..letter },
        Err(unsayable) => return Prepared::Never(unsayable.to_string()),
    };
    match mail::render(&letter) {
        Ok(raw) => Prepared::Ready(Ready {
            from: letter.from.address,
            to: letter.to.address,
            raw,
            acknowledged: view.ticket.acknowledged_at.is_some(),
        }),
        Err(bad) => Prepared::Never(bad.to_string()),
    }
}

async fn events(desk: &Desk, id: TicketId, notice: &Notice) -> Result<Vec<Recorded>, StoreError> {
    let mut events = Vec::new();
    for seq in events_needed(&notice.text) {
        events.extend(desk.store.event(id, seq).await?);
    }
    Ok(events)
}

/// The files that go along: all of those that do, or none if one of them is not what was recorded; then the mail says where
/// the page is, and `troth verify` says which file is gone.
async fn files(
    desk: &Desk,
    id: TicketId,
    notice: &Notice,
    events: &[Recorded],
) -> Result<Vec<Enclosed>, Failure> {
    let mut files = Vec::new();
    for note in to_enclose(&notice.text, events) {
        let Some(bytes) = desk.files.read(note).await? else {
            tracing::error!(ticket.id = %id, notice.id = %notice.id, "a file of an answer is not there; the mail goes without its files");
            return Ok(Vec::new());
        };
        files.push(Enclosed {
            name: note.name.clone(),
            kind: note.kind.clone(),
            bytes,
        });
    }
    Ok(files)
}

/// Who wrote the words of these events, besides the requester.
async fn writers(
    desk: &Desk,
    stored: &Stored,
    events: &[Recorded],
) -> Result<Vec<(AddressHash, Mailbox)>, StoreError> {
    let mut writers: Vec<(AddressHash, Mailbox)> = Vec::new();
    for event in events {
        let Actor::Customer(who) = &event.actor else {
            continue;
        };
        if *who == stored.ticket.requester || writers.iter().any(|(known, _)| known == who) {
            continue;
        }
        let item = desk.store.participant(stored.ticket.id, who).await?;
        writers.extend(item.map(|item| (who.clone(), mailbox(item))));
    }
    Ok(writers)
}

async fn customer(
    desk: &Desk,
    stored: &Stored,
    hash: &AddressHash,
    keyring: &Keyring,
) -> Result<Option<Receiver>, StoreError> {
    let id = stored.ticket.id;
    let participant = desk.store.participant(id, hash).await?;
    Ok(participant.map(|participant| {
        let prefix = &stored.policy.terms().prefix;
        let page = links::page(
            keyring,
            prefix,
            id,
            hash,
            participant.generation,
            Way::Mailed,
        );
        Receiver::Customer {
            hash: hash.clone(),
            page: format!("{}{page}", desk.site),
            mailbox: mailbox(participant),
        }
    }))
}

/// A member of staff as the policy in force knows them, so that a corrected address is used; one who has left it
/// is still reached at the address that the ticket's version has, because a warning to nobody warns nobody.
async fn staff(
    desk: &Desk,
    stored: &Stored,
    current: &Policy,
    person: &policy::PersonId,
    pepper: &Pepper,
) -> Result<Option<Receiver>, StoreError> {
    let person = current
        .person(person)
        .or_else(|| stored.policy.person(person));
    let Some(person) = person else {
        return Ok(None);
    };
    let requester = &stored.ticket.requester;
    let requester = desk.store.participant(stored.ticket.id, requester).await?;
    Ok(Some(Receiver::Staff {
        person: person.clone(),
        hash: AddressHash::of(pepper, &person.address),
        requester: requester.map(mailbox),
    }))
}

/// An address that a ladder names: it reads what staff read. Nobody's answer from there acts, because it is no person's.
async fn outside(
    desk: &Desk,
    stored: &Stored,
    address: &str,
    pepper: &Pepper,
) -> Result<Receiver, StoreError> {
    let requester = &stored.ticket.requester;
    let requester = desk.store.participant(stored.ticket.id, requester).await?;
    let terms = stored.policy.terms();
    Ok(Receiver::Address {
        address: address.to_owned(),
        lang: terms.languages.first().unwrap_or(&terms.prevailing).clone(),
        hash: AddressHash::of(pepper, address),
        requester: requester.map(mailbox),
    })
}

fn mailbox(participant: Participant) -> Mailbox {
    Mailbox {
        name: participant.name,
        address: participant.address,
    }
}
