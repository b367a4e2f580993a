//! The customer's page of a ticket, and what is written on it.

use policy::Lang;
use runtime::http::{Answer, Problem, Request};
use runtime::{links, outbox};
use store::{Instants, Once, Participant, StoreError, Stored};
use ticket::{
    Actor, AddressHash, Command, ContentDigest, Event, Recorded, Refusal, TicketId, Words,
};

use crate::fields::{FieldFault, Fields};
use crate::handler::{self, App};
use crate::open::is_key;
use crate::pages::{Message, Notice, TicketPage, Writer, in_language, notice};
use crate::promised;
use crate::submission;
use crate::visit::Visit;

/// Who came with which link to which ticket.
struct Guest {
    stored: Stored,
    participant: Participant,
    key: String,
}

/// `GET /tickets/{number}?key=...`; it changes nothing, because mail scanners follow links.
pub(crate) async fn page(
    app: &App,
    visit: &Visit,
    request: &Request,
    number: &str,
    instants: Instants,
) -> Result<Answer, Problem> {
    match admit(app, request, number, instants).await? {
        None => Ok(notice(visit, Notice::NotFound)),
        Some(guest) => {
            show(
                app,
                visit,
                request,
                &guest,
                instants,
                &Fields::default(),
                &Outcome::Fine,
            )
            .await
        }
    }
}

/// `POST /tickets/{number}/messages?key=...`.
pub(crate) async fn message(
    app: &App,
    visit: &Visit,
    request: &Request,
    number: &str,
    instants: Instants,
) -> Result<Answer, Problem> {
    if request.content_type() != "application/x-www-form-urlencoded" {
        let detail = "Send the form of the ticket's page.";
        return Err(Problem::new(415, "The request is of another type.", detail));
    }
    let Some(guest) = admit(app, request, number, instants).await? else {
        return Ok(notice(visit, Notice::NotFound));
    };
    let fields = Fields::of_form(request.form());
    let outcome = write(app, request, &guest, &fields, instants).await?;
    if let Outcome::Fine = outcome {
        let visit = visit_of(visit, request, &guest, Some(&fields));
        return Ok(Answer::see_other(&in_language(
            &own_url(&guest, ""),
            &visit.lang,
        )));
    }
    show(app, visit, request, &guest, instants, &fields, &outcome).await
}

/// What became of a message.
enum Outcome {
    Fine,
    Faults(Vec<FieldFault>),
    SentBefore,
    NoMore,
}

async fn write(
    app: &App,
    request: &Request,
    guest: &Guest,
    fields: &Fields,
    instants: Instants,
) -> Result<Outcome, Problem> {
    let mut faults = fields.strays(&["message", "lang", "nonce"]);
    let text =
        submission::message(fields).map_err(|fault| faults.push(("message".to_owned(), fault)));
    let (Ok(text), true) = (text, faults.is_empty()) else {
        return Ok(Outcome::Faults(faults));
    };
    let id = guest.stored.ticket.id;
    let nonce = fields
        .given("nonce")
        .filter(|key| is_key(key))
        .unwrap_or(&request.id);
    let body = ContentDigest::of(&[guest.participant.hash.as_str().as_bytes(), text.as_bytes()]);
    let once = Once {
        source: "form",
        key: format!("{id}/{nonce}"),
        body,
    };
    let command = Command::CustomerMessage {
        from: guest.participant.hash.clone(),
        words: Words::text(text),
    };
    match app.store.execute(id, &command, instants, Some(once)).await {
        Ok(executed) if executed.other_body => Ok(Outcome::SentBefore),
        Ok(executed) => {
            tracing::info!(ticket.id = %id, repeated = executed.repeated, "a customer's message was taken");
            outbox::enqueue(&app.sqs, &app.queues, &executed.notices).await;
            Ok(Outcome::Fine)
        }
        Err(StoreError::Refused(Refusal::TicketIsClosed | Refusal::TicketIsFull)) => {
            Ok(Outcome::NoMore)
        }
        Err(error) => Err(error.into()),
    }
}

/// Finds the ticket and the person whose link this is. Every way of failing gives the same none after the same reads,
/// so that neither answer nor time tells which numbers exist.
async fn admit(
    app: &App,
    request: &Request,
    number: &str,
    instants: Instants,
) -> Result<Option<Guest>, Problem> {
    let key = request.query("key").unwrap_or_default();
    let secrets = app.secrets.for_tag(key, instants.now).await?;
    let Some(id) = id_of(number) else {
        return Ok(None);
    };
    let stored = app.store.load(id).await?;
    let people: Vec<AddressHash> = match &stored {
        Some(stored) => [&stored.ticket.requester]
            .into_iter()
            .chain(&stored.ticket.participants)
            .cloned()
            .collect(),
        None => vec![AddressHash::of(&secrets.pepper, "")],
    };
    for who in people {
        let participant = app.store.participant(id, &who).await?;
        let generation = participant
            .as_ref()
            .map_or(0, |participant| participant.generation);
        let opens = links::opens(&secrets.keyring, id, &who, generation, key);
        if let (Some(stored), Some(participant), true) = (&stored, participant, opens) {
            return Ok(Some(Guest {
                stored: stored.clone(),
                participant,
                key: key.to_owned(),
            }));
        }
    }
    Ok(None)
}

/// Reads a number from a path: with any prefix, because an older policy may have had another, or without one.
fn id_of(number: &str) -> Option<TicketId> {
    let without_prefix = number
        .split_once('-')
        .and_then(|(_, rest)| rest.parse().ok());
    number.parse().ok().or(without_prefix)
}

/// The visitor's language on a ticket's page: the link's, the form's, the ticket's.
fn visit_of(visit: &Visit, request: &Request, guest: &Guest, fields: Option<&Fields>) -> Visit {
    let written = fields
        .and_then(|fields| fields.given("lang"))
        .and_then(|lang| Lang::new(lang).ok());
    Visit::new(
        visit.policy.clone(),
        request,
        Some(&written.unwrap_or_else(|| guest.stored.ticket.lang.clone())),
    )
}

fn own_url(guest: &Guest, below: &str) -> String {
    let number = guest
        .stored
        .ticket
        .id
        .number(&guest.stored.policy.terms().prefix);
    // The key has been verified, so it consists of base-32 symbols only.
    format!("/tickets/{number}{below}?key={}", guest.key)
}

async fn show(
    app: &App,
    visit: &Visit,
    request: &Request,
    guest: &Guest,
    instants: Instants,
    fields: &Fields,
    outcome: &Outcome,
) -> Result<Answer, Problem> {
    let Stored {
        ticket,
        policy,
        subject,
        ..
    } = &guest.stored;
    let visit = visit_of(visit, request, guest, Some(fields));
    let history = app.store.history(ticket.id).await?;
    let nonce = handler::nonce(app, request, instants).await?;
    let (code, faults, refused) = match outcome {
        Outcome::Fine => (200, &[][..], None),
        Outcome::Faults(faults) => (422, &faults[..], None),
        Outcome::SentBefore => (422, &[][..], Some(visit.texts.sent_before)),
        Outcome::NoMore => (409, &[][..], Some(visit.texts.no_more)),
    };
    let page = TicketPage {
        visit: &visit,
        number: ticket.id.number(&policy.terms().prefix),
        url: own_url(guest, ""),
        reply_to: own_url(guest, "/messages"),
        subject,
        status: ticket.status,
        messages: messages(&history, guest),
        promises: promised::of_ticket(ticket, policy, instants.now),
        zone: ticket
            .zone
            .as_deref()
            .unwrap_or_else(|| policy.terms().zone.name()),
        nonce: &nonce,
        draft: fields.raw("message"),
        faults,
        refused,
        code,
    };
    Ok(page.answer())
}

/// What a customer may read: the requests and answers, never notes and never a stranger's words.
fn messages<'a>(history: &'a [Recorded], guest: &'a Guest) -> Vec<Message<'a>> {
    let public = history.iter().filter_map(|recorded| {
        let writer = match (&recorded.event, &recorded.actor) {
            (Event::Opened(_) | Event::CustomerWrote, Actor::Customer(who))
                if *who == guest.participant.hash =>
            {
                Writer::You
            }
            (Event::Opened(_) | Event::CustomerWrote, _) => Writer::SomebodyElse,
            (Event::AgentReplied, Actor::Agent(agent)) => Writer::Staff(
                guest
                    .stored
                    .policy
                    .person(agent)
                    .map_or("", |person| person.name.as_str()),
            ),
            _ => return None,
        };
        Some(Message {
            writer,
            at: recorded.at,
            words: recorded.words.as_ref(),
        })
    });
    public.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ticket::Pepper;

    #[test]
    fn a_number_in_a_path_is_read_with_any_prefix_and_without() {
        let id = TicketId::derive(&Pepper::new("pepper"), "form", "a", 0);
        for number in [
            id.number("EH"),
            id.number("OLD"),
            id.to_string(),
            id.number("EH").to_lowercase(),
        ] {
            assert_eq!(id_of(&number), Some(id), "{number}");
        }
        for number in ["", "EH", "EH-0000-0001", "../../etc", "EH-7K3Q-9M2X-7K3Q"] {
            assert_eq!(id_of(number), None, "{number}");
        }
    }
}
