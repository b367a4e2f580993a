//! The five policies of `infra/policies`, and one of the simulation's own with every feature that a ladder, a clock or a
//! roster can have, under targets so short that stories of a day come to all of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use policy::{Files, Lang, Policy};

/// What a desk publishes in a run: first one version, and perhaps a newer one while tickets are open.
#[derive(Debug, Clone)]
pub(crate) struct Published {
    pub(crate) first: Arc<Policy>,
    pub(crate) newer: Option<Arc<Policy>>,
}

const REAL: [&str; 5] = [
    "web-host-au",
    "complaints-de",
    "online-only",
    "tech-support",
    "web-host-vi",
];

/// So many seeds come to every kind of desk once.
pub(crate) const KINDS: u64 = 7;

/// The targets of the simulation's own policy: as it is published first, better for everybody, better for some.
const TARGETS: [[(&str, &str); 6]; 3] = [
    targets([
        "3 elapsed hours",
        "1 open hour",
        "150 elapsed minutes",
        "3 open hours",
        "2 open hours",
        "1 open day",
    ]),
    targets([
        "2 elapsed hours",
        "30 open minutes",
        "2 elapsed hours",
        "2 open hours",
        "1 open hour",
        "5 open hours",
    ]),
    targets([
        "3 elapsed hours",
        "1 open hour",
        "100 elapsed minutes",
        "5 open hours",
        "2 open hours",
        "1 open day",
    ]),
];

const fn targets(values: [&str; 6]) -> [(&str, &str); 6] {
    let [busy, fast, back, response, next, done] = values;
    [
        ("{busy-response}", busy),
        ("{fast-response}", fast),
        ("{back-response}", back),
        ("{response}", response),
        ("{next}", next),
        ("{done}", done),
    ]
}

/// What the desk of a seed publishes.
pub(crate) fn of(seed: u64) -> Published {
    static ALL: OnceLock<Vec<Published>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let real = REAL.iter().map(|name| Published {
            first: Arc::new(read(&root.join("../../infra/policies").join(name), &[])),
            newer: None,
        });
        let [first, better, mixed] = TARGETS
            .each_ref()
            .map(|targets| Arc::new(read(&root.join("policies/every-rung"), targets)));
        let own = [better, mixed].map(|newer| Published {
            first: Arc::clone(&first),
            newer: Some(newer),
        });
        real.chain(own).collect()
    });
    let place = usize::try_from(seed % KINDS).unwrap_or_default();
    all[place].clone()
}

/// Whether a seed's desk runs on the simulation's own policy.
pub(crate) fn is_own(policy: &Policy) -> bool {
    policy.terms().prefix == "ER"
}

fn read(folder: &Path, targets: &[(&str, &str)]) -> Policy {
    let text = |path: &Path| {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let mut pages = BTreeMap::new();
    for lang in ["de", "en", "vi"] {
        let page = folder.join(format!("page.{lang}.md"));
        if let (true, Ok(lang)) = (page.is_file(), Lang::new(lang)) {
            pages.insert(lang, text(&page));
        }
    }
    let entries = fs::read_dir(folder.join("holidays"))
        .into_iter()
        .flatten()
        .flatten();
    let holidays = entries.map(|entry| {
        (
            format!("holidays/{}", entry.file_name().to_string_lossy()),
            text(&entry.path()),
        )
    });
    let mut source = text(&folder.join("policy.toml"));
    for (name, target) in targets {
        source = source.replace(name, target);
    }
    let name = folder.display().to_string();
    let files = Files {
        source: &source,
        file: &name,
        pages,
        holidays: holidays.collect(),
        ..Files::default()
    };
    let (policy, problems) = Policy::check(files, None);
    policy.unwrap_or_else(|| panic!("{name}: {problems:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_desk_can_be_published_and_newer_versions_are_others() {
        for seed in 0..KINDS {
            let published = of(seed);
            let newer = published.newer.as_ref();
            assert!(newer.is_none_or(|newer| newer.hash() != published.first.hash()));
        }
    }
}
