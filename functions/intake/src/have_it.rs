//! `/tickets/{number}/have-it`: the link in a ladder's mail by which somebody says that they have it.
//!
//! Where the ticket was merged meanwhile, the link is about what it goes on with.
//! Opening the link changes nothing, because mail scanners follow links; the button does.

use policy::{Person, PersonId};
use runtime::http::{Answer, Problem};
use store::{StoreError, Stored};
use ticket::{Command, Refusal, TicketId};

use crate::handler::Call;
use crate::pages::{HaveIt, Notice, have_it, notice};
use crate::visit::Visit;

/// Somebody of the staff who came with the link of their mail.
struct Colleague {
    stored: Stored,
    person: Person,
    /// The page's path and query.
    url: String,
}

/// `GET`: asks whether they have it, if it still waits for anybody.
pub(crate) async fn page(call: &Call<'_>) -> Result<Answer, Problem> {
    let Some(colleague) = Colleague::admit(call).await? else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let told = &colleague.stored.ticket.told;
    let waits = told.iter().any(|told| told.times > 0 && !told.acknowledged);
    let what = if waits { HaveIt::Ask } else { HaveIt::Nothing };
    Ok(colleague.page(call, what))
}

/// `POST`: notes it. A second time finds it noted, so that the button needs no nonce.
pub(crate) async fn confirm(call: &Call<'_>) -> Result<Answer, Problem> {
    let Some(colleague) = Colleague::admit(call).await? else {
        return Ok(notice(&call.visit, Notice::NotFound));
    };
    let id = colleague.stored.ticket.id;
    let by = colleague.person.id.clone();
    let command = Command::AcknowledgeEscalation { by };
    let store = &call.app.store;
    match store.execute(id, &command, call.instants, None).await {
        Ok(done) => {
            tracing::info!(ticket.id = %id, "an escalation was acknowledged");
            call.enqueue(&done.notices).await;
            Ok(colleague.page(call, HaveIt::Done))
        }
        Err(StoreError::Refused(Refusal::AlreadySo | Refusal::TicketIsClosed)) => {
            Ok(colleague.page(call, HaveIt::Nothing))
        }
        Err(error) => Err(error.into()),
    }
}

impl Colleague {
    /// Who the link's key was signed for, on which ticket. Every way of failing gives the same none.
    async fn admit(call: &Call<'_>) -> Result<Option<Self>, Problem> {
        let request = call.request;
        let key = request.query("key").unwrap_or_default();
        let who = request.query("who").and_then(|who| PersonId::new(who).ok());
        let number = request.path.get("number");
        let id = number.and_then(|number| TicketId::with_any_prefix(number));
        let (Some(who), Some(id)) = (who, id) else {
            return Ok(None);
        };
        let secrets = call.app.secrets.for_tags([key], call.instants.now).await?;
        if !mail::takes_over(&secrets.keyring, id, &who, key) {
            return Ok(None);
        }
        let Some(stored) = call.app.store.followed(id).await? else {
            return Ok(None);
        };
        let current = call.visit.policy.person(&who);
        let Some(person) = current.or_else(|| stored.policy.person(&who)).cloned() else {
            return Ok(None);
        };
        // Of the ticket for which the key was signed, wherever it goes on.
        let number = id.number(&stored.policy.terms().prefix);
        Ok(Some(Self {
            stored,
            person,
            // The key has been verified, so it consists of base-32 symbols only; ids need no encoding either.
            url: format!("/tickets/{number}/have-it?who={who}&key={key}"),
        }))
    }

    fn page(&self, call: &Call<'_>, what: HaveIt) -> Answer {
        let ticket = &self.stored.ticket;
        let number = ticket.id.number(&self.stored.policy.terms().prefix);
        let policy = call.visit.policy.clone();
        let visit = Visit::new(policy, call.request, Some(&self.person.lang));
        have_it(&visit, &number, &self.url, what)
    }
}
