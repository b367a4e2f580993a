//! The table as lines of JSON, as `DynamoDB` exports it to S3: `{"Item":{"PK":{"S":"..."},...}}`.
//!
//! Format: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html>.

use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Map, Value, json};

use crate::Store;
use crate::error::StoreError;
use crate::item::Item;
use crate::scan::{Asked, Progress};

/// A line that is not an item of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an item of a table's export")]
pub struct NotACopy;

/// An item of a copy, ready to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Copied(Item);

impl Store {
    /// Every item as a line of an export; they hold personal data.
    ///
    /// A scan is no snapshot: copy a table that nobody writes to, or restore it to a second first.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`.
    pub async fn every_line(
        &self,
        progress: Progress<'_>,
        mut each: impl FnMut(String) + Send,
    ) -> Result<(), StoreError> {
        let line = |item: Item| each(json!({ "Item": written(&item) }).to_string());
        self.scan(Asked::default(), progress, line).await
    }

    /// Writes an item of a copy, unless the table has one of the same key. Answers whether it was written.
    ///
    /// Its due keys are left out: a table that is filled must send nothing before somebody has looked at it.
    /// [`Store::examine`] finds each timer that is missing so and [`Store::mend`] arms it.
    ///
    /// # Errors
    /// Retry on `Busy` and `Unavailable`: writing it twice is the same as once.
    pub async fn put_copied(&self, Copied(mut item): Copied) -> Result<bool, StoreError> {
        item.remove("due_shard");
        item.remove("due_at");
        let put = self
            .client
            .put_item()
            .table_name(&*self.table)
            .set_item(Some(item))
            .condition_expression("attribute_not_exists(PK)");
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) => {
                let there = error
                    .as_service_error()
                    .is_some_and(PutItemError::is_conditional_check_failed_exception);
                if there {
                    Ok(false)
                } else {
                    Err(StoreError::of_sdk("writing a copied item", error))
                }
            }
        }
    }
}

impl std::str::FromStr for Copied {
    type Err = NotACopy;

    fn from_str(line: &str) -> Result<Self, NotACopy> {
        let line: Value = serde_json::from_str(line).map_err(|_| NotACopy)?;
        let item = read_all(&line["Item"]).ok_or(NotACopy)?;
        let keyed = ["PK", "SK"].iter().all(|key| item.contains_key(*key));
        keyed.then_some(Self(item)).ok_or(NotACopy)
    }
}

fn written(item: &Item) -> Value {
    let fields = item
        .iter()
        .map(|(name, value)| (name.clone(), value_written(value)));
    Value::Object(fields.collect::<Map<_, _>>())
}

/// The kinds of values that our items have; there are no sets and no bytes among them.
fn value_written(value: &AttributeValue) -> Value {
    match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        AttributeValue::Bool(flag) => json!({ "BOOL": flag }),
        AttributeValue::M(map) => json!({ "M": written(map) }),
        AttributeValue::L(list) => {
            json!({ "L": list.iter().map(value_written).collect::<Vec<_>>() })
        }
        _ => json!({ "NULL": true }),
    }
}

fn read_all(item: &Value) -> Option<Item> {
    let fields = item.as_object()?.iter();
    fields
        .map(|(name, value)| Some((name.clone(), read(value)?)))
        .collect()
}

fn read(value: &Value) -> Option<AttributeValue> {
    let (kind, value) = value.as_object()?.iter().next()?;
    let text = || value.as_str().map(str::to_owned);
    Some(match kind.as_str() {
        "S" => AttributeValue::S(text()?),
        "N" => AttributeValue::N(text()?),
        "BOOL" => AttributeValue::Bool(value.as_bool()?),
        "NULL" => AttributeValue::Null(true),
        "M" => AttributeValue::M(read_all(value)?),
        "L" => {
            let list = value.as_array()?.iter().map(read);
            AttributeValue::L(list.collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_an_export_is_read_as_it_was_written() {
        let line = r#"{"Item":{"PK":{"S":"T#1"},"SK":{"S":"ticket"},"v":{"N":"1"},"b":{"BOOL":true},"n":{"NULL":true},"l":{"L":[{"S":"a"}]},"m":{"M":{"x":{"N":"2"}}}}}"#;
        let Copied(item) = line.parse().unwrap();
        let again: Value = serde_json::from_str(line).unwrap();
        assert_eq!(json!({ "Item": written(&item) }), again);
    }

    #[test]
    fn what_is_no_item_is_refused() {
        for line in [
            "",
            "{}",
            r#"{"Item":{"PK":{"S":"x"}}}"#,
            r#"{"Item":{"PK":{"B":"x"},"SK":{"S":"y"}}}"#,
        ] {
            assert_eq!(line.parse::<Copied>(), Err(NotACopy), "{line}");
        }
    }
}
