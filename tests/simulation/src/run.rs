//! One seed, one run.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Once};
use std::time::Duration;

use jiff::Timestamp;
use store::Release;

use crate::actors::Outcome;
use crate::aws::Cloud;
use crate::check::{self, Version};
use crate::desk::Desk;
use crate::dice::Dice;
use crate::faults::{Fault, Faults, Place};
use crate::policies;
use crate::story::{HEAD_START, IN_FORCE, Story, Trouble};
use crate::tally::Met;
use crate::telling::told;
use crate::time::{self, Clock};
use crate::world::World;

/// What is left out of a run, when a failing one is cut down to what matters.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// Only these inputs.
    pub inputs: Option<BTreeSet<usize>>,
    /// Without these troubles of the world.
    pub calm: BTreeSet<Trouble>,
    /// A run without any trouble but this one.
    pub point: Option<Option<Point>>,
    /// Tell the story, failed or not.
    pub tell: bool,
    /// Only the faults at these calls, as a report names them.
    pub faults: Option<BTreeSet<String>>,
}

/// A fault that is aimed at one call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Point {
    pub(crate) place: Place,
    pub(crate) fault: Fault,
}

impl Point {
    /// The same call with each fault that can happen to it.
    pub fn faults(&self) -> Vec<Self> {
        let fits = |fault: &Fault| fault.fits_named(&self.place.operation);
        Fault::ALL
            .into_iter()
            .filter(fits)
            .map(|fault| Self {
                place: self.place.clone(),
                fault,
            })
            .collect()
    }
}

impl std::fmt::Display for Point {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {:?}", self.place, self.fault)
    }
}

/// What a run has come to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The seed.
    pub seed: u64,
    /// What is wrong; empty for a run in which every promise was kept.
    pub violations: Vec<String>,
    /// A digest of everything that happened, in its order.
    pub history: u64,
    /// How often each call was met by each fault, or by none.
    pub met: BTreeMap<Met, u32>,
    /// Where faults happened.
    pub faults: BTreeSet<String>,
    /// The inputs there were.
    pub inputs: BTreeSet<usize>,
    /// The first call of each kind, by function and operation.
    pub calls: BTreeMap<String, Point>,
    /// What the desk has come to: every notice with its end, and every ticket with its events.
    pub state: BTreeSet<String>,
    /// How much happened.
    pub size: Size,
    /// The run in words, where it failed.
    pub story: Vec<String>,
}

/// How much happened in a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Size {
    /// Tickets that were opened.
    pub tickets: usize,
    /// Tickets that were merged into others.
    pub merged: usize,
    /// Inputs that the desk accepted.
    pub accepted: usize,
    /// Deliveries of events and queue records.
    pub deliveries: usize,
    /// Kinds of faults that happened.
    pub kinds: usize,
    /// Faults that happened.
    pub faults: usize,
    /// Calls to services.
    pub calls: u32,
    /// Ticks.
    pub ticks: usize,
    /// Mails that SES accepted.
    pub mails: usize,
    /// Mails that left twice in the one documented window.
    pub window: usize,
}

thread_local! {
    static PANICS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static LISTENING: Cell<bool> = const { Cell::new(false) };
}

/// Keeps what panics of a run say, because handlers turn a panic into an answer.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let otherwise = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if !LISTENING.get() {
                return otherwise(panic);
            }
            let text = panic.to_string().replace('\n', " ");
            PANICS.with_borrow_mut(|panics| panics.push(text));
        }));
    });
    PANICS.with_borrow_mut(Vec::clear);
    LISTENING.set(true);
}

/// When stories begin: in a week without a holiday, at an hour that the seed chooses.
pub(crate) fn start(dice: Dice) -> Timestamp {
    let first: Timestamp = Timestamp::from_second(1_795_392_000).unwrap_or(Timestamp::UNIX_EPOCH);
    let hours = dice.of("start").i64(0..7 * 24);
    first
        .checked_add(jiff::SignedDuration::from_hours(hours))
        .unwrap_or(first)
}

/// Runs a seed.
pub fn run(seed: u64, cut: &Cut) -> Report {
    let policies = policies::of(seed);
    listen();
    // The SDK's own chance: jitter between attempts, request tokens, invocation ids.
    fastrand::seed(seed);
    let dice = Dice(seed);
    let clock = Clock::starting(start(dice));
    let mut story = Story::of(dice, &policies.first, clock.micros());
    if let Some(inputs) = &cut.inputs {
        story.inputs.retain(|input| inputs.contains(&input.number));
    }
    story.faults.only.clone_from(&cut.faults);
    for trouble in &cut.calm {
        story.without(*trouble);
    }
    if let Some(point) = &cut.point {
        story.calm_but(point.as_ref());
    }
    let mut cloud = Cloud::new(dice, story.lies);
    cloud.mail.limits = story.limits;
    cloud.mail.stopped = story.stopped;
    cloud.rotated = story.rotated;
    if let Some(row) = &story.broken {
        cloud.table.lay(row, story.start);
    }
    if let Some(crowd) = &story.crowd {
        cloud.table.lay(&crowd.row(), story.start);
    }
    cloud.mail.refused.extend(story.refused.clone());
    let quiet = Faults {
        kinds: Vec::new(),
        outages: Vec::new(),
        ..story.faults.clone()
    };
    let world = Arc::new(World::new(clock.clone(), dice, cloud, quiet));
    let desk = Arc::new(Desk::new(Arc::clone(&world), Arc::clone(&policies.first)));
    desk.will_publish(versions(&story, policies));
    let outcomes = time::run(&clock, live(Arc::clone(&desk), story.clone()));
    report(seed, &desk, &story, &outcomes, cut.tell)
}

/// What the desk publishes and when: from the beginning, and where the policy has a newer version and the story says so.
fn versions(story: &Story, policies: policies::Published) -> Vec<Version> {
    let instant = |after: Duration| {
        let micros = story.start + u64::try_from(after.as_micros()).unwrap_or_default();
        let seconds = i64::try_from(micros / 1_000_000).unwrap_or_default();
        Timestamp::from_second(seconds).unwrap_or_default()
    };
    let first = Version {
        policy: policies.first,
        published: instant(Duration::ZERO),
        effective: instant(Duration::ZERO),
        announced: false,
    };
    let newer = policies.newer.zip(story.publishes);
    let newer = newer.map(|(policy, (at, announced))| Version {
        policy,
        published: instant(at),
        effective: instant(at + IN_FORCE),
        announced,
    });
    std::iter::once(first).chain(newer).collect()
}

async fn live(desk: Arc<Desk>, story: Story) -> BTreeMap<usize, Outcome> {
    let release = Release::soon(desk.world.clock.now(), "simulation");
    let published = desk.store().publish(&desk.policy, &release).await;
    published.unwrap_or_else(|error| panic!("the policy cannot be published: {error}"));
    desk.world.clock.wait(HEAD_START).await;
    tokio::spawn(Arc::clone(&desk).publisher());
    if let Some((from, until)) = story.busy {
        tokio::spawn(Arc::clone(&desk).busy(from, until));
    }
    if let Some((from, until)) = story.silent {
        tokio::spawn(Arc::clone(&desk).silence(from, until));
    }
    if let Some(limit) = story.limit.clone() {
        tokio::spawn(Arc::clone(&desk).limits(limit));
    }
    desk.world.lock().faults = story.faults.clone();
    let sources = story.sources;
    tokio::spawn(Arc::clone(&desk).poll("urgent", 5, sources));
    tokio::spawn(Arc::clone(&desk).poll("bulk", 2, sources));
    tokio::spawn(Arc::clone(&desk).bus(sources));
    tokio::spawn(Arc::clone(&desk).ticker(sources));
    tokio::spawn(Arc::clone(&desk).redrive());
    tokio::spawn(Arc::clone(&desk).sweeper(sources));
    tokio::spawn(Arc::clone(&desk).unreadable());
    let mut acting = tokio::task::JoinSet::new();
    for input in story.inputs.clone() {
        let desk = Arc::clone(&desk);
        acting.spawn(async move {
            desk.world.clock.wait(input.at).await;
            let outcome = desk.act(&input, sources).await;
            desk.world.lock().note(&("outcome", input.number, &outcome));
            (input.number, outcome)
        });
    }
    let mut outcomes = BTreeMap::new();
    while let Some(done) = acting.join_next().await {
        outcomes.extend(done);
    }
    settle(&desk, &story).await;
    outcomes
}

/// Lets the world calm down: faults end, late deliveries come, what is pending is sent.
async fn settle(desk: &Arc<Desk>, story: &Story) {
    let now = desk.world.clock.micros();
    desk.world
        .clock
        .wait(Duration::from_micros(
            story.sources.calm.saturating_sub(now),
        ))
        .await;
    let mut alone = 0;
    for _ in 0..30 * 24 {
        desk.world.clock.wait(Duration::from_hours(1)).await;
        let nothing_comes = desk.way().open == 0;
        alone = if nothing_comes { alone + 1 } else { 0 };
        // Nothing takes the desk longer than a used-up quota; what is not done by then stays undone, and each of its
        // ticks would cost as much as a tick that helps.
        if alone > 3 * 24 || (nothing_comes && check::is_quiet(desk)) {
            break;
        }
    }
}

fn report(
    seed: u64,
    desk: &Desk,
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
    tell: bool,
) -> Report {
    LISTENING.set(false);
    let mut violations = PANICS.with_borrow_mut(std::mem::take);
    let (found, window) = check::all(desk, story, outcomes);
    violations.extend(found);
    let state = desk.world.lock();
    let kinds: BTreeSet<Fault> = state.happened.iter().map(|it| it.fault).collect();
    let way = desk.way();
    let size = Size {
        tickets: state
            .cloud
            .table
            .items()
            .filter(|((_, sk), _)| sk == "ticket")
            .count(),
        merged: check::merged(&state),
        accepted: outcomes
            .values()
            .filter(|it| **it == Outcome::Accepted)
            .count(),
        deliveries: way.deliveries,
        kinds: kinds.len(),
        faults: state.happened.len(),
        calls: state.met.values().sum(),
        ticks: way.ticks,
        mails: state.cloud.mail.accepted.len(),
        window,
    };
    let faults = state
        .happened
        .iter()
        .map(|it| it.place.to_string())
        .collect();
    let inputs = story.inputs.iter().map(|input| input.number).collect();
    let calls = state.first.iter().map(|(name, place)| {
        (
            name.clone(),
            Point {
                place: place.clone(),
                fault: Fault::Error,
            },
        )
    });
    let calls = calls.collect();
    let end = check::state(&state);
    let met = state.met.clone();
    let story = if violations.is_empty() && !tell {
        Vec::new()
    } else {
        let mut lines = told(story, outcomes, &state.happened);
        lines.extend(check::logs_of(&state, &violations));
        lines
    };
    Report {
        seed,
        violations,
        history: state.history,
        met,
        faults,
        inputs,
        calls,
        state: end,
        size,
        story,
    }
}
