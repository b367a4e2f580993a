//! Carrying a decision out: on a ticket, as a new one, or filed.

use std::sync::Arc;

use mail::{Kind, ReplyAddress};
use policy::{Person, Policy};
use runtime::{Seen, outbox};
use store::{Filed, MailDecision, Once, Outcome, StoreError};
use ticket::{AddressHash, Command, Contact, Refusal, TicketId};

use crate::handler::{Desk, Failure, Mail, target};
use crate::route::proved;
use crate::{agent, message, report};

/// Carries out what an agent's proved mail asks for.
pub(crate) async fn agent_mail(
    desk: &Desk,
    mail: &Mail<'_>,
    ticket: TicketId,
    person: &Person,
    address: &ReplyAddress,
    current: &Arc<Policy>,
) -> Result<MailDecision, Failure> {
    let now = mail.instants.now;
    let pepper = &mail.keys.pepper;
    let command = agent::command(
        &mail.parsed,
        mail.words(),
        &person.id,
        address,
        current,
        pepper,
        now,
    );
    let sender = Contact {
        hash: AddressHash::of(&mail.keys.pepper, &person.address),
        address: person.address.clone(),
        name: person.name.clone(),
    };
    on_ticket(desk, mail, ticket, &command, sender, current).await
}

/// Carries a command out on a ticket; where the ticket takes nothing more, the mail opens a follow-up.
pub(crate) async fn on_ticket(
    desk: &Desk,
    mail: &Mail<'_>,
    ticket: TicketId,
    command: &Command,
    sender: Contact,
    current: &Arc<Policy>,
) -> Result<MailDecision, Failure> {
    // Slash lines alone take no files along.
    if !matches!(command, Command::Orders { .. }) {
        mail.keep_files(desk).await?;
    }
    let once = Once {
        copy: mail.copy.clone(),
        ..Once::of_mail(&mail.ses.mail.message_id)
    };
    let done = desk
        .store
        .execute(ticket, command, mail.instants, Some(once))
        .await;
    match done {
        Ok(done) => {
            outbox::enqueue(&desk.sqs, &desk.queues, &done.notices).await;
            // Merged meanwhile, it is another one.
            Ok(MailDecision::Ticket(done.ticket.id))
        }
        Err(StoreError::Refused(Refusal::TicketIsClosed | Refusal::TicketIsFull)) => {
            open(desk, mail, sender, Some(ticket), None, current).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens a ticket for the mail; `escalates` names the complaints that it may be about if it asks for a review.
pub(crate) async fn open(
    desk: &Desk,
    mail: &Mail<'_>,
    sender: Contact,
    related: Option<TicketId>,
    escalates: Option<Vec<TicketId>>,
    policy: &Arc<Policy>,
) -> Result<MailDecision, Failure> {
    mail.keep_files(desk).await?;
    let request = message::request(mail, sender, related, escalates, policy);
    let opened = desk
        .store
        .open(&mail.keys.pepper, request, mail.instants, policy)
        .await?;
    if opened.outcome == Outcome::New && opened.ticket.held.is_some() {
        tracing::info!(seen = Seen::AcknowledgementHeld.name(), ticket.id = %opened.ticket.id, reason = ?opened.ticket.held, "an acknowledgement is held back");
    }
    outbox::enqueue(&desk.sqs, &desk.queues, &opened.notices).await;
    Ok(MailDecision::Ticket(opened.ticket.id))
}

/// Files the mail without a ticket and without an answer; `why` is the mail's own evidence of its kind if left out.
pub(crate) async fn file(
    desk: &Desk,
    mail: &Mail<'_>,
    kind: &str,
    why: Option<String>,
) -> Result<MailDecision, Failure> {
    let ses_id = mail.ses.mail.message_id.clone();
    let reports = matches!(
        mail.parsed.verdict.kind,
        Kind::Bounce | Kind::FeedbackReport
    );
    // A report that a virus came with, or that spam claims to be, is nobody's word.
    let about = if reports && kind == mail.parsed.verdict.kind.as_str() {
        report::record(desk, mail).await?
    } else {
        None
    };
    let filed = Filed {
        kind: kind.to_owned(),
        evidence: why.unwrap_or_else(|| mail.parsed.verdict.evidence.clone()),
        raw: target(&MailDecision::Filed, &ses_id),
        at: mail.instants.at,
        proved: proved(&mail.parsed, &mail.ses.receipt),
        about,
        ticket: None,
        ses_id,
    };
    desk.store.file(&filed, mail.instants.now).await?;
    let seen = match kind {
        "spam" | "virus" => Seen::MailQuarantined,
        _ => Seen::MailFiled,
    };
    tracing::info!(seen = seen.name(), mail.message_id = %filed.ses_id, reason = kind, "a mail was filed without a ticket");
    Ok(MailDecision::Filed)
}
