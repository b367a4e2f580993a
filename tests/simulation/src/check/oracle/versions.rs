//! Newer versions of the policy: told where that was asked for, and followed where they are not worse for the customer.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use policy::{Metric, Policy, PromiseId, Status};
use ticket::{Event, Kept, Recorded};

use super::case::Case;
use super::clocks::Coming;

/// A version that the desk published.
#[derive(Debug, Clone)]
pub(crate) struct Version {
    pub(crate) policy: Arc<Policy>,
    pub(crate) published: Timestamp,
    pub(crate) effective: Timestamp,
    /// Whether customers with open tickets are told.
    pub(crate) announced: bool,
}

/// A rollout begins this much later than its version is in force, and goes through lists that lag behind.
const WORK: SignedDuration = SignedDuration::from_mins(20);

/// What its first pass overlooks, its second finds.
const PASSES: SignedDuration = SignedDuration::from_mins(15);

/// What is wrong with what a rollout did: a newer version is nothing to a ticket that is settled or that has it, and
/// others are told of it once, where that was asked for, and compared with it once.
pub(super) fn wrong(case: &Case<'_>, recorded: &Recorded) -> Option<String> {
    let (version, before, told) = match &recorded.event {
        Event::VersionCompared { version, .. } => (version, &case.compared, false),
        Event::VersionAnnounced { version, .. } => (version, &case.announced, true),
        _ => return None,
    };
    let newer = case.versions.iter().find(|it| it.policy.hash() == version);
    let why = match newer {
        None => "nobody published it",
        Some(newer) if told && !newer.announced => "nobody is to be told",
        _ if case.settled() => "the ticket is settled",
        _ if case.policy.hash() == version => "the ticket has it",
        _ if before.contains(version) => "it was done before",
        Some(newer) => return compared(case, newer, recorded),
    };
    Some(format!(
        "event {}: {:?}, but {why}",
        recorded.seq, recorded.event
    ))
}

fn compared(case: &Case<'_>, newer: &Version, recorded: &Recorded) -> Option<String> {
    let Event::VersionCompared { kept, .. } = &recorded.event else {
        return None;
    };
    let wanted = wanted(case, &newer.policy, recorded.at);
    (wanted != *kept).then(|| {
        format!(
            "event {}: kept for {kept:?} under a newer version; it should be {wanted:?}",
            recorded.seq
        )
    })
}

/// What keeps a ticket under its version. Versions of a run differ in their targets only.
fn wanted<'p>(case: &Case<'p>, newer: &'p Policy, now: Timestamp) -> Option<Kept> {
    let mut ahead = case.clone();
    if matches!(ahead.status, Status::Pending | Status::OnHold) {
        let at = ahead.statuses.last().map_or(now, |(at, _)| (*at).max(now));
        ahead.status = Status::Open;
        ahead.statuses.push((at, Status::Open));
    }
    if ahead.waiting.is_none() {
        ahead.waiting = Some(now.max(ahead.opened_at));
        ahead.questions += 1;
    }
    let owed = |case: &Case<'_>| -> Vec<(Metric, PromiseId, Option<Timestamp>)> {
        let clocks = case.clocks();
        let owed = clocks.iter().filter(|it| it.promise.published && !it.met);
        owed.map(|it| (it.promise.metric, it.promise.id.clone(), it.due))
            .collect()
    };
    let own = owed(&ahead);
    ahead.policy = newer;
    let then = owed(&ahead);
    let of = |metric: Metric| then.iter().find(|(other, ..)| *other == metric);
    let worse = own.iter().any(|(metric, _, due)| match of(*metric) {
        None => true,
        Some((_, _, new)) => match (due, new) {
            (Some(due), Some(new)) => new > due,
            (due, new) => due.is_some() && new.is_none(),
        },
    });
    let other = own.iter().any(|(metric, promise, due)| {
        let known = case.missed.iter().any(|(missed, _)| missed == promise);
        let missed = known || due.is_some_and(|due| due <= now);
        missed && of(*metric).is_none_or(|(_, new, _)| new != promise)
    });
    match (worse, other) {
        (true, _) => Some(Kept::Worse),
        (false, true) => Some(Kept::MissedAlready),
        (false, false) => None,
    }
}

impl Case<'_> {
    /// What newer versions have coming for a ticket that was open all the time.
    pub(super) fn coming_versions(&self) -> Vec<Coming> {
        let mut all = Vec::new();
        for version in self.versions.iter().skip(1) {
            let hash = version.policy.hash();
            let from = |at: Timestamp| {
                let early = at - WORK;
                let settled = |status: Status| matches!(status, Status::Solved | Status::Closed);
                let before = self.statuses.iter().rfind(|(at, _)| *at <= early);
                let was = before.is_some_and(|(_, status)| settled(*status));
                let later = self.statuses.iter().filter(|(at, _)| *at > early);
                let open = self.since < early
                    && !was
                    && !later.into_iter().any(|(_, status)| settled(*status));
                open.then_some(at)
            };
            let held = self.opened.policy == *hash;
            if let Some(at) =
                from(version.effective).filter(|_| !held && !self.compared.contains(hash))
            {
                all.push(Coming {
                    what: format!("the comparison with {hash}"),
                    at,
                    takes: WORK + PASSES,
                    rollout: Some(("follow", hash.to_string())),
                    quiet: None,
                });
            }
            let told = self.announced.contains(hash) || self.policy.hash() == hash;
            if let Some(at) =
                from(version.published).filter(|_| version.announced && !held && !told)
            {
                all.push(Coming {
                    what: format!("word of {hash}"),
                    at,
                    takes: WORK + PASSES,
                    rollout: Some(("announce", hash.to_string())),
                    quiet: None,
                });
            }
        }
        all
    }
}
