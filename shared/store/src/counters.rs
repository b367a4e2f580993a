//! Counters of automatic mail: `R#<key>`, the instants counted in the last day.
//!
//! A counter is read before the decision and written in its transaction, under the condition that nobody raised it in
//! between: a cap holds to the letter when many ask at once, and what is committed once is counted once.

use aws_sdk_dynamodb::types::{Put, TransactWriteItem};
use jiff::{SignedDuration, Timestamp};
use ticket::{Counter, Held, SCHEMA};

use crate::error::StoreError;
use crate::item::{self, Reader, json, number, with};
use crate::transaction::{Label, Transaction};
use crate::{Store, keys};

/// How long a counter stays after it was last raised, at most: all count within a day.
pub(crate) const COUNTER_KEPT: SignedDuration = SignedDuration::from_hours(48);

/// The counters of one request as they were read.
#[derive(Debug)]
pub(crate) struct Counted {
    read: Vec<(Held, Counter, Vec<Timestamp>)>,
    /// How often each was written before; the condition of the next write.
    revisions: Vec<Option<u64>>,
}

impl Counted {
    /// What holds the acknowledgement back, if anything.
    pub(crate) fn held(&self, now: Timestamp) -> Option<Held> {
        ticket::held(&self.read, now)
    }

    /// Raises every counter in the transaction that sends the acknowledgement.
    pub(crate) fn raise(&self, transaction: &mut Transaction<'_>, now: Timestamp) {
        let expires = now.checked_add(COUNTER_KEPT).unwrap_or(now);
        for ((_, counter, times), seen) in self.read.iter().zip(&self.revisions) {
            let times: Vec<i64> = ticket::raised(times, now)
                .iter()
                .map(|at| at.as_millisecond())
                .collect();
            let item = with(
                item::new(&keys::counter(&counter.key), keys::COUNTER),
                [
                    ("times", json(&times)),
                    ("rev", number(seen.map_or(1, |rev| rev + 1))),
                    ("ttl", number(expires.as_second())),
                ],
            );
            transaction.put_counter(item, *seen);
        }
    }
}

impl Store {
    /// Reads the counters that an automatic answer is counted in.
    pub(crate) async fn counted(
        &self,
        counters: Vec<(Held, Counter)>,
    ) -> Result<Counted, StoreError> {
        let mut counted = Counted {
            read: Vec::new(),
            revisions: Vec::new(),
        };
        for (held, counter) in counters {
            let item = self
                .get(&keys::counter(&counter.key), keys::COUNTER)
                .await?;
            let (times, rev) = match &item {
                Some(item) => {
                    let (times, rev) = read(item)?;
                    (times, Some(rev))
                }
                None => (Vec::new(), None),
            };
            counted.read.push((held, counter, times));
            counted.revisions.push(rev);
        }
        Ok(counted)
    }
}

/// The instants that were counted, and how often it was written.
pub(crate) fn read(item: &item::Item) -> Result<(Vec<Timestamp>, u64), StoreError> {
    let reader = Reader::new(item)?;
    let times = reader.json::<Vec<i64>>("times")?.into_iter();
    let times = times.filter_map(|ms| Timestamp::from_millisecond(ms).ok());
    Ok((times.collect(), reader.number("rev")?))
}

impl Transaction<'_> {
    /// Writes a counter if nobody has written it since it was read.
    fn put_counter(&mut self, item: item::Item, seen: Option<u64>) {
        let put = Put::builder().table_name(self.table()).set_item(Some(item));
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(PK)"),
            Some(seen) => put
                .condition_expression("rev = :seen AND v <= :schema")
                .expression_attribute_values(":seen", number(seen))
                .expression_attribute_values(":schema", number(SCHEMA)),
        };
        let put = TransactWriteItem::builder()
            .set_put(put.build().ok())
            .build();
        self.push(Label::Counter, put);
    }
}
