//! Files of mails: what is listed is there as it was sent, once, and nothing else is there.

use std::collections::BTreeMap;

use ticket::Event;

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
