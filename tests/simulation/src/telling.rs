//! A run in words, for whoever has to find out why it failed.

use std::collections::BTreeMap;

use crate::actors::{Outcome, kinds};
use crate::faults::Fault;
use crate::story::{Agent, Input, Story, What};
use crate::time;
use crate::world::Happened;

/// What people did and what went wrong, in order of time; before it, how the world behaves besides.
pub(crate) fn told(
    story: &Story,
    outcomes: &BTreeMap<usize, Outcome>,
    happened: &[Happened],
) -> Vec<String> {
    let mut lines: Vec<(u64, String)> = Vec::new();
    for input in &story.inputs {
        let at = story.start + u64::try_from(input.at.as_micros()).unwrap_or_default();
        let outcome = match outcomes.get(&input.number) {
            Some(Outcome::Accepted) => "the desk has it".to_owned(),
            Some(Outcome::Nothing) => "there was nothing to act on".to_owned(),
            Some(Outcome::Refused(status)) => format!("refused, {status}"),
            Some(Outcome::Unanswered) => "no answer that counts".to_owned(),
            None => "it never ended".to_owned(),
        };
        lines.push((
            at,
            format!("input {}: {}: {outcome}", input.number, does(input)),
        ));
    }
    let away = |at: u64| {
        let mut outages = story.faults.outages.iter();
        outages.any(|(_, from, until)| (*from..*until).contains(&at))
    };
    // What a service does not answer while it is away is said once, above.
    let aimed = happened.iter();
    for it in aimed.filter(|it| it.fault != Fault::Error || !away(it.at)) {
        lines.push((it.at, format!("{}: {}", it.place, says(it.fault))));
    }
    lines.sort();
    let besides = format!("besides: {}", besides(story));
    let told = lines
        .into_iter()
        .map(|(at, line)| format!("{} {line}", instant(at)));
    std::iter::once(besides).chain(told).collect()
}

fn instant(micros: u64) -> String {
    let at = time::instant(micros);
    at.strftime("%a %d %H:%M:%S").to_string()
}

/// What somebody does.
fn does(input: &Input) -> String {
    let proved = |proved: &bool| if *proved { "proved" } else { "not proved" };
    let what = match &input.what {
        What::Form { complaint: true } => "is opened by the form, a complaint".to_owned(),
        What::Form { complaint: false } => "is opened by the form".to_owned(),
        What::Api => "is opened by a program".to_owned(),
        What::ApiOther => {
            "has a program that uses its key once more, for something else".to_owned()
        }
        What::FormAgain => "has a customer who asks for something else by the form".to_owned(),
        What::Mail { proved: it } => format!("is opened by mail, {}", proved(it)),
        What::Request { proved: it } => {
            format!("has a customer who asks for something else, {}", proved(it))
        }
        What::Answer { proved: it } => {
            format!("gets its customer's answer by mail, {}", proved(it))
        }
        What::Page => "gets its customer's words on its page".to_owned(),
        What::Agent(agent) => format!("gets an agent's mail{}", ordered(agent)),
        What::HaveIt => "is somebody's who says that they have it".to_owned(),
        What::AutoReply => "gets an automatic answer".to_owned(),
        What::Bounce => "gets a mail of ours back".to_owned(),
        What::Reported(kind) => format!("has a mail of which SES says: {kind}"),
        What::Stranger => "gets a stranger's words".to_owned(),
        What::Escalates => "is not settled for its customer, who escalates it".to_owned(),
        What::Participant => "gets the words of somebody who takes part".to_owned(),
        What::Impostor => "gets a mail that claims to be an agent's and proves nothing".to_owned(),
    };
    let when = if input.at_due {
        ", when the clock comes to something"
    } else {
        ""
    };
    let kinds = kinds(input);
    format!("ticket {} {what}{kinds}{when}", input.ticket)
}

fn ordered(agent: &Agent) -> String {
    let words = if agent.words {
        " with words"
    } else {
        " without words"
    };
    let marker = if agent.marker {
        ""
    } else {
        " and without the marker"
    };
    let orders = if agent.orders.is_empty() {
        String::new()
    } else {
        format!(", {}", agent.orders.join(", "))
    };
    format!("{words}{marker}{orders}")
}

fn says(fault: Fault) -> &'static str {
    match fault {
        Fault::Error => "the service fails",
        Fault::KilledBefore => "the process is killed before it is done",
        Fault::KilledAfter => "the process is killed after it is done",
        Fault::AnswerLost => "it is done and the answer is lost",
        Fault::Throttle => "too fast, says the service",
        Fault::Conflict => "somebody else's transaction has the item",
    }
}

/// How the world behaves.
fn besides(story: &Story) -> String {
    let (lies, sources) = (story.lies, story.sources);
    let parts = [
        (
            lies.lag > 0,
            format!("indexes are up to {} ms late", lies.lag),
        ),
        (
            lies.lost > 0,
            format!("one in {} index entries is minutes late", lies.lost),
        ),
        (lies.page > 0, format!("pages have {} items", lies.page)),
        (
            sources.again > 0,
            format!("{} % of events come again", sources.again),
        ),
        (
            sources.late > 0,
            format!("{} % of events come late", sources.late),
        ),
        (
            sources.lost > 0,
            format!("{} % of mails have no event", sources.lost),
        ),
        (
            sources.dropped > 0,
            format!("{} % of send events never come", sources.dropped),
        ),
        (
            sources.reports > 0,
            format!(
                "{} of a thousand mails come back or are complained of",
                sources.reports
            ),
        ),
        (
            story.refused.is_some(),
            "SES refuses one customer's address".to_owned(),
        ),
        (
            sources.missed_ticks > 0,
            format!("{} % of ticks are missed", sources.missed_ticks),
        ),
        (
            sources.double_ticks > 0,
            format!("{} % of ticks come twice", sources.double_ticks),
        ),
        (
            sources.no_ticks.1 > 0,
            format!(
                "no tick from {} to {}",
                instant(sources.no_ticks.0),
                instant(sources.no_ticks.1)
            ),
        ),
        (
            story.limits,
            "SES takes one mail a second and so many a day".to_owned(),
        ),
        (
            story.stopped.1 > 0,
            format!(
                "SES takes nothing from {} to {}: {:?}",
                instant(story.stopped.0),
                instant(story.stopped.1),
                story.stopped.2
            ),
        ),
        (
            story.crowd.is_some(),
            story
                .crowd
                .map_or_else(String::new, |it| format!("others leave {it:?}")),
        ),
        (
            story.broken.is_some(),
            "there is a ticket that nobody can read".to_owned(),
        ),
        (
            story.rotated < u64::MAX,
            format!("the signing key is rotated at {}", instant(story.rotated)),
        ),
    ];
    let mut parts: Vec<String> = parts
        .into_iter()
        .filter_map(|(is, words)| is.then_some(words))
        .collect();
    for (service, from, until) in &story.faults.outages {
        parts.push(format!(
            "{service:?} is away from {} to {}",
            instant(*from),
            instant(*until)
        ));
    }
    if parts.is_empty() {
        "nothing goes wrong".to_owned()
    } else {
        parts.join("; ")
    }
}
