//! Many tickets due at once: how many ticks they take, how long each, and that each ticket is told once.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::binaries::SLA_TICK;
use crate::desk::Desk;
use crate::process::{Process, TIMEOUT};
use crate::{Fallible, events, progress, tick};

/// Items put into the table at once.
const PORTION: usize = 10_000;

/// Lambda ends an invocation at its timeout; a tick must stop well before.
const SHARE: f64 = 0.8;

/// Prints the figures; an error if a tick took too long, or a ticket was told twice or not at all.
pub(crate) async fn measure(folder: &Path, tickets: usize) -> Fallible<()> {
    let pattern = tick::opened(folder).await?;
    let desk = Desk::open(String::new()).await?;
    progress("putting the tickets into the table");
    let mut open = 0;
    while open < tickets {
        let next = tickets.min(open + PORTION);
        desk.import((open..next).map(|n| tick::copy(&pattern, n)).collect())?;
        open = next;
    }
    let due = pattern["due_at"]["S"]
        .as_str()
        .and_then(|key| key.split('#').next());
    let mut now: Timestamp = due.ok_or("the ticket is never due")?.parse()?;
    let mut process = Process::start(&folder.join(SLA_TICK), &desk.environment).await?;
    let (mut fired, mut spans, mut first) = (0, Vec::new(), 0);
    loop {
        let begun = Instant::now();
        let answer = process.invoke(&events::tick(now), now).await?;
        let span = begun.elapsed();
        let done = answer["fired"].as_u64().unwrap_or(0);
        progress(&format!(
            "tick {}: {done} tickets in {span:.1?}",
            spans.len() + 1
        ));
        fired += done;
        spans.push(span);
        first = if first == 0 { done } else { first };
        if answer["unfinished"] != true {
            break;
        }
        now = now.checked_add(SignedDuration::from_mins(1))?;
    }
    let longest = spans.iter().max().copied().unwrap_or_default();
    let computed = (tickets as u64).div_ceil(first.max(1));
    println!(
        "{tickets} tickets due at once: {} ticks, computed {computed} from the first",
        spans.len()
    );
    println!("longest tick: {longest:.1?} of {TIMEOUT:.0?}");
    println!(
        "in this run {:.2?} an entry, 16 side by side",
        per_entry(&spans, fired)
    );
    told_once(&desk, tickets)?;
    if longest > TIMEOUT.mul_f64(SHARE) {
        return Err(format!("a tick took {longest:.1?}").into());
    }
    Ok(())
}

fn per_entry(spans: &[Duration], fired: u64) -> Duration {
    let fired = u32::try_from(fired).unwrap_or(u32::MAX).max(1);
    spans.iter().sum::<Duration>() / fired
}

/// Every copy has one event more and as many notices as every other.
fn told_once(desk: &Desk, tickets: usize) -> Fallible<()> {
    let mut told: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for item in desk.items()? {
        let text = |name: &str| {
            item.get(name)
                .and_then(|it| it["S"].as_str())
                .unwrap_or_default()
        };
        let (pk, sk) = (text("PK"), text("SK"));
        if pk.starts_with("T#") {
            let (events, notices) = told.entry(pk.to_owned()).or_default();
            *events += usize::from(sk.starts_with("e#"));
            *notices += usize::from(sk.starts_with("n#"));
        }
    }
    let first = told.values().next().copied().unwrap_or_default();
    println!("each ticket: {} event, {} notices", first.0, first.1);
    let same = told.values().all(|counts| *counts == first) && first.0 > 0 && first.1 > 0;
    if told.len() == tickets && same {
        return Ok(());
    }
    Err("not every ticket was told once".into())
}
