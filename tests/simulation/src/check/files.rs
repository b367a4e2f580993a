//! Files of mails: what is listed is there as it was sent, once, and nothing else is there.

use std::collections::BTreeMap;

use ticket::{Event, TicketId};

use super::pages::may_see;
use crate::actors::{Followed, taint};
use crate::records::Dossier;
use crate::world::State;

pub(super) fn check(state: &State, all: &BTreeMap<String, Dossier>, wrong: &mut Vec<String>) {
    let objects = state.cloud.bucket.objects();
    let objects = objects.filter_map(|(key, body)| Some((key.strip_prefix("files/")?, body)));
    let all_there: BTreeMap<&str, &[u8]> = objects.collect();
    let mut there = all_there.clone();
    for dossier in all.values() {
        for event in &dossier.events {
            let files = event.words.iter().flat_map(|words| &words.attachments);
            for file in files {
                let key = file.key.as_ref().map_or("", |key| key.as_str());
                let name = format!("ticket {} event {} {}", dossier.id, event.seq, file.name);
                let number = file.name.trim_end_matches(".txt");
                // What a merged ticket brings is listed once more and stays where it is.
                let found = match event.event {
                    Event::MergedFrom(_) => all_there.get(key).copied(),
                    _ => there.remove(key),
                };
                match found {
                    Some(body) if body == format!("file of {number}").as_bytes() => {}
                    Some(_) => wrong.push(format!("{name} is not what was sent")),
                    None => wrong.push(format!("{name} is not there, or listed twice")),
                }
            }
        }
    }
    for key in there.keys() {
        wrong.push(format!("no message lists the file {key}"));
    }
}

/// A link to a file opens that file, for whoever reads its message.
pub(super) fn opened(
    followed: &[Followed],
    state: &State,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    for link in followed {
        let id = TicketId::with_any_prefix(&link.number);
        let Some(dossier) = id.and_then(|id| all.get(id.as_str())) else {
            continue;
        };
        let reader = link.reader.as_deref();
        let what = format!("ticket {}: file {} for {reader:?}", dossier.id, link.place);
        let mut objects = state.cloud.bucket.objects();
        let found = link
            .object
            .as_ref()
            .and_then(|key| objects.find(|(there, _)| *there == key));
        let Some((_, body)) = found else {
            if link.guessed {
                continue;
            }
            wrong.push(format!("{what} does not open: {:?}", link.object));
            continue;
        };
        let body = String::from_utf8_lossy(body);
        let number = body.strip_prefix("file of ").and_then(|it| it.parse().ok());
        let words = number.map(taint).unwrap_or_default();
        let (seq, _) = link.place.split_once('-').unwrap_or_default();
        let mut events = dossier.events.iter();
        let message = events.find(|it| it.seq.to_string() == seq);
        let said = message.and_then(|it| it.words.as_ref());
        let name = number.map(|it: usize| format!("{it}.txt"));
        let its_own = said.is_some_and(|it| {
            let mut files = it.attachments.iter();
            files.any(|file| Some(&file.name) == name.as_ref())
        });
        let mut people = dossier.people.iter();
        let hash = people.find(|(_, address)| Some(address.as_str()) == reader);
        let hash = hash.map_or("", |(hash, _)| hash.as_str());
        if !its_own || (reader.is_some() && !may_see(dossier, hash, &words)) {
            wrong.push(format!("{what} opens \"{body}\""));
        }
    }
}
