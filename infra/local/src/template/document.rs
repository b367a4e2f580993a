//! YAML text to one JSON tree in which every short tag has its long form.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use serde_yaml_ng::Value as Yaml;

use super::TemplateError;

/// The intrinsics that the runner evaluates, in long form.
const KNOWN: [&str; 12] = [
    "Ref",
    "Condition",
    "Fn::Sub",
    "Fn::GetAtt",
    "Fn::Join",
    "Fn::Select",
    "Fn::Split",
    "Fn::If",
    "Fn::Equals",
    "Fn::Not",
    "Fn::And",
    "Fn::Or",
];

/// One resource as written.
#[derive(Debug)]
pub(crate) struct Resource {
    /// `AWS::SQS::Queue` and so on.
    pub(crate) kind: String,
    /// Name of the condition under which it exists.
    pub(crate) condition: Option<String>,
    /// Unresolved properties.
    pub(crate) properties: Value,
}

/// The parts of a template that the runner reads.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) parameters: Map<String, Value>,
    pub(crate) conditions: Map<String, Value>,
    pub(crate) globals: Value,
    pub(crate) resources: BTreeMap<String, Resource>,
    pub(crate) outputs: Map<String, Value>,
}

impl Document {
    /// Parses the text and refuses intrinsics that the runner cannot evaluate,
    /// wherever they stand: a silent difference would be worse than a stop.
    pub(crate) fn parse(text: &str) -> Result<Self, TemplateError> {
        let yaml: Yaml = serde_yaml_ng::from_str(text)?;
        let Value::Object(mut tree) = to_json(&yaml, "")? else {
            return Err(TemplateError::at("template", "is not a mapping"));
        };
        let mut section = |name: &str| match tree.remove(name) {
            Some(Value::Object(map)) => map,
            _ => Map::new(),
        };
        let resources = section("Resources")
            .into_iter()
            .map(|(id, value)| resource(&id, value).map(|resource| (id, resource)))
            .collect::<Result<BTreeMap<_, _>, _>>()?;
        if resources.is_empty() {
            return Err(TemplateError::at("Resources", "the template has none"));
        }
        Ok(Self {
            parameters: section("Parameters"),
            conditions: section("Conditions"),
            globals: Value::Object(section("Globals")),
            outputs: section("Outputs"),
            resources,
        })
    }
}

fn resource(id: &str, mut value: Value) -> Result<Resource, TemplateError> {
    let at = format!("Resources.{id}");
    let kind = value["Type"]
        .as_str()
        .ok_or_else(|| TemplateError::at(&at, "has no Type"))?
        .to_owned();
    Ok(Resource {
        kind,
        condition: value["Condition"].as_str().map(str::to_owned),
        properties: value["Properties"].take(),
    })
}

fn to_json(yaml: &Yaml, at: &str) -> Result<Value, TemplateError> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(*flag),
        Yaml::Number(number) => {
            serde_json::to_value(number).map_err(|e| TemplateError::at(at, e.to_string()))?
        }
        Yaml::String(text) => Value::String(text.clone()),
        Yaml::Sequence(items) => Value::Array(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| to_json(item, &format!("{at}[{index}]")))
                .collect::<Result<_, _>>()?,
        ),
        Yaml::Mapping(map) => {
            let mut object = Map::new();
            for (key, value) in map {
                let key = key_text(key, at)?;
                check_known(&key, at)?;
                let value = to_json(value, &join(at, &key))?;
                object.insert(key, value);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => tag(tagged, at)?,
    })
}

fn tag(tagged: &serde_yaml_ng::value::TaggedValue, at: &str) -> Result<Value, TemplateError> {
    let short = tagged.tag.to_string();
    let short = short.trim_start_matches('!');
    let name = match short {
        "Ref" | "Condition" => short.to_owned(),
        other => format!("Fn::{other}"),
    };
    if !KNOWN.contains(&name.as_str()) {
        return Err(TemplateError::UnknownIntrinsic {
            at: at.to_owned(),
            name: format!("!{short}"),
        });
    }
    let mut value = to_json(&tagged.value, at)?;
    if name == "Fn::GetAtt"
        && let Value::String(dotted) = &value
    {
        let (id, attribute) = dotted
            .split_once('.')
            .ok_or_else(|| TemplateError::at(at, "!GetAtt needs Resource.Attribute"))?;
        value = serde_json::json!([id, attribute]);
    }
    Ok(serde_json::json!({ name: value }))
}

fn check_known(key: &str, at: &str) -> Result<(), TemplateError> {
    if key.starts_with("Fn::") && !KNOWN.contains(&key) {
        return Err(TemplateError::UnknownIntrinsic {
            at: at.to_owned(),
            name: key.to_owned(),
        });
    }
    Ok(())
}

fn key_text(key: &Yaml, at: &str) -> Result<String, TemplateError> {
    match key {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(flag) => Ok(flag.to_string()),
        _ => Err(TemplateError::at(at, "a key is not a plain word")),
    }
}

fn join(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}
