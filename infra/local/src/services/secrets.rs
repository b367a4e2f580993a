//! Secrets Manager's one call: `GetSecretValue`.

use std::collections::BTreeMap;
use std::path::Path;

use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{answer, refuse};
use crate::data_dir::write_whole;
use crate::stop::{Doing, Stop};
use crate::template::{SecretSpec, SecretValue};

/// A secret's versions. The file may be edited to rehearse a rotation.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Versions {
    current: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    previous: Option<String>,
}

/// All secrets, by ARN.
#[derive(Debug)]
pub(crate) struct Secrets {
    values: BTreeMap<String, Versions>,
    names: BTreeMap<String, String>,
}

impl Secrets {
    /// Reads the kept values and draws those that are missing.
    pub(crate) fn open(file: &Path, specs: &[SecretSpec]) -> Result<Self, Stop> {
        let mut values: BTreeMap<String, Versions> = match std::fs::read(file) {
            Ok(text) => serde_json::from_slice(&text).doing(format!("read {}", file.display()))?,
            Err(_) => BTreeMap::new(),
        };
        for spec in specs {
            if !values.contains_key(&spec.arn) {
                let current = first_value(&spec.value);
                let previous = None;
                values.insert(spec.arn.clone(), Versions { current, previous });
            }
        }
        let text = serde_json::to_vec_pretty(&values).doing("write the secrets")?;
        write_whole(file, &text).doing(format!("write {}", file.display()))?;
        let names = specs.iter().map(|s| (s.name.clone(), s.arn.clone()));
        Ok(Self {
            values,
            names: names.collect(),
        })
    }

    /// Serves `secretsmanager.GetSecretValue`.
    pub(crate) fn serve(&self, operation: &str, body: &Value) -> Response {
        if operation != "GetSecretValue" {
            let message = format!("{operation} is not served locally");
            return refuse(StatusCode::BAD_REQUEST, "InvalidRequestException", &message);
        }
        let id = body["SecretId"].as_str().unwrap_or_default();
        let stage = body["VersionStage"].as_str().unwrap_or("AWSCURRENT");
        let arn = self.names.get(id).map_or(id, String::as_str);
        let value = self.values.get(arn).and_then(|versions| match stage {
            "AWSCURRENT" => Some(&versions.current),
            "AWSPREVIOUS" => versions.previous.as_ref(),
            _ => None,
        });
        match value {
            Some(value) => answer(
                StatusCode::OK,
                &json!({
                    "ARN": arn, "Name": id, "SecretString": value,
                    "VersionId": stage.to_lowercase(), "VersionStages": [stage],
                }),
            ),
            None => refuse(
                StatusCode::BAD_REQUEST,
                "ResourceNotFoundException",
                "Secrets Manager can't find the specified secret value for staging label or id.",
            ),
        }
    }
}

fn first_value(value: &SecretValue) -> String {
    match value {
        SecretValue::Literal(text) => text.clone(),
        SecretValue::Generated {
            into,
            length,
            alphabet,
        } => {
            let drawn = draw(*length, alphabet);
            match into {
                None => drawn,
                Some((template, key)) => {
                    let mut object: Value = serde_json::from_str(template).unwrap_or(json!({}));
                    object[key.as_str()] = Value::String(drawn);
                    object.to_string()
                }
            }
        }
    }
}

/// Draws characters evenly: bytes beyond the last whole multiple are thrown away.
fn draw(length: usize, alphabet: &str) -> String {
    let alphabet: Vec<char> = alphabet.chars().collect();
    let usable = 256 - 256 % alphabet.len();
    let mut drawn = String::new();
    while drawn.chars().count() < length {
        // The first six bytes of a version 4 UUID are all random.
        for byte in &uuid::Uuid::new_v4().as_bytes()[..6] {
            let byte = usize::from(*byte);
            if byte < usable && drawn.chars().count() < length {
                drawn.push(alphabet[byte % alphabet.len()]);
            }
        }
    }
    drawn
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(into: Option<(&str, &str)>) -> SecretSpec {
        SecretSpec {
            arn: "arn:secret".to_owned(),
            name: "Key".to_owned(),
            value: SecretValue::Generated {
                into: into.map(|(t, k)| (t.to_owned(), k.to_owned())),
                length: 64,
                alphabet: "abc".to_owned(),
            },
        }
    }

    #[test]
    fn a_generated_secret_stands_in_its_template_and_survives_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("secrets.json");
        let specs = [spec(Some((r#"{"kid":"1"}"#, "key")))];
        let first = Secrets::open(&file, &specs).unwrap();
        let value = first.values["arn:secret"].current.clone();
        let parsed: Value = serde_json::from_str(&value).unwrap();
        assert_eq!(parsed["kid"], "1");
        assert_eq!(parsed["key"].as_str().unwrap().len(), 64);
        let second = Secrets::open(&file, &specs).unwrap();
        assert_eq!(second.values["arn:secret"].current, value);
    }

    #[test]
    fn two_secrets_differ() {
        assert_ne!(draw(32, "abcdefghij"), draw(32, "abcdefghij"));
    }

    #[test]
    fn a_missing_stage_is_not_found() {
        let dir = tempfile::tempdir().unwrap();
        let secrets = Secrets::open(&dir.path().join("s.json"), &[spec(None)]).unwrap();
        let ask = |stage: &str| {
            let body = json!({ "SecretId": "Key", "VersionStage": stage });
            secrets.serve("GetSecretValue", &body).status()
        };
        assert_eq!(ask("AWSCURRENT"), StatusCode::OK);
        assert_eq!(ask("AWSPREVIOUS"), StatusCode::BAD_REQUEST);
    }
}
