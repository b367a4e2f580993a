//! Who is there: on call, standing in, in a tier.

use policy::{CalendarId, DepartmentId, OnCallId, PersonId, Point, Policy, Tier};

use crate::{berlin, lang, shown};

fn online() -> Policy {
    let pages = [(lang("en"), "{company.name}".to_owned())].into();
    Policy::parse(include_str!("online.toml"), "policy.toml", pages).unwrap()
}

#[test]
fn stand_ins_are_followed_by_the_dates_of_the_policys_zone() {
    let policy = online();
    let present = |id: &str, at: &str| {
        let person = policy.present(&PersonId::new(id).unwrap(), berlin(at));
        person.unwrap().id.to_string()
    };
    assert_eq!(present("ann", "2026-12-19T23:59"), "ann");
    assert_eq!(present("ann", "2026-12-20T00:00"), "ben");
    assert_eq!(present("ann", "2026-12-24T12:00"), "boss");
    assert_eq!(present("ben", "2026-12-24T12:00"), "boss");
    assert_eq!(present("ann", "2027-01-04T23:59"), "ben");
    assert_eq!(present("ann", "2027-01-05T00:00"), "ann");
    assert!(
        policy
            .present(&PersonId::new("gone").unwrap(), berlin("2026-12-24T12:00"))
            .is_none()
    );
}

#[test]
fn the_first_open_shift_has_the_call_and_the_others_have_it_between() {
    let policy = online();
    let on_call = |at: &str| {
        let people = policy.on_call(&OnCallId::new("night").unwrap(), berlin(at));
        people
            .iter()
            .map(|it| it.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(on_call("2026-11-20T12:00"), ["boss"]);
    assert_eq!(on_call("2026-11-20T20:00"), ["ann", "ben"]);
    assert_eq!(on_call("2026-11-21T00:00"), ["ben"]);
    // Both stand for the same person while one is away.
    assert_eq!(on_call("2026-12-21T22:00"), ["ben"]);
}

#[test]
fn quiet_hours_end_at_the_next_opening() {
    let policy = online();
    let office = CalendarId::new("office").unwrap();
    let next = |at: &str| shown(policy.next_open(&office, berlin(at)));
    assert_eq!(next("2026-11-20T16:59:59"), "Fri 2026-11-20T16:59:59+01:00");
    assert_eq!(next("2026-11-20T17:00"), "Mon 2026-11-23T09:00:00+01:00");
    assert_eq!(next("2026-12-24T18:00"), "Mon 2026-12-28T09:00:00+01:00");
}

#[test]
fn tiers_get_a_ticket_when_those_before_have_used_their_shares() {
    let policy = online();
    let support = policy
        .department(&DepartmentId::new("support").unwrap())
        .unwrap();
    assert_eq!(
        support.tier_points(),
        [(Tier::L2, Point::Share(500)), (Tier::L3, Point::Share(800))]
    );
    assert_eq!(support.tier(Tier::L2).unwrap().people[0].as_str(), "ben");
}
