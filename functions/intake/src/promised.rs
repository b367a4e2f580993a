//! What the policy promises for a ticket, as customers are told: published promises only.
//!
//! What the form shows before sending comes from the very clocks that the ticket will have: an opening is decided and
//! thrown away. So the page cannot promise what the desk would not keep.

use jiff::Timestamp;
use policy::{Channel, DepartmentId, Metric, Policy, Promise, TicketType};
use ticket::{
    AddressHash, Clock, Contact, ContentDigest, Context, Explanation, Open, Pepper, Ticket,
    TicketId, Words,
};

use crate::visit::Visit;

/// One published promise and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promised {
    pub(crate) promise: Promise,
    pub(crate) standing: Standing,
    /// Why its deadline is when it is, once its clock has started.
    pub(crate) why: Option<Box<Explanation>>,
}

/// How a promise stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It is to be kept by then.
    Due(Timestamp),
    /// It was kept then; if late, it had been due at the second instant.
    Kept {
        at: Timestamp,
        late_for: Option<Timestamp>,
    },
    /// It was not kept; with the time to expect now, if that lies ahead.
    Missed {
        due: Timestamp,
        expected: Option<Timestamp>,
    },
    /// Its clock stands still without an end in sight.
    Paused,
    /// Its clock starts when the customer writes again.
    Later,
}

/// What is promised for a ticket as it stands at `now`.
pub(crate) fn of_ticket(ticket: &Ticket, policy: &Policy, now: Timestamp) -> Vec<Promised> {
    let published = ticket::clocks(ticket, policy)
        .into_iter()
        .filter(|clock| clock.promise.published);
    let promised = |clock: Clock<'_>| Promised {
        promise: clock.promise.clone(),
        standing: standing(&clock, policy, now),
        why: Some(Box::new(ticket::explain(ticket, policy, &clock, now))),
    };
    let mut all: Vec<Promised> = published.map(promised).collect();
    let running = |metric| ticket.cycle_of(metric) > 0 && ticket.waiting_since.is_some();
    if !running(Metric::NextResponse) && !ticket.is_settled() {
        all.extend(later(ticket, policy));
    }
    all.sort_by_key(|promised| promised.promise.metric);
    all
}

fn standing(clock: &Clock<'_>, policy: &Policy, now: Timestamp) -> Standing {
    match (clock.met_at, clock.due) {
        (Some(at), due) => Standing::Kept {
            at,
            late_for: due.filter(|due| *due < at),
        },
        (None, None) => Standing::Paused,
        (None, Some(due)) if clock.missed || due < now => {
            let expected =
                ticket::expected_after_miss(clock, policy, due).filter(|expected| *expected > now);
            Standing::Missed { due, expected }
        }
        (None, Some(due)) => Standing::Due(due),
    }
}

/// The promise for whatever the customer writes after an answer; it has no clock before that.
fn later(ticket: &Ticket, policy: &Policy) -> Option<Promised> {
    let facts = ticket::facts(ticket, ticket.department.as_ref(), ticket.opened_at);
    let mut promises = policy.promises(&facts).into_iter();
    let promise =
        promises.find(|promise| promise.published && promise.metric == Metric::NextResponse)?;
    Some(Promised {
        promise: promise.clone(),
        standing: Standing::Later,
        why: None,
    })
}

/// What would be promised for a visitor's request with this choice if it were sent now.
pub(crate) fn before_sending(
    visit: &Visit,
    department: Option<&DepartmentId>,
    ticket_type: TicketType,
    now: Timestamp,
) -> Vec<Promised> {
    let (policy, lang) = (&visit.policy, &visit.lang);
    // Nothing of this opening is kept, so its identity does not matter.
    let nobody = Pepper::new("");
    let open = Open {
        id: TicketId::derive(&nobody, "form", "", 0),
        source: ContentDigest::of(&[]),
        body: ContentDigest::of(&[]),
        channel: Channel::Form,
        ticket_type,
        department: department.cloned(),
        priority: None,
        lang: lang.clone(),
        zone: None,
        requester: Contact {
            hash: AddressHash::of(&nobody, ""),
            address: String::new(),
            name: String::new(),
        },
        proved: false,
        words: Words::default(),
        shown: true,
        acknowledge: true,
        held: None,
        waiting: None,
        related: None,
        to: Vec::new(),
        service: None,
        busy: visit.declared.clone(),
        escalates: None,
    };
    let decision = ticket::open(
        &open,
        &Context {
            at: now,
            now,
            policy,
        },
    );
    of_ticket(&decision.ticket, policy, now)
}
