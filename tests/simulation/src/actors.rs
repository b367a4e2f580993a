//! Whoever acts in a story, with nothing but what they have in their hands: a form, a mail that they received, a link.

mod files;
mod keys;
mod kinds;
mod letters;
pub(crate) mod pages;
mod returned;
mod writing;

pub(crate) use kinds::{
    MACHINE, SHOWN, escalates_anew, escalates_unproved, is_feedback, is_for_two, is_forged,
    is_guessed, is_infected, is_report, is_spam, is_too_much, kept_as, kinds, machine, tells,
};

use std::sync::Arc;
use std::time::Duration;

use ticket::NoteReason;

use crate::desk::Desk;
use crate::records::due_instant;
use crate::story::{Input, Sources, What};

/// What became of an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The desk has said that it has it; or SES has the mail, which is the same promise.
    Accepted,
    /// The desk has said no.
    Refused(u16),
    /// The desk gave no answer that counts, as often as it was asked.
    Unanswered,
    /// There was nothing to act on: no mail had come.
    Nothing,
}

/// A mail that somebody wrote.
#[derive(Debug, Clone)]
pub(crate) struct Wrote {
    /// SES's id of it.
    pub(crate) id: String,
    /// When it reached SES, in milliseconds.
    pub(crate) at: i64,
    pub(crate) from: String,
    pub(crate) proved: bool,
    /// The ticket that it answers, if any.
    pub(crate) ticket: Option<String>,
    /// The orders above an agent's words.
    pub(crate) orders: Vec<String>,
}

/// A decision on somebody's conduct, as an operator recorded it.
#[derive(Debug, Clone)]
pub(crate) struct Limited {
    pub(crate) address: String,
    /// The ticket on which it was decided.
    pub(crate) ticket: String,
    pub(crate) allows: Vec<policy::Allowed>,
    pub(crate) from: jiff::Timestamp,
    pub(crate) until: jiff::Timestamp,
    pub(crate) lifted: Option<jiff::Timestamp>,
}

/// A page of a ticket that somebody looked at.
#[derive(Debug, Clone)]
pub(crate) struct Looked {
    pub(crate) number: String,
    pub(crate) reader: String,
    pub(crate) html: String,
    pub(crate) at: jiff::Timestamp,
    /// Whether it is the answer to the form by which the ticket was opened.
    pub(crate) thanks: bool,
}

/// A link to a file that somebody followed, from a page or from a mail to staff.
#[derive(Debug, Clone)]
pub(crate) struct Followed {
    pub(crate) number: String,
    /// The customer whose page it was on; none for staff.
    pub(crate) reader: Option<String>,
    /// The file's place: its message, and which of its files.
    pub(crate) place: String,
    /// Whether nothing said that there is such a file.
    pub(crate) guessed: bool,
    /// The object that the answer leads to, if it does.
    pub(crate) object: Option<String>,
}

/// The words that only this input carries.
pub(crate) fn taint(number: usize) -> String {
    format!("taint{number:04}x")
}

/// The customer of a ticket; some customers have several.
pub(crate) fn customer(ticket: usize) -> String {
    format!("customer{}@kunde.example", ticket % 6)
}

/// A secret that people type although they should not; some customers do.
pub(crate) fn secret(number: usize) -> String {
    if number.is_multiple_of(3) {
        format!("\r\nPassword: sEcret{number:04}Xq")
    } else {
        String::new()
    }
}

/// The same in a subject, by other customers.
pub(crate) fn secret_in_subject(number: usize) -> String {
    if number % 7 == 3 {
        format!(" Password: sEcret{number:04}Xq")
    } else {
        String::new()
    }
}

/// How long somebody waits for the mail that they want to answer.
pub(crate) const PATIENCE: u32 = 60;

/// The words by which a ticket of the story is known: those of the input that opens it, which comes first.
pub(crate) fn opening_taint(ticket: usize) -> String {
    format!("opens{ticket:03}x")
}

impl Desk {
    /// Acts; answers what became of it.
    pub(crate) async fn act(self: &Arc<Self>, input: &Input, sources: Sources) -> Outcome {
        if input.at_due {
            self.wait_for_the_clock(input).await;
        }
        match &input.what {
            What::Form { complaint } => self.form(input, *complaint).await,
            What::FormAgain => self.form_again(input).await,
            What::Api => self.api(input).await,
            What::ApiOther => self.api_other(input).await,
            What::Mail { proved } | What::Request { proved } => {
                let to = self.written_to(input);
                self.mail(input, &customer(input.ticket), &to, "", *proved, sources);
                Outcome::Accepted
            }
            What::Page => self.page(input).await,
            What::HaveIt => self.have_it(input).await,
            What::Reported(kind) if tells(input).is_none() => self.reported(input, kind, sources),
            what => {
                let Some((from, to, known)) = self.answered(input, what).await else {
                    return Outcome::Nothing;
                };
                // Of two mails in one millisecond the log does not tell which brought a change.
                let apart = Duration::from_millis(input.number as u64);
                self.world.clock.wait(apart).await;
                let proved = matches!(
                    what,
                    What::Agent(_)
                        | What::Answer { proved: true }
                        | What::Participant
                        | What::Escalates
                ) && !escalates_unproved(input);
                let by_itself = kept_as(input) == Some(NoteReason::AutoReply);
                let more = match what {
                    _ if by_itself => "Auto-Submitted: auto-replied\r\n".to_owned(),
                    What::Bounce if tells(input).is_none() => {
                        "Auto-Submitted: auto-replied\r\nX-Failed-Recipients: x@example.net\r\n"
                            .to_owned()
                    }
                    What::AutoReply if machine(input) == Some("list") => {
                        "List-Id: <friends.kunde.example>\r\nPrecedence: list\r\n".to_owned()
                    }
                    What::AutoReply if machine(input) == Some("no_sender") => String::new(),
                    What::AutoReply | What::Bounce | What::Reported(_) => {
                        "Auto-Submitted: auto-replied\r\n".to_owned()
                    }
                    _ => String::new(),
                };
                let known = if escalates_anew(input) {
                    String::new()
                } else {
                    format!("In-Reply-To: <{known}>\r\n")
                };
                let headers = format!("{more}{known}");
                self.mail(input, &from, &to, &headers, proved, sources);
                match what {
                    What::Participant => self.looks_on(input, &from).await,
                    What::Agent(_) if input.number.is_multiple_of(3) => {
                        self.follows(input, &from).await;
                    }
                    _ => {}
                }
                Outcome::Accepted
            }
        }
    }

    /// Waits until the desk is about to do something to the ticket of itself, half a day at most: whoever acts then acts
    /// just before the clock, at the same time, or just behind it.
    async fn wait_for_the_clock(self: &Arc<Self>, input: &Input) {
        let due = {
            let state = self.world.lock();
            let ticket = self.ticket_of(&state, input.ticket);
            ticket.and_then(|ticket| state.cloud.table.due_of(&format!("T#{ticket}"), "ticket"))
        };
        let Some(due) = due.as_deref().and_then(due_instant) else {
            return;
        };
        let mut rng = self.world.dice.of(("at due", input.number));
        let mut wanted = due.as_microsecond() + rng.i64(-5_000_000..90_000_000);
        if rng.u32(0..4) == 0 {
            // In the very second, which is in time; what is a mail comes so much later, see `act`.
            let apart = i64::try_from(input.number).unwrap_or_default();
            wanted = due.as_microsecond() - apart * 1000;
        }
        let now = i64::try_from(self.world.clock.micros()).unwrap_or(i64::MAX);
        let wait = u64::try_from(wanted - now).unwrap_or_default();
        let wait = Duration::from_micros(wait).min(Duration::from_hours(12));
        self.world.clock.wait(wait).await;
    }

    /// The ticket that the story's ticket has become, by the words of its opening.
    pub(crate) fn ticket_of(&self, state: &crate::world::State, ticket: usize) -> Option<String> {
        let words = opening_taint(ticket);
        if let Some(known) = self.way().tickets.get(&ticket) {
            return Some(known.clone());
        }
        let found = state.cloud.table.items().find_map(|((pk, sk), item)| {
            let is = sk == "e#000001" && item.get("words")?["S"].as_str()?.contains(&words);
            is.then(|| pk.trim_start_matches("T#").to_owned())
        })?;
        self.way().tickets.insert(ticket, found.clone());
        Some(found)
    }
}
