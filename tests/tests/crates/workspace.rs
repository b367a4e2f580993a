//! The workspace as cargo sees it: who names whom, and who reaches whom through others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Edges = BTreeMap<String, BTreeSet<String>>;

/// One crate of ours.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Its folder below the workspace root, such as `functions/intake`.
    pub(crate) folder: PathBuf,
    pub(crate) manifest: String,
    /// What its `lib.rs` or `main.rs` says.
    pub(crate) root: String,
    /// Every crate that its manifest names, for building, running or testing.
    pub(crate) names: BTreeSet<String>,
}

#[derive(Clone)]
pub(crate) struct Workspace {
    pub(crate) members: Vec<Member>,
    /// What each crate is built with, by crate name and without what only tests use.
    pub(crate) built_with: Edges,
}

impl Workspace {
    pub(crate) fn load() -> Self {
        let metadata = metadata();
        let root = PathBuf::from(metadata["workspace_root"].as_str().unwrap());
        let ours: BTreeSet<&str> = strings(&metadata["workspace_members"]).collect();
        let packages = metadata["packages"].as_array().unwrap();
        let members = packages
            .iter()
            .filter(|package| ours.contains(package["id"].as_str().unwrap()));
        Self {
            members: members.map(|package| member(package, &root)).collect(),
            built_with: built_with(&metadata),
        }
    }

    pub(crate) fn member(&mut self, name: &str) -> &mut Member {
        self.members
            .iter_mut()
            .find(|member| member.name == name)
            .unwrap()
    }

    pub(crate) fn is_ours(&self, name: &str) -> bool {
        self.members.iter().any(|member| member.name == name)
    }

    /// Every crate that ends up in a build of this one.
    pub(crate) fn reach<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        let mut seen = BTreeSet::new();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            let used = self
                .built_with
                .get(next)
                .into_iter()
                .flatten()
                .map(String::as_str);
            open.extend(used.filter(|used| seen.insert(*used)));
        }
        seen
    }
}

fn metadata() -> Value {
    let answer = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    serde_json::from_slice(&answer.stdout).unwrap()
}

fn member(package: &Value, root: &Path) -> Member {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let source = package["targets"]
        .as_array()
        .unwrap()
        .iter()
        .find_map(|target| {
            let is_root = strings(&target["kind"]).any(|kind| kind == "lib" || kind == "bin");
            is_root.then(|| target["src_path"].as_str().unwrap())
        });
    let named = package["dependencies"].as_array().unwrap().iter();
    Member {
        name: package["name"].as_str().unwrap().to_owned(),
        folder: manifest
            .parent()
            .unwrap()
            .strip_prefix(root)
            .unwrap()
            .to_owned(),
        manifest: std::fs::read_to_string(manifest).unwrap(),
        root: std::fs::read_to_string(source.unwrap()).unwrap(),
        names: named
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect(),
    }
}

fn built_with(metadata: &Value) -> Edges {
    let packages = metadata["packages"].as_array().unwrap().iter();
    let names: BTreeMap<&str, &str> = packages
        .map(|it| (it["id"].as_str().unwrap(), it["name"].as_str().unwrap()))
        .collect();
    let mut edges = Edges::new();
    for node in metadata["resolve"]["nodes"].as_array().unwrap() {
        let own = edges
            .entry(names[node["id"].as_str().unwrap()].to_owned())
            .or_default();
        for dependency in node["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                own.insert(names[dependency["pkg"].as_str().unwrap()].to_owned());
            }
        }
    }
    edges
}

fn strings(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item.as_str().unwrap())
}
