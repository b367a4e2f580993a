//! `decide`: a command, the ticket as it is and the policy give events and notices, or a refusal. Pure.

mod conduct;
mod merge;
mod messages;
mod open;
mod orders;
mod people;
mod review;
mod timers;
mod versions;

use jiff::Timestamp;
use policy::Policy;

use crate::apply::apply;
use crate::clocks::{clocks, next_due, tier_of, was_missed};
use crate::command::{Actor, Command, Contact, Context, Order, Refusal};
use crate::event::{Event, Recorded};
use crate::identity::{ContentDigest, NoticeId};
use crate::merge::Other;
use crate::model::Ticket;
use crate::notice::{Addressee, Happening, Notice, Text, audience};
use crate::secrets::Masked;
use crate::words::{Safe, Words};

pub use open::open;
pub(crate) use orders::unknown_scope;
pub use versions::{Offer, offer};

/// A transaction takes 100 rows. The policy's check keeps what one step may tell within 40 people, so a decision that
/// starts no further step beyond this many notices stays within them.
const ENOUGH: usize = 30;

/// What is to be committed in one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The ticket after the events.
    pub ticket: Ticket,
    /// The new events, in order.
    pub events: Vec<Recorded>,
    /// The new notices.
    pub notices: Vec<Notice>,
    /// People whose participant item is to be written.
    pub contacts: Vec<Contact>,
    /// When the ticket is to be looked at next, if nobody acts before.
    pub next_due: Option<Timestamp>,
}

/// Decides a command on an existing ticket.
///
/// # Errors
/// A [`Refusal`] names the rule; nothing has changed and asking again gives the same answer.
pub fn decide(
    ticket: &Ticket,
    command: &Command,
    context: &Context<'_>,
) -> Result<Decision, Refusal> {
    decide_merging(ticket, command, context, None).map(|(decision, _)| decision)
}

/// The same where the command may merge the ticket into another: answers what becomes of both. Both are committed
/// together, or neither.
///
/// # Errors
/// As [`decide`].
pub fn decide_merging(
    ticket: &Ticket,
    command: &Command,
    context: &Context<'_>,
    other: Option<&Other<'_>>,
) -> Result<(Decision, Option<Decision>), Refusal> {
    let mut draft = Draft::of(ticket.clone(), context);
    draft.other = other;
    match command {
        Command::CustomerMessage {
            from,
            words,
            proved,
        } => messages::customer(&mut draft, from, words.clone(), *proved)?,
        Command::StrangerMessage { from, words, tell } => {
            people::stranger(&mut draft, from, words.clone(), *tell)?;
        }
        Command::AgentReply {
            agent,
            words,
            orders,
        } => messages::agent_reply(&mut draft, agent, words.clone(), orders)?,
        Command::InternalNote {
            agent,
            words,
            instead_of_reply,
            orders,
        } => messages::note(&mut draft, agent, words.clone(), *instead_of_reply, orders)?,
        Command::Orders {
            by: by @ Actor::Operator,
            orders,
        } => orders::all_or_nothing(&mut draft, by, orders)?,
        Command::Orders { by, orders } => orders::carry_out(&mut draft, by, orders),
        Command::EscalateComplaint {
            from,
            words,
            proved,
        } => review::by_customer(&mut draft, from, words.clone(), *proved)?,
        Command::AcknowledgeEscalation { by } => {
            let by = Actor::Agent(by.clone());
            orders::one(&mut draft, &by, &Order::Acknowledge)?;
        }
        Command::FireTimers => timers::fire(&mut draft),
        Command::AnnounceVersion {
            version,
            published,
            effective,
        } => versions::announce(&mut draft, version, *published, *effective),
        Command::SetStanding {
            by,
            who,
            level,
            until,
            words,
        } => conduct::set(&mut draft, by, who, level, *until, words.clone())?,
        Command::TellStanding { who } => conduct::tell(&mut draft, who),
        Command::LiftStanding {
            by,
            who,
            level,
            words,
        } => conduct::lift(&mut draft, by, who, level, words.clone())?,
        Command::RevealSecrets { by, seq, words } => {
            let event = Event::SecretsRevealed { seq: *seq };
            draft.record(Actor::Agent(by.clone()), event, Some(words.clone()));
        }
        Command::Acknowledged => {
            if draft.ticket.acknowledged_at.is_none() {
                draft.record(Actor::System, Event::Acknowledged, None);
            }
        }
        Command::TellNumbers { tickets, more } => open::tell_numbers(&mut draft, tickets, *more),
        Command::NotReached {
            notice,
            who,
            reason,
        } => messages::not_reached(&mut draft, notice, who.clone(), reason),
    }
    draft.note_missed(ticket);
    let merged = draft.merged.take();
    Ok((draft.finish(), merged))
}

/// The ticket as it becomes while a command is decided.
struct Draft<'a> {
    ticket: Ticket,
    events: Vec<Recorded>,
    notices: Vec<Notice>,
    contacts: Vec<Contact>,
    context: &'a Context<'a>,
    /// The ticket that a merge would go on with.
    other: Option<&'a Other<'a>>,
    /// What becomes of it.
    merged: Option<Decision>,
}

impl<'a> Draft<'a> {
    fn of(ticket: Ticket, context: &'a Context<'a>) -> Self {
        Self {
            ticket,
            events: Vec::new(),
            notices: Vec::new(),
            contacts: Vec::new(),
            context,
            other: None,
            merged: None,
        }
    }

    fn policy(&self) -> &'a Policy {
        self.context.policy
    }

    /// Records an event at the input's instant and folds it in; answers its sequence number. Secrets in its words are
    /// masked, and that they were is an event of its own.
    fn record(&mut self, actor: Actor, event: Event, words: Option<Words>) -> u32 {
        let (words, masked) = words.map(Safe::of).unzip();
        let seq = self.append(actor, event, words);
        self.note_masked(seq, masked.unwrap_or_default());
        seq
    }

    fn note_masked(&mut self, seq: u32, masked: Vec<Masked>) {
        if !masked.is_empty() {
            let event = Event::SecretsMasked { seq, masked };
            self.append(Actor::System, event, None);
        }
    }

    fn append(&mut self, actor: Actor, event: Event, words: Option<Safe>) -> u32 {
        let recorded = chained(Some(&self.ticket), self.context, actor, event, words);
        let seq = recorded.seq;
        if let Some(next) = apply(Some(self.ticket.clone()), &recorded) {
            self.ticket = next;
        }
        self.events.push(recorded);
        seq
    }

    /// Puts a notice into the outbox; the same reason and recipient never twice.
    fn notify(&mut self, to: Addressee, text: Text, reason: &[&str]) {
        let who = match &to {
            Addressee::Customer(hash) => hash.as_str().to_owned(),
            Addressee::Staff(person) => person.to_string(),
            Addressee::Address(address) => address.clone(),
        };
        let mut parts = reason.to_vec();
        parts.push(&who);
        let id = NoticeId::of(self.ticket.id, &parts);
        if self.notices.iter().all(|notice| notice.id != id) {
            let lane = text.lane();
            self.notices.push(Notice { id, to, text, lane });
        }
    }

    /// Tells everybody whom [`crate::notice::AUDIENCE`] names for a happening, except the person who caused it.
    fn tell(
        &mut self,
        happening: Happening,
        seq: u32,
        but: Option<&Actor>,
        text: impl Fn(&Addressee) -> Text,
    ) {
        let seq = seq.to_string();
        let kind = format!("{happening:?}");
        for to in audience(happening, &self.ticket, self.policy(), self.context.now) {
            let own = match (but, &to) {
                (Some(Actor::Agent(agent)), Addressee::Staff(person)) => agent == person,
                (Some(Actor::Customer(who)), Addressee::Customer(hash)) => who == hash,
                _ => false,
            };
            if !own {
                let text = text(&to);
                self.notify(to, text, &[&kind, &seq]);
            }
        }
    }

    /// Records the misses of clocks that this command stopped after their deadline, which no tick had seen.
    ///
    /// Nobody is told: what was owed has just been done. A clock that still runs is left to the tick.
    fn note_missed(&mut self, before: &Ticket) {
        let at = self.context.at;
        let tier = tier_of(before, self.policy());
        let after = clocks(&self.ticket, self.policy());
        let missed: Vec<Event> = clocks(before, self.policy())
            .iter()
            .filter(|clock| clock.running && !clock.missed)
            // What the firing has noted itself before a level brought other promises.
            .filter(|clock| !was_missed(&self.ticket, self.policy(), clock.promise, clock.cycle))
            .filter(|clock| {
                !after.iter().any(|now| {
                    now.running && now.promise.id == clock.promise.id && now.cycle == clock.cycle
                })
            })
            .filter_map(|clock| {
                let due = clock.due.filter(|due| *due < at)?;
                Some(Event::PromiseMissed {
                    promise: clock.promise.id.clone(),
                    cycle: clock.cycle,
                    due,
                    tier,
                })
            })
            .collect();
        for event in missed {
            self.record(Actor::System, event, None);
        }
    }

    fn finish(self) -> Decision {
        let next_due = next_due(&self.ticket, self.context.policy, self.context.now);
        Decision {
            ticket: self.ticket,
            events: self.events,
            notices: self.notices,
            contacts: self.contacts,
            next_due,
        }
    }
}

/// Gives an event its place: sequence number, recording instant that never decreases, chained digest.
fn chained(
    ticket: Option<&Ticket>,
    context: &Context<'_>,
    actor: Actor,
    event: Event,
    words: Option<Safe>,
) -> Recorded {
    let words = words.map(Safe::into_words);
    let recorded_at = ticket.map_or(context.now, |t| t.recorded_at.max(context.now));
    let seq = ticket.map_or(1, |t| t.seq + 1);
    let previous = ticket.map_or("", |t| t.chain.as_str());
    let chain = chain_digest(previous, seq, &context.at, &actor, &event, words.as_ref());
    Recorded {
        seq,
        at: context.at,
        recorded_at,
        actor,
        event,
        words,
        chain,
    }
}

/// The digest that chains an event to its predecessor: over its facts and the digest of its words, so that erased
/// words leave a chain that still verifies from the digests alone.
pub fn chain_digest(
    previous: &str,
    seq: u32,
    at: &Timestamp,
    actor: &Actor,
    event: &Event,
    words: Option<&Words>,
) -> ContentDigest {
    // Serialising our own plain structs to JSON cannot fail.
    let facts = serde_json::to_string(&(seq, at, actor, event)).unwrap_or_default();
    let words = words_digest(words);
    ContentDigest::of(&[previous.as_bytes(), facts.as_bytes(), words.as_bytes()])
}

/// The digest of an event's words; it stays when the words are erased.
pub fn words_digest(words: Option<&Words>) -> String {
    words
        .and_then(|words| serde_json::to_vec(words).ok())
        .map(|json| ContentDigest::of(&[&json]).as_str().to_owned())
        .unwrap_or_default()
}
