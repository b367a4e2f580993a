//! What a caller sent, as named texts: from a form or from JSON, the same from here on.

use serde_json::Value;

use crate::texts::Fault;

/// One field that cannot be taken, and why.
pub(crate) type FieldFault = (String, Fault);

/// Named texts. Faults of the whole (unknown fields, a field given twice) are found when it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Fields {
    pairs: Vec<(String, String)>,
}

/// Longest field name that is repeated to the caller.
const NAME_SHOWN: usize = 64;

impl Fields {
    /// Takes the pairs of a form.
    pub(crate) fn of_form(pairs: Vec<(String, String)>) -> Self {
        Self { pairs }
    }

    /// Takes the members of a JSON object; every value must be a string, `null` counts as absent.
    ///
    /// The outer error means that the text is no JSON object at all.
    pub(crate) fn of_json(text: &[u8]) -> Option<Result<Self, Vec<FieldFault>>> {
        let Ok(Value::Object(members)) = serde_json::from_slice(text) else {
            return None;
        };
        let mut pairs = Vec::new();
        let mut faults = Vec::new();
        for (name, value) in members {
            match value {
                Value::String(text) => pairs.push((name, text)),
                Value::Null => {}
                _ => faults.push((shown(&name), Fault::NotText)),
            }
        }
        Some(if faults.is_empty() {
            Ok(Self { pairs })
        } else {
            Err(faults)
        })
    }

    /// The text of a field as it was sent, empty if it was not.
    pub(crate) fn raw(&self, name: &str) -> &str {
        self.pairs
            .iter()
            .find(|(key, _)| key == name)
            .map_or("", |(_, value)| value.as_str())
    }

    /// The text of a field without space around it, or none if nothing is left.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.raw(name).trim()).filter(|text| !text.is_empty())
    }

    /// Names that are not among `known`, and names given twice.
    pub(crate) fn strays(&self, known: &[&str]) -> Vec<FieldFault> {
        let mut faults: Vec<FieldFault> = Vec::new();
        for (place, (name, _)) in self.pairs.iter().enumerate() {
            let fault = if !known.contains(&name.as_str()) {
                Fault::UnknownField
            } else if self.pairs[..place]
                .iter()
                .any(|(earlier, _)| earlier == name)
            {
                Fault::Twice
            } else {
                continue;
            };
            let fault = (shown(name), fault);
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
        faults
    }
}

fn shown(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_control())
        .take(NAME_SHOWN)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_members_must_be_texts() {
        let faults =
            Fields::of_json(br#"{"email":1,"name":null,"subject":["a"],"message":"b"}"#).unwrap();
        assert_eq!(
            faults,
            Err(vec![
                ("email".to_owned(), Fault::NotText),
                ("subject".to_owned(), Fault::NotText)
            ])
        );
    }

    #[test]
    fn what_is_no_json_object_is_no_set_of_fields() {
        for text in ["", "[]", "\"a\"", "{", "{\"a\":\"b\"} x", "\u{FEFF}"] {
            assert_eq!(Fields::of_json(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn unknown_and_repeated_fields_are_named_once() {
        let pairs = ["email", "admin", "email", "email", "admin"]
            .map(|name| (name.to_owned(), String::new()));
        let fields = Fields::of_form(pairs.to_vec());
        assert_eq!(
            fields.strays(&["email"]),
            [
                ("admin".to_owned(), Fault::UnknownField),
                ("email".to_owned(), Fault::Twice)
            ]
        );
    }
}
