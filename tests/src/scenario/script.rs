//! The language of the scenario files. Each `[[step]]` of a file is one thing that happens or is expected, in file order.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::fmt::strtime::BrokenDownTime;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

/// A scenario.
#[derive(Debug)]
pub(super) struct Script {
    /// When it begins.
    pub(super) at: Moment,
    /// Whether the desk has a policy.
    pub(super) published: bool,
    /// What happens, in order.
    pub(super) steps: Vec<Step>,
}

/// One step and where it stands.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) line: usize,
    pub(super) action: Action,
}

macro_rules! steps {
    ($($key:ident: $kind:ident),* $(,)?) => {
        /// What a step does.
        #[derive(Debug)]
        pub(super) enum Action { $($kind($kind)),* }

        impl Action {
            /// How the file calls it.
            pub(super) fn name(&self) -> &'static str {
                match self { $(Self::$kind(_) => stringify!($key)),* }
            }
        }

        /// A file as it is read: tables of one kind together.
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            #[expect(dead_code, reason = "for whoever reads the file")]
            shows: String,
            #[expect(dead_code, reason = "for whoever reads the file")]
            clauses: Vec<String>,
            at: Moment,
            #[serde(default = "yes")]
            published: bool,
            $(#[serde(default)] $key: Vec<Spanned<$kind>>),*
        }

        impl File {
            /// The steps in the order of the file.
            fn steps(self, text: &str) -> Vec<Step> {
                let mut found: Vec<(usize, Action)> = Vec::new();
                $(found.extend(self.$key.into_iter().map(|step| (step.span().start, Action::$kind(step.into_inner()))));)*
                found.sort_by_key(|(start, _)| *start);
                let line = |start: usize| text[..start].matches('\n').count() + 1;
                found.into_iter().map(|(start, action)| Step { line: line(start), action }).collect()
            }
        }
    };
}

steps! {
    form: Form,
    json: Json,
    post: Post,
    get: Get,
    page: Page,
    mail: Mail,
    reply: Reply,
    advance: Advance,
    ses: Ses,
    expect_mail: ExpectMail,
    expect_no_more_mail: ExpectNoMoreMail,
    expect_http: ExpectHttp,
    expect_ticket: ExpectTicket,
    expect_tickets: ExpectTickets,
    expect_history: ExpectHistory,
}

impl Script {
    /// Reads a file's text; an error names line and column.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
        Ok(Self {
            at: file.at,
            published: file.published,
            steps: file.steps(text),
        })
    }
}

fn yes() -> bool {
    true
}

/// An instant: `Mon 2026-11-23 09:00 Australia/Sydney`, or RFC 3339.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment(pub(super) Timestamp);

impl Moment {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = text.parse() {
            return Some(Self(instant));
        }
        let read = BrokenDownTime::parse("%a %Y-%m-%d %H:%M %Q", text).ok()?;
        let zoned = read.to_zoned().ok()?;
        Some(Self(zoned.timestamp()))
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong =
            || format!("\"{text}\" is no instant; write Mon 2026-11-23 09:00 Australia/Sydney");
        Self::parse(&text).ok_or_else(|| de::Error::custom(wrong()))
    }
}

/// One text or several.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "OneOrMany")]
pub(super) struct Texts(pub(super) Vec<String>);

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl From<OneOrMany> for Texts {
    fn from(texts: OneOrMany) -> Self {
        Self(match texts {
            OneOrMany::One(text) => vec![text],
            OneOrMany::Many(texts) => texts,
        })
    }
}

/// A person fills the form in a browser and sends it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Form {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) subject: String,
    pub(super) message: String,
    pub(super) department: String,
    pub(super) r#type: String,
    /// The browser's language.
    pub(super) lang: String,
    pub(super) zone: String,
    /// Fields that the form does not have.
    pub(super) extra: BTreeMap<String, String>,
    /// The page is reloaded: the very same form is sent once more.
    pub(super) again: bool,
}

/// A program opens a ticket.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Json {
    pub(super) key: Option<String>,
    pub(super) fields: toml::Table,
    /// So many times at the same moment; all must get the same answer.
    pub(super) at_once: Option<usize>,
    /// A field of this name with this many letters.
    #[serde(default)]
    pub(super) long: BTreeMap<String, usize>,
}

/// Any other request with a body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Post {
    pub(super) path: String,
    pub(super) r#type: String,
    pub(super) body: String,
}

/// Any page.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Get {
    pub(super) path: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

/// A customer opens the page that the newest mail to them links to, and may write on it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Page {
    pub(super) from_mail_to: String,
    pub(super) write: Option<String>,
}

/// Somebody writes a mail.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mail {
    pub(super) from: String,
    pub(super) name: String,
    pub(super) to: String,
    /// The envelope sender; as `from` if left out.
    pub(super) envelope_from: Option<String>,
    pub(super) subject: String,
    pub(super) text: String,
    /// The Message-ID, without angle brackets.
    pub(super) id: Option<String>,
    pub(super) headers: BTreeMap<String, String>,
    /// What SES finds out, such as `dmarc=FAIL`.
    pub(super) verdict: Option<String>,
    /// The whole mail instead of subject, text and headers.
    pub(super) raw: Option<String>,
}

/// Somebody answers a mail that the desk sent, in their mail program.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    /// Whose mail is answered: the newest to this address.
    pub(super) to_mail_to: String,
    /// A part of its subject.
    #[serde(default)]
    pub(super) subject: String,
    /// Who answers, if it is not whoever got the mail.
    pub(super) from: Option<String>,
    pub(super) text: String,
    /// Whether the mail program quotes the mail below the answer, our marker line with it.
    #[serde(default = "yes")]
    pub(super) quote: bool,
    /// What the mail program keeps of what leads back to the ticket.
    #[serde(default)]
    pub(super) keeps: Keeps,
    /// Where the answer goes if it does not keep the reply address.
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    pub(super) verdict: Option<String>,
}

/// What of a mail an answer still carries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Keeps {
    /// Reply address, References, In-Reply-To.
    #[default]
    Everything,
    /// Only the address.
    Address,
    /// Only our ids in References.
    References,
    /// Only the id that SES gave.
    SesId,
}

/// Time passes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    pub(super) by: Option<String>,
    pub(super) to: Option<Moment>,
}

/// SES answers otherwise from now on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Ses {
    pub(super) answer: String,
    pub(super) address: Option<String>,
    pub(super) next: Option<u64>,
}

/// The desk has sent a mail that no step has expected yet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectMail {
    pub(super) to: String,
    /// A part of the subject.
    #[serde(default)]
    pub(super) subject: String,
    /// Parts of the text.
    #[serde(default)]
    pub(super) text: Texts,
    /// What text, HTML and subject must not hold.
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Header name to a part of its value.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
    /// Exactly so many such mails; one if left out.
    pub(super) count: Option<usize>,
    /// The minute in which it left.
    pub(super) at: Option<Moment>,
    /// A part of the subject of an earlier mail to the same person in whose thread it stands.
    pub(super) thread_of: Option<String>,
}

/// Every mail so far was expected by a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectNoMoreMail {
    /// Only mails to this address.
    pub(super) to: Option<String>,
}

/// The newest HTTP answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectHttp {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) contains: Texts,
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Header name to a part of its value.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

/// A ticket as `troth ticket show` prints it. What is left out is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ExpectTicket {
    /// The how manieth that was opened; the first if left out.
    pub(super) ticket: Option<usize>,
    pub(super) status: Option<String>,
    pub(super) r#type: Option<String>,
    pub(super) channel: Option<String>,
    /// `triage` while nobody has decided.
    pub(super) department: Option<String>,
    pub(super) priority: Option<String>,
    pub(super) assignee: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) messages: Option<u64>,
    /// The ticket that it may belong to.
    pub(super) related: Option<usize>,
    /// Whether DMARC has proved the requester.
    pub(super) proved: Option<bool>,
    /// Exactly these promises have clocks that run.
    pub(super) running: Option<Vec<String>>,
    /// Exactly these stand still.
    pub(super) paused: Option<Vec<String>>,
    /// Exactly these are met.
    pub(super) met: Option<Vec<String>>,
    /// Exactly these were missed.
    pub(super) missed: Option<Vec<String>>,
    /// When promises are due, to the minute.
    pub(super) due: BTreeMap<String, Moment>,
    /// Exactly these people cannot be reached by mail.
    pub(super) not_reached: Option<Vec<String>>,
}

/// How many tickets there are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectTickets {
    pub(super) count: usize,
}

/// A ticket's log holds an event with these words.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectHistory {
    pub(super) ticket: Option<usize>,
    /// Such as `note_added`.
    pub(super) event: String,
    /// Parts of what it holds: the words, or whatever else it says.
    #[serde(default)]
    pub(super) contains: Texts,
    /// What none of these events holds.
    #[serde(default)]
    pub(super) lacks: Texts,
    /// Exactly so many; one if left out.
    pub(super) count: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "shows = \"x\"\nclauses = []\nat = \"Mon 2026-11-23 09:00 Australia/Sydney\"\n";

    #[test]
    fn steps_keep_the_order_of_the_file_and_know_their_lines() {
        let text = format!(
            "{HEAD}\n[[advance]]\nby = \"PT1H\"\n\n[[form]]\nemail = \"a@b.example\"\n\n[[advance]]\nby = \"PT2H\"\n"
        );
        let script = Script::read(&text).unwrap();
        let steps: Vec<_> = script
            .steps
            .iter()
            .map(|s| (s.line, s.action.name()))
            .collect();
        assert_eq!(steps, [(5, "advance"), (8, "form"), (11, "advance")]);
        assert_eq!(script.at.0.to_string(), "2026-11-22T22:00:00Z");
    }

    #[test]
    fn an_unknown_key_or_step_is_refused_with_its_line() {
        for (step, said) in [
            (
                "[[form]]\nemial = \"a@b.example\"\n",
                "unknown field `emial`",
            ),
            (
                "[[expect_mails]]\nto = \"a@b.example\"\n",
                "unknown field `expect_mails`",
            ),
            (
                "[[advance]]\nto = \"Tue 2026-11-23 09:00 Australia/Sydney\"\n",
                "is no instant",
            ),
        ] {
            let error = Script::read(&format!("{HEAD}{step}")).unwrap_err();
            assert!(
                error.contains(said) && error.contains("at line "),
                "{error}"
            );
        }
    }
}
