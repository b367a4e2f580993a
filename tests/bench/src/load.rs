//! A steady load: forms, mails and looks at tickets in a second, for minutes, by processes that are asked one event at a
//! time, as Lambda does.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::sync::{Mutex as Turn, Semaphore};
use tokio::task::JoinSet;
use tokio::time::MissedTickBehavior;

use crate::binaries::{INBOUND_EMAIL, INTAKE};
use crate::desk::Desk;
use crate::events::{self, By};
use crate::process::Process;
use crate::{Fallible, answered, progress};

/// What comes in a second.
const FORMS: u32 = 50;
const MAILS: u32 = 20;

/// Processes of each function; two cores have no use for more.
const PROCESSES: usize = 4;

/// Bytes of each mail.
const MAIL: usize = 10_000;

/// How long the slowest but one of a hundred may take: from the event's arrival, waiting for a free process included.
const MOST: [(&str, Duration); 3] = [
    ("form", Duration::from_millis(300)),
    ("mail", Duration::from_millis(300)),
    ("look at a ticket", Duration::from_millis(100)),
];

/// Writes that one partition of the table or of an index takes in a second, as `DynamoDB` documents.
const PARTITION: u64 = 1_000;

/// Prints the figures; an error if an event failed, one was too slow, or a partition had more to write than it takes.
pub(crate) async fn measure(folder: &Path, seconds: u32) -> Fallible<()> {
    let desk = Desk::open(events::raw_mail(MAIL)).await?;
    desk.wire.weigh(&desk.indexes);
    let load = Arc::new(Load {
        intake: Pool::start(folder, INTAKE, &desk).await?,
        inbound_email: Pool::start(folder, INBOUND_EMAIL, &desk).await?,
        begun: Instant::now(),
        began: desk.now,
        spans: Mutex::default(),
    });
    let mut work = JoinSet::new();
    let (forms, mails) = (Arc::clone(&load), Arc::clone(&load));
    work.spawn(every(FORMS, seconds, move |n| Arc::clone(&forms).form(n)));
    work.spawn(every(MAILS, seconds, move |n| Arc::clone(&mails).mail(n)));
    while let Some(done) = work.join_next().await {
        done??;
    }
    let slow = load.print();
    let (partition, units) = desk.wire.heaviest();
    println!("most write units of one partition in a second: {units} of {PARTITION} ({partition})");
    if slow || units > PARTITION {
        return Err("a bound was not kept".into());
    }
    Ok(())
}

/// Starts `in_a_second` pieces of work each second, whatever becomes of those before, and waits for all of them.
async fn every<W>(in_a_second: u32, seconds: u32, work: impl Fn(u32) -> W) -> Fallible<()>
where
    W: Future<Output = Fallible<()>> + Send + 'static,
{
    let mut interval = tokio::time::interval(Duration::from_secs(1) / in_a_second);
    interval.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut open = JoinSet::new();
    for n in 0..in_a_second * seconds {
        interval.tick().await;
        open.spawn(work(n));
        if n > 0 && n % (in_a_second * 60) == 0 {
            progress(&format!("{n} in, {} of them under way", open.len()));
        }
        while let Some(done) = open.try_join_next() {
            done??;
        }
    }
    while let Some(done) = open.join_next().await {
        done??;
    }
    Ok(())
}

struct Load {
    intake: Pool,
    inbound_email: Pool,
    begun: Instant,
    began: Timestamp,
    spans: Mutex<BTreeMap<&'static str, Vec<Duration>>>,
}

impl Load {
    /// Somebody opens a ticket, and looks at it.
    async fn form(self: Arc<Self>, n: u32) -> Fallible<()> {
        let key = format!("load-form-{n}");
        let event = events::opening(By::Form, &key, &"x".repeat(800), self.now()?);
        let customer = format!("{key}@example.com");
        let event = events::from(event, &customer)?;
        let answer = self.timed("form", &self.intake, &event).await?;
        let look = events::look(&answer, &key, self.now()?).ok_or("no link in the answer")?;
        self.timed("look at a ticket", &self.intake, &look).await?;
        Ok(())
    }

    async fn mail(self: Arc<Self>, n: u32) -> Fallible<()> {
        let event = events::mail(&format!("load-mail-{n}"), self.now()?);
        self.timed("mail", &self.inbound_email, &event).await?;
        Ok(())
    }

    async fn timed(&self, what: &'static str, pool: &Pool, event: &Value) -> Fallible<Value> {
        let arrived = Instant::now();
        let answer = pool.invoke(event, self.now()?).await?;
        let span = arrived.elapsed();
        if answer["statusCode"].as_u64().unwrap_or(200) >= 300 {
            return Err(answered(what, &answer));
        }
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        spans.entry(what).or_default().push(span);
        Ok(answer)
    }

    fn now(&self) -> Fallible<Timestamp> {
        let elapsed = SignedDuration::try_from(self.begun.elapsed())?;
        Ok(self.began.checked_add(elapsed)?)
    }

    /// Prints how long events took; whether some kind took too long.
    fn print(&self) -> bool {
        let mut spans = self.spans.lock().unwrap_or_else(PoisonError::into_inner);
        let mut slow = false;
        for (what, most) in MOST {
            let all = spans.entry(what).or_default();
            all.sort();
            let part = |hundredths: usize| {
                let place = (all.len() * hundredths / 100).min(all.len().saturating_sub(1));
                all.get(place).copied().unwrap_or_default()
            };
            println!(
                "{} times {what}, no error: median {:.1?}, p99 {:.1?} of {most:.0?}, slowest {:.1?}",
                all.len(),
                part(50),
                part(99),
                part(100)
            );
            slow |= part(99) > most;
        }
        slow
    }
}

/// Warm processes of one function; an event waits for one that is free.
struct Pool {
    free: Semaphore,
    idle: Turn<Vec<Process>>,
}

impl Pool {
    async fn start(folder: &Path, binary: &str, desk: &Desk) -> Fallible<Self> {
        let mut idle = Vec::new();
        for _ in 0..PROCESSES {
            idle.push(Process::start(&folder.join(binary), &desk.environment).await?);
        }
        Ok(Self {
            free: Semaphore::new(PROCESSES),
            idle: Turn::new(idle),
        })
    }

    async fn invoke(&self, event: &Value, now: Timestamp) -> Fallible<Value> {
        let _free = self.free.acquire().await?;
        let mut process = self.idle.lock().await.pop().ok_or("no process is free")?;
        let answer = process.invoke(event, now).await;
        self.idle.lock().await.push(process);
        answer
    }
}
