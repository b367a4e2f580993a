//! One desk for each row of [`super::rows`]: clean, broken in one way, found, mended, clean.

use std::collections::{BTreeMap, BTreeSet};

use policy::Channel;
use store::{Once, Problem};
use ticket::{Actor, Command, NoticeId, Order, OrderLine, TicketId, Words};
use tokio::task::JoinSet;

use super::rows::{Row, rows};
use super::{findings, problems};
use crate::desk::{Desk, Item, MONDAY, at, instant, string};

/// When the tickets of the desk are merged, and when everything is looked at.
const LATER: &str = "2026-11-23T00:10:00Z";
pub(super) const NOW: &str = "2026-11-23T02:00:00Z";

/// The items of a table by their keys, with the names that rows call them by.
pub(super) struct Table {
    pub(super) items: BTreeMap<(String, String), Item>,
    /// The ticket that is worked on, with a message by mail.
    pub(super) ticket: TicketId,
    /// A ticket that was merged into it.
    pub(super) merged: TicketId,
}

impl Table {
    /// The first item of a partition whose sort key begins so.
    pub(super) fn item(&mut self, pk: &str, sk: &str) -> &mut Item {
        let found = self.items.iter_mut();
        let mut found = found.filter(|(key, _)| key.0 == pk && key.1.starts_with(sk));
        found.next().unwrap().1
    }

    /// An item of the ticket that is worked on.
    pub(super) fn own(&mut self, sk: &str) -> &mut Item {
        let pk = format!("T#{}", self.ticket);
        self.item(&pk, sk)
    }

    /// An item whose partition key begins so.
    pub(super) fn beginning(&mut self, pk: &str) -> &mut Item {
        let mut found = self.items.iter_mut();
        found.find(|(key, _)| key.0.starts_with(pk)).unwrap().1
    }

    /// Takes away what its keys fit.
    pub(super) fn remove(&mut self, fits: impl Fn(&str, &str) -> bool) {
        let before = self.items.len();
        self.items.retain(|(pk, sk), _| !fits(pk, sk));
        assert!(self.items.len() < before, "nothing was there to be removed");
    }

    pub(super) fn insert(&mut self, item: Item) {
        let key = (
            string(&item, "PK").to_owned(),
            string(&item, "SK").to_owned(),
        );
        self.items.insert(key, item);
    }
}

/// Two tickets by proved mail of one customer, one merged into the other, with a message by mail and nothing unsent.
async fn desk() -> (Desk, TicketId, TicketId) {
    let desk = Desk::new().await;
    let mut ids = Vec::new();
    for key in ["a", "b"] {
        let mut request = desk.request(key);
        request.proved = true;
        request.channel = Channel::Email;
        ids.push(desk.send(request, at(MONDAY)).await.ticket.id);
    }
    let (ticket, merged) = (ids[0], ids[1]);
    let order = Order::Merge {
        into: ticket,
        confirmed: false,
    };
    let merge = Command::Orders {
        by: Actor::Operator,
        orders: vec![OrderLine {
            line: "/merge".to_owned(),
            order: Ok(order),
        }],
    };
    let done = desk.store.execute(merged, &merge, at(LATER), None);
    done.await.unwrap();
    let wrote = Command::CustomerMessage {
        from: desk.customer(),
        words: Words {
            raw: Some("ses-in".to_owned()),
            ..Words::text("any news?")
        },
        proved: false,
    };
    let once = Once::of_mail("ses-in");
    let done = desk.store.execute(ticket, &wrote, at(LATER), Some(once));
    done.await.unwrap();
    for item in desk.everything().await {
        if let (Some(id), Some(notice)) = (
            string(&item, "PK").strip_prefix("T#"),
            string(&item, "SK").strip_prefix("n#"),
        ) {
            let (id, notice) = (id.parse().unwrap(), NoticeId::from_stored(notice).unwrap());
            let ses = format!("ses-{notice}");
            let sent = desk.store.sent(id, &notice, &ses, instant(LATER));
            sent.await.unwrap();
        }
    }
    (desk, ticket, merged)
}

async fn table(desk: &Desk, ticket: TicketId, merged: TicketId) -> Table {
    let mut table = Table {
        items: BTreeMap::new(),
        ticket,
        merged,
    };
    for item in desk.everything().await {
        table.insert(item);
    }
    table
}

/// Breaks a table as the row says, past the store.
async fn harm(desk: &Desk, ticket: TicketId, merged: TicketId, row: &Row) {
    let before = table(desk, ticket, merged).await;
    let mut after = table(desk, ticket, merged).await;
    (row.harm)(&mut after);
    assert!(before.items != after.items, "{}: nothing changed", row.how);
    for (pk, sk) in before.items.keys() {
        if !after.items.contains_key(&(pk.clone(), sk.clone())) {
            desk.delete(pk, sk).await;
        }
    }
    for (key, item) in after.items {
        if before.items.get(&key) != Some(&item) {
            desk.put(item).await;
        }
    }
}

async fn breaks(row: &'static Row) {
    let (desk, ticket, merged) = desk().await;
    assert_eq!(findings(&desk, NOW).await, [], "{}: before", row.how);
    harm(&desk, ticket, merged, row).await;
    let found = findings(&desk, NOW).await;
    let kinds: BTreeSet<Problem> = problems(&found).into_iter().collect();
    assert_eq!(
        kinds,
        BTreeSet::from([row.problem]),
        "{}: {found:?}",
        row.how
    );
    for finding in &found {
        assert_eq!(
            finding.mend.is_some(),
            row.mended,
            "{}: {finding:?}",
            row.how
        );
        if let Some(mend) = &finding.mend {
            let mended = desk.store.mend(mend, instant(NOW)).await.unwrap();
            assert!(mended, "{}: {mend:?}", row.how);
            // A second repair finds it done or does the same.
            desk.store.mend(mend, instant(NOW)).await.unwrap();
        }
    }
    if row.mended {
        assert_eq!(findings(&desk, NOW).await, [], "{}: mended", row.how);
    }
}

#[tokio::test]
async fn every_kind_of_finding_is_found_alone_and_mended_where_that_loses_nothing() {
    let mut desks = JoinSet::new();
    for row in rows() {
        desks.spawn(breaks(row));
    }
    desks.join_all().await;
}

#[test]
fn every_kind_of_finding_in_a_table_has_a_row_that_breaks_one() {
    let shown: BTreeSet<Problem> = rows().map(|row| row.problem).collect();
    let all: BTreeSet<Problem> = Problem::TABLE.iter().copied().collect();
    assert_eq!(shown, all);
}
