//! What was decided about the conduct of whoever came with a link (clause ON.6).
//!
//! Only the link, which was mailed to the address, tells of it. The form and the JSON answer are the same for every address,
//! since an address that somebody typed is not theirs yet: nobody can learn another's standing.

use policy::{Allowed, TicketType};
use runtime::http::Problem;
use store::Standing;
use ticket::{Decided, SaidOfStanding, Ticket, said_of_standing};

use crate::guest::Guest;
use crate::handler::Call;
use crate::visit::Visit;

/// A decision that stands about the guest.
pub(crate) struct Limited {
    standing: Standing,
    /// Whether they may write on this ticket all the same.
    pub(crate) may_write: bool,
}

impl Limited {
    /// What stands about the guest now; none if nothing does, or if the policy in force knows no such level any more.
    pub(crate) async fn of(call: &Call<'_>, guest: &Guest) -> Result<Option<Self>, Problem> {
        let Some(conduct) = &call.visit.policy.terms().conduct else {
            return Ok(None);
        };
        let who = &guest.participant.hash;
        let standing = call.app.store.standing(who, call.instants.at).await?;
        let Some(standing) = standing else {
            return Ok(None);
        };
        let Some(level) = conduct.level(&standing.level) else {
            return Ok(None);
        };
        let may_write = takes(&guest.stored.ticket, &standing, &level.allows);
        Ok(Some(Self {
            standing,
            may_write,
        }))
    }

    /// The decision in the visitor's language, and its reason.
    pub(crate) fn said(&self, visit: &Visit, zone: &str) -> (SaidOfStanding, &str) {
        let by = visit.policy.person(&self.standing.by);
        let decided = Decided {
            conduct: visit.policy.terms().conduct.as_ref(),
            level: &self.standing.level,
            from: self.standing.from,
            until: self.standing.until,
            by: by.map_or(visit.policy.terms().company.name.as_str(), |by| {
                by.name.as_str()
            }),
            zone,
        };
        let said = said_of_standing(&decided, &visit.lang);
        (said, &self.standing.reason)
    }
}

/// Whether a message on this ticket is still taken: as one, on a complaint as a complaint, or as an objection.
fn takes(ticket: &Ticket, standing: &Standing, allows: &[Allowed]) -> bool {
    let objects = ticket.id == standing.ticket || ticket.related == Some(standing.ticket);
    let complaint = ticket.ticket_type == TicketType::Complaint;
    objects
        || allows.contains(&Allowed::Messages)
        || (complaint && allows.contains(&Allowed::Complaints))
}
