//! What happens to one ticket of a story: mostly people who write, and now and then one of the ways that a desk has for
//! what is not settled by an answer.

use policy::Policy;

use super::{Agent, DAY, HOUR, MINUTE, What};
use crate::policies;
use crate::reports::SAID;

/// One thing that happens to a ticket.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    /// So long after the one before, in seconds.
    pub(super) after: u64,
    /// Whether it waits for the instant at which the desk's clock does something, and happens then.
    pub(super) at_due: bool,
    pub(super) what: What,
}

/// The opening of a ticket and everything that follows; `days` is how long the story is.
pub(super) fn arc(rng: &mut fastrand::Rng, policy: &Policy, days: u64) -> Vec<Turn> {
    let mut arc = Arc {
        rng,
        policy,
        days,
        turns: Vec::new(),
    };
    let kind = arc.rng.u32(0..16);
    match kind {
        0 => arc.nobody_answers(),
        1 => arc.it_waits("/pending"),
        2 => arc.it_waits("/hold"),
        3 | 4 => arc.it_changes(),
        5 | 6 => arc.others_take_part(),
        7 | 8 => arc.a_complaint(),
        9 => arc.out_of_scope(),
        10 => arc.tiers(),
        11 | 12 => arc.too_late(),
        COMES_BACK => arc.mail_comes_back(),
        _ => arc.talk(),
    }
    // How such a thing ends is told where targets are short; elsewhere its beginning is enough, and seeds are cheaper.
    if !policies::is_own(policy) && kind != COMES_BACK {
        arc.turns.truncate(4);
    }
    arc.turns
}

/// The arc of machines, which is short anyway.
const COMES_BACK: u32 = 13;

struct Arc<'r> {
    rng: &'r mut fastrand::Rng,
    policy: &'r Policy,
    days: u64,
    turns: Vec<Turn>,
}

impl Arc<'_> {
    fn after(&mut self, after: u64, what: What) {
        self.turns.push(Turn {
            after,
            at_due: false,
            what,
        });
    }

    fn at_due(&mut self, what: What) {
        let after = self.rng.u64(5 * MINUTE..HOUR);
        self.turns.push(Turn {
            after,
            at_due: true,
            what,
        });
    }

    /// A while, as people leave a mail alone.
    fn later(&mut self, what: What) {
        let after = self.rng.u64(5 * MINUTE..self.days * DAY / 4);
        self.after(after, what);
    }

    fn soon(&mut self, what: What) {
        let after = self.rng.u64(5 * MINUTE..2 * HOUR);
        self.after(after, what);
    }

    fn opens(&mut self) {
        let what = opening(self.rng);
        let keyed = what == What::Api;
        self.after(0, what);
        if keyed && self.rng.bool() {
            self.soon(What::ApiOther);
        }
    }

    fn customer(&mut self) -> What {
        super::customer(self.rng)
    }

    /// At least two writers, the customer and an agent, and who else has something to say.
    fn talk(&mut self) {
        self.opens();
        for turn in 0..self.rng.usize(2..=3) {
            let what = match turn {
                0 => What::Agent(super::agent(self.rng, self.policy)),
                1 => self.customer(),
                _ => super::other(self.rng, self.policy),
            };
            self.later(what);
            // Somebody else writes at the same moment.
            if self.rng.u32(0..4) == 0 {
                let what = super::other(self.rng, self.policy);
                let after = self.rng.u64(0..2);
                self.after(after, what);
            }
        }
    }

    /// The ladder is climbed; in the end somebody says that they have it.
    fn nobody_answers(&mut self) {
        self.opens();
        let taken = if self.rng.bool() {
            What::HaveIt
        } else {
            orders(vec!["/ack".to_owned()])
        };
        self.later(taken);
        self.later(What::HaveIt);
        let answer = answers(&["/solve"]);
        self.later(answer);
        let answer = self.customer();
        self.later(answer);
    }

    /// The clock stands, or does not, and what the customer then writes starts another.
    fn it_waits(&mut self, order: &str) {
        self.opens();
        let answer = answers(&[order]);
        self.soon(answer);
        let answer = self.customer();
        self.later(answer);
        let waits = orders(vec![order.to_owned()]);
        self.soon(waits);
        let open = orders(vec!["/open".to_owned()]);
        self.later(open);
        let answer = answers(&["/solve"]);
        self.later(answer);
    }

    /// Departments and priorities, each of which may have other promises.
    fn it_changes(&mut self) {
        self.opens();
        for _ in 0..self.rng.usize(2..=3) {
            let order = change(self.rng, self.policy);
            let change = orders(vec![order]);
            if self.rng.u32(0..4) == 0 {
                self.at_due(change);
            } else {
                self.soon(change);
            }
        }
        let answer = answers(&[]);
        self.later(answer);
        let answer = self.customer();
        self.soon(answer);
        let order = change(self.rng, self.policy);
        let change = orders(vec![order]);
        self.soon(change);
        let answer = answers(&[]);
        self.later(answer);
    }

    /// Somebody else writes, is heard, takes part, and does not any more.
    fn others_take_part(&mut self) {
        self.opens();
        let earlier = if self.rng.bool() { " earlier" } else { "" };
        let add = orders(vec![format!("/participant add {HELPER}{earlier}")]);
        self.soon(add);
        self.soon(What::Stranger);
        let release = orders(vec!["/release ?".to_owned()]);
        self.soon(release);
        self.soon(What::Participant);
        let answer = answers(&[]);
        self.later(answer);
        let remove = orders(vec![format!("/participant remove {HELPER}")]);
        self.soon(remove);
        let answer = answers(&["/solve"]);
        self.soon(answer);
        self.later(What::Participant);
    }

    /// The customer is not content, and others look at it again.
    fn a_complaint(&mut self) {
        self.after(0, What::Form { complaint: true });
        let answer = answers(&["/assign me", "/solve"]);
        self.soon(answer);
        let review = if self.rng.bool() {
            What::Escalates
        } else {
            orders(vec!["/review they are not content".to_owned()])
        };
        self.later(review);
        let people = &self.policy.terms().people;
        let who = people[self.rng.usize(0..people.len())].id.to_string();
        let assign = orders(vec![format!("/assign {who}")]);
        self.soon(assign);
        // It is under review already: nothing more comes of it than of other words.
        let again = match self.rng.u32(0..4) {
            0 => Some(What::Escalates),
            1 => Some(orders(vec!["/review they ask once more".to_owned()])),
            _ => None,
        };
        if let Some(again) = again {
            self.soon(again);
        }
        let answer = answers(&["/solve"]);
        self.later(answer);
    }

    fn out_of_scope(&mut self) {
        self.opens();
        let scope = self.policy.terms().scope.first();
        let scope = scope.map_or("nothing", |it| it.id.as_ref()).to_owned();
        let no = orders(vec![format!("/out-of-scope {scope}")]);
        self.soon(no);
        let answer = self.customer();
        self.later(answer);
        let answer = answers(&["/solve"]);
        self.later(answer);
    }

    /// Machines answer, an answer does not arrive, and then the customer proves to be alive.
    fn mail_comes_back(&mut self) {
        self.opens();
        self.soon(What::AutoReply);
        let kind = self.rng.usize(0..=SAID.len());
        let reported = SAID.get(kind);
        self.soon(reported.map_or(What::Bounce, |(kind, _)| What::Reported(kind)));
        let answer = answers(&[]);
        self.soon(answer);
        self.later(What::Answer { proved: true });
        let answer = answers(&["/solve"]);
        self.soon(answer);
    }

    fn tiers(&mut self) {
        self.opens();
        let on = orders(vec!["/escalate L2 beyond me".to_owned()]);
        self.soon(on);
        let answer = answers(&["/expect 2026-12-20 16:00 parts are on order"]);
        self.later(answer);
        let on = orders(vec!["/escalate L3 beyond us".to_owned()]);
        self.soon(on);
        let back = orders(vec!["/escalate L1 it was simple".to_owned()]);
        self.later(back);
        let answer = answers(&["/solve"]);
        self.soon(answer);
    }

    /// Whoever answers does it just when the clock comes to something.
    fn too_late(&mut self) {
        self.opens();
        for _ in 0..self.rng.usize(1..=2) {
            let answer = answers(&[]);
            self.at_due(answer);
            let answer = self.customer();
            self.soon(answer);
        }
        let what = match self.rng.u32(0..4) {
            0 => answers(&["/solve"]),
            1 => orders(vec!["/hold".to_owned()]),
            2 => orders(vec!["/ack".to_owned()]),
            _ => What::HaveIt,
        };
        self.at_due(what);
        let answer = answers(&["/solve"]);
        self.later(answer);
    }
}

/// An agent answers and gives these orders.
pub(super) fn answers(orders: &[&str]) -> What {
    let orders = orders.iter().map(|&it| it.to_owned()).collect();
    What::Agent(Agent {
        orders,
        words: true,
        marker: true,
    })
}

/// An agent gives orders and no words.
pub(super) fn orders(orders: Vec<String>) -> What {
    What::Agent(Agent {
        orders,
        words: false,
        marker: true,
    })
}

/// Somebody outside whom an agent lets take part.
pub(crate) const HELPER: &str = "helper@freund.example";

fn change(rng: &mut fastrand::Rng, policy: &Policy) -> String {
    if rng.u32(0..3) == 0 {
        let priorities = ["low", "normal", "high", "urgent"];
        format!("/priority {}", priorities[rng.usize(0..4)])
    } else {
        moves(rng, policy)
    }
}

pub(super) fn moves(rng: &mut fastrand::Rng, policy: &Policy) -> String {
    let departments = &policy.terms().departments;
    let to = &departments[rng.usize(0..departments.len())].id;
    format!("/department {to}")
}

fn opening(rng: &mut fastrand::Rng) -> What {
    match rng.u32(0..6) {
        0 | 1 => What::Form {
            complaint: rng.u32(0..3) == 0,
        },
        2 => What::Api,
        3 => What::Mail { proved: false },
        _ => What::Mail { proved: true },
    }
}

/// How long the stories of a policy are: where targets are short, a day comes to all of it.
pub(super) fn days(rng: &mut fastrand::Rng, policy: &Policy) -> u64 {
    if policies::is_own(policy) {
        1
    } else {
        rng.u64(1..=4)
    }
}
