//! Where new tickets go.

use policy::{Channel, Incoming, Policy, Priority, Routed, ServiceId, TicketType};

use crate::lang;

fn online() -> Policy {
    let pages = [(lang("en"), "{company.name}".to_owned())].into();
    Policy::parse(include_str!("online.toml"), "policy.toml", pages).unwrap()
}

const MAIL: Incoming<'_> = Incoming {
    to: &[],
    from: Some("someone@else.example"),
    proved: true,
    subject: "",
    text: "",
    lang: None,
    channel: Channel::Email,
    ticket_type: None,
    service: None,
};

fn rules(routed: &Routed) -> Vec<&str> {
    routed.rules.iter().map(policy::RouteId::as_str).collect()
}

#[test]
fn words_are_whole_and_their_case_does_not_matter() {
    let policy = online();
    let urgent = |subject: &str, text: &str| {
        policy
            .route(&Incoming {
                subject,
                text,
                ..MAIL
            })
            .set
            .priority
            == Some(Priority::Urgent)
    };
    assert!(urgent("Re: OUTAGE!", "") && urgent("our Server   down, help", ""));
    assert!(!urgent("outages everywhere", "") && !urgent("server is down", ""));
    // Only `words` look into the text; `subject` does not.
    assert!(!urgent("hello", "an outage"));
    // The same letters composed and with their marks apart, as some mail programs send them.
    assert!(
        urgent("", "MÁY CHỦ ngừng hoạt động")
            && urgent("ma\u{301}y chu\u{309} ngu\u{31b}\u{300}ng", "")
    );
}

#[test]
fn the_first_rule_that_sets_a_field_decides_it() {
    let policy = online();
    let routed = policy.route(&Incoming {
        from: Some("Desk@BANK.example"),
        subject: "outage",
        ..MAIL
    });
    assert_eq!(rules(&routed), ["outage", "bank"]);
    assert_eq!(routed.set.priority, Some(Priority::Urgent));
    assert_eq!(routed.set.department.unwrap().as_str(), "quality");
    assert_eq!(routed.set.group.unwrap().as_str(), "business");
}

#[test]
fn only_a_proved_address_is_in_a_group() {
    let policy = online();
    let group = |from, proved| {
        let routed = policy.route(&Incoming {
            from: Some(from),
            proved,
            ..MAIL
        });
        routed.set.group.map(|group| group.to_string())
    };
    assert_eq!(group("x@ACME.example", true).as_deref(), Some("business"));
    assert_eq!(
        group("buyer@shop.example", true).as_deref(),
        Some("business")
    );
    assert_eq!(group("x@acme.example", false), None);
    assert_eq!(group("x@bank.example", false), None);
    // Neither a subdomain nor a look-alike is the domain.
    assert_eq!(group("x@mail.acme.example", true), None);
    assert_eq!(group("x@notacme.example", true), None);
}

#[test]
fn feedback_goes_to_its_department_by_address_and_by_choice() {
    let policy = online();
    let to = ["Feedback@online.example".to_owned()];
    let by_mail = policy.route(&Incoming { to: &to, ..MAIL });
    assert_eq!(by_mail.set.ticket_type, Some(TicketType::Feedback));
    assert_eq!(by_mail.set.department.unwrap().as_str(), "quality");
    let chosen = policy.route(&Incoming {
        ticket_type: Some(TicketType::Feedback),
        ..MAIL
    });
    assert_eq!(chosen.set.department.unwrap().as_str(), "quality");
    assert!(policy.is_own_address("feedback@ONLINE.example"));
}

#[test]
fn the_service_that_the_customer_chose_stands() {
    let policy = online();
    let hosting = ServiceId::new("hosting").unwrap();
    let routed = policy.route(&Incoming {
        service: Some(&hosting),
        ..MAIL
    });
    assert_eq!(routed.set.service, Some(hosting));
}

#[test]
fn complaint_escalation_is_read_from_any_subject_that_says_so() {
    let policy = online();
    for subject in [
        "Complaint Escalation",
        "RE: AW: complaint   ESCALATION (EH-7K3Q)",
        "Antwort: [complaint escalation] my case",
    ] {
        assert_eq!(
            policy
                .escalates_complaint(subject)
                .unwrap()
                .department
                .as_str(),
            "quality",
            "{subject}"
        );
    }
    for subject in [
        "Complaint",
        "escalation of a complaint",
        "complaintescalation",
        "",
    ] {
        assert!(policy.escalates_complaint(subject).is_none(), "{subject}");
    }
}
