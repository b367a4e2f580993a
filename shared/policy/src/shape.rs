//! What the reader of `policy.toml` asks for, noted while it reads: the source of the JSON Schema.
//!
//! There is no second list of keys. A policy that uses everything is read once with noting switched on, and what the
//! reader asked of each value becomes the schema (see [`crate::schema`]). In every other read nothing is noted.

mod forms;

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value as Json, json};

/// The form of a text, as a JSON Schema.
pub(crate) trait Shape {
    fn shape() -> Json;
}

/// A place of the file: all departments are one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Node(usize);

/// What was asked of one place.
#[derive(Debug, Default)]
struct Asked {
    forms: Vec<Json>,
    item: Option<Node>,
    entry: Option<Node>,
    names: Option<Json>,
    /// By key: the place of its value, and what to write if it is required.
    keys: BTreeMap<&'static str, (Node, Option<String>)>,
    section: bool,
}

/// The notes. Values are told apart by where they lie in memory; the file stays in memory while it is read.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    noting: bool,
    asked: Vec<Asked>,
    places: HashMap<usize, Node>,
    /// Names in a table whose names are the policy's own.
    named: HashMap<usize, Node>,
}

fn place<T: ?Sized>(value: &T) -> usize {
    std::ptr::from_ref(value).addr()
}

impl Shapes {
    pub(crate) fn start(&mut self) {
        self.noting = true;
    }

    pub(crate) fn root(&mut self) -> Node {
        if self.asked.is_empty() {
            self.asked.push(Asked {
                section: true,
                ..Asked::default()
            });
        }
        Node(0)
    }

    fn new_node(&mut self) -> Node {
        self.asked.push(Asked::default());
        Node(self.asked.len() - 1)
    }

    fn of<T>(&self, value: &T) -> Option<Node> {
        self.places
            .get(&place(value))
            .copied()
            .filter(|_| self.noting)
    }

    /// The value is read key by key.
    pub(crate) fn section<T>(&mut self, value: &T) -> Node {
        let node = self.of(value).unwrap_or_default();
        if self.noting {
            self.asked[node.0].section = true;
        }
        node
    }

    pub(crate) fn key<T>(&mut self, of: Node, key: &'static str, value: Option<&T>) {
        if !self.noting {
            return;
        }
        let known = self.asked[of.0].keys.get(key).map(|(node, _)| *node);
        let node = known.unwrap_or_else(|| self.new_node());
        self.asked[of.0].keys.entry(key).or_insert((node, None));
        if let Some(value) = value {
            self.places.insert(place(value), node);
        }
    }

    pub(crate) fn required(&mut self, of: Node, key: &'static str, example: &str) {
        if self.noting
            && let Some((_, required)) = self.asked[of.0].keys.get_mut(key)
        {
            *required = Some(example.to_owned());
        }
    }

    pub(crate) fn item<T>(&mut self, list: &T, item: &T) {
        if let Some(list) = self.of(list) {
            let node = self.asked[list.0].item.unwrap_or_else(|| self.new_node());
            self.asked[list.0].item = Some(node);
            self.places.insert(place(item), node);
        }
    }

    pub(crate) fn entry<T>(&mut self, table: &T, name: &str, value: &T) {
        if let Some(table) = self.of(table) {
            let node = self.asked[table.0].entry.unwrap_or_else(|| self.new_node());
            self.asked[table.0].entry = Some(node);
            self.places.insert(place(value), node);
            self.named.insert(name.as_ptr().addr(), table);
        }
    }

    /// The value must be of this form.
    pub(crate) fn form<T>(&mut self, value: &T, form: impl FnOnce() -> Json) {
        if let Some(node) = self.of(value) {
            let form = form();
            if !self.asked[node.0].forms.contains(&form) {
                self.asked[node.0].forms.push(form);
            }
        }
    }

    /// This name in a table must be of this form.
    pub(crate) fn name(&mut self, name: &str, form: impl FnOnce() -> Json) {
        if self.noting
            && let Some(table) = self.named.get(&name.as_ptr().addr())
        {
            self.asked[table.0].names.get_or_insert_with(form);
        }
    }

    /// The schema of the whole file.
    pub(crate) fn schema(&self) -> Json {
        self.of_node(Node(0))
    }

    fn of_node(&self, node: Node) -> Json {
        let asked = &self.asked[node.0];
        let mut ways = asked.forms.clone();
        if let Some(item) = asked.item {
            ways.push(json!({ "type": "array", "minItems": 1, "items": self.of_node(item) }));
        }
        if asked.section {
            ways.push(self.of_section(asked));
        } else if let Some(entry) = asked.entry {
            let mut way = json!({ "type": "object", "additionalProperties": self.of_node(entry) });
            if let Some(names) = &asked.names {
                way["propertyNames"] = names.clone();
            }
            ways.push(way);
        }
        match ways.len() {
            0 => json!(true),
            1 => ways.remove(0),
            _ => json!({ "anyOf": ways }),
        }
    }

    fn of_section(&self, asked: &Asked) -> Json {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for (key, (node, example)) in &asked.keys {
            let mut property = self.of_node(*node);
            if let (Some(example), Json::Object(property)) = (example, &mut property) {
                required.push(*key);
                property.insert(
                    "description".to_owned(),
                    json!(format!("{key} = {example}")),
                );
            }
            properties.insert((*key).to_owned(), property);
        }
        let mut section =
            json!({ "type": "object", "additionalProperties": false, "properties": properties });
        if !required.is_empty() {
            section["required"] = json!(required);
        }
        section
    }

    /// Keys that were asked for but of whose values nothing is known: the file that was read did not use them.
    #[cfg(test)]
    pub(crate) fn unknown(&self) -> Vec<&'static str> {
        let nothing = |node: &Node| {
            let asked = &self.asked[node.0];
            asked.forms.is_empty()
                && asked.item.is_none()
                && asked.entry.is_none()
                && !asked.section
        };
        let keys = self.asked.iter().flat_map(|asked| &asked.keys);
        keys.filter(|(_, (node, _))| nothing(node))
            .map(|(key, _)| *key)
            .collect()
    }
}
