//! The customer's page of a ticket, and what is written on it.

use runtime::Seen;
use runtime::http::{Answer, Problem};
use runtime::links::Way;
use store::{Once, StoreError, Stored};
use ticket::{Actor, Command, ContentDigest, Event, Masked, Recorded, Refusal, Words, mask};

use crate::fields::{FieldFault, Fields};
use crate::file;
use crate::guest::Guest;
use crate::handler::Call;
use crate::merged;
use crate::open::is_key;
use crate::pages::{FileLine, Message, Notice, Taking, TicketPage, Writer, in_language, notice};
use crate::promised;
use crate::standing::Limited;
use crate::submission;

/// `GET /tickets/{number}?key=...`; it changes nothing, because mail scanners follow links.
pub(crate) async fn page(call: &Call<'_>) -> Result<Answer, Problem> {
    match Guest::admit(call).await? {
        None => Ok(notice(&call.visit, Notice::NotFound)),
        Some(guest) => show(call, &guest, &Fields::default(), &Outcome::Fine).await,
    }
}

/// `POST /tickets/{number}/messages?key=...`.
pub(crate) async fn message(call: &Call<'_>) -> Result<Answer, Problem> {
    if call.request.content_type() != "application/x-www-form-urlencoded" {
        let detail = "Send the form of the ticket's page.";
        return Err(Problem::new(415, "The request is of another type.", detail));
    }
    let Some(guest) = Guest::admit(call).await? else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let fields = Fields::of_form(call.request.form());
    let limited = Limited::of(call, &guest).await?;
    if limited.is_some_and(|it| !it.may_write) {
        return show(call, &guest, &fields, &Outcome::Limited).await;
    }
    match write(call, &guest, &fields).await? {
        Outcome::Fine => {
            let lang = guest.visit(call, &fields).lang;
            let onward = merged::into(call, &guest).await?;
            let page = onward.map_or_else(|| guest.url(""), |(_, page)| page);
            Ok(Answer::see_other(&in_language(&page, &lang)))
        }
        outcome => show(call, &guest, &fields, &outcome).await,
    }
}

/// What became of a message.
enum Outcome {
    Fine,
    Faults(Vec<FieldFault>),
    SentBefore,
    NoMore,
    Limited,
}

async fn write(call: &Call<'_>, guest: &Guest, fields: &Fields) -> Result<Outcome, Problem> {
    let mut faults = fields.strays(&["message", "lang", "nonce"]);
    let text =
        submission::message(fields).map_err(|fault| faults.push(("message".to_owned(), fault)));
    let (Ok(text), true) = (text, faults.is_empty()) else {
        return Ok(Outcome::Faults(faults));
    };
    let id = guest.stored.ticket.id;
    let from = guest.participant.hash.clone();
    let nonce = fields
        .given("nonce")
        .filter(|key| is_key(key))
        .unwrap_or(&call.request.id);
    let (without, secrets) = mask(&text);
    let body = ContentDigest::of(&[from.as_str().as_bytes(), without.as_bytes()]);
    let once = Once {
        copy: None,
        source: "form",
        key: format!("{id}/{nonce}"),
        body,
    };
    // Only words prove anything: programs that look for harmful links open them, and some press their buttons.
    let proved = guest.way == Way::Mailed;
    if proved {
        call.app.store.heard_from(&from, call.instants.now).await?;
    }
    let command = Command::CustomerMessage {
        from,
        words: Words::text(text),
        proved,
    };
    match call
        .app
        .store
        .execute(id, &command, call.instants, Some(once))
        .await
    {
        Ok(executed) if executed.other_body => Ok(Outcome::SentBefore),
        Ok(executed) => {
            tracing::info!(ticket.id = %id, repeated = executed.repeated, "a customer's message was taken");
            if !executed.repeated && !secrets.is_empty() {
                tracing::info!(seen = Seen::SecretsMasked.name(), ticket.id = %id, "secrets were masked");
            }
            call.enqueue(&executed.notices).await;
            Ok(Outcome::Fine)
        }
        // Who was taken off the ticket that theirs goes on with writes there no more.
        Err(StoreError::Refused(
            Refusal::TicketIsClosed | Refusal::TicketIsFull | Refusal::NotAParticipant,
        )) => Ok(Outcome::NoMore),
        Err(error) => Err(error.into()),
    }
}

async fn show(
    call: &Call<'_>,
    guest: &Guest,
    fields: &Fields,
    outcome: &Outcome,
) -> Result<Answer, Problem> {
    let Stored {
        ticket,
        policy,
        subject,
        ..
    } = &guest.stored;
    let visit = guest.visit(call, fields);
    let history = call.app.store.history(ticket.id).await?;
    let zone = ticket.zone.as_deref();
    let zone = zone.unwrap_or_else(|| policy.terms().zone.name());
    let limited = Limited::of(call, guest).await?;
    let said = limited.as_ref().map(|limited| limited.said(&visit, zone));
    let (code, faults, refused) = match outcome {
        Outcome::Fine => (200, &[][..], None),
        Outcome::Faults(faults) => (422, &faults[..], None),
        Outcome::SentBefore => (422, &[][..], Some(visit.texts.sent_before)),
        Outcome::NoMore => (409, &[][..], Some(visit.texts.no_more)),
        Outcome::Limited => (403, &[][..], said.as_ref().map(|(said, _)| said.rest)),
    };
    let page = TicketPage {
        visit: &visit,
        number: guest.number(),
        url: guest.url(""),
        reply_to: guest.url("/messages"),
        subject: if ticket.reads_after(&guest.participant.hash) == 0 {
            subject
        } else {
            ""
        },
        status: ticket.status,
        expected: ticket.expected.filter(|at| *at > call.instants.now),
        messages: messages(&history, guest),
        whole: ticket.reads_after(&guest.participant.hash) == 0,
        people: people(call, guest).await?,
        masked: masked(&history, guest),
        promises: if ticket.merged_into.is_some() {
            Vec::new()
        } else {
            promised::of_ticket(ticket, policy, call.instants.now)
        },
        onward: merged::into(call, guest).await?,
        merged: merged::from(call, guest).await?,
        zone,
        may_write: limited.as_ref().is_none_or(|limited| limited.may_write),
        standing: said,
        nonce: &call.nonce().await?,
        draft: fields.raw("message"),
        faults,
        refused,
        version: policy.hash(),
        code,
    };
    Ok(page.answer())
}

/// What was masked in the visitor's newest message.
fn masked<'a>(history: &'a [Recorded], guest: &Guest) -> &'a [Masked] {
    let own = Actor::Customer(guest.participant.hash.clone());
    let newest = history.iter().rfind(|it| it.actor == own);
    let behind = newest.and_then(|newest| history.iter().find(|it| it.seq == newest.seq + 1));
    match behind.map(|behind| &behind.event) {
        Some(Event::SecretsMasked { masked, .. }) => masked,
        _ => &[],
    }
}

/// Who takes part, for a page that somebody who does looks at; nobody is listed while it is the requester alone. The
/// requester sees the others' addresses; the others see that there are others.
async fn people(call: &Call<'_>, guest: &Guest) -> Result<Vec<Taking>, Problem> {
    let ticket = &guest.stored.ticket;
    let own = &guest.participant.hash;
    let mut people = Vec::new();
    for who in &ticket.participants {
        if who == own {
            people.push(Taking::You);
        } else if *own == ticket.requester {
            let person = call.app.store.participant(ticket.id, who).await?;
            people.push(Taking::Other(person.map(|person| person.address)));
        } else {
            people.push(Taking::Other(None));
        }
    }
    if !people.is_empty() {
        let asked = if *own == ticket.requester {
            Taking::You
        } else {
            Taking::Requester
        };
        people.insert(0, asked);
    }
    Ok(people)
}

/// What whoever takes part may read: the requests and answers since they joined, never notes, and a stranger's words once
/// they are released.
pub(crate) fn messages<'a>(history: &'a [Recorded], guest: &'a Guest) -> Vec<Message<'a>> {
    let after = guest.stored.ticket.reads_after(&guest.participant.hash);
    let released = |seq: u32| {
        let mut releases = history.iter();
        releases.find(|it| it.event == Event::Released { seq })
    };
    let public = history.iter().filter_map(|recorded| {
        let said = match recorded.event {
            Event::StrangerWrote => released(recorded.seq)?.seq,
            _ => recorded.seq,
        };
        if said <= after {
            return None;
        }
        let writer = match (&recorded.event, &recorded.actor) {
            (Event::Opened(_) | Event::CustomerWrote, Actor::Customer(who))
                if *who == guest.participant.hash =>
            {
                Writer::You
            }
            (Event::Opened(_) | Event::CustomerWrote | Event::StrangerWrote, _) => {
                Writer::SomebodyElse
            }
            (Event::AgentReplied, Actor::Agent(agent)) => Writer::Staff(
                guest
                    .stored
                    .policy
                    .person(agent)
                    .map_or("", |person| person.name.as_str()),
            ),
            _ => return None,
        };
        let words = recorded.words.as_ref();
        let files = words.map_or(&[][..], |words| &words.attachments);
        let url = |place: usize| guest.url(&file::path(recorded.seq, place));
        Some(Message {
            seq: recorded.seq,
            writer,
            at: recorded.at,
            words,
            files: FileLine::of(files, url),
        })
    });
    public.collect()
}
