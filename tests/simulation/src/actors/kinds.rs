//! Kinds of mail beside the plain one: which of a story's mails are of which is its number's to say, so that a story tells of
//! people and not of mail programs.

use ticket::NoteReason;

use crate::story::{Input, What};

/// Stands in what machines ask for: nobody reads an acknowledgement.
pub(crate) const MACHINE: &str = "No human wrote this.";

/// Stands in what is written on a page whose link was shown on another page: that proves nothing.
pub(crate) const SHOWN: &str = "Found by the link of the form.";

/// Whether a customer's mail has more header fields than are read: some mailboxes and forwarders add without end.
pub(crate) fn is_too_much(input: &Input) -> bool {
    let by_mail = matches!(input.what, What::Answer { .. } | What::Request { .. });
    by_mail && input.number % 9 == 4
}

/// Whether a machine writes in the customer's name.
pub(super) fn is_by_machine(input: &Input) -> bool {
    input.what == (What::Request { proved: false }) && input.number % 4 == 2 && !is_too_much(input)
}

/// Whether somebody else writes in the customer's name, and SES finds that DMARC fails.
pub(crate) fn is_forged(input: &Input) -> bool {
    input.what == (What::Answer { proved: false }) && input.number % 4 == 3
}

/// Whether a server forwards it, for which nobody can say any more whether its writer wrote it; SES finds that DMARC fails,
/// and some policies say that their own servers do so.
pub(super) fn is_forwarded(input: &Input) -> bool {
    input.what == (What::Answer { proved: false }) && input.number % 4 == 1
}

/// Whether a stranger makes up the address that they write to: one like a customer's, which nobody was given.
pub(crate) fn is_guessed(input: &Input) -> bool {
    input.what == What::Stranger && input.number % 3 == 2
}

/// Why what comes from an agent's mailbox is a note whatever it says: the mailbox answers by itself, or the mail that it
/// answers is too old.
pub(crate) fn kept_as(input: &Input) -> Option<NoteReason> {
    match (&input.what, input.number % 13) {
        (What::Agent(_), 5) => Some(NoteReason::AutoReply),
        (What::Agent(_), 9) => Some(NoteReason::Expired),
        _ => None,
    }
}

/// Whether the customer escalates by a mail of its own, which names no ticket.
pub(crate) fn escalates_anew(input: &Input) -> bool {
    input.what == What::Escalates && input.number % 3 == 1
}

/// Whether it is the customer who escalates is known to nobody: from a mailbox that proves nothing, about no ticket.
pub(crate) fn escalates_unproved(input: &Input) -> bool {
    escalates_anew(input) && input.number.is_multiple_of(2)
}

/// Whether SES finds a virus in it.
pub(crate) fn is_infected(input: &Input) -> bool {
    matches!(input.what, What::Request { .. }) && input.number % 11 == 7
}

/// Whether SES takes it for spam.
pub(crate) fn is_spam(input: &Input) -> bool {
    matches!(input.what, What::Answer { .. } | What::Request { .. }) && input.number % 8 == 6
}

/// Whether it is sent to two addresses of the desk at once.
pub(crate) fn is_for_two(input: &Input) -> bool {
    matches!(input.what, What::Mail { .. } | What::Request { .. }) && input.number % 3 == 1
}

/// As what a machine's mail is filed that comes in the customer's place: they are away, their mailbox hands our mail back,
/// there is no sender, or a list of theirs answers.
pub(crate) fn machine(input: &Input) -> Option<&'static str> {
    let kinds = ["auto_reply", "own", "no_sender", "list", "auto_reply"];
    let kind = kinds[input.number % kinds.len()];
    Some(kind).filter(|_| input.what == What::AutoReply)
}

/// What a mail that tells of one of ours says of it, in SES's words; some mail servers say nothing that can be read.
pub(crate) fn tells(input: &Input) -> Option<&'static str> {
    match input.what {
        What::Bounce => ["", "Complaint", "Transient", "Permanent"]
            .get(input.number % 4)
            .copied(),
        What::Reported(kind) => Some(kind).filter(|it| *it != "Reject" && input.number % 4 < 3),
        _ => None,
    }
    .filter(|kind| !kind.is_empty())
}

/// Whether a mail comes that tells of one of ours; else SES does itself.
pub(crate) fn is_report(input: &Input) -> bool {
    input.what == What::Bounce || tells(input).is_some()
}

/// Whether somebody writes to the address for feedback, if the policy has one. The form takes none.
pub(crate) fn is_feedback(input: &Input) -> bool {
    matches!(input.what, What::Request { .. }) && input.number % 5 == 2
}

/// Whether the customer's mail program forgets where answers go: they write to the desk as a whole, and all that names the
/// ticket is the id that SES gave the mail they answer.
pub(super) fn forgets_reply_to(input: &Input) -> bool {
    matches!(input.what, What::Answer { .. }) && input.number % 5 == 1 && !is_forged(input)
}

/// Whether the customer comes to the page by the link that the form showed.
pub(super) fn comes_from_the_form(input: &Input) -> bool {
    input.what == What::Page && input.number.is_multiple_of(3)
}

/// What is odd about an input, in words.
pub(crate) fn kinds(input: &Input) -> String {
    let odd = [
        (is_too_much(input), "over a bound"),
        (is_by_machine(input), "by a machine"),
        (is_forged(input), "forged"),
        (is_forwarded(input), "forwarded"),
        (is_guessed(input), "to an address made up"),
        (kept_as(input) == Some(NoteReason::AutoReply), "by itself"),
        (
            kept_as(input) == Some(NoteReason::Expired),
            "to an old mail",
        ),
        (escalates_anew(input), "by a mail of its own"),
        (escalates_unproved(input), "not proved"),
        (is_infected(input), "with a virus"),
        (is_spam(input), "taken for spam"),
        (is_for_two(input), "to two addresses"),
        (is_feedback(input), "as feedback"),
        (forgets_reply_to(input), "to the desk as a whole"),
        (comes_from_the_form(input), "by the form's link"),
    ];
    let odd = odd.iter().filter(|(is, _)| *is).map(|(_, what)| *what);
    let by_machine = machine(input).filter(|it| *it != "auto_reply");
    odd.chain(tells(input))
        .chain(by_machine)
        .flat_map(|what| [", ", what])
        .collect()
}
