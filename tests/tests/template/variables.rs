//! Variables: each function is told everything that it reads, and nothing that nobody reads.

use std::collections::BTreeMap;

use runtime::{Config, Links};
use serde_yaml_ng::Value;

use crate::holds;
use crate::template::Mutation::{Remove, Set};
use crate::template::{Template, at, pairs};

/// Lambda sets these for every function.
const FROM_LAMBDA: [&str; 3] = ["AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// Read by the log before there is a configuration, and never missing: it has a default.
const LOG_LEVEL: &str = "LOG_LEVEL";

#[test]
fn every_function_is_told_all_that_its_configuration_reads_and_nothing_else() {
    holds(
        variables,
        &[
            (
                Remove("Globals/Function/Environment/Variables/TABLE_NAME"),
                "SlaTickFunction: TABLE_NAME is missing",
            ),
            (
                Remove("Resources/NotifierFunction/Properties/Environment/Variables/FORM_URL"),
                "NotifierFunction: FORM_URL",
            ),
            (
                Set("Globals/Function/Environment/Variables/OLD_NAME", "x"),
                "IntakeFunction: nobody reads OLD_NAME",
            ),
            // The API refers to this function, so that the function cannot refer to the API.
            (
                Set(
                    "Resources/IntakeFunction/Properties/Environment/Variables/FORM_URL",
                    "!GetAtt HttpApi.ApiEndpoint",
                ),
                "IntakeFunction: nobody reads FORM_URL",
            ),
        ],
    );
}

fn variables(template: &Template) -> Vec<String> {
    let mut found = Vec::new();
    for (id, function) in template.functions() {
        let serves_pages = template
            .events("HttpApi")
            .any(|(served, _, _)| served == id);
        let links = if serves_pages {
            Links::Relative
        } else {
            Links::Absolute
        };
        let told: BTreeMap<String, String> = at(function, "Environment/Variables")
            .map(pairs)
            .into_iter()
            .flatten()
            .map(deployed)
            .collect();
        let mut all = told.clone();
        all.extend(FROM_LAMBDA.map(|name| (name.to_owned(), "set".to_owned())));
        if let Err(error) = Config::read(&all, links) {
            found.extend(error.0.iter().map(|fault| format!("{id}: {fault}")));
            continue;
        }
        for name in told.keys().filter(|name| *name != LOG_LEVEL) {
            let mut without = all.clone();
            without.remove(name);
            if Config::read(&without, links).is_ok() {
                found.push(format!("{id}: nobody reads {name}"));
            }
        }
    }
    found
}

/// A variable as the function would see it: what an intrinsic will give is not known here, and stands as some URL.
fn deployed((name, value): (&str, &Value)) -> (String, String) {
    let value = if matches!(value, Value::Tagged(_)) {
        "https://deployed.example.com"
    } else {
        value.as_str().unwrap()
    };
    (name.to_owned(), value.to_owned())
}
