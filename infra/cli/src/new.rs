//! `troth policy new`: a policy of one's own, from one of the ready ones.

mod source;

use crate::say::say;
use std::fs;
use std::io::{self, BufRead, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::policy::{InvalidId, PersonId, PolicyId};
use jiff::Timestamp;

use self::source::Source;
use crate::policy;

/// The ready policies: id, and each file with its text.
const READY: &[(&str, &[(&str, &str)])] = include!(concat!(env!("OUT_DIR"), "/ready.rs"));

/// The schema by which editors complete and check a policy; the ready ones name it beside their folders.
const SCHEMA: &str = include_str!("../../policies/policy.schema.json");
const SCHEMA_FILE: &str = "policy.schema.json";

/// Start a policy from one of the ready ones, asking whose it is
///
/// What a flag answers is not asked. An empty answer keeps what stands in brackets.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory to write; it must not exist or be empty
    dir: PathBuf,
    /// The ready policy to start from; asked for with the list of them if left out
    #[arg(long, value_name = "ID")]
    from: Option<String>,
    /// The policy's name, such as example-hosting
    #[arg(long)]
    id: Option<String>,
    /// The company's legal name
    #[arg(long)]
    company: Option<String>,
    /// The company's postal address
    #[arg(long)]
    address: Option<String>,
    /// Where the company's privacy policy stands
    #[arg(long, value_name = "URL")]
    privacy_url: Option<String>,
    /// The IANA time zone of its hours, such as Australia/Sydney
    #[arg(long)]
    zone: Option<String>,
    /// What ticket numbers begin with, such as EH
    #[arg(long)]
    prefix: Option<String>,
    /// The domain that customers write to
    #[arg(long, value_name = "DOMAIN")]
    mail_domain: Option<String>,
    /// The mail address of one of the people; may be given for each
    #[arg(long = "person", value_name = "ID=ADDRESS", value_parser = person)]
    people: Vec<(PersonId, String)>,
}

/// Why nothing was started.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("there is no ready policy `{0}`; there are {1}")]
    NoSuchPolicy(String, String),
    #[error("{0} is not empty; name a directory that does not exist yet")]
    NotEmpty(PathBuf),
    #[error("{path} cannot be written")]
    Write {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
    #[error("the answers cannot be read")]
    Answers(#[source] io::Error),
    #[error("`{0}` cannot stand in a policy; write it on one line, without control characters")]
    NotOneLine(String),
    #[error("the policy's name `{0}` cannot be used")]
    Id(String, #[source] InvalidId),
    #[error("the policy has nobody called `{0}`; there are {1}")]
    Nobody(PersonId, String),
    #[error("the ready policy `{0}` cannot be read")]
    Broken(String),
    #[error(transparent)]
    Check(#[from] policy::Error),
}

fn person(text: &str) -> Result<(PersonId, String), String> {
    let (id, address) = text
        .split_once('=')
        .ok_or("write ID=ADDRESS, such as lead=anna@example.com")?;
    let id = id
        .trim()
        .parse()
        .map_err(|err: InvalidId| err.to_string())?;
    Ok((id, address.trim().to_owned()))
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Error> {
    let taken = fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if taken {
        return Err(Error::NotEmpty(args.dir.clone()));
    }
    let mut questions = Questions {
        input: io::stdin().lock(),
    };
    let ids: Vec<&str> = READY.iter().map(|(id, _)| *id).collect();
    let first = ids.first().copied().unwrap_or_default();
    let from = questions.ask(
        args.from.as_deref(),
        &format!("Start from ({})", ids.join(", ")),
        first,
    )?;
    let ready = READY.iter().find(|(id, _)| *id == from);
    let (_, files) = ready.ok_or_else(|| Error::NoSuchPolicy(from.clone(), ids.join(", ")))?;
    let toml = files.iter().find(|(name, _)| *name == "policy.toml");
    let toml = toml.ok_or_else(|| Error::Broken(from.clone()))?.1;
    let source = answered(args, &mut questions, &from, toml)?;
    for (name, text) in *files {
        let text = if *name == "policy.toml" {
            &source
                .text()
                .replacen(&format!("../{SCHEMA_FILE}"), SCHEMA_FILE, 1)
        } else {
            *text
        };
        write(&args.dir.join(name), text)?;
    }
    write(&args.dir.join(SCHEMA_FILE), SCHEMA)?;
    let Some(checked) = policy::checked(&args.dir, Timestamp::now())? else {
        eprintln!(
            "correct {}/policy.toml, then run `troth policy check` again",
            args.dir.display()
        );
        return Ok(ExitCode::FAILURE);
    };
    say(format_args!(
        "{} stands in {}: read it, change what you promise, then `troth policy check {0}`\n",
        checked.policy.terms().id,
        args.dir.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// The ready policy's terms with every answer put in.
fn answered(
    args: &Args,
    questions: &mut Questions<impl BufRead>,
    from: &str,
    toml: &str,
) -> Result<Source, Error> {
    let mut source = Source::new(toml);
    let fields = [
        (&args.id, "Name of the policy", "", "id"),
        (&args.company, "Company", "company", "name"),
        (&args.address, "Postal address", "company", "address"),
        (
            &args.privacy_url,
            "Privacy policy",
            "company",
            "privacy_url",
        ),
        (&args.zone, "Time zone", "", "zone"),
        (&args.prefix, "Ticket numbers begin with", "", "prefix"),
    ];
    for (flag, question, section, key) in fields {
        let kept = source
            .get(section, key)
            .ok_or_else(|| Error::Broken(from.to_owned()))?;
        let answer = questions.ask(flag.as_deref(), question, &kept)?;
        if key == "id" {
            answer
                .parse::<PolicyId>()
                .map_err(|err| Error::Id(answer.clone(), err))?;
        }
        source.set(section, key, &answer);
    }
    let domain = source
        .mail_domain()
        .ok_or_else(|| Error::Broken(from.to_owned()))?;
    let answer = questions.ask(
        args.mail_domain.as_deref(),
        "Customers write to addresses at",
        &domain,
    )?;
    let people = source::people(toml);
    source.replace_domain(&domain, &answer);
    for (id, _) in &args.people {
        if people.iter().all(|(known, _)| known != id) {
            let known: Vec<String> = people.iter().map(|(id, _)| id.to_string()).collect();
            return Err(Error::Nobody(id.clone(), known.join(", ")));
        }
    }
    for (id, address) in people {
        let given = args.people.iter().find(|(known, _)| *known == id);
        let answer = questions.ask(
            given.map(|(_, address)| address.as_str()),
            &format!("Mail address of {id}"),
            &address,
        )?;
        source.replace_text(&address, &answer);
    }
    Ok(source)
}

fn write(path: &Path, text: &str) -> Result<(), Error> {
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text));
    written.map_err(|err| Error::Write {
        path: path.to_owned(),
        err,
    })
}

/// Asks on standard error, so that what the command prints stays its own.
struct Questions<R> {
    input: R,
}

impl<R: BufRead> Questions<R> {
    fn ask(&mut self, given: Option<&str>, question: &str, kept: &str) -> Result<String, Error> {
        let answer = if let Some(given) = given {
            given.to_owned()
        } else {
            eprint!("{question} [{kept}]: ");
            io::stderr().flush().map_err(Error::Answers)?;
            let mut line = String::new();
            self.input.read_line(&mut line).map_err(Error::Answers)?;
            line
        };
        let answer = match answer.trim() {
            "" => kept,
            answer => answer,
        };
        if answer.chars().any(char::is_control) {
            return Err(Error::NotOneLine(answer.escape_debug().to_string()));
        }
        Ok(answer.to_owned())
    }
}
