//! Tickets of a story that go on as one: merged one way, in chains, both ways at once, refused, and everything that comes
//! for the one that has gone.

use std::collections::BTreeMap;

use policy::Policy;

use super::arcs::{answers, orders};
use super::{HOUR, Input, MINUTE, What};
use crate::policies;

/// Something that somebody does, with its instant in seconds and the ticket it is about.
pub(super) type Planned = (u64, usize, bool, What);

/// Of the eight tickets, these pairs are one customer's each.
const ONE_CUSTOMER: [(usize, usize); 2] = [(6, 0), (7, 1)];

/// How long an agent takes from the newest of the openings until the merge.
const READ: std::ops::Range<u64> = 10 * MINUTE..3 * HOUR;

/// What there is of merges in a story; `opened` is when each ticket begins.
pub(super) fn plot(rng: &mut fastrand::Rng, policy: &Policy, opened: &[u64]) -> Vec<Planned> {
    // Where targets are short there is more to lose by it.
    let often = if policies::is_own(policy) { 10 } else { 4 };
    if rng.u32(0..12) >= often {
        return Vec::new();
    }
    let (one, other) = if rng.bool() {
        ONE_CUSTOMER[rng.usize(0..2)]
    } else {
        let one = rng.usize(0..opened.len());
        (one, (one + rng.usize(1..opened.len())) % opened.len())
    };
    let third = (0..opened.len()).filter(|it| ![one, other].contains(it));
    let third: Vec<usize> = third.collect();
    let mut plot = Plot {
        tickets: [one, other, third[rng.usize(0..third.len())]],
        at: 0,
        planned: Vec::new(),
        rng,
    };
    plot.at = plot.tickets.iter().map(|it| opened[*it]).max().unwrap_or(0);
    plot.at += plot.rng.u64(READ);
    match plot.rng.u32(0..6) {
        0 => plot.chain(),
        1 => plot.chain_from_its_end(),
        2 => plot.both_ways(),
        _ => plot.one_way(),
    }
    plot.planned
}

/// When the first of them is asked for, in seconds.
pub(super) fn first(planned: &[Planned]) -> Option<u64> {
    let merges = |what: &What| matches!(what, What::Agent(agent) if agent.orders.iter().any(|it| named(it).is_some()));
    let mut all = planned.iter().filter(|(.., what)| merges(what));
    all.next().map(|(at, ..)| *at)
}

/// Hours in which something does not happen, if there are any, lie where two tickets are merged: nobody has seen what came due
/// meanwhile, and what was to be sent lies there still.
pub(super) fn over((from, until): (u64, u64), start: u64, merged: Option<u64>) -> (u64, u64) {
    match merged {
        Some(at) if until > 0 => {
            let long = until - from;
            let from = (start + at * 1_000_000).saturating_sub(long * 3 / 4);
            (from.max(start), from.max(start) + long)
        }
        _ => (from, until),
    }
}

struct Plot<'r> {
    /// Two that are merged, and a third.
    tickets: [usize; 3],
    at: u64,
    planned: Vec<Planned>,
    rng: &'r mut fastrand::Rng,
}

impl Plot<'_> {
    fn does(&mut self, ticket: usize, what: What) {
        self.planned.push((self.at, ticket, false, what));
    }

    fn later(&mut self) {
        self.at += self.rng.u64(10 * MINUTE..2 * HOUR);
    }

    /// An agent merges one into another: at once with the word that it takes between two customers, or without it.
    fn merge(&mut self, one: usize, other: usize) {
        let confirm = if self.rng.u32(0..3) > 0 {
            " confirm"
        } else {
            ""
        };
        let order = format!("/merge #{other}{confirm}");
        let what = match self.rng.u32(0..6) {
            0 => answers(&[&order]),
            1 => orders(vec![order, "/solve".to_owned()]),
            2 => orders(vec!["/assign me".to_owned(), order]),
            _ => orders(vec![order]),
        };
        let at_due = self.rng.bool();
        self.planned.push((self.at, one, at_due, what));
        if confirm.is_empty() && self.rng.bool() {
            // Whoever reads why it was refused writes it again.
            self.later();
            self.does(one, orders(vec![format!("/merge #{other} confirm")]));
        }
    }

    fn one_way(&mut self) {
        let [one, other, _] = self.tickets;
        // What comes at the same instant comes before it, behind it, or finds the ticket gone.
        let meanwhile = self.rng.u32(0..3);
        if meanwhile < 2 {
            let about = if meanwhile == 0 { one } else { other };
            let what = word(self.rng);
            self.does(about, what);
        }
        self.merge(one, other);
        self.after(one, other);
    }

    fn chain(&mut self) {
        let [one, other, third] = self.tickets;
        self.merge(one, other);
        self.later();
        self.merge(other, third);
        self.after(one, third);
    }

    /// The second half is merged first, so that the first half is told where it goes on.
    fn chain_from_its_end(&mut self) {
        let [one, other, third] = self.tickets;
        self.merge(other, third);
        self.later();
        self.does(one, orders(vec![format!("/merge #{other} confirm")]));
        self.later();
        self.merge(one, third);
        self.after(one, other);
    }

    fn both_ways(&mut self) {
        let [one, other, third] = self.tickets;
        for (one, other) in [(one, other), (other, one)] {
            self.does(one, orders(vec![format!("/merge #{other} confirm")]));
        }
        // The third is none that there is.
        let nothing = ["/merge #99", "/merge them", "/merge"][self.rng.usize(0..3)];
        self.does(third, orders(vec![nothing.to_owned()]));
        self.after(one, other);
    }

    /// What comes for a ticket that has gone, and then for the one that goes on.
    fn after(&mut self, gone: usize, on: usize) {
        // Whoever has the old ticket's mail before them answers it.
        self.later();
        self.does(gone, answers(&[]));
        for _ in 0..self.rng.usize(2..=4) {
            self.later();
            let what = match self.rng.u32(0..12) {
                0..5 => word(self.rng),
                5 => What::HaveIt,
                6 => What::Bounce,
                7 => What::Stranger,
                8 => orders(vec!["/release ?".to_owned()]),
                9 => orders(vec!["/open".to_owned(), "/priority high".to_owned()]),
                10 => What::AutoReply,
                _ => answers(&["/solve"]),
            };
            self.does(gone, what);
        }
        self.later();
        self.does(on, answers(&[]));
    }
}

/// Somebody's words.
fn word(rng: &mut fastrand::Rng) -> What {
    match rng.u32(0..4) {
        0 => What::Page,
        1 => answers(&[]),
        _ => What::Answer { proved: rng.bool() },
    }
}

/// The ticket that an order names to go on with, as the story counts tickets.
pub(crate) fn named(order: &str) -> Option<usize> {
    let (_, rest) = order.strip_prefix("/merge ")?.split_once('#')?;
    rest.split(' ').next()?.parse().ok()
}

/// Tickets that one is merged into another of, with the ticket that stands for all of them.
pub(super) fn groups(inputs: &[Input]) -> BTreeMap<usize, usize> {
    let mut groups: BTreeMap<usize, usize> = BTreeMap::new();
    for input in inputs {
        let What::Agent(agent) = &input.what else {
            continue;
        };
        for other in agent.orders.iter().filter_map(|order| named(order)) {
            let of = |it: usize| groups.get(&it).copied().unwrap_or(it);
            let (one, other, both) = (of(input.ticket), of(other), [input.ticket, other]);
            groups
                .values_mut()
                .filter(|it| **it == other)
                .for_each(|it| *it = one);
            groups.extend(both.map(|it| (it, one)));
        }
    }
    groups
}
