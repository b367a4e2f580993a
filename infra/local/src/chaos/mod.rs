//! Faults on purpose, by a seed: what AWS may do to anybody, and what a machine that stands still never does.
//!
//! The how-manieth time something happens at a place decides, with the seed, whether it fails there and how. So a seed
//! gives the same faults to the same calls again; which of two calls at once comes first stays the machine's affair.

mod call;
mod line;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;

pub(crate) use call::Service;
pub(crate) use line::Line;

/// The services that functions call, in the order in which lines stand before them.
pub(crate) const CALLED: [Service; 5] = [
    Service::Dynamodb,
    Service::S3,
    Service::Sqs,
    Service::Ses,
    Service::Secrets,
];

/// In a thousand: calls of a function that fail, and how often a fault stays for the attempts after it too.
const CALLS: u64 = 45;
const STAYS: u64 = 300;
/// Attempts that a fault which stays spoils; the SDK makes three.
const ATTEMPTS: u8 = 3;
/// In a thousand: invocations whose process is killed around it.
const KILLS: u64 = 40;
/// In a thousand: events and batches that are lost, come again or come late.
const DELIVERIES: u64 = 120;
/// In a thousand: requests of which the caller hears nothing, or that arrive twice.
const REQUESTS: u64 = 120;
/// Strikes that are told to whoever asks; more than any story has.
const STRIKES: usize = 20_000;
/// How much later something comes: soon, after a request token has expired, after Lambda's retries, after SQS forgets.
const LATER: [Duration; 4] = [
    Duration::from_secs(1),
    Duration::from_mins(11),
    Duration::from_hours(5),
    Duration::from_hours(13 * 24),
];

/// What happens to one call of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Fault {
    /// The connection ends before the service saw the call.
    Unreached,
    /// The service fails and has done nothing.
    Failed,
    /// The service asks to slow down.
    Throttled,
    /// Done, and the connection ends before the answer.
    Unanswered,
    /// Done, and the answer breaks off in the middle.
    CutOff,
    /// The process is killed before the service saw the call.
    KilledBefore,
    /// Done, and the process is killed before it hears so.
    KilledAfter,
}

const FAULTS: [Fault; 7] = [
    Fault::Unreached,
    Fault::Failed,
    Fault::Throttled,
    Fault::Unanswered,
    Fault::CutOff,
    Fault::KilledBefore,
    Fault::KilledAfter,
];

/// When a process is killed around an invocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kill {
    /// It was handed the event and has not looked at it.
    First,
    /// It has done everything, and nobody hears its answer.
    Last,
    /// Its answer was heard.
    Afterwards,
}

/// How an event is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    Once,
    Lost,
    Late(Duration),
    /// At once, and again so much later.
    Again(Duration),
}

/// What happens to a request from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// Carried out; the caller hears that it took too long.
    Unheard,
    /// A proxy on the way sent it twice; the caller hears the later answer.
    Twice,
}

/// What happens to a batch of a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Batch {
    /// The function is too busy; the messages come again when their time is over.
    NotHanded,
    /// Handled, and deleting it failed: it comes again.
    NotDeleted,
}

/// A fault that happened.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Strike {
    at: Timestamp,
    what: String,
    /// The function, and the call if it was one.
    place: String,
    /// SES's id of the mail that it is about, where there is one.
    mail: Option<String>,
}

/// An order to the switch.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Order {
    /// Whether seeded faults happen.
    faults: Option<bool>,
    /// Services that cannot be reached from now on; an empty list brings all back.
    away: Option<BTreeSet<Service>>,
}

/// The switch. Without a seed nothing ever happens.
#[derive(Debug)]
pub(crate) struct Chaos {
    seed: Option<u64>,
    clock: Arc<Clock>,
    /// Where strikes are kept, one a line: a runner that is killed the moment after has not forgotten them.
    log: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    faults: bool,
    away: BTreeSet<Service>,
    counts: BTreeMap<String, u64>,
    staying: BTreeMap<String, (Fault, u8)>,
    log: Option<File>,
}

impl Chaos {
    pub(crate) fn new(seed: Option<u64>, clock: Arc<Clock>, log: PathBuf) -> Self {
        let state = State {
            faults: seed.is_some(),
            ..State::default()
        };
        Self {
            seed,
            clock,
            log,
            state: Mutex::new(state),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an order. Without `--chaos` the functions reach the services directly, and there is nothing to switch.
    pub(crate) fn order(&self, order: Order) -> Result<(), &'static str> {
        if self.seed.is_none() {
            return Err("start the runner with --chaos SEED");
        }
        let mut state = self.state();
        state.faults = order.faults.unwrap_or(state.faults);
        state.away = order.away.unwrap_or_else(|| state.away.clone());
        state.staying.clear();
        Ok(())
    }

    /// How it stands, for programs.
    pub(crate) fn report(&self) -> serde_json::Value {
        let state = self.state();
        // There is none before the first.
        let strikes = fs::read_to_string(&self.log).unwrap_or_default();
        let strikes = strikes.lines().take(STRIKES);
        let strikes: Vec<serde_json::Value> = strikes
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        serde_json::json!({
            "seed": self.seed, "faults": state.faults, "away": state.away, "strikes": strikes,
        })
    }

    /// Keeps a fault that happened.
    pub(crate) fn strike(&self, what: impl Into<String>, place: &str, mail: Option<&str>) {
        let strike = Strike {
            at: self.clock.now(),
            what: what.into(),
            place: place.to_owned(),
            mail: mail.map(str::to_owned),
        };
        if let Err(error) = self.keep(&strike) {
            eprintln!("local: a fault on purpose was not kept: {error}");
        }
    }

    fn keep(&self, strike: &Strike) -> std::io::Result<()> {
        let mut state = self.state();
        let log = match &mut state.log {
            Some(log) => log,
            none => none.insert(
                OpenOptions::new()
                    .create(true)
                    .append(true)
                    .open(&self.log)?,
            ),
        };
        // At once, so that it is there whole or not at all.
        log.write_all(format!("{}\n", serde_json::json!(strike)).as_bytes())
    }

    /// A number if the dice say that something happens at this place now.
    fn roll(&self, state: &mut State, place: &str, of_thousand: u64) -> Option<usize> {
        let seed = self.seed.filter(|_| state.faults)?;
        let count = state.counts.entry(place.to_owned()).or_default();
        *count += 1;
        let dice = dice(seed, place, *count);
        (dice % 1000 < of_thousand).then(|| usize::try_from(dice >> 40).unwrap_or(0))
    }

    /// Whether a service cannot be reached.
    pub(crate) fn is_away(&self, service: Service) -> bool {
        self.state().away.contains(&service)
    }

    /// What happens to a call that a function makes now.
    pub(crate) fn call(&self, place: &str) -> Option<Fault> {
        let mut state = self.state();
        if let Some((fault, left)) = state.staying.get_mut(place).filter(|(_, left)| *left > 0) {
            *left -= 1;
            return Some(*fault);
        }
        let number = self.roll(&mut state, place, CALLS)?;
        let fault = FAULTS[number % FAULTS.len()];
        // What kills does not stay: nobody is left to try again.
        let kills = matches!(fault, Fault::KilledBefore | Fault::KilledAfter);
        if !kills
            && self
                .roll(&mut state, &format!("{place} stays"), STAYS)
                .is_some()
        {
            state
                .staying
                .insert(place.to_owned(), (fault, ATTEMPTS - 1));
        }
        Some(fault)
    }

    /// Whether the process of an invocation that starts now is killed, and when.
    pub(crate) fn kill(&self, function: &str) -> Option<Kill> {
        let number = self.roll(&mut self.state(), &format!("{function} run"), KILLS)?;
        Some([Kill::First, Kill::Last, Kill::Afterwards][number % 3])
    }

    /// How an asynchronous event is delivered. A tick that is late is one that comes twice: the next has its work.
    pub(crate) fn event(&self, function: &str, tick: bool, mail: Option<&str>) -> Delivery {
        if tick && self.is_away(Service::Schedule) {
            return Delivery::Lost;
        }
        let rolled = self.roll(&mut self.state(), &format!("{function} event"), DELIVERIES);
        let Some(number) = rolled else {
            return Delivery::Once;
        };
        let later = LATER[(number / 4) % LATER.len()];
        let delivery = match number % 4 {
            0 => Delivery::Lost,
            _ if tick => Delivery::Again(Duration::ZERO),
            1 => Delivery::Late(later),
            2 => Delivery::Again(Duration::ZERO),
            _ => Delivery::Again(later),
        };
        self.strike(format!("event {delivery:?}"), function, mail);
        delivery
    }

    /// What happens to a request.
    pub(crate) fn request(&self, function: &str) -> Option<Request> {
        let number = self.roll(&mut self.state(), &format!("{function} request"), REQUESTS)?;
        let request = [Request::Unheard, Request::Twice][number % 2];
        self.strike(format!("request {request:?}"), function, None);
        Some(request)
    }

    /// What happens to a batch.
    pub(crate) fn batch(&self, queue: &str) -> Option<Batch> {
        let number = self.roll(&mut self.state(), &format!("{queue} batch"), DELIVERIES)?;
        let batch = [Batch::NotHanded, Batch::NotDeleted][number % 2];
        self.strike(format!("batch {batch:?}"), queue, None);
        Some(batch)
    }
}

/// Mixes seed, place and count (FNV-1a, then the last steps of `SplitMix64`).
fn dice(seed: u64, place: &str, count: u64) -> u64 {
    let mut hash = seed ^ 0xcbf2_9ce4_8422_2325;
    for byte in place.bytes().chain(count.to_le_bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chaos(seed: Option<u64>) -> Chaos {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::open(dir.path().join("clock.json"), 1.0, None).unwrap();
        Chaos::new(seed, Arc::new(clock), dir.path().join("chaos.jsonl"))
    }

    fn faults(seed: Option<u64>) -> Vec<Option<Fault>> {
        let chaos = chaos(seed);
        (0..2000).map(|_| chaos.call("Tick PutItem")).collect()
    }

    #[test]
    fn a_seed_gives_the_same_faults_to_the_same_calls_and_another_seed_others() {
        assert_eq!(faults(Some(7)), faults(Some(7)));
        assert_ne!(faults(Some(7)), faults(Some(8)));
        for fault in FAULTS {
            assert!(
                faults(Some(7)).contains(&Some(fault)),
                "{fault:?} never comes"
            );
        }
    }

    #[test]
    fn nothing_happens_without_a_seed_or_after_the_switch_was_turned() {
        assert!(faults(None).iter().all(Option::is_none));
        let chaos = chaos(Some(7));
        let off = serde_json::from_str(r#"{"faults":false}"#).unwrap();
        chaos.order(off).unwrap();
        assert!((0..2000).all(|_| chaos.call("Tick PutItem").is_none()));
        assert!((0..2000).all(|_| chaos.event("Mail", false, None) == Delivery::Once));
    }

    #[test]
    fn a_tick_is_lost_or_doubled_and_never_late() {
        let chaos = chaos(Some(7));
        let deliveries: Vec<_> = (0..2000).map(|_| chaos.event("Tick", true, None)).collect();
        assert!(deliveries.contains(&Delivery::Lost));
        assert!(deliveries.contains(&Delivery::Again(Duration::ZERO)));
        assert!(
            !deliveries
                .iter()
                .any(|delivery| matches!(delivery, Delivery::Late(_)))
        );
    }

    #[test]
    fn a_service_that_is_away_comes_back_by_an_order() {
        let chaos = chaos(Some(1));
        let order = |text| chaos.order(serde_json::from_str(text).unwrap()).unwrap();
        order(r#"{"away":["dynamodb","schedule"]}"#);
        assert!(chaos.is_away(Service::Dynamodb) && !chaos.is_away(Service::S3));
        order(r#"{"faults":false}"#);
        assert!(chaos.is_away(Service::Dynamodb));
        order(r#"{"away":[]}"#);
        assert!(!chaos.is_away(Service::Dynamodb));
    }
}
