//! One run: ask every shard, work through what is due, say when to look next.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use runtime::telemetry::Chain;
use runtime::{Clients, Config, Diagnostic, Invocation, Seen, outbox};
use serde::Serialize;
use store::{
    Behind, Due, DueEntry, DueKind, Instants, NoticeRef, PutOff, SHARDS, Store, StoreError,
};
use ticket::{AddressHash, Command, NoticeId, TicketId};
use tokio::task::JoinSet;

use crate::rollout;

/// Keys read from a shard at once; one page of the index holds them.
const PAGE: i32 = 25;

/// Entries worked at side by side: each waits for the table most of its time. At 25 ms an entry, which
/// is assumed of AWS and not measured there, a run of 35 s does 22,000, and 50,000 that are due at once take three.
const AT_ONCE: usize = 16;

/// A notice that was put back on its queue is left alone this long.
const REQUEUED: SignedDuration = SignedDuration::from_mins(5);

/// What a run works with.
#[derive(Debug, Clone)]
pub struct Tick {
    /// The table.
    pub(crate) store: Store,
    /// The queues' client.
    pub(crate) sqs: aws_sdk_sqs::Client,
    /// The queues.
    pub(crate) queues: outbox::Queues,
    /// How long a run may work; the rest is left to the next one.
    pub(crate) budget: Duration,
}

impl Tick {
    /// Builds the clients; asks nothing yet.
    pub fn new(config: &Config, clients: &Clients) -> Self {
        Self {
            store: Store::new(clients.dynamodb(), config.table.as_str()),
            sqs: clients.sqs(),
            queues: outbox::Queues::of(config),
            budget: config.timeout.mul_f64(0.7),
        }
    }
}

/// What a run did, for the log and for whoever drives the clock.
#[derive(Debug, Default, Serialize)]
pub struct Answer {
    /// The earliest instant still in the index; none when it is empty. Before it, a tick has nothing to do.
    next: Option<Timestamp>,
    /// Tickets whose clocks were looked at.
    fired: usize,
    /// Notices put on their queues again.
    requeued: usize,
    /// Digests of numbers that were made.
    digests: usize,
    /// Tickets that a publication was rolled out to.
    pub(crate) rolled: usize,
    /// Entries that failed and were moved forward.
    put_off: usize,
    /// Entries that failed too often and left the index: a person has to look.
    pub(crate) parked: usize,
    /// Whether the time was up before everything due was done.
    pub(crate) unfinished: bool,
    /// For how many seconds the oldest entry had been due when the run began.
    #[serde(skip)]
    oldest: i64,
}

impl Answer {
    /// Adds what one entry came to.
    fn add(&mut self, other: &Self) {
        self.fired += other.fired;
        self.requeued += other.requeued;
        self.digests += other.digests;
        self.rolled += other.rolled;
        self.put_off += other.put_off;
        self.parked += other.parked;
        self.unfinished |= other.unfinished;
    }
}

/// One run, from its first look at the index on.
struct Run<'t> {
    tick: &'t Tick,
    now: Timestamp,
    started: Instant,
    /// The index may be behind the table and show what was moved a moment ago: each entry is worked at once a run, unless
    /// its ticket has more to tell than fits into one transaction.
    done: HashSet<DueEntry>,
    /// The first instant of each shard, as it was seen last.
    earliest: [Option<Timestamp>; SHARDS as usize],
    answer: Answer,
}

/// Runs one tick: passes over the index, each from the far past to now, until one finds nothing new.
///
/// # Errors
/// The index cannot be read at all: Lambda tries again, and the next tick starts from the far past anyway.
pub async fn run(tick: &Tick, invocation: &Invocation) -> Result<Answer, Diagnostic> {
    let mut run = Run {
        tick,
        now: invocation.now,
        started: Instant::now(),
        done: HashSet::new(),
        earliest: [None; SHARDS as usize],
        answer: Answer::default(),
    };
    let mut from: Vec<u32> = (0..SHARDS).collect();
    loop {
        let worked = pass(&mut run, from).await;
        from = worked.map_err(|error| unreadable(&error))?;
        run.answer.next = run.earliest.iter().flatten().min().copied();
        if from.is_empty() || run.answer.unfinished {
            return Ok(logged(run.answer));
        }
    }
}

/// One pass, page behind page: what was moved a moment ago and still stands in front hides nothing behind it.
///
/// Answers the shards that are to be asked again: those that held something to work at, since what a ticket has next
/// stands in the shard of its own; all of them after a rollout, which may have changed any ticket.
async fn pass(run: &mut Run<'_>, mut from: Vec<u32>) -> Result<Vec<u32>, StoreError> {
    let mut places: Vec<Option<Behind>> = (0..SHARDS).map(|_| None).collect();
    let (mut worked, mut first) = (false, true);
    let mut again = Vec::new();
    let mut rollouts = Vec::new();
    while !from.is_empty() {
        let shards = shards(&run.tick.store, run.now, &from, &places).await?;
        if std::mem::take(&mut first) {
            for (shard, due) in from.iter().zip(&shards) {
                run.earliest[*shard as usize] = first_of(due);
            }
            run.answer.oldest = run.answer.oldest.max(oldest(&shards, run.now));
        }
        let asked = from.iter().zip(&shards);
        let new = asked.filter(|(_, due)| due.entries.iter().any(|it| !run.done.contains(it)));
        again.extend(new.map(|(shard, _)| *shard));
        let (begun, entries) = to_work_at(&shards, &run.done);
        rollouts.extend(begun);
        worked |= !entries.is_empty();
        work(run, entries).await;
        if run.answer.unfinished {
            return Ok(again);
        }
        let asked = std::mem::take(&mut from).into_iter().zip(shards);
        for (shard, due) in asked.filter(|(_, due)| due.more.is_some()) {
            from.push(shard);
            places[shard as usize] = due.more;
        }
    }
    // Only when there is nothing else: what a publication changes can wait behind what is due, and takes as long as there
    // is time.
    if !worked && !rollouts.is_empty() {
        work(run, rollouts).await;
        // Under another version a ticket may be due at the very instant at which it was before.
        let is_rollout = |entry: &DueEntry| matches!(entry.kind, DueKind::Rollout(_));
        run.done.retain(is_rollout);
        return Ok((0..SHARDS).collect());
    }
    again.sort_unstable();
    again.dedup();
    Ok(again)
}

/// What is due and was not worked at: rollouts, and everything else with the earliest first.
fn to_work_at(shards: &[Due], done: &HashSet<DueEntry>) -> (Vec<DueEntry>, Vec<DueEntry>) {
    let entries = shards.iter().flat_map(|due| &due.entries);
    let (rollouts, mut others): (Vec<_>, Vec<_>) = entries
        .filter(|entry| !done.contains(entry))
        .cloned()
        .partition(|entry| matches!(entry.kind, DueKind::Rollout(_)));
    others.sort_by_key(|entry| entry.at);
    (rollouts, others)
}

fn unreadable(error: &StoreError) -> Diagnostic {
    Diagnostic {
        error_type: "DueIndexUnreadable".to_owned(),
        error_message: Chain(error).to_string(),
    }
}

async fn shards(
    store: &Store,
    now: Timestamp,
    from: &[u32],
    places: &[Option<Behind>],
) -> Result<Vec<Due>, StoreError> {
    let mut asked = JoinSet::new();
    for &shard in from {
        let (store, behind) = (store.clone(), places[shard as usize].clone());
        asked.spawn(async move {
            let due = store.due(shard, now, PAGE, behind.as_ref()).await;
            due.map(|due| (shard, due))
        });
    }
    let answers: Result<Vec<_>, _> = asked.join_all().await.into_iter().collect();
    let mut answers = answers?;
    answers.sort_by_key(|(shard, _)| *shard);
    Ok(answers.into_iter().map(|(_, due)| due).collect())
}

/// For how many seconds the oldest entry has been due.
fn oldest(shards: &[Due], now: Timestamp) -> i64 {
    let waited = shards.iter().filter_map(|due| due.entries.first());
    let waited = waited.map(|entry| now.duration_since(entry.at).as_secs());
    waited.max().unwrap_or_default()
}

fn first_of(due: &Due) -> Option<Timestamp> {
    due.entries.first().map(|entry| entry.at).or(due.next)
}

/// Works at entries, the earliest first, some side by side; begins none when the time is up. Those with more to do at
/// once are not marked as done.
async fn work(run: &mut Run<'_>, entries: Vec<DueEntry>) {
    let mut running = JoinSet::new();
    for entry in entries {
        if run.started.elapsed() >= run.tick.budget {
            run.answer.unfinished = true;
            break;
        }
        if running.len() >= AT_ONCE {
            finish(run, &mut running).await;
        }
        let (tick, now, started) = (run.tick.clone(), run.now, run.started);
        running.spawn(async move {
            let mut did = Answer::default();
            let more = entry_due(&tick, &entry, now, started, &mut did).await;
            (entry, more, did)
        });
    }
    while !running.is_empty() {
        finish(run, &mut running).await;
    }
}

async fn finish(run: &mut Run<'_>, running: &mut JoinSet<(DueEntry, bool, Answer)>) {
    match running.join_next().await {
        Some(Ok((entry, more, did))) => {
            run.answer.add(&did);
            if !more {
                run.done.insert(entry);
            }
        }
        // A panic ends the run, as it would have without company: Lambda counts it and the next tick begins anew.
        Some(Err(error)) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Some(Err(_)) | None => {}
    }
}

/// Works at one entry; answers whether it has more to do at once.
async fn entry_due(
    tick: &Tick,
    entry: &DueEntry,
    now: Timestamp,
    started: Instant,
    answer: &mut Answer,
) -> bool {
    let done = match &entry.kind {
        DueKind::Ticket(ticket) => fire(tick, *ticket, now, answer).await,
        DueKind::Notice(ticket, notice) => requeue(tick, entry, *ticket, notice, now, answer)
            .await
            .map(|()| false),
        DueKind::Rollout(rollout) => rollout::run(tick, rollout, now, started, answer)
            .await
            .map(|()| false),
        DueKind::Digest(who) => digest(tick, entry, who, now, answer).await.map(|()| false),
    };
    let error = match done {
        Ok(more) => return more,
        // A newer binary's ticket is left as it is, for that binary's tick.
        Err(error @ StoreError::NewerSchema { .. }) => {
            tracing::warn!(entry = %entry.kind, error = %error, "a due entry is left to a newer version");
            return false;
        }
        Err(error) => error,
    };
    tracing::warn!(entry = %entry.kind, error = %Chain(&error), "a due entry failed");
    match tick.store.put_off(entry, now, &error).await {
        Ok(PutOff::Until(_)) => answer.put_off += 1,
        Ok(PutOff::Parked) => {
            tracing::error!(seen = Seen::EntryParked.name(), entry = %entry.kind, "a due entry failed too often and is parked");
            answer.parked += 1;
        }
        Err(error) => {
            tracing::error!(entry = %entry.kind, error = %Chain(&error), "a due entry could not be moved");
        }
    }
    false
}

async fn fire(
    tick: &Tick,
    ticket: TicketId,
    now: Timestamp,
    answer: &mut Answer,
) -> Result<bool, StoreError> {
    let instants = Instants::new(now, now);
    let done = tick
        .store
        .execute(ticket, &Command::FireTimers, instants, None)
        .await?;
    outbox::enqueue(&tick.sqs, &tick.queues, &done.notices).await;
    answer.fired += 1;
    Ok(!done.notices.is_empty() && done.next_due.is_some_and(|next| next <= now))
}

/// Numbers of requests whose acknowledgements were held: told in one mail.
async fn digest(
    tick: &Tick,
    entry: &DueEntry,
    who: &AddressHash,
    now: Timestamp,
    answer: &mut Answer,
) -> Result<(), StoreError> {
    let notices = tick.store.tell_numbers(entry, who, now).await?;
    outbox::enqueue(&tick.sqs, &tick.queues, &notices).await;
    answer.digests += notices.len();
    Ok(())
}

async fn requeue(
    tick: &Tick,
    entry: &DueEntry,
    ticket: TicketId,
    notice: &NoticeId,
    now: Timestamp,
    answer: &mut Answer,
) -> Result<(), StoreError> {
    let Some(unsent) = tick.store.notice(ticket, notice).await? else {
        return Err(StoreError::NoSuchTicket(ticket));
    };
    let reference = NoticeRef {
        ticket,
        notice: notice.clone(),
        lane: unsent.notice.lane,
    };
    let enqueued = outbox::enqueue(&tick.sqs, &tick.queues, &[reference]).await;
    if enqueued.left > 0 {
        return Err(StoreError::Busy("the queue did not take the notice"));
    }
    let until = now.checked_add(REQUEUED).unwrap_or(now);
    tick.store.requeued(entry, until).await?;
    answer.requeued += 1;
    Ok(())
}

fn logged(answer: Answer) -> Answer {
    tracing::info!(
        oldest_due_seconds = answer.oldest,
        fired = answer.fired,
        requeued = answer.requeued,
        digests = answer.digests,
        rolled = answer.rolled,
        put_off = answer.put_off,
        parked = answer.parked,
        unfinished = answer.unfinished,
        "ticked"
    );
    answer
}
