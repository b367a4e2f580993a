//! The story of a seed: who writes what when, and how badly the world behaves.

mod arcs;
mod crowd;
mod flood;
mod limits;
mod merges;
mod nights;
mod orders;
mod versions;

pub(crate) use arcs::HELPER;
pub(crate) use crowd::{Cap, Crowd};
pub(crate) use limits::Limit;
pub(crate) use merges::named;
use orders::agent;
pub(crate) use versions::{HEAD_START, IN_FORCE};

use std::collections::BTreeMap;
use std::time::Duration;

use policy::Policy;

use crate::aws::Service;
use crate::aws::dynamodb::Lies;
use crate::aws::ses::Stopped;
use crate::broken;
use crate::dice::Dice;
use crate::faults::{Fault, Faults};
use crate::run::Point;

/// One thing that somebody does.
#[derive(Debug, Clone)]
pub(crate) struct Input {
    /// Its number, which its words carry.
    pub(crate) number: usize,
    /// When, after the beginning.
    pub(crate) at: Duration,
    /// Which of the story's tickets it is about.
    pub(crate) ticket: usize,
    /// Whether it waits for the instant at which the desk's clock does something to that ticket.
    pub(crate) at_due: bool,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum What {
    /// A request by the form.
    Form { complaint: bool },
    /// The customer of a ticket asks for something else, by the form.
    FormAgain,
    /// A request by the API, with an idempotency key.
    Api,
    /// The same program asks for something else under the key that it has used.
    ApiOther,
    /// A request by mail.
    Mail { proved: bool },
    /// The customer of a ticket asks for something else, by mail.
    Request { proved: bool },
    /// The customer answers a mail of ours.
    Answer { proved: bool },
    /// The customer writes on the ticket's page.
    Page,
    /// An agent answers a mail of ours.
    Agent(Agent),
    /// Somebody says that they have it, by the link in a mail.
    HaveIt,
    /// The customer's mailbox answers by itself.
    AutoReply,
    /// A mail of ours comes back.
    Bounce,
    /// SES says that the newest mail to the customer came back, `Permanent` or `Transient`, or that it was called
    /// unwanted, a `Complaint`.
    Reported(&'static str),
    /// Somebody else writes to the customer's reply address.
    Stranger,
    /// Somebody claims to be the agent and proves nothing.
    Impostor,
    /// The customer is not content with what became of a complaint.
    Escalates,
    /// Somebody whom an agent has let take part answers a mail of ours.
    Participant,
}

/// An agent's mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Agent {
    pub(crate) orders: Vec<String>,
    pub(crate) words: bool,
    pub(crate) marker: bool,
}

/// How events are delivered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sources {
    /// Of a hundred, so many are delivered again.
    pub(crate) again: u32,
    /// Of a hundred first deliveries, so many come late.
    pub(crate) late: u32,
    /// The latest delivery, in seconds.
    pub(crate) latest: u64,
    /// Of a hundred send events, so many never come.
    pub(crate) dropped: u32,
    /// Of a hundred events of inbound mail, so many never come; whether the inbox is swept.
    pub(crate) lost: u32,
    pub(crate) sweeps: bool,
    /// Of a thousand mails to customers, so many come back or are complained of.
    pub(crate) reports: u32,
    /// One in so many minutes ticks although nothing is due.
    pub(crate) idle_ticks: u32,
    pub(crate) missed_ticks: u32,
    pub(crate) double_ticks: u32,
    /// No tick from when to when, in microseconds.
    pub(crate) no_ticks: (u64, u64),
    /// From here on every tick comes, once.
    pub(crate) calm: u64,
}

/// Everything that a seed decides.
#[derive(Debug, Clone)]
pub(crate) struct Story {
    pub(crate) inputs: Vec<Input>,
    pub(crate) lies: Lies,
    pub(crate) faults: Faults,
    pub(crate) sources: Sources,
    /// Whether SES takes one mail a second and so many a day.
    pub(crate) limits: bool,
    /// From when to when SES takes nothing, in microseconds, and why.
    pub(crate) stopped: (u64, u64, Stopped),
    /// When the signing key is rotated, in microseconds; never at the end of time.
    pub(crate) rotated: u64,
    /// An address that SES refuses to send to.
    pub(crate) refused: Option<String>,
    /// When the desk publishes a newer version of its policy, and whether customers are told.
    pub(crate) publishes: Option<(Duration, bool)>,
    /// From when to when the desk is declared to be busy.
    pub(crate) busy: Option<(Duration, Duration)>,
    /// From when to when somebody has switched acknowledgements off.
    pub(crate) silent: Option<(Duration, Duration)>,
    /// What is decided on the conduct of a customer.
    pub(crate) limit: Option<Limit>,
    /// What others leave of what a place may ask for.
    pub(crate) crowd: Option<Crowd>,
    /// A row of a ticket that nobody can read.
    pub(crate) broken: Option<serde_json::Value>,
    /// When it begins, in microseconds.
    pub(crate) start: u64,
}

/// A way in which the world behaves badly all the time, and that a failing run may not need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trouble {
    /// Indexes are late and pages short.
    Lies,
    /// Events come again.
    Again,
    /// Events come late or never.
    Late,
    /// Ticks are missed, doubled, or away for hours.
    Ticks,
    /// SES has limits, and refuses an address; others leave little of what a place may ask for.
    Limits,
    /// Mail comes back or is complained of.
    Reports,
    /// A service is away.
    Outages,
}

impl Trouble {
    pub(crate) const ALL: [Self; 7] = [
        Self::Lies,
        Self::Again,
        Self::Late,
        Self::Ticks,
        Self::Limits,
        Self::Reports,
        Self::Outages,
    ];
}

const MINUTE: u64 = 60;
const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

impl Story {
    /// The story of a seed that begins at `start`, in microseconds.
    pub(crate) fn of(dice: Dice, policy: &Policy, start: u64) -> Self {
        let mut rng = dice.of("story");
        let tickets = 8;
        let days = arcs::days(&mut rng, policy);
        let (mut inputs, mut opened, mut arcs) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..tickets {
            opened.push(rng.u64(0..days * DAY / 2));
            arcs.push(arcs::arc(&mut rng, policy, days));
        }
        inputs.extend(flood::plot(&mut dice.of("flood"), &opened, &mut arcs));
        for (ticket, (arc, mut at)) in arcs.into_iter().zip(opened.iter().copied()).enumerate() {
            for turn in arc {
                at += turn.after;
                inputs.push((at, ticket, turn.at_due, turn.what));
            }
        }
        let planned = merges::plot(&mut dice.of("merges"), policy, &opened);
        let merged = merges::first(&planned);
        inputs.extend(planned);
        let (limit, planned) = limits::plot(&mut dice.of("limits"), policy, &opened);
        inputs.extend(planned);
        let (publishes, planned) = versions::plot(&mut dice.of("versions"), policy, days, &opened);
        inputs.extend(planned);
        inputs.extend(nights::plot(&mut dice.of("nights"), policy, start, &opened));
        inputs.sort_by_key(|(at, ticket, ..)| (*at, *ticket));
        let last = inputs.last().map_or(0, |(at, ..)| *at);
        let days = days.max(last.div_ceil(DAY));
        let inputs = inputs
            .into_iter()
            .enumerate()
            .map(|(number, (at, ticket, at_due, what))| Input {
                number,
                at: Duration::from_secs(at),
                ticket,
                at_due,
                what,
            });
        let inputs: Vec<Input> = inputs.collect();
        let calm = start + (days + 1) * DAY * 1_000_000;
        Self {
            crowd: Crowd::of(dice, start, &inputs),
            inputs,
            lies: Lies {
                lag: [0, 500, 5_000, 30_000][rng.usize(0..4)],
                lost: [0, 0, 50, 200][rng.usize(0..4)],
                page: [0, 0, 2, 7][rng.usize(0..4)],
                stale: [0, 1_000, 5_000][rng.usize(0..3)],
            },
            faults: faults(&mut rng, dice, start, calm, days),
            sources: {
                let sources = sources(&mut rng, start, calm, days);
                let no_ticks = merges::over(sources.no_ticks, start, merged);
                Sources {
                    no_ticks,
                    ..sources
                }
            },
            limits: rng.u32(0..3) == 0,
            stopped: if rng.u32(0..4) == 0 {
                let from = start + rng.u64(0..days * DAY / 2) * 1_000_000;
                let until = from + rng.u64(HOUR..8 * HOUR) * 1_000_000;
                let (from, until) = merges::over((from, until), start, merged);
                let why = dice.of("stopped").usize(0..Stopped::ALL.len());
                (from, until, Stopped::ALL[why])
            } else {
                (0, 0, Stopped::Quota)
            },
            rotated: {
                let mut rng = dice.of("rotation");
                let at = start + rng.u64(0..days * DAY / 2) * 1_000_000;
                if rng.bool() { at } else { u64::MAX }
            },
            refused: (rng.u32(0..6) == 0).then(|| crate::actors::customer(rng.usize(0..6))),
            publishes,
            busy: (rng.u32(0..3) == 0).then(|| {
                let from = rng.u64(0..days * DAY / 2);
                let until = from + rng.u64(HOUR..DAY);
                (Duration::from_secs(from), Duration::from_secs(until))
            }),
            silent: flood::silence(&mut dice.of("silence"), days),
            limit,
            broken: broken::row(dice, start),
            start,
        }
    }
}

impl Story {
    /// Nothing goes wrong but this: no lies, no delays, nothing twice.
    pub(crate) fn calm_but(&mut self, point: Option<&Point>) {
        for trouble in Trouble::ALL {
            self.without(trouble);
        }
        self.sources.idle_ticks = u32::MAX;
        self.publishes = self.publishes_apart();
        // Whether somebody asks before or behind the switch would be a fault's to decide, too.
        self.silent = None;
        self.rotated = u64::MAX;
        self.broken = None;
        self.faults.kinds.clear();
        self.faults.forced = point.cloned();
        self.inputs
            .iter_mut()
            .for_each(|input| input.at_due = false);
        // A fault delays one input; it must not come behind the next one about the same ticket, or about one that is merged
        // with it.
        let groups = merges::groups(&self.inputs);
        let mut last: BTreeMap<usize, Duration> = BTreeMap::new();
        self.inputs.retain(|input| {
            let group = groups.get(&input.ticket).copied().unwrap_or(input.ticket);
            let apart = last
                .get(&group)
                .is_none_or(|last| *last + Duration::from_mins(30) <= input.at);
            if apart {
                last.insert(group, input.at);
            }
            apart
        });
    }

    /// A newer version, and whether customers are told, behind everything that people do: whether a rollout comes before
    /// or behind somebody would be a fault's to decide.
    fn publishes_apart(&self) -> Option<(Duration, bool)> {
        let last = self.inputs.iter().map(|input| input.at).max()?;
        let (_, announced) = self.publishes?;
        Some((last + Duration::from_hours(2), announced))
    }

    /// The world does not behave so.
    pub(crate) fn without(&mut self, trouble: Trouble) {
        let sources = &mut self.sources;
        match trouble {
            Trouble::Lies => self.lies = Lies::default(),
            Trouble::Again => sources.again = 0,
            Trouble::Late => (sources.late, sources.lost, sources.dropped) = (0, 0, 0),
            Trouble::Ticks => {
                (sources.missed_ticks, sources.double_ticks) = (0, 0);
                sources.no_ticks = (0, 0);
            }
            Trouble::Limits => {
                (self.limits, self.refused, self.crowd) = (false, None, None);
                self.stopped = (0, 0, Stopped::Quota);
            }
            Trouble::Reports => sources.reports = 0,
            Trouble::Outages => self.faults.outages.clear(),
        }
    }
}

fn faults(rng: &mut fastrand::Rng, dice: Dice, start: u64, calm: u64, days: u64) -> Faults {
    let mut kinds = Fault::ALL.to_vec();
    rng.shuffle(&mut kinds);
    kinds.truncate(rng.usize(3..=Fault::ALL.len()));
    let mut outages = Vec::new();
    if rng.u32(0..3) == 0 {
        let services = [
            Service::DynamoDb,
            Service::S3,
            Service::Sqs,
            Service::Ses,
            Service::Secrets,
        ];
        let service = rng.usize(0..services.len());
        let from = start + rng.u64(0..days * DAY) * 1_000_000;
        let long = if rng.u32(0..6) == 0 {
            14 * HOUR
        } else {
            5 * MINUTE
        };
        let until = from + long * 1_000_000;
        outages.push((services[service], from, until));
        // Another is away at the same time, for a while or all of it.
        if rng.bool() {
            let other = (service + rng.usize(1..services.len())) % services.len();
            let late = rng.u64(0..long / 2) * 1_000_000;
            outages.push((services[other], from + late, until + rng.u64(0..=late)));
        }
    }
    Faults {
        dice,
        kinds,
        often: rng.u32(3..40),
        until: calm,
        outages,
        only: None,
        forced: None,
    }
}

fn sources(rng: &mut fastrand::Rng, start: u64, calm: u64, days: u64) -> Sources {
    let gap = start + rng.u64(0..days * DAY) * 1_000_000;
    let gap = if rng.u32(0..4) == 0 {
        (gap, gap + 14 * HOUR * 1_000_000)
    } else {
        (0, 0)
    };
    let sweeps = rng.u32(0..3) > 0;
    Sources {
        lost: if sweeps {
            [0, 5, 30][rng.usize(0..3)]
        } else {
            0
        },
        sweeps,
        reports: [0, 10, 60][rng.usize(0..3)],
        again: rng.u32(3..20),
        late: rng.u32(0..20),
        latest: [HOUR, 7 * HOUR, 13 * DAY][rng.usize(0..3)],
        dropped: [0, 5, 50][rng.usize(0..3)],
        idle_ticks: 600,
        missed_ticks: rng.u32(0..30),
        double_ticks: rng.u32(0..20),
        no_ticks: gap,
        calm,
    }
}

fn customer(rng: &mut fastrand::Rng) -> What {
    if rng.u32(0..3) == 0 {
        What::Page
    } else {
        What::Answer { proved: rng.bool() }
    }
}

fn other(rng: &mut fastrand::Rng, policy: &Policy) -> What {
    match rng.u32(0..12) {
        0..3 => customer(rng),
        3 => What::HaveIt,
        4 => What::AutoReply,
        5 => What::Bounce,
        6 => What::Stranger,
        7 => What::Impostor,
        _ => What::Agent(agent(rng, policy)),
    }
}
