//! Every notice as it would read, for a fixed example ticket under a given policy: to be looked at before anybody gets one.
//!
//! Pure and the same each time: nothing is read from a desk, and the links lead nowhere.

mod example;
mod ladder;
mod said;
mod samples;
#[cfg(test)]
mod tests;

use policy::{Lang, Policy};

use crate::outbound::Letter;
use example::Example;

/// One notice, written.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What it is called: the notice, and what distinguishes it from others of its kind, as in `handed-over-l2`.
    pub name: String,
    /// Whether customers get it; otherwise staff do.
    pub for_customers: bool,
    /// The language that it is written in.
    pub lang: Lang,
    /// The mail.
    pub letter: Letter,
}

/// Every notice in one language, those for customers first.
///
/// What a policy cannot say is left out: without a scope rule, for example, nothing is outside the scope of support.
pub fn previews(policy: &Policy, lang: &Lang) -> Vec<Preview> {
    let example = Example::new(policy, lang);
    let mut all = samples::for_customers(&example);
    all.extend(samples::for_staff(&example));
    all.extend(ladder::levels(&example));
    all
}
