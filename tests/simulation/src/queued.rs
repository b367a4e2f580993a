//! Ten thousand mails wait while SES takes one a second, and in the middle of it a promise is missed.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use store::Release;
use ticket::{Pepper, TicketId};
use tokio::task::JoinHandle;

use crate::actors::pages::request;
use crate::aws::dynamodb::{Item, Lies};
use crate::aws::{Cloud, sqs::Message};
use crate::desk::Desk;
use crate::dice::Dice;
use crate::faults::Faults;
use crate::policies;
use crate::run::start;
use crate::story::Sources;
use crate::time::{self, Clock};
use crate::world::World;

/// `complaints-de`: it promises an acknowledgement within a day, so that none of those that wait is late itself.
const POLICY: u64 = 1;

/// In microseconds, as all times here.
const SECOND: u64 = 1_000_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// Nothing is late, lost or doubled here.
const CALM: Sources = Sources {
    again: 0,
    late: 0,
    latest: 1,
    dropped: 0,
    lost: 0,
    sweeps: true,
    reports: 0,
    idle_ticks: u32::MAX,
    missed_ticks: 0,
    double_ticks: 0,
    no_ticks: (0, 0),
    calm: 0,
};

/// Plays it, tells how long everything took, and says whether all of it left once and the escalation within a minute.
pub fn queued(mails: usize) -> bool {
    fastrand::seed(0);
    let dice = Dice(0);
    let clock = Clock::starting(start(dice));
    let mut cloud = Cloud::new(dice, Lies::default());
    cloud.mail.a_day = usize::MAX;
    let faults = Faults::none(dice);
    let world = Arc::new(World::new(clock.clone(), dice, cloud, faults));
    let desk = Arc::new(Desk::new(world, policies::of(POLICY).first));
    time::run(&clock, live(Arc::clone(&desk), mails))
}

async fn live(desk: Arc<Desk>, mails: usize) -> bool {
    let release = Release::soon(desk.world.clock.now(), "simulation");
    let published = desk.store().publish(&desk.policy, &release).await;
    published.unwrap_or_else(|error| panic!("the policy cannot be published: {error}"));
    desk.world.clock.wait(Duration::from_mins(2)).await;
    let running = run(&desk);
    let promised = open(&desk, "promised@customer.example").await;
    desk.world.clock.wait(Duration::from_mins(10)).await;
    let missed = due(&desk, &promised);
    let now = desk.world.clock.micros();
    // Half of them have left by then.
    let until = missed.saturating_sub(now + mails as u64 * SECOND / 2);
    desk.world.clock.wait(Duration::from_micros(until)).await;
    running.iter().for_each(JoinHandle::abort);
    let began = desk.world.clock.micros();
    let one = open(&desk, "waiting@customer.example").await;
    let waiting = copy(&desk, &one, mails);
    let before = desk.world.lock().cloud.mail.accepted.len();
    run(&desk);
    desk.world.activity.notify_waiters();
    while left(&desk, before, |mail| mail.notice == waiting).len() < mails {
        desk.world.clock.wait(Duration::from_mins(1)).await;
        let waited = desk.world.clock.micros() - began;
        if waited > 3 * mails as u64 * SECOND + 2 * HOUR {
            break;
        }
    }
    verdict(&desk, mails, &waiting, (before, began), (&promised, missed))
}

/// Everything that wakes the functions.
fn run(desk: &Arc<Desk>) -> Vec<JoinHandle<()>> {
    vec![
        tokio::spawn(Arc::clone(desk).poll("urgent", 5, CALM)),
        tokio::spawn(Arc::clone(desk).poll("bulk", 2, CALM)),
        tokio::spawn(Arc::clone(desk).bus(CALM)),
        tokio::spawn(Arc::clone(desk).ticker(CALM)),
    ]
}

/// A program opens a ticket; answers its id.
async fn open(desk: &Arc<Desk>, email: &str) -> String {
    let on_form = desk.policy.terms().departments.iter();
    let department = on_form.clone().find(|it| it.on_form).map(|it| &it.id);
    let body = json!({
        "email": email, "subject": "Opening", "message": "Please look at this.",
        "department": department.map(ToString::to_string),
    });
    let mut event = request("POST /tickets", "application/json", &body.to_string());
    event["requestContext"] = json!({
        "requestId": email, "timeEpoch": desk.world.clock.now().as_millisecond(),
    });
    let answer = desk.http(event, false).await;
    let body = answer.filter(|answer| answer.status_code == 201);
    let body = body
        .unwrap_or_else(|| panic!("the request of {email} is not taken"))
        .body;
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let number = body["number"].as_str().unwrap_or_default();
    let (_, id) = number.split_once('-').unwrap_or_default();
    id.replace('-', "")
}

/// When a ticket needs its next tick, in microseconds.
fn due(desk: &Desk, id: &str) -> u64 {
    let state = desk.world.lock();
    let mut items = state.cloud.table.items();
    let key = (format!("T#{id}"), "ticket".to_owned());
    let ticket = items.find(|(at, _)| **at == key);
    let due = ticket.and_then(|(_, item)| item["due_at"]["S"].as_str()?.split('#').next());
    let due: Timestamp = due.and_then(|due| due.parse().ok()).unwrap_or_default();
    u64::try_from(due.as_microsecond()).unwrap_or_default()
}

/// Copies a ticket with the acknowledgement that waits on it, until there are so many; answers its notice's id.
fn copy(desk: &Desk, one: &str, mails: usize) -> String {
    let now = desk.world.clock.micros();
    let mut state = desk.world.lock();
    let pk = format!("T#{one}");
    let bulk = state.cloud.queues.waiting("bulk");
    let Some(waiting) = bulk.iter().find(|message| message.body.contains(one)) else {
        panic!("no acknowledgement waits");
    };
    let waiting: Message = waiting.clone();
    let body: Value = serde_json::from_str(&waiting.body).unwrap_or_default();
    let notice = body["notice"].as_str().unwrap_or_default().to_owned();
    let own = |sk: &str| !sk.starts_with("n#") || sk[2..] == notice;
    let items = state.cloud.table.items();
    let pattern: Vec<Item> = items
        .filter(|((at, sk), _)| *at == pk && own(sk))
        .map(|(_, item)| item.clone())
        .collect();
    let copies = Pepper::new("copies");
    for n in 1..mails {
        let id = TicketId::derive(&copies, "form", &n.to_string(), 0).to_string();
        for item in &pattern {
            let item = Value::Object(item.clone()).to_string().replace(one, &id);
            let item: Value = serde_json::from_str(&item).unwrap_or_default();
            let put = json!({ "Item": item });
            let Ok(write) = state.cloud.table.judge("Put", &put) else {
                panic!("a copy cannot be put");
            };
            state.cloud.table.write(write, now);
        }
        let body = waiting.body.replace(one, &id);
        state.cloud.queues.send("bulk", &body, now);
    }
    notice
}

/// Of the mails that left since: ticket and when.
fn left(
    desk: &Desk,
    since: usize,
    which: impl Fn(&crate::aws::ses::Accepted) -> bool,
) -> Vec<(String, u64)> {
    let state = desk.world.lock();
    let mails = state.cloud.mail.accepted[since..].iter();
    let which = mails.filter(|mail| which(mail));
    which.map(|mail| (mail.ticket.clone(), mail.at)).collect()
}

fn verdict(
    desk: &Desk,
    mails: usize,
    waiting: &str,
    (since, began): (usize, u64),
    (promised, missed): (&str, u64),
) -> bool {
    let seconds = |from: u64, to: u64| to.saturating_sub(from) / SECOND;
    let waiting = left(desk, since, |mail| mail.notice == waiting);
    let told = left(desk, since, |mail| {
        mail.ticket == promised && mail.at >= missed
    });
    let last = waiting.iter().map(|(_, at)| *at).max().unwrap_or(began);
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for (ticket, _) in &waiting {
        *times.entry(ticket).or_default() += 1;
    }
    let twice = times.values().filter(|times| **times > 1).count();
    println!(
        "{} of {mails} mails that waited left in {} s at one a second, {twice} of them twice",
        times.len(),
        seconds(began, last)
    );
    let found = missed.div_ceil(MINUTE) * MINUTE;
    let waits: Vec<u64> = told.iter().map(|(_, at)| seconds(found, *at)).collect();
    println!(
        "the promise was missed {} s after they began to wait; the next tick came {} s later, and its {} mails left \
         {waits:?} s after that",
        seconds(began, missed),
        seconds(missed, found),
        waits.len()
    );
    let soon = !waits.is_empty() && waits.iter().all(|wait| *wait <= 60);
    times.len() == mails && twice == 0 && soon
}
