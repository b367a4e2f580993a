//! The JSON Schema of `policy.toml`, for editors.

use serde_json::json;

use crate::problem::Report;
use crate::read;

/// A policy that uses every key, so that the reader asks everything it can ask.
const COMPLETE: &str = include_str!("schema/complete.toml");

const DAYS: &str = include_str!("schema/days.ics");

/// The JSON Schema of `policy.toml`, from what the code that reads it asks for.
///
/// Editors complete and check by it; the last word is [`crate::Policy::check`], which also knows what a schema cannot
/// say. It is written to `infra/policies/policy.schema.json`, where policies name it in their first line.
pub fn schema() -> String {
    let mut schema = noted().shapes.schema();
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("A customer-service policy");
    // Values of our own making have text keys only, so this cannot fail.
    serde_json::to_string_pretty(&schema).unwrap_or_default() + "\n"
}

fn noted() -> Report<'static> {
    let mut report = Report::new("complete.toml", COMPLETE);
    report.shapes.start();
    let holidays = [("holidays/days.ics".to_owned(), DAYS.to_owned())].into();
    read::read(&mut report, COMPLETE, &holidays);
    report
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_complete_policy_reads_without_a_fault_and_leaves_no_key_out() {
        let report = noted();
        assert_eq!(report.problems, []);
        assert_eq!(report.shapes.unknown(), [""; 0]);
    }

    #[test]
    fn the_schema_that_editors_use_is_the_one_of_this_code() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../infra/policies/policy.schema.json"
        );
        let written = std::fs::read_to_string(path).unwrap();
        assert!(
            written == schema(),
            "write it anew: cargo run -p policy --example schema > infra/policies/policy.schema.json"
        );
    }

    #[test]
    fn the_schema_knows_required_keys_words_and_names() {
        let schema: serde_json::Value = serde_json::from_str(&schema()).unwrap();
        let promise = &schema["properties"]["promises"]["items"];
        assert!(
            promise["required"]
                .as_array()
                .unwrap()
                .contains(&json!("strength"))
        );
        assert_eq!(
            promise["properties"]["strength"]["enum"],
            json!(["commitment", "target"])
        );
        assert_eq!(promise["additionalProperties"], json!(false));
        let names = &schema["properties"]["departments"]["propertyNames"];
        assert_eq!(names["pattern"], json!("^[a-z0-9-]{1,32}$"));
    }
}
