//! What operators do by hand while tickets are open: they publish newer versions and declare the desk busy.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use store::{Busy, Release};

use crate::desk::Desk;

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
