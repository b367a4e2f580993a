//! Where mail does not arrive: it stops, it shows on the ticket, and only that is a reason to give a notice up.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use ticket::{Addressee, Event, Text};

use crate::desk::Desk;
use crate::records::{Dossier, Outgoing, notice_key};
use crate::reports::SAID;
use crate::way::OnTheWay;
use crate::world::State;

/// A notice is given up when so many senders had it, or so many of whom the last one heard nothing of SES.
const GIVEN_UP: u32 = 100;
const UNANSWERED: u32 = 10;

/// From reading what is known of an address to SES's answer.
const BETWEEN: SignedDuration = SignedDuration::from_secs(150);

pub(super) fn check(
    desk: &Desk,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let way = desk.way();
    let refused = &state.cloud.mail.refused;
    for dossier in all.values() {
        for outgoing in dossier.notices.iter().filter(|it| it.state == "failed") {
            let to = match &outgoing.notice.to {
                Addressee::Customer(hash) => dossier.people.get(hash.as_str()),
                _ => None,
            };
            let known =
                |said: &std::collections::BTreeSet<String>| to.is_some_and(|to| said.contains(to));
            let why = outgoing.why.as_str();
            let rightly = (why.contains("given up") && outgoing.tries > GIVEN_UP)
                || (why.contains("no answer") && outgoing.tries >= UNANSWERED)
                || (why.contains("MessageRejected") && known(refused))
                || (why.contains("mail to this address") && known(&way.stopped));
            // Who complained of automatic mail asked for help, and is answered.
            let words = matches!(outgoing.notice.text, Text::Reply { .. });
            let rightly = rightly && !(words && why.contains("unwanted"));
            if !rightly {
                wrong.push(format!(
                    "{:?} failed without a reason: {why}",
                    outgoing.notice.text
                ));
            }
            shown(all, dossier, outgoing, wrong);
        }
    }
    for (ticket, notice, kind) in &way.reported {
        let mut there = chain(all, ticket).flat_map(|it| &it.events);
        let shown = there.find_map(|it| about(&it.event, notice));
        // What arrived, or may arrive still, is no reason to show anything: it brings these words or none.
        let wrongly = match *kind {
            "Delivery" => shown.is_some_and(str::is_empty),
            "DeliveryDelay" => matches!(shown, Some("MailboxFull" | "delayed, by mail 4.2.2")),
            _ => shown.is_none(),
        };
        if wrongly {
            wrong.push(format!(
                "ticket {ticket} shows {shown:?} for {kind} of notice {notice}"
            ));
        }
        let (pk, sk) = notice_key(ticket, notice);
        let item = state.cloud.table.item(&pk, &sk);
        let place = SAID.iter().find(|(said, _)| said == kind);
        if !item.is_some_and(|it| place.is_some_and(|(_, place)| it.contains_key(*place))) {
            wrong.push(format!(
                "{kind} of notice {notice} of {ticket} is not noted"
            ));
        }
    }
    for dossier in all.values() {
        told_again(dossier, wrong);
        for recorded in &dossier.events {
            if let Event::NotReached {
                who: Some(who),
                reason,
                ..
            } = &recorded.event
            {
                let to = dossier
                    .people
                    .get(who.as_str())
                    .cloned()
                    .unwrap_or_default();
                stays_away(&way, state, all, &to, reason, recorded.recorded_at, wrong);
            }
        }
    }
}

/// A ticket and those that it goes on with: what happens to its mail shows there.
pub(super) fn chain<'a>(
    all: &'a BTreeMap<String, Dossier>,
    ticket: &str,
) -> impl Iterator<Item = &'a Dossier> {
    let next = |it: &&'a Dossier| all.get(it.snapshot.as_ref()?.merged_into?.as_str());
    std::iter::successors(all.get(ticket), next).take(all.len())
}

fn is_about(event: &Event, notice: &str) -> bool {
    about(event, notice).is_some()
}

/// Why a notice did not reach its person, where an event says so.
fn about<'a>(event: &'a Event, notice: &str) -> Option<&'a str> {
    match event {
        Event::NotReached {
            notice: named,
            reason,
            ..
        } if named.as_str() == notice => Some(reason),
        _ => None,
    }
}

/// A notice that was given up shows on its ticket; of automatic mail, the first to an address does.
fn shown(
    all: &BTreeMap<String, Dossier>,
    dossier: &Dossier,
    outgoing: &Outgoing,
    wrong: &mut Vec<String>,
) {
    let own = |event: &Event| is_about(event, outgoing.notice.id.as_str());
    let other = |event: &Event| match (event, &outgoing.notice.to) {
        (Event::NotReached { who: Some(who), .. }, Addressee::Customer(to)) => who == to,
        _ => false,
    };
    let words = matches!(outgoing.notice.text, Text::Reply { .. });
    let mut events = chain(all, &dossier.id).flat_map(|it| it.events.iter().map(|it| &it.event));
    if !events.any(|event| own(event) || (!words && other(event))) {
        wrong.push(format!(
            "ticket {} does not show that {:?} failed",
            dossier.id, outgoing.notice.text
        ));
    }
}

/// That automatic mail to somebody was stopped is told once on a ticket; two senders may find it out at once.
fn told_again(dossier: &Dossier, wrong: &mut Vec<String>) {
    let mut known: BTreeMap<&str, Timestamp> = BTreeMap::new();
    for recorded in &dossier.events {
        let Event::NotReached {
            who: Some(who),
            reason,
            notice,
        } = &recorded.event
        else {
            continue;
        };
        let mut notices = dossier.notices.iter().map(|it| &it.notice);
        let automatic =
            notices.any(|it| it.id == *notice && !matches!(it.text, Text::Reply { .. }));
        let stopped = reason.contains("mail to this address");
        let at = recorded.recorded_at;
        let before = *known.entry(who.as_str()).or_insert(at);
        if automatic && stopped && before + BETWEEN < at {
            let id = &dossier.id;
            wrong.push(format!(
                "ticket {id}: agents are told once more at {at} that automatic mail is stopped"
            ));
        }
    }
}

/// After a final bounce nothing goes to the address until its owner has proved to be alive; after a complaint, no
/// automatic mail.
fn stays_away(
    way: &OnTheWay,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    to: &str,
    reason: &str,
    since: Timestamp,
    wrong: &mut Vec<String>,
) {
    let bounced = reason.starts_with("Permanent") || reason == "returned by mail 5.1.1";
    if !bounced && !reason.starts_with("complaint") {
        return;
    }
    let from = since.checked_add(BETWEEN).unwrap_or(since).as_microsecond();
    let day = SignedDuration::from_hours(24);
    let alive_from = since.checked_sub(day).unwrap_or(since).as_millisecond();
    for mail in state
        .cloud
        .mail
        .accepted
        .iter()
        .filter(|mail| mail.to.iter().any(|it| it == to))
    {
        let at = i64::try_from(mail.at).unwrap_or_default();
        // Everybody comes to a page by the link of a mail here, which proves that they read it.
        let mut pages = way.on_pages.iter().filter(|(who, _)| who == to);
        let on_a_page =
            pages.any(|(_, it)| (alive_from..=at / 1000).contains(&it.as_millisecond()));
        let alive = on_a_page
            || way
                .wrote
                .values()
                .any(|it| it.proved && it.from == to && (alive_from..=at / 1000).contains(&it.at));
        let notices = all
            .get(&mail.ticket)
            .map(|dossier| dossier.notices.as_slice())
            .unwrap_or_default();
        let reply = notices.iter().any(|it| {
            it.notice.id.as_str() == mail.notice && matches!(it.notice.text, Text::Reply { .. })
        });
        if at > from && (if bounced { !alive } else { !reply }) {
            wrong.push(format!("a mail to {to} although: {reason}"));
        }
    }
}
