//! Shape: the template and the folders describe the same functions, in words that both readers understand.

use std::collections::BTreeSet;
use std::path::Path;

use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, pairs, references, text};

#[test]
fn every_folder_under_functions_is_a_function_of_the_template_and_the_other_way_round() {
    holds(
        folders,
        &[
            (Remove("Resources/NotifierFunction"), "notifier"),
            (
                Set(
                    "Resources/IntakeFunction/Properties/CodeUri",
                    "../target/lambda/form/",
                ),
                "IntakeFunction",
            ),
        ],
    );
}

#[test]
fn every_name_that_an_intrinsic_uses_is_in_the_template_and_only_three_are_used() {
    holds(
        intrinsics,
        &[
            (Remove("Resources/PepperSecret"), "PepperSecret"),
            (
                Set("Outputs/TableName/Value", "!ImportValue table"),
                "ImportValue",
            ),
        ],
    );
}

fn folders(template: &Template) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../functions");
    let entries = root.read_dir().unwrap().map(|entry| entry.unwrap());
    let folders: BTreeSet<String> = entries
        .filter(|entry| entry.path().join("Cargo.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let mut found = Vec::new();
    for (id, function) in template.functions() {
        let code = text(function, "CodeUri");
        let name = code
            .trim_start_matches("../target/lambda/")
            .trim_end_matches('/');
        if id != logical_id(name) || !folders.contains(name) {
            found.push(format!("{id}: its code is {code}"));
        }
    }
    let missing = folders
        .iter()
        .filter(|name| template.properties(&logical_id(name)).is_none());
    found.extend(missing.map(|name| format!("functions/{name} runs nowhere")));
    found
}

/// `inbound-email` is `InboundEmailFunction`.
fn logical_id(name: &str) -> String {
    let words = name
        .split('-')
        .map(|word| word[..1].to_uppercase() + &word[1..]);
    words.collect::<String>() + "Function"
}

fn intrinsics(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    walk(template, template.root(), &mut found);
    found
}

fn walk(template: &Template, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Tagged(tagged) => {
            if ["Ref", "Sub", "GetAtt"]
                .iter()
                .all(|known| tagged.tag != *known)
            {
                found.push(format!("{} is not understood by both readers", tagged.tag));
            }
            let unknown = references(value).into_iter().filter(|name| {
                let parameter = &template.root()["Parameters"];
                !name.starts_with("AWS::")
                    && parameter.get(name).is_none()
                    && template.type_of(name).is_empty()
            });
            found.extend(unknown.map(|name| format!("{name} is not in the template")));
        }
        Value::Sequence(items) => items.iter().for_each(|item| walk(template, item, found)),
        other => pairs(other).for_each(|(_, child)| walk(template, child, found)),
    }
}
