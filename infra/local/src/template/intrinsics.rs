//! Evaluates intrinsics against parameters, conditions and the resources' local names.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::Document;
use super::{Addresses, TemplateError};

/// Everything an intrinsic can refer to.
#[derive(Debug)]
pub(crate) struct Resolver<'a> {
    pub(super) document: &'a Document,
    pub(super) addresses: Addresses,
    pub(super) parameters: BTreeMap<String, Value>,
}

impl<'a> Resolver<'a> {
    /// Takes every parameter's default: there is nobody to ask for values.
    pub(crate) fn new(document: &'a Document, addresses: Addresses) -> Result<Self, TemplateError> {
        let mut parameters = BTreeMap::new();
        for (name, definition) in &document.parameters {
            let default = definition.get("Default").ok_or_else(|| {
                TemplateError::at(
                    &format!("Parameters.{name}"),
                    "has no Default, which the local runner needs",
                )
            })?;
            let value = match default {
                Value::Number(number) => Value::String(number.to_string()),
                other => other.clone(),
            };
            parameters.insert(name.clone(), value);
        }
        Ok(Self {
            document,
            addresses,
            parameters,
        })
    }

    /// Whether a resource exists under the template's conditions.
    pub(crate) fn exists(&self, condition: Option<&str>) -> Result<bool, TemplateError> {
        condition.map_or(Ok(true), |name| self.condition(name, "Condition"))
    }

    /// Evaluates a node and everything below it; `AWS::NoValue` removes its key.
    pub(crate) fn eval(&self, node: &Value, at: &str) -> Result<Value, TemplateError> {
        Ok(self.maybe(node, at)?.unwrap_or(Value::Null))
    }

    /// Evaluates to a string; numbers and flags take their plain spelling.
    pub(crate) fn text(&self, node: &Value, at: &str) -> Result<String, TemplateError> {
        match self.eval(node, at)? {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            _ => Err(TemplateError::at(at, "is not a string")),
        }
    }

    fn maybe(&self, node: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        match node {
            Value::Object(map) => self.object(map, at),
            Value::Array(items) => {
                let mut out = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    out.extend(self.maybe(item, &format!("{at}[{index}]"))?);
                }
                Ok(Some(Value::Array(out)))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn object(&self, map: &Map<String, Value>, at: &str) -> Result<Option<Value>, TemplateError> {
        if map.len() == 1
            && let Some((name, argument)) = map.iter().next()
            && (name == "Ref" || name.starts_with("Fn::"))
        {
            return self.call(name, argument, at);
        }
        let mut out = Map::new();
        for (key, value) in map {
            if let Some(value) = self.maybe(value, &format!("{at}.{key}"))? {
                out.insert(key.clone(), value);
            }
        }
        Ok(Some(Value::Object(out)))
    }

    fn call(&self, name: &str, argument: &Value, at: &str) -> Result<Option<Value>, TemplateError> {
        let text = match name {
            "Ref" => {
                let target = string(argument, at)?;
                if target == "AWS::NoValue" {
                    return Ok(None);
                }
                return self.reference(target, at).map(Some);
            }
            "Fn::If" => {
                let [condition, then, otherwise] = list::<3>(argument, at)?;
                let chosen = if self.condition(string(condition, at)?, at)? {
                    then
                } else {
                    otherwise
                };
                return self.maybe(chosen, at);
            }
            "Fn::Split" => {
                let [separator, whole] = list::<2>(argument, at)?;
                let whole = self.text(whole, at)?;
                let parts = whole.split(string(separator, at)?).map(Value::from);
                return Ok(Some(Value::Array(parts.collect())));
            }
            "Fn::Select" => {
                let [index, items] = list::<2>(argument, at)?;
                let index: usize = self.text(index, at)?.parse().unwrap_or(usize::MAX);
                let items = self.eval(items, at)?;
                return items.get(index).cloned().map(Some).ok_or_else(|| {
                    TemplateError::at(at, "Fn::Select points past the end of its list")
                });
            }
            "Fn::Sub" => self.substitute(argument, at)?,
            "Fn::GetAtt" => {
                let [id, attribute] = list::<2>(argument, at)?;
                self.attribute(string(id, at)?, string(attribute, at)?, at)?
            }
            "Fn::Join" => self.join(argument, at)?,
            other => {
                return Err(TemplateError::at(
                    at,
                    format!("{other} is only understood under Conditions"),
                ));
            }
        };
        Ok(Some(Value::String(text)))
    }

    fn join(&self, argument: &Value, at: &str) -> Result<String, TemplateError> {
        let [separator, items] = list::<2>(argument, at)?;
        let Value::Array(items) = self.eval(items, at)? else {
            return Err(TemplateError::at(at, "Fn::Join needs a list"));
        };
        let items: Vec<String> = items
            .iter()
            .map(|item| self.text(item, at))
            .collect::<Result<_, _>>()?;
        Ok(items.join(string(separator, at)?))
    }

    fn substitute(&self, argument: &Value, at: &str) -> Result<String, TemplateError> {
        let (pattern, own) = match argument {
            Value::String(pattern) => (pattern.as_str(), Map::new()),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(pattern), Value::Object(own)] => (pattern.as_str(), own.clone()),
                _ => return Err(TemplateError::at(at, "Fn::Sub needs [text, {names}]")),
            },
            _ => return Err(TemplateError::at(at, "Fn::Sub needs a text")),
        };
        let mut out = String::new();
        let mut rest = pattern;
        while let Some(start) = rest.find("${") {
            out.push_str(&rest[..start]);
            let tail = &rest[start + 2..];
            let end = tail
                .find('}')
                .ok_or_else(|| TemplateError::at(at, "Fn::Sub has ${ without }"))?;
            let name = &tail[..end];
            if let Some(literal) = name.strip_prefix('!') {
                out.extend(["${", literal, "}"]);
            } else if let Some(value) = own.get(name) {
                out.push_str(&self.text(value, at)?);
            } else if let Some((id, attribute)) = name.split_once('.') {
                out.push_str(&self.attribute(id, attribute, at)?);
            } else {
                let value = self.reference(name, at)?;
                out.push_str(&self.text(&value, at)?);
            }
            rest = &tail[end + 1..];
        }
        out.push_str(rest);
        Ok(out)
    }

    fn condition(&self, name: &str, at: &str) -> Result<bool, TemplateError> {
        let node = self
            .document
            .conditions
            .get(name)
            .ok_or_else(|| TemplateError::at(at, format!("there is no condition {name}")))?;
        self.holds(node, &format!("Conditions.{name}"))
    }

    fn holds(&self, node: &Value, at: &str) -> Result<bool, TemplateError> {
        let Some((name, argument)) = node.as_object().and_then(|map| map.iter().next()) else {
            return Err(TemplateError::at(at, "is not a condition"));
        };
        let parts = argument.as_array().map_or(&[][..], Vec::as_slice);
        match (name.as_str(), parts) {
            ("Condition", _) => self.condition(string(argument, at)?, at),
            ("Fn::Equals", [left, right]) => Ok(self.text(left, at)? == self.text(right, at)?),
            ("Fn::Not", [inner]) => Ok(!self.holds(inner, at)?),
            ("Fn::And", parts) => parts
                .iter()
                .try_fold(true, |all, part| Ok(all & self.holds(part, at)?)),
            ("Fn::Or", parts) => parts
                .iter()
                .try_fold(false, |any, part| Ok(any | self.holds(part, at)?)),
            (other, _) => Err(TemplateError::at(at, format!("{other} is not a condition"))),
        }
    }
}

fn string<'v>(node: &'v Value, at: &str) -> Result<&'v str, TemplateError> {
    node.as_str()
        .ok_or_else(|| TemplateError::at(at, "an intrinsic needs plain text here"))
}

fn list<'v, const N: usize>(node: &'v Value, at: &str) -> Result<&'v [Value; N], TemplateError> {
    node.as_array()
        .and_then(|items| items.as_slice().try_into().ok())
        .ok_or_else(|| TemplateError::at(at, format!("the intrinsic needs a list of {N}")))
}
