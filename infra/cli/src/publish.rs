//! `troth policy publish`: from an instant on, new tickets are held to this policy.

use crate::say::say;
use std::path::PathBuf;
use std::process::ExitCode;

use ::policy::Letters;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::primitives::ByteStream;
use jiff::Timestamp;
use store::{Published, Release};

use crate::connection::{self, Flags, Stack};
use crate::policy::{self, Checked};

/// Check the policy in a directory and put it in force for new tickets
///
/// Open tickets follow where the new version is not worse for the customer. Sources, approval and the instant from
/// which it holds are kept for ever.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory with `policy.toml` and `page.<lang>.md`
    dir: PathBuf,
    /// From when it holds, such as 2026-12-01T00:00:00Z; as soon as every function can know it if left out
    #[arg(long)]
    at: Option<Timestamp>,
    /// Who approved this text, by name or office
    #[arg(long, value_name = "WHO")]
    approved_by: String,
    /// Tell customers with open tickets
    #[arg(long)]
    announce: bool,
}

/// Why a policy was not published.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error(transparent)]
    Sources(#[from] policy::Error),
    #[error(transparent)]
    Connection(#[from] connection::Error),
    #[error("the source {key} could not be uploaded")]
    Upload {
        key: String,
        #[source]
        err: Box<SdkError<PutObjectError>>,
    },
    #[error(
        "functions that run now would learn of this too late: give --at {earliest} or later, or leave it out"
    )]
    TooSoon { earliest: Timestamp },
    #[error(
        "--approved-by is empty: write who approved this text, such as \"director of customer service\""
    )]
    NobodyApproved,
}

connection::takes_store_errors!(Error);

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<ExitCode, Error> {
    let who = args.approved_by.trim();
    if who.is_empty() {
        return Err(Error::NobodyApproved);
    }
    let stack = Stack::find(flags)?;
    let now = stack.now()?;
    let Some(checked) = policy::checked(&args.dir, args.at.unwrap_or(now))? else {
        return Ok(ExitCode::FAILURE);
    };
    let release = Release {
        effective: args.at,
        now,
        approved_by: who.to_owned(),
        announce: args.announce,
    };
    let published = connection::wait(publish(&stack, &checked, &release))??;
    let outcome = match published {
        Published::New(at) => format!("new, in force from {at}"),
        Published::Again(at) => format!("in force again from {at}"),
        Published::Unchanged => "unchanged, it is in force already".to_owned(),
        Published::TooSoon(earliest) => return Err(Error::TooSoon { earliest }),
    };
    let policy = &checked.policy;
    say(format_args!(
        "{} version {}: {outcome}\n",
        policy.terms().id,
        policy.hash()
    ));
    Ok(ExitCode::SUCCESS)
}

/// Sources first: a version that functions use can always be read as it was written.
async fn publish(stack: &Stack, checked: &Checked, release: &Release) -> Result<Published, Error> {
    let policy = &checked.policy;
    let folder = format!("policies/{}", policy.hash());
    let toml = (format!("{folder}/policy.toml"), &checked.source);
    let pages = policy
        .pages()
        .iter()
        .map(|(lang, page)| (format!("{folder}/page.{lang}.md"), page));
    let holidays = checked.holidays.iter();
    let holidays = holidays.map(|(name, text)| (format!("{folder}/{name}"), text));
    let letters = policy.letters().iter();
    let letters = letters.map(|(name, text)| (format!("{folder}/{}", Letters::file(name)), text));
    let texts = std::iter::once(toml).chain(pages).chain(holidays);
    let texts = texts.map(|(key, text)| (key, text.as_str()));
    for (key, text) in texts.chain(letters) {
        let put = stack.s3.put_object().bucket(&stack.bucket).key(&key);
        put.content_type("text/plain; charset=utf-8")
            .body(ByteStream::from(text.as_bytes().to_vec()))
            .send()
            .await
            .map_err(|err| Error::Upload {
                key,
                err: Box::new(err),
            })?;
    }
    Ok(stack.store.publish(policy, release).await?)
}
