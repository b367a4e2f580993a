//! What a request is taken for when it is opened: where it came in, what its writer chose, to whom it was sent and what it
//! speaks of say so, and the policy's rules.

use policy::{AskId, Channel, DepartmentId, Matcher, Priority, Response, Terms, TicketType};
use ticket::{Event, Recorded, Words};

use crate::actors::is_for_two;
use crate::desk::Desk;
use crate::story::{Input, What};

/// What follows from an input for the ticket that it opens.
#[derive(Debug, PartialEq)]
struct Sorted {
    channel: Channel,
    ticket_type: TicketType,
    priority: Priority,
    department: Option<DepartmentId>,
    missing: Vec<AskId>,
    responses: Vec<Response>,
}

/// A ticket that is not what its opening says. What is no opening by itself and opens a ticket all the same, as a forged
/// answer does, is left aside.
pub(super) fn otherwise(input: &Input, desk: &Desk, recorded: &Recorded) -> Option<String> {
    let (Event::Opened(opened), Some(words)) = (&recorded.event, &recorded.words) else {
        return None;
    };
    let wrote = desk.way().wrote.get(&input.number).cloned();
    let number = input.number;
    if opened.proved && wrote.is_none_or(|it| !it.proved) {
        return Some(format!(
            "input {number} proves nothing, and its ticket says it does"
        ));
    }
    let found = Sorted {
        channel: opened.channel,
        ticket_type: opened.ticket_type,
        priority: opened.priority,
        department: opened.department.clone(),
        missing: opened.missing.clone(),
        responses: opened.responses.clone(),
    };
    let wanted = wanted(input, desk, words)?;
    let fits = wanted.contains(&found);
    (!fits).then(|| {
        let id = opened.id;
        format!(
            "input {number} opened {id} as {found:?}; it should be {:?}",
            wanted[0]
        )
    })
}

/// Each way in which an input may be taken: a mail to two addresses is taken as it comes to one of them.
fn wanted(input: &Input, desk: &Desk, words: &Words) -> Option<Vec<Sorted>> {
    let terms = desk.policy.terms();
    let chosen = |channel, ticket_type| {
        let department = desk.department(input.ticket).parse().ok();
        vec![sorted(terms, words, &[], channel, ticket_type, department)]
    };
    let mut addresses = match &input.what {
        What::Form { complaint: true } => {
            return Some(chosen(Channel::Form, TicketType::Complaint));
        }
        What::Form { .. } | What::FormAgain => {
            return Some(chosen(Channel::Form, TicketType::Request));
        }
        What::Api => return Some(chosen(Channel::Api, TicketType::Request)),
        What::Mail { .. } | What::Request { .. } => vec![desk.written_to(input)],
        _ => return None,
    };
    if is_for_two(input) {
        addresses.push(desk.address(input.number + 1));
    }
    let first = addresses[0].clone();
    let mail = |to: &String| {
        // Its head names the first one wherever it comes to.
        let own = terms
            .departments
            .iter()
            .find(|it| it.addresses.contains(to));
        let own = own.map(|it| it.id.clone());
        let to = [to.clone(), first.clone()];
        sorted(terms, words, &to, Channel::Email, TicketType::Request, own)
    };
    Some(addresses.iter().map(mail).collect())
}

fn sorted(
    terms: &Terms,
    words: &Words,
    to: &[String],
    channel: Channel,
    chosen: TicketType,
    department: Option<DepartmentId>,
) -> Sorted {
    let rules = || {
        let rules = terms.routing.iter();
        rules
            .filter(|rule| fits(&rule.when, words, to, channel))
            .map(|rule| &rule.set)
    };
    let feedback = terms.feedback.as_ref();
    let to_feedback = feedback.is_some_and(|it| it.addresses.iter().any(|own| to.contains(own)));
    let chosen = if to_feedback {
        TicketType::Feedback
    } else {
        chosen
    };
    let ticket_type = rules().find_map(|it| it.ticket_type).unwrap_or(chosen);
    let by_type = terms.priorities.ticket_types.get(&ticket_type);
    // Opinions go to whoever looks after them, whatever was chosen besides.
    let owner = feedback.filter(|_| ticket_type == TicketType::Feedback);
    let owner = owner.map(|it| it.department.clone());
    let department = rules()
        .find_map(|it| it.department.clone())
        .or(owner)
        .or(department);
    let asks = terms.asks.iter().filter(|ask| {
        let own = |id: &DepartmentId| ask.departments.contains(id);
        ask.recommended
            && (ask.ticket_types.is_empty() || ask.ticket_types.contains(&ticket_type))
            && (ask.departments.is_empty() || department.as_ref().is_some_and(own))
    });
    Sorted {
        channel,
        ticket_type,
        priority: rules()
            .find_map(|it| it.priority)
            .unwrap_or(*by_type.unwrap_or(&terms.priorities.default)),
        // No story answers what the policy would like to know.
        missing: asks.map(|ask| ask.id.clone()).collect(),
        responses: terms.responses.get(&channel).cloned().unwrap_or_default(),
        department,
    }
}

/// The rules of the policies that stories use ask for addresses and words only.
fn fits(rule: &Matcher, words: &Words, to: &[String], channel: Channel) -> bool {
    let one_of = |phrases: &[String], texts: &[&str]| {
        let said = |phrase: &String| {
            texts
                .iter()
                .any(|text| plain(text).contains(&plain(phrase)))
        };
        phrases.is_empty() || phrases.iter().any(said)
    };
    let Matcher {
        to: addresses,
        from,
        subject,
        words: anywhere,
        languages,
        channels,
        services,
    } = rule;
    assert!(
        from.is_empty() && languages.is_empty() && services.is_empty(),
        "the check does not know such rules yet: {rule:?}"
    );
    (addresses.is_empty() || addresses.iter().any(|own| to.contains(own)))
        && (channels.is_empty() || channels.contains(&channel))
        && one_of(subject, &[&words.subject])
        && one_of(anywhere, &[&words.subject, &words.text])
}

/// Words between blanks.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase();
    let words = lower.split(|it: char| !it.is_alphanumeric());
    let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    format!(" {} ", words.join(" "))
}
