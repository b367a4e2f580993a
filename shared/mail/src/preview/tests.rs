use std::collections::BTreeSet;

use ticket::Text;

use super::*;
use crate::{inbound::html, notices::tests::policy};

/// The widest line that RFC 5322 2.1.1 advises.
const COLUMNS: usize = 78;

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

fn all() -> Vec<Preview> {
    let policy = policy();
    let languages = policy.terms().languages.clone();
    let all: Vec<Preview> = languages
        .iter()
        .flat_map(|lang| previews(&policy, lang))
        .collect();
    assert!(
        all.len() > 90 && languages.len() == 3,
        "{} notices",
        all.len()
    );
    all
}

/// Words apart from links, which text shows and HTML hides behind a label.
fn words(text: &str) -> BTreeSet<&str> {
    text.split_whitespace()
        .filter(|word| !word.contains("://") && word.chars().any(char::is_alphanumeric))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .collect()
}

#[test]
fn lines_of_text_wrap_unless_a_person_wrote_them_or_a_link_is_in_them() {
    for it in all() {
        let styled = "white-space:pre-wrap\">";
        let written = it
            .letter
            .html
            .split(styled)
            .skip(1)
            .filter_map(|rest| rest.split("</div>").next());
        let written = written.map(html::reduce).collect::<String>();
        for line in it
            .letter
            .text
            .lines()
            .filter(|line| line.chars().count() > COLUMNS)
        {
            let by_a_person = written.contains(line.trim_start_matches("> "));
            assert!(
                by_a_person || line.contains("://"),
                "{} in {}: {line}",
                it.name,
                it.lang
            );
        }
    }
}

#[test]
fn html_without_its_styles_says_what_the_text_says() {
    for it in all() {
        let shown = html::reduce(&it.letter.html);
        let (text, html) = (words(&it.letter.text), words(&shown));
        let missing: Vec<_> = text.difference(&html).collect();
        assert!(
            missing.is_empty(),
            "{} in {} lacks {missing:?}:\n{shown}",
            it.name,
            it.lang
        );
        let more: Vec<_> = html.difference(&text).collect();
        assert!(
            more.is_empty(),
            "{} in {} adds {more:?}:\n{shown}",
            it.name,
            it.lang
        );
    }
}

#[test]
fn no_sentence_of_ours_ends_twice() {
    for it in all() {
        let text = it.letter.text.replace("...", "");
        assert!(!text.contains(".."), "{} in {}: {text}", it.name, it.lang);
    }
}
