//! In which language everybody is written to: a ticket speaks the language that its customer chose on the form, by mail the
//! one that prevails; customers read their ticket's, staff their own, on pages and in mails alike.

use std::collections::BTreeMap;

use policy::Channel;
use ticket::{Addressee, Event, Text};

use super::words::numbers;
use crate::actors::{Looked, opening_taint};
use crate::desk::Desk;
use crate::records::{Dossier, Outgoing, sent};
use crate::story::Story;
use crate::world::State;

/// Words that texts of a language cannot do without, and that those of the others do not have.
const WORDS: [(&str, &[&str]); 3] = [
    (
        "en",
        &["the", "you", "your", "and", "we", "is", "of", "this", "for"],
    ),
    (
        "de",
        &[
            "die", "der", "das", "und", "sie", "wir", "ihre", "nicht", "diese",
        ],
    ),
    (
        "vi",
        &[
            "của", "bạn", "quý", "chúng", "tôi", "yêu", "cầu", "này", "và", "đã", "khách",
        ],
    ),
];

pub(super) fn check(
    desk: &Desk,
    story: &Story,
    state: &State,
    looked: &[Looked],
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    for dossier in all.values() {
        chosen(desk, story, dossier, wrong);
    }
    for (mail, dossier, outgoing) in sent(state, all) {
        let Some(wanted) = wanted(desk, dossier, outgoing) else {
            continue;
        };
        let marked = language_of(mail.words()).unwrap_or_default();
        let spoken = spoken(mail.text(), &outgoing.notice.text);
        if marked != wanted || spoken.is_some_and(|it| it != wanted) {
            wrong.push(format!(
                "a mail to {:?} ({:?}) is written in {marked}, spoken {spoken:?}, not in {wanted}",
                mail.to, outgoing.notice.text
            ));
        }
    }
    for page in looked {
        let id = ticket::TicketId::with_any_prefix(&page.number);
        let ticket = id.and_then(|id| all.get(id.as_str())?.snapshot.as_ref());
        let marked = language_of(&page.html);
        if ticket.is_some_and(|it| marked != Some(it.lang.as_str())) {
            wrong.push(format!("the page of {} is in {marked:?}", page.number));
        }
    }
}

/// A ticket speaks the language that was chosen for it.
fn chosen(desk: &Desk, story: &Story, dossier: &Dossier, wrong: &mut Vec<String>) {
    let Some(first) = dossier.events.first() else {
        return;
    };
    let (Event::Opened(opened), Some(words)) = (&first.event, &first.words) else {
        return;
    };
    let wanted = if opened.channel == Channel::Email {
        Some(desk.policy.terms().prevailing.to_string())
    } else {
        let inputs = story.inputs.iter();
        let own = inputs.filter(|it| {
            numbers(&words.text, "taint").contains(&it.number)
                || words.subject.contains(&opening_taint(it.ticket))
        });
        own.map(|it| desk.language(it.ticket)).next()
    };
    if wanted.is_some_and(|wanted| wanted != opened.lang.as_str()) {
        wrong.push(format!("ticket {} speaks {}", dossier.id, opened.lang));
    }
}

/// The language of whoever gets a notice, where it is known.
fn wanted(desk: &Desk, dossier: &Dossier, outgoing: &Outgoing) -> Option<String> {
    match &outgoing.notice.to {
        Addressee::Customer(_) => Some(dossier.snapshot.as_ref()?.lang.to_string()),
        Addressee::Staff(person) => Some(desk.policy.person(person)?.lang.to_string()),
        Addressee::Address(_) => desk
            .policy
            .terms()
            .languages
            .first()
            .map(ToString::to_string),
    }
}

/// As it says of itself.
fn language_of(html: &str) -> Option<&str> {
    let (_, rest) = html.split_once("<html lang=\"")?;
    rest.split('"').next()
}

/// As its words say, where they are ours: in other mails those of people may be the greater part.
fn spoken(text: &str, of: &Text) -> Option<&'static str> {
    let ours = matches!(
        of,
        Text::Acknowledgement
            | Text::Numbers { .. }
            | Text::PromiseMissed { .. }
            | Text::Merged { .. }
            | Text::PassedOn { .. }
            | Text::PolicyChanged { .. }
            | Text::SecretsMasked { .. }
            | Text::TooMuch { .. }
            | Text::UnderReview
            | Text::Arrived
    );
    if !ours {
        return None;
    }
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let most = WORDS.iter().max_by_key(|(_, list)| count(list))?;
    (count(most.1) > 0).then_some(most.0)
}
