use ::policy::{Policy, Status, TicketType};
use ::ticket::Words;

use super::*;
use crate::fields::Fields;
use crate::promised::{self, Promised, Standing};
use crate::testing::{instant, visit};
use crate::texts::Fault;

const HOSTILE: &str = "\"><script>alert(1)</script>&<img src=x onerror=alert(1)>";

fn form(visit: &Visit, filled: &[(&str, &str)], faults: &[(&str, Fault)]) -> Answer {
    let pairs = filled
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let filled = Fields::of_form(pairs.collect());
    let faults: Vec<_> = faults
        .iter()
        .map(|(name, fault)| ((*name).to_owned(), fault.clone()))
        .collect();
    // A Monday, 16:40 in Sydney.
    let now = instant("2026-11-23T05:40:00Z");
    FormPage {
        visit,
        filled: &filled,
        faults: &faults,
        sent_before: false,
        nonce: "1nonce",
        now,
    }
    .answer()
}

/// Every value of an attribute, in the order of the page.
fn values<'a>(page: &'a str, attribute: &str) -> Vec<&'a str> {
    page.split(&format!(" {attribute}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect()
}

#[test]
fn every_field_has_a_label_and_every_reference_leads_somewhere() {
    let faults = [
        ("email", Fault::Missing),
        ("department", Fault::UnknownField),
        ("message", Fault::Missing),
    ];
    for tag in ["en", "de", "vi"] {
        let visit = visit(tag);
        for page in [
            form(&visit, &[], &[]).body,
            form(&visit, &[], &faults).body,
            ticket_page(&visit, "a", Status::Open).body,
        ] {
            let ids = values(&page, "id");
            let unique: std::collections::BTreeSet<_> = ids.iter().collect();
            assert_eq!(ids.len(), unique.len(), "an id stands twice: {ids:?}");
            for field in page.split('<').filter(|tag| {
                (tag.starts_with("input") && !tag.contains("hidden")) || tag.starts_with("textarea")
            }) {
                let id = values(field, "id")[0];
                assert!(values(&page, "for").contains(&id), "{field} has no label");
            }
            let referred = values(&page, "for")
                .into_iter()
                .chain(values(&page, "aria-labelledby"));
            let described = values(&page, "aria-describedby")
                .into_iter()
                .flat_map(|ids| ids.split(' '));
            let anchors = values(&page, "href")
                .into_iter()
                .filter_map(|href| href.strip_prefix('#'));
            for id in referred.chain(described).chain(anchors) {
                assert!(ids.contains(&id), "{id} does not exist");
            }
            assert!(page.contains(&format!("<html lang=\"{tag}\">")));
        }
    }
}

#[test]
fn the_form_offers_departments_types_languages_and_no_more() {
    let page = form(&visit("de"), &[], &[]).body;
    let offered: Vec<&str> = page
        .split("<input id=\"department-")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert_eq!(offered, ["technical", "billing", "sales", ""]);
    assert!(page.contains("Rechnungen und Konto"));
    assert!(!page.contains("Geschäftsleitung"));
    assert!(page.contains("id=\"type-request\"") && page.contains("id=\"type-complaint\""));
    assert!(!page.contains("id=\"type-feedback\""));
    for tag in ["en", "de", "vi"] {
        assert!(page.contains(&format!("&amp;lang={tag}\"")));
    }
}

#[test]
fn the_form_shows_what_it_promises_for_every_choice_before_sending() {
    let page = form(&visit("en"), &[], &[]).body;
    let blocks: Vec<&str> = page.split("<div class=\"promise\"").skip(1).collect();
    // Three departments and "not sure", requests and complaints.
    assert_eq!(blocks.len(), 8);
    for block in blocks {
        // 24 weekday hours from Monday 16:40 are Tuesday 16:40.
        let due = "We aim to, by Tuesday, 24 November 2026, 16:40 (Australia/Sydney, UTC+11)";
        assert!(block.contains(due), "{block}");
        assert!(block.contains("At once, on the next page, and by e-mail"));
        assert!(block.contains("We aim to, within 24 weekday hours"));
        // Internal promises drive staff; customers are promised only what is published.
        assert!(!block.contains("Solve it"));
    }
    assert!(page.contains("form:has(#department-billing:checked):has(#type-complaint:checked) #p-billing-complaint{display:block}"));
}

#[test]
fn a_link_chooses_department_and_type() {
    let page = form(
        &visit("en"),
        &[("department", "billing"), ("type", "complaint")],
        &[],
    )
    .body;
    assert!(page.contains("value=\"billing\" checked"));
    assert!(page.contains("value=\"complaint\" checked"));
    assert!(page.contains("href=\"/?department=billing&amp;type=complaint&amp;lang=de\""));
    let page = form(
        &visit("en"),
        &[("department", HOSTILE), ("type", HOSTILE)],
        &[],
    )
    .body;
    assert!(
        page.contains("id=\"department-\" type=\"radio\" name=\"department\" value=\"\" checked")
    );
}

#[test]
fn a_form_with_faults_comes_back_filled_with_each_fault_beside_its_field() {
    let filled = [
        ("email", "nobody"),
        ("message", "\nKeep this"),
        ("zone", "Europe/Berlin"),
    ];
    let answer = form(&visit("en"), &filled, &[("email", Fault::NotAnAddress)]);
    assert_eq!(answer.status_code, 422);
    let page = answer.body;
    assert!(page.contains("<title>Error: Write to us"));
    assert!(page.contains("role=\"alert\""));
    assert!(page.contains("<a href=\"#email\">Your e-mail address: is not an e-mail address"));
    assert!(page.contains("value=\"nobody\""));
    assert!(page.contains("aria-describedby=\"email-hint email-fault\" aria-invalid=\"true\""));
    assert!(page.contains("\">\n\nKeep this</textarea>"));
    assert!(page.contains("name=\"zone\" value=\"Europe/Berlin\""));
    assert!(page.contains("name=\"nonce\" value=\"1nonce\""));
}

#[test]
fn hostile_text_stays_text_on_every_page() {
    let visit = visit("en");
    let filled = ["email", "name", "subject", "message", "zone"].map(|name| (name, HOSTILE));
    let unknown = [(HOSTILE, Fault::UnknownField)];
    for answer in [
        form(&visit, &filled, &unknown),
        ticket_page(&visit, HOSTILE, Status::Open),
    ] {
        assert!(answer.body.contains("alert(1)"));
        assert!(!answer.body.contains("<script>alert"));
        assert!(!answer.body.contains("<img"));
        assert!(answer.body.contains("&quot;&gt;&lt;script&gt;"));
    }
}

#[test]
fn a_page_allows_exactly_the_styles_and_scripts_that_stand_in_it() {
    let answer = form(&visit("en"), &[], &[]);
    let inside = |tag: &str| -> Vec<String> {
        let (opening, closing) = (format!("<{tag}>"), format!("</{tag}>"));
        let parts = answer.body.split(&opening).skip(1);
        parts
            .map(|rest| rest.split(&closing).next().unwrap().to_owned())
            .collect()
    };
    let (styles, scripts) = (inside("style"), inside("script"));
    assert_eq!((styles.len(), scripts.len()), (2, 1));
    let styles: Vec<&str> = styles.iter().map(String::as_str).collect();
    let scripts: Vec<&str> = scripts.iter().map(String::as_str).collect();
    let same = Answer::html(200, String::new(), &ContentPolicy::new(&styles, &scripts));
    assert_eq!(
        answer.headers["content-security-policy"],
        same.headers["content-security-policy"]
    );
    assert!(!answer.body.contains(" style=\"") && !answer.body.contains(" onclick"));
}

#[test]
fn the_answer_shows_number_promises_and_the_link() {
    let visit = visit("de");
    let received = instant("2026-11-23T05:40:00Z");
    let promises = promised::before_sending(&visit, None, TicketType::Request, received);
    let shown = Thanks {
        masked: Vec::new(),
        number: "EH-7K3Q-9M2X".to_owned(),
        url: "/tickets/EH-7K3Q-9M2X?key=1abc".to_owned(),
        promises,
        next_hours: None,
        zone: "Europe/Berlin".to_owned(),
        received,
    };
    let answer = thanks(&visit, &shown);
    assert_eq!(answer.status_code, 201);
    assert!(
        answer
            .body
            .contains("<span class=\"number\" id=\"number\">EH-7K3Q-9M2X</span>")
    );
    assert!(
        answer.body.contains(
            "Unser Ziel: bis Dienstag, 24. November 2026, 06:40 Uhr (Europe/Berlin, UTC+1)"
        )
    );
    assert!(
        answer
            .body
            .contains("href=\"/tickets/EH-7K3Q-9M2X?key=1abc&amp;lang=de\"")
    );
    assert!(answer.body.contains(visit.policy.hash().as_str()));
}

fn ticket_page(visit: &Visit, text: &str, status: Status) -> Answer {
    let at = instant("2026-11-23T05:40:00Z");
    let words = Words {
        quoted: text.to_owned(),
        ..Words::text(text)
    };
    let promise = visit.policy.terms().promises[0].clone();
    let standing = Standing::Missed {
        due: at,
        expected: Some(instant("2026-11-24T05:40:00Z")),
    };
    let page = TicketPage {
        masked: &[],
        onward: None,
        merged: vec![(text.to_owned(), "/tickets/EH-2B8N-4C6R?key=1abc".to_owned())],
        visit,
        number: "EH-7K3Q-9M2X".to_owned(),
        url: "/tickets/EH-7K3Q-9M2X?key=1abc".to_owned(),
        reply_to: "/tickets/EH-7K3Q-9M2X/messages?key=1abc".to_owned(),
        subject: text,
        status,
        expected: Some(instant("2026-11-30T05:40:00Z")),
        messages: vec![
            Message {
                seq: 1,
                files: FileLine::of(&[], |_| String::new()),
                writer: Writer::You,
                at,
                words: Some(&words),
            },
            Message {
                seq: 1,
                files: FileLine::of(&[], |_| String::new()),
                writer: Writer::Staff(text),
                at,
                words: None,
            },
        ],
        whole: true,
        people: vec![
            Taking::You,
            Taking::Requester,
            Taking::Other(Some(text.to_owned())),
            Taking::Other(None),
        ],
        promises: vec![Promised {
            promise,
            standing,
            why: None,
        }],
        standing: None,
        may_write: true,
        zone: "Australia/Sydney",
        nonce: "1nonce",
        draft: text,
        faults: &[],
        refused: None,
        version: visit.policy.hash(),
        code: 200,
    };
    page.answer()
}

#[test]
fn the_tickets_page_shows_status_messages_misses_and_a_box_to_write() {
    let page = ticket_page(&visit("en"), "Hello", Status::Open).body;
    assert!(page.contains("We are working on it."));
    assert!(page.contains(
        "We missed this. It was due Monday, 23 November 2026, 16:40 (Australia/Sydney, UTC+11)."
    ));
    assert!(page.contains("You can now expect it by Tuesday, 24 November 2026, 16:40"));
    assert!(page.contains("The text of this message has been erased."));
    assert!(page.contains("Hello, Example Hosting Pty Ltd"));
    assert!(page.contains("action=\"/tickets/EH-7K3Q-9M2X/messages?key=1abc\""));
}

#[test]
fn a_closed_ticket_has_no_box_to_write() {
    let page = ticket_page(&visit("en"), "Hello", Status::Closed).body;
    assert!(!page.contains("<form"));
    assert!(page.contains("please write to us again"));
}

/// The page of the policy, published as these versions; the one in force at noon is shown unless another is named.
fn published(tag: &str, shown: usize, effective: &[&str]) -> Answer {
    let visit = visit(tag);
    let publications: Vec<_> = effective
        .iter()
        .map(|effective| store::Publication {
            version: visit.policy.hash().clone(),
            effective: instant(effective),
            published: instant("2026-11-01T00:00:00Z"),
            approved_by: Some("director <script>".to_owned()),
        })
        .collect();
    let page = PolicyPage {
        visit: &visit,
        policy: &visit.policy,
        shown: &publications[shown],
        publications: &publications,
        now: instant("2026-11-23T01:00:00Z"),
    };
    page.answer()
}

#[test]
fn the_policy_page_is_the_policys_text_and_says_which_language_binds() {
    let english = published("en", 0, &["2026-11-23T00:00:00Z"]);
    assert_eq!(english.status_code, 200);
    assert!(
        english
            .body
            .contains("<h2 id=\"AU.2\">AU.2 When we answer</h2>")
    );
    assert!(english.body.contains(
        "<span class=\"promise\" id=\"promise-first-response\" title=\"Clause AU.2\">24 weekday hours</span>"
    ));
    assert!(
        english
            .body
            .contains("<dd>23 November 2026, 11:00 (Australia/Sydney)</dd>")
    );
    assert!(!english.body.contains("{promise") && !english.body.contains("no longer in force"));
    // Who approved it is on record and nobody else's business.
    assert!(!english.body.contains("director &lt;"));
    let german = published("de", 0, &["2026-11-23T00:00:00Z"]);
    assert!(
        german
            .body
            .contains("<article class=\"policy\" lang=\"en\">")
    );
    assert!(
        german
            .body
            .contains("Verbindlich ist der Text in dieser Sprache: English.")
    );
}

#[test]
fn older_and_future_versions_are_listed_and_say_that_they_are_not_in_force() {
    let instants = [
        "2026-11-20T00:00:00Z",
        "2026-11-23T00:00:00Z",
        "2026-12-01T00:00:00Z",
    ];
    for (shown, said) in [
        (0, Some("This version is no longer in force.")),
        (1, None),
        (2, Some("This version is not in force yet.")),
    ] {
        let page = published("en", shown, &instants).body;
        assert_eq!(page.matches("<li>In force from").count(), 3);
        for sentence in [
            "This version is no longer in force.",
            "This version is not in force yet.",
        ] {
            assert_eq!(page.contains(sentence), said == Some(sentence), "{shown}");
        }
        assert!(page.matches("/policy?version=").count() > 2);
    }
}

#[test]
fn a_closure_of_several_days_is_announced_two_weeks_before_and_not_sooner() {
    // Christmas to the additional day of Boxing Day: 25 to 28 December.
    for (tag, at, said) in [
        ("en", "2026-12-10T00:00:00Z", None),
        (
            "en",
            "2026-12-11T00:00:00Z",
            Some("Closed from 25 December 2026 to 28 December 2026"),
        ),
        (
            "de",
            "2026-12-26T00:00:00Z",
            Some("Vom 25. Dezember 2026 bis zum 28. Dezember 2026 geschlossen"),
        ),
        (
            "vi",
            "2026-12-11T00:00:00Z",
            Some("Nghỉ từ ngày 25 tháng 12 năm 2026"),
        ),
        ("en", "2026-12-29T00:00:00Z", None),
    ] {
        let page = form(&visit(tag).during(&[], instant(at)), &[], &[]).body;
        assert_eq!(page.contains("panel ahead"), said.is_some(), "{at}");
        assert!(said.is_none_or(|said| page.contains(said)), "{page}");
    }
}

#[test]
fn a_busy_time_stands_above_every_page_with_its_end_and_reason_escaped() {
    let busy = store::Busy {
        from: instant("2026-11-23T00:00:00Z"),
        until: instant("2026-11-23T06:00:00Z"),
        reason: HOSTILE.to_owned(),
        reasons: std::collections::BTreeMap::new(),
        by: "duty manager".to_owned(),
        ended: None,
    };
    for (tag, said) in [
        ("en", "We are busier than usual until"),
        ("de", "mehr los als gewöhnlich"),
        ("vi", "lượng yêu cầu cao hơn bình thường"),
    ] {
        let page = form(
            &visit(tag).during(std::slice::from_ref(&busy), instant("2026-11-23T01:00:00Z")),
            &[],
            &[],
        )
        .body;
        assert!(page.contains(said) && page.contains("17:00"), "{page}");
        assert!(!page.contains("<script>alert") && !page.contains("duty manager"));
    }
    assert!(!form(&visit("en"), &[], &[]).body.contains("busier"));
}

#[test]
fn notices_are_said_in_every_language_with_their_status() {
    for (kind, status) in [
        (Notice::NotFound, 404),
        (Notice::NotOpen, 503),
        (Notice::Busy, 503),
        (Notice::Broken, 500),
        (Notice::Unreadable(413), 413),
    ] {
        for tag in ["en", "de", "vi"] {
            let visit = visit(tag);
            assert_eq!(notice(&visit, kind).status_code, status);
            let bare = bare(visit.texts, kind);
            assert_eq!(bare.status_code, status);
            assert_eq!(
                bare.body.contains("troth policy publish DIR"),
                kind == Notice::NotOpen
            );
        }
    }
}

#[test]
fn the_page_says_why_a_time_is_what_it_is_without_a_script() {
    for (tag, question, counted) in [
        (
            "en",
            "Why this time?",
            "counts: 24\u{a0}h, 24\u{a0}h so far",
        ),
        (
            "de",
            "Warum diese Zeit?",
            "zählt: 24\u{a0}Std., bisher 24\u{a0}Std.",
        ),
        (
            "vi",
            "Vì sao là thời điểm này?",
            "được tính: 24\u{a0}giờ, tổng cộng 24\u{a0}giờ",
        ),
    ] {
        let visit = visit(tag);
        let now = instant("2026-11-23T05:40:00Z");
        let request = TicketType::Request;
        let promises = promised::before_sending(&visit, None, request, now);
        let page = super::promises::list(&visit, &promises, "Australia/Sydney").into_string();
        let folded = format!(
            "<details class=\"why\" data-metric=\"first_response\"><summary>{question}</summary>"
        );
        assert!(page.contains(&folded), "{page}");
        assert!(page.contains(counted), "{page}");
        // Internal clocks are not a customer's.
        assert!(!page.contains("data-metric=\"resolution\""), "{page}");
        // The page has no inline styles to allow.
        assert!(!page.contains("style="), "{page}");
    }
}

#[test]
fn the_page_says_when_an_agent_expects_to_be_done() {
    for (tag, said) in [
        (
            "en",
            "We expect to be done by Monday, 30 November 2026, 16:40",
        ),
        (
            "de",
            "Voraussichtlich abgeschlossen bis Montag, 30. November 2026, 16:40 Uhr",
        ),
        ("vi", "Dự kiến hoàn tất chậm nhất 16:40 thứ Hai, 30/11/2026"),
    ] {
        let page = ticket_page(&visit(tag), "a", Status::Open).body;
        assert!(page.contains(said), "{page}");
    }
}

/// A policy with a service and something to ask for.
fn asking(tag: &str) -> Visit {
    let source = include_str!("../../../../infra/policies/web-host-au/policy.toml");
    let source = format!(
        "{source}
[services.mail-hosting]
name = {{ en = \"Mail hosting\", de = \"E-Mail-Hosting\", vi = \"Lưu trữ thư\" }}
supported = true

[[asks]]
id = \"account-number\"
label = {{ en = \"Account number\", de = \"Kundennummer\", vi = \"Số tài khoản\" }}
recommended = true
"
    );
    let visit = visit(tag);
    let policy = Policy::parse(&source, "policy.toml", visit.policy.pages().clone()).unwrap();
    Visit {
        policy: std::sync::Arc::new(policy),
        ..visit
    }
}

#[test]
fn the_form_asks_for_what_the_policy_would_like_to_know_and_requires_none_of_it() {
    let visit = asking("de");
    let two_lines = [("ask-account-number", Fault::NotOneLine)];
    let page = form(&visit, &[("ask-account-number", "42")], &two_lines).body;
    for part in [
        "E-Mail-Hosting",
        "id=\"service-mail-hosting\"",
        "<label for=\"ask-account-number\">Kundennummer (freiwillig)",
        "<a href=\"#ask-account-number\">Kundennummer:",
        "value=\"42\"",
    ] {
        let page = page.replace("(optional)", "(freiwillig)");
        assert!(page.contains(part), "no {part} in {page}");
    }
    let read = |pairs: &[(&str, &str)]| {
        let pairs = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let fields = Fields::of_form(pairs.collect());
        let origin = crate::submission::Origin::Form;
        crate::submission::Submission::read(&fields, &visit.policy, &visit.lang, origin)
    };
    let needed = [
        ("email", "a@example.net"),
        ("subject", "x"),
        ("message", "It broke."),
    ];
    let plain = read(&needed).unwrap();
    assert_eq!(
        (plain.message.as_str(), plain.service.clone()),
        ("It broke.", None)
    );
    let mut all = needed.to_vec();
    all.extend([("ask-account-number", "42"), ("service", "mail-hosting")]);
    let told = read(&all).unwrap();
    assert_eq!(told.message, "It broke.\n\nKundennummer: 42");
    assert_eq!(told.service.as_ref().unwrap().as_str(), "mail-hosting");
    assert_ne!(told.digest(), plain.digest());
    all.push(("service", "other"));
    assert!(read(&all).is_err());
}
