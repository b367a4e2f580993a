use std::collections::BTreeSet;

use ticket::Text;

use super::*;
use crate::notices::tests::policy;

/// The names of all texts, as the type itself lists them.
fn texts() -> Vec<String> {
    let error = serde_json::from_str::<Text>("\"nothing of the kind\"").unwrap_err();
    let error = error.to_string();
    let list = error.split_once("expected one of ").unwrap().1;
    let names = list.split('`').skip(1).step_by(2);
    names.map(|name| name.replace('_', "-")).collect()
}

#[test]
fn every_text_of_a_notice_has_a_preview_in_every_language() {
    let policy = policy();
    let texts = texts();
    assert!(
        texts.len() > 15 && texts.contains(&"under-review".to_owned()),
        "{texts:?}"
    );
    for lang in &policy.terms().languages {
        let shown: BTreeSet<String> = previews(&policy, lang)
            .into_iter()
            .map(|it| it.name)
            .collect();
        for text in &texts {
            let is_shown = shown.iter().any(|name| name.starts_with(text.as_str()));
            assert!(
                is_shown,
                "add a sample of `{text}` to shared/mail/src/preview/samples.rs"
            );
        }
    }
}

#[test]
fn a_preview_is_the_same_each_time_and_has_a_name_of_its_own() {
    let policy = policy();
    let lang = &policy.terms().languages[0];
    let (once, again) = (previews(&policy, lang), previews(&policy, lang));
    let names: BTreeSet<&str> = once.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names.len(), once.len());
    for (once, again) in once.iter().zip(&again) {
        assert_eq!(crate::render(&once.letter), crate::render(&again.letter));
    }
}
