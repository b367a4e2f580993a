//! Mail of somebody whose support is limited: what is not taken up is filed where staff see it, and its sender is told.
//!
//! Only mail that is proved to be theirs tells them anything. What somebody else writes in their name is filed as well, for
//! it may be they, but no answer comes of it: nobody can learn of another's standing, or have it mailed to them again.

use policy::{Allowed, Channel, Incoming, Policy, TicketType};
use runtime::outbox;
use store::{MailDecision, Standing, StoreError};
use ticket::{Command, Contact, Refusal, Ticket};

use crate::carry_out::file;
use crate::handler::{Desk, Failure, Mail};
use crate::route::{Route, proved};

/// The kind under which such mail is filed.
const FILED: &str = "limited";

/// Files the mail if a decision about its sender leaves no room for it; none if it goes on as ever.
pub(crate) async fn held_back(
    desk: &Desk,
    mail: &Mail<'_>,
    sender: &Contact,
    route: Route,
    named: Option<&Ticket>,
    current: &Policy,
) -> Result<Option<MailDecision>, Failure> {
    if current.terms().conduct.is_none() || matches!(route, Route::File(_) | Route::Agent) {
        return Ok(None);
    }
    let standing = desk.store.standing(&sender.hash, mail.instants.at).await?;
    let Some(standing) = standing else {
        return Ok(None);
    };
    if takes(
        &standing,
        &kinds(mail, sender, route, named, current),
        named,
        current,
    ) {
        return Ok(None);
    }
    // Told before it is filed: a delivery that was killed in between tells again, which the ticket does once a day.
    let proved = proved(&mail.parsed, &mail.ses.receipt);
    let evidence = if proved && mail.parsed.verdict.may_be_answered() {
        tell(desk, mail, sender, &standing).await?;
        "its sender knows of it"
    } else {
        "the sender is not proved, so nobody was told"
    };
    let evidence = format!(
        "support is limited ({}) until {}; {evidence}",
        standing.level, standing.until
    );
    file(desk, mail, FILED, Some(evidence)).await.map(Some)
}

/// Whether the decision leaves room for one of these. What belongs to the ticket on which it was decided, or to the
/// one that goes on with that, is an objection.
fn takes(standing: &Standing, kinds: &[Allowed], named: Option<&Ticket>, current: &Policy) -> bool {
    let objects = named.is_some_and(|ticket| {
        ticket.id == standing.ticket
            || ticket.related == Some(standing.ticket)
            || ticket.merged_from.contains(&standing.ticket)
    });
    let conduct = current.terms().conduct.as_ref();
    // A level that the policy in force no longer has limits nothing.
    let level = conduct.and_then(|conduct| conduct.level(&standing.level));
    let allows =
        |level: &policy::ConductLevel| kinds.iter().any(|kind| level.allows.contains(kind));
    objects || level.is_none_or(allows)
}

/// What the mail is, as far as decisions on conduct tell apart.
fn kinds(
    mail: &Mail<'_>,
    sender: &Contact,
    route: Route,
    named: Option<&Ticket>,
    current: &Policy,
) -> Vec<Allowed> {
    let mut kinds = Vec::new();
    if current.escalates_complaint(&mail.parsed.subject).is_some() {
        kinds.push(Allowed::Complaints);
    }
    let own = named.filter(|ticket| ticket.is_participant(&sender.hash));
    if let Some(ticket) = own.filter(|_| route == Route::Message) {
        let complaint = ticket.ticket_type == TicketType::Complaint;
        kinds.push(Allowed::Messages);
        kinds.extend(complaint.then_some(Allowed::Complaints));
        return kinds;
    }
    let to = mail.parsed.addresses(&mail.ses.receipt.recipients);
    let routed = current.route(&Incoming {
        to: &to,
        from: Some(sender.address.as_str()),
        proved: proved(&mail.parsed, &mail.ses.receipt),
        subject: &mail.parsed.subject,
        text: &mail.parsed.reply_text,
        lang: Some(&current.terms().prevailing),
        channel: Channel::Email,
        ticket_type: Some(TicketType::Request),
        service: None,
    });
    kinds.push(match routed.set.ticket_type {
        Some(TicketType::Complaint) => Allowed::Complaints,
        Some(TicketType::Feedback) => Allowed::Feedback,
        Some(TicketType::Request) | None => Allowed::Requests,
    });
    kinds
}

async fn tell(
    desk: &Desk,
    mail: &Mail<'_>,
    sender: &Contact,
    standing: &Standing,
) -> Result<(), StoreError> {
    let command = Command::TellStanding {
        who: sender.hash.clone(),
    };
    let told = desk
        .store
        .execute(standing.ticket, &command, mail.instants, None)
        .await;
    match told {
        Ok(told) => {
            outbox::enqueue(&desk.sqs, &desk.queues, &told.notices).await;
            Ok(())
        }
        // A ticket that is gone tells nobody; the mail is filed all the same.
        Err(StoreError::NoSuchTicket(_) | StoreError::Refused(Refusal::TooMuchAtOnce)) => Ok(()),
        Err(error) => Err(error),
    }
}
