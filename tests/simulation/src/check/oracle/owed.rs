//! Who is owed which notice for each event, by the design and by nothing that decides it.

use policy::{Recipient, Status, Tier};
use ticket::{Actor, AddressHash, Addressee, Event, Recorded, Text, caps};

use super::case::Case;
use super::clocks::{self, Clock};
use super::deadlines;
use crate::check::taken::is_by_machine;

/// A notice, as it is compared: to whom, and what it says.
pub(super) type Owed = (Addressee, String);

/// What came before the event in the same commit.
pub(super) struct Before<'a, 'p> {
    /// The events.
    pub(super) events: &'a [Recorded],
    /// The events that follow.
    pub(super) after: &'a [Recorded],
    /// The status in which the first of them found the ticket.
    pub(super) status: Status,
    /// Whether the clock did it.
    pub(super) fired: bool,
    /// The clocks as the event found them, where the clock did it or where they end here.
    pub(super) clocks: &'a [Clock<'p>],
    /// Whoever took part in the ticket that is merged into this one.
    pub(super) joining: &'a [AddressHash],
}

/// Orders are answered to whoever gave them, refused or not; which is counted elsewhere.
pub(super) fn shape(text: &Text) -> String {
    match text {
        Text::OrdersAnswered { .. } => "OrdersAnswered".to_owned(),
        other => format!("{other:?}"),
    }
}

/// The notices of one event; the ticket is as the event left it.
pub(super) fn by(case: &Case<'_>, recorded: &Recorded, before: &Before<'_, '_>) -> Vec<Owed> {
    use Recipient::{Assignee, Lead, Management};
    let (seq, now) = (
        recorded.seq,
        if before.fired {
            recorded.at
        } else {
            recorded.recorded_at
        },
    );
    let all = |people: Vec<Addressee>, text: Text| {
        people
            .into_iter()
            .map(|to| (to, shape(&text)))
            .collect::<Vec<_>>()
    };
    let staff = |recipients: &[Recipient]| case.staff(recipients, now);
    let others = |people: Vec<Addressee>| {
        people
            .into_iter()
            .filter(|to| !is(&recorded.actor, to))
            .collect::<Vec<_>>()
    };
    match &recorded.event {
        Event::Opened(opened) => {
            let mut owed = all(staff(&[Assignee]), Text::Opened { seq });
            if opened.held.is_none() && !is_by_machine(recorded) {
                owed.extend(all(case.customer(), Text::Acknowledgement));
                owed.extend(too_much(recorded));
            }
            owed
        }
        Event::CustomerWrote => {
            let review = |next: &Recorded| matches!(next.event, Event::ComplaintEscalated { .. });
            let mut owed = too_much(recorded);
            owed.extend(if before.after.iter().any(review) {
                Vec::new()
            } else if before.status == Status::Solved {
                all(staff(&[Assignee, Lead]), Text::Reopened { seq })
            } else {
                all(
                    staff(&[Assignee]),
                    Text::CustomerReplied {
                        seq,
                        stranger: false,
                    },
                )
            });
            owed
        }
        Event::StrangerWrote => all(
            staff(&[Assignee]),
            Text::CustomerReplied {
                seq,
                stranger: true,
            },
        ),
        Event::AgentReplied => {
            let Actor::Agent(agent) = recorded.actor.clone() else {
                return Vec::new();
            };
            let one = |to: Addressee| {
                let answers = match &to {
                    Addressee::Customer(who) => case.heard.get(who).copied(),
                    _ => None,
                };
                let agent = agent.clone();
                let text = Text::Reply {
                    seq,
                    agent,
                    answers,
                };
                (to, shape(&text))
            };
            case.customers().into_iter().map(one).collect()
        }
        Event::SecretsMasked { seq: of, masked } => {
            // The page has said so already; a mail's writer hears of each kind once.
            let wrote = before.events.iter().find(|it| it.seq == *of);
            let by_mail = |it: &&Recorded| {
                it.event == Event::CustomerWrote
                    && it.words.as_ref().is_some_and(|it| it.raw.is_some())
            };
            match wrote.filter(by_mail).map(|it| &it.actor) {
                Some(Actor::Customer(who)) if case.masked_anew => {
                    let masked = masked.clone();
                    all(
                        vec![Addressee::Customer(who.clone())],
                        Text::SecretsMasked { masked },
                    )
                }
                _ => Vec::new(),
            }
        }
        Event::NumbersTold { tickets, more } => {
            let tickets = tickets.clone();
            all(
                case.customer(),
                Text::Numbers {
                    tickets,
                    more: *more,
                },
            )
        }
        Event::StrangerTold { who } => all(vec![Addressee::Customer(who.clone())], Text::Arrived),
        Event::StandingSet { who, .. } | Event::StandingTold { who } => {
            let decided = case
                .standings
                .get(who)
                .map(|seq| Text::Standing { seq: *seq });
            decided.map_or(Vec::new(), |text| {
                all(vec![Addressee::Customer(who.clone())], text)
            })
        }
        Event::StandingLifted { who, .. } => all(
            vec![Addressee::Customer(who.clone())],
            Text::StandingLifted { seq },
        ),
        Event::Released { seq } => all(case.customers(), Text::Released { seq: *seq }),
        Event::MergedFrom(facts) => {
            let from = facts.from;
            let customers = before.joining.iter().cloned().map(Addressee::Customer);
            let mut owed = all(customers.collect(), Text::Merged { from });
            let here = others(staff(&[Assignee]));
            owed.extend(all(here, Text::MergedHere { from, seq }));
            owed
        }
        // The notice of the merge says so.
        Event::ParticipantAdded { .. } if before.events.iter().any(is_merge) => Vec::new(),
        Event::ParticipantAdded { who, .. } => {
            let agent = match &recorded.actor {
                Actor::Agent(agent) => Some(agent.clone()),
                _ => None,
            };
            all(
                vec![Addressee::Customer(who.clone())],
                Text::Joined { agent },
            )
        }
        Event::NoteAdded {
            instead_of_reply: Some(reason),
        } => {
            let Actor::Agent(agent) = recorded.actor.clone() else {
                return Vec::new();
            };
            let times = case.kept.get(&agent).copied().unwrap_or_default();
            let to = if times <= caps::KEPT_AS_NOTE {
                vec![Addressee::Staff(agent)]
            } else {
                Vec::new()
            };
            all(
                to,
                Text::KeptAsNote {
                    reason: *reason,
                    seq,
                },
            )
        }
        Event::StatusChanged { to: Status::Solved } => {
            let cited = before
                .events
                .last()
                .is_some_and(|it| matches!(it.event, Event::OutOfScope { .. }));
            if cited {
                Vec::new()
            } else {
                all(case.customers(), Text::Solved { seq })
            }
        }
        Event::Assigned { .. } => all(others(staff(&[Assignee])), Text::Assigned { seq }),
        Event::DepartmentChanged { .. } if case.assignee.is_none() => {
            all(others(staff(&[Assignee])), Text::Opened { seq: 1 })
        }
        Event::HandedOver { to: Tier::L1 } => Vec::new(),
        Event::HandedOver { to: tier } => {
            let mut people = case.tier_staff(now);
            let leads: &[Recipient] = if *tier == Tier::L3 {
                &[Lead, Management]
            } else {
                &[Lead]
            };
            people.extend(staff(leads));
            let mut owed = all(others(people), Text::HandedOver { tier: *tier, seq });
            owed.extend(all(case.customer(), Text::PassedOn { tier: *tier }));
            once(owed)
        }
        Event::ExpectationSet { until } => {
            let said = before
                .events
                .iter()
                .any(|it| it.event == Event::AgentReplied);
            let to = if said { Vec::new() } else { case.customers() };
            all(to, Text::ExpectationSet { until: *until, seq })
        }
        Event::OutOfScope { scope } => all(
            case.customers(),
            Text::OutOfScope {
                scope: scope.clone(),
            },
        ),
        Event::ComplaintEscalated { .. } => {
            let words = before
                .events
                .iter()
                .rfind(|it| it.event == Event::CustomerWrote);
            let asked = words.map_or(seq, |it| it.seq);
            let mut owed = all(
                others(staff(&[Assignee, Lead])),
                Text::ReviewAsked { seq: asked },
            );
            owed.extend(all(case.customer(), Text::UnderReview));
            owed
        }
        Event::NotReached {
            who: Some(_),
            reason,
            ..
        } => all(
            staff(&[Assignee]),
            Text::NotReached {
                reason: reason.clone(),
            },
        ),
        Event::VersionAnnounced {
            version, effective, ..
        } => all(
            case.customer(),
            Text::PolicyChanged {
                version: version.clone(),
                effective: *effective,
            },
        ),
        Event::LevelTold { .. } => deadlines::told(case, recorded, now),
        Event::PromiseMissed { promise, cycle, .. }
            if before.fired || clocks::run(before.clocks, promise, *cycle) =>
        {
            deadlines::missed(case, recorded, before.clocks, now)
        }
        _ => Vec::new(),
    }
}

fn is_merge(recorded: &Recorded) -> bool {
    matches!(recorded.event, Event::MergedFrom(_))
}

/// Whether the ticket's clocks end here, and not because what was owed is done.
pub(super) fn ends(commit: &[Recorded]) -> bool {
    let mut events = commit.iter().map(|it| &it.event);
    events.any(|event| matches!(event, Event::MergedInto { .. }))
}

fn is(actor: &Actor, to: &Addressee) -> bool {
    matches!((actor, to), (Actor::Agent(agent), Addressee::Staff(person)) if agent == person)
}

fn once(owed: Vec<Owed>) -> Vec<Owed> {
    let mut all: Vec<Owed> = Vec::new();
    for one in owed {
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// Whoever sent a mail that is not read to its end hears of it, and what to do instead.
fn too_much(recorded: &Recorded) -> Vec<Owed> {
    let over = recorded.words.as_ref().and_then(|words| words.too_much);
    match (over, &recorded.actor) {
        (Some(what), Actor::Customer(who)) => {
            vec![(
                Addressee::Customer(who.clone()),
                shape(&Text::TooMuch { what }),
            )]
        }
        _ => Vec::new(),
    }
}
