//! Who may see which ticket: the link's key decides.

use policy::Lang;
use runtime::http::Problem;
use runtime::links::{self, Way};
use store::{Participant, Stored};
use ticket::{AddressHash, TicketId};

use crate::fields::Fields;
use crate::handler::Call;
use crate::visit::Visit;

/// Somebody who came with a link, and the ticket that it opens.
pub(crate) struct Guest {
    pub(crate) stored: Stored,
    pub(crate) participant: Participant,
    /// How they came by their link.
    pub(crate) way: Way,
    key: String,
}

impl Guest {
    /// Finds the ticket and the person whose link this is. Every way of failing gives the same none after the same
    /// reads, so that neither answer nor time tells which numbers exist.
    pub(crate) async fn admit(call: &Call<'_>) -> Result<Option<Self>, Problem> {
        let store = &call.app.store;
        let key = call.request.query("key").unwrap_or_default();
        let secrets = call.app.secrets.for_tags([key], call.instants.now).await?;
        let Some(id) = call
            .request
            .path
            .get("number")
            .and_then(|number| TicketId::with_any_prefix(number))
        else {
            return Ok(None);
        };
        let stored = store.load(id).await?;
        let people: Vec<AddressHash> = match &stored {
            Some(Stored { ticket, .. }) => [&ticket.requester]
                .into_iter()
                .chain(&ticket.participants)
                .cloned()
                .collect(),
            None => vec![AddressHash::of(&secrets.pepper, "")],
        };
        for who in people {
            let participant = store.participant(id, &who).await?;
            let generation = participant
                .as_ref()
                .map_or(0, |participant| participant.generation);
            let opens = links::opens(&secrets.keyring, id, &who, generation, key);
            if let (Some(stored), Some(participant), Some(way)) = (&stored, participant, opens) {
                return Ok(Some(Self {
                    stored: stored.clone(),
                    participant,
                    way,
                    key: key.to_owned(),
                }));
            }
        }
        Ok(None)
    }

    /// The ticket's number.
    pub(crate) fn number(&self) -> String {
        self.stored
            .ticket
            .id
            .number(&self.stored.policy.terms().prefix)
    }

    /// The path of the ticket's page, or of something `below` it, with the key.
    pub(crate) fn url(&self, below: &str) -> String {
        // The key has been verified, so it consists of base-32 symbols only.
        format!("/tickets/{}{below}?key={}", self.number(), self.key)
    }

    /// The visit in the guest's language: the link's, the form's, the ticket's.
    pub(crate) fn visit(&self, call: &Call<'_>, fields: &Fields) -> Visit {
        let written = fields.given("lang").and_then(|lang| Lang::new(lang).ok());
        let lang = written.as_ref().unwrap_or(&self.stored.ticket.lang);
        Visit {
            busy: call.visit.busy.clone(),
            declared: call.visit.declared.clone(),
            at: call.visit.at,
            ..Visit::new(call.visit.policy.clone(), call.request, Some(lang))
        }
    }
}
