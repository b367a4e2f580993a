//! What opening a ticket writes: bytes and write units of every item, by `DynamoDB`'s documented rules.
//!
//! `cargo run -p store --example units`. A transactional write costs two units for each started kilobyte of the item; an
//! index entry one for each started kilobyte. An item weighs the bytes of its attributes' names and values, a number
//! about half a byte for each digit and one more.
#![expect(
    clippy::unwrap_used,
    reason = "a figure that cannot be taken is not printed"
)]

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::AttributeValue;
use desk::{Desk, Item, MONDAY, at, string};
use ticket::{AddressHash, Addressee, ContentDigest, Words};

#[path = "../tests/store/desk.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod desk;

/// The keys of the indexes; each holds the table's keys and its own.
const INDEXES: [[&str; 2]; 4] = [
    ["due_shard", "due_at"],
    ["queue", "queue_due"],
    ["agent", "agent_due"],
    ["person", "person_created"],
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let desk = Desk::new().await;
    desk.open("warm-up").await;
    let earlier: BTreeSet<String> = keys(&desk.everything().await);

    let mut request = desk.request("measured");
    // Its first request today: it is acknowledged by mail.
    request.requester.hash = AddressHash::of(&desk.pepper, "another@example.net");
    let text: String = "The site has been down since this morning. "
        .chars()
        .cycle()
        .take(800)
        .collect();
    request.body = ContentDigest::of(&[text.as_bytes()]);
    request.zone = Some("Australia/Sydney".to_owned());
    request.words = Words {
        subject: "Our site is down".to_owned(),
        text,
        ..Words::default()
    };
    let before = desk.calls();
    let opened = desk.send(request, at(MONDAY)).await;
    println!(
        "an opening with an 800-byte message by one customer: {} call(s) to the table\n",
        desk.calls() - before
    );

    let notices = desk.store.notices(opened.ticket.id).await.unwrap();
    let to_agents: BTreeSet<String> = notices
        .iter()
        .filter(|entry| matches!(entry.notice.to, Addressee::Staff(_)))
        .map(|entry| format!("n#{}", entry.notice.id))
        .collect();
    let items = desk.everything().await;
    let new = items.iter().filter(|item| !earlier.contains(&name(item)));
    let (agents, counted): (Vec<_>, Vec<_>) =
        new.partition(|item| to_agents.contains(string(item, "SK")));
    print("counted", &counted);
    print(
        "agents' notices, one for each agent of the department",
        &agents,
    );
}

fn print(heading: &str, items: &[&Item]) {
    println!("{heading}:");
    println!(
        "{:>8} {:>6} {:>8} {:>6}  item",
        "bytes", "units", "indexes", "units"
    );
    let (mut all, mut all_indexes) = (0, 0);
    for item in items {
        let bytes = weight(item, item.keys().map(String::as_str));
        let units = 2 * kilobytes(bytes);
        let indexes: Vec<usize> = INDEXES
            .iter()
            .filter(|keys| keys.iter().all(|key| item.contains_key(*key)))
            .map(|keys| kilobytes(weight(item, ["PK", "SK"].into_iter().chain(*keys))))
            .collect();
        let index_units: usize = indexes.iter().sum();
        println!(
            "{bytes:>8} {units:>6} {:>8} {index_units:>6}  {}",
            indexes.len(),
            kind(item)
        );
        if bytes > 1024 {
            largest(item);
        }
        all += units;
        all_indexes += index_units;
    }
    println!("{:>8} {all:>6} {:>8} {all_indexes:>6}  together\n", "", "");
}

/// The attributes that make an item heavy.
fn largest(item: &Item) {
    let mut attributes: Vec<(usize, &str)> = item
        .keys()
        .map(|name| (weight(item, [name.as_str()]), name.as_str()))
        .collect();
    attributes.sort_unstable_by(|a, b| b.cmp(a));
    for (bytes, name) in attributes.iter().take(4) {
        println!("{:>34} of it {name}", format!("{bytes} bytes"));
    }
}

fn weight<'n>(item: &Item, names: impl IntoIterator<Item = &'n str>) -> usize {
    names
        .into_iter()
        .map(|name| {
            name.len()
                + match &item[name] {
                    AttributeValue::S(text) => text.len(),
                    AttributeValue::N(digits) => digits.len().div_ceil(2) + 1,
                    other => panic!("the table has texts and numbers only: {other:?}"),
                }
        })
        .sum()
}

fn kilobytes(bytes: usize) -> usize {
    bytes.div_ceil(1024)
}

fn keys(items: &[Item]) -> BTreeSet<String> {
    items.iter().map(name).collect()
}

fn name(item: &Item) -> String {
    format!("{} {}", string(item, "PK"), string(item, "SK"))
}

fn kind(item: &Item) -> &'static str {
    match string(item, "SK").split('#').next() {
        Some("ticket") => "snapshot",
        Some("e") => "event with the message",
        Some("c") => "participant",
        Some("n") => "notice",
        Some("r") => "counter of acknowledgements",
        _ => "something else",
    }
}
