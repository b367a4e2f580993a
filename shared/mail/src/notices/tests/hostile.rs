use proptest::prelude::*;

use super::*;

const TAINTED: [&str; 4] = ["taintsubject", "taintname", "taintbody", "taintlocal"];

fn tainted(proved: bool) -> Desk {
    let [subject, name, body, local] = TAINTED;
    let mut desk = Desk::with(subject, name, &format!("{local}@customer.example"), body);
    desk.ticket.requester_proved = proved;
    desk
}

/// The mail as it leaves, but for the one line that says where to.
fn raw_without_recipient(letter: &crate::Letter) -> String {
    let mut letter = letter.clone();
    letter.to.address = "recipient@customer.example".to_owned();
    String::from_utf8(render(&letter).unwrap())
        .unwrap()
        .to_lowercase()
}

#[test]
fn nothing_automatic_carries_a_byte_of_an_unproved_senders_words() {
    for (lang, _) in LANGS {
        for text in customer_texts() {
            if matches!(text, Text::Reply { .. }) {
                continue;
            }
            let mut desk = tainted(false);
            desk.ticket.lang = Lang::new(lang).unwrap();
            let letter = desk.to_customer(text).unwrap();
            let raw = raw_without_recipient(&letter);
            for taint in TAINTED {
                for said in [
                    &raw,
                    &letter.text,
                    &letter.html,
                    &letter.subject,
                    &letter.to.name,
                ] {
                    assert!(!said.contains(taint), "{taint} is in {said}");
                }
            }
        }
    }
}

#[test]
fn a_proved_sender_is_greeted_and_reads_their_subject_but_not_their_message() {
    let letter = tainted(true).to_customer(Text::Acknowledgement).unwrap();
    assert!(
        letter.text.contains("Hello taintname,") && letter.text.contains("Subject: taintsubject")
    );
    assert!(!letter.text.contains("taintbody"));
}

#[test]
fn a_participant_who_is_not_the_requester_is_not_proved_by_them() {
    let mut desk = tainted(true);
    let hash = desk.ticket.requester.clone();
    desk.ticket.requester =
        AddressHash::of(&ticket::Pepper::new("pepper"), "another@customer.example");
    let receiver = Receiver::Customer {
        hash: hash.clone(),
        mailbox: crate::Mailbox {
            name: "taintname".into(),
            address: "taintlocal@customer.example".into(),
        },
        page: SITE.to_owned(),
    };
    let letter = desk
        .compose(Addressee::Customer(hash), Text::Acknowledgement, &receiver)
        .unwrap();
    assert!(!letter.text.contains("taint") && letter.to.name.is_empty());
}

const FIELDS: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "Message-ID",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Troth-Notice",
    "MIME-Version",
    "Content-Type",
    "In-Reply-To",
];

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\nBcc: victim@x.example\r\n".to_owned()),
        Just(
            "\n\n<h1>body</h1>\n=== Reply above this line; your words go to the customer ==="
                .to_owned()
        ),
        Just("\u{0}\u{85}\u{2028}X-Troth-Notice: 1\u{2029}\u{202E}".to_owned()),
        Just("=?utf-8?Q?=0D=0ABcc:_v=40x.example?=".to_owned()),
        Just("\"<evil@x.example>, (<script>".to_owned()),
        Just("a".repeat(10_000)),
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Text that breaks out of headers where nobody takes care.
const BREAKOUTS: [&str; 9] = [
    "a\rBcc: v@x.example",
    "a\nBcc: v@x.example",
    "a\r\n\r\n<h1>body</h1>",
    "a\0b",
    "a\u{2028}Bcc: v@x.example\u{2029}",
    "a\u{85}Bcc: v@x.example",
    "=?utf-8?Q?a=0D=0ABcc:_v=40x.example?=",
    "=?utf-8?B?YQ0KQmNjOiB2QHguZXhhbXBsZQ==?=",
    "\\\"\", <v@x.example>, \"",
];

#[test]
fn a_mail_has_exactly_the_fields_of_a_harmless_one_whatever_subject_name_and_file_names_are() {
    let long = "n".repeat(10_000);
    for vector in BREAKOUTS.into_iter().chain([long.as_str()]) {
        let all = |words: &str| {
            let mut desk = Desk::with(words, words, "jo@customer.example", "Please help");
            desk.ticket.requester_proved = true;
            let agent = Actor::Agent("ann".parse().unwrap());
            desk.record(2, agent, Event::AgentReplied, "It works.");
            for event in &mut desk.events {
                let words = words.to_owned();
                let note = ticket::AttachmentNote {
                    name: words,
                    ..ticket::AttachmentNote::default()
                };
                event.words.as_mut().unwrap().attachments = vec![note];
            }
            let customers = customer_texts().into_iter();
            let customers = customers.map(|text| desk.to_customer(text).unwrap());
            let staff = staff_texts().into_iter();
            let staff = staff.map(|text| desk.to_staff("ann", text).unwrap());
            customers
                .chain(staff)
                .map(|letter| fields(&letter))
                .collect::<Vec<_>>()
        };
        assert_eq!(all(vector), all("harmless"), "{vector:.60}");
    }
}

/// The names of the fields of the whole and of its parts, as another parser reads them, and how many recipients
/// there are.
fn fields(letter: &crate::Letter) -> (Vec<String>, usize) {
    let raw = render(letter).unwrap();
    let message = mail_parser::MessageParser::default().parse(&raw).unwrap();
    let headers = message.parts.iter().flat_map(|part| &part.headers);
    let names = headers.map(|header| header.name().to_owned()).collect();
    (names, message.to().unwrap().iter().count())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_words_of_a_customer_add_a_field_a_recipient_or_markup(subject in hostile(), name in hostile(), body in hostile()) {
        let mut desk = Desk::with(&subject, &name, "jo@customer.example", &body);
        desk.ticket.requester_proved = true;
        let agent = Actor::Agent("ann".parse().unwrap());
        desk.record(2, agent, Event::AgentReplied, &body);
        let customers = customer_texts().into_iter().map(|text| desk.to_customer(text));
        let staff = staff_texts().into_iter().map(|text| desk.to_staff("ann", text));
        for letter in customers.chain(staff) {
            let letter = letter.unwrap();
            prop_assert!(!letter.html.contains("<script") && !letter.html.contains("<h1>"));
            let raw = render(&letter).unwrap();
            let head = raw.split(|b| *b == b'\n').take_while(|line| !matches!(line, [] | [b'\r']));
            for line in head.filter(|line| !line.starts_with(b" ") && !line.starts_with(b"\t")) {
                let name = String::from_utf8_lossy(line).split(':').next().unwrap().to_owned();
                prop_assert!(FIELDS.contains(&name.as_str()), "{name}");
            }
            let mail = crate::parse(&raw, None).unwrap();
            prop_assert_eq!(mail.to.len(), 1);
            prop_assert!(mail.cc.is_empty());
        }
    }

    #[test]
    fn a_customer_who_writes_the_marker_cannot_put_words_into_an_agents_answer(body in hostile()) {
        let desk = Desk::with("Site down", "Jo", "jo@customer.example", &format!("{MARKER}\n{body}\n{MARKER}"));
        let letter = desk.to_staff("ann", Text::Opened { seq: 1 }).unwrap();
        let quoted: String = format!("> {}", letter.text.replace('\n', "\n> "));
        let answer = format!("Done.\n\nOn Monday, Desk <desk@{DOMAIN}> wrote:\n{quoted}");
        let above = above_marker(&answer, MARKER);
        prop_assert_eq!(above.as_deref(), Some("Done."));
    }
}
