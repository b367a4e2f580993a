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
        // What is written on a merged ticket's page goes to the ticket that it goes on with.
        let own = &guest.stored.ticket;
        let end = match own.merged_into {
            Some(_) => call.app.store.followed(own.id).await?,
            None => None,
        };
        let ticket = end.as_ref().map_or(own, |end| &end.ticket);
        let may_write = takes(ticket, &standing, &level.allows);
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

/// Whether a message on this ticket is still taken: as one, on a complaint as a complaint, or as an objection, which belongs to
/// the ticket on which it was decided or to the one that goes on with that.
fn takes(ticket: &Ticket, standing: &Standing, allows: &[Allowed]) -> bool {
    let objects = ticket.id == standing.ticket
        || ticket.related == Some(standing.ticket)
        || ticket.merged_from.contains(&standing.ticket);
    let complaint = ticket.ticket_type == TicketType::Complaint;
    objects
        || allows.contains(&Allowed::Messages)
        || (complaint && allows.contains(&Allowed::Complaints))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::policy;
    use ticket::{
        Actor, AddressHash, ContentDigest, Event, MergedFrom, Pepper, Recorded, TicketId, apply,
    };

    fn id(key: &str) -> TicketId {
        TicketId::derive(&Pepper::new("pepper"), "form", key, 0)
    }

    fn then(ticket: Option<Ticket>, event: Event) -> Ticket {
        let at = "2026-11-24T09:00:00Z".parse().unwrap();
        let recorded = Recorded {
            seq: 1,
            at,
            recorded_at: at,
            actor: Actor::System,
            event,
            words: None,
            chain: ContentDigest::of(&[]),
        };
        apply(ticket, &recorded).unwrap()
    }

    fn opened(id: TicketId) -> Ticket {
        let who = AddressHash::of(&Pepper::new("pepper"), "customer@example.net");
        let digest = ContentDigest::of(&[]);
        let opened = serde_json::json!({
            "id": id, "pol": policy().hash(), "src": digest, "body": digest, "ch": "form",
            "type": "request", "prio": "normal", "lang": "en", "req": who,
        });
        then(None, Event::Opened(serde_json::from_value(opened).unwrap()))
    }

    #[test]
    fn an_objection_is_taken_on_whatever_its_ticket_goes_on_with() {
        let from = "2026-11-24T09:00:00Z".parse().unwrap();
        let standing = Standing {
            level: policy::ConductId::new("limited").unwrap(),
            from,
            until: "2026-12-24T09:00:00Z".parse().unwrap(),
            reason: "threats".to_owned(),
            by: policy::PersonId::new("lead").unwrap(),
            ticket: id("one"),
            ended: None,
        };
        let other = opened(id("other"));
        assert!(takes(&opened(id("one")), &standing, &[]));
        assert!(!takes(&other, &standing, &[]));
        let merged = Event::MergedFrom(Box::new(MergedFrom::of(id("one"))));
        assert!(takes(&then(Some(other), merged), &standing, &[]));
    }
}
