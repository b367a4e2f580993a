//! Sizes and capacity units by the rules that `DynamoDB` documents, so that the embedded database's own sums do not count.
//!
//! An item weighs its attribute names and values. A write costs a unit for each KB begun, twice that in a transaction;
//! an eventually consistent query half a unit for each 4 KB begun, of all keys it read together. An index is written
//! outside the transaction, so its units count once.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

const KB: usize = 1024;

/// An item in `DynamoDB`'s JSON.
pub(crate) type Item = Map<String, Value>;

/// Bytes of an item.
pub(crate) fn item_size(item: &Item) -> usize {
    item.iter()
        .map(|(name, value)| name.len() + value_size(value))
        .sum()
}

/// Write units of an item put in a transaction.
pub(crate) fn transaction_units(bytes: usize) -> usize {
    2 * bytes.div_ceil(KB).max(1)
}

/// Write units of the entry that an item has in an index of keys; none if it has not both of the index's keys.
pub(crate) fn index_units(item: &Item, (hash, range): (&str, &str)) -> Option<usize> {
    let of = |name: &str| item.get(name).map(|value| name.len() + value_size(value));
    let bytes: usize = [of(hash)?, of(range)?]
        .into_iter()
        .chain([of("PK"), of("SK")].into_iter().flatten())
        .sum();
    Some(bytes.div_ceil(KB))
}

/// Read units of an eventually consistent query that answered these items, times two to stay whole.
pub(crate) fn half_read_units<'a>(items: impl Iterator<Item = &'a Item>) -> usize {
    let bytes: usize = items.map(item_size).sum();
    bytes.div_ceil(4 * KB).max(1)
}

fn value_size(value: &Value) -> usize {
    let Some((kind, value)) = value.as_object().and_then(|typed| typed.iter().next()) else {
        return 0;
    };
    match (kind.as_str(), value) {
        ("S", Value::String(text)) => text.len(),
        ("N", Value::String(number)) => number_size(number),
        ("B", Value::String(bytes)) => STANDARD.decode(bytes).map_or(0, |bytes| bytes.len()),
        ("L", Value::Array(values)) => {
            3 + values
                .iter()
                .map(|value| 1 + value_size(value))
                .sum::<usize>()
        }
        ("M", Value::Object(members)) => 3 + members.len() + item_size(members),
        ("SS", Value::Array(texts)) => texts.iter().filter_map(Value::as_str).map(str::len).sum(),
        ("NS", Value::Array(numbers)) => numbers
            .iter()
            .filter_map(Value::as_str)
            .map(number_size)
            .sum(),
        // Booleans and nulls; this table has no sets of bytes.
        _ => 1,
    }
}

/// A byte for two significant digits, one more, and one for a minus.
fn number_size(number: &str) -> usize {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or((0, number), |digits| (1, digits));
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len();
    significant.div_ceil(2) + 1 + sign
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn item(value: &Value) -> Item {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn an_item_weighs_its_names_and_values() {
        for (value, bytes) in [
            (json!({ "S": "Grüß" }), 6),
            (json!({ "N": "1795411200250" }), 7),
            (json!({ "N": "-0.0120" }), 3),
            (json!({ "N": "0" }), 1),
            (json!({ "B": "AAEC" }), 3),
            (json!({ "BOOL": true }), 1),
            (json!({ "NULL": true }), 1),
            (json!({ "SS": ["ab", "c"] }), 3),
            (json!({ "L": [{ "S": "ab" }, { "N": "12" }] }), 3 + 3 + 3),
            (json!({ "M": { "k": { "S": "ab" } } }), 3 + 1 + 1 + 2),
        ] {
            assert_eq!(
                item_size(&item(&json!({ "name": value }))),
                4 + bytes,
                "{value}"
            );
        }
    }

    #[test]
    fn a_write_in_a_transaction_costs_two_units_for_each_kilobyte_begun() {
        assert_eq!([1, 1024, 1025, 3000].map(transaction_units), [2, 2, 4, 6]);
    }

    #[test]
    fn an_item_is_in_an_index_only_with_both_of_its_keys() {
        let keys = json!({ "PK": { "S": "T#1" }, "SK": { "S": "ticket" }, "queue": { "S": "a" } });
        let mut item = item(&keys);
        assert_eq!(index_units(&item, ("queue", "queue_due")), None);
        item.insert("queue_due".to_owned(), json!({ "S": "b" }));
        assert_eq!(index_units(&item, ("queue", "queue_due")), Some(1));
    }

    #[test]
    fn a_query_costs_half_a_unit_for_each_four_kilobytes_and_never_nothing() {
        let page = |count| vec![item(&json!({ "k": { "S": "x".repeat(1023) } })); count];
        assert_eq!(
            [0, 4, 5].map(|count| half_read_units(page(count).iter())),
            [1, 1, 2]
        );
    }
}
