//! `troth policy page`: the public page as it will be served.

use crate::say::say;
use std::path::PathBuf;
use std::process::ExitCode;

use ::policy::Lang;
use jiff::Timestamp;

use crate::policy;

/// Print the public page of the policy in a directory as HTML
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory with `policy.toml` and `page.<lang>.md`
    dir: PathBuf,
    /// The language, such as en; the prevailing one if left out
    #[arg(long)]
    lang: Option<Lang>,
    /// From when it is to be in force, to stand on the page
    #[arg(long, value_name = "INSTANT")]
    effective: Option<Timestamp>,
}

/// Why there is no page.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Sources(#[from] policy::Error),
    #[error("there is no page in `{0}`; write `page.{0}.md` beside policy.toml")]
    NoPage(Lang),
}

pub(crate) fn run(args: &Args) -> Result<ExitCode, Error> {
    let at = args.effective.unwrap_or_else(Timestamp::now);
    let Some(checked) = policy::checked(&args.dir, at)? else {
        return Ok(ExitCode::FAILURE);
    };
    let policy = &checked.policy;
    let lang = args.lang.as_ref().unwrap_or(&policy.terms().prevailing);
    let has_page = policy.pages().contains_key(lang);
    let document = policy.page_document(lang, args.effective);
    let document = document.filter(|_| has_page);
    say(document.ok_or_else(|| Error::NoPage(lang.clone()))?);
    Ok(ExitCode::SUCCESS)
}
