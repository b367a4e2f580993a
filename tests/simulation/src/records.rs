//! What stands in the table at the end, read without the store's own code.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ticket::{ContentDigest, Notice, Recorded, Ticket, Words};

use crate::aws::dynamodb::{Item, Table};
use crate::aws::ses::Accepted;
use crate::broken::is_broken;
use crate::world::State;

/// A ticket with everything that belongs to it.
#[derive(Debug)]
pub(crate) struct Dossier {
    pub(crate) id: String,
    pub(crate) snapshot: Option<Ticket>,
    pub(crate) due: Option<String>,
    pub(crate) parked: bool,
    pub(crate) events: Vec<Recorded>,
    /// The transaction of each event, by its number.
    pub(crate) commits: BTreeMap<u32, u64>,
    pub(crate) notices: Vec<Outgoing>,
    /// Addresses by their hash.
    pub(crate) people: BTreeMap<String, String>,
}

/// A notice with what has become of it.
#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) notice: Notice,
    pub(crate) state: String,
    pub(crate) ses: Option<String>,
    pub(crate) why: String,
    /// How often a sender claimed it.
    pub(crate) tries: u32,
    pub(crate) due: bool,
}

/// Every mail that SES took for a ticket's notice, with both.
pub(crate) fn sent<'a>(
    state: &'a State,
    all: &'a BTreeMap<String, Dossier>,
) -> impl Iterator<Item = (&'a Accepted, &'a Dossier, &'a Outgoing)> {
    state.cloud.mail.accepted.iter().filter_map(|mail| {
        let dossier = all.get(&mail.ticket)?;
        let mut own = dossier.notices.iter();
        let outgoing = own.find(|it| it.notice.id.as_str() == mail.notice)?;
        Some((mail, dossier, outgoing))
    })
}

/// The keys of a notice's row.
pub(crate) fn notice_key(ticket: &str, notice: &str) -> (String, String) {
    (format!("T#{ticket}"), format!("n#{notice}"))
}

/// All tickets, by their ids.
pub(crate) fn dossiers(table: &Table) -> Result<BTreeMap<String, Dossier>, String> {
    let mut all: BTreeMap<String, Dossier> = BTreeMap::new();
    for (key, item) in table.items() {
        let (pk, sk) = key;
        let Some(id) = pk.strip_prefix("T#").filter(|_| !is_broken(pk)) else {
            continue;
        };
        let dossier = all.entry(id.to_owned()).or_insert_with(|| Dossier {
            id: id.to_owned(),
            snapshot: None,
            due: None,
            parked: false,
            events: Vec::new(),
            commits: BTreeMap::new(),
            notices: Vec::new(),
            people: BTreeMap::new(),
        });
        read(dossier, sk, item).map_err(|error| format!("{pk} {sk}: {error}"))?;
        if let (true, Some(event)) = (sk.starts_with("e#"), dossier.events.last()) {
            dossier.commits.insert(event.seq, table.written_in(key));
        }
    }
    Ok(all)
}

fn read(dossier: &mut Dossier, sk: &str, item: &Item) -> Result<(), String> {
    let text = |name: &str| {
        item.get(name)
            .and_then(|it| it["S"].as_str())
            .map(str::to_owned)
    };
    match sk.split_once('#') {
        None if sk == "ticket" => {
            dossier.snapshot = Some(json(item, "state")?);
            dossier.due = text("due_at");
            dossier.parked = item.contains_key("parked");
        }
        Some(("e", seq)) => dossier.events.push(recorded(seq, item)?),
        Some(("c", hash)) => {
            dossier
                .people
                .insert(hash.to_owned(), text("address").unwrap_or_default());
        }
        Some(("n", _)) => dossier.notices.push(Outgoing {
            notice: json(item, "notice")?,
            state: text("st").unwrap_or_default(),
            ses: text("ses"),
            why: text("why").unwrap_or_default(),
            tries: item
                .get("tries")
                .and_then(|it| it["N"].as_str()?.parse().ok())
                .unwrap_or_default(),
            due: item.contains_key("due_shard"),
        }),
        _ => return Err("nobody knows this kind of item; teach it to the checker".to_owned()),
    }
    Ok(())
}

fn recorded(seq: &str, item: &Item) -> Result<Recorded, String> {
    let chain = item.get("chain").and_then(|it| it["S"].as_str());
    Ok(Recorded {
        seq: seq.parse().map_err(|_| "no sequence number")?,
        at: instant(item, "at")?,
        recorded_at: instant(item, "rec")?,
        actor: json(item, "who")?,
        event: json(item, "event")?,
        words: if item.contains_key("words") {
            Some(json::<Words>(item, "words")?)
        } else {
            None
        },
        chain: ContentDigest::from_stored(chain.unwrap_or_default()).ok_or("no digest")?,
    })
}

/// The last event of a ticket's partition.
pub(crate) fn last_event(table: &Table, pk: &str) -> Option<Recorded> {
    let own = table.items().filter(|((of, _), _)| of == pk);
    let events = own.filter_map(|((_, sk), item)| Some((sk.strip_prefix("e#")?, item)));
    let (seq, item) = events.last()?;
    recorded(seq, item).ok()
}

/// The instant of a due key, which begins with it.
pub(crate) fn due_instant(due: &str) -> Option<Timestamp> {
    due.split('#').next()?.parse().ok()
}

fn json<T: DeserializeOwned>(item: &Item, name: &str) -> Result<T, String> {
    let text = item
        .get(name)
        .and_then(|it: &Value| it["S"].as_str())
        .ok_or_else(|| format!("no {name}"))?;
    serde_json::from_str(text).map_err(|error| format!("{name}: {error}"))
}

fn instant(item: &Item, name: &str) -> Result<Timestamp, String> {
    let number = item.get(name).and_then(|it| it["N"].as_str()?.parse().ok());
    Timestamp::from_millisecond(number.ok_or_else(|| format!("no {name}"))?)
        .map_err(|error| error.to_string())
}
