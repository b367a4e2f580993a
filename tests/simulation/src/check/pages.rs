//! What stood on the pages that customers looked at: nothing that was said before they took part, and nothing of others'.

use std::collections::BTreeMap;

use ticket::{Event, TicketId};

use super::words::{SECRET, numbers, reads, released};
use crate::actors::{Looked, opening_taint, taint};
use crate::records::Dossier;

pub(super) fn check(looked: &[Looked], all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    for page in looked {
        let id = TicketId::with_any_prefix(&page.number);
        let Some(dossier) = id.and_then(|id| all.get(id.as_str())) else {
            wrong.push(format!("a page of no ticket was shown: {}", page.number));
            continue;
        };
        let mut people = dossier.people.iter();
        let reader = people.find(|(_, address)| **address == page.reader);
        let reader = reader.map_or("", |(hash, _)| hash.as_str());
        let what = format!("ticket {}: the page of {}", dossier.id, page.reader);
        if page.html.contains(SECRET) {
            wrong.push(format!("{what} shows a secret"));
        }
        let asked = dossier.snapshot.as_ref().map(|it| it.requester.as_str());
        let mut others = dossier.people.values().filter(|it| **it != page.reader);
        // Who writes an address into words that others read has shown it to them: the desk has not.
        let shown = |it: &String| page.html.contains(it.as_str()) && !may_see(dossier, reader, it);
        if asked != Some(reader) && others.any(shown) {
            wrong.push(format!("{what} shows somebody else's address"));
        }
        for number in numbers(&page.html, "taint") {
            if !may_see(dossier, reader, &taint(number)) {
                wrong.push(format!("{what} shows the words of input {number}"));
            }
        }
        for number in numbers(&page.html, "opens") {
            let own = dossier.events.first().and_then(|it| it.words.as_ref());
            let own = own.is_some_and(|it| it.subject.contains(&opening_taint(number)));
            if !(own && reads(dossier, reader, 1)) {
                wrong.push(format!("{what} shows the subject of ticket {number}"));
            }
        }
    }
}

/// Whether somebody who takes part may see the words that carry this, a taint or an address: what was said in public
/// since they joined.
pub(super) fn may_see(dossier: &Dossier, reader: &str, this: &str) -> bool {
    let holds = |words: &ticket::Words| words.text.contains(this) || words.subject.contains(this);
    let said = dossier
        .events
        .iter()
        .filter(|it| it.words.as_ref().is_some_and(holds));
    let public = said.filter_map(|it| match it.event {
        Event::Opened(_) | Event::CustomerWrote | Event::AgentReplied => Some(it.seq),
        Event::StrangerWrote => released(dossier, it.seq),
        _ => None,
    });
    public.into_iter().any(|seq| reads(dossier, reader, seq))
}
