//! Rollouts: what a publication means for open tickets, worked off page by page and resumed wherever it was left.
//!
//! A rollout goes through the lists of open and waiting tickets again and again until a pass finds nothing more to do:
//! a ticket may change its place in a list while the list is read. What was done to a ticket stands in its own log, so
//! that a page that is worked twice changes nothing.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{SignedDuration, Timestamp};
use policy::PolicyHash;
use ticket::TicketId;

use crate::error::{StoreError, is_failed_condition};
use crate::item::{self, Item, Reader, instant, key, number, text, with};
use crate::publications::Publication;
use crate::{Store, keys, rows};

/// Tickets that a step looks at.
const PAGE: i32 = 25;

/// A function that began under the older version may open a ticket under it a little later than the newer one is in
/// force; it is over by then.
const GRACE: SignedDuration = SignedDuration::from_secs(120);

/// So many passes, even if something still fails in each.
const MOST_PASSES: u32 = 5;

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
    sk: String,
    step: u32,
    place: Place,
}

/// How far a rollout has come.
#[derive(Debug, Clone, Default, PartialEq)]
struct Place {
    pass: u32,
    /// Whether this pass has found anything to do.
    busy: bool,
    /// The list that is being read; the first if there is none.
    queue: Option<String>,
    /// Where in it to go on.
    from: Option<Item>,
}

/// Rollouts that are due, and when the next one is.
#[derive(Debug, Clone, Default)]
pub struct Rollouts {
    /// Those due, earliest first.
    pub due: Vec<Rollout>,
    /// The earliest that is not due yet.
    pub next: Option<Timestamp>,
}

/// The tickets of one step, and the place behind them.
#[derive(Debug, Clone)]
pub struct Step {
    /// Tickets to look at.
    pub tickets: Vec<TicketId>,
    next: Option<Place>,
}

impl Step {
    /// Whether nothing comes behind it in this pass.
    pub fn is_last(&self) -> bool {
        self.next.is_none()
    }
}

/// The items with which a publication's rollouts begin.
pub(crate) fn started(publication: &Publication, announce: bool) -> Vec<Item> {
    let follow = publication.effective.checked_add(GRACE);
    let follow = (Work::Follow, follow.unwrap_or(publication.effective));
    let announce = announce.then_some((Work::Announce, publication.published));
    let item = |(work, at): (Work, Timestamp)| {
        let (pk, _) = keys::PUBLICATIONS;
        let published = keys::sortable(publication.published);
        let name = format!("{}#{published}#{}", work.as_str(), publication.version);
        let item = with(
            item::new(pk, &format!("{}{name}", keys::ROLLOUTS)),
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
                ("due_shard", text(keys::ROLLOUT_SHARD)),
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
        queue: reader.optional("queue_at").map(str::to_owned),
        from: item.get("from").and_then(|from| from.as_m().ok()).cloned(),
    };
    Ok(Rollout {
        work,
        version: version.map_err(|error| StoreError::corrupt(reader.name(), error))?,
        effective: reader.instant("effective")?,
        published: reader.instant("published")?,
        sk: reader.text("SK")?.to_owned(),
        step: reader.number("step")?,
        place,
    })
}

impl Store {
    /// The rollouts that are due at `now`, and the instant of the next one.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: the next tick asks again.
    pub async fn rollouts(&self, now: Timestamp) -> Result<Rollouts, StoreError> {
        let answer = self
            .client
            .query()
            .table_name(&*self.table)
            .index_name("due")
            .key_condition_expression("due_shard = :shard")
            .expression_attribute_values(":shard", text(keys::ROLLOUT_SHARD))
            .limit(PAGE)
            .send()
            .await
            .map_err(|error| StoreError::of_sdk("asking for rollouts", error))?;
        let mut rollouts = Rollouts::default();
        for entry in answer.items() {
            let [Some(pk), Some(sk), Some(due)] =
                ["PK", "SK", "due_at"].map(|name| text_of(entry, name))
            else {
                continue;
            };
            let at = keys::instant_of(due);
            if at.is_some_and(|at| at > now) {
                rollouts.next = at;
                break;
            }
            // The index may be late: an item that is done has no due key any more.
            if let Some(item) = self.get(pk, sk).await?
                && item.contains_key("due_at")
            {
                rollouts.due.push(read(&item)?);
            }
        }
        Ok(rollouts)
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

    /// Moves a rollout behind a step; `found` says whether the step found anything to do or failed at something. False
    /// if another tick has moved it meanwhile: it is left to that one.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: the step is done again, which changes nothing.
    pub async fn rollout_done(
        &self,
        rollout: &Rollout,
        step: Step,
        found: bool,
    ) -> Result<bool, StoreError> {
        let busy = rollout.place.busy || found;
        let next = match step.next {
            Some(place) => Some(Place { busy, ..place }),
            None if busy && rollout.place.pass + 1 < MOST_PASSES => Some(Place {
                pass: rollout.place.pass + 1,
                ..Place::default()
            }),
            None => None,
        };
        let (pk, _) = keys::PUBLICATIONS;
        let update = self
            .client
            .update_item()
            .table_name(&*self.table)
            .set_key(Some(key(pk, &rollout.sk)))
            .condition_expression("step = :step")
            .expression_attribute_values(":step", number(rollout.step))
            .expression_attribute_values(":next", number(rollout.step + 1));
        let update = match next {
            None => update.update_expression(
                "SET step = :next REMOVE due_shard, due_at, #from, queue_at, busy",
            ),
            Some(place) => {
                let from = place
                    .from
                    .map_or(AttributeValue::Null(true), AttributeValue::M);
                let queue = place
                    .queue
                    .map_or(AttributeValue::Null(true), AttributeValue::S);
                let busy = if place.busy {
                    text("yes")
                } else {
                    AttributeValue::Null(true)
                };
                update
                    .update_expression("SET step = :next, pass = :pass, queue_at = :queue, #from = :from, busy = :busy")
                    .expression_attribute_values(":pass", number(place.pass))
                    .expression_attribute_values(":queue", queue)
                    .expression_attribute_values(":from", from)
                    .expression_attribute_values(":busy", busy)
            }
        };
        let update = update.expression_attribute_names("#from", "from");
        match update.send().await {
            Ok(_) => Ok(true),
            Err(error) if is_failed_condition(&error) => Ok(false),
            Err(error) => Err(StoreError::of_sdk("moving a rollout", error)),
        }
    }
}

fn text_of<'i>(item: &'i Item, name: &str) -> Option<&'i str> {
    item.get(name)?.as_s().ok().map(String::as_str)
}
