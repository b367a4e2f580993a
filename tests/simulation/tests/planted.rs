//! Planted bugs fit the tree that they are planted into.

use std::collections::BTreeSet;
use std::fs;

use simulation::planted::{patches, root};

#[test]
fn every_planted_bug_still_fits_the_code_and_is_unlike_the_others() {
    let all = patches().unwrap();
    assert!(all.len() >= 14, "{} planted bugs", all.len());
    let mut changes = BTreeSet::new();
    for patch in &all {
        let files = patch
            .applied(|path| fs::read_to_string(root().join(path)).ok())
            .unwrap_or_else(|why| panic!("{why}"));
        let shipped = ["functions/", "shared/"];
        for file in files.keys() {
            assert!(
                shipped.iter().any(|it| file.starts_with(it)),
                "{}: {file} is not shipped",
                patch.name
            );
        }
        assert!(changes.insert(files), "{} is planted twice", patch.name);
    }
}
