use super::*;
use crate::testing::{lang, policy};

fn fields(changed: &[(&str, &str)]) -> Fields {
    let mut pairs: Vec<(String, String)> = [
        ("email", "customer@example.com"),
        ("name", "A Customer"),
        ("subject", "Domain does not resolve"),
        ("message", "Since this morning."),
        ("department", "technical"),
        ("type", "request"),
        ("lang", "de"),
        ("zone", "Europe/Berlin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .to_vec();
    for &(name, value) in changed {
        pairs.retain(|(other, _)| other != name);
        pairs.push((name.to_owned(), value.to_owned()));
    }
    Fields::of_form(pairs)
}

fn read(changed: &[(&str, &str)], origin: Origin) -> Result<Submission, Vec<FieldFault>> {
    Submission::read(&fields(changed), &policy(), &lang("en"), origin)
}

#[test]
fn a_complete_request_is_read_field_by_field() {
    let read = read(&[], Origin::Api).unwrap();
    assert_eq!(read.email.as_str(), "customer@example.com");
    assert_eq!(read.department.unwrap().as_str(), "technical");
    assert_eq!(read.ticket_type, TicketType::Request);
    assert_eq!(
        (read.lang.as_str(), read.zone.as_deref()),
        ("de", Some("Europe/Berlin"))
    );
}

#[test]
fn what_may_be_left_out_has_a_meaning() {
    let changed = [
        ("name", ""),
        ("department", ""),
        ("type", ""),
        ("lang", ""),
        ("zone", ""),
    ];
    let read = read(&changed, Origin::Api).unwrap();
    assert_eq!(
        (read.name.as_str(), read.department, read.zone),
        ("", None, None)
    );
    assert_eq!(
        (read.ticket_type, read.lang),
        (TicketType::Request, lang("en"))
    );
}

#[test]
fn each_bad_value_is_refused_with_its_reason() {
    let long = |count: usize| "x".repeat(count);
    let departments = || Fault::NotOffered("technical, billing, sales".to_owned());
    for (name, value, fault) in [
        ("email", String::new(), Fault::Missing),
        ("email", "not an address".to_owned(), Fault::NotAnAddress),
        (
            "email",
            "a@example.com\r\nBcc: b@example.com".to_owned(),
            Fault::NotAnAddress,
        ),
        ("name", long(201), Fault::TooLong(200)),
        ("name", "A\r\nB".to_owned(), Fault::NotOneLine),
        ("name", "A\u{2028}B".to_owned(), Fault::NotOneLine),
        ("subject", " \t ".to_owned(), Fault::Missing),
        ("subject", "\u{202E}\u{200B}".to_owned(), Fault::Missing),
        ("subject", "a\0b".to_owned(), Fault::NotOneLine),
        ("subject", long(301), Fault::TooLong(300)),
        ("message", " \r\n ".to_owned(), Fault::Missing),
        ("message", long(20_001), Fault::TooLong(20_000)),
        ("department", "kitchen".to_owned(), departments()),
        // Reached by mail only; the form does not offer it.
        ("department", "management".to_owned(), departments()),
        (
            "type",
            "praise".to_owned(),
            Fault::NotOffered("request, complaint".to_owned()),
        ),
        (
            "lang",
            "fr".to_owned(),
            Fault::NotOffered("en, de, vi".to_owned()),
        ),
        ("zone", "Mars/Base".to_owned(), Fault::UnknownZone),
        ("priority", "urgent".to_owned(), Fault::UnknownField),
        ("nonce", "a".to_owned(), Fault::UnknownField),
    ] {
        assert_eq!(
            read(&[(name, &value)], Origin::Api),
            Err(vec![(name.to_owned(), fault)]),
            "{name}"
        );
    }
}

#[test]
fn all_faults_are_found_at_once() {
    let faults = read(
        &[("email", ""), ("message", ""), ("admin", "1")],
        Origin::Form,
    )
    .unwrap_err();
    let names: Vec<&str> = faults.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["admin", "email", "message"]);
}

#[test]
fn hidden_fields_that_a_person_cannot_repair_do_not_refuse_the_form() {
    let read = read(
        &[("zone", "Mars/Base"), ("lang", "fr"), ("nonce", "a")],
        Origin::Form,
    )
    .unwrap();
    assert_eq!((read.zone, read.lang), (None, lang("en")));
}

#[test]
fn the_longest_message_is_taken_whole_and_cleaned() {
    let message = "😀".repeat(19_990) + "\r\nb\u{7}\u{202E}\tc\r\n";
    let read = read(&[("message", &message)], Origin::Form).unwrap();
    assert_eq!(read.message, "😀".repeat(19_990) + "\nb\tc");
}

#[test]
fn a_message_of_exactly_the_limit_is_taken() {
    assert!(read(&[("message", &"x".repeat(20_000))], Origin::Form).is_ok());
    // Line ends arrive as two bytes from browsers and count as one character.
    assert!(
        read(
            &[("message", &("x\r\n".repeat(9_999) + "xx"))],
            Origin::Form
        )
        .is_ok()
    );
}

#[test]
fn the_digest_tells_every_field_apart_and_ignores_their_order() {
    let digest = |changed: &[(&str, &str)]| read(changed, Origin::Form).unwrap().digest();
    let same = digest(&[]);
    assert_eq!(digest(&[("email", "customer@example.com")]), same);
    for (name, value) in [
        ("email", "other@example.com"),
        ("name", "B"),
        ("subject", "b"),
        ("message", "b"),
        ("department", ""),
        ("type", "complaint"),
        ("lang", "vi"),
        ("zone", "UTC"),
    ] {
        assert_ne!(digest(&[(name, value)]), same, "{name}");
    }
}
