//! Which promises hold, and the lookups around them.

use policy::{
    Channel, DepartmentId, Facts, Level, Point, Policy, Priority, Promise, PromiseId, Run,
    TicketType,
};

use crate::{berlin, desk, lang, shown};

fn department(id: &str) -> DepartmentId {
    DepartmentId::new(id).unwrap()
}

fn held(
    desk: &Policy,
    department: Option<&DepartmentId>,
    priority: Priority,
    received: &str,
) -> Vec<String> {
    let received = berlin(received);
    let facts = Facts {
        department,
        priority,
        channel: Channel::Form,
        ticket_type: TicketType::Request,
        lang: &lang("en"),
        group: None,
        service: None,
        received,
        busy: &[],
    };
    desk.promises(&facts)
        .into_iter()
        .map(|promise| promise.id.to_string())
        .collect()
}

#[test]
fn the_first_match_of_each_metric_holds() {
    let desk = desk();
    let friday = "2026-11-20T10:00";
    assert_eq!(
        held(&desk, Some(&department("tech")), Priority::Normal, friday),
        ["response", "solution"]
    );
    assert_eq!(
        held(&desk, Some(&department("sales")), Priority::Normal, friday),
        ["sales-response", "solution"]
    );
}

#[test]
fn an_internal_clock_never_hides_a_published_promise() {
    let desk = desk();
    let held = held(
        &desk,
        Some(&department("tech")),
        Priority::Urgent,
        "2026-11-20T10:00",
    );
    assert_eq!(held, ["internal", "response", "solution"]);
}

#[test]
fn before_triage_the_strictest_of_the_departments_on_the_form_decides() {
    let desk = desk();
    // Technical counts every hour of the day, so it is always due before the sales office.
    assert_eq!(
        held(&desk, None, Priority::Normal, "2026-11-20T18:00"),
        ["response", "solution"]
    );
    let response = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    let run = Run::since(berlin("2026-11-20T18:00"));
    let due = |department: Option<&DepartmentId>| {
        shown(
            desk.instant(response, department, &run, &Point::DUE)
                .unwrap(),
        )
    };
    assert_eq!(due(None), "Fri 2026-11-20T22:00:00+01:00");
    assert_eq!(
        due(Some(&department("sales"))),
        "Mon 2026-11-23T13:00:00+01:00"
    );
    assert_eq!(
        desk.elapsed(response, None, &run, berlin("2026-11-20T19:00")),
        3_600
    );
    // A department that this version does not know is treated like none.
    assert_eq!(due(Some(&department("gone"))), due(None));
}

#[test]
fn levels_before_due_are_warnings() {
    let desk = desk();
    let Promise { levels, .. } = desk.promise(&PromiseId::new("response").unwrap()).unwrap();
    let warnings: Vec<_> = levels
        .iter()
        .map(|level| (level.id.as_str(), level.at, Level::is_warning(level)))
        .collect();
    assert_eq!(
        warnings,
        [
            ("warn", Point::Share(750), true),
            ("soon", Point::Before(1800), true),
            ("lead", Point::DUE, false),
            ("late", Point::After(7200), false),
        ],
    );
}

#[test]
fn people_are_found_by_what_they_do() {
    let desk = desk();
    let names = |people: Vec<&policy::Person>| {
        people
            .into_iter()
            .map(|person| person.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(desk.agents_of(&department("tech"))), ["ann", "ben"]);
    assert_eq!(names(desk.agents_of(&department("gone"))), [""; 0]);
    assert_eq!(
        names(desk.lead(&department("sales")).into_iter().collect()),
        ["boss"]
    );
    assert_eq!(names(desk.management()), ["boss"]);
    assert_eq!(
        desk.person_by_address("B@staff.EXAMPLE").unwrap().lang,
        lang("de")
    );
}

#[test]
fn addresses_reach_a_department_or_the_desk_whatever_their_case() {
    let desk = desk();
    assert_eq!(
        desk.department_by_address("TECH@desk.example").unwrap().id,
        department("tech")
    );
    assert!(desk.department_by_address("help@desk.example").is_none());
    assert!(desk.is_own_address("Help@desk.example") && desk.is_own_address("sales@desk.example"));
    assert!(!desk.is_own_address("someone@else.example"));
}

#[test]
fn a_language_we_do_not_speak_becomes_the_first_we_do() {
    let desk = desk();
    let (vietnamese, german) = (lang("vi"), lang("de"));
    assert_eq!(desk.language([&vietnamese, &german]), &german);
    assert_eq!(desk.language([&vietnamese]), &lang("en"));
}

#[test]
fn the_ticket_type_sets_the_first_priority() {
    let priorities = desk().terms().priorities.clone();
    assert_eq!(priorities.initial(TicketType::Complaint), Priority::High);
    assert_eq!(priorities.initial(TicketType::Request), Priority::Normal);
}
