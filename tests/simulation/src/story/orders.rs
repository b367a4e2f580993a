//! What an agent orders by mail.

use policy::Policy;

use super::Agent;

/// An order that means nothing, or names nobody, nowhere, no time or no reason. Takes nothing from the dice that all else is
/// rolled with.
fn refused(mut rng: fastrand::Rng) -> &'static str {
    let all = [
        "/nonsense with words",
        "/assign nobody-here",
        "/department nowhere",
        "/expect soon",
        "/expect 2026-11-01 16:00 long ago",
        "/escalate L2",
        "/priority sometimes",
    ];
    all[rng.usize(0..all.len())]
}

/// An agent's mail: words, up to three orders, and the marker above which they stand, unless a program took it away.
pub(super) fn agent(rng: &mut fastrand::Rng, policy: &Policy) -> Agent {
    let people = &policy.terms().people;
    let departments = &policy.terms().departments;
    let order = |rng: &mut fastrand::Rng| match rng.u32(0..14) {
        0 => "/open".to_owned(),
        1 => "/pending".to_owned(),
        2 => "/hold".to_owned(),
        3 | 4 => "/solve".to_owned(),
        5 => format!("/assign {}", people[rng.usize(0..people.len())].id),
        6 => "/assign me".to_owned(),
        7 => format!(
            "/priority {}",
            ["low", "normal", "high", "urgent"][rng.usize(0..4)]
        ),
        8 => format!(
            "/department {}",
            departments[rng.usize(0..departments.len())].id
        ),
        9 => format!("/escalate L{} beyond me", rng.u32(1..=3)),
        10 => "/ack".to_owned(),
        11 => "/expect 2026-12-20 16:00 parts are on order".to_owned(),
        12 => "/note".to_owned(),
        _ => refused(rng.clone()).to_owned(),
    };
    let count = [0, 0, 1, 1, 2, 3][rng.usize(0..6)];
    let orders: Vec<String> = (0..count).map(|_| order(rng)).collect();
    Agent {
        words: orders.is_empty() || rng.u32(0..4) > 0,
        marker: rng.u32(0..8) > 0,
        orders,
    }
}
