//! Secrets: a stated value, or characters to draw.

use serde_json::{Value, json};

use super::TemplateError;
use super::functions::number;
use super::model::{SecretSpec, SecretValue};
use super::names::secret_arn;

/// Reads one `AWS::SecretsManager::Secret`.
pub(super) fn secret(id: &str, properties: &Value, at: &str) -> Result<SecretSpec, TemplateError> {
    let name = properties["Name"].as_str().unwrap_or(id).to_owned();
    let value = if let Some(literal) = properties["SecretString"].as_str() {
        SecretValue::Literal(literal.to_owned())
    } else {
        let how = &properties["GenerateSecretString"];
        let into = match (
            how["SecretStringTemplate"].as_str(),
            how["GenerateStringKey"].as_str(),
        ) {
            (Some(template), Some(key)) => {
                if !serde_json::from_str::<Value>(template).is_ok_and(|v| v.is_object()) {
                    return Err(TemplateError::at(
                        at,
                        "SecretStringTemplate is not a JSON object",
                    ));
                }
                Some((template.to_owned(), key.to_owned()))
            }
            (None, None) => None,
            _ => {
                return Err(TemplateError::at(
                    at,
                    "SecretStringTemplate and GenerateStringKey go together",
                ));
            }
        };
        let length = number(&how["PasswordLength"], 32, at)?;
        SecretValue::Generated {
            into,
            length: usize::try_from(length).unwrap_or(32),
            alphabet: alphabet(how, at)?,
        }
    };
    Ok(SecretSpec {
        arn: secret_arn(id),
        name,
        value,
    })
}

fn alphabet(how: &Value, at: &str) -> Result<String, TemplateError> {
    let mut all = String::new();
    for (flag, characters) in [
        ("ExcludeLowercase", "abcdefghijklmnopqrstuvwxyz"),
        ("ExcludeUppercase", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        ("ExcludeNumbers", "0123456789"),
        ("ExcludePunctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"),
    ] {
        if how[flag] != json!(true) {
            all.push_str(characters);
        }
    }
    if how["IncludeSpace"] == json!(true) {
        all.push(' ');
    }
    let excluded = how["ExcludeCharacters"].as_str().unwrap_or_default();
    all.retain(|c| !excluded.contains(c));
    if all.is_empty() {
        return Err(TemplateError::at(
            at,
            "the generated secret has no characters left",
        ));
    }
    Ok(all)
}
