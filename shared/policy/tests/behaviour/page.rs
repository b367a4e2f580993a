//! The published page.

use policy::{CalendarId, Policy, PromiseId, Strength};

use crate::{DESK, desk, lang, pages};

#[test]
fn a_page_takes_its_numbers_hours_and_wording_from_the_terms() {
    let page = desk().render_page(&lang("en")).unwrap();
    assert_eq!(
        page,
        "# Desk Ltd\n\n\
         We will answer within 4 open hours; for sales we aim to answer\nwithin 1 open day. \
         A brace { stays } and {so does this}.\n\n\
         Office: Monday to Friday 09:00 to 17:00.\n\n\
         - 2026: Christmas Day (25 December), Second day of Christmas (26 December)\n\n\
         - Thursday, 24 December 2026: 09:00 to 13:00\n- Wednesday, 30 December 2026: 11:00 to 17:00\n"
    );
}

#[test]
fn a_language_without_a_page_gets_the_prevailing_one() {
    assert_eq!(
        desk().render_page(&lang("de")),
        desk().render_page(&lang("en"))
    );
}

#[test]
fn a_german_page_speaks_german() {
    let mut pages = pages();
    let german = "{promise.response.target} {promise.sales-response.target} {promise.response.Strength} \
                  {promise.sales-response.strength} {calendar.split.hours}\n{calendar.split.closed}";
    pages.insert(lang("de"), german.to_owned());
    let policy = Policy::parse(DESK, "policy.toml", pages).unwrap();
    assert_eq!(
        policy.render_page(&lang("de")).unwrap(),
        "4 Stunden innerhalb der Servicezeit 1 Arbeitstag Wir werden wir wollen \
         Montag bis Freitag 08:30 bis 12:00 und 13:00 bis 17:30; Samstag 09:00 bis 12:00\n\
         - jedes Jahr: Christmas Day (25. Dezember)\n- 2027: Tet (5. Februar bis 11. Februar)"
    );
}

#[test]
fn a_time_allowed_fits_into_a_sentence_of_each_language() {
    let desk = desk();
    let target = |id: &str| &desk.promise(&PromiseId::new(id).unwrap()).unwrap().target;
    let five_days = policy::Target {
        amount: 5,
        ..target("sales-response").clone()
    };
    for (language, hours, days) in [
        ("en", "within 4 open hours", "within 5 open days"),
        (
            "de",
            "innerhalb von 4 Stunden der Servicezeit",
            "innerhalb von 5 Arbeitstagen",
        ),
        (
            "vi",
            "trong vòng 4 giờ làm việc",
            "trong vòng 5 ngày làm việc",
        ),
    ] {
        let language = lang(language);
        assert_eq!(target("response").within_text(&language), hours);
        assert_eq!(five_days.within_text(&language), days);
    }
}

#[test]
fn a_page_tells_of_levels_and_languages_and_its_headings_begin_with_ids() {
    let toml = DESK.replace(
        "[ladders]\n",
        "[ladders]\nnight = [{ id = \"call\", at = \"50%\", to = [\"lead\"], repeat = { every = \"10 elapsed minutes\", most = 4 } }]\n",
    );
    let toml = format!(
        "{toml}\n[[promises]]\nid = \"update\"\nmetric = \"update\"\nwithin = \"2 elapsed hours\"\nstrength = \"target\"\npublished = true\nladder = \"night\"\n"
    );
    let page = "## 2 Hours\n{promise.response.within} {promise.sales-response.within} {promise.update.within}; {promise.update.call.share}, every {promise.update.call.every}, {promise.update.call.most} times. {prefix} {prevailing}";
    let pages = ["en", "de"].map(|it| (lang(it), page.to_owned()));
    let policy = Policy::parse(&toml, "policy.toml", pages.into()).unwrap();
    let [english, german] = ["en", "de"].map(|it| policy.render_page(&lang(it)).unwrap());
    assert!(
        english.ends_with(
            "within 2 elapsed hours; 50%, every 10 elapsed minutes, 4 times. TD English"
        ),
        "{english}"
    );
    assert!(german.contains("50\u{a0}%"), "{german}");
    assert!(german.ends_with("TD Englisch"), "{german}");
}

#[test]
fn targets_and_strengths_are_said_in_vietnamese() {
    let desk = desk();
    let target = &desk
        .promise(&PromiseId::new("response").unwrap())
        .unwrap()
        .target;
    assert_eq!(target.text(&lang("vi")), "4 giờ làm việc");
    assert_eq!(Strength::Target.text(&lang("vi")), "chúng tôi cố gắng");
    let office = desk.calendar(&CalendarId::new("office").unwrap()).unwrap();
    assert_eq!(
        office.hours_text(&lang("vi")),
        "thứ Hai đến thứ Sáu 09:00 đến 17:00"
    );
}

#[test]
fn a_page_tells_the_hours_of_lines_and_what_to_expect_besides_the_limit() {
    let source = DESK
        .replacen(
            "lead = ",
            "channels = { phone = \"office\", chat = \"always\" }\nlead = ",
            1,
        )
        .replacen(
            "id = \"response\"",
            "id = \"response\"\nexpected = \"30 open minutes\"",
            1,
        );
    let mut pages = pages();
    let words =
        "{promise.response.expected} {promise.response.target} {promise.sales-response.target}";
    let lines = "{department.tech.phone.hours} {department.tech.chat.hours}";
    pages.insert(lang("de"), format!("{words}\n{lines}"));
    let policy = Policy::parse(&source, "policy.toml", pages).unwrap();
    assert_eq!(
        policy.render_page(&lang("de")).unwrap(),
        "30 Minuten innerhalb der Servicezeit 4 Stunden innerhalb der Servicezeit 1 Arbeitstag\n\
         Montag bis Freitag 09:00 bis 17:00 rund um die Uhr"
    );
}
