//! Rollouts: what a publication means for open tickets, worked off page by page and resumed wherever it was left.
//!
//! A rollout goes through the lists of open and waiting tickets twice at least, and again until a pass finds nothing
//! more to do: a ticket may change its place while a list is read, and the lists may be minutes late, so that a ticket
//! stands in none of them for one pass. What was done to a ticket stands in its own log, so that a page that is worked
//! twice changes nothing.

use std::collections::BTreeSet;
use std::fmt;

use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use policy::PolicyHash;
use ticket::TicketId;

use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, key, number, text, with};
use crate::publications::Publication;
use crate::scan::text_of;
use crate::{Store, keys, rows};

/// Tickets that a step looks at.
const PAGE: i32 = 25;

/// A function that began under the older version may open a ticket under it a little later than the newer one is in
/// force; it is over by then.
const GRACE: SignedDuration = SignedDuration::from_secs(120);

/// So many passes, even if something still fails in each.
const MOST_PASSES: u32 = 5;

/// A pass begins so much later than the one before has ended: an index that is late has caught up by then, and what was
/// away may be back.
pub const BETWEEN_PASSES: SignedDuration = SignedDuration::from_mins(15);

/// What a rollout does to each open ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// Tells the customer.
    Announce,
    /// Holds the ticket to the newer version where it is not worse for the customer.
    Follow,
}

impl Work {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Announce => "announce",
            Self::Follow => "follow",
        }
    }
}

/// The name of a rollout in the table: what is done, and for which publication.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RolloutId(String);

impl RolloutId {
    pub(crate) fn from_stored(sk: &str) -> Self {
        Self(sk.to_owned())
    }
}

impl fmt::Display for RolloutId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A rollout as it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Rollout {
    /// What is done.
    pub work: Work,
    /// The version that was published.
    pub version: PolicyHash,
    /// From when it is in force.
    pub effective: Timestamp,
    /// When it was published.
    pub published: Timestamp,
    id: RolloutId,
    step: u32,
    place: Place,
}

/// How far a rollout has come.
#[derive(Debug, Clone, Default, PartialEq)]
struct Place {
    pass: u32,
    /// Whether this pass has found anything to do.
    busy: bool,
    /// Whether a ticket failed in this pass.
    failed: bool,
    /// The list that is being read; the first if there is none.
    queue: Option<String>,
    /// Where in it to go on.
    from: Option<Item>,
}

/// The tickets of one step, and the place behind them.
#[derive(Debug, Clone)]
pub struct Step {
    /// Tickets to look at.
    pub tickets: Vec<TicketId>,
    next: Option<Place>,
}

/// What the tickets of a step came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether something was done to one of them: it may have changed its place, so that another pass is needed.
    pub changed: bool,
    /// Whether one of them failed: it is met again in the next pass.
    pub failed: bool,
}

/// Where a rollout stands after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// More tickets are to be looked at.
    On,
    /// A pass is over and another begins [`BETWEEN_PASSES`] later: it is due again then.
    Later,
    /// A pass behind the first found nothing to do any more: it has left the due index.
    Done,
    /// A ticket failed in every pass: it is parked, and a person has to look.
    Parked,
    /// Another tick has moved it meanwhile: it is left to that one.
    ByAnother,
}

/// The items with which a publication's rollouts begin.
pub(crate) fn started(publication: &Publication, announce: bool) -> Vec<Item> {
    let follow = publication.effective.checked_add(GRACE);
    let follow = (Work::Follow, follow.unwrap_or(publication.effective));
    let announce = announce.then_some((Work::Announce, publication.published));
    let item = |(work, at): (Work, Timestamp)| {
        let (pk, _) = keys::PUBLICATIONS;
        let published = keys::sortable(publication.published);
        let name = format!(
            "{}{}#{published}#{}",
            keys::ROLLOUTS,
            work.as_str(),
            publication.version
        );
        let item = with(
            item::new(pk, &name),
            [
                ("work", text(work.as_str())),
                ("hash", text(publication.version.as_str())),
                ("effective", instant(publication.effective)),
                ("published", instant(publication.published)),
                ("step", number(0)),
            ],
        );
        with(
            item,
            [
                ("due_shard", text(keys::shard(keys::ROLLOUT_SHARD))),
                ("due_at", text(keys::due_at(at, &name))),
            ],
        )
    };
    [follow].into_iter().chain(announce).map(item).collect()
}

fn read(item: &Item) -> Result<Rollout, StoreError> {
    let reader = Reader::new(item)?;
    let work = match reader.text("work")? {
        "announce" => Work::Announce,
        "follow" => Work::Follow,
        other => {
            return Err(StoreError::corrupt(
                reader.name(),
                format!("unknown work {other}"),
            ));
        }
    };
    let version = reader.text("hash")?.parse();
    let place = Place {
        pass: reader.number("pass").unwrap_or_default(),
        busy: reader.optional("busy").is_some(),
        failed: reader.optional("failed").is_some(),
        queue: reader.optional("queue_at").map(str::to_owned),
        from: item.get("from").and_then(|from| from.as_m().ok()).cloned(),
    };
    Ok(Rollout {
        work,
        version: version.map_err(|error| StoreError::corrupt(reader.name(), error))?,
        effective: reader.instant("effective")?,
        published: reader.instant("published")?,
        id: RolloutId::from_stored(reader.text("SK")?),
        step: reader.number("step")?,
        place,
    })
}

impl Store {
    /// A rollout that the due index names as due; none if it is done, parked or between two passes, since the index may
    /// be late.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`; on others the entry is put off, and parked in the end.
    pub async fn rollout(
        &self,
        id: &RolloutId,
        now: Timestamp,
    ) -> Result<Option<Rollout>, StoreError> {
        let (pk, _) = keys::PUBLICATIONS;
        let item = self.get(pk, &id.0).await?;
        let due = |item: &Item| text_of(item, "due_at").and_then(keys::instant_of);
        item.filter(|item| due(item).is_some_and(|due| due <= now))
            .map(|item| read(&item))
            .transpose()
    }

    /// The next tickets of a rollout.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn rollout_step(&self, rollout: &Rollout) -> Result<Step, StoreError> {
        let queues = self.open_queues().await?;
        let place = &rollout.place;
        let Some(queue) = place.queue.clone().or_else(|| queues.first().cloned()) else {
            return Ok(Step {
                tickets: Vec::new(),
                next: None,
            });
        };
        let page = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name("queue")
            .key_condition_expression("queue = :queue")
            .expression_attribute_values(":queue", text(&queue))
            .limit(PAGE)
            .set_exclusive_start_key(place.from.clone())
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("reading a list of tickets", error))?;
        let id = |entry: &Item| text_of(entry, "PK")?.strip_prefix("T#")?.parse().ok();
        let tickets = page.items().iter().filter_map(id).collect();
        let from = page.last_evaluated_key.filter(|key| !key.is_empty());
        let next = if from.is_some() {
            Some(queue)
        } else {
            queues.into_iter().find(|name| *name > queue)
        };
        let next = next.map(|queue| Place {
            queue: Some(queue),
            from,
            ..place.clone()
        });
        Ok(Step { tickets, next })
    }

    /// Every list of open and waiting tickets that any version has made.
    async fn open_queues(&self) -> Result<Vec<String>, StoreError> {
        let mut departments = BTreeSet::from(["triage".to_owned()]);
        for publication in self.publications().await? {
            let policy = self.policy(&publication.version).await?;
            departments.extend(policy.terms().departments.iter().map(|d| d.id.to_string()));
        }
        let mut queues: Vec<String> = departments
            .iter()
            .flat_map(|department| {
                rows::GROUPS[..2]
                    .iter()
                    .map(move |group| format!("{department}#{group}"))
            })
            .collect();
        queues.sort();
        Ok(queues)
    }

    /// Moves a rollout behind a step. The first pass, and each that changed something or failed at something, is followed
    /// by another [`BETWEEN_PASSES`] after `now`, as long as there are passes left.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: the step is done again, which changes nothing.
    pub async fn rollout_done(
        &self,
        rollout: &Rollout,
        step: Step,
        found: Found,
        now: Timestamp,
    ) -> Result<Moved, StoreError> {
        let place = &rollout.place;
        let busy = place.busy || found.changed || found.failed;
        let failed = place.failed || found.failed;
        let (pk, _) = keys::PUBLICATIONS;
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, &rollout.id.0)))
            .condition_expression("step = :step")
            .expression_attribute_values(":step", number(rollout.step))
            .expression_attribute_values(":next", number(rollout.step + 1))
            .expression_attribute_names("#from", "from");
        let (moved, update) = match step.next {
            Some(next) => {
                let next = Place {
                    busy,
                    failed,
                    ..next
                };
                (Moved::On, placed(update, next, ""))
            }
            None if (busy || place.pass == 0) && place.pass + 1 < MOST_PASSES => {
                let again = Place {
                    pass: place.pass + 1,
                    ..Place::default()
                };
                let at = now.checked_add(BETWEEN_PASSES).unwrap_or(now);
                let due = text(keys::due_at(at, &rollout.id.0));
                let update = placed(update, again, ", due_at = :due");
                (
                    Moved::Later,
                    update.expression_attribute_values(":due", due),
                )
            }
            None if failed => {
                let ended = format!("SET step = :next, parked = due_at, park_why = :why {ENDED}");
                let why = text("a ticket failed in every pass; the tick's log names it");
                let update = update.expression_attribute_values(":why", why);
                (Moved::Parked, update.update_expression(ended))
            }
            None => {
                let ended = format!("SET step = :next {ENDED}");
                (Moved::Done, update.update_expression(ended))
            }
        };
        match update.send().await {
            Ok(_) => Ok(moved),
            Err(error) if is_failed_condition(&error) => Ok(Moved::ByAnother),
            Err(error) => Err(StoreError::of_sdk("moving a rollout", error)),
        }
    }
}

/// What a rollout loses when it leaves the due index; redriven, it begins anew.
const ENDED: &str = "REMOVE due_shard, due_at, #from, queue_at, busy, failed, pass";

fn placed(update: UpdateItemFluentBuilder, place: Place, due: &str) -> UpdateItemFluentBuilder {
    let null = || AttributeValue::Null(true);
    let flag = |set: bool| if set { text("yes") } else { null() };
    let values = [
        (":pass", number(place.pass)),
        (":queue", place.queue.map_or_else(null, AttributeValue::S)),
        (":from", place.from.map_or_else(null, AttributeValue::M)),
        (":busy", flag(place.busy)),
        (":failed", flag(place.failed)),
    ];
    let update = update.update_expression(format!(
        "SET step = :next, pass = :pass, queue_at = :queue, #from = :from, busy = :busy, failed = :failed{due}",
    ));
    values.into_iter().fold(update, |update, (name, value)| {
        update.expression_attribute_values(name, value)
    })
}
