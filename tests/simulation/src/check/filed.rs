//! What was filed without a ticket: nothing that somebody wrote to be read, unless SES or the mail itself speaks against it.

use std::collections::BTreeMap;

use ticket::NoteReason;

use crate::actors::{is_infected, is_report, is_spam, kept_as, machine, tells};
use crate::desk::Desk;
use crate::records::Dossier;
use crate::story::{Story, What};
use crate::world::State;

/// Compares what was filed, and as what, with what was written. Whose support is limited is looked at in `conduct`.
pub(super) fn check(
    desk: &Desk,
    story: &Story,
    state: &State,
    all: &BTreeMap<String, Dossier>,
    wrong: &mut Vec<String>,
) {
    let way = desk.way();
    for input in &story.inputs {
        let Some(wrote) = way.wrote.get(&input.number) else {
            continue;
        };
        let filed = state.cloud.table.item(&format!("M#{}", wrote.id), "f");
        let Some(kind) = filed.and_then(|it| it.get("kind")?["S"].as_str()) else {
            continue;
        };
        let staff = desk.policy.person_by_address(&wrote.from).is_some();
        let by_itself = kept_as(input) == Some(NoteReason::AutoReply) && !staff;
        // Who is known on the ticket is heard whatever a filter says; on the one that theirs goes on with, not everybody is.
        let ticket = wrote.ticket.as_ref().and_then(|id| all.get(id));
        let snapshot = ticket.and_then(|it| it.snapshot.as_ref());
        let heard = input.what == What::Answer { proved: true }
            && snapshot.is_some_and(|it| it.merged_into.is_none());
        let right = match kind {
            "limited" => true,
            "virus" => is_infected(input),
            "spam" => is_spam(input) && !heard,
            "auto_reply" if by_itself => true,
            // SES names no sender of its envelope either, which is how machines write.
            "auto_reply" => matches!(machine(input), Some("auto_reply" | "no_sender")),
            "own" | "list" => machine(input) == Some(kind),
            "bounce" => is_report(input),
            "feedback_report" => tells(input) == Some("Complaint"),
            _ => false,
        };
        if !right {
            let (number, what) = (input.number, &input.what);
            wrong.push(format!("input {number} ({what:?}) was filed as {kind}"));
        }
    }
}
