//! Whose mail it is and what is done with it, from what the table knows.

use std::sync::Arc;

use jiff::SignedDuration;
use mail::{ReplyAddress, ThreadKeys, thread_keys};
use policy::{Person, Policy, Status, TicketType};
use store::{MailDecision, StoreError, Stored};
use ticket::{AddressHash, Command, Contact, TicketId};

use crate::carry_out::{agent_mail, file, on_ticket, open};
use crate::conduct::held_back;
use crate::handler::{Desk, Failure, Mail};
use crate::route::{Facts, Route, proved, route};

/// So many of a sender's newest tickets are looked at for the complaint that they escalate.
const LOOKED_AT: i32 = 50;

/// Decides a mail for the first time and carries it out.
pub(crate) async fn decide(desk: &Desk, mail: &mut Mail<'_>) -> Result<MailDecision, Failure> {
    let Some(current) = desk.store.current_policy(mail.instants.now).await? else {
        return Err("no policy is published; publish one with `troth policy publish DIR`".into());
    };
    mail.parsed.take_groups_mail_as_written(&current);
    let mail = &*mail;
    let keys = thread_keys(
        &mail.parsed,
        &mail.ses.receipt.recipients,
        &desk.domain,
        &mail.keys.keyring,
        mail.instants.now,
    );
    let found = named(desk, &keys).await?;
    // As the mail names it: whatever is asked of it is asked there, and carried out where it goes on.
    let ticket = found.as_ref().map(|(ticket, _)| *ticket);
    let named = found.map(|(_, end)| end);
    let person = match (&keys.reply_address, &named) {
        (Some(ReplyAddress::Agent { person_short, .. }), Some(named)) => {
            person(person_short, mail, &named.policy, &current)
        }
        _ => None,
    };
    let sender = sender(mail);
    let forwarder = mail.parsed.handed_over_by.as_deref();
    let facts = Facts {
        receipt: &mail.ses.receipt,
        forwarded: forwarder.is_some_and(|host| current.trusts_forwarder(host)),
        reply_address: keys.reply_address.as_ref(),
        agent_address: person.map(|person| person.address.as_str()),
        named: named.as_ref().map(|named| &named.ticket),
        sender: sender.as_ref().map(|sender| &sender.hash),
        sender_is_us: sender
            .as_ref()
            .is_some_and(|s| is_us(s, &desk.domain, &current)),
    };
    let route = route(&mail.parsed, &facts);
    if let Some(sender) = &sender
        && !matches!(route, Route::File(_))
        && proved(&mail.parsed, &mail.ses.receipt)
    {
        desk.store
            .heard_from(&sender.hash, mail.instants.now)
            .await?;
    }
    let Some(sender) = sender else {
        let kind = if let Route::File(kind) = route {
            kind
        } else {
            "no_sender"
        };
        return file(desk, mail, kind, None).await;
    };
    let about = named.as_ref().map(|named| &named.ticket);
    // Boxed, as below: it may hold a ticket while it tells.
    let held = Box::pin(held_back(desk, mail, &sender, route, about, &current)).await?;
    if let Some(filed) = held {
        return Ok(filed);
    }
    if matches!(route, Route::Message | Route::Open)
        && let Some(escalation) = current.escalates_complaint(&mail.parsed.subject)
    {
        let named = named.filter(|_| route == Route::Message);
        let within = escalation.within.duration();
        // Boxed: it holds a command and tickets, and every mail's task would carry the room for them.
        return Box::pin(escalate(desk, mail, sender, named, within, &current)).await;
    }
    match (route, ticket) {
        (Route::File(kind), _) => file(desk, mail, kind, None).await,
        (Route::Agent, Some(ticket)) => match (person, &keys.reply_address) {
            (Some(person), Some(address)) => {
                agent_mail(desk, mail, ticket, person, address, &current).await
            }
            _ => open(desk, mail, sender, Some(ticket), None, &current).await,
        },
        (Route::Message | Route::Stranger, Some(ticket)) => {
            let command = match route {
                Route::Stranger => stranger(mail, &sender, &current),
                _ => message(mail, &sender),
            };
            on_ticket(desk, mail, ticket, &command, sender, &current).await
        }
        (_, related) => open(desk, mail, sender, related, None, &current).await,
    }
}

/// A mail that asks for the review of a complaint: on the complaint it names or, if the sender is proved, on the only one
/// that it can be about; otherwise it is a ticket of the reviewers, with the complaints that it may be about.
async fn escalate(
    desk: &Desk,
    mail: &Mail<'_>,
    sender: Contact,
    named: Option<Stored>,
    within: SignedDuration,
    current: &Arc<Policy>,
) -> Result<MailDecision, Failure> {
    let command = Command::EscalateComplaint {
        from: sender.hash.clone(),
        words: mail.words(),
        proved: proved(&mail.parsed, &mail.ses.receipt),
    };
    let named = named.map(|named| named.ticket);
    if let Some(named) = named.filter(|it| it.ticket_type == TicketType::Complaint) {
        return on_ticket(desk, mail, named.id, &command, sender, current).await;
    }
    let mut complaints = desk.store.tickets_of(&sender.hash, LOOKED_AT).await?;
    complaints.retain(|it| it.is_complaint_of_late(within, mail.instants.at));
    match &complaints[..] {
        [only] if proved(&mail.parsed, &mail.ses.receipt) && only.status != Status::Closed => {
            on_ticket(desk, mail, only.id, &command, sender, current).await
        }
        _ => {
            let candidates = complaints.iter().map(|it| it.id).collect();
            open(desk, mail, sender, None, Some(candidates), current).await
        }
    }
}

fn message(mail: &Mail<'_>, sender: &Contact) -> Command {
    Command::CustomerMessage {
        from: sender.hash.clone(),
        words: mail.words(),
        proved: proved(&mail.parsed, &mail.ses.receipt),
    }
}

/// Words that wait for release. Whoever wrote is told that they arrived, but for machines and for our own people, who read
/// what is told to staff.
fn stranger(mail: &Mail<'_>, sender: &Contact, policy: &Policy) -> Command {
    let mut people = policy.terms().people.iter();
    let is_staff = people.any(|person| person.address.eq_ignore_ascii_case(&sender.address));
    Command::StrangerMessage {
        from: sender.clone(),
        words: mail.words(),
        tell: mail.parsed.verdict.may_be_answered() && !is_staff,
    }
}

/// The ticket that the mail names, by the strongest key that leads to one, with the ticket that it goes on with where it
/// was merged, else itself: whose mail it is, is asked there.
async fn named(desk: &Desk, keys: &ThreadKeys) -> Result<Option<(TicketId, Stored)>, StoreError> {
    let Some(ticket) = key(desk, keys).await? else {
        return Ok(None);
    };
    let end = desk.store.followed(ticket).await?;
    Ok(end.map(|end| (ticket, end)))
}

async fn key(desk: &Desk, keys: &ThreadKeys) -> Result<Option<TicketId>, StoreError> {
    let signed = keys.reply_address.as_ref().map(ReplyAddress::ticket);
    if let Some(ticket) = signed.or(keys.reference) {
        return Ok(Some(ticket));
    }
    for id in &keys.ses_ids {
        if let Some(sent) = desk.store.sent_mail(id).await? {
            return Ok(Some(sent.ticket));
        }
    }
    Ok(None)
}

/// The person a reply address was signed for: in the ticket's policy version, or in the current one.
fn person<'p>(
    short: &str,
    mail: &Mail<'_>,
    pinned: &'p Policy,
    current: &'p Policy,
) -> Option<&'p Person> {
    let people = pinned.terms().people.iter().chain(&current.terms().people);
    people
        .into_iter()
        .find(|person| AddressHash::of(&mail.keys.pepper, &person.address).short() == short)
}

/// Who From names or, where it names nobody, who the envelope says: unproved, but somebody to answer.
fn sender(mail: &Mail<'_>) -> Option<Contact> {
    let (address, name) = match mail.parsed.from.first() {
        Some(from) => (from.address.clone(), from.name.clone()),
        None => (
            mail::normalise(mail.ses.mail.source.as_deref()?)?,
            String::new(),
        ),
    };
    Some(Contact {
        hash: AddressHash::of(&mail.keys.pepper, &address),
        address,
        name,
    })
}

/// Whether a mail claims to come from one of our own addresses: answering it would be talking to ourselves.
fn is_us(sender: &Contact, domain: &str, policy: &Policy) -> bool {
    let at_our_domain = sender
        .address
        .rsplit_once('@')
        .is_some_and(|(_, host)| host.eq_ignore_ascii_case(domain));
    at_our_domain || policy.is_own_address(&sender.address)
}
