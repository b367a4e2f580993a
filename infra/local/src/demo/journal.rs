//! What happened at a desk, in words, in order.

use jiff::Timestamp;
use play::{Client, Mail, Player, before};
use serde_json::json;

use super::story::{Action, Story};

/// One line of the journal.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// On the desk's clock.
    pub(super) at: Timestamp,
    pub(super) what: What,
}

/// What a line tells.
#[derive(Debug, Clone)]
pub(super) enum What {
    /// A new part of the story.
    Chapter { title: String, clauses: Vec<String> },
    /// Somebody did something; their words, if they used any.
    Did { line: String, words: String },
    /// The desk sent a mail.
    Sent {
        to: String,
        subject: String,
        id: String,
    },
}

/// Plays a story to its end; each step's entries go to `tell` as they happen.
///
/// The error names the file and the line of the step that could not be played.
pub(super) fn play(
    story: &Story,
    client: Client,
    mut tell: impl FnMut(Vec<Entry>),
) -> Result<(), String> {
    let mut player = Player::new(client);
    player.client.clock(&json!({ "to": story.head.at.0 }))?;
    let mut told = 0;
    for step in &story.steps {
        let at = player.client.now()?;
        let happened = act(&mut player, &step.action).and_then(|what| {
            let mails = player.client.mails()?;
            let sent = mails.into_iter().skip(told).map(sent);
            let mut entries: Vec<Entry> = what.map(|what| Entry { at, what }).into_iter().collect();
            let before = entries.len();
            entries.extend(sent);
            told += entries.len() - before;
            Ok(entries)
        });
        let place = || {
            format!(
                "{}:{}: [[{}]]",
                story.path.display(),
                step.line,
                step.action.name()
            )
        };
        tell(happened.map_err(|problem| format!("{}: {problem}", place()))?);
    }
    Ok(())
}

/// The instant at which the story's desk starts.
pub(super) fn start(story: &Story) -> Timestamp {
    before(story.head.at.0)
}

fn sent(mail: Mail) -> Entry {
    Entry {
        at: mail.at,
        what: What::Sent {
            to: mail.to.join(", "),
            subject: mail.subject,
            id: mail.id,
        },
    }
}

/// Does what the step says; nothing to tell where only time passed.
fn act(player: &mut Player, action: &Action) -> Result<Option<What>, String> {
    let did = |line: String, words: &str| {
        let words = words.trim().to_owned();
        Ok(Some(What::Did { line, words }))
    };
    match action {
        Action::Chapter(chapter) => Ok(Some(What::Chapter {
            title: chapter.title.clone(),
            clauses: chapter.clauses.clone(),
        })),
        Action::Form(form) => {
            player.form(form)?;
            taken(player)?;
            let who = named(&form.name, &form.email);
            did(
                format!("{who} sends the form: “{}”", form.subject),
                &form.message,
            )
        }
        Action::Page(page) => {
            player.page(page)?;
            let words = page.write.as_deref().unwrap_or_default();
            let does = if words.is_empty() {
                "opens"
            } else {
                "writes on"
            };
            did(
                format!(
                    "{} {does} the page of the ticket",
                    page.from_mail_to.as_deref().unwrap_or("a customer")
                ),
                words,
            )
        }
        Action::Written(mail) => {
            player.mail(mail)?;
            let who = named(&mail.name, &mail.from);
            did(
                format!("{who} writes to {}: “{}”", mail.to, mail.subject),
                &mail.text,
            )
        }
        Action::Reply(reply) => {
            let answered = player.reply(reply)?;
            let who = reply.from.as_ref().unwrap_or(&reply.to_mail_to);
            did(format!("{who} answers the mail “{answered}”"), &reply.text)
        }
        Action::Advance(advance) => player.advance(advance).map(|()| None),
        Action::Troth(troth) => {
            let run = player.troth(troth)?;
            did(
                "Somebody at the company runs a command".to_owned(),
                &format!("troth {}", run.join(" ")),
            )
        }
    }
}

/// A story whose form is refused tells something that did not happen.
fn taken(player: &Player) -> Result<(), String> {
    match player.answer.status {
        200..400 => Ok(()),
        status => Err(format!(
            "the desk refused the form ({status}): {}",
            player.answer.body
        )),
    }
}

fn named(name: &str, address: &str) -> String {
    if name.is_empty() {
        address.to_owned()
    } else {
        format!("{name} ({address})")
    }
}
