use super::*;

fn page(blocks: Vec<Block>) -> Page {
    Page {
        blocks,
        ..Page::new("en", "Your request")
    }
}

#[test]
fn both_forms_say_the_same_words() {
    let page = page(vec![
        Block::Marker("=== above ===".into()),
        Block::Paragraph("We have it.\nThank you.".into()),
        Block::Facts(vec![("Number".into(), "EH-1".into())]),
        Block::Quote("It broke\n\n  badly".into()),
        Block::Link {
            label: "Your ticket".into(),
            url: "https://x.example/t".into(),
        },
        Block::Footer(vec![
            "Example Ltd".into(),
            "Privacy: https://x.example/p".into(),
        ]),
    ]);
    assert_eq!(
        page.text(),
        "=== above ===\n\nWe have it.\nThank you.\n\nNumber: EH-1\n\n> It broke\n>\n>   badly\n\nYour ticket:\nhttps://x.example/t\n\n-- \nExample Ltd\nPrivacy: https://x.example/p\n"
    );
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric())
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        words(&crate::inbound::html::reduce(&page.html())),
        words(&page.text())
    );
}

#[test]
fn a_strangers_words_stay_words() {
    let hostile = "<script>alert(1)</script><img src=https://evil.example/x>";
    let html = page(vec![
        Block::Quote(hostile.into()),
        Block::Paragraph(hostile.into()),
        Block::Facts(vec![(hostile.into(), hostile.into())]),
        Block::Link {
            label: hostile.into(),
            url: "javascript:alert(1)".into(),
        },
        Block::Link {
            label: "x".into(),
            url: "https://x.example/\"onclick=\"alert(1)".into(),
        },
        Block::Footer(vec![hostile.into()]),
    ])
    .html();
    assert!(
        !html.contains("<script") && !html.contains("<img") && !html.contains("href=\"javascript")
    );
    assert!(!html.contains("\"onclick"));
}

#[test]
fn nobodys_words_are_cut_however_long_a_line_is() {
    let long = "word ".repeat(500) + "end";
    for block in [
        Block::Words(long.clone()),
        Block::Quote(long.clone()),
        Block::Paragraph(long),
    ] {
        assert!(page(vec![block]).html().contains("word end"));
    }
}

#[test]
fn a_marker_stands_above_all_else_and_a_preheader_only_where_there_is_none() {
    let mut page = page(vec![Block::Marker("=== above ===".into())]);
    page.preheader = "Number EH-1".into();
    page.band = Some(Band {
        name: "Example Ltd".into(),
        colours: ("#0b5cad".parse().unwrap(), policy::Colour::WHITE),
    });
    let html = page.html();
    let body = &html[html.find("<body").unwrap()..];
    let first = body[body.find('>').unwrap()..].trim_start_matches('>');
    let (tag, words) = first.split_once('>').unwrap();
    assert!(
        tag.starts_with("<p ") && words.starts_with("=== above ===</p>"),
        "{first}"
    );
    assert!(!html.contains("Number EH-1") && html.contains("Example Ltd"));
    page.blocks = vec![Block::Paragraph("Hello".into())];
    assert!(page.html().contains("Number EH-1"));
}

#[test]
fn numbers_dates_and_orders_break_at_no_hyphen_and_are_copied_as_they_are() {
    let page = page(vec![
        Block::Paragraph("See EH-EDFF-DKDR, or \"/out-of-scope\" (2027-02-12); an e-mail.".into()),
        Block::Facts(vec![(
            "/merge EH-7K3Q-9M2X".into(),
            "in EH-2B8N-4C6R".into(),
        )]),
    ]);
    let html = page.html();
    for code in [
        "EH-EDFF-DKDR",
        "/out-of-scope",
        "2027-02-12",
        "EH-7K3Q-9M2X",
        "EH-2B8N-4C6R",
    ] {
        let held = format!("<span style=\"white-space:nowrap\">{code}</span>");
        assert!(html.contains(&held), "{code} in {html}");
    }
    assert!(
        html.contains("&quot;<span") && html.contains("an e-mail."),
        "{html}"
    );
    let copied = crate::inbound::html::reduce(&html);
    assert!(
        copied.contains("See EH-EDFF-DKDR, or \"/out-of-scope\" (2027-02-12); an e-mail."),
        "{copied}"
    );
}

#[test]
fn what_follows_facts_stands_as_far_below_them_as_below_a_paragraph() {
    let fact = |label: &str| (label.to_owned(), "done".to_owned());
    let long = "/participant add ADDRESS earlier";
    let html = page(vec![Block::Facts(vec![fact(long), fact(long)])]).html();
    let gaps: Vec<&str> = html
        .match_indices("margin:0 0 ")
        .map(|(at, it)| &html[at + it.len()..][..4])
        .collect();
    assert_eq!(gaps, ["8px;", "16px"]);
}

#[test]
fn numbers_keep_their_units_on_the_line_and_german_days_their_months() {
    for (text, glued_text) in [
        (
            "bis 23. November 2026, 07:00 Uhr (UTC)",
            "bis 23.\u{A0}November 2026, 07:00\u{A0}Uhr (UTC)",
        ),
        (
            "counted: 1 h 30 min, so",
            "counted: 1\u{A0}h 30\u{A0}min, so",
        ),
        ("8 giờ 30 phút", "8\u{A0}giờ 30\u{A0}phút"),
        ("We are 3 at 10. It is", "We are 3 at 10.\u{A0}It is"),
        ("leitung (150 %), dann", "leitung (150\u{A0}%), dann"),
        ("a b", "a b"),
    ] {
        assert_eq!(glued(text), glued_text);
    }
    let text = page(vec![Block::Paragraph("x ".repeat(33) + "07:00 Uhr.")]).text();
    assert!(text.ends_with("\n07:00 Uhr.\n"), "{text}");
}

#[test]
fn lists_are_lists_and_long_entries_go_on_under_their_words() {
    let page = page(vec![Block::Paragraph(format!(
        "- one\n- {}",
        "two ".repeat(30)
    ))]);
    assert!(page.html().contains("<li>one</li>"));
    assert!(page.text().starts_with("- one\n- two two"));
    assert!(
        page.text()
            .lines()
            .skip(2)
            .all(|line| line.starts_with("  two"))
    );
}

#[test]
fn a_button_is_a_cell_of_colour_and_plain_without_a_brand() {
    let button = || Block::Button {
        label: "Open".into(),
        url: "https://x.example/t".into(),
    };
    let mut page = page(vec![button()]);
    assert!(
        page.html()
            .contains("<b><a href=\"https://x.example/t\">Open</a></b>")
    );
    page.band = Some(Band {
        name: "Example Ltd".into(),
        colours: ("#0b5cad".parse().unwrap(), policy::Colour::WHITE),
    });
    assert!(page.html().contains("bgcolor=\"#0b5cad\""));
    assert_eq!(page.text(), "Open:\nhttps://x.example/t\n");
}

#[test]
fn nothing_is_loaded_from_elsewhere() {
    let html = page(vec![Block::Link {
        label: "x".into(),
        url: "https://x.example/".into(),
    }])
    .html();
    for load in ["src=", "url(", "<link", "<iframe", "@import", "<script"] {
        assert!(!html.contains(load), "{load}");
    }
}

#[test]
fn long_lines_wrap_and_links_stay_whole() {
    let url = format!("https://x.example/{}", "a".repeat(100));
    let text = page(vec![Block::Quote(format!("{} {url}", "word ".repeat(40)))]).text();
    assert!(text.lines().all(|l| l.len() <= 76 || l.contains(&url)));
    assert!(text.contains(&url) && text.lines().all(|l| l.starts_with("> ")));
}

#[test]
fn a_value_stands_below_its_label_where_the_label_would_take_the_room_on_a_phone() {
    let html =
        |label: &str| page(vec![Block::Facts(vec![(label.into(), "the value".into())])]).html();
    for beside in ["Number", "How this time is counted", "Acknowledgement"] {
        assert!(
            html(beside).contains("<td style=\"padding:2px 0"),
            "{beside}"
        );
    }
    for below in ["Eingangsbestätigung", "participant remove jo@example.net"] {
        let html = html(below);
        assert!(html.contains(":</b><br>the value</p>"), "{html}");
    }
}
