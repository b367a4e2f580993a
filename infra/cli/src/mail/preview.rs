//! `troth mail preview`: every notice as customers and staff would read it.

use crate::say::say;
use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use ::policy::{Lang, Policy};
use jiff::Timestamp;
use mail::preview::{Preview, previews};
use serde_json::json;

use crate::connection::{self, Flags, Stack};
use crate::policy;

/// Show every notice in every language, for a fixed example ticket
///
/// Nothing is sent. Without a directory, the policy in force is shown.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory with `policy.toml`; the policy in force if left out
    dir: Option<PathBuf>,
    /// Only this language, such as en
    #[arg(long)]
    lang: Option<Lang>,
    /// Only the notices whose names begin so, such as acknowledgement
    #[arg(long, value_name = "NAME")]
    notice: Option<String>,
    /// Print the text parts
    #[arg(long, conflicts_with_all = ["html", "out", "json"])]
    text: bool,
    /// Print the HTML parts
    #[arg(long, conflicts_with_all = ["out", "json"])]
    html: bool,
    /// Print everything as JSON
    #[arg(long, conflicts_with = "out")]
    json: bool,
    /// Write NAME.LANG.html and NAME.LANG.txt into this directory
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Why there is nothing to see.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Sources(#[from] policy::Error),
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("no notice is called so: `troth mail preview DIR` lists them")]
    Nothing,
    #[error("the policy does not list the language `{0}`")]
    NotSpoken(Lang),
    #[error("{path} cannot be written")]
    Write {
        path: PathBuf,
        #[source]
        err: io::Error,
    },
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<ExitCode, Error> {
    let Some(policy) = policy_of(args, flags)? else {
        return Ok(ExitCode::FAILURE);
    };
    let spoken = &policy.terms().languages;
    let langs: Vec<&Lang> = match &args.lang {
        Some(lang) if !spoken.contains(lang) => return Err(Error::NotSpoken(lang.clone())),
        Some(lang) => vec![lang],
        None => spoken.iter().collect(),
    };
    let all = langs.into_iter().flat_map(|lang| previews(&policy, lang));
    let begins = |it: &Preview| {
        args.notice
            .as_ref()
            .is_none_or(|name| it.name.starts_with(name))
    };
    let all: Vec<Preview> = all.filter(begins).collect();
    if all.is_empty() {
        return Err(Error::Nothing);
    }
    if let Some(dir) = &args.out {
        write(dir, &all)?;
    } else {
        say(printed(args, &all));
    }
    Ok(ExitCode::SUCCESS)
}

/// The policy to show; none, with its problems printed, if the directory's cannot be published.
fn policy_of(args: &Args, flags: &Flags) -> Result<Option<Policy>, Error> {
    if let Some(dir) = &args.dir {
        let checked = policy::checked(dir, Timestamp::now())?;
        return Ok(checked.map(|checked| checked.policy));
    }
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    let policy = connection::wait(stack.store.nearest_policy(now))??;
    let policy = policy.ok_or(connection::Error::NoPolicy)?;
    Ok(Some(Policy::clone(&policy)))
}

fn printed(args: &Args, all: &[Preview]) -> String {
    if args.json {
        let all: Vec<_> = all.iter().map(as_json).collect();
        return format!("{:#}\n", json!(all));
    }
    let mut out = String::new();
    for Preview {
        name, lang, letter, ..
    } in all
    {
        // Writing to a string cannot fail.
        let _ = if args.html {
            writeln!(out, "{}", letter.html)
        } else if args.text {
            let title = format!("{name} ({lang}): {}", letter.subject);
            writeln!(
                out,
                "{title}\n{}\n\n{}",
                "=".repeat(title.chars().count()),
                letter.text
            )
        } else {
            writeln!(out, "{lang}  {name:<44}  {}", letter.subject)
        };
    }
    out
}

fn as_json(preview: &Preview) -> serde_json::Value {
    let Preview {
        name,
        for_customers,
        lang,
        letter,
    } = preview;
    json!({
        "notice": name,
        "lang": lang.as_str(),
        "for": if *for_customers { "customers" } else { "staff" },
        "from": letter.from.name,
        "subject": letter.subject,
        "text": letter.text,
        "html": letter.html,
    })
}

fn write(dir: &Path, all: &[Preview]) -> Result<(), Error> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        |err| Error::Write { path, err }
    };
    fs::create_dir_all(dir).map_err(failed(dir))?;
    for Preview {
        name, lang, letter, ..
    } in all
    {
        for (ending, content) in [("html", &letter.html), ("txt", &letter.text)] {
            let path = dir.join(format!("{name}.{lang}.{ending}"));
            fs::write(&path, content).map_err(failed(&path))?;
        }
    }
    say(format_args!("{} notices in {}\n", all.len(), dir.display()));
    Ok(())
}
