//! The company's own words and colours.

use std::collections::BTreeMap;

use policy::{Files, Letters};

use super::*;

/// The policy of the tests with further lines and letters.
fn policy_with(lines: &str, letters: &[(&str, &str)]) -> Policy {
    let source = include_str!("policy.toml").replace("[company]", &format!("{lines}\n[company]"));
    let letters = letters.iter();
    let letters = letters.map(|(file, text)| ((*file).to_owned(), (*text).to_owned()));
    let files = Files {
        source: &source,
        file: "policy.toml",
        pages: policy().pages().clone(),
        letters: Letters::from_files(letters),
        holidays: BTreeMap::new(),
    };
    let (policy, problems) = Policy::check(files, None);
    policy.unwrap_or_else(|| panic!("{problems:?}"))
}

const OWN: &str = "# All done: {ticket.number}\n\n{greeting}\n\n{page}\n\nRequest {ticket.number} is\ndone. {company.name} thanks you.\n";

#[test]
fn a_company_says_it_in_its_own_words_and_the_desk_fills_in_its_parts() {
    let mut desk = Desk::new();
    desk.policy = policy_with("", &[("mail/solved.en.md", OWN)]);
    let number = desk.ticket.id.number("TT");
    let letter = desk.to_customer(Text::Solved { seq: 3 }).unwrap();
    assert_eq!(letter.subject, format!("[{number}] All done: {number}"));
    let begins = format!(
        "Hello,\n\nOpen your request online:\n{SITE}/tickets/{number}?key=1abc\n\nRequest {number} is done. Example Tests Ltd thanks you.\n\n-- \nExample Tests Ltd\n"
    );
    assert!(letter.text.starts_with(&begins), "{}", letter.text);
    // Another letter, and this one in another language, are said in the desk's words.
    let missed = desk.to_customer(Text::UnderReview).unwrap();
    assert!(missed.text.contains("no part in it"));
    desk.ticket.lang = Lang::new("de").unwrap();
    let german = desk.to_customer(Text::Solved { seq: 3 }).unwrap();
    assert!(german.subject.contains("Ihr Anliegen ist gelöst"));
}

#[test]
fn the_words_go_with_the_version_that_was_published() {
    let policy = policy_with("", &[("mail/solved.en.md", OWN)]);
    assert_ne!(policy.hash(), policy_with("", &[]).hash());
    let mut desk = Desk::new();
    desk.policy = Policy::from_json(&policy.to_json()).unwrap();
    let letter = desk.to_customer(Text::Solved { seq: 3 }).unwrap();
    assert!(letter.subject.contains("All done"));
}

#[test]
fn a_companys_colours_and_small_print_stand_in_every_mail() {
    let mut desk = answered("It works again.");
    desk.policy = policy_with(
        "brand = { colour = \"#0b5cad\", footer = { en = \"Registered in Sydney\", de = \"Registriert in Sydney\", vi = \"Đăng ký tại Sydney\" } }",
        &[],
    );
    let customers = customer_texts()
        .into_iter()
        .map(|text| desk.to_customer(text));
    let staff = staff_texts()
        .into_iter()
        .map(|text| desk.to_staff("ann", text));
    for letter in customers.chain(staff) {
        let letter = letter.unwrap();
        assert!(letter.html.contains("bgcolor=\"#0b5cad\""));
        assert!(
            letter.html.contains("Registered in Sydney")
                && letter.text.contains("Registered in Sydney")
        );
    }
}

#[test]
fn words_of_a_policy_are_words_and_never_markup() {
    let mut desk = Desk::new();
    let own = OWN.replace("done.", "done <img src=x>.");
    desk.policy = policy_with("", &[("mail/solved.en.md", &own)]);
    let letter = desk.to_customer(Text::Solved { seq: 3 }).unwrap();
    assert!(letter.html.contains("&lt;img src=x&gt;") && !letter.html.contains("<img"));
}
