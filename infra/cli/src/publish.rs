//! `troth policy publish`: from now on, new tickets are held to this policy.

use std::path::PathBuf;
use std::process::ExitCode;

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::PutObjectError;
use aws_sdk_s3::primitives::ByteStream;
use jiff::Timestamp;
use store::{Published, StoreError};

use crate::connection::{self, Flags, Stack};
use crate::policy::{self, Checked};

/// Check the policy in a directory and put it in force for new tickets
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The directory with `policy.toml` and `page.<lang>.md`
    dir: PathBuf,
    /// The instant of publication, such as 2026-11-23T00:00:00Z; now if left out
    #[arg(long)]
    at: Option<Timestamp>,
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
    #[error("the policy could not be published")]
    Store(#[from] StoreError),
}

pub(crate) fn run(args: &Args, flags: &Flags) -> Result<ExitCode, Error> {
    let at = args.at.unwrap_or_else(Timestamp::now);
    let Some(checked) = policy::checked(&args.dir, at)? else {
        return Ok(ExitCode::FAILURE);
    };
    let stack = Stack::find(flags)?;
    let published = connection::wait(publish(&stack, &checked, at))??;
    let outcome = match published {
        Published::New => format!("new, in force since {at}"),
        Published::Again => format!("in force again since {at}"),
        Published::Unchanged => "unchanged, it is in force already".to_owned(),
    };
    let policy = &checked.policy;
    println!("{} version {}: {outcome}", policy.terms().id, policy.hash());
    Ok(ExitCode::SUCCESS)
}

/// Sources first: a version that functions use can always be read as it was written.
async fn publish(stack: &Stack, checked: &Checked, at: Timestamp) -> Result<Published, Error> {
    let policy = &checked.policy;
    let folder = format!("policies/{}", policy.hash());
    let toml = (format!("{folder}/policy.toml"), &checked.source);
    let pages = policy
        .pages()
        .iter()
        .map(|(lang, page)| (format!("{folder}/page.{lang}.md"), page));
    for (key, text) in std::iter::once(toml).chain(pages) {
        let put = stack.s3.put_object().bucket(&stack.bucket).key(&key);
        put.content_type("text/plain; charset=utf-8")
            .body(ByteStream::from(text.clone().into_bytes()))
            .send()
            .await
            .map_err(|err| Error::Upload {
                key,
                err: Box::new(err),
            })?;
    }
    Ok(stack.store.publish(policy, at).await?)
}
