//! One row for each way in which a table can be broken: what is done to it past the store, and what is found.

mod records;
mod tickets;

use aws_sdk_dynamodb::types::AttributeValue;
use store::Problem;
use ticket::{Pepper, TicketId};

use super::breaking::Table;
use crate::desk::{Item, instant, string, text};

/// A way to break a table.
pub(super) struct Row {
    /// What is wrong, for whoever reads a failure.
    pub(super) how: &'static str,
    pub(super) problem: Problem,
    /// Whether a repair mends it.
    pub(super) mended: bool,
    pub(super) harm: fn(&mut Table),
}

const fn mended(how: &'static str, problem: Problem, harm: fn(&mut Table)) -> Row {
    Row {
        how,
        problem,
        mended: true,
        harm,
    }
}

const fn left(how: &'static str, problem: Problem, harm: fn(&mut Table)) -> Row {
    Row {
        how,
        problem,
        mended: false,
        harm,
    }
}

fn set(item: &mut Item, name: &str, value: &str) {
    item.insert(name.to_owned(), text(value));
}

fn count(item: &mut Item, name: &str, value: i64) {
    item.insert(name.to_owned(), AttributeValue::N(value.to_string()));
}

fn drop_of(item: &mut Item, names: &[&str]) {
    for name in names {
        item.remove(*name);
    }
}

/// Milliseconds of an instant.
fn ms(at: &str) -> i64 {
    instant(at).as_millisecond()
}

/// The key in the due index of an item of the ticket.
fn due(table: &mut Table, sk: &str, at: &str) {
    let id = table.ticket.to_string();
    let shard: u32 = id.bytes().map(u32::from).sum();
    let item = table.own(sk);
    let what = match string(item, "SK") {
        "ticket" => id,
        notice => format!("{id}#{notice}"),
    };
    set(item, "due_shard", &format!("due#{}", shard % 10));
    set(item, "due_at", &format!("{at}#{what}"));
}

/// A notice that nobody has sent.
fn unsent(item: &mut Item, state: &str) {
    set(item, "st", state);
    drop_of(item, &["ses", "done", "due_shard", "due_at"]);
}

/// A ticket of which there is no item.
fn nobody() -> TicketId {
    TicketId::derive(&Pepper::new("pepper for tests"), "form", "nobody", 0)
}

/// A counter that this customer's acknowledgements were counted in.
fn counter(table: &mut Table) -> &mut Item {
    table.beginning("R#address#")
}

fn copied(table: &mut Table, pk: &str, sk: &str, to: (&str, &str)) -> Item {
    let mut item = table.item(pk, sk).clone();
    set(&mut item, "PK", to.0);
    set(&mut item, "SK", to.1);
    item
}

/// The partition key of the first item whose partition key begins so.
fn pk(table: &mut Table, begins: &str) -> String {
    string(table.beginning(begins), "PK").to_owned()
}

/// All of them.
pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    tickets::ROWS.iter().chain(records::ROWS)
}
