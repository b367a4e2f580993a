//! `POST /tickets`: a request becomes a ticket, from the form or as JSON.

use policy::Channel;
use runtime::Seen;
use runtime::http::{Answer, FieldError, Problem};
use runtime::links::{self, Way};
use store::Outcome;
use ticket::{AddressHash, Contact, Event, Masked, Ticket, Words, apply};

use crate::fields::{FieldFault, Fields};
use crate::handler::{App, Call};
use crate::pages::{FormPage, Thanks, thanks};
use crate::place;
use crate::promised;
use crate::receipt::Receipt;
use crate::submission::{Origin, Submission, limits};
use crate::texts::{EN, Fault};
use crate::visit::Visit;

/// The generation of a link key that nobody has revoked.
const FIRST_GENERATION: u32 = 0;

/// A request that is ready to be opened, and what makes it unique.
struct Asked<'a> {
    submission: Submission,
    channel: Channel,
    key: &'a str,
}

/// Answers the form with a page and JSON with JSON.
pub(crate) async fn post(call: &Call<'_>) -> Result<Answer, Problem> {
    match call.request.content_type().as_str() {
        "application/x-www-form-urlencoded" => by_form(call).await,
        "application/json" => by_api(call).await,
        _ => {
            let detail = "Send application/json or application/x-www-form-urlencoded.";
            Err(Problem::new(415, "The request is of another type.", detail))
        }
    }
}

async fn by_form(call: &Call<'_>) -> Result<Answer, Problem> {
    let visit = &call.visit;
    let fields = Fields::of_form(call.request.form());
    let key = fields.given("nonce").filter(|key| is_key(key));
    let fresh = call.nonce().await?;
    let page = FormPage {
        visit,
        filled: &fields,
        faults: &[],
        sent_before: false,
        nonce: &fresh,
        now: call.instants.at,
    };
    let submission = match Submission::read(&fields, &visit.policy, &visit.lang, Origin::Form) {
        Ok(submission) => submission,
        Err(faults) => {
            // Nothing was done under the form's nonce, so it still serves.
            let nonce = key.unwrap_or(&fresh);
            return Ok(FormPage {
                faults: &faults,
                nonce,
                ..page
            }
            .answer());
        }
    };
    let visit = visit.speaking(&submission.lang);
    let asked = Asked {
        submission,
        channel: Channel::Form,
        key: key.unwrap_or(&call.request.id),
    };
    match open(call, &visit, asked).await? {
        Some((visit, opened)) => Ok(thanks(&visit, &opened)),
        None => Ok(FormPage {
            visit: &visit,
            sent_before: true,
            ..page
        }
        .answer()),
    }
}

async fn by_api(call: &Call<'_>) -> Result<Answer, Problem> {
    let (visit, request) = (&call.visit, call.request);
    let Some(fields) = Fields::of_json(&request.body) else {
        return Err(Problem::new(
            400,
            "The request is not readable.",
            "Send one JSON object.",
        ));
    };
    let key = request.header("idempotency-key").unwrap_or(&request.id);
    if !is_key(key) {
        return Err(refused(&[("Idempotency-Key".to_owned(), Fault::NotAKey)]));
    }
    let submission = fields
        .and_then(|fields| Submission::read(&fields, &visit.policy, &visit.lang, Origin::Api))
        .map_err(|faults| refused(&faults))?;
    let visit = visit.speaking(&submission.lang);
    match open(
        call,
        &visit,
        Asked {
            submission,
            channel: Channel::Api,
            key,
        },
    )
    .await?
    {
        Some((visit, opened)) => {
            Ok(Answer::json(201, &Receipt::of(&visit, &opened)).with("location", &opened.url))
        }
        None => Err(refused(&[("Idempotency-Key".to_owned(), Fault::KeyUsed)])),
    }
}

/// Opens the ticket and says what is promised, as of the opening: a repeat gets the very same answer.
///
/// None if another request was taken under the same key.
async fn open(
    call: &Call<'_>,
    visit: &Visit,
    asked: Asked<'_>,
) -> Result<Option<(Visit, Thanks)>, Problem> {
    let (app, instants) = (call.app, call.instants);
    let secrets = app.secrets.get().await?;
    let place = place::of(&call.request.source_ip, &secrets.pepper);
    if let Some(place) = &place
        && let Some(wait) = app.store.admits(place, instants.now).await?
    {
        tracing::warn!("requests from one place are over their cap");
        return Err(Problem::too_many(wait));
    }
    let hash = AddressHash::of(&secrets.pepper, asked.submission.email.as_str());
    let request = store_request(asked, &hash);
    let opened = app
        .store
        .open_from(
            place.as_ref(),
            &secrets.pepper,
            request,
            instants,
            &visit.policy,
        )
        .await?;
    tracing::info!(ticket.id = %opened.ticket.id, outcome = ?opened.outcome, "a request was taken");
    if opened.outcome == Outcome::New {
        count(&opened.ticket);
    }
    call.enqueue(&opened.notices).await;
    let masked = masked(app, &opened.ticket).await?;
    let ticket = match opened.outcome {
        Outcome::New => opened.ticket,
        Outcome::Repeated => as_opened(app, opened.ticket).await?,
        Outcome::OtherBody => return Ok(None),
    };
    // The ticket may be held to a newer version by now; the first answer was made of its own.
    let policy = if ticket.policy == *opened.policy.hash() {
        opened.policy
    } else {
        app.store.policy(&ticket.policy).await?
    };
    let visit = Visit {
        policy,
        ..visit.clone()
    };
    let prefix = &visit.policy.terms().prefix;
    let thanks = Thanks {
        number: ticket.id.number(prefix),
        url: links::page(
            &secrets.keyring,
            prefix,
            ticket.id,
            &hash,
            FIRST_GENERATION,
            Way::Shown,
        ),
        promises: promised::of_ticket(&ticket, &visit.policy, ticket.opened_at),
        next_hours: ticket::next_hours(&ticket, &visit.policy),
        zone: ticket
            .zone
            .clone()
            .unwrap_or_else(|| visit.zone().to_owned()),
        received: ticket.opened_at,
        masked,
    };
    Ok(Some((visit, thanks)))
}

/// Counts what was done with a new request besides opening its ticket.
fn count(ticket: &Ticket) {
    if !ticket.masked.is_empty() {
        tracing::info!(seen = Seen::SecretsMasked.name(), ticket.id = %ticket.id, "secrets were masked");
    }
    if ticket.held.is_some() {
        tracing::info!(seen = Seen::AcknowledgementHeld.name(), ticket.id = %ticket.id, reason = ?ticket.held, "an acknowledgement is held back");
    }
}

fn store_request(asked: Asked<'_>, hash: &AddressHash) -> store::Request {
    let Asked {
        submission,
        channel,
        key,
    } = asked;
    store::Request {
        source: channel.as_str(),
        key: key.to_owned(),
        body: submission.digest(),
        channel,
        ticket_type: submission.ticket_type,
        department: submission.department,
        priority: None,
        lang: submission.lang,
        zone: submission.zone,
        requester: Contact {
            hash: hash.clone(),
            address: submission.email.as_str().to_owned(),
            name: submission.name,
        },
        proved: false,
        words: Words {
            subject: submission.subject,
            ..Words::text(submission.message)
        },
        shown: true,
        acknowledge: true,
        related: None,
        to: Vec::new(),
        service: submission.service,
        escalates: None,
        copy: None,
    }
}

/// The ticket as its first event left it: what the first answer was made of.
async fn as_opened(app: &App, ticket: Ticket) -> Result<Ticket, Problem> {
    let first = app.store.event(ticket.id, 1).await?;
    Ok(first
        .and_then(|opening| apply(None, &opening))
        .unwrap_or(ticket))
}

/// What was masked in the request itself: the event right behind the opening says so.
async fn masked(app: &App, ticket: &Ticket) -> Result<Vec<Masked>, Problem> {
    if ticket.masked.is_empty() {
        return Ok(Vec::new());
    }
    match app
        .store
        .event(ticket.id, 2)
        .await?
        .map(|second| second.event)
    {
        Some(Event::SecretsMasked { seq: 1, masked }) => Ok(masked),
        _ => Ok(Vec::new()),
    }
}

/// Nonces and idempotency keys: short, printable, fit for a key of the table.
pub(crate) fn is_key(key: &str) -> bool {
    (1..=limits::KEY).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic() || b == b' ')
}

/// Programs are told in English, field by field.
fn refused(faults: &[FieldFault]) -> Problem {
    let error = |(field, fault): &FieldFault| FieldError {
        field: field.clone(),
        detail: (EN.fault)(fault),
    };
    Problem::fields(faults.iter().map(error).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_printable_ascii_of_bounded_length() {
        assert!(is_key("8e03978e-40d5-43e8-bc93-6894a57f9324"));
        assert!(is_key(&"k".repeat(200)));
        for key in ["", "a\nb", "schlüssel", &"k".repeat(201)] {
            assert!(!is_key(key), "{key:?}");
        }
    }
}
