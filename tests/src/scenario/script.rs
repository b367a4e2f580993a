//! The language of the scenario files. Each `[[step]]` of a file is one thing that happens or is expected, in file order.

use jiff::Timestamp;
use jiff::fmt::strtime::BrokenDownTime;
use serde::{Deserialize, Deserializer, de};
use toml::Spanned;

use super::steps::{
    Advance, ExpectHistory, ExpectHttp, ExpectMail, ExpectNoMoreMail, ExpectTicket, ExpectTickets,
    Form, Get, Json, Mail, Page, Post, Reply, Ses, Troth,
};

/// A scenario.
#[derive(Debug)]
pub(super) struct Script {
    /// What happens, for whoever reads.
    pub(super) shows: String,
    /// When it begins.
    pub(super) at: Moment,
    /// The folder under `infra/policies` of the policy that the desk runs.
    pub(super) policy: String,
    /// The clauses that it shows, by their ids.
    pub(super) clauses: Vec<String>,
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
            shows: String,
            clauses: Vec<String>,
            #[serde(default = "web_host_au")]
            policy: String,
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
    troth: Troth,
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
            shows: file.shows.clone(),
            at: file.at,
            clauses: file.clauses.clone(),
            policy: file.policy.clone(),
            published: file.published,
            steps: file.steps(text),
        })
    }
}

pub(super) fn yes() -> bool {
    true
}

fn web_host_au() -> String {
    "web-host-au".to_owned()
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
