//! The five policies, read once.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use policy::{Files, Lang, Policy};

const NAMES: [&str; 5] = [
    "web-host-au",
    "complaints-de",
    "online-only",
    "tech-support",
    "web-host-vi",
];

/// The policy of a seed.
pub(crate) fn of(seed: u64) -> Arc<Policy> {
    static ALL: OnceLock<Vec<Arc<Policy>>> = OnceLock::new();
    let all = ALL.get_or_init(|| NAMES.iter().map(|name| Arc::new(read(name))).collect());
    let place = usize::try_from(seed % 5).unwrap_or_default();
    Arc::clone(&all[place])
}

fn read(name: &str) -> Policy {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../infra/policies")
        .join(name);
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
    let source = text(&folder.join("policy.toml"));
    let files = Files {
        source: &source,
        file: name,
        pages,
        holidays: holidays.collect(),
        ..Files::default()
    };
    let (policy, problems) = Policy::check(files, None);
    policy.unwrap_or_else(|| panic!("{name}: {problems:?}"))
}
