//! Whose mail it is and what is done with it, from what the table knows.

use mail::{InboundMail, Kind, ReplyAddress, ThreadKeys, thread_keys};
use policy::{Person, Policy};
use store::{MailDecision, StoreError, Stored};
use ticket::{AddressHash, Command, Contact};

use crate::carry_out::{agent_mail, file, on_ticket, open};
use crate::handler::{Desk, Failure, Mail};
use crate::message;
use crate::route::{Facts, Route, route};

/// Decides a mail for the first time and carries it out.
pub(crate) async fn decide(desk: &Desk, mail: &mut Mail<'_>) -> Result<MailDecision, Failure> {
    let Some(current) = desk.store.current_policy(mail.instants.now).await? else {
        return Err("no policy is published; publish one with `troth policy publish DIR`".into());
    };
    take_groups_mail_as_written(&mut mail.parsed, &current);
    let mail = &*mail;
    let keys = thread_keys(
        &mail.parsed,
        &mail.ses.receipt.recipients,
        &desk.domain,
        &mail.keys.keyring,
        mail.instants.now,
    );
    let named = named(desk, &keys).await?;
    let person = match (&keys.reply_address, &named) {
        (Some(ReplyAddress::Agent { person_short, .. }), Some(named)) => {
            person(person_short, mail, &named.policy, &current)
        }
        _ => None,
    };
    let sender = sender(mail);
    let facts = Facts {
        receipt: &mail.ses.receipt,
        reply_address: keys.reply_address.as_ref(),
        agent_address: person.map(|person| person.address.as_str()),
        named: named.as_ref().map(|named| &named.ticket),
        sender: sender.as_ref().map(|sender| &sender.hash),
        sender_is_us: sender
            .as_ref()
            .is_some_and(|s| is_us(s, &desk.domain, &current)),
    };
    let route = route(&mail.parsed, &facts);
    let ticket = named.as_ref().map(|named| named.ticket.id);
    let Some(sender) = sender else {
        let kind = if let Route::File(kind) = route {
            kind
        } else {
            "no_sender"
        };
        return file(desk, mail, kind).await;
    };
    match (route, ticket) {
        (Route::File(kind), _) => file(desk, mail, kind).await,
        (Route::Agent, Some(ticket)) => match (person, &keys.reply_address) {
            (Some(person), Some(address)) => {
                agent_mail(desk, mail, ticket, person, address, &current).await
            }
            _ => open(desk, mail, sender, Some(ticket), &current).await,
        },
        (Route::Message | Route::Stranger, Some(ticket)) => {
            let command = message(mail, &sender, route == Route::Stranger);
            on_ticket(desk, mail, ticket, &command, sender, &current).await
        }
        (_, related) => open(desk, mail, sender, related, &current).await,
    }
}

fn message(mail: &Mail<'_>, sender: &Contact, stranger: bool) -> Command {
    let from = sender.hash.clone();
    let words = message::words(&mail.parsed, &mail.ses.mail.message_id);
    if stranger {
        Command::StrangerMessage { from, words }
    } else {
        Command::CustomerMessage { from, words }
    }
}

/// A group mailbox that forwards to us marks mail as a list's; what came through the group of our own address was
/// written to us by a person.
fn take_groups_mail_as_written(mail: &mut InboundMail, policy: &Policy) {
    let mut own = policy
        .terms()
        .departments
        .iter()
        .flat_map(|department| &department.addresses)
        .chain(&policy.terms().addresses);
    if mail.verdict.kind == Kind::List && own.any(|address| mail.came_through_list_of(address)) {
        mail.verdict.kind = Kind::Human;
    }
}

/// The ticket that the mail names, by the strongest key that leads to one.
async fn named(desk: &Desk, keys: &ThreadKeys) -> Result<Option<Stored>, StoreError> {
    let signed = keys.reply_address.as_ref().map(ReplyAddress::ticket);
    if let Some(ticket) = signed.or(keys.reference) {
        return desk.store.load(ticket).await;
    }
    for id in &keys.ses_ids {
        if let Some(sent) = desk.store.sent_mail(id).await? {
            return desk.store.load(sent.ticket).await;
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

fn sender(mail: &Mail<'_>) -> Option<Contact> {
    let from = mail.parsed.from.first()?;
    Some(Contact {
        hash: AddressHash::of(&mail.keys.pepper, &from.address),
        address: from.address.clone(),
        name: from.name.clone(),
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
