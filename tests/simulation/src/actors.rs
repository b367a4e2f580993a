//! Whoever acts in a story, with nothing but what they have in their hands: a form, a mail that they received, a link.

mod letters;
pub(crate) mod pages;

use std::sync::Arc;
use std::time::Duration;

use crate::desk::Desk;
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
    /// When it reached SES, in milliseconds.
    pub(crate) at: i64,
    pub(crate) from: String,
    pub(crate) proved: bool,
    /// The ticket that it answers, if any.
    pub(crate) ticket: Option<String>,
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

/// How long somebody waits for the mail that they want to answer.
pub(crate) const PATIENCE: u32 = 60;

/// The words by which a ticket of the story is known: those of the input that opens it, which comes first.
pub(crate) fn opening_taint(ticket: usize) -> String {
    format!("opens{ticket:03}x")
}

impl Desk {
    /// Acts; answers what became of it.
    pub(crate) async fn act(self: &Arc<Self>, input: &Input, sources: Sources) -> Outcome {
        match &input.what {
            What::Form { complaint } => self.form(input, *complaint).await,
            What::Api => self.api(input).await,
            What::Mail { proved } => {
                let to = self.address(input.ticket);
                self.mail(input, &customer(input.ticket), &to, "", *proved, sources);
                Outcome::Accepted
            }
            What::Page => self.page(input).await,
            What::HaveIt => self.have_it(input).await,
            what => {
                let Some((from, to, known)) = self.answered(input, what).await else {
                    return Outcome::Nothing;
                };
                // Of two mails in one millisecond the log does not tell which brought a change.
                let apart = Duration::from_millis(input.number as u64);
                self.world.clock.wait(apart).await;
                let proved = matches!(what, What::Agent(_) | What::Answer { proved: true });
                let more = match what {
                    What::AutoReply => "Auto-Submitted: auto-replied\r\n".to_owned(),
                    What::Bounce => {
                        "Auto-Submitted: auto-replied\r\nX-Failed-Recipients: x@example.net\r\n"
                            .to_owned()
                    }
                    _ => String::new(),
                };
                self.mail(
                    input,
                    &from,
                    &to,
                    &format!("{more}In-Reply-To: <{known}@eu-central-1.amazonses.com>\r\n"),
                    proved,
                    sources,
                );
                Outcome::Accepted
            }
        }
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
