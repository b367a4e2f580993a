//! What operators do by hand while tickets are open: they publish newer versions, declare the desk busy, and limit
//! somebody's support.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use policy::{ConductId, PersonId};
use store::{Busy, Instants, Once, Release, Standing, Store, TakenBack};
use ticket::{Command, ContentDigest, TicketId, Words};

use crate::actors::{Limited, customer};
use crate::desk::Desk;
use crate::story::Limit;

impl Desk {
    /// Publishes the newer version of the run, if it has one.
    pub(crate) async fn publisher(self: Arc<Self>) {
        let Some(version) = self.policies().get(1).cloned() else {
            return;
        };
        let now = self.world.clock.now();
        let wait = version.published.duration_since(now);
        let wait = Duration::try_from(wait).unwrap_or_default();
        self.world.clock.wait(wait).await;
        let release = Release {
            effective: Some(version.effective),
            now: version.published,
            approved_by: "simulation".to_owned(),
            announce: version.announced,
        };
        let published = self.store().publish(&version.policy, &release).await;
        let published = published.unwrap_or_else(|error| panic!("cannot be published: {error}"));
        self.world.lock().note(&("published", published));
    }

    /// Decides on a customer's conduct as `troth standing` does: the person reads it first, then it counts.
    pub(crate) async fn limits(self: Arc<Self>, limit: Limit) {
        self.world.clock.wait(limit.from).await;
        let ticket = self.ticket_of(&self.world.lock(), limit.ticket);
        let Some(id) = ticket.and_then(|id| id.parse::<TicketId>().ok()) else {
            return;
        };
        let store = self.store();
        let (Ok(Some(stored)), Ok(level), Ok(by)) = (
            store.load(id).await,
            ConductId::new(&limit.level),
            PersonId::new(&limit.by),
        ) else {
            panic!("there is nobody to limit: {limit:?}");
        };
        let conduct = self.policy.terms().conduct.as_ref();
        let allows = conduct
            .and_then(|it| it.level(&level))
            .map(|it| it.allows.clone());
        let (who, from) = (stored.ticket.requester, self.now());
        let lasts = |until: Duration| from + (until.saturating_sub(limit.from));
        let reason = "threats".to_owned();
        let command = Command::SetStanding {
            by: by.clone(),
            who: who.clone(),
            level: level.clone(),
            until: lasts(limit.until),
            words: Words::text(&reason),
        };
        done(&store, id, &command, from).await;
        let standing = Standing {
            level: level.clone(),
            from,
            until: lasts(limit.until),
            reason,
            by: by.clone(),
            ticket: id,
            ended: None,
        };
        let set = store.set_standing(&who, &standing).await;
        set.unwrap_or_else(|error| panic!("nothing can be decided: {error}"));
        self.way().limited = Some(Limited {
            address: customer(limit.ticket),
            ticket: id.to_string(),
            allows: allows.unwrap_or_default(),
            from,
            until: standing.until,
            lifted: None,
        });
        let Some(lifted) = limit.lifted else { return };
        self.world
            .clock
            .wait(lifted.saturating_sub(limit.from))
            .await;
        let (at, words) = (self.now(), Words::text("a mistake"));
        let command = Command::LiftStanding {
            by: by.clone(),
            who: who.clone(),
            level,
            words,
        };
        done(&store, id, &command, at).await;
        let reason = "a mistake".to_owned();
        let ended = store
            .end_standing(&who, &TakenBack { at, by, reason })
            .await;
        ended.unwrap_or_else(|error| panic!("it cannot be taken back: {error}"));
        if let Some(limited) = &mut self.way().limited {
            limited.lifted = Some(at);
        }
    }

    /// What the table keeps: whole milliseconds.
    fn now(&self) -> Timestamp {
        let now = self.world.clock.now();
        Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    /// From when to when the desk was declared to be busy.
    pub(crate) fn busy_time(&self) -> Option<(Timestamp, Timestamp)> {
        self.way().busy
    }

    /// Declares the desk busy for a while, and ends it before its time in every other run.
    pub(crate) async fn busy(self: Arc<Self>, from: Duration, until: Duration) {
        self.world.clock.wait(from).await;
        let now = self.world.clock.now();
        let ends_early = self.world.dice.of("busy").bool();
        let planned = if ends_early {
            until + Duration::from_hours(12)
        } else {
            until
        };
        let busy = Busy {
            from: now,
            until: now + planned.saturating_sub(from),
            reason: "a fair".to_owned(),
            reasons: BTreeMap::new(),
            by: "simulation".to_owned(),
            ended: None,
        };
        let declared = self.store().declare_busy(&busy).await;
        declared.unwrap_or_else(|error| panic!("cannot be declared busy: {error}"));
        self.way().busy = Some((now, busy.until));
        if ends_early {
            self.world.clock.wait(until.saturating_sub(from)).await;
            let now = self.world.clock.now();
            let ended = self.store().end_busy(now, "simulation").await;
            ended.unwrap_or_else(|error| panic!("the busy time cannot be ended: {error}"));
            self.way().busy = Some((busy.from, now));
        }
    }
}

impl Desk {
    /// Switches acknowledgements off for a while.
    pub(crate) async fn silence(self: Arc<Self>, from: Duration, until: Duration) {
        for (on, wait) in [(false, from), (true, until.saturating_sub(from))] {
            self.world.clock.wait(wait).await;
            let now = self.now();
            let store = self.store();
            let switched = store.acknowledge_by_mail(on, now, "simulation", "a flood");
            let switched = switched.await;
            switched.unwrap_or_else(|error| panic!("cannot be switched: {error}"));
            let mut way = self.way();
            way.silent = match way.silent {
                Some((since, _)) if on => Some((since, now)),
                _ => Some((now, Timestamp::MAX)),
            };
        }
    }
}

/// Carries out what an operator orders, once.
async fn done(store: &Store, id: TicketId, command: &Command, at: Timestamp) {
    let key = format!("{command:?}");
    let once = Once {
        source: "standing",
        body: ContentDigest::of(&[key.as_bytes()]),
        key,
        copy: None,
    };
    let done = store
        .execute(id, command, Instants::new(at, at), Some(once))
        .await;
    done.unwrap_or_else(|error| panic!("an operator's order is not carried out: {error}"));
}
