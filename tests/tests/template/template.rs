//! The parsed template, the way both of its readers see it: `Globals` merged into each function, tags kept.

use serde_yaml_ng::{Mapping, Value};

const SOURCE: &str = include_str!("../../../infra/template.yaml");

/// One change to the template that some rule must notice.
pub(crate) enum Mutation {
    /// Takes away what stands at the path.
    Remove(&'static str),
    /// Puts this YAML at the path, over what stands there or beside its siblings.
    Set(&'static str, &'static str),
}

pub(crate) struct Template(Value);

impl Template {
    pub(crate) fn load() -> Self {
        Self::merged(serde_yaml_ng::from_str(SOURCE).unwrap())
    }

    pub(crate) fn mutated(mutation: &Mutation) -> Self {
        let mut root: Value = serde_yaml_ng::from_str(SOURCE).unwrap();
        match mutation {
            Mutation::Remove(path) => {
                let (parent, key) = parent(&mut root, path);
                assert!(remove(parent, key), "{path} is not in the template");
            }
            Mutation::Set(path, yaml) => {
                let (parent, key) = parent(&mut root, path);
                set(parent, key, serde_yaml_ng::from_str(yaml).unwrap());
            }
        }
        Self::merged(root)
    }

    fn merged(mut root: Value) -> Self {
        let globals = at(&root, "Globals/Function").cloned().unwrap();
        for (_, resource) in root["Resources"].as_mapping_mut().unwrap() {
            if resource["Type"] == "AWS::Serverless::Function" {
                merge(&mut resource["Properties"], &globals);
            }
        }
        Self(root)
    }

    pub(crate) fn root(&self) -> &Value {
        &self.0
    }

    /// Logical ids with their whole resources.
    pub(crate) fn resources(&self) -> impl Iterator<Item = (&str, &Value)> {
        pairs(&self.0["Resources"])
    }

    /// Logical ids with the properties of the resources of one type.
    pub(crate) fn of_type<'a>(
        &'a self,
        kind: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let is_kind = move |resource: &Value| text(resource, "Type") == kind;
        self.resources()
            .filter(move |(_, resource)| is_kind(resource))
            .map(|(id, resource)| (id, resource.get("Properties").unwrap_or(&Value::Null)))
    }

    pub(crate) fn functions(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.of_type("AWS::Serverless::Function")
    }

    /// The event sources of one type: function id, event name, properties.
    pub(crate) fn events<'a>(
        &'a self,
        kind: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a str, &'a Value)> {
        self.functions().flat_map(move |(id, function)| {
            let events = function.get("Events").unwrap_or(&Value::Null);
            pairs(events)
                .filter(move |(_, event)| text(event, "Type") == kind)
                .map(move |(name, event)| (id, name, &event["Properties"]))
        })
    }

    pub(crate) fn properties(&self, id: &str) -> Option<&Value> {
        self.0["Resources"].get(id)?.get("Properties")
    }

    pub(crate) fn type_of(&self, id: &str) -> &str {
        at(&self.0["Resources"], id).map_or("", |resource| text(resource, "Type"))
    }
}

/// Walks a path of keys and list positions, written with slashes.
pub(crate) fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('/').try_fold(value, |value, key| match value {
        Value::Sequence(items) => items.get(key.parse::<usize>().ok()?),
        other => other.get(key),
    })
}

pub(crate) fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    at(value, path).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn number(value: &Value, path: &str) -> Option<i64> {
    at(value, path).and_then(Value::as_i64)
}

pub(crate) fn is_true(value: &Value, path: &str) -> bool {
    at(value, path).and_then(Value::as_bool) == Some(true)
}

pub(crate) fn pairs(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let pairs = value.as_mapping().into_iter().flatten();
    pairs.filter_map(|(key, value)| Some((key.as_str()?, value)))
}

/// A list, or a single value read as a list of one, as policy documents allow.
pub(crate) fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Sequence(items)) => items.iter().collect(),
        Some(single) => vec![single],
    }
}

/// The names a value refers to: `!Ref X`, `!GetAtt X.Arn` or the `${X.Arn}` of a `!Sub`.
pub(crate) fn references(value: &Value) -> Vec<&str> {
    let Value::Tagged(tagged) = value else {
        return Vec::new();
    };
    let argument = tagged.value.as_str().unwrap_or_default();
    let names: Vec<&str> = if tagged.tag == "Sub" {
        argument
            .split("${")
            .skip(1)
            .filter_map(|rest| rest.split('}').next())
            .collect()
    } else {
        vec![argument]
    };
    names
        .into_iter()
        .map(|name| name.split('.').next().unwrap_or(name))
        .collect()
}

/// The first name that the value at the path refers to.
pub(crate) fn target<'a>(value: &'a Value, path: &str) -> Option<&'a str> {
    references(at(value, path)?).first().copied()
}

fn merge(properties: &mut Value, globals: &Value) {
    for (key, global) in globals.as_mapping().unwrap() {
        match properties.get_mut(key) {
            None => set(properties, key.as_str().unwrap(), global.clone()),
            Some(own) if own.is_mapping() && global.is_mapping() => merge(own, global),
            Some(_) => {}
        }
    }
}

fn parent<'a, 'b>(root: &'a mut Value, path: &'b str) -> (&'a mut Value, &'b str) {
    let (above, key) = path.rsplit_once('/').unwrap();
    let mut value = root;
    for step in above.split('/') {
        value = match value {
            Value::Sequence(items) => &mut items[step.parse::<usize>().unwrap()],
            other => other
                .get_mut(step)
                .unwrap_or_else(|| panic!("{path}: no {step}")),
        };
    }
    (value, key)
}

fn remove(parent: &mut Value, key: &str) -> bool {
    match parent {
        Value::Sequence(items) => {
            let position: usize = key.parse().unwrap();
            let found = position < items.len();
            if found {
                items.remove(position);
            }
            found
        }
        other => other
            .as_mapping_mut()
            .is_some_and(|mapping: &mut Mapping| mapping.remove(key).is_some()),
    }
}

fn set(parent: &mut Value, key: &str, new: Value) {
    match parent {
        Value::Sequence(items) => items[key.parse::<usize>().unwrap()] = new,
        other => drop(other.as_mapping_mut().unwrap().insert(key.into(), new)),
    }
}
